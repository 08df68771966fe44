#include "fleet/datum.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace fleet {
namespace {

constexpr Datum kShifted[] = {Datum::gcj02, Datum::bd09};

/// Every third of a degree or so of the box, off the round numbers.
std::vector<LonLat> china() {
  std::vector<LonLat> grid;
  for (double lon = 72.05; lon < 137.8; lon += 0.3713)
    for (double lat = 0.85; lat < 55.8; lat += 0.3711) grid.push_back({lon, lat});
  return grid;
}

TEST(Datum, MovesAPlaceInBeijingAsPublished) {
  const LonLat moved = from_wgs84({116.404, 39.915}, Datum::gcj02);

  EXPECT_NEAR(moved.lon_deg, 116.41024449916938, 1e-12);
  EXPECT_NEAR(moved.lat_deg, 39.91640428150164, 1e-12);
}

TEST(Datum, MovesBaiduOnFromGcj02NorthEast) {
  const LonLat gcj02 = from_wgs84({116.404, 39.915}, Datum::gcj02);

  const LonLat bd09 = from_wgs84({116.404, 39.915}, Datum::bd09);

  EXPECT_NEAR(bd09.lon_deg - gcj02.lon_deg, 0.0065, 0.0004);
  EXPECT_NEAR(bd09.lat_deg - gcj02.lat_deg, 0.006, 0.0004);
}

TEST(Datum, ComesBackToATenthOfAMillimetreAllOverChina) {
  for (const Datum datum : kShifted) {
    for (const LonLat place : china()) {
      const LonLat back = to_wgs84(from_wgs84(place, datum), datum);

      EXPECT_LT(distance_m(back, place), 1e-4) << place.lon_deg << " " << place.lat_deg;
    }
  }
}

TEST(Datum, ComesBackWhereTheFormulaHasARoot) {
  // At lon 105 the slope of its root is without bound.
  for (const double lon : {105 - 1e-7, 105.0, 105 + 1e-9, 105 + 1e-5}) {
    const LonLat back = to_wgs84(from_wgs84({lon, 30.3}, Datum::gcj02), Datum::gcj02);

    EXPECT_LT(distance_m(back, {lon, 30.3}), 1e-4) << lon;
  }
}

TEST(Datum, MovesByMoreThanAMachineAndLessThanAMile) {
  for (const Datum datum : kShifted) {
    for (const LonLat place : china()) {
      const double metres = distance_m(from_wgs84(place, datum), place);

      EXPECT_GT(metres, 10) << place.lon_deg << " " << place.lat_deg;
      EXPECT_LT(metres, 1600) << place.lon_deg << " " << place.lat_deg;
    }
  }
}

TEST(Datum, LeavesTheRestOfTheWorldAsItIs) {
  const LonLat places[] = {{-74, 40.7}, {2.35, 48.86}, {151.2, -33.9},  {0, 0},
                           {180, 85},   {-180, -85},   {139.69, 35.69}, {105, 60}};
  for (const Datum datum : kShifted) {
    for (const LonLat place : places) {
      EXPECT_EQ(from_wgs84(place, datum), place);
      EXPECT_EQ(to_wgs84(place, datum), place);
    }
  }
}

TEST(Datum, LeavesWgs84AsItIs) {
  EXPECT_EQ(from_wgs84({116.404, 39.915}, Datum::wgs84), (LonLat{116.404, 39.915}));
  EXPECT_EQ(to_wgs84({116.404, 39.915}, Datum::wgs84), (LonLat{116.404, 39.915}));
}

TEST(Datum, ShiftsUpToTheEdgeOfItsBoxAndNotBeyond) {
  const double edge = kShiftedNorthEast.lon_deg;

  EXPECT_NE(from_wgs84({edge, 40}, Datum::gcj02), (LonLat{edge, 40}));
  EXPECT_EQ(from_wgs84({edge + 1e-9, 40}, Datum::gcj02), (LonLat{edge + 1e-9, 40}));
}

TEST(Datum, TakesThePlaceWithinWhereTheEdgeMakesTwo) {
  // East of the edge by less than the shift: a place outside, and the image of one within.
  const LonLat within{kShiftedNorthEast.lon_deg - 1e-6, 40};
  const LonLat image = from_wgs84(within, Datum::gcj02);
  ASSERT_GT(image.lon_deg, kShiftedNorthEast.lon_deg);

  EXPECT_LT(distance_m(to_wgs84(image, Datum::gcj02), within), 1e-4);
}

TEST(Datum, TakesThePlaceItselfWhereTheEdgeLeavesAHole) {
  // Just east of the western edge: whatever is within falls further east.
  const LonLat hole{kShiftedSouthWest.lon_deg + 1e-6, 40};
  ASSERT_GT(from_wgs84(hole, Datum::gcj02).lon_deg, hole.lon_deg);

  EXPECT_EQ(to_wgs84(hole, Datum::gcj02), hole);
}

TEST(Datum, HandsBackWhatIsNoNumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();

  EXPECT_TRUE(std::isnan(to_wgs84({nan, 40}, Datum::bd09).lon_deg));
  EXPECT_TRUE(std::isnan(from_wgs84({nan, 40}, Datum::bd09).lon_deg));
}

}  // namespace
}  // namespace fleet
