#include "render/tiles/tile_plan.hpp"

#include <algorithm>

namespace render {
namespace {

using fleet::TileId;

/// Whether `tile` is `of` or lies around it.
bool holds(TileId tile, TileId of) {
  return tile.zoom <= of.zoom && ancestor_at(of, tile.zoom) == tile;
}

/// The patch, and which part of the source shows there.
TileShown part_of(const TilePatch& patch, TileId source) {
  const int steps = patch.tile.zoom - source.zoom;
  const double share = 1.0 / static_cast<double>(std::uint64_t{1} << steps);
  const double u = (patch.tile.x - (std::uint64_t{source.x} << steps)) * share;
  const double v = (patch.tile.y - (std::uint64_t{source.y} << steps)) * share;
  return {patch,
          source,
          static_cast<float>(u),
          static_cast<float>(v),
          static_cast<float>(u + share),
          static_cast<float>(v + share)};
}

}  // namespace

void TilePlan::look_at(const CacheView& view, int tile_px) {
  patches_ = tile_cover(view, map_, tile_px);
  refused_.clear();
  std::erase_if(absent_, [this](TileId tile) {
    return std::none_of(patches_.begin(), patches_.end(),
                        [tile](const TilePatch& patch) { return holds(tile, patch.tile); });
  });
}

void TilePlan::want_with_parents(TileId tile, const Has& has, std::vector<TileId>& out,
                                 std::unordered_set<TileId, TileHash>& listed) const {
  while (!has(tile) && !refused_.contains(tile)) {
    if (listed.insert(tile).second) out.push_back(tile);
    if (!absent_.contains(tile) || tile.zoom <= map_.zoom_min) return;
    tile = ancestor_at(tile, tile.zoom - 1);
  }
}

std::vector<TileId> TilePlan::wanted(const Has& has) const {
  std::vector<TileId> out;
  std::unordered_set<TileId, TileHash> listed;
  for (const TilePatch& patch : patches_) {
    const int zoom = std::min(patch.tile.zoom, map_.zoom_max);
    const TileId overview = ancestor_at(patch.tile, std::max(zoom - kOverviewSteps, map_.zoom_min));
    if (has(overview) || refused_.contains(overview)) continue;
    if (listed.insert(overview).second) out.push_back(overview);
  }
  for (const TilePatch& patch : patches_) {
    want_with_parents(ancestor_at(patch.tile, std::min(patch.tile.zoom, map_.zoom_max)), has, out,
                      listed);
  }
  return out;
}

void TilePlan::show_instead(const TilePatch& patch, const Has& has,
                            std::vector<TileShown>& out) const {
  for (int zoom = std::min(patch.tile.zoom, map_.zoom_max); zoom >= map_.zoom_min; --zoom) {
    const TileId source = ancestor_at(patch.tile, zoom);
    if (!has(source)) continue;
    out.push_back(part_of(patch, source));
    break;
  }
  if (patch.tile.zoom >= map_.zoom_max) return;
  for (std::uint32_t child = 0; child < 4; ++child) {
    const TileId tile{patch.tile.zoom + 1, patch.tile.x * 2 + child % 2,
                      patch.tile.y * 2 + child / 2};
    if (has(tile)) out.push_back(part_of({tile, patch.world}, tile));
  }
}

std::vector<TileShown> TilePlan::shown(const Has& has) const {
  std::vector<TileShown> out;
  out.reserve(patches_.size());
  for (const TilePatch& patch : patches_) {
    if (patch.tile.zoom <= map_.zoom_max && has(patch.tile)) {
      out.push_back(part_of(patch, patch.tile));
    } else {
      show_instead(patch, has, out);
    }
  }
  return out;
}

}  // namespace render
