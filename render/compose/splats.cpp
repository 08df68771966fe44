#include "render/compose/splats.hpp"

#include <algorithm>

#include "render/compose/look.hpp"
#include "render/compose/simd.hpp"

namespace render {
namespace {

struct TileRange {
  int x0, x1, y0, y1;  // inclusive
};

// Shifts, not divisions: this runs twice for each point of a frame.
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

void SplatSorter::project(Lane& lane, const Projection& projection,
                          std::span<const PointInstance> points) {
  const auto left = static_cast<float>(-reach_px_ - 1), top = left;
  const auto right = static_cast<float>(grid_.width + reach_px_);
  const auto bottom = static_cast<float>(grid_.height + reach_px_);
  if (lane.splats.size() < points.size()) lane.splats.resize(points.size());
  Splat* to = lane.splats.data();
  lane.next.assign(static_cast<std::size_t>(grid_.count()), 0);
  for (const PointInstance& point : points) {
    if (point.style & PointInstance::kHidden) continue;
    const auto at = projection.pixel_of(point);
    if (!(at.x > left && at.x < right && at.y > top && at.y < bottom)) continue;
    const std::uint32_t status = std::min<std::uint32_t>(point.style & 7u, kPointStatusCount - 1);
    const std::uint32_t dimmed = point.style & PointInstance::kDimmed ? kPointStatusCount : 0;
    const Splat splat{quarter_of(at.x), quarter_of(at.y),
                      static_cast<std::uint16_t>(status + dimmed), heading_of(point.style)};
    const TileRange range = tiles_under(splat, grid_, reach_px_);
    if (range.x1 < range.x0 || range.y1 < range.y0) continue;
    *to++ = splat;
    for (int ty = range.y0; ty <= range.y1; ++ty) {
      for (int tx = range.x0; tx <= range.x1; ++tx) {
        ++lane.next[static_cast<std::size_t>(ty * grid_.columns + tx)];
      }
    }
  }
  lane.count = static_cast<std::size_t>(to - lane.splats.data());
}

void SplatSorter::place(const Lane& lane, std::vector<std::uint32_t>& next) {
  for (const Splat& splat : std::span(lane.splats).first(lane.count)) {
    const TileRange range = tiles_under(splat, grid_, reach_px_);
    for (int ty = range.y0; ty <= range.y1; ++ty) {
      for (int tx = range.x0; tx <= range.x1; ++tx) {
        sorted_[next[static_cast<std::size_t>(ty * grid_.columns + tx)]++] = splat;
      }
    }
  }
}

void SplatSorter::lay_out() {
  const auto tiles = static_cast<std::size_t>(grid_.count());
  begin_.resize(tiles + 1);
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < tiles; ++i) {
    begin_[i] = at;
    for (Lane& lane : lanes_) {
      if (lane.next.size() != tiles) continue;
      const std::uint32_t count = lane.next[i];
      lane.next[i] = at;
      at += count;
    }
  }
  begin_[tiles] = at;
  sorted_.resize(at);
}

void SplatSorter::sort(Lanes& lanes, const Projection& projection,
                       std::span<const PointInstance> points, const TileGrid& grid, int reach_px) {
  grid_ = grid;
  reach_px_ = reach_px;
  // Below this a helper's wake-up costs more than it saves.
  constexpr std::size_t kWorthTwoLanes = 4000;
  const bool split = lanes.count() == 2 && points.size() >= kWorthTwoLanes;
  const std::size_t half = split ? points.size() / 2 : points.size();
  const auto part = [&](int lane) { return lane == 0 ? points.first(half) : points.subspan(half); };
  lanes_[1].next.clear();
  lanes_[1].count = 0;
  if (split) {
    lanes.run([&](int i) { project(lanes_[i], projection, part(i)); });
    lay_out();
    lanes.run([&](int i) { place(lanes_[i], lanes_[i].next); });
  } else {
    project(lanes_[0], projection, points);
    lay_out();
    place(lanes_[0], lanes_[0].next);
  }
}

}  // namespace render
