// Picking: which machines are under the pointer. On the CPU, in one pass over all points: 1 M take
// a few milliseconds (tests/bench/RESULTS.md).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "fleet/report.hpp"
#include "render/map_frame.hpp"

namespace viewer {

/// Steps of a PointInstance's coordinates over the Web Mercator square.
inline constexpr double kPointSteps = 4294967296.0;  // 2^32
/// Where a point is settled.
inline fleet::WorldPoint place_of(const render::PointInstance& p) {
  return {p.x / kPointSteps, p.y / kPointSteps};
}

/// The machines under a pointer: the nearest one within reach, and all that lie on it.
struct Stack {
  std::vector<fleet::Slot> machines;  ///< at most kMostListed: working first, then by slot
  std::size_t total = 0;
};
/// A list longer than this is no choice.
inline constexpr std::size_t kMostListed = 12;
/// on_it_px: machines this near to the nearest one cannot be told from it. One pass over the
/// points; hidden and dimmed ones do not count.
Stack pick_stack(std::span<const render::PointInstance> points, const render::Camera& camera,
                 render::ScreenPoint at, double reach_px, double on_it_px);

/// Nearest machine within reach_px of `at`, by where it is settled. Hidden and dimmed ones do not
/// count. Of several at the same place the one with the lowest status number (working first) wins.
std::optional<fleet::Slot> pick(std::span<const render::PointInstance> points,
                                const render::Camera& camera, render::ScreenPoint at,
                                double reach_px);

/// Box of the world that holds the fleet without its outermost 0.5 % on each side (one machine
/// with a wild position must not decide the view). Nothing without visible machines.
struct WorldBox {
  fleet::WorldPoint a, b;
};
std::optional<WorldBox> fleet_box(std::span<const render::PointInstance> points);

}  // namespace viewer
