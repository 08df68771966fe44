// A gateway over a disk that fails, fills up, forgets, and loses its power.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "net/store/day_file.hpp"
#include "tests/net/recording_gateway.hpp"
#include "tests/net/sanitized.hpp"
#include "tests/support/net/faulty_disk.hpp"

namespace net::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Op = FaultyDisk::Op;

/// Two seconds before the local day turns.
const fleet::Time kEvening = kStart + 16h - 2s;

/// FLEETWALL_DISK_POINTS=n: so many points instead of those of ./test, which has a third of them
/// for the sanitizers, ten times slower.
int points(int usual) {
  const char* asked = std::getenv("FLEETWALL_DISK_POINTS");
  return asked ? std::atoi(asked) : kSanitized ? (usual + 2) / 3 : usual;
}

class DiskFaultsTest : public ::testing::Test {
 protected:
  /// A gateway's evening: messages, ticks, midnight, a restart; goes on until all is acknowledged.
  /// readers: somebody else looks at the newest day all the time, each look a little later.
  void record(const fs::path& folder, SampleLedger& ledger, bool readers = false) {
    fleet::Time now = kEvening;
    std::optional<sqlite::Database> reader;
    for (int part = 0; part < 2; ++part) {
      std::unique_ptr<RecordingGateway> gateway;
      ASSERT_TRUE(
          eventually([&] { return (gateway = RecordingGateway::start(folder, now)) != nullptr; }));
      for (int k = 0; k < 4; ++k) {
        const std::string lines = ledger.message(gateway->now());
        ASSERT_TRUE(gateway->send_until_taken(lines));
        ledger.acknowledge();
        gateway->pass(650ms);
        if (readers) reader = look_at(folder);
      }
      reader.reset();
      gateway->finish();
      now = gateway->now();
    }
  }

  static std::optional<sqlite::Database> look_at(const fs::path& folder) {
    for (const char* day : {"2026-10-17.fleetday", "2026-10-16.fleetday"}) {
      if (!fs::exists(folder / day)) continue;
      auto db = sqlite::Database::open(folder / day, sqlite::Database::Mode::read);
      if (!db.ok() || !db->run("BEGIN; SELECT count(*) FROM frames;").ok()) return {};
      return std::move(*db);
    }
    return {};
  }
  fs::path folder(int n) const { return temporary_.path / std::to_string(n); }
  /// In memory where there is such a folder: nothing here waits for a real disk.
  testing_support::TemporaryFolder temporary_;
};

TEST_F(DiskFaultsTest, LoseNothingAndStoreNothingTwiceWhateverOperationFails) {
  std::uint64_t operations = 0;
  {
    FaultyDisk disk;
    SampleLedger ledger;
    record(folder(0), ledger);
    operations = disk.operations();
    expect_exactly_once(folder(0), ledger.acknowledged(), ledger.sent());
  }
  ASSERT_GT(operations, 200u);

  const auto runs = static_cast<std::uint64_t>(points(14));
  for (const std::uint64_t length : {1, 25}) {
    for (std::uint64_t run = 0; run < std::min(runs, operations); ++run) {
      const std::uint64_t first = run * operations / std::min(runs, operations);
      SCOPED_TRACE("operations " + std::to_string(first) + " and on fail, " +
                   std::to_string(length));
      FaultyDisk disk(static_cast<std::uint32_t>(run));
      disk.set_fault([first, length](Op, std::uint64_t count, const std::string&) {
        return count >= first && count < first + length;
      });
      SampleLedger ledger;

      record(folder(1), ledger);

      disk.set_fault(nullptr);
      expect_exactly_once(folder(1), ledger.acknowledged(), ledger.sent());
      fs::remove_all(folder(1));
      if (HasFailure()) return;
    }
  }
}

