#include "fleet/rhythm.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace fleet {
namespace {

using std::chrono::hours;
using test::at_ms;
using test::at_s;
using test::kMidnight;
using test::state_with;
using test::tick_at;

/// The gateway's order of calls for one machine: learn, accumulate, accept, publish.
class Observed {
 public:
  explicit Observed(TimeZone zone = TimeZone::fixed("UTC", {})) : day_(std::move(zone)) {}

  void take(Time t, std::map<FieldId, std::int64_t> values = {}) {
    AcceptedRow row{0, t, t, 0, {}};
    std::vector<std::int64_t> raw;
    for (const auto& [field, value] : values) {
      row.fields |= FieldMask{1} << field;
      raw.push_back(value);
    }
    row.values = raw;
    const std::int32_t period = rhythm_.observe(state_, row);
    const DayFigures figures = day_.observe(state_, state_.figures(0), row);
    TickBatch tick = tick_at(t);
    state_.accept(row, tick);
    if (period != state_.head(0).period_ms) {
      state_.set_period(0, period, tick);
      ++published_;
    }
    state_.set_figures(0, figures);
  }

  std::int32_t period_ms() const { return state_.head(0).period_ms; }
  int published() const { return published_; }
  const DayFigures& figures() const { return state_.figures(0); }

