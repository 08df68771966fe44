// Scales and shapes of charts: ticks a person would draw, and gaps where nothing is known.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "viewer/charts/scale.hpp"
#include "viewer/charts/shapes.hpp"

namespace {

using namespace viewer;

constexpr float kGap = std::numeric_limits<float>::quiet_NaN();
constexpr float kEndless = std::numeric_limits<float>::infinity();

/// 240 px wide, so that an hour is 10 px; 100 px high.
Plot day_plot(double top = 10) {
  return {{100, 50, 340, 150}, 0, 24, 0, top};
}

std::vector<std::vector<Point>> lines(const std::vector<float>& values, double step = 1) {
  return line_runs(day_plot(), {values, 0, step});
}

TEST(RoundTicks, StandAtOneTwoAndFiveTimesAPowerOfTen) {
  EXPECT_EQ(round_ticks(0, 10, 3), (std::vector<double>{0, 5, 10}));
  EXPECT_EQ(round_ticks(0, 10, 6), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(round_ticks(0, 10, 11).size(), 11u);
  EXPECT_EQ(round_ticks(0, 9'700, 2), (std::vector<double>{0, 5'000}));
  EXPECT_EQ(round_ticks(980, 1'030, 3), (std::vector<double>{980, 1'000, 1'020}));
}

TEST(RoundTicks, NeverExceedTheirNumberAndAreEquallyFarApart) {
  for (double most = 0.0013; most < 1e7; most *= 1.37) {
    for (const std::size_t room : {1u, 2u, 3u, 5u, 10u}) {
      const std::vector<double> ticks = round_ticks(-most / 3, most, room);

      ASSERT_LE(ticks.size(), room) << most;
      ASSERT_GE(ticks.size(), 1u) << most;
      for (std::size_t i = 2; i < ticks.size(); ++i) {
        ASSERT_NEAR(ticks[i] - ticks[i - 1], ticks[1] - ticks[0], most * 1e-9);
      }
    }
  }
}

TEST(RoundTicks, ThereAreNoneOnARangeThatIsNone) {
  EXPECT_TRUE(round_ticks(5, 5, 4).empty());
  EXPECT_TRUE(round_ticks(6, 5, 4).empty());
  EXPECT_TRUE(round_ticks(0, std::nan(""), 4).empty());
  EXPECT_TRUE(round_ticks(0, std::numeric_limits<double>::infinity(), 4).empty());
}

TEST(ScaleTop, LiesALittleAboveTheLargestKnownValue) {
  EXPECT_DOUBLE_EQ(scale_top(std::vector<float>{1, 10'000, 30}), 10'500);
  EXPECT_DOUBLE_EQ(scale_top(std::vector<float>{kGap, 100, kEndless}), 105);
  EXPECT_DOUBLE_EQ(scale_top(std::vector<float>{100, 100, 100}), 105);
}

TEST(ScaleTop, IsOneWhereThereIsNothingAboveZero) {
  EXPECT_EQ(scale_top({}), 1);
  EXPECT_EQ(scale_top(std::vector<float>{0, 0, 0}), 1);
  EXPECT_EQ(scale_top(std::vector<float>{kGap, kEndless}), 1);
}

TEST(TickText, HasNoMoreDecimalsThanItsStepNeeds) {
  EXPECT_EQ(tick_text(10'000, 5'000), "10,000");
  EXPECT_EQ(tick_text(0.5, 0.5), "0.5");
  EXPECT_EQ(tick_text(0.02, 0.02), "0.02");
  EXPECT_EQ(tick_text(4, 2), "4");
}

TEST(HourStep, IsTheSmallestThatLeavesALabelFreeBetweenTwo) {
  EXPECT_EQ(hour_step(24 * 125, 50), 1);
  EXPECT_EQ(hour_step(24 * 124, 50), 2);
  EXPECT_EQ(hour_step(24 * 42, 50), 3);
  EXPECT_EQ(hour_step(24 * 21, 50), 6);
  EXPECT_EQ(hour_step(24 * 11, 50), 12);
  EXPECT_EQ(hour_step(10, 50), 24);
}

TEST(HourLabels, NeverTouchAndStayWithinThePlot) {
  for (float width = 60; width < 8'000; width *= 1.13f) {
    const Plot plot{{28, 0, 28 + width, 50}, 0, 24, 0, 1};

    const std::vector<AxisLabel> labels = hour_labels(plot, 37);

    ASSERT_GE(labels.size(), 1u);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      ASSERT_GE(labels[i].left, plot.rect.x0) << width;
      ASSERT_LE(labels[i].right, std::max(plot.rect.x1, plot.rect.x0 + 37)) << width;
      ASSERT_GE(labels[i].left, i > 0 ? labels[i - 1].right : 0) << width;
    }
  }
}

TEST(HourLabels, BeginAndEndWithTheDay) {
  const std::vector<AxisLabel> labels = hour_labels({{0, 0, 1'864, 50}, 0, 24, 0, 1}, 37);

  EXPECT_EQ(labels.front().hour, 0);
  EXPECT_EQ(labels.front().left, 0);
  EXPECT_EQ(labels.back().hour, 24);
  EXPECT_EQ(labels.back().right, 1'864);
  EXPECT_EQ(hour_text(6, true), "06:00");
  EXPECT_EQ(hour_text(18, false), "18");
}

TEST(LineRuns, PutValuesInTheirPlace) {
  const auto runs = lines({0, 5, 10});

  ASSERT_EQ(runs.size(), 1u);
  ASSERT_EQ(runs[0].size(), 3u);
  EXPECT_FLOAT_EQ(runs[0][0].x, 100);
  EXPECT_FLOAT_EQ(runs[0][0].y, 150);
  EXPECT_FLOAT_EQ(runs[0][1].x, 110);
  EXPECT_FLOAT_EQ(runs[0][1].y, 100);
  EXPECT_FLOAT_EQ(runs[0][2].y, 50);
}

TEST(LineRuns, WhatIsNotKnownIsAGapAndNoZero) {
  const auto runs = lines({1, 2, kGap, 3, kEndless, 4, 5});

  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].size(), 2u);
  EXPECT_EQ(runs[1].size(), 1u);
  EXPECT_EQ(runs[2].size(), 2u);
  for (const auto& run : runs) {
    for (const Point& p : run) EXPECT_LT(p.y, 150);
  }
}

TEST(LineRuns, ThereAreNoneWithoutData) {
  EXPECT_TRUE(lines({}).empty());
  EXPECT_TRUE(lines({kGap, kGap}).empty());
  EXPECT_TRUE(lines({1, 2}, 0).empty());
  EXPECT_TRUE(line_runs({{100, 50, 100, 150}, 0, 24, 0, 1}, {std::vector<float>{1, 2}}).empty());
}

TEST(LineRuns, OneValueIsOnePointAndEqualOnesAreLevel) {
  EXPECT_EQ(lines({7}).at(0).size(), 1u);
  const auto level = lines({4, 4, 4});
  EXPECT_EQ(level[0][0].y, level[0][2].y);
}

TEST(LineRuns, StayInsideThePlot) {
  const auto runs = lines({-5, 50, 3}, 12.5);

  ASSERT_EQ(runs.size(), 1u);
  ASSERT_EQ(runs[0].size(), 2u);  // the third stands after the day
  EXPECT_FLOAT_EQ(runs[0][0].y, 150);
  EXPECT_FLOAT_EQ(runs[0][1].y, 50);
}

TEST(AreaRuns, AreCutWhereTheyCrossAnEnd) {
  const std::vector<float> values{0, 10, 10};

  const auto runs = area_runs(day_plot(), {values, 0, 2}, {1, 3});

  ASSERT_EQ(runs.size(), 1u);
  ASSERT_EQ(runs[0].size(), 3u);
  EXPECT_FLOAT_EQ(runs[0][0].x, 110);
  EXPECT_FLOAT_EQ(runs[0][0].y, 100);  // half way up
  EXPECT_FLOAT_EQ(runs[0][2].x, 130);
}

TEST(AreaRuns, TheLastKnownValueHoldsForOneStep) {
  const std::vector<float> values{5, kGap, kGap, 5};

  const auto runs = area_runs(day_plot(), {values, 0, 1}, {0, 24});

  ASSERT_EQ(runs.size(), 2u);
  EXPECT_FLOAT_EQ(runs[0].back().x, 110);
  EXPECT_FLOAT_EQ(runs[1].front().x, 130);
  EXPECT_FLOAT_EQ(runs[1].back().x, 140);
}

TEST(AreaRuns, ThereAreNoneBetweenEndsInWrongOrder) {
  const std::vector<float> values{5, 5, 5};

  EXPECT_TRUE(area_runs(day_plot(), {values, 0, 1}, {3, 1}).empty());
  EXPECT_TRUE(area_runs(day_plot(), {values, 0, 1}, {20, 24}).empty());
}

TEST(LaneRects, AreCutToTheDayAndNeverTooThinToBeSeen) {
  const std::vector<Span> spans{{-2, 1}, {5, 5.01}, {23.99, 30}};

  const std::vector<Rect> rects = lane_rects(day_plot(), spans, 2);

  ASSERT_EQ(rects.size(), 3u);
  EXPECT_EQ(rects[0], (Rect{100, 50, 110, 150}));
  EXPECT_FLOAT_EQ(rects[1].width(), 2);
  EXPECT_FLOAT_EQ(rects[2].x1, 340);
  EXPECT_FLOAT_EQ(rects[2].width(), 2);
}

TEST(LaneRects, LeaveOutWhatIsBackwardsUnknownOrAnotherDay) {
  const std::vector<Span> spans{{3, 2}, {std::nan(""), 4}, {4, std::nan("")}, {30, 31}, {-3, -1}};

  EXPECT_TRUE(lane_rects(day_plot(), spans, 2).empty());
}

}  // namespace