/// Records while syncs fail now and then, and loses the power at `times` moments.
void cut_the_power(const fs::path& root, std::uint32_t seed, int times, int failing_of_100,
                   const std::function<void(const fs::path&, SampleLedger&)>& record) {
  std::vector<std::set<SampleLedger::Sample>> acknowledged;
  SampleLedger ledger;
  {
    FaultyDisk disk(seed);
    std::mt19937 random(seed);
    std::uint64_t next = 1 + random() % 40;
    disk.set_fault([&](Op op, std::uint64_t count, const std::string&) {
      if (count >= next && static_cast<int>(acknowledged.size()) < times) {
        next = count + 1 + random() % 40;
        acknowledged.push_back(ledger.acknowledged());
        disk.lose_power(root / "live", root / std::to_string(acknowledged.size()));
      }
      return op == Op::sync && static_cast<int>(random() % 100) < failing_of_100;
    });
    record(root / "live", ledger);
    disk.set_fault(nullptr);
    expect_exactly_once(root / "live", ledger.acknowledged(), ledger.sent());
  }
  for (std::size_t k = 0; k < acknowledged.size(); ++k) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", power cut " + std::to_string(k + 1));
    expect_exactly_once(root / std::to_string(k + 1), acknowledged[k], ledger.sent());
  }
  EXPECT_GT(acknowledged.size(), 5u);
}

TEST_F(DiskFaultsTest, LosePowerAtAnyMomentAndKeepWhatWasAcknowledged) {
  const int runs = points(60) / 10;
  for (int run = 0; run < runs && !HasFailure(); ++run)
    cut_the_power(folder(run), static_cast<std::uint32_t>(run), 10, 0,
                  [this](const fs::path& to, SampleLedger& ledger) { record(to, ledger); });
}

TEST_F(DiskFaultsTest, TakeNoSyncForDoneThatFollowsAFailedOne) {
  const int runs = points(60) / 10;
  for (int run = 0; run < runs && !HasFailure(); ++run)
    cut_the_power(folder(run), static_cast<std::uint32_t>(run), 10, 30,
                  [&](const fs::path& to, SampleLedger& ledger) { record(to, ledger, run % 2); });
}

/// A gateway beside a reader, whose first sync of a day's file fails: the log was folded in part.
class DoubtfulDayTest : public DiskFaultsTest {
 protected:
  void begin(fleet::Time now) {
    gateway = RecordingGateway::start(folder(0), now);
    ASSERT_TRUE(gateway);
    send(200);
    reader = look_at(folder(0));
    ASSERT_TRUE(reader);
    int syncs = 0;
    bool marked = false;  // before the sync: it may take long, and the gateway be killed in it
    disk.set_fault([&](Op op, std::uint64_t, const std::string& file) {
      if (op != Op::sync || !file.ends_with(".fleetday") || syncs++ > 0) return false;
      marked = fs::exists(mark);
      return true;
    });
    send(300);  // beyond 1,000 pages
    disk.set_fault(nullptr);
    ASSERT_GE(syncs, 1);
    EXPECT_TRUE(marked);
    ASSERT_TRUE(fs::exists(mark));
  }
  void send(int messages) {
    for (int k = 0; k < messages; ++k) {
      ASSERT_TRUE(gateway->send_until_taken(ledger.message(gateway->now())));
      ledger.acknowledge();
      gateway->pass(1s);
    }
  }
  void restart() {
    const fleet::Time now = gateway->now();
    gateway.reset();
    gateway = RecordingGateway::start(folder(0), now);
    ASSERT_TRUE(gateway);
  }
  /// With the next operation of the disk.
  void lose_power() {
    const auto acknowledged = ledger.acknowledged();
    bool cut = false;
    disk.set_fault([&](Op, std::uint64_t, const std::string&) {
      if (!cut) disk.lose_power(folder(0), folder(1));
      cut = true;
      return false;
    });
    send(1);
    disk.set_fault(nullptr);
    expect_exactly_once(folder(1), acknowledged, ledger.sent());
  }
  void finish() {
    gateway->finish();
    gateway.reset();
    expect_exactly_once(folder(0), ledger.acknowledged(), ledger.sent());
  }

  FaultyDisk disk;
  SampleLedger ledger;
  std::unique_ptr<RecordingGateway> gateway;
  std::optional<sqlite::Database> reader;
  const fs::path mark = doubt_mark(folder(0) / "2026-10-16.fleetday");
};

TEST_F(DoubtfulDayTest, KeepsPagesThatWereCopiedBesideTheReaderAndDroppedByTheSync) {
  begin(kStart);

  reader.reset();
  send(400);  // all could be copied, and the log begin anew
  lose_power();

  finish();
}

