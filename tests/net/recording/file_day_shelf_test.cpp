// The shelf over day files that the store wrote.
#include "net/recording/file_day_shelf.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/net/day_folder.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
using samples::DayFolder;
using samples::kNoon;

const fleet::LocalDay kFriday = *fleet::parse_day("2026-10-16");

/// The shelf reads by itself: this ends when it has. How often it changed meanwhile.
int wait_for(DayShelf& shelf) {
  int changes = 0;
  while (!shelf.complete(kFriday - std::chrono::days{9}, kFriday + std::chrono::days{9})) {
    changes += shelf.update();
    std::this_thread::yield();
  }
  return changes;
}

TEST(FileDayShelf, ListsDaysWithoutLookingIntoThem) {
  DayFolder folder;
  folder.record(400);
  FileDayShelf shelf(folder.directory_);

  wait_for(shelf);

  ASSERT_EQ(shelf.days().days.size(), 1u);
  const RecordedDay& day = shelf.days().days[0];
  EXPECT_FALSE(day.read) << "nobody looks at it yet";
  EXPECT_EQ(day.overview.day, kFriday);
  EXPECT_EQ(day.overview.begin, kNoon);
  EXPECT_EQ(day.overview.end, kNoon + 400s);
  EXPECT_EQ(day.overview.working[0], DayOverview::kNotKnown);
}

TEST(FileDayShelf, ReadsADayThatIsLookedAtAndWhenEachAlarmBecameKnown) {
  DayFolder folder;
  folder.record(400);  // a critical alarm a second
  FileDayShelf shelf(folder.directory_);
  shelf.want(kFriday, kFriday, kFriday);

  wait_for(shelf);

  const RecordedDay& day = shelf.days().days[0];
  ASSERT_TRUE(day.read);
  auto expected = read_overviews(folder.directory_);
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(day.overview.reports, expected.value()[0].reports);
  EXPECT_EQ(day.overview.raised, expected.value()[0].raised);
  ASSERT_EQ(day.raised.size(), 400u);
  EXPECT_EQ(day.raised[0].at, kNoon + 1s) << "the end of the tick that brought it";
  EXPECT_EQ(day.raised[399].at, kNoon + 400s);
  EXPECT_EQ(shelf.days().next_alarm(kNoon + 10s), kNoon + 11s);
}

TEST(FileDayShelf, LeavesDaysAloneThatNobodyLooksAt) {
  DayFolder folder;
  folder.record(5);
  FileDayShelf shelf(folder.directory_);
  shelf.want(kFriday + std::chrono::days{1}, kFriday + std::chrono::days{9}, kFriday);

  wait_for(shelf);

  EXPECT_FALSE(shelf.days().days[0].read);
}

TEST(FileDayShelf, TellsOfAChangeOnce) {
  DayFolder folder;
  folder.record(5);
  FileDayShelf shelf(folder.directory_);

  EXPECT_EQ(wait_for(shelf), 1);
  EXPECT_FALSE(shelf.update());
  shelf.want(kFriday, kFriday, kFriday);

  EXPECT_EQ(wait_for(shelf), 1);
  EXPECT_FALSE(shelf.update());
}

TEST(FileDayShelf, FollowsADayThatIsBeingRecorded) {
  DayFolder folder;
  auto writer = folder.writer();
  samples::Fleet fleet(20);
  for (int k = 0; k < 5; ++k) folder.one_tick(*writer, fleet, 3);
  DayFolder::expect(writer->commit());
  FileDayShelf shelf(folder.directory_, 0ms);
  shelf.want(kFriday, kFriday, kFriday);
  wait_for(shelf);
  ASSERT_EQ(shelf.days().days[0].raised.size(), 5u);

  for (int k = 0; k < 5; ++k) folder.one_tick(*writer, fleet, 3);
  DayFolder::expect(writer->commit());
  while (shelf.days().days[0].raised.size() != 10) {
    shelf.update();
    ASSERT_TRUE(shelf.days().days[0].read) << "what was read stays until it is read anew";
    std::this_thread::yield();
  }
  EXPECT_EQ(shelf.days().days[0].overview.end, kNoon + 10s);

  samples::Fleet saturday(20, kNoon + 24h, 8);
  folder.one_tick(*writer, saturday, 3);
  DayFolder::expect(writer->commit());
  while (shelf.days().days.size() != 2) {
    shelf.update();
    std::this_thread::yield();
  }
  EXPECT_EQ(shelf.days().days[1].overview.day, kFriday + std::chrono::days{1});
}

TEST(FileDayShelf, IsEmptyWhereThereIsNothingToRead) {
  FileDayShelf shelf("/nowhere/at/all");
  shelf.want(kFriday, kFriday, kFriday);

  wait_for(shelf);

  EXPECT_TRUE(shelf.days().days.empty());
}

}  // namespace
}  // namespace net
