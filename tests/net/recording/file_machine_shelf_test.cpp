// The shelf of machines over day files that the store wrote.
#include "net/recording/file_machine_shelf.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/net/day_folder.hpp"

namespace net {
namespace {

class FileMachineShelves : public testing::Test, public samples::DayFolder {};

TEST_F(FileMachineShelves, HandOverWhatWasWantedLast) {
  record(30);
  FileMachineShelf shelf(directory());
  const fleet::Time from = samples::kNoon, to = from + std::chrono::hours(1);
  EXPECT_FALSE(shelf.reading());

  shelf.want({"SY1001", from, to});
  shelf.want({"SY1002", from, to});
  EXPECT_TRUE(shelf.reading());
  while (!shelf.update()) std::this_thread::yield();

  ASSERT_NE(shelf.history(), nullptr);
  EXPECT_EQ(shelf.history()->machine, "SY1002");
  EXPECT_FALSE(shelf.history()->reports.empty());
  EXPECT_FALSE(shelf.reading());
  EXPECT_FALSE(shelf.damaged());
  shelf.want({"SY1002", from, to});
  EXPECT_NE(shelf.history(), nullptr);
}

TEST_F(FileMachineShelves, SayWhereNothingCanBeRead) {
  FileMachineShelf shelf(directory() / "nowhere");
  shelf.want({"SY1001", samples::kNoon, samples::kNoon + std::chrono::hours(1)});
  while (!shelf.update()) std::this_thread::yield();

  EXPECT_TRUE(shelf.damaged());
  EXPECT_TRUE(shelf.history()->reports.empty());
}

}  // namespace
}  // namespace net
