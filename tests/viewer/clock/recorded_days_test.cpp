#include "net/recording/recorded_days.hpp"

#include <gtest/gtest.h>

#include "viewer/clock/jump.hpp"
#include "viewer/model/band_model.hpp"
#include "viewer/model/calendar_model.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using fleet::Severity;

const fleet::LocalDay kFriday = *fleet::parse_day("2026-10-16");

fleet::Time at(const char* text) {
  const fleet::TimeZone zone = fleet::shanghai();
  return *fleet::parse_time(text, &zone);
}

/// Recorded from 08:00 to 20:00.
net::RecordedDay day_of(fleet::LocalDay date) {
  net::RecordedDay day;
  day.overview.day = date;
  day.overview.midnight = fleet::shanghai().start_of(date);
  day.overview.begin = day.overview.midnight + 8h;
  day.overview.end = day.overview.midnight + 20h;
  day.overview.working.fill(net::DayOverview::kNotKnown);
  day.read = true;
  return day;
}

/// Friday and Monday, of two runs of the gateway.
net::RecordedDays two_days() {
  net::RecordedDays days;
  days.days = {day_of(kFriday), day_of(kFriday + std::chrono::days{3})};
  for (std::size_t i = 0; i < 2; ++i)
    days.days[i].overview.first_epoch = days.days[i].overview.last_epoch = i + 1;
  return days;
}

TEST(RecordedDays, FindsADayAndTheNearestThatHasData) {
  const net::RecordedDays days = two_days();
  const auto nearest = [&](int offset) {
    return days.nearest(kFriday + std::chrono::days{offset})->overview.day - kFriday;
  };

  EXPECT_EQ(days.find(kFriday), &days.days[0]);
  EXPECT_EQ(days.find(kFriday + std::chrono::days{1}), nullptr);
  EXPECT_EQ(nearest(-30), 0 * std::chrono::days{1});
  EXPECT_EQ(nearest(1), std::chrono::days{0});
  EXPECT_EQ(nearest(2), std::chrono::days{3});
  EXPECT_EQ(nearest(30), std::chrono::days{3});
  EXPECT_EQ(net::RecordedDays{}.nearest(kFriday), nullptr);
}

TEST(RecordedDays, StepFromAlarmToAlarmAcrossDaysAndLeaveOutLowOnes) {
  net::RecordedDays days = two_days();
  const fleet::Time first = days.days[0].overview.begin + 1h;
  const fleet::Time second = days.days[1].overview.begin + 2h;
  days.days[0].raised = {{first, Severity::critical}, {first + 5min, Severity::low}};
  days.days[1].raised = {{second - 5min, Severity::low}, {second, Severity::medium}};

  EXPECT_EQ(days.next_alarm(first - 1s), first);
  EXPECT_EQ(days.next_alarm(first), second);
  EXPECT_EQ(days.next_alarm(second), std::nullopt);
  EXPECT_EQ(days.previous_alarm(second), first);
  EXPECT_EQ(days.previous_alarm(second + 1ms), second);
  EXPECT_EQ(days.previous_alarm(first), std::nullopt);
}

TEST(RecordedDays, CountMachineHoursOfStepsThatAreKnown) {
  net::RecordedDays days = two_days();
  days.days[0].overview.working[100] = 24;
  days.days[0].overview.working[101] = 12;

  EXPECT_DOUBLE_EQ(worked_h(days.days[0].overview), 3);
  EXPECT_DOUBLE_EQ(worked_h(days.days[1].overview), 0);
  EXPECT_DOUBLE_EQ(days.most_worked_h(), 3);
}

Jump jump(const char* text, const net::RecordedDays& days) {
  const fleet::TimeZone zone = fleet::shanghai();
  return read_jump(text, {at("2026-10-19 20:00:00"), at("2026-10-16 12:00:00"), zone}, days,
                   at("2026-10-16 08:00:00"), at("2026-10-19 20:00:00"));
}

TEST(Jump, GoesWhereItIsToldWhenThereIsData) {
  const Jump to = jump("10-19 14:32", two_days());

  EXPECT_EQ(to.model.state, JumpModel::State::understood);
  EXPECT_EQ(to.to, at("2026-10-19 14:32:00"));
  EXPECT_EQ(to.model.to.weekday, 1);
}

TEST(Jump, OffersTheNearestDayAtTheSameTimeOfDay) {
  const Jump to = jump("2026-10-18 14:32", two_days());

  EXPECT_EQ(to.model.state, JumpModel::State::other_day);
  EXPECT_EQ(to.model.said.day, 18);
  EXPECT_EQ(to.to, at("2026-10-19 14:32:00"));
}

