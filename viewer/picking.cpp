#include "viewer/picking.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace viewer {
namespace {

/// Fleet box: this share is left out on each side.
constexpr double kTail = 0.005;

bool pickable(const render::PointInstance& p) {
  return (p.style & (render::PointInstance::kHidden | render::PointInstance::kDimmed)) == 0;
}

}  // namespace

std::optional<fleet::Slot> pick(std::span<const render::PointInstance> points,
                                const render::Camera& camera, render::ScreenPoint at,
                                double reach_px) {
  const fleet::WorldPoint centre = camera.world_from_screen(at);
  const double reach = reach_px / camera.px_per_world() * kPointSteps;
  const double cx = centre.x * kPointSteps, cy = centre.y * kPointSteps;
  std::optional<fleet::Slot> best;
  double best_distance = reach * reach;
  unsigned best_status = 8;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const render::PointInstance& p = points[i];
    const double dx = p.x - cx, dy = p.y - cy;
    const double distance = dx * dx + dy * dy;
    if (distance > best_distance || !pickable(p)) continue;
    const unsigned status = p.style & 7u;
    if (distance == best_distance && best && status >= best_status) continue;
    best = static_cast<fleet::Slot>(i);
    best_distance = distance;
    best_status = status;
  }
  return best;
}

std::optional<WorldBox> fleet_box(std::span<const render::PointInstance> points) {
  std::vector<std::uint32_t> xs, ys;
  for (const render::PointInstance& p : points) {
    if (p.style & render::PointInstance::kHidden) continue;
    xs.push_back(p.x);
    ys.push_back(p.y);
  }
  if (xs.empty()) return std::nullopt;
  const auto cut = static_cast<std::ptrdiff_t>(static_cast<double>(xs.size()) * kTail);
  const auto at = [&](std::vector<std::uint32_t>& v, std::ptrdiff_t i) {
    std::nth_element(v.begin(), v.begin() + i, v.end());
    return v[static_cast<std::size_t>(i)] / kPointSteps;
  };
  const std::ptrdiff_t last = static_cast<std::ptrdiff_t>(xs.size()) - 1;
  return WorldBox{{at(xs, cut), at(ys, cut)}, {at(xs, last - cut), at(ys, last - cut)}};
}

}  // namespace viewer
