// A gateway that is started on a store that is full, or damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "net/store/day_file.hpp"
#include "tests/net/recording_gateway.hpp"
#include "tests/support/net/faulty_disk.hpp"

namespace net::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Op = FaultyDisk::Op;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class StoreAtStartTest : public ::testing::Test {
 protected:
  /// Records some messages from `now` on, and ends.
  void record(fleet::Time now, int messages = 5) {
    RecordingGateway gateway(folder, now);
    for (int k = 0; k < messages; ++k) {
      ASSERT_TRUE(gateway.send_until_taken(ledger.message(gateway.now())));
      ledger.acknowledge();
      gateway.pass(1s);
    }
    gateway.finish();
  }
  /// Sends a message and wants it to be acknowledged.
  void expect_taken(RecordingGateway& gateway) {
    EXPECT_EQ(gateway.send(ledger.message(gateway.now())).status, 200);
    ledger.acknowledge();
    gateway.pass(1s);
  }
  void overwrite(const fs::path& file, std::streamoff at, std::size_t bytes, char with) {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(at);
    out << std::string(bytes, with);
    ASSERT_TRUE(out.good());
  }
  static Heartbeat heartbeat(RecordingGateway& gateway) {
    auto beat = decode_server(std::as_bytes(std::span(*gateway.engine().publisher().heartbeat())));
    return std::get<Heartbeat>(beat.value());
  }

  TemporaryFolder temporary_;
  fs::path folder = temporary_.path / "data";
  SampleLedger ledger;
  const fs::path today = folder / "2026-10-16.fleetday";
  const fs::path aside = folder / "2026-10-16.damaged.fleetday";
};

TEST_F(StoreAtStartTest, OfAFullDiskServesWhatIsKnownRefusesIngestAndSeesTheCure) {
  FaultyDisk disk;
  record(kStart);
  std::atomic<bool> full = true;
  disk.set_fault([&](Op op, std::uint64_t, const std::string&) { return op == Op::write && full; });

  auto waiting = std::make_unique<RecordingGateway>(folder, kStart + 10s, true);
  waiting->pass(1s);
  int status = 0;
  const std::string health = waiting->healthz(status);
  const IngestAnswer answer = waiting->send("{\"machine\":\"X\",\"time\":1792108811000}\n");

  EXPECT_EQ(status, 503);
  EXPECT_THAT(health, HasSubstr("the disk is full"));
  EXPECT_THAT(health, HasSubstr("\"machines\":5"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("the disk is full"));
  EXPECT_THAT(heartbeat(*waiting).trouble, HasSubstr("the disk is full"));
  EXPECT_EQ(heartbeat(*waiting).trouble_kind, StoreTrouble::disk_full);
  EXPECT_THAT(waiting->metrics(), HasSubstr("\nfleetwall_store_healthy 0\n"));
  EXPECT_FALSE(waiting->engine().store_is_back());

  full = false;
  ASSERT_TRUE(eventually([&] {
    waiting->run_what_is_posted();
    return waiting->engine().store_is_back();
  }));
  waiting.reset();
  disk.set_fault(nullptr);
  RecordingGateway anew(folder, kStart + 20s, true);
  expect_taken(anew);
  anew.finish();
  anew.engine().close_store();
  expect_exactly_once(folder, ledger.acknowledged(), ledger.sent());
}

TEST_F(StoreAtStartTest, OfADiskThatCannotBeReadEitherServesAnEmptyFleet) {
  FaultyDisk disk;
  record(kStart);
  disk.set_fault([](Op op, std::uint64_t, const std::string&) { return op == Op::read; });

  RecordingGateway waiting(folder, kStart + 10s, true);
  waiting.pass(1s);

  EXPECT_EQ(waiting.send("{\"machine\":\"X\",\"time\":1792108811000}\n").status, 503);
  EXPECT_EQ(heartbeat(waiting).trouble_kind, StoreTrouble::io_error);
  disk.set_fault(nullptr);
  EXPECT_TRUE(eventually([&] {
    waiting.run_what_is_posted();
    return waiting.engine().store_is_back();
  }));
}

TEST_F(StoreAtStartTest, OfAFolderThatAnotherProcessHoldsIsAnErrorAtOnce) {
  RecordingGateway holder(folder, kStart);

  EXPECT_THROW(RecordingGateway(folder, kStart, true), std::runtime_error);
}

TEST_F(StoreAtStartTest, MovesADamagedFileOfTodayAsideAndBeginsANewOne) {
  record(kStart - 24h);
  record(kStart);
  overwrite(today, 0, 100, 'x');
  const std::string damaged = content_of(today);

  RecordingGateway gateway(folder, kStart + 10s, true);
  expect_taken(gateway);
  int status = 0;
  const std::string health = gateway.healthz(status);

  EXPECT_EQ(status, 200);
  EXPECT_THAT(health, HasSubstr("2026-10-16.damaged.fleetday"));
  EXPECT_THAT(gateway.metrics(), testing::ContainsRegex("\nfleetwall_store_damages [1-9]"));
  EXPECT_EQ(content_of(aside), damaged);
  gateway.finish();
  gateway.engine().close_store();
  const auto report = verify(folder);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report.value().damages.empty());
  EXPECT_EQ(report.value().files, 2u) << "yesterday and the new file of today";
}

TEST_F(StoreAtStartTest, NeverOverwritesWhatWasMovedAsideBefore) {
  for (const char with : {'x', 'y'}) {
    record(kStart);
    overwrite(today, 0, 100, with);
    RecordingGateway gateway(folder, kStart + 10s, true);
    expect_taken(gateway);
    gateway.finish();
  }

  EXPECT_EQ(content_of(aside)[0], 'x');
  EXPECT_EQ(content_of(folder / "2026-10-16.damaged-2.fleetday")[0], 'y');
}

TEST_F(StoreAtStartTest, TakesTheFleetFromTheDayBeforeIfTodayIsUnreadable) {
  record(kStart - 24h);
  record(kStart);
  overwrite(today, 0, 100, 'x');

  RecordingGateway gateway(folder, kStart + 10s, true);
  int status = 0;

  EXPECT_THAT(gateway.healthz(status), HasSubstr("\"machines\":5"));
}

TEST_F(StoreAtStartTest, SeesDamageInThePagesThatAreWrittenNext) {
  record(kStart, 30);
  const auto size = static_cast<std::streamoff>(fs::file_size(today));
  overwrite(today, 4096, static_cast<std::size_t>(size - 4096), '\0');

  RecordingGateway gateway(folder, kStart + 60s, true);
  expect_taken(gateway);

  EXPECT_TRUE(fs::exists(aside));
}

TEST_F(StoreAtStartTest, LeavesADamagedFileOfThePastWhereItIs) {
  record(kStart - 48h);
  const fs::path past = folder / "2026-10-15.fleetday";
  record(kStart - 24h);
  overwrite(past, 0, 100, 'x');
  const std::string damaged = content_of(past);

  RecordingGateway gateway(folder, kStart, true);
  expect_taken(gateway);
  int status = 0;
  const std::string health = gateway.healthz(status);

  EXPECT_EQ(status, 200);
  EXPECT_THAT(health, HasSubstr("2026-10-15.fleetday"));
  EXPECT_EQ(content_of(past), damaged);
  EXPECT_TRUE(fs::exists(today));
}

}  // namespace
}  // namespace net::test
