#include "fleet/floor_mod.hpp"

#include <gtest/gtest.h>

namespace fleet {
namespace {

TEST(FloorMod, GoesOnBelowZeroAsAboveIt) {
  for (std::int64_t value = -20; value <= 20; ++value) {
    const std::int64_t rest = floor_mod(value, 7);

    EXPECT_GE(rest, 0) << value;
    EXPECT_LT(rest, 7) << value;
    EXPECT_EQ((value - rest) % 7, 0) << value;
  }
}

TEST(FloorMod, HoldsToTheEndsOfItsNumbers) {
  EXPECT_EQ(floor_mod(INT64_MIN, 10), 2);
  EXPECT_EQ(floor_mod(INT64_MAX, 10), 7);
  EXPECT_EQ(floor_mod(INT64_MAX - 1, INT64_MAX), INT64_MAX - 1);
  EXPECT_EQ(floor_mod(-1, INT64_MAX), INT64_MAX - 1);
}

}  // namespace
}  // namespace fleet
