// Splats: the points of one frame that touch the screen, sorted into tiles. CPU only, no GL.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/compose/lanes.hpp"
#include "render/compose/projection.hpp"

namespace render {

/// A point to draw, on a quarter of a pixel.
struct Splat {
  std::int32_t qx, qy;   ///< quarter pixels from the left and the top
  std::uint16_t kind;    ///< status + 5 when dimmed
  std::int16_t heading;  ///< degrees, -1 = none
};

/// The screen cut into tiles: small enough that a tile's light stays in the L2 cache.
struct TileGrid {
  static constexpr int kWidthBits = 7, kHeightBits = 6;
  static constexpr int kWidth = 1 << kWidthBits;
  static constexpr int kHeight = 1 << kHeightBits;
  int width = 0, height = 0;  ///< of the screen, px
  int columns = 0, rows = 0;

  static TileGrid of(int width, int height) {
    return {width, height, (width + kWidth - 1) / kWidth, (height + kHeight - 1) / kHeight};
  }
  int count() const { return columns * rows; }
};

/// Lists of splats by tile, filled in one pass: short runs from one pool, chained.
class TileLists {
 public:
  void clear(std::size_t tiles);
  void add(std::size_t tile, const Splat& splat) {
    const std::uint32_t last = last_[tile];
    if (last == kNone || runs_[last].count == kRunLength) return add_to_new_run(tile, splat);
    Run& run = runs_[last];
    run.splats[run.count++] = splat;
  }
  bool empty(std::size_t tile) const { return tile >= first_.size() || first_[tile] == kNone; }
  /// Calls `visit(span of splats)` for run after run of a tile, in the order they were added.
  template <class Visit>
  void visit(std::size_t tile, Visit&& visit) const {
    if (empty(tile)) return;
    for (std::uint32_t at = first_[tile]; at != kNone; at = runs_[at].next) {
      visit(std::span<const Splat>(runs_[at].splats, runs_[at].count));
    }
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  /// Long enough that chains cost nothing, short enough that the open ends of all tiles stay in the
  /// L2 cache.
  static constexpr std::uint32_t kRunLength = 64;
  struct Run {
    std::uint32_t next, count;
    Splat splats[kRunLength];
  };
  void add_to_new_run(std::size_t tile, const Splat& splat);

  std::vector<Run> runs_;  // the first `used_` are this frame's
  std::uint32_t used_ = 0;
  std::vector<std::uint32_t> first_, last_;
};

class SplatSorter {
 public:
  /// Sorts what touches the screen. reach_px: whole pixels a splat covers on each side of its own.
  /// Each tile's splats keep the order of the points, whatever the number of lanes.
  void sort(Lanes& lanes, const Projection& projection, std::span<const PointInstance> points,
            const TileGrid& grid, int reach_px);

  bool empty(int tile) const {
    const auto i = static_cast<std::size_t>(tile);
    return lists_[0].empty(i) && lists_[1].empty(i);
  }
  /// Calls `visit(span of splats)` until all of a tile were shown.
  template <class Visit>
  void visit(int tile, Visit&& visit) const {
    for (const TileLists& list : lists_) list.visit(static_cast<std::size_t>(tile), visit);
  }

 private:
  void project(TileLists& lists, const Projection& projection,
               std::span<const PointInstance> points) const;

  TileGrid grid_;
  int reach_px_ = 0;
  TileLists lists_[2];  // of the points of each lane
};

}  // namespace render