TEST(Jump, StaysWithinTheDataOfTheDay) {
  const Jump early = jump("10-19 6:00", two_days());
  EXPECT_EQ(early.model.state, JumpModel::State::other_time);
  EXPECT_EQ(early.to, at("2026-10-19 08:00:00"));

  EXPECT_EQ(jump("2025-01-01 6:00", two_days()).to, at("2026-10-16 08:00:00"));
}

TEST(Jump, GoesByTheRangeWhereDaysAreNotKnown) {
  EXPECT_EQ(jump("2027-01-01 6:00", {}).to, at("2026-10-19 20:00:00"));
  EXPECT_EQ(jump("2026-10-18 6:00", {}).to, at("2026-10-18 06:00:00"));
}

TEST(Jump, GoesNowhereWithWhatIsNotUnderstood) {
  for (const char* text : {"", "hello", "2026-02-30", "25:00"}) {
    EXPECT_FALSE(jump(text, two_days()).to) << text;
  }
  EXPECT_EQ(jump("2026-02-30", two_days()).model.state, JumpModel::State::no_such_day);
}

TEST(BandDays, AreADayAWeekFromMondayOrAMonth) {
  EXPECT_EQ(band_days(BandSpan::day, kFriday), (BandDays{kFriday, 1}));
  EXPECT_EQ(band_days(BandSpan::week, kFriday), (BandDays{kFriday - std::chrono::days{4}, 7}));
  EXPECT_EQ(band_days(BandSpan::week, kFriday + std::chrono::days{2}).first,
            kFriday - std::chrono::days{4})
      << "Sunday ends the week";
  EXPECT_EQ(band_days(BandSpan::month, kFriday), (BandDays{kFriday - std::chrono::days{15}, 31}));
  EXPECT_EQ(band_days(BandSpan::month, *fleet::parse_day("2028-02-29")).count, 29);
}

class BandOfDays : public ::testing::Test {
 protected:
  TimeBandModel band(BandSpan span) const {
    return band_model(view_, at("2026-10-16 12:00:00"), span, days_);
  }
  BandTip tip(BandSpan span, double hour) const {
    return band_tip(band(span), days_, view_.zone(), band_days(span, kFriday), hour);
  }

  fleet::Atlas atlas_;
  FleetView view_{atlas_, fleet::shanghai()};
  net::RecordedDays days_ = two_days();
};

TEST_F(BandOfDays, ShowsTheWholeDayAndItsAlarms) {
  for (std::size_t step = 0; step < 288; ++step) days_.days[0].overview.working[step] = 7;
  days_.days[0].raised = {{at("2026-10-16 14:30:00"), Severity::high},
                          {at("2026-10-16 15:00:00"), Severity::low}};

  const TimeBandModel m = band(BandSpan::day);

  EXPECT_EQ(m.hours(), 24);
  EXPECT_EQ(m.playhead_h, 12);
  ASSERT_EQ(m.activity.size(), 288u);
  EXPECT_EQ(m.activity[287], 7) << "what was behind the playhead too";
  ASSERT_EQ(m.alarms.size(), 1u) << "low ones are counted only";
  EXPECT_EQ(m.alarms[0].hour, 14.5);
}

TEST_F(BandOfDays, AveragesKnownStepsOfLongerSpans) {
  for (std::size_t step = 0; step < 288; ++step)
    days_.days[0].overview.working[step] = step % 2 == 0 ? 6 : net::DayOverview::kNotKnown;

  const TimeBandModel week = band(BandSpan::week), month = band(BandSpan::month);

  EXPECT_EQ(week.hours(), 168);
  EXPECT_EQ(week.playhead_h, 4 * 24 + 12);
  ASSERT_EQ(week.activity.size(), 7u * 96);
  EXPECT_EQ(week.activity[4 * 96 + 1], 6);
  EXPECT_TRUE(std::isnan(week.activity[3 * 96])) << "nothing is known of Thursday";
  EXPECT_EQ(month.days.size(), 31u);
  ASSERT_EQ(month.activity.size(), 31u * 24);
  EXPECT_EQ(month.activity[15 * 24], 6);
}

TEST_F(BandOfDays, HatchesWhatIsMissingBetweenRecordedDaysAndWithinThem) {
  days_.days[0].overview.gaps = {
      {at("2026-10-16 10:00:00"), at("2026-10-16 11:00:00"), net::DayGap::Why::no_reports}};

  const TimeBandModel day = band(BandSpan::day);
  const TimeBandModel week = band_model(view_, at("2026-10-16 12:00:00"), BandSpan::week, days_);

  ASSERT_EQ(day.gaps.size(), 2u) << "before all data nothing is missing";
  EXPECT_EQ(day.gaps[0].from_h, 10);
  EXPECT_EQ(day.gaps[0].why, GapWhy::no_reports);
  EXPECT_EQ(day.gaps[1].from_h, 20);
  EXPECT_EQ(day.gaps[1].to_h, 24);
  EXPECT_EQ(day.gaps[1].why, GapWhy::off);
  ASSERT_EQ(week.gaps.size(), 3u);
  EXPECT_EQ(week.gaps[2].from_h, 5 * 24) << "Saturday and Sunday";
  EXPECT_EQ(week.gaps[2].to_h, 7 * 24);
}