TEST_F(DoubtfulDayTest, IsKnownAfterARestartBesideTheReader) {
  begin(kStart);

  restart();
  EXPECT_TRUE(fs::exists(mark)) << "the reader still has the day open";
  send(1);
  reader.reset();
  send(400);  // all could be copied, and the log begin anew
  lose_power();

  restart();
  EXPECT_FALSE(fs::exists(mark)) << "copied anew, with nobody beside";
  finish();
}

TEST_F(DoubtfulDayTest, IsSettledOnceItIsOverAndTheReaderHasGone) {
  begin(kEvening - 510s);
  send(12);  // over midnight
  EXPECT_TRUE(fs::exists(mark)) << "the reader still has the day open";

  restart();
  EXPECT_TRUE(fs::exists(mark));
  reader.reset();
  send(60);  // it is looked at now and then

  EXPECT_FALSE(fs::exists(mark));
  EXPECT_FALSE(fs::exists(folder(0) / "2026-10-16.fleetday-wal"));
  lose_power();
  finish();
}

TEST_F(DoubtfulDayTest, LosesItsMarkWithAGoodSync) {
  gateway = RecordingGateway::start(folder(0), kStart);
  ASSERT_TRUE(gateway);
  send(200);
  reader = look_at(folder(0));
  int marked = 0;
  disk.set_fault([&](Op op, std::uint64_t, const std::string& file) {
    if (op == Op::sync && file.ends_with(".fleetday")) marked += fs::exists(mark) ? 1 : 0;
    return false;
  });

  send(400);

  EXPECT_GE(marked, 1);
  EXPECT_LE(marked, 3) << "not a sync for every commit beside a reader";
  EXPECT_FALSE(fs::exists(mark));
  disk.set_fault(nullptr);
  reader.reset();
  finish();
}

TEST_F(DiskFaultsTest, KeepADayReadableWhoseClosingWasBrokenOff) {
  FaultyDisk disk;
  SampleLedger ledger;
  auto gateway = RecordingGateway::start(folder(0), kEvening);
  ASSERT_TRUE(gateway && gateway->send_until_taken(ledger.message(gateway->now())));
  ledger.acknowledge();
  gateway->pass(1s);
  bool dead = false;  // from the last step of the closing on
  disk.set_fault([&dead](Op op, std::uint64_t, const std::string& file) {
    return dead = dead || (op == Op::remove && file.ends_with("-journal"));
  });
  const fs::path journal = folder(0) / "2026-10-16.fleetday-journal";
  const auto reads = [&] {
    auto reader = DayReader::open(folder(0));
    fleet::FleetState state;
    return reader.ok() && reader.value()->seek(fleet::Time::max(), state).ok() &&
           state.machine_count() == 3;
  };

  gateway.reset();

  ASSERT_TRUE(fs::exists(journal)) << "the journal of a change that was not finished";
  EXPECT_FALSE(reads()) << "while the disk fails";
  disk.set_fault(nullptr);
  EXPECT_TRUE(reads()) << "a reader takes back what was broken off";
  EXPECT_FALSE(fs::exists(journal));
  expect_exactly_once(folder(0), ledger.acknowledged(), ledger.sent());
}

TEST_F(DiskFaultsTest, SettleTheDayBeforeOnceTheDiskIsCured) {
  FaultyDisk disk;
  SampleLedger ledger;
  auto gateway = RecordingGateway::start(folder(0), kEvening);
  ASSERT_TRUE(gateway && gateway->send_until_taken(ledger.message(gateway->now())));
  ledger.acknowledge();
  const std::string day_before = (folder(0) / "2026-10-16.fleetday").string();
  disk.set_fault([&](Op op, std::uint64_t, const std::string& file) {
    return op == Op::sync && file == day_before;
  });
  gateway->pass(4s);
  ASSERT_TRUE(gateway->send_until_taken(ledger.message(gateway->now())));
  ledger.acknowledge();
  ASSERT_TRUE(fs::exists(day_before + "-wal")) << "midnight is past, the day could not be closed";

  disk.set_fault(nullptr);
  for (int k = 0; k < 50; ++k) {  // it is tried now and then
    gateway->pass(1s);
    ASSERT_TRUE(gateway->send_until_taken(ledger.message(gateway->now())));
    ledger.acknowledge();
  }

  EXPECT_FALSE(fs::exists(day_before + "-wal"));
  EXPECT_FALSE(fs::exists(day_before + "-journal"));
  gateway->finish();
  expect_exactly_once(folder(0), ledger.acknowledged(), ledger.sent());
}

