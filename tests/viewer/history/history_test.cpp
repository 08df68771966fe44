// A machine's history on the wall: the line through its values, spans, model, and reading it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "viewer/model/history_model.hpp"

namespace viewer {
namespace {

using fleet::Millis;
using fleet::Time;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const fleet::LocalDay kDay{std::chrono::year{2026} / 10 / 16};
const fleet::TimeZone kZone = fleet::shanghai();
const Time kMidnight = kZone.start_of(kDay);
/// 100 px for the day from 0 to 100 h, so that an hour is a column.
const Plot kPlot{{0, 0, 100, 50}, 0, 100, 0, 50};

std::vector<float> xs(const std::vector<LineColumn>& run) {
  std::vector<float> all;
  for (const LineColumn& column : run) all.push_back(column.x);
  return all;
}

TEST(ValueLine, ShowsAllThatFallsOnAColumnOfPixels) {
  const std::vector<ChartSample> samples{{10, 20}, {10.2, 45}, {10.4, 5}, {10.9, 30}, {12, 31}};
  const auto runs = line_columns(kPlot, samples, {});

  ASSERT_THAT(runs, SizeIs(1));
  ASSERT_THAT(runs[0], SizeIs(2));
  EXPECT_FLOAT_EQ(runs[0][0].first, 30);  // y grows downwards: 50 - 20
  EXPECT_FLOAT_EQ(runs[0][0].last, 20);
  EXPECT_FLOAT_EQ(runs[0][0].top, 5);
  EXPECT_FLOAT_EQ(runs[0][0].bottom, 45);
}

TEST(ValueLine, DoesNotGoThroughABreak) {
  const std::vector<ChartSample> samples{{10, 20}, {20, 20}, {40, 20}, {50, 20}};
  const std::vector<Span> breaks{{20, 40}};

  const auto runs = line_columns(kPlot, samples, breaks);
  ASSERT_THAT(runs, SizeIs(2));
  EXPECT_THAT(xs(runs[0]), ElementsAre(10, 20));
  EXPECT_THAT(xs(runs[1]), ElementsAre(40, 50));
}

TEST(ValueLine, GoesOnToWhatLiesBeyondTheEdgesUnlessThereIsABreak) {
  const Plot part{{0, 0, 100, 50}, 10, 20, 0, 50};
  const std::vector<ChartSample> across{{5, 10}, {25, 30}};
  const auto runs = line_columns(part, across, {});
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_THAT(xs(runs[0]), ElementsAre(0, 100));
  EXPECT_FLOAT_EQ(runs[0][0].first, 35);
  EXPECT_FLOAT_EQ(runs[0][1].first, 25);

  EXPECT_THAT(line_columns(part, across, std::vector<Span>{{5, 25}}), IsEmpty());
  const std::vector<ChartSample> inside{{5, 10}, {15, 20}, {30, 20}};
  EXPECT_THAT(xs(line_columns(part, inside, {}).at(0)), ElementsAre(0, 50, 100));
  EXPECT_THAT(xs(line_columns(part, inside, std::vector<Span>{{5, 15}}).at(0)),
              ElementsAre(50, 100));
  const std::vector<ChartSample> before{{1, 1}, {2, 2}};
  EXPECT_THAT(line_columns(part, before, {}), IsEmpty());
}

TEST(ValueLine, FindsTheNearestSampleOfThePartShown) {
  const std::vector<ChartSample> samples{{1, 10}, {2, 20}, {4, 40}};
  EXPECT_EQ(nearest_sample(samples, {0, 10}, 2.9), (ChartSample{2, 20}));
  EXPECT_EQ(nearest_sample(samples, {0, 10}, 3.1), (ChartSample{4, 40}));
  EXPECT_EQ(nearest_sample(samples, {3, 10}, 0), (ChartSample{4, 40}));
  EXPECT_FALSE(nearest_sample(samples, {5, 10}, 6));
  const auto range = range_of(samples, {1.5, 9});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->least, 20);
  EXPECT_EQ(range->most, 40);
  EXPECT_EQ(range->last, 40);
}

TEST(ValueLine, LeavesAirAroundAValueThatNeverChanges) {
  const Span axis = value_axis({5, 5, 5}, 0.1);
  EXPECT_LT(axis.from, 5);
  EXPECT_GT(axis.to, 5);
}

TEST(HistorySpans, HaveThePlayheadInThemAndTurnOverAsAWhole) {
  HistoryChoice choice;
  EXPECT_EQ(shown_span(choice, 25, 24.5).width_h, 25);
  choice.width_h = 6;
  EXPECT_EQ(shown_span(choice, 24, 5.99).from_h, 0);
  EXPECT_EQ(shown_span(choice, 24, 6.01).from_h, 6);
  EXPECT_EQ(shown_span(choice, 25, 24.9).from_h, 19);
  choice.from_h = 10;
  EXPECT_EQ(shown_span(choice, 24, 12).from_h, 10);
  EXPECT_EQ(shown_span(choice, 24, 17).from_h, 16);
  EXPECT_EQ(shown_span(choice, 24, 3).from_h, 0);
}

TEST(HistorySpans, ZoomAboutThePlaceUnderThePointerAndBackToTheDay) {
  HistoryChoice choice;
  zoom_history(choice, {0, 24}, 24, 0.5, 3);
  ASSERT_TRUE(choice.from_h);
  EXPECT_NEAR(*choice.from_h + choice.width_h / 2, 12, 1e-9);
  for (int i = 0; i < 60; ++i) zoom_history(choice, {*choice.from_h, choice.width_h}, 24, 0.5, 1);
  EXPECT_DOUBLE_EQ(choice.width_h, kLeastHistoryH);
  zoom_history(choice, {*choice.from_h, choice.width_h}, 24, 0.5, -100);
  EXPECT_FALSE(choice.from_h);
  EXPECT_EQ(choice.width_h, 24);
}

TEST(HistorySpans, StayWhereTheyWereDraggedOverWhereverThePlayheadIs) {
  HistoryChoice choice;
  zoom_to_dragged(choice, {0, 24}, 24, {0.75, 0.5});
  EXPECT_EQ(choice.from_h, 12);
  EXPECT_EQ(choice.width_h, 6);
  EXPECT_EQ(shown_span(choice, 24, 3).from_h, 12);
  zoom_to_dragged(choice, {12, 6}, 24, {0.5, 0.5});
  EXPECT_DOUBLE_EQ(choice.width_h, kLeastHistoryH);
  zoom_to_dragged(choice, {0, 25}, 25, {0, 1});
  EXPECT_EQ(shown_span(choice, 25, 3).width_h, 25);
  show_whole_day(choice);
  EXPECT_EQ(shown_span(choice, 24, 3).width_h, 24);
  EXPECT_FALSE(choice.pinned);
}

/// A report every minute from 8:00 to 9:00, and one at 10:00.
fleet::MachineHistory morning() {
  fleet::MachineHistory h;
  h.fields = {{"position", "", 1, 0, 0, false},
              {"rpm", "rpm", 1, 0, 8000, false},
              {"coolant_c", "degC", 0.1, -60, 200, false}};
  const auto report = [&](Time t, std::int64_t rpm) {
    h.reports.push_back(
        {t, t + Millis{40}, 60'000, 6, static_cast<std::uint32_t>(h.values.size())});
    h.values.insert(h.values.end(), {rpm, 805});
  };
  for (int m = 0; m <= 60; ++m) report(kMidnight + hours(8) + minutes(m), 1000 + m);
  report(kMidnight + hours(10), 900);
  h.from = kMidnight;
  h.to = h.until = kMidnight + hours(24);
  h.statuses = {{fleet::Status::working, kMidnight + hours(8), kMidnight + hours(9)},
                {fleet::Status::silent, kMidnight + hours(9), kMidnight + hours(10)},
                {fleet::Status::working, kMidnight + hours(10), h.until}};
  fleet::Alarm alarm;
  alarm.fault = {100, 1, 0, 1, fleet::Lamp::red_stop};
  alarm.severity = fleet::Severity::critical;
  alarm.occurred = kMidnight - hours(2);
  h.faults = {{alarm, kMidnight + hours(1)}};
  alarm.occurred = kMidnight + hours(8);
  h.faults.push_back({alarm, fleet::kNever});
  alarm.fault.spn = 96;
  alarm.severity = fleet::Severity::low;
  alarm.occurred = kMidnight - hours(3);
  h.faults.push_back({alarm, kMidnight - hours(1)});
  return h;
}

TEST(HistoryModels, HaveALaneForEachStateAndFaultOfTheDay) {
  const HistoryModel m = history_model(morning(), kZone, kDay, {});

  ASSERT_THAT(m.lanes, SizeIs(5));  // what ended the day before has none
  EXPECT_EQ(m.lanes[0].spans.size(), 2u);
  EXPECT_EQ(m.lanes[3].status, fleet::Status::silent);
  EXPECT_EQ(m.lanes[3].spans.at(0).from, 9);
  EXPECT_EQ(m.lanes[4].spn, 100);
  ASSERT_THAT(m.lanes[4].spans, SizeIs(2));
  EXPECT_EQ(m.lanes[4].spans[0].from, 0);
  EXPECT_EQ(m.lanes[4].spans[1].to, 24);
  ASSERT_THAT(m.breaks, SizeIs(1));
  EXPECT_EQ(m.breaks[0].from, 9);
  EXPECT_EQ(m.breaks[0].to, 10);
}

TEST(HistoryModels, ChartWhatWasChosenElseWhatTheMachineHas) {
  EXPECT_THAT(history_model(morning(), kZone, kDay, {}).listed, ElementsAre("rpm", "coolant_c"));
  EXPECT_EQ(history_model(morning(), kZone, kDay, {}).charts[0].field, "rpm");
  HistoryChoice choice;
  choice.fields = {"coolant_c", "never_heard_of"};
  const HistoryModel m = history_model(morning(), kZone, kDay, choice);
  EXPECT_EQ(m.charts[0].field, "coolant_c");
  EXPECT_EQ(m.charts[0].decimals, 1);
  EXPECT_DOUBLE_EQ(m.charts[0].samples.at(0).y, 80.5);
  EXPECT_EQ(m.charts[1].field, "rpm");
}

TEST(HistoryModels, ReadARealSampleAtThePlayheadOrUnderThePointer) {
  const fleet::MachineHistory history = morning();
  HistoryChoice choice;
  HistoryModel m = history_model(history, kZone, kDay, choice);
  place_history(m, history, kZone, kDay, choice, kMidnight + hours(8) + Millis{90'500});
  ASSERT_TRUE(m.charts[0].read_out);
  EXPECT_EQ(m.charts[0].read_out->y, 1001);
  EXPECT_EQ(m.charts[0].read_at, "08:01:00");

  choice.pointer = 9.7 / 24;
  place_history(m, history, kZone, kDay, choice, kMidnight + hours(8));
  EXPECT_EQ(m.charts[0].read_at, "10:00:00");
  EXPECT_EQ(m.pointer_status, fleet::Status::silent);

  place_history(m, history, kZone, kDay, {}, kMidnight + hours(7));
  EXPECT_FALSE(m.charts[0].read_out);  // nothing was known yet
}

TEST(HistoryModels, EndADayAtTwentyFourOClockAndCountHoursThatComeTwice) {
  const fleet::MachineHistory history = morning();
  HistoryModel m = history_model(history, kZone, kDay, {});
  place_history(m, history, kZone, kDay, {}, kMidnight);
  EXPECT_EQ(m.ticks.front().label, "00:00");
  EXPECT_EQ(m.ticks.back().label, "24:00");
  EXPECT_THAT(m.ticks, SizeIs(13));

  const fleet::TimeZone twice(
      "twice", {{fleet::time_from_ms(0), hours(8)}, {kMidnight + hours(3), hours(7)}});
  m = history_model(history, twice, kDay, {});
  EXPECT_EQ(m.day_h, 25);
  place_history(m, history, twice, kDay, {}, kMidnight);
  EXPECT_EQ(std::ranges::count(m.ticks, "02:00", &HistoryTick::label), 2);
  EXPECT_EQ(m.ticks.back().at_h, 25);
}

}  // namespace
}  // namespace viewer
