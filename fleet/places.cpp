// PlaceIndex of fleet/regions.hpp.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fleet/regions.hpp"

namespace fleet {
namespace {

std::array<double, 3> on_unit_sphere(GridPoint p) {
  const LonLat at = lonlat_from_grid(p);
  const double lon = at.lon_deg * std::numbers::pi / 180, lat = at.lat_deg * std::numbers::pi / 180;
  return {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
}

double squared_distance(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z;
}

}  // namespace

PlaceIndex::PlaceIndex(std::vector<Place> places) : places_(std::move(places)) {
  nodes_.reserve(places_.size());
  for (std::uint32_t i = 0; i < places_.size(); ++i) {
    nodes_.push_back({on_unit_sphere(places_[i].where), i});
  }
  build(0, nodes_.size(), 0);
}

void PlaceIndex::build(std::size_t begin, std::size_t end, int axis) {
  if (end - begin < 2) return;
  const std::size_t middle = begin + (end - begin) / 2;
  const auto at = [&](std::size_t i) { return nodes_.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto a = static_cast<std::size_t>(axis);
  std::nth_element(at(begin), at(middle), at(end),
                   [a](const Node& p, const Node& q) { return p.at[a] < q.at[a]; });
  build(begin, middle, (axis + 1) % 3);
  build(middle + 1, end, (axis + 1) % 3);
}

void PlaceIndex::search(std::size_t begin, std::size_t end, int axis, const Vector& p,
                        Best& best) const {
  if (begin == end) return;
  const std::size_t middle = begin + (end - begin) / 2;
  const Node& node = nodes_[middle];
  const double distance = squared_distance(node.at, p);
  if (distance <= best.chord_squared) best = {distance, &node};
  const double beyond = p[static_cast<std::size_t>(axis)] - node.at[static_cast<std::size_t>(axis)];
  const int next = (axis + 1) % 3;
  const bool low_first = beyond < 0;
  if (low_first) search(begin, middle, next, p, best);
  if (!low_first || beyond * beyond <= best.chord_squared) search(middle + 1, end, next, p, best);
  if (!low_first && beyond * beyond <= best.chord_squared) search(begin, middle, next, p, best);
}

const Place* PlaceIndex::nearest(GridPoint p, double max_km) const {
  // A chord of the unit sphere: 2 sin(angle / 2); beyond half way round, everything is near.
  const double angle = std::clamp(max_km * 1000 / kEarthRadiusM, 0.0, std::numbers::pi);
  const double chord = 2 * std::sin(angle / 2);
  Best best{chord * chord, nullptr};
  search(0, nodes_.size(), 0, on_unit_sphere(p), best);
  return best.node ? &places_[best.node->place] : nullptr;
}

}  // namespace fleet
