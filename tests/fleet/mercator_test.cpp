#include "fleet/mercator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace fleet {
namespace {

/// EPSG method 1024 in long double, in world units.
long double reference_y(long double lat_deg) {
  const long double pi = 3.14159265358979323846264338327950288L;
  return 0.5L - std::log(std::tan(pi / 4 + lat_deg * pi / 360)) / (2 * pi);
}

TEST(Mercator, AgreesWithLongDoubleToATrillionth) {
  for (double lat = -85; lat <= 85; lat += 0.173) {
    const WorldPoint p = world_from_lonlat({120.5, lat});

    EXPECT_NEAR(p.y, static_cast<double>(reference_y(static_cast<long double>(lat))), 1e-12) << lat;
    EXPECT_NEAR(p.x, (120.5 + 180) / 360, 1e-15);
  }
}

TEST(Mercator, MeetsThePublishedEpsgExample) {
  // EPSG Guidance Note 7-2, method 1024: lat 24°22'54.433"N, lon 100°20'00"W.
  const WorldPoint p = world_from_lonlat({-(100 + 20.0 / 60), 24 + 22.0 / 60 + 54.433 / 3600});
  const double metres = 2 * std::acos(-1.0) * 6378137;

  EXPECT_NEAR((p.x - 0.5) * metres, -11169055.58, 0.01);
  EXPECT_NEAR((0.5 - p.y) * metres, 2800000.00, 0.01);
}

TEST(Mercator, ClampsAtTheEdgesOfTheSquare) {
  EXPECT_NEAR(world_from_lonlat({0, kMaxLatitudeDeg}).y, 0, 1e-12);
  EXPECT_NEAR(world_from_lonlat({0, 90}).y, 0, 1e-12);
  EXPECT_EQ(grid_from_lonlat({0, 90}).y, 0u);
  EXPECT_EQ(grid_from_lonlat({0, -90}).y, kGridMask);
  EXPECT_EQ(grid_from_lonlat({-180, 0}).x, 0u);
  EXPECT_EQ(grid_from_lonlat({180, 0}).x, 0u);
  EXPECT_EQ(grid_from_lonlat({179.9999999, 0}).x, 0u);
  EXPECT_EQ(grid_from_lonlat({179.999998, 0}).x, kGridMask);
}

TEST(Mercator, ReturnsToEveryGridPoint) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const GridPoint p{static_cast<std::uint32_t>(random()) & kGridMask,
                      static_cast<std::uint32_t>(random()) & kGridMask};

    ASSERT_EQ(grid_from_lonlat(lonlat_from_grid(p)), p);
    ASSERT_EQ(unpacked(packed(p)), p);
  }
  for (GridPoint p : {GridPoint{0, 0}, GridPoint{kGridMask, kGridMask}, GridPoint{1, kGridMask}}) {
    EXPECT_EQ(grid_from_lonlat(lonlat_from_grid(p)), p);
  }
}

TEST(Mercator, KeepsPositionsWithinHalfAStep) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> lon(-180, 179.99), lat(-85, 85);
  for (int i = 0; i < 20'000; ++i) {
    const LonLat p{lon(random), lat(random)};
    const WorldPoint was = world_from_lonlat(p);
    const WorldPoint is = world_from_grid(grid_from_lonlat(p));

    ASSERT_LE(std::abs(was.x - is.x) * kGridSize, 0.5 + 1e-6);
    ASSERT_LE(std::abs(was.y - is.y) * kGridSize, 0.5 + 1e-6);
  }
}

TEST(Mercator, MeasuresGreatCircles) {
  const double quarter = kEarthRadiusM * std::acos(-1.0) / 2;

  EXPECT_EQ(distance_m({120, 30}, {120, 30}), 0);
  EXPECT_NEAR(distance_m({0, 0}, {90, 0}), quarter, 1e-3);
  EXPECT_NEAR(distance_m({10, 90}, {77, 0}), quarter, 1e-3);
  EXPECT_NEAR(distance_m({0, 0}, {180, 0}), 2 * quarter, 1e-3);
  EXPECT_NEAR(distance_m({179.5, 0}, {-179.5, 0}), quarter / 90, 1e-3);
  // Beijing to Shanghai, 1067 km on the sphere.
  EXPECT_NEAR(distance_m({116.3975, 39.9087}, {121.4737, 31.2304}), 1'067'000, 2'000);
}

TEST(Mercator, StretchesWithLatitude) {
  EXPECT_NEAR(metres_per_world(0), 40'075'016.686, 0.001);
  EXPECT_NEAR(metres_per_world(60), 40'075'016.686 / 2, 0.001);
}

}  // namespace
}  // namespace fleet
