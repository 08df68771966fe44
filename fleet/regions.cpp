#include "fleet/regions.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/regions_border.hpp"

namespace fleet {
namespace {

/// Squared distance in grid steps from p to the border a-b.
double squared_steps(GridPoint a, GridPoint b, GridPoint p) {
  const double dx = static_cast<double>(b.x) - a.x, dy = static_cast<double>(b.y) - a.y;
  const double px = static_cast<double>(p.x) - a.x, py = static_cast<double>(p.y) - a.y;
  const double length = dx * dx + dy * dy;
  const double t = length > 0 ? std::clamp((px * dx + py * dy) / length, 0.0, 1.0) : 0.0;
  const double ex = px - t * dx, ey = py - t * dy;
  return ex * ex + ey * ey;
}

}  // namespace

bool RegionMap::covers(GridPoint p) const {
  return p.x >= origin_.x && p.y >= origin_.y && (p.x - origin_.x) >> cell_bits_ < columns_ &&
         (p.y - origin_.y) >> cell_bits_ < rows_;
}

std::uint32_t RegionMap::cell_of(GridPoint p) const {
  return ((p.y - origin_.y) >> cell_bits_) * columns_ + ((p.x - origin_.x) >> cell_bits_);
}

GridPoint RegionMap::corner_of(std::uint32_t cell) const {
  return {origin_.x + ((cell % columns_) << cell_bits_),
          origin_.y + ((cell / columns_) << cell_bits_)};
}

RegionIndex RegionMap::find(GridPoint p) const {
  if (!covers(p)) return kNoRegion;
  const std::uint32_t cell = cell_of(p);
  return cells_[cell] >= kNoRegion ? cells_[cell] : find_among(cell, p);
}

RegionIndex RegionMap::find_among(std::uint32_t cell, GridPoint p) const {
  const GridPoint corner = corner_of(cell);
  const auto border_cell = static_cast<std::uint32_t>(kBordersFrom - cells_[cell]);
  for (std::uint32_t i = part_begin_[border_cell]; i < part_begin_[border_cell + 1]; ++i) {
    const Part& part = parts_[i];
    bool inside = part.holds_corner;
    for (std::uint32_t e = part.first_edge; e < part.last_edge; ++e) {
      inside ^= crossed(edges_[e].a, edges_[e].b, corner, p);
    }
    if (inside) return part.region;
  }
  return kNoRegion;
}

RegionIndex RegionMap::find_near(GridPoint p, double max_km) const {
  const RegionIndex inside = find(p);
  if (inside != kNoRegion || cells_.empty() || !(max_km > 0)) return inside;
  const double metres_per_step = metres_per_world(lonlat_from_grid(p).lat_deg) / kGridSize;
  const double steps = std::min(max_km, kNearKmMax) * 1000 / metres_per_step;
  const auto cell_index = [&](std::uint32_t at, double by, std::uint32_t origin,
                              std::uint32_t end) {
    const double i =
        std::floor((static_cast<double>(at) + by - origin) / std::ldexp(1, cell_bits_));
    return static_cast<std::int64_t>(std::clamp(i, -1.0, static_cast<double>(end)));
  };
  const auto x0 = std::max<std::int64_t>(cell_index(p.x, -steps, origin_.x, columns_), 0);
  const auto x1 = std::min<std::int64_t>(cell_index(p.x, steps, origin_.x, columns_), columns_ - 1);
  const auto y0 = std::max<std::int64_t>(cell_index(p.y, -steps, origin_.y, rows_), 0);
  const auto y1 = std::min<std::int64_t>(cell_index(p.y, steps, origin_.y, rows_), rows_ - 1);
  double nearest = steps * steps;
  RegionIndex result = kNoRegion;
  for (std::int64_t y = y0; y <= y1; ++y) {
    for (std::int64_t x = x0; x <= x1; ++x) {
      const std::int32_t value = cells_[static_cast<std::size_t>(y * columns_ + x)];
      if (value >= kNoRegion) continue;
      const auto border_cell = static_cast<std::size_t>(kBordersFrom - value);
      for (std::uint32_t i = part_begin_[border_cell]; i < part_begin_[border_cell + 1]; ++i) {
        for (std::uint32_t e = parts_[i].first_edge; e < parts_[i].last_edge; ++e) {
          const double distance = squared_steps(edges_[e].a, edges_[e].b, p);
          if (distance > nearest || (distance == nearest && result != kNoRegion)) continue;
          nearest = distance;
          result = parts_[i].region;
        }
      }
    }
  }
  return result;
}

}  // namespace fleet
