// Folders of one run.
#include "viewer/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace viewer {
namespace {

namespace fs = std::filesystem;

/// The number of a process that is over.
pid_t dead_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

TEST(ScratchFolder, IsGoneWithItsOwnerAndAllThatIsInIt) {
  testing_support::TemporaryFolder where;
  auto folder = ScratchFolder::make(where.path);
  ASSERT_TRUE(folder) << folder.error().what;
  const fs::path path = folder.value()->path();
  std::ofstream(path / "day") << "x";
  EXPECT_TRUE(fs::exists(path / "day"));
  auto second = ScratchFolder::make(where.path);
  ASSERT_TRUE(second);
  EXPECT_NE(second.value()->path(), path);
  EXPECT_TRUE(fs::exists(path / "day")) << "of a process that lives";

  folder.value().reset();

  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(second.value()->path()));
}

TEST(ScratchFolder, TakesAwayWhatDeadProcessesLeft) {
  testing_support::TemporaryFolder where;
  const std::string dead = std::to_string(dead_process());
  const auto left = [&](const std::string& name) {
    fs::create_directories(where.path / name / "inside");
    return where.path / name;
  };
  const fs::path ours = left("fleetwall-demo-" + dead + "-abcdef");
  const fs::path others = left("fleetwall-" + dead + "-abcdef");
  const fs::path odd = left("fleetwall-demo-x" + dead);
  const fs::path no_number = left("fleetwall-demo--1");
  const fs::path alive = left("fleetwall-demo-" + std::to_string(::getppid()) + "-abcdef");
  std::ofstream(where.path / ("fleetwall-demo-" + dead + "-file")) << "x";

  ASSERT_TRUE(ScratchFolder::make(where.path));

  EXPECT_FALSE(fs::exists(ours));
  EXPECT_TRUE(fs::exists(others));
  EXPECT_TRUE(fs::exists(odd));
  EXPECT_TRUE(fs::exists(no_number));
  EXPECT_TRUE(fs::exists(alive));
  EXPECT_TRUE(fs::exists(where.path / ("fleetwall-demo-" + dead + "-file")));
}

TEST(ScratchFolder, LeavesAloneWhatSomebodyHoldsWhoseProcessIsNotSeenFromHere) {
  testing_support::TemporaryFolder where;
  const fs::path elsewhere =
      where.path / ("fleetwall-demo-" + std::to_string(dead_process()) + "-abcdef");
  fs::create_directories(elsewhere);
  const int held = ::open(elsewhere.c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  ASSERT_TRUE(ScratchFolder::make(where.path));
  EXPECT_TRUE(fs::exists(elsewhere));
  ::close(held);
  ASSERT_TRUE(ScratchFolder::make(where.path));
  EXPECT_FALSE(fs::exists(elsewhere));
}

TEST(ScratchFolder, SaysWhereItCannotBeMade) {
  const auto folder = ScratchFolder::make("/no/such/place");
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().what.find("/no/such/place"), std::string::npos);
}

}  // namespace
}  // namespace viewer
