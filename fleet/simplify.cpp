#include "fleet/simplify.hpp"

#include <algorithm>
#include <cstdint>

namespace fleet {
namespace {

double difference(std::uint32_t a, std::uint32_t b) {
  return static_cast<double>(a) - static_cast<double>(b);
}

// Squared distance of p from the segment a-b, in grid steps.
double distance_squared(GridPoint p, GridPoint a, GridPoint b) {
  const double dx = difference(b.x, a.x), dy = difference(b.y, a.y);
  const double px = difference(p.x, a.x), py = difference(p.y, a.y);
  const double length_squared = dx * dx + dy * dy;
  const double along =
      length_squared > 0 ? std::clamp((px * dx + py * dy) / length_squared, 0.0, 1.0) : 0;
  const double off_x = px - along * dx, off_y = py - along * dy;
  return off_x * off_x + off_y * off_y;
}

// Index of the vertex between `first` and `last` that is farthest from their segment, and how far.
std::pair<std::size_t, double> farthest(std::span<const GridPoint> line, std::size_t first,
                                        std::size_t last) {
  std::pair<std::size_t, double> found{first, 0};
  for (std::size_t i = first + 1; i < last; ++i) {
    const double d = distance_squared(line[i], line[first], line[last]);
    if (d > found.second) found = {i, d};
  }
  return found;
}

}  // namespace

void LineSimplifier::append(std::span<const GridPoint> line, double tolerance,
                            std::vector<GridPoint>& out) {
  kept_.assign(line.size(), false);
  kept_.front() = kept_.back() = true;
  open_.assign(1, {0, line.size() - 1});
  while (!open_.empty()) {
    const auto [first, last] = open_.back();
    open_.pop_back();
    const auto [middle, squared] = farthest(line, first, last);
    if (squared <= tolerance * tolerance) continue;
    kept_[middle] = true;
    open_.emplace_back(first, middle);
    open_.emplace_back(middle, last);
  }
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (kept_[i]) out.push_back(line[i]);
  }
}

}  // namespace fleet
