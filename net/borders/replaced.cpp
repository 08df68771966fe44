#include "net/borders/replaced.hpp"

#include <algorithm>
#include <cmath>

namespace net {
namespace {

using fleet::GridPoint;

constexpr std::uint32_t kCells = fleet::kGridSize >> kBesideBits;  ///< a side of the world

std::uint32_t cell_of(GridPoint p) {
  return (p.y >> kBesideBits) << kBesideBits | p.x >> kBesideBits;
}

}  // namespace

Replaced::Replaced(std::vector<fleet::Region> areas, std::span<const BorderPath> outlines,
                   std::size_t marked_steps_max)
    : inside_(std::move(areas)), marked_max_(marked_steps_max) {
  for (const BorderPath& path : outlines) mark(path);
}

bool Replaced::holds(GridPoint p) const {
  return cells_.contains(cell_of(p)) || inside_.find(p) != fleet::kNoRegion;
}

void Replaced::mark_around(GridPoint p) {
  const std::uint32_t column = p.x >> kBesideBits, row = p.y >> kBesideBits;
  for (const std::uint32_t y : {row - 1, row, row + 1}) {
    if (y >= kCells) continue;  // beyond a pole; the earth is round east and west only
    for (const std::uint32_t x : {column - 1, column, column + 1})
      cells_.insert(y << kBesideBits | (x & (kCells - 1)));
  }
}

void Replaced::mark(std::span<const GridPoint> path) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    const GridPoint from = path[i - 1];
    const double dx = static_cast<double>(path[i].x) - from.x;
    const double dy = static_cast<double>(path[i].y) - from.y;
    const int steps =
        1 + static_cast<int>(std::max(std::abs(dx), std::abs(dy))) / (1 << kBesideBits);
    for (int s = 0; s <= steps && marked_ < marked_max_; ++s, ++marked_) {
      const double t = static_cast<double>(s) / steps;
      mark_around({static_cast<std::uint32_t>(from.x + t * dx),
                   static_cast<std::uint32_t>(from.y + t * dy)});
    }
  }
}

void Replaced::append_kept(const fleet::AtlasLines& lines, std::vector<BorderPath>& paths) const {
  const auto keep = [&](BorderPath& path) {
    if (path.size() >= 2) paths.push_back(path);
    path.clear();
  };
  BorderPath path;
  for (std::size_t line = 0; line + 1 < lines.begin.size(); ++line) {
    for (std::uint32_t v = lines.begin[line]; v < lines.begin[line + 1]; ++v) {
      if (holds(lines.vertices[v])) {
        keep(path);
      } else {
        path.push_back(lines.vertices[v]);
      }
    }
    keep(path);
  }
}

}  // namespace net