TEST_F(BandOfDays, TellsWhatWentOnUnderThePointer) {
  net::DayOverview& friday = days_.days[0].overview;
  friday.working.fill(5);
  friday.reports[150] = 40;
  friday.reports[151] = 2;
  friday.raised[150][0] = 3;

  const BandTip of_day = tip(BandSpan::day, 12.51);
  const BandTip of_week = tip(BandSpan::week, 4 * 24 + 12.51);

  EXPECT_TRUE(of_day.counted);
  EXPECT_EQ(of_day.from.minute, 30);
  EXPECT_EQ(of_day.until.minute, 35);
  EXPECT_EQ(of_day.working, 5);
  EXPECT_EQ(of_day.reports, 40);
  EXPECT_EQ(of_day.raised[0], 3u);
  EXPECT_EQ(of_week.until.minute, 45);
  EXPECT_EQ(of_week.reports, 42) << "of a quarter of an hour";
}

TEST_F(BandOfDays, SaysWhyNothingIsKnown) {
  const BandTip gap = tip(BandSpan::day, 22);

  EXPECT_EQ(gap.gap, GapWhy::off);
  EXPECT_EQ(gap.from.hour, 20);
  EXPECT_EQ(gap.until.hour, 0);
  EXPECT_FALSE(tip(BandSpan::week, 1).counted);
  EXPECT_FALSE(known(tip(BandSpan::week, 1).working));
}

TEST_F(BandOfDays, TellsOfItsLastStepAtItsVeryEnd) {
  days_.days.resize(1);
  days_.days[0].overview.reports[287] = 9;

  const BandTip end = tip(BandSpan::day, 24);

  EXPECT_EQ(end.from.minute, 55);
  EXPECT_EQ(end.reports, 9);
}

TEST(Calendar, ShowsThreeMonthsAndWhichOfTheirDaysHaveData) {
  net::RecordedDays days = two_days();
  days.days[0].overview.working.fill(10);

  const CalendarModel m =
      calendar_model(days, std::chrono::year{2026} / std::chrono::October, kFriday);

  ASSERT_EQ(m.months.size(), 3u);
  EXPECT_EQ(m.months[0].month, 8);
  const CalendarMonth& october = m.months[2];
  EXPECT_EQ(october.first_weekday, 3) << "a Thursday";
  ASSERT_EQ(october.days.size(), 31u);
  EXPECT_TRUE(october.days[15].data);
  EXPECT_TRUE(october.days[15].playhead);
  EXPECT_DOUBLE_EQ(october.days[15].worked_h, 240);
  EXPECT_FALSE(october.days[16].data);
  EXPECT_DOUBLE_EQ(m.most_worked_h, 240);
  EXPECT_FALSE(m.earlier);
  EXPECT_FALSE(m.later);
}

TEST(Calendar, TellsOfDataInOtherMonths) {
  const net::RecordedDays days = two_days();
  const auto months = [&](std::chrono::year_month last) {
    const CalendarModel m = calendar_model(days, last, kFriday);
    return std::pair(m.earlier, m.later);
  };

  EXPECT_EQ(months(std::chrono::year{2026} / std::chrono::September), std::pair(false, true));
  EXPECT_EQ(months(std::chrono::year{2027} / std::chrono::January), std::pair(true, false));
  EXPECT_EQ(months(std::chrono::year{2026} / std::chrono::December), std::pair(false, false));
}

TEST(UnknownStretch, IsAGapThatThePlayheadStandsIn) {
  TimeBandModel band;
  band.gaps = {{2, 3, GapWhy::off}, {5, 6, GapWhy::no_reports}, {8, 8.01, GapWhy::off}};
  const auto at = [&](double hour, bool damaged = false) {
    band.playhead_h = hour;
    const BandGap* const gap = unknown_stretch(band, damaged);
    return gap ? gap->from_h : -1;
  };
  EXPECT_EQ(at(1), -1);
  EXPECT_EQ(at(2), -1) << "so far is known";
  EXPECT_EQ(at(2.5), 2);
  EXPECT_EQ(at(3), -1);
  EXPECT_EQ(at(5.5), -1) << "nobody reported: that is known";
  EXPECT_EQ(at(5.5, true), 5) << "or it cannot be read";
  EXPECT_EQ(at(8.005), -1) << "too short to matter";
}

}  // namespace
}  // namespace viewer
