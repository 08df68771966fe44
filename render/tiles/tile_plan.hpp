// TilePlan: which tiles the picture of a view still lacks, and what each of its places shows with
// those that are there. Pure, no GL.
#pragma once

#include <functional>
#include <optional>
#include <unordered_set>
#include <vector>

#include "render/tiles/tile_cover.hpp"
#include "render/tiles/tile_shelf.hpp"

namespace render {

/// A place of the picture and the tile that is shown there: the same, an ancestor, or one of four
/// children.
struct TileShown {
  TilePatch patch;
  fleet::TileId source;  ///< of the same or a lower zoom than patch.tile
  /// Part of the source's picture, 0..1 from its top left corner.
  float u0 = 0, v0 = 0, u1 = 1, v1 = 1;
};

/// These zooms above the view's are asked for first: a few tiles that stand in for all of it.
inline constexpr int kOverviewSteps = 3;

class TilePlan {
 public:
  using Has = std::function<bool(fleet::TileId)>;

  explicit TilePlan(const TileMap& map) : map_(map) {}

  /// The picture shows this view from now on. tile_px: side of the set's tiles.
  void look_at(const CacheView& view, int tile_px);
  const std::vector<TilePatch>& patches() const { return patches_; }

  /// The set does not have it, or it cannot be read: its parent is wanted in its place.
  void set_absent(fleet::TileId tile) { absent_.insert(tile); }
  void set_present(fleet::TileId tile) { absent_.erase(tile); }
  /// There is no room for it: it is not wanted until the next view.
  void set_refused(fleet::TileId tile) { refused_.insert(tile); }

  /// Tiles that would improve the picture, in the order of their use: some that stand in for all,
  /// then from the middle outwards, and the parents of absent ones. Absent ones are among them:
  /// they may be tried again.
  std::vector<fleet::TileId> wanted(const Has& has) const;
  /// What to draw, in this order: where a tile lacks, the nearest ancestor that is there, then
  /// those of its children that are. Places without either are left out.
  std::vector<TileShown> shown(const Has& has) const;

 private:
  void want_with_parents(fleet::TileId tile, const Has& has, std::vector<fleet::TileId>& out,
                         std::unordered_set<fleet::TileId, TileHash>& listed) const;
  void show_instead(const TilePatch& patch, const Has& has, std::vector<TileShown>& out) const;

  TileMap map_;
  std::vector<TilePatch> patches_;
  std::unordered_set<fleet::TileId, TileHash> absent_, refused_;
};

}  // namespace render
