// Two days side by side: which one the other is, and where it lies on the clock of the one shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "viewer/history/other_day.hpp"
#include "viewer/model/history_model.hpp"
#include "viewer/model/two_days.hpp"

namespace viewer {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const fleet::LocalDay kDay{std::chrono::year{2026} / 10 / 16};
const fleet::TimeZone kZone = fleet::shanghai();

fleet::LocalDay day(int n) {
  return kDay + days{n};
}

TEST(OtherDays, AreWrittenAsADateOrAsDaysBefore) {
  EXPECT_EQ(parse_other_day("2026-10-15"), (OtherDay{day(-1), std::nullopt}));
  EXPECT_EQ(parse_other_day("-7d"), (OtherDay{std::nullopt, days{7}}));
  EXPECT_EQ(parse_other_day("-3660d"), (OtherDay{std::nullopt, days{3660}}));
  for (const char* bad : {"", "-d", "-0d", "-3661d", "1d", "--1d", "-1", "-1.5d", "2026-02-30"})
    EXPECT_FALSE(parse_other_day(bad)) << bad;
}

TEST(OtherDays, AreTheRecordedOneBeforeUnlessChosen) {
  const std::vector recorded{day(-9), day(-3), day(0), day(2)};
  EXPECT_EQ(other_day({}, day(0), recorded), day(-3));
  EXPECT_EQ(other_day({}, day(-9), recorded), day(-3));  // none is before
  EXPECT_EQ(other_day({}, day(0), std::vector{day(0)}), std::nullopt);
  EXPECT_EQ(other_day({day(5), {}}, day(0), recorded), day(5));  // recorded or not
  EXPECT_EQ(other_day({{}, days{1}}, day(0), recorded), day(-1));
  EXPECT_EQ(other_day({}, day(0), {}), std::nullopt);
}

TEST(OtherDays, StepOverTheOneShownAndStopAtTheLast) {
  const std::vector recorded{day(-9), day(-3), day(0), day(2)};
  EXPECT_EQ(stepped_day(day(-3), -1, day(0), recorded), day(-9));
  EXPECT_EQ(stepped_day(day(-3), -2, day(0), recorded), day(-9));
  EXPECT_EQ(stepped_day(day(-3), 1, day(0), recorded), day(2));
  EXPECT_EQ(stepped_day(day(2), 1, day(0), recorded), day(2));
  EXPECT_EQ(stepped_day(day(2), -1, day(0), recorded), day(-3));
  EXPECT_EQ(stepped_day(day(-5), -1, day(0), recorded), day(-9));  // from one that is not there
  EXPECT_EQ(stepped_day(day(-3), -1, day(-9), recorded), day(-3));
}

std::vector<std::array<double, 3>> pieces(const fleet::TimeZone& zone, fleet::LocalDay other,
                                          fleet::LocalDay shown) {
  std::vector<std::array<double, 3>> all;
  for (const ClockPiece& p : same_clock(zone, other, shown))
    all.push_back({p.from_h, p.to_h, p.shift_h});
  return all;
}

using Piece = std::array<double, 3>;

TEST(SameClocks, AreOnePieceOnDaysOf24Hours) {
  EXPECT_THAT(pieces(kZone, day(-1), day(0)), ElementsAre(Piece{0, 24, 0}));
}

TEST(SameClocks, LineUpDaysOf23And25Hours) {
  const fleet::Time midnight = kZone.start_of(kDay);
  // At 3:00 of the day back to 2:00; a week later at 2:00 on to 3:00.
  const fleet::TimeZone zone("both", {{fleet::time_from_ms(0), hours(8)},
                                      {midnight + hours(3), hours(7)},
                                      {midnight + hours(24 * 7 + 3), hours(8)}});

  EXPECT_THAT(pieces(zone, day(0), day(1)), ElementsAre(Piece{0, 3, 0}, Piece{4, 25, -1}));
  EXPECT_THAT(pieces(zone, day(1), day(0)), ElementsAre(Piece{0, 3, 0}, Piece{3, 24, 1}));
  EXPECT_THAT(pieces(zone, day(7), day(1)), ElementsAre(Piece{0, 2, 0}, Piece{2, 23, 1}));
  EXPECT_THAT(pieces(zone, day(1), day(7)), ElementsAre(Piece{0, 2, 0}, Piece{3, 24, -1}));
  EXPECT_THAT(pieces(zone, day(0), day(0)), ElementsAre(Piece{0, 3, 0}, Piece{4, 25, 0}));
}

/// Reports each half hour from 8:00 to 10:00, working, silent from 9:00 on; two faults.
fleet::MachineHistory morning_of(const fleet::TimeZone& zone, fleet::LocalDay of, double first) {
  const fleet::Time midnight = zone.start_of(of);
  fleet::MachineHistory history;
  history.from = midnight;
  history.until = midnight + hours(24);
  history.fields = {{.name = "rpm", .unit = "rpm", .step = 1, .max = 8'000}};
  for (int i = 0; i <= 4; ++i) {
    fleet::MachineHistory::Report report;
    report.device_time = report.receive_time = midnight + hours(8) + minutes(30 * i);
    report.fields = 1;
    report.value_begin = static_cast<std::uint32_t>(history.values.size());
    history.values.push_back(first + i);
    history.reports.push_back(report);
  }
  history.statuses = {{fleet::Status::working, midnight + hours(8), midnight + hours(9)},
                      {fleet::Status::silent, midnight + hours(9), midnight + hours(10)}};
  return history;
}

TEST(TwoDays, LieAtTheSameTimesAndReadOutBoth) {
  HistoryChoice choice;
  choice.pointer = 8.6 / 24;
  const fleet::MachineHistory own = morning_of(kZone, day(0), 1000);
  fleet::MachineHistory other = morning_of(kZone, day(-1), 1500);
  other.faults.resize(1);
  other.faults[0].alarm.fault.spn = 110;
  other.faults[0].alarm.occurred = kZone.start_of(day(-1)) + hours(6);
  other.faults[0].end = kZone.start_of(day(-1)) + hours(7);
  HistoryModel m = history_model(own, kZone, day(0), choice);
  add_other_day(m, other, kZone, day(-1), day(0));
  place_history(m, own, kZone, day(0), choice, kZone.start_of(day(0)) + hours(9));
  place_other_day(m, kZone, day(0));

  EXPECT_EQ(m.other.state, DayBeside::State::ready);
  ASSERT_THAT(m.lanes, SizeIs(5));
  ASSERT_THAT(m.lanes[0].other, SizeIs(1));
  EXPECT_EQ(m.lanes[0].other[0].from, 8);
  EXPECT_EQ(m.lanes[4].spn, 110);
  EXPECT_THAT(m.lanes[4].spans, IsEmpty());
  ASSERT_THAT(m.lanes[4].other, SizeIs(1));
  EXPECT_EQ(m.charts[0].read_out->y, 1001);
  EXPECT_EQ(m.charts[0].other_read_out->y, 1501);
  EXPECT_EQ(m.charts[0].other_read_at, "08:30:00");
  EXPECT_EQ(m.charts[0].other_range->most, 1504);
  EXPECT_EQ(m.other.pointer_status, fleet::Status::working);
}

TEST(TwoDays, TellThatTheMachineWasNotThere) {
  const fleet::MachineHistory own = morning_of(kZone, day(0), 1000);
  HistoryModel m = history_model(own, kZone, day(0), {});
  add_other_day(m, {}, kZone, day(-1), day(0));
  place_history(m, own, kZone, day(0), {}, kZone.start_of(day(0)) + hours(9));
  place_other_day(m, kZone, day(0));

  EXPECT_EQ(m.other.state, DayBeside::State::nothing);
  EXPECT_THAT(m.charts[0].other, IsEmpty());
  EXPECT_FALSE(m.charts[0].other_read_out);
}

TEST(TwoDays, OfTheSameDayAreTheSame) {
  const fleet::MachineHistory own = morning_of(kZone, day(0), 1000);
  HistoryModel m = history_model(own, kZone, day(0), {});
  add_other_day(m, own, kZone, day(0), day(0));

  EXPECT_EQ(m.charts[0].other, m.charts[0].samples);
  ASSERT_EQ(m.lanes[0].other.size(), m.lanes[0].spans.size());
  EXPECT_EQ(m.lanes[0].other[0].to, m.lanes[0].spans[0].to);
}

TEST(TwoDays, PutHoursAfterAClockChangeWhereTheClockSaysSo) {
  const fleet::TimeZone zone(
      "back", {{fleet::time_from_ms(0), hours(8)}, {kZone.start_of(day(-1)) + hours(3), hours(7)}});
  const fleet::MachineHistory own = morning_of(zone, day(0), 1000);
  const fleet::MachineHistory other = morning_of(zone, day(-1), 1500);  // 8 h later: 7:00 there
  HistoryModel m = history_model(own, zone, day(0), {});
  add_other_day(m, other, zone, day(-1), day(0));

  EXPECT_EQ(m.charts[0].samples.front().x, 8);
  EXPECT_EQ(m.charts[0].other.front().x, 7);
  EXPECT_EQ(m.lanes[0].other.at(0).from, 7);
}

TEST(Dashes, DrawAndLeaveOutByTurnsAlongX) {
  const auto pieces = dashes({{0, 0}, {18, 18}}, 6, 4);
  ASSERT_THAT(pieces, SizeIs(2));
  EXPECT_THAT(pieces[0], ElementsAre(LinePoint{0, 0}, LinePoint{6, 6}));
  EXPECT_THAT(pieces[1], ElementsAre(LinePoint{10, 10}, LinePoint{16, 16}));

  EXPECT_THAT(dashes({{7, 0}, {9, 5}}, 6, 4), IsEmpty());
  EXPECT_THAT(dashes({{2, 0}, {2, 5}, {12, 5}}, 6, 4),
              ElementsAre(ElementsAre(LinePoint{2, 0}, LinePoint{2, 5}, LinePoint{6, 5}),
                          ElementsAre(LinePoint{10, 5}, LinePoint{12, 5})));
}

}  // namespace
}  // namespace viewer
