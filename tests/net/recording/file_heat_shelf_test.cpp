// The shelf of hours worked over day files that the store wrote.
#include "net/recording/file_heat_shelf.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "tests/net/day_folder.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
using samples::kNoon;

const fleet::LocalDay kFriday = *fleet::parse_day("2026-10-16");

class FileHeatShelves : public testing::Test, public samples::DayFolder {
 protected:
  /// The shelf reads by itself: this ends when it has what was wanted last.
  static const HeatShelf::Heat& wait_for(HeatShelf& shelf) {
    while (shelf.reading()) {
      shelf.update();
      std::this_thread::yield();
    }
    return *shelf.heat();
  }
  /// What a recording shows there that is played.
  fleet::HeatCells expected(fleet::Time at, fleet::HourBits hours = fleet::kEveryHour) {
    fleet::FleetState state;
    expect(reader()->seek(at, state, SeekEnd::whole_tick));
    return fleet::heat_cells(state.heat(), kFriday, hours);
  }
};

TEST_F(FileHeatShelves, BringTheHoursOfAnInstant) {
  record(60);
  FileHeatShelf shelf(directory());
  EXPECT_FALSE(shelf.reading());
  EXPECT_EQ(shelf.heat(), nullptr);

  shelf.want({kNoon + 20s, kFriday});
  EXPECT_TRUE(shelf.reading());
  const HeatShelf::Heat& heat = wait_for(shelf);

  EXPECT_FALSE(heat.damaged);
  EXPECT_FALSE(heat.cells.cells.empty());
  EXPECT_EQ(heat.cells, expected(kNoon + 20s));
  EXPECT_NE(heat.cells, expected(kNoon + 50s));
}

TEST_F(FileHeatShelves, HandOverWhatWasWantedLast) {
  record(60);
  FileHeatShelf shelf(directory());
  for (int k = 1; k < 60; ++k) shelf.want({kNoon + std::chrono::seconds(k), kFriday});

  const HeatShelf::Heat& heat = wait_for(shelf);

  EXPECT_EQ(heat.wish.at, kNoon + 59s);
  EXPECT_EQ(heat.cells, expected(kNoon + 59s));
}

TEST_F(FileHeatShelves, KeepWhatWasReadUntilTheNextIsThere) {
  record(60);
  FileHeatShelf shelf(directory());
  shelf.want({kNoon + 20s, kFriday});
  wait_for(shelf);

  shelf.want({kNoon + 50s, kFriday});
  ASSERT_NE(shelf.heat(), nullptr);
  EXPECT_EQ(shelf.heat()->wish.at, kNoon + 20s);
  EXPECT_TRUE(shelf.reading());

  EXPECT_EQ(wait_for(shelf).cells, expected(kNoon + 50s));
}

TEST_F(FileHeatShelves, CountTheHoursAskedForWithoutSeekingAgain) {
  record(60);
  FileHeatShelf shelf(directory());
  shelf.want({kNoon + 50s, kFriday});
  const fleet::HeatCells whole = wait_for(shelf).cells;
  constexpr fleet::HourBits kMorning = 0xfff;

  shelf.want({kNoon + 50s, kFriday, kMorning});

  EXPECT_EQ(wait_for(shelf).cells, expected(kNoon + 50s, kMorning));
  EXPECT_NE(shelf.heat()->cells, whole);
}

TEST_F(FileHeatShelves, HaveNothingOfADayThatIsNotRecorded) {
  record(60);
  FileHeatShelf shelf(directory());

  shelf.want({kNoon - 24h, kFriday - std::chrono::days{1}});
  EXPECT_EQ(wait_for(shelf).cells, fleet::HeatCells{}) << "before all data";
  EXPECT_FALSE(shelf.heat()->damaged);
  shelf.want({kNoon + 24h, kFriday + std::chrono::days{1}});

  EXPECT_EQ(wait_for(shelf).cells, fleet::HeatCells{}) << "the hours of the day before are not its";
  EXPECT_FALSE(shelf.heat()->damaged);
}

TEST_F(FileHeatShelves, BeginAnewAfterARest) {
  record(60);
  FileHeatShelf shelf(directory());
  shelf.want({kNoon + 20s, kFriday});
  wait_for(shelf);

  shelf.rest();
  EXPECT_EQ(shelf.heat(), nullptr);
  EXPECT_FALSE(shelf.reading());
  shelf.want({kNoon + 20s, kFriday});

  EXPECT_EQ(wait_for(shelf).cells, expected(kNoon + 20s));
}

TEST_F(FileHeatShelves, SayWhatIsDamagedAndReadOnBehindIt) {
  record(300, 1min);
  const fleet::HeatCells behind = expected(kNoon + 290s);
  run_sql(day("2026-10-16"),
          "UPDATE frames SET bytes = CAST(substr(bytes, 1, 60) || x'00' || substr(bytes, 62) "
          "AS BLOB) WHERE row = 12");
  FileHeatShelf shelf(directory());

  shelf.want({kNoon + 30s, kFriday});
  EXPECT_TRUE(wait_for(shelf).damaged);
  EXPECT_EQ(shelf.heat()->cells, fleet::HeatCells{})
      << "half of a day would be taken for all of it";
  shelf.want({kNoon + 290s, kFriday});

  EXPECT_FALSE(wait_for(shelf).damaged);
  EXPECT_EQ(shelf.heat()->cells, behind);
}

TEST_F(FileHeatShelves, SayWhereNothingCanBeRead) {
  std::filesystem::create_directories(directory());
  std::ofstream(day("2026-10-16")) << "this is no day file";
  for (const auto& path : {directory(), directory() / "nowhere"}) {
    FileHeatShelf shelf(path);
    shelf.want({kNoon, kFriday});

    EXPECT_TRUE(wait_for(shelf).damaged) << path;
  }
}

TEST_F(FileHeatShelves, EndWhileTheyRead) {
  record(300);
  for (int k = 0; k < 5; ++k) {
    FileHeatShelf shelf(directory());
    shelf.want({kNoon + 290s, kFriday});
  }
  FileHeatShelf shelf(directory());
  shelf.want({kNoon + 290s, kFriday});
  EXPECT_FALSE(wait_for(shelf).damaged);
}

}  // namespace
}  // namespace net
