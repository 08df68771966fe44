#include "fleet/motion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace fleet {
namespace {

std::int64_t steps(std::uint32_t v) {
  return v >= kGridSize / 2 ? static_cast<std::int64_t>(v) - kGridSize : v;
}

TEST(ExpectedMove, IsWithinHalfAPercentOfTheSphereEverywhere) {
  for (const double lat : {-84.0, -40.0, 0.0, 31.0, 52.0, 70.0, 84.0}) {
    const std::uint32_t y = grid_from_lonlat({0, lat}).y;
    for (int heading = 0; heading < 3600; heading += 7) {
      const GridPoint move = expected_move(600, heading, 1000, y);

      const double metres = 60 / 3.6;
      const double length =
          metres * kGridSize / 40'075'016.686 / std::cos(lat * std::numbers::pi / 180);
      const double angle = heading * std::numbers::pi / 1800;
      const double limit = 0.005 * length + 0.5;
      EXPECT_NEAR(static_cast<double>(steps(move.x)), length * std::sin(angle), limit) << lat;
      EXPECT_NEAR(static_cast<double>(steps(move.y)), -length * std::cos(angle), limit) << lat;
    }
  }
}

// Readers in other languages must come to the very same steps.
TEST(ExpectedMove, GivesTheseSteps) {
  EXPECT_EQ(expected_move(123, 450, 1000, 109'000'000), (GridPoint{19, (0u - 19) & kGridMask}));
  EXPECT_EQ(expected_move(600, 900, 1000, 134'217'728), (GridPoint{112, 0}));
  EXPECT_EQ(expected_move(5000, 2700, 10'000, 134'217'728),
            (GridPoint{(0u - 9303) & kGridMask, 0}));
}

TEST(ExpectedMove, IsNothingBelowHalfASecondAndBeyondTen) {
  const GridPoint second = expected_move(600, 900, 1000, kGridSize / 2);

  EXPECT_EQ(expected_move(600, 900, 499, kGridSize / 2), GridPoint{});
  EXPECT_EQ(expected_move(600, 900, 500, kGridSize / 2), second);
  EXPECT_EQ(expected_move(600, 900, 1499, kGridSize / 2), second);
  EXPECT_NE(expected_move(600, 900, 10'499, kGridSize / 2), GridPoint{});
  EXPECT_EQ(expected_move(600, 900, 10'500, kGridSize / 2), GridPoint{});
}

TEST(ExpectedMove, IsNothingWithoutABelievableSpeed) {
  EXPECT_EQ(expected_move(0, 900, 1000, kGridSize / 2), GridPoint{});
  EXPECT_EQ(expected_move(-1, 900, 1000, kGridSize / 2), GridPoint{});
  EXPECT_NE(expected_move(5000, 900, 1000, kGridSize / 2), GridPoint{});
  EXPECT_EQ(expected_move(5001, 900, 1000, kGridSize / 2), GridPoint{});
}

TEST(ExpectedMove, TakesAnyHeadingAndAnyTime) {
  const GridPoint east = expected_move(600, 900, 1000, kGridSize / 2);

  EXPECT_EQ(expected_move(600, 900 - 3600, 1000, kGridSize / 2), east);
  EXPECT_EQ(expected_move(600, INT64_MIN, INT64_MIN, 0), GridPoint{});
  EXPECT_EQ(expected_move(INT64_MAX, INT64_MAX, INT64_MAX, UINT32_MAX), GridPoint{});
}

}  // namespace
}  // namespace fleet
