#include "net/store/day_overview.hpp"

#include <algorithm>

#include "tests/net/day_folder.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
using samples::DayFolder;
using samples::Fleet;
using samples::kNoon;
using Why = DayGap::Why;

constexpr std::size_t kStep = 14 * 12;  // of kNoon, 14:00 in Shanghai

std::vector<DayOverview> overviews(const std::filesystem::path& path) {
  auto days = read_overviews(path);
  EXPECT_TRUE(days.ok()) << (days.ok() ? "" : days.error().what);
  return days.ok() ? std::move(days.value()) : std::vector<DayOverview>();
}

fleet::TickBatch tick(std::uint64_t epoch, fleet::Time begin, std::size_t rows) {
  fleet::TickBatch batch;
  batch.position = {epoch, 1};
  batch.begin = begin;
  batch.end = begin + 1s;
  batch.rows.resize(rows);
  return batch;
}

OverviewBuilder builder() {
  return {*fleet::parse_day("2026-10-16"), fleet::shanghai()};
}

TEST(DayOverview, CountsReportsAndAlarmsWhereTheyWereReceived) {
  DayFolder folder;
  folder.record(400);  // three reports and a critical alarm a second

  const auto days = overviews(folder.directory_);

  ASSERT_EQ(days.size(), 1u);
  const DayOverview& day = days[0];
  EXPECT_EQ(fleet::day_name(day.day), "2026-10-16");
  EXPECT_EQ(day.begin, kNoon);
  EXPECT_EQ(day.end, kNoon + 400s);
  EXPECT_EQ(day.reports[kStep - 1], 0u);
  EXPECT_EQ(day.reports[kStep], 900u) << "the tick that ends at 14:05 belongs to what it covers";
  EXPECT_EQ(day.reports[kStep + 1], 300u);
  EXPECT_EQ(day.raised[kStep][0], 300u);
  EXPECT_EQ(day.raised[kStep][1], 0u);
  EXPECT_EQ(day.working[kStep], DayOverview::kNotKnown);
  EXPECT_FALSE(day.damaged);
}

TEST(DayOverview, TakesMachinesAtWorkFromSamplesOfItsOwnDay) {
  auto day = builder();
  const auto number = static_cast<std::int32_t>(day.overview().day.time_since_epoch().count());
  fleet::StateBatch opening;
  opening.activity.add(fleet::ActivitySample{number - 1, 287, 99});
  day.add(opening);
  auto sampled = tick(1, kNoon, 0);
  sampled.activity = {number, 168, 7};
  day.add(sampled);
  sampled.activity = {number + 1, 0, 5};
  day.add(sampled);
  fleet::StateBatch keyframe;
  keyframe.activity.add(fleet::ActivitySample{number, 3, 4});
  day.add(keyframe);

  EXPECT_EQ(day.overview().working[168], 7);
  EXPECT_EQ(day.overview().working[3], 4);
  EXPECT_EQ(day.overview().working[0], DayOverview::kNotKnown);
  EXPECT_EQ(day.overview().working[287], DayOverview::kNotKnown);
}

TEST(DayOverview, TellsAGatewayThatWasOffFromOneThatNobodyReportedTo) {
  auto day = builder();
  day.add(tick(1, kNoon, 1));
  day.add(tick(1, kNoon + 300s, 1));  // four minutes and 59 seconds behind the first
  day.add(tick(1, kNoon + 601s, 1));  // five minutes behind the second
  day.add(tick(2, kNoon + 611s, 1));  // another run, nine seconds later
  day.add(tick(3, kNoon + 622s, 1));  // another one, ten seconds later

  const std::vector<DayGap> expected = {{kNoon + 301s, kNoon + 601s, Why::no_reports},
                                        {kNoon + 612s, kNoon + 622s, Why::off}};
  EXPECT_EQ(day.overview().gaps, expected);
}

TEST(DayOverview, HasGapsUpToTheMidnightsButForTheNewestDay) {
  const auto midnight = *fleet::parse_time("2026-10-17T00:00:00+08:00");
  std::vector<DayOverview> days;
  auto first = builder();
  first.add(tick(1, kNoon, 1));
  days.push_back(first.overview());
  OverviewBuilder second(*fleet::parse_day("2026-10-17"), fleet::shanghai());
  second.add(tick(2, midnight + 8h, 1));
  days.push_back(second.overview());

  add_edge_gaps(days, fleet::shanghai());

  const std::vector<DayGap> of_first = {{midnight - 24h, kNoon, Why::off},
                                        {kNoon + 1s, midnight, Why::off}};
  const std::vector<DayGap> of_second = {{midnight, midnight + 8h, Why::off}};
  EXPECT_EQ(days[0].gaps, of_first);
  EXPECT_EQ(days[1].gaps, of_second);
}

TEST(DayOverview, PutsAStepWhereTheClockOfTheDayIs) {
  // Chicago goes back an hour on 2026-11-01: 01:30 comes twice.
  const fleet::TimeZone chicago(
      "America/Chicago", {{fleet::kNever, -5h}, {*fleet::parse_time("2026-11-01T07:00:00Z"), -6h}});
  OverviewBuilder day(*fleet::parse_day("2026-11-01"), chicago);
  day.add(tick(1, *fleet::parse_time("2026-11-01T06:30:00Z"), 2));
  day.add(tick(1, *fleet::parse_time("2026-11-01T07:30:00Z"), 3));
  day.add(tick(1, *fleet::parse_time("2026-11-01T08:30:00Z"), 4));

  EXPECT_EQ(day.overview().reports[18], 5u);
  EXPECT_EQ(day.overview().reports[30], 4u);
}

TEST(DayOverview, GoesOnBehindDamageAndSaysSo) {
  DayFolder folder;
  folder.record(1300);
  folder.run_sql(folder.day("2026-10-16"), "UPDATE frames SET bytes = x'00' WHERE row = 20");

  const auto days = overviews(folder.directory_);

  ASSERT_EQ(days.size(), 1u);
  EXPECT_TRUE(days[0].damaged);
  EXPECT_EQ(days[0].end, kNoon + 1300s);
  EXPECT_EQ(days[0].reports[kStep + 4], 300u);
  EXPECT_LT(days[0].reports[kStep], 900u);
}

TEST(DayOverview, KnowsThatTheFirstTicksOfADayCannotBeRead) {
  DayFolder folder;
  folder.record(1300);  // a keyframe every ten minutes
  folder.run_sql(folder.day("2026-10-16"), "UPDATE frames SET bytes = x'00' WHERE row = 3");

  const auto days = overviews(folder.directory_);

  ASSERT_EQ(days.size(), 1u);
  EXPECT_TRUE(days[0].damaged);
  EXPECT_EQ(days[0].begin, kNoon) << "of the opening keyframe";
  const DayGap damage{kNoon, kNoon + 601s, DayGap::Why::no_reports};
  EXPECT_EQ(std::ranges::count(days[0].gaps, damage), 1);
  EXPECT_EQ(days[0].reports[kStep], 0u);
}

TEST(DayOverview, EndsWhenItIsToldTo) {
  DayFolder folder;
  folder.record(20);
  int asked = 0;

  const auto days = read_overviews(folder.directory_, [&] { return ++asked < 5; });

  ASSERT_TRUE(days.ok());
  EXPECT_TRUE(days->empty());
  EXPECT_EQ(asked, 5);
}

TEST(DayOverview, ExplainsWhereThereIsNothing) {
  const auto days = read_overviews("/nowhere");

  ASSERT_FALSE(days.ok());
  EXPECT_NE(days.error().what.find("/nowhere"), std::string::npos);
}

}  // namespace
}  // namespace net
