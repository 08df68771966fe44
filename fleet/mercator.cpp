#include "fleet/mercator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fleet {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kDeg = kPi / 180;
/// Semi-major axis of WGS 84: the radius of the projection's sphere (EPSG method 1024).
constexpr double kProjectionRadiusM = 6378137.0;

/// Nearest whole grid step, kept inside [0, kGridSize].
std::uint32_t nearest_step(double world) {
  return static_cast<std::uint32_t>(
      std::clamp(std::floor(world * kGridSize + 0.5), 0.0, static_cast<double>(kGridSize)));
}

}  // namespace

WorldPoint world_from_lonlat(LonLat p) {
  const double lat = std::clamp(p.lat_deg, -kMaxLatitudeDeg, kMaxLatitudeDeg) * kDeg;
  // ln(tan(pi/4 + lat/2)) = ln((1 + s) / (1 - s)) / 2 with s = sin(lat): one sine and one logarithm.
  const double s = std::sin(lat);
  return {(p.lon_deg + 180) / 360, 0.5 - std::log((1 + s) / (1 - s)) / (4 * kPi)};
}

LonLat lonlat_from_world(WorldPoint p) {
  return {p.x * 360 - 180, std::atan(std::sinh((0.5 - p.y) * 2 * kPi)) / kDeg};
}

GridPoint grid_from_lonlat(LonLat p) {
  const WorldPoint world = world_from_lonlat(p);
  // x wraps round the earth; y ends at the square's edge.
  return {nearest_step(world.x) & kGridMask, std::min(nearest_step(world.y), kGridMask)};
}

LonLat lonlat_from_grid(GridPoint p) {
  return lonlat_from_world(world_from_grid(p));
}

double distance_m(LonLat a, LonLat b) {
  const double lat_a = a.lat_deg * kDeg, lat_b = b.lat_deg * kDeg;
  const double s = std::sin((lat_b - lat_a) / 2);
  const double t = std::sin((b.lon_deg - a.lon_deg) * kDeg / 2);
  const double h = s * s + std::cos(lat_a) * std::cos(lat_b) * t * t;
  return 2 * kEarthRadiusM * std::asin(std::min(1.0, std::sqrt(h)));
}

double metres_per_world(double lat_deg) {
  return 2 * kPi * kProjectionRadiusM * std::cos(lat_deg * kDeg);
}

}  // namespace fleet
