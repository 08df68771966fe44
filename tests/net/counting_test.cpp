// received = stored + rejected + pending, at every scrape of /metrics.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <sstream>

#include "net/ingest/ndjson.hpp"
#include "tests/net/recording_gateway.hpp"
#include "tests/support/net/faulty_disk.hpp"

namespace net::test {
namespace {

/// Samples of a page of /metrics by name, labels summed up.
std::map<std::string, double> scrape(RecordingGateway& gateway) {
  std::map<std::string, double> sums;
  std::istringstream page(gateway.metrics());
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with('#')) continue;
    const auto space = line.rfind(' ');
    const std::string name = line.substr(0, line.find_first_of("{ "));
    sums[name] += std::stod(line.substr(space + 1));
  }
  return sums;
}

/// A random message, good and bad, of a fleet of ten.
class Messages {
 public:
  explicit Messages(std::uint32_t seed) : random_(seed) {}

  std::string next(fleet::Time now) {
    std::string lines;
    for (int k = 0, n = below(4); k <= n; ++k) lines += line(now) + "\n";
    return lines;
  }
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

 private:
  std::string line(fleet::Time now) {
    const std::string id = "\"machine\":\"m" + std::to_string(below(10)) + "\"";
    const std::string time =
        ",\"time\":" + std::to_string(fleet::ms_from_time(now) - 100 * below(5));
    switch (below(12)) {
      case 0:
        return "neither this";
      case 1:
        return "{" + id + ",\"model\":\"X" + std::to_string(below(5)) + "\"}";
      case 2:
        return "{" + id + time + ",\"lon\":0,\"lat\":0,\"gear\":2}";
      case 3:
        return "{" + id + time + ",\"rpm\":99999,\"speed_kmh\":3}";
      case 4:
        return "{" + id + ",\"time\":9999999999999,\"rpm\":900}";
      case 5:
        return "{" + id + time + ",\"faults\":[{\"spn\":100,\"fmi\":1}],\"boom_deg\":12.5}";
      case 6:
        return "{" + id + time + ",\"faults\":[{\"spn\":-1}]}";
      case 7:
        return "{" + id + time + ",\"rpm\":\"fast\",\"lon\":120}";
      case 8:
        return "{" + id + ",\"x\":\"" + std::string(kMaxLineBytes, 'x') + "\"}";
      case 9:
        return "{" + id + time + "}";
      default:
        return "{" + id + time +
               ",\"lon\":120,\"lat\":31,\"engine_hours\":" + std::to_string(1000 + below(50)) + "}";
    }
  }
  std::mt19937 random_;
};

class CountingOnceTest : public ::testing::Test {
 protected:
  /// The sum holds, and what is stored never becomes less.
  std::map<std::string, double> check(RecordingGateway& gateway) {
    const auto m = scrape(gateway);
    EXPECT_EQ(m.at("fleetwall_received_total"), m.at("fleetwall_stored_total") +
                                                    m.at("fleetwall_rejected_total") +
                                                    m.at("fleetwall_pending"));
    EXPECT_GE(m.at("fleetwall_stored_total"), stored_);
    stored_ = m.at("fleetwall_stored_total");
    return m;
  }
  double stored_ = 0;
  testing_support::TemporaryFolder folder_;
};
class CountingTest : public CountingOnceTest,
                     public ::testing::WithParamInterface<std::uint32_t> {};

TEST_P(CountingTest, AddsUpAtEveryScrape) {
  std::atomic<bool> failing = false;
  FaultyDisk disk(GetParam());
  disk.set_fault([&](FaultyDisk::Op op, std::uint64_t, const std::string&) {
    return failing && (op == FaultyDisk::Op::write || op == FaultyDisk::Op::sync);
  });
  Messages messages(GetParam());
  fleet::Time now = kStart;
  std::map<int, int> statuses;
  for (int run = 0; run < 2; ++run) {  // counters begin anew with every start
    auto gateway = RecordingGateway::start(folder_.path, now);
    ASSERT_TRUE(gateway);
    stored_ = 0;
    for (int step = 0; step < 150; ++step) {
      if (messages.below(12) == 0) {
        failing = !failing;
        ASSERT_TRUE(failing ||
                    eventually([&] { return check(*gateway).at("fleetwall_store_healthy") == 1; }));
      }
      gateway->begin(step % 20 == 0 ? "no JSON at all" : messages.next(gateway->now()));
      check(*gateway);  // while the commit is under way
      ++statuses[gateway->answer().status];
      check(*gateway);
      if (messages.below(3) == 0) gateway->pass(std::chrono::milliseconds(messages.below(2500)));
      check(*gateway);
    }
    failing = false;
    ASSERT_TRUE(eventually([&] {
      gateway->pass(1s);
      return check(*gateway).at("fleetwall_pending") == 0;
    })) << "what an error held back is stored once that is cured";
    gateway->finish();
    now = gateway->now();
  }
  EXPECT_GT(statuses[200], 50);
  EXPECT_GT(statuses[400], 0);
  EXPECT_GT(statuses[503], 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, CountingTest, ::testing::Values(1u, 2u, 3u, 4u));

TEST_F(CountingOnceTest, CountsNothingAsStoredThatTheDiskDidNotTake) {
  std::atomic<bool> failing = false;
  FaultyDisk disk;
  disk.set_fault([&](FaultyDisk::Op op, std::uint64_t, const std::string&) {
    return failing && op == FaultyDisk::Op::sync;
  });
  auto gateway = RecordingGateway::start(folder_.path, kStart);
  ASSERT_TRUE(gateway);
  SampleLedger ledger;
  ASSERT_EQ(gateway->send(ledger.message(gateway->now())).status, 200);
  gateway->pass(1s);
  ASSERT_TRUE(
      eventually([&] { return scrape(*gateway).at("fleetwall_store_waiting_bytes") == 0; }));
  const double before = check(*gateway).at("fleetwall_stored_total");
  failing = true;

  ASSERT_EQ(gateway->send(ledger.message(gateway->now())).status, 503);
  const auto during = check(*gateway);
  ASSERT_EQ(gateway->send(ledger.message(gateway->now())).status, 503);
  const auto refused = check(*gateway);

  EXPECT_EQ(during.at("fleetwall_stored_total"), before);
  EXPECT_GT(during.at("fleetwall_pending"), 0);
  EXPECT_EQ(during.at("fleetwall_store_healthy"), 0);
  EXPECT_EQ(refused.at("fleetwall_received_total"), during.at("fleetwall_received_total"))
      << "of a message that was refused nothing was received";
  failing = false;
}

}  // namespace
}  // namespace net::test
