#include "render/tiles/tile_cover.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/datum.hpp"

namespace render {
namespace {

using fleet::TileId;
using fleet::WorldPoint;

/// Places along each side of a box that are moved into a datum.
constexpr int kSamples = 9;
/// Between two of them the shift changes by less: its steepest part is 2 % of the way (BD-09).
constexpr double kSlackShare = 1.0 / 200;

/// A place of the picture with x beyond the world, moved into the datum on its own copy of it.
WorldPoint moved(WorldPoint p, fleet::Datum datum) {
  const double copy = std::floor(p.x);
  const fleet::LonLat place = fleet::lonlat_from_world({p.x - copy, std::clamp(p.y, 0.0, 1.0)});
  const WorldPoint there = fleet::world_from_lonlat(fleet::from_wgs84(place, datum));
  return {there.x + copy, there.y};
}

struct TileRange {
  std::int64_t x0 = 0, y0 = 0, x1 = -1, y1 = -1;  // both ends inside
  std::int64_t count() const { return std::max<std::int64_t>(x1 - x0 + 1, 0) * (y1 - y0 + 1); }
};

/// Tiles that share more than a rim with the box.
TileRange range_of(const WorldBox& box, int zoom) {
  const double side = std::exp2(zoom);
  const auto first = [side](double at) { return static_cast<std::int64_t>(std::floor(at * side)); };
  const auto last = [side](double at) {
    return static_cast<std::int64_t>(std::ceil(at * side)) - 1;
  };
  TileRange range{first(box.x0), first(box.y0), last(box.x1), last(box.y1)};
  range.y1 = std::max(range.y1, range.y0 - 1);
  return range;
}

/// The parts of `view` that the set covers, one for each copy of the world.
std::vector<std::pair<WorldBox, int>> covered(const WorldBox& view, const TileMap& map) {
  const WorldPoint north_west =
      fleet::world_from_lonlat({map.south_west.lon_deg, map.north_east.lat_deg});
  const WorldPoint south_east =
      fleet::world_from_lonlat({map.north_east.lon_deg, map.south_west.lat_deg});
  std::vector<std::pair<WorldBox, int>> parts;
  // As the base map: the view's own world and a copy on either side.
  for (const int world : {-1, 0, 1}) {
    const WorldBox part{std::max(view.x0, north_west.x + world), std::max(view.y0, north_west.y),
                        std::min(view.x1, south_east.x + world), std::min(view.y1, south_east.y)};
    if (part.x0 < part.x1 && part.y0 < part.y1) parts.push_back({part, world});
  }
  return parts;
}

}  // namespace

int tile_zoom(const CacheView& view, int tile_px) {
  const Camera& camera = view.camera();
  const double exact = std::log2(camera.px_per_world() / tile_px);
  const double at_1920 = exact - std::log2(camera.width_px / 1920.0);
  const double zoom = std::min(std::round(exact), std::round(at_1920) + 1);
  return static_cast<int>(std::clamp(zoom, 0.0, double{fleet::kTileZoomMax}));
}

WorldBox box_of(const CacheView& view) {
  const Camera& camera = view.camera();
  const double scale = camera.px_per_world();
  const double half_x = view.width_px() / 2.0 / scale, half_y = view.height_px() / 2.0 / scale;
  return {camera.centre.x - half_x, camera.centre.y - half_y, camera.centre.x + half_x,
          camera.centre.y + half_y};
}

WorldBox box_in_datum(const WorldBox& wgs84, fleet::Datum datum) {
  if (datum == fleet::Datum::wgs84) return wgs84;
  const WorldPoint first = moved({wgs84.x0, wgs84.y0}, datum);
  WorldBox box{first.x, first.y, first.x, first.y};
  for (int row = 0; row < kSamples; ++row) {
    for (int column = 0; column < kSamples; ++column) {
      const double u = column / (kSamples - 1.0), v = row / (kSamples - 1.0);
      const WorldPoint p =
          moved({std::lerp(wgs84.x0, wgs84.x1, u), std::lerp(wgs84.y0, wgs84.y1, v)}, datum);
      box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x),
             std::max(box.y1, p.y)};
    }
  }
  const double slack = kSlackShare * std::max(wgs84.x1 - wgs84.x0, wgs84.y1 - wgs84.y0);
  return {box.x0 - slack, box.y0 - slack, box.x1 + slack, box.y1 + slack};
}

