#include "render/compose/splats.hpp"

#include <algorithm>

#include "render/compose/look.hpp"
#include "render/compose/simd.hpp"

namespace render {
namespace {

struct TileRange {
  int x0, x1, y0, y1;  // inclusive
};

// Shifts, not divisions: this runs for each point of a frame.
FLEETWALL_INLINE TileRange tiles_under(const Splat& s, const TileGrid& grid, int reach) {
  const int px = s.qx >> 2, py = s.qy >> 2;
  return {std::max(px - reach, 0) >> TileGrid::kWidthBits,
          std::min(px + reach, grid.width - 1) >> TileGrid::kWidthBits,
          std::max(py - reach, 0) >> TileGrid::kHeightBits,
          std::min(py + reach, grid.height - 1) >> TileGrid::kHeightBits};
}

// The nearest quarter pixel. Places come from just left of the screen on: shifted to be positive,
// truncation rounds them down, which std::floor does slowly on old processors.
FLEETWALL_INLINE std::int32_t quarter_of(float px) {
  constexpr float kShiftPx = 1024;
  constexpr auto kShift = static_cast<std::int32_t>(kShiftPx) * kSubPixels;
  return static_cast<std::int32_t>((px + kShiftPx) * kSubPixels + 0.5f) - kShift;
}

std::int16_t heading_of(std::uint32_t style) {
  if (!(style & PointInstance::kHasHeading)) return -1;
  return static_cast<std::int16_t>((style >> 8) & 0x1ff);
}

}  // namespace

void TileLists::clear(std::size_t tiles) {
  used_ = 0;
  first_.assign(tiles, kNone);
  last_.assign(tiles, kNone);
}

void TileLists::add_to_new_run(std::size_t tile, const Splat& splat) {
  if (used_ == runs_.size()) runs_.resize(std::max<std::size_t>(2 * runs_.size(), 256));
  const std::uint32_t made = used_++;
  (last_[tile] == kNone ? first_[tile] : runs_[last_[tile]].next) = made;
  last_[tile] = made;
  runs_[made].next = kNone;
  runs_[made].count = 1;
  runs_[made].splats[0] = splat;
}

void SplatSorter::project(TileLists& lists, const Projection& projection,
                          std::span<const PointInstance> points) const {
  const auto left = static_cast<float>(-reach_px_ - 1), top = left;
  const auto right = static_cast<float>(grid_.width + reach_px_);
  const auto bottom = static_cast<float>(grid_.height + reach_px_);
  lists.clear(static_cast<std::size_t>(grid_.count()));
  for (const PointInstance& point : points) {
    if (point.style & PointInstance::kHidden) continue;
    const auto at = projection.pixel_of(point);
    if (!(at.x > left && at.x < right && at.y > top && at.y < bottom)) continue;
    const std::uint32_t status = std::min<std::uint32_t>(point.style & 7u, kPointStatusCount - 1);
    const std::uint32_t dimmed = point.style & PointInstance::kDimmed ? kPointStatusCount : 0;
    const Splat splat{quarter_of(at.x), quarter_of(at.y),
                      static_cast<std::uint16_t>(status + dimmed), heading_of(point.style)};
    const TileRange range = tiles_under(splat, grid_, reach_px_);
    for (int ty = range.y0; ty <= range.y1; ++ty) {
      for (int tx = range.x0; tx <= range.x1; ++tx) {
        lists.add(static_cast<std::size_t>(ty * grid_.columns + tx), splat);
      }
    }
  }
}

void SplatSorter::sort(Lanes& lanes, const Projection& projection,
                       std::span<const PointInstance> points, const TileGrid& grid, int reach_px) {
  grid_ = grid;
  reach_px_ = reach_px;
  // Below this a helper's wake-up costs more than it saves.
  constexpr std::size_t kWorthTwoLanes = 4000;
  if (lanes.count() == 2 && points.size() >= kWorthTwoLanes) {
    const std::size_t half = points.size() / 2;
    lanes.run([&](int i) {
      project(lists_[i], projection, i == 0 ? points.first(half) : points.subspan(half));
    });
  } else {
    project(lists_[0], projection, points);
    lists_[1].clear(0);
  }
}

}  // namespace render
