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

class SplatSorter {
 public:
  /// Sorts what touches the screen. reach_px: whole pixels a splat covers on each side of its own.
  /// Each tile's splats keep the order of the points, whatever the number of lanes.
  void sort(Lanes& lanes, const Projection& projection, std::span<const PointInstance> points,
            const TileGrid& grid, int reach_px);

  std::span<const Splat> tile(int index) const {
    const auto i = static_cast<std::size_t>(index);
    return {sorted_.data() + begin_[i], begin_[i + 1] - begin_[i]};
  }
  std::size_t size() const { return sorted_.size(); }

 private:
  struct Lane {
    std::vector<Splat> splats;  // the first `count` are this frame's
    std::size_t count = 0;
    std::vector<std::uint32_t> next;  // per tile: first a count, then where to write
  };
  void project(Lane& lane, const Projection& projection, std::span<const PointInstance> points);
  void place(const Lane& lane, std::vector<std::uint32_t>& next);
  void lay_out();

  TileGrid grid_;
  int reach_px_ = 0;
  Lane lanes_[2];
  std::vector<Splat> sorted_;
  std::vector<std::uint32_t> begin_;
};

}  // namespace render