std::vector<TilePatch> tile_cover(const CacheView& view, const TileMap& map, int tile_px) {
  const WorldBox box = box_in_datum(box_of(view), map.datum);
  const auto parts = covered(box, map);
  int zoom = std::max(tile_zoom(view, tile_px), map.zoom_min);
  const auto count = [&parts](int at) {
    std::int64_t sum = 0;
    for (const auto& [part, world] : parts) sum += range_of(part, at).count();
    return sum;
  };
  while (zoom > map.zoom_min && count(zoom) > std::int64_t{kTilePatchesMax}) --zoom;
  if (count(zoom) > std::int64_t{kTilePatchesMax}) return {};

  std::vector<TilePatch> patches;
  const std::int64_t side = std::int64_t{1} << zoom;
  for (const auto& [part, world] : parts) {
    const TileRange range = range_of(part, zoom);
    for (std::int64_t y = std::max<std::int64_t>(range.y0, 0); y <= range.y1 && y < side; ++y) {
      for (std::int64_t x = range.x0; x <= range.x1; ++x) {
        const std::int64_t column = x - world * side;
        if (column < 0 || column >= side) continue;
        patches.push_back(
            {{zoom, static_cast<std::uint32_t>(column), static_cast<std::uint32_t>(y)}, world});
      }
    }
  }
  const double middle_x = (box.x0 + box.x1) / 2 * static_cast<double>(side);
  const double middle_y = (box.y0 + box.y1) / 2 * static_cast<double>(side);
  const auto distance = [&](const TilePatch& p) {
    const double dx = p.tile.x + 0.5 + static_cast<double>(p.world * side) - middle_x;
    const double dy = p.tile.y + 0.5 - middle_y;
    return dx * dx + dy * dy;
  };
  std::stable_sort(patches.begin(), patches.end(), [&](const TilePatch& a, const TilePatch& b) {
    return distance(a) < distance(b);
  });
  return patches;
}

TileId ancestor_at(TileId tile, int zoom) {
  const int steps = tile.zoom - zoom;
  return {zoom, tile.x >> steps, tile.y >> steps};
}

int lattice_steps(fleet::Datum datum, int zoom) {
  if (datum == fleet::Datum::wgs84) return 1;
  // GCJ-02 swings by 27 m over a third of a degree, BD-09 by 80 m over an eighth: where a tile is
  // wider a pixel is too, where it is narrower its part is nearly straight (tile_cover_test.cpp).
  if (zoom >= 15) return 1;
  return zoom == 14 ? 2 : zoom == 13 ? 4 : 8;
}

std::vector<WorldPoint> tile_lattice(TileId tile, fleet::Datum datum, int steps) {
  // A sum of whole numbers over a power of two: exact, so neighbours have the very same corners.
  const double side = std::exp2(tile.zoom) * steps;
  std::vector<WorldPoint> corners;
  corners.reserve(static_cast<std::size_t>((steps + 1) * (steps + 1)));
  for (int row = 0; row <= steps; ++row) {
    for (int column = 0; column <= steps; ++column) {
      const WorldPoint there{(static_cast<double>(tile.x) * steps + column) / side,
                             (static_cast<double>(tile.y) * steps + row) / side};
      if (datum == fleet::Datum::wgs84) {
        corners.push_back(there);
        continue;
      }
      const fleet::LonLat drawn = fleet::lonlat_from_world(there);
      const fleet::LonLat place = fleet::to_wgs84(drawn, datum);
      corners.push_back(place == drawn ? there : fleet::world_from_lonlat(place));
    }
  }
  return corners;
}

}  // namespace render
