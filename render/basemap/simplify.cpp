#include "render/basemap/simplify.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace render {
namespace {

using fleet::GridPoint;
using Range = std::pair<std::size_t, std::size_t>;

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

// Index of the vertex between the ends of `range` that is farthest from their segment, and how far.
std::pair<std::size_t, double> farthest(std::span<const GridPoint> line, Range range) {
  std::pair<std::size_t, double> found{range.first, 0};
  for (std::size_t i = range.first + 1; i < range.second; ++i) {
    const double d = distance_squared(line[i], line[range.first], line[range.second]);
    if (d > found.second) found = {i, d};
  }
  return found;
}

// Appends what stays of one line. `open` and `kept` are scratch, kept between lines.
void append_simplified(std::span<const GridPoint> line, double tolerance, std::vector<Range>& open,
                       std::vector<bool>& kept, std::vector<GridPoint>& out) {
  kept.assign(line.size(), false);
  kept.front() = kept.back() = true;
  open.assign(1, {0, line.size() - 1});
  while (!open.empty()) {
    const Range range = open.back();
    open.pop_back();
    const auto [middle, squared] = farthest(line, range);
    if (squared <= tolerance * tolerance) continue;
    kept[middle] = true;
    open.push_back({range.first, middle});
    open.push_back({middle, range.second});
  }
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (kept[i]) out.push_back(line[i]);
  }
}

}  // namespace

double grid_steps_per_px(double zoom) {
  return fleet::kGridSize / (512 * std::exp2(zoom));
}

fleet::AtlasLines simplified(const fleet::AtlasLines& lines, double tolerance) {
  fleet::AtlasLines out;
  out.chunks = lines.chunks;
  out.begin.reserve(lines.begin.size());
  std::vector<Range> open;
  std::vector<bool> kept;
  for (std::size_t line = 0; line + 1 < lines.begin.size(); ++line) {
    out.begin.push_back(static_cast<std::uint32_t>(out.vertices.size()));
    const std::size_t first = lines.begin[line], count = lines.begin[line + 1] - first;
    if (count == 0) continue;
    append_simplified(std::span(lines.vertices).subspan(first, count), tolerance, open, kept,
                      out.vertices);
  }
  out.begin.push_back(static_cast<std::uint32_t>(out.vertices.size()));
  return out;
}

}  // namespace render
