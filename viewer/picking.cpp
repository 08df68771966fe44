#include "viewer/picking.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

namespace viewer {
namespace {

/// Fleet box: this share is left out on each side.
constexpr double kTail = 0.005;

bool pickable(const render::PointInstance& p) {
  return (p.style & (render::PointInstance::kHidden | render::PointInstance::kDimmed)) == 0;
}

struct Near {
  double distance = 0;  ///< squared, point steps
  unsigned status = 0;
  fleet::Slot slot = 0;
};

/// Pickable points within `reach` (point steps) of a place.
std::vector<Near> within(std::span<const render::PointInstance> points, double cx, double cy,
                         double reach) {
  std::vector<Near> near;
  // Far most points are outside of the box: whole numbers tell that soonest. They wrap around the
  // world's seam as the coordinates do.
  const auto steps = [](double v) {
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(std::floor(v)));
  };
  const std::uint32_t x0 = steps(cx - reach), y0 = steps(cy - reach);
  const auto side = static_cast<std::uint32_t>(std::min(2 * reach + 2, kPointSteps - 1));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const render::PointInstance& p = points[i];
    if (p.x - x0 > side || p.y - y0 > side || !pickable(p)) continue;
    const double dx = p.x - cx, dy = p.y - cy;
    const double distance = dx * dx + dy * dy;
    if (distance > reach * reach) continue;
    near.push_back({distance, p.style & 7u, static_cast<fleet::Slot>(i)});
  }
  return near;
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

Stack pick_stack(std::span<const render::PointInstance> points, const render::Camera& camera,
                 render::ScreenPoint at, double reach_px, double on_it_px) {
  const double px = kPointSteps / camera.px_per_world();
  const fleet::WorldPoint centre = camera.world_from_screen(at);
  const double cx = centre.x * kPointSteps, cy = centre.y * kPointSteps;
  // Whatever may lie on the nearest one; near the pointer there are few.
  const std::vector<Near> near = within(points, cx, cy, (reach_px + on_it_px) * px);
  const auto nearest = std::min_element(near.begin(), near.end(), [](const Near& a, const Near& b) {
    return std::tie(a.distance, a.status, a.slot) < std::tie(b.distance, b.status, b.slot);
  });
  Stack stack;
  if (nearest == near.end() || nearest->distance > reach_px * px * reach_px * px) return stack;
  const render::PointInstance& it = points[nearest->slot];
  const double on_it = on_it_px * px * on_it_px * px;
  std::vector<Near> on;
  for (const Near& n : near) {
    const double dx = static_cast<double>(points[n.slot].x) - it.x;
    const double dy = static_cast<double>(points[n.slot].y) - it.y;
    if (dx * dx + dy * dy <= on_it) on.push_back(n);
  }
  stack.total = on.size();
  const auto listed = static_cast<std::ptrdiff_t>(std::min(on.size(), kMostListed));
  std::partial_sort(on.begin(), on.begin() + listed, on.end(), [](const Near& a, const Near& b) {
    return std::tie(a.status, a.slot) < std::tie(b.status, b.slot);
  });
  for (std::ptrdiff_t i = 0; i < listed; ++i)
    stack.machines.push_back(on[static_cast<std::size_t>(i)].slot);
  return stack;
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
