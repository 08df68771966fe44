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

/// The formula as readers in other languages write it down, with divisions.
GridPoint move_by_division(std::int64_t speed, std::int64_t heading, std::int64_t seconds,
                           std::int64_t y) {
  const std::int64_t z = (std::abs(y - std::int64_t{kGridSize} / 2) * 205887) >> 27;
  const std::int64_t square = (z * z) >> 16;
  std::int64_t sum = 65536 + square / 56;
  for (const int divisor : {30, 12, 2}) sum = 65536 + ((square * sum) >> 16) / divisor;
  const std::int64_t length = (speed * seconds * 12194 * sum) >> 16;
  const auto times_sine = [&](std::int64_t angle) {
    const std::int64_t half = angle % 1800, product = half * (1800 - half);
    const std::int64_t way = (length * 4 * product / (4'050'000 - product) + 32768) >> 16;
    return angle % 3600 < 1800 ? way : -way;
  };
  return {static_cast<std::uint32_t>(times_sine(heading)) & kGridMask,
          static_cast<std::uint32_t>(-times_sine(heading + 900)) & kGridMask};
}

TEST(ExpectedMove, IsTheFormulaOfReadersWithDivisionsToTheLastStep) {
  for (std::int64_t heading = 0; heading < 3600; ++heading) {
    for (const std::int64_t speed : {1, 2, 37, 600, 4999, 5000}) {
      for (const std::uint32_t y : {0u, 55'555'555u, kGridSize / 2, kGridMask}) {
        for (const std::int64_t seconds : {1, 3, 10}) {
          ASSERT_EQ(expected_move(speed, heading, seconds * 1000, y),
                    move_by_division(speed, heading, seconds, y))
              << speed << ", " << heading << ", " << y;
        }
      }
    }
  }
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
