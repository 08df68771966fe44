#include "fleet/datum.hpp"

#include <cmath>
#include <numbers>

namespace fleet {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kDeg = kPi / 180;
/// Krasovsky's ellipsoid: semi-major axis in metres, first eccentricity squared.
constexpr double kKrasovskyRadiusM = 6378245.0;
constexpr double kKrasovskySquare = 0.00669342162296594323;
/// Origin of the polynomials.
constexpr LonLat kMiddle{105, 35};

/// No shift is larger (degrees, in lon or lat): nothing further outside the box comes from within.
constexpr double kShiftDegMax = 0.03;
/// Each round makes the error some 100 times smaller, from 0.03 degrees: the limit is never
/// reached.
constexpr int kRoundsMax = 12;
constexpr double kExactDeg = 1e-10;

struct Metres {
  double east = 0;
  double north = 0;
};

bool in_box(LonLat p, double margin_deg) {
  return p.lon_deg >= kShiftedSouthWest.lon_deg - margin_deg &&
         p.lon_deg <= kShiftedNorthEast.lon_deg + margin_deg &&
         p.lat_deg >= kShiftedSouthWest.lat_deg - margin_deg &&
         p.lat_deg <= kShiftedNorthEast.lat_deg + margin_deg;
}

double wave(double amplitude, double angle) {
  return amplitude * std::sin(angle * kPi) * 2 / 3;
}

/// How far GCJ-02 has moved a place.
Metres gcj02_shift(LonLat p) {
  const double x = p.lon_deg - kMiddle.lon_deg, y = p.lat_deg - kMiddle.lat_deg;
  const double root = std::sqrt(std::abs(x));
  const double both = wave(20, 6 * x) + wave(20, 2 * x);
  return {300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both + wave(20, x) +
              wave(40, x / 3) + wave(150, x / 12) + wave(300, x / 30),
          -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both + wave(20, y) +
              wave(40, y / 3) + wave(160, y / 12) + wave(320, y / 30)};
}

LonLat gcj02_from_wgs84(LonLat p) {
  const Metres shift = gcj02_shift(p);
  const double s = std::sin(p.lat_deg * kDeg);
  const double m = 1 - kKrasovskySquare * s * s;
  // Metres a degree along the meridian and the parallel of the ellipsoid.
  const double per_lat = kKrasovskyRadiusM * (1 - kKrasovskySquare) / (m * std::sqrt(m)) * kDeg;
  const double per_lon = kKrasovskyRadiusM / std::sqrt(m) * std::cos(p.lat_deg * kDeg) * kDeg;
  return {p.lon_deg + shift.east / per_lon, p.lat_deg + shift.north / per_lat};
}

/// Polar coordinates of the degrees themselves, wobbled, and moved.
LonLat bd09_from_gcj02(LonLat p) {
  constexpr double kWobble = kPi * 3000 / 180;
  const double radius = std::hypot(p.lon_deg, p.lat_deg) + 0.00002 * std::sin(p.lat_deg * kWobble);
  const double angle = std::atan2(p.lat_deg, p.lon_deg) + 0.000003 * std::cos(p.lon_deg * kWobble);
  return {radius * std::cos(angle) + 0.0065, radius * std::sin(angle) + 0.006};
}

/// Smooth: the formula alone, without the box.
LonLat shifted(LonLat p, Datum to) {
  const LonLat gcj02 = gcj02_from_wgs84(p);
  return to == Datum::bd09 ? bd09_from_gcj02(gcj02) : gcj02;
}

}  // namespace

LonLat from_wgs84(LonLat p, Datum to) {
  return to == Datum::wgs84 || !in_box(p, 0) ? p : shifted(p, to);
}

LonLat to_wgs84(LonLat p, Datum from) {
  if (from == Datum::wgs84 || !in_box(p, kShiftDegMax)) return p;
  LonLat found = p;
  for (int round = 0; round < kRoundsMax; ++round) {
    const LonLat there = shifted(found, from);
    const double east = p.lon_deg - there.lon_deg, north = p.lat_deg - there.lat_deg;
    found = {found.lon_deg + east, found.lat_deg + north};
    if (std::abs(east) < kExactDeg && std::abs(north) < kExactDeg) break;
  }
  return in_box(found, 0) ? found : p;
}

}  // namespace fleet
