#include "viewer/clock/pace.hpp"

#include <gtest/gtest.h>

namespace viewer {
namespace {

TEST(Pace, GoesUpAndDownTheLadderThroughAPause) {
  EXPECT_EQ(next_pace(1, 1), 2);
  EXPECT_EQ(next_pace(300, 1), 600);
  EXPECT_EQ(next_pace(1, -1), 0);
  EXPECT_EQ(next_pace(0, -1), -1);
  EXPECT_EQ(next_pace(-60, -1), -120);
  EXPECT_EQ(next_pace(-1, 1), 0);
  EXPECT_EQ(next_pace(0, 1), 1);
  EXPECT_EQ(next_pace(2, -3), -1);
}

TEST(Pace, EndsAtADayInAMinuteEitherWay) {
  EXPECT_EQ(next_pace(1440, 1), 1440);
  EXPECT_EQ(next_pace(-1440, -1), -1440);
  EXPECT_EQ(next_pace(5, 1000), 1440);
  EXPECT_EQ(next_pace(5, -1000), -1440);
}

TEST(Pace, GoesFromBetweenTwoRungsToTheNearerOneInThatDirection) {
  EXPECT_EQ(next_pace(30, 1), 60);
  EXPECT_EQ(next_pace(30, -1), 20);
  EXPECT_EQ(next_pace(-0.5, -1), -1);
  EXPECT_EQ(next_pace(-0.5, 1), 0);
  EXPECT_EQ(next_pace(30, 0), 30);
}

}  // namespace
}  // namespace viewer
