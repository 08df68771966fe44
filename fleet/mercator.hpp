// Web Mercator on a fixed-point grid, and distances on the sphere.
//
// A stored or sent position is a GridPoint: two integers of 28 bits over the Web Mercator square of
// WGS 84 (0.15 m a step at the equator). x grows east from lon -180, y grows south from lat
// +85.0511.
#pragma once

#include <cstdint>

namespace fleet {

struct LonLat {
  double lon_deg = 0;  ///< WGS 84, [-180, 180]
  double lat_deg = 0;  ///< WGS 84, [-90, 90]
  bool operator==(const LonLat&) const = default;
};

inline constexpr int kGridBits = 28;
inline constexpr std::uint32_t kGridSize = 1u << kGridBits;
inline constexpr std::uint32_t kGridMask = kGridSize - 1;
/// Latitude at which the Web Mercator square ends: atan(sinh(pi)) in degrees.
inline constexpr double kMaxLatitudeDeg = 85.051128779806592;
/// Mean earth radius (IUGG), used for distances and areas.
inline constexpr double kEarthRadiusM = 6371008.8;

/// A position on the 2^28 grid.
struct GridPoint {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  bool operator==(const GridPoint&) const = default;
};

/// A GridPoint packed into one field value (x in the low 28 bits, y in the next 28), and back.
constexpr std::int64_t packed(GridPoint p) {
  return static_cast<std::int64_t>(p.x) | (static_cast<std::int64_t>(p.y) << kGridBits);
}
constexpr GridPoint unpacked(std::int64_t value) {
  return {static_cast<std::uint32_t>(value) & kGridMask,
          static_cast<std::uint32_t>(value >> kGridBits) & kGridMask};
}

/// A position in world units: the Web Mercator square is [0,1] x [0,1], y grows south.
struct WorldPoint {
  double x = 0;
  double y = 0;
};

/// lat_deg: clamped to +-kMaxLatitudeDeg. Error: below 1e-12 world (0.04 mm) against long double.
/// Source: EPSG Guidance Note 7-2, method 1024.
WorldPoint world_from_lonlat(LonLat p);
LonLat lonlat_from_world(WorldPoint p);

/// Nearest grid point (half a step at most away; lon 180 wraps to x = 0).
GridPoint grid_from_lonlat(LonLat p);
/// Position of a grid point itself: grid_from_lonlat(lonlat_from_grid(g)) == g.
LonLat lonlat_from_grid(GridPoint p);
constexpr WorldPoint world_from_grid(GridPoint p) {
  return {static_cast<double>(p.x) / kGridSize, static_cast<double>(p.y) / kGridSize};
}

/// Great-circle distance in metres (haversine on a sphere of kEarthRadiusM).
double distance_m(LonLat a, LonLat b);
/// Metres on the ground for one world unit (the whole square) at a latitude, in this projection's
/// circumference.
double metres_per_world(double lat_deg);

}  // namespace fleet