TEST_F(DiskFaultsTest, DaysOutliveAClockThatIsSetBackAnHourOverMidnightAndForwardADay) {
  SampleLedger ledger;
  auto gateway = RecordingGateway::start(folder(0), kEvening);
  ASSERT_TRUE(gateway);
  const auto send = [&](int messages) {
    for (int k = 0; k < messages; ++k) {
      ASSERT_TRUE(gateway->send_until_taken(ledger.message(gateway->now())));
      ledger.acknowledge();
      gateway->pass(650ms);
    }
  };

  send(8);  // over midnight
  gateway->set_clock(gateway->now() - 1h);
  send(8);
  gateway->set_clock(gateway->now() + 25h);
  send(8);
  const fleet::Time end = gateway->now();
  gateway->finish();
  gateway.reset();

  expect_exactly_once(folder(0), ledger.acknowledged(), ledger.sent());
  EXPECT_EQ(ledger.acknowledged(), ledger.sent());
  for (const char* day : {"2026-10-16.fleetday", "2026-10-17.fleetday", "2026-10-18.fleetday"})
    EXPECT_TRUE(fs::exists(folder(0) / day)) << day;
  auto reader = DayReader::open(folder(0));
  ASSERT_TRUE(reader.ok());
  for (std::size_t d = 1; d < reader.value()->days().size(); ++d)
    EXPECT_GE(reader.value()->days()[d].begin, reader.value()->days()[d - 1].end);
  EXPECT_TRUE(RecordingGateway::start(folder(0), end)) << "and it goes on there";
}

TEST_F(DiskFaultsTest, SayWhyNothingIsRecordedAndGoOnWhenCured) {
  FaultyDisk disk;
  SampleLedger ledger;
  auto gateway = RecordingGateway::start(folder(0), kStart);
  ASSERT_TRUE(gateway);
  ASSERT_TRUE(gateway->send_until_taken(ledger.message(gateway->now())));
  ledger.acknowledge();
  std::atomic<bool> full = true;
  disk.set_fault([&](Op op, std::uint64_t, const std::string&) { return op == Op::write && full; });
  gateway->pass(1s);
  const std::string lines = ledger.message(gateway->now());
  int status = 0;

  EXPECT_EQ(gateway->send(lines).status, 503);
  const IngestAnswer refused = gateway->send(lines);
  const std::string health = gateway->healthz(status);
  gateway->pass(1s);
  const auto beat =
      decode_server(std::as_bytes(std::span(*gateway->engine().publisher().heartbeat())));

  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("the disk is full"));
  EXPECT_EQ(status, 503);
  EXPECT_THAT(health, HasSubstr("the disk is full"));
  EXPECT_THAT(gateway->metrics(), HasSubstr("\nfleetwall_store_healthy 0\n"));
  ASSERT_TRUE(beat.ok());
  EXPECT_THAT(std::get<Heartbeat>(beat.value()).trouble, testing::StartsWith("the disk is full"));
  EXPECT_EQ(std::get<Heartbeat>(beat.value()).trouble_kind, StoreTrouble::disk_full);

  full = false;
  ASSERT_TRUE(gateway->send_until_taken(lines));
  ledger.acknowledge();
  gateway->pass(1s);
  gateway->healthz(status);
  const auto cured =
      decode_server(std::as_bytes(std::span(*gateway->engine().publisher().heartbeat())));

  EXPECT_EQ(status, 200);
  EXPECT_EQ(std::get<Heartbeat>(cured.value()).trouble, "");
  EXPECT_THAT(gateway->metrics(), HasSubstr("\nfleetwall_store_healthy 1\n"));
  gateway->finish();
  expect_exactly_once(folder(0), ledger.acknowledged(), ledger.sent());
}

}  // namespace
}  // namespace net::test