 private:
  FleetState state_ = state_with(1);
  RhythmLearner rhythm_;
  DayAccumulator day_;
  int published_ = 0;
};

TEST(RhythmLearner, LearnsAPeriodFromFiveReports) {
  Observed o;
  for (int i = 0; i < 4; ++i) o.take(at_s(60 * i));
  EXPECT_EQ(o.period_ms(), 0);

  o.take(at_s(240));

  EXPECT_EQ(o.period_ms(), 60'000);
}

TEST(RhythmLearner, KeepsSeparateRhythmsForEngineOnAndOff) {
  Observed o;
  Time t = at_s(0);
  for (int i = 0; i < 6; ++i) o.take(t += std::chrono::seconds{60}, {{kEngineOn, 1}});
  EXPECT_EQ(o.period_ms(), 60'000);

  o.take(t += std::chrono::seconds{60}, {{kEngineOn, 0}});
  EXPECT_EQ(o.period_ms(), 0);  // how often it reports when parked is not known yet
  for (int i = 0; i < 6; ++i) o.take(t += hours{1}, {{kEngineOn, 0}});
  EXPECT_EQ(o.period_ms(), 3'600'000);

  o.take(t += hours{1}, {{kEngineOn, 1}});
  EXPECT_EQ(o.period_ms(), 60'000);
}

TEST(RhythmLearner, IsNotMovedByATunnel) {
  Observed o;
  Time t = at_s(0);
  for (int i = 0; i < 6; ++i) o.take(t += std::chrono::seconds{60});

  o.take(t += hours{3});
  o.take(t += std::chrono::seconds{60});
  o.take(t += hours{2});

  EXPECT_EQ(o.period_ms(), 60'000);
}

TEST(RhythmLearner, LearnsANewRhythmInThreeReports) {
  Observed o;
  Time t = at_s(0);
  for (int i = 0; i < 6; ++i) o.take(t += std::chrono::seconds{60});

  for (int i = 0; i < 3; ++i) o.take(t += std::chrono::seconds{300});

  EXPECT_EQ(o.period_ms(), 300'000);
}

TEST(RhythmLearner, PublishesOnlyChangesOfMoreThanAnEighth) {
  Observed o;
  Time t = at_s(0);
  for (int i = 0; i < 6; ++i) o.take(t += Millis{80'000});
  EXPECT_EQ(o.published(), 1);

  for (int i = 0; i < 6; ++i) o.take(t += Millis{90'000});
  EXPECT_EQ(o.period_ms(), 80'000);
  for (int i = 0; i < 6; ++i) o.take(t += Millis{90'001});
  EXPECT_EQ(o.period_ms(), 90'001);
  EXPECT_EQ(o.published(), 2);
}

TEST(RhythmLearner, IgnoresLateReports) {
  Observed o;
  for (int i = 0; i < 6; ++i) {
    o.take(at_s(600 * i));
    o.take(at_s(600 * i - 100));
  }

  EXPECT_EQ(o.period_ms(), 600'000);
}

TEST(RhythmLearner, TakesMessagesWithinHalfASecondAsOneReport) {
  Observed o;
  for (int i = 0; i < 6; ++i) {
    o.take(at_s(60 * i));
    o.take(at_ms(60'000 * i + 499));
  }

  EXPECT_EQ(o.period_ms(), 60'000);
}

TEST(RhythmLearner, StaysBetweenASecondAndADay) {
  Observed fast, slow;
  for (int i = 0; i < 40; ++i) fast.take(at_ms(100 * i));
  for (int i = 0; i < 6; ++i) slow.take(kMidnight + hours{25 * i});

  EXPECT_EQ(fast.period_ms(), 1000);
  EXPECT_EQ(slow.period_ms(), 86'400'000);
}

TEST(DayAccumulator, TakesHoursFromTheCounter) {
  Observed o;
  o.take(at_s(36'000), {{kEngineHours, 10'000}, {kIdleHours, 2'000}, {kFuelUsedL, 50'000}});
  EXPECT_EQ(o.figures().engine_s, 0);

  o.take(at_s(39'600), {{kEngineHours, 10'075}, {kIdleHours, 2'025}, {kFuelUsedL, 50'123}});

  EXPECT_EQ(o.figures().engine_s, 2700);
  EXPECT_EQ(o.figures().idle_s, 900);
  EXPECT_EQ(o.figures().working_s(), 1800);
  EXPECT_EQ(o.figures().fuel_dl, 123);
}

TEST(DayAccumulator, ContinuesTheDaysFirstValueFromThePreviousOne) {
  Observed o;
  o.take(at_s(-60), {{kEngineHours, 10'000}});
  o.take(at_s(60), {{kEngineHours, 10'002}});

  EXPECT_EQ(o.figures().engine_s, 72);
  EXPECT_EQ(o.figures().day, kMidnight.time_since_epoch() / std::chrono::days{1});
}

TEST(DayAccumulator, GivesADayNoMoreThanHasPassedOfIt) {
  Observed o;
  o.take(at_s(-86'400 * 3), {{kEngineHours, 10'000}});
  o.take(at_s(7200), {{kEngineHours, 13'000}});  // 30 h in three days, seen at 02:00

  EXPECT_EQ(o.figures().engine_s, 7200 + 3600);
}

TEST(DayAccumulator, CountsNothingForAResetOrASwappedCounter) {
  Observed o;
  o.take(at_s(0), {{kEngineHours, 500'000}, {kFuelUsedL, 500'000}});
  o.take(at_s(60), {{kEngineHours, 100}, {kFuelUsedL, 10}});
  EXPECT_EQ(o.figures().engine_s, 0);

  o.take(at_s(120), {{kEngineHours, 102}, {kFuelUsedL, 12}});
  EXPECT_EQ(o.figures().engine_s, 72);
  EXPECT_EQ(o.figures().fuel_dl, 2);

  o.take(at_s(180), {{kEngineHours, 900'000}, {kFuelUsedL, 900'000}});
  EXPECT_EQ(o.figures().engine_s, 72);
  EXPECT_EQ(o.figures().fuel_dl, 2);
}

TEST(DayAccumulator, TakesCountersOfWholeHours) {
  Observed o;
  o.take(at_s(36'000), {{kEngineHours, 1'000'00}});
  o.take(at_s(36'060), {{kEngineHours, 1'001'00}});

  EXPECT_EQ(o.figures().engine_s, 3600);
}

TEST(DayAccumulator, ReplacesAValueThatLostAConflict) {
  Observed o;
  o.take(at_s(36'000), {{kEngineHours, 10'000}});
  o.take(at_s(36'600), {{kEngineHours, 10'010}});
  o.take(at_s(36'600), {{kEngineHours, 10'005}});

  EXPECT_EQ(o.figures().engine_s, 5 * 36);
}

TEST(DayAccumulator, CountsTimeWithTheEngineOnWhereThereIsNoCounter) {
  Observed o;
  Time t = at_s(0);
  o.take(t, {{kEngineOn, 1}, {kWorking, 1}});
  o.take(t += std::chrono::seconds{600}, {{kWorking, 0}});
  o.take(t += std::chrono::seconds{300}, {{kEngineOn, 0}});
  o.take(t += std::chrono::seconds{600}, {});

  EXPECT_EQ(o.figures().engine_s, 900);
  EXPECT_EQ(o.figures().idle_s, 300);
}

TEST(DayAccumulator, CountsNothingForAGapOfMoreThanThreePeriods) {
  Observed o;
  Time t = at_s(0);
  for (int i = 0; i < 6; ++i) o.take(t = at_s(60 * i), {{kEngineOn, 1}, {kWorking, 1}});
  ASSERT_EQ(o.period_ms(), 60'000);
  ASSERT_EQ(o.figures().engine_s, 300);

  o.take(t += Millis{180'001});
  EXPECT_EQ(o.figures().engine_s, 300);
  o.take(t += Millis{180'000});
  EXPECT_EQ(o.figures().engine_s, 480);
}

TEST(DayAccumulator, LosesNoPartsOfSeconds) {
  Observed o;
  for (int i = 0; i <= 1000; ++i) o.take(at_ms(1700 * i), {{kEngineOn, 1}});

  EXPECT_EQ(o.figures().engine_s, 1700);
}

TEST(DayAccumulator, SplitsTimeAtLocalMidnight) {
  Observed o(shanghai());
  const Time midnight = parse_time("2026-10-16T00:00+08:00").value();
  o.take(midnight - std::chrono::seconds{100}, {{kEngineOn, 1}});
  const DayFigures yesterday = o.figures();

  o.take(midnight + std::chrono::seconds{200}, {});

  EXPECT_EQ(yesterday.day + 1, o.figures().day);
  EXPECT_EQ(o.figures().engine_s, 200);
  EXPECT_EQ(o.figures().first_start, midnight + std::chrono::seconds{200});
}

TEST(DayAccumulator, KnowsTheFirstReportWithTheEngineOn) {
  Observed o;
  o.take(at_s(0), {{kEngineOn, 0}});
  EXPECT_EQ(o.figures().first_start, kNever);
  o.take(at_s(100), {{kEngineOn, 1}});
  o.take(at_s(200), {{kEngineOn, 0}});
  o.take(at_s(300), {{kEngineOn, 1}});
  EXPECT_EQ(o.figures().first_start, at_s(100));

  o.take(at_s(50), {{kEngineOn, 1}});  // late
  EXPECT_EQ(o.figures().first_start, at_s(50));
}

TEST(DayAccumulator, LeavesADayThatIsOverAlone) {
  Observed o;
  o.take(at_s(10), {{kEngineHours, 10'000}, {kEngineOn, 1}});
  const DayFigures before = o.figures();

  o.take(at_s(-10), {{kEngineHours, 9'999}, {kEngineOn, 1}});

  EXPECT_EQ(o.figures(), before);
}

TEST(DayAccumulator, HandlesDaysOf23And25Hours) {
  const TimeZone berlin("Europe/Berlin", {{parse_time("2025-10-26T01:00Z").value(), hours{1}},
                                          {parse_time("2026-03-29T01:00Z").value(), hours{2}},
                                          {parse_time("2026-10-25T01:00Z").value(), hours{1}}});
  for (const auto& [day, length] : {std::pair{"2026-03-29", 23}, {"2026-10-25", 25}}) {
    Observed o(berlin);
    const Time begin = berlin.start_of(parse_day(day).value());
    for (Time t = begin; t < begin + hours{length}; t += std::chrono::minutes{20}) {
      o.take(t, {{kEngineOn, 1}});
    }

    EXPECT_EQ(o.figures().engine_s, length * 3600 - 1200) << day;
  }
}

}  // namespace
}  // namespace fleet
