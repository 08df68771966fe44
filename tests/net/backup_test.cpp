// Copies of days, also of one that is being written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "net/store/backup.hpp"
#include "net/store/day_file.hpp"
#include "tests/net/recording_gateway.hpp"

namespace net::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// As its header says: SQLite's "write version", 2 where there is a log.
bool is_closed(const std::string& day) {
  return day.size() > 18 && day[18] == 1;
}

class BackupTest : public ::testing::Test {
 protected:
  void send(RecordingGateway& gateway, int messages) {
    for (int k = 0; k < messages; ++k) {
      ASSERT_TRUE(gateway.send_until_taken(ledger.message(gateway.now())));
      ledger.acknowledge();
      gateway.pass(650ms);
    }
  }
  void record(fleet::Time now) {
    RecordingGateway gateway(from, now);
    send(gateway, 5);
    gateway.finish();
  }
  std::vector<BackedUpDay> must_back_up(std::vector<fleet::LocalDay> only = {}) {
    auto done = back_up(from, to, only);
    EXPECT_TRUE(done.ok()) << done.error().what;
    return done ? *done : std::vector<BackedUpDay>();
  }
  static void expect_whole(const fs::path& folder) {
    const auto report = verify(folder);
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report.value().damages.empty()) << report.value().damages[0].what;
  }

  TemporaryFolder temporary_;
  const fs::path from = temporary_.path / "data", to = temporary_.path / "copy";
  const fs::path yesterday = to / "2026-10-15.fleetday", today = to / "2026-10-16.fleetday";
  SampleLedger ledger;
};

TEST_F(BackupTest, OfADayThatIsBeingWrittenHoldsAllThatWasAcknowledged) {
  RecordingGateway gateway(from, kStart);
  send(gateway, 10);

  const auto done = must_back_up();

  ASSERT_EQ(done.size(), 1u);
  EXPECT_TRUE(done[0].copied);
  EXPECT_FALSE(fs::exists(today.string() + "-wal")) << "one file, as a closed day";
  EXPECT_FALSE(fs::exists(to / ".unfinished-backup"));
  expect_whole(to);
  expect_exactly_once(to, ledger.acknowledged(), ledger.sent());
}

TEST_F(BackupTest, AgainAndAgainBesideIngestIsConsistentEachTime) {
  RecordingGateway gateway(from, kStart);
  send(gateway, 3);
  std::atomic<bool> over = false;
  std::atomic<int> copies = 0;
  std::string failed;
  std::set<SampleLedger::Sample> before;
  std::thread copier([&] {
    do {
      auto acknowledged = ledger.acknowledged();
      const auto done = back_up(from, to, {});
      if (!done) failed = done.error().what;
      before = std::move(acknowledged);
      ++copies;
    } while (!over && failed.empty());
  });

  for (int k = 0; k < 40 || copies < 3; ++k) send(gateway, 1);
  over = true;
  copier.join();

  EXPECT_EQ(failed, "");
  expect_whole(to);
  expect_exactly_once(to, before, ledger.sent());
}

TEST_F(BackupTest, IsNotMadeOfAFolderInItself) {
  record(*fleet::parse_time("2026-10-16T04:00:00Z"));

  const auto done = back_up(from, from / ".." / "data", {});

  ASSERT_FALSE(done.ok());
  EXPECT_NE(done.error().what.find("it is the folder that is to be backed up"), std::string::npos);
}

TEST_F(BackupTest, LeavesClosedDaysThatAreThereAndTheSame) {
  record(kStart - 24h);
  const fs::path day = from / "2026-10-15.fleetday";
  const std::string recorded = content_of(day);
  RecordingGateway gateway(from, kStart);
  send(gateway, 3);
  // The day that is over is packed and closed on a thread of its own. A copy that is made meanwhile
  // would keep it from being closed.
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  const auto is_packed = [&] {
    const std::string now = content_of(day);
    return now != recorded && is_closed(now) && !fs::exists(day.string() + "-wal");
  };
  while (!is_packed()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
  must_back_up();
  const auto written = fs::last_write_time(yesterday);

  const auto again = must_back_up();

  ASSERT_EQ(again.size(), 2u);
  EXPECT_FALSE(again[0].copied);
  EXPECT_TRUE(again[1].copied) << "today's goes on";
  EXPECT_EQ(fs::last_write_time(yesterday), written);
  EXPECT_TRUE(content_of(yesterday) == content_of(day));
}

TEST_F(BackupTest, LeavesOutADayThatCannotBeOpenedAndCopiesTheOthers) {
  record(kStart - 24h);
  must_back_up();
  const std::string good = content_of(yesterday);
  record(kStart);
  std::ofstream(from / "2026-10-15.fleetday", std::ios::trunc) << "what a disk left of it";

  const auto done = must_back_up();

  ASSERT_EQ(done.size(), 2u);
  EXPECT_THAT(done[0].problem, HasSubstr("2026-10-15.fleetday"));
  EXPECT_EQ(done[1].problem, "");
  EXPECT_TRUE(done[1].copied);
  EXPECT_TRUE(content_of(yesterday) == good);
}

TEST_F(BackupTest, ReplacesACopyThatDiffersInOneByte) {
  record(kStart - 24h);
  must_back_up();
  std::string content = content_of(yesterday);
  content.back() = static_cast<char>(content.back() ^ 1);
  std::ofstream(yesterday, std::ios::binary) << content;

  EXPECT_TRUE(must_back_up().at(0).copied);
  EXPECT_EQ(content_of(yesterday), content_of(from / "2026-10-15.fleetday"));
}

TEST_F(BackupTest, TakesTheDaysAskedForAndKeepsThoseThatAreGone) {
  record(kStart - 24h);
  record(kStart);
  must_back_up({*fleet::parse_day("2026-10-15")});
  EXPECT_FALSE(fs::exists(today));
  fs::remove(from / "2026-10-15.fleetday");

  must_back_up();

  EXPECT_TRUE(fs::exists(yesterday)) << "retention of the source is not that of the copies";
  EXPECT_TRUE(fs::exists(today));
  const auto missing = back_up(from, to, std::vector{*fleet::parse_day("2026-10-15")});
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().what, HasSubstr("there is no day 2026-10-15"));
}

TEST_F(BackupTest, ClearsAwayWhatAKilledOneLeftAndRefusesAFolderInUse) {
  record(kStart);
  fs::create_directories(to / ".unfinished-backup");
  std::ofstream(to / ".unfinished-backup" / "2026-10-14.fleetday") << "half";

  must_back_up();

  EXPECT_FALSE(fs::exists(to / "2026-10-14.fleetday"));
  expect_whole(to);
  const auto held = DirectoryLock::take(to);
  ASSERT_TRUE(held.ok());
  EXPECT_FALSE(back_up(from, to, {}).ok());
  EXPECT_FALSE(back_up(from / "nothing", to, {}).ok());
}

}  // namespace
}  // namespace net::test
