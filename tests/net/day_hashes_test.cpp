// Twenty-four hours of the demo fleet, over midnight: what is read back at any instant is what was
// known then.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "net/store/day_store.hpp"
#include "tests/net/gateway_support.hpp"
#include "tests/support/temporary_folder.hpp"

namespace net::test {
namespace {

using namespace std::chrono_literals;

/// As the gateway knew it at the end of a tick.
struct Logged {
  fleet::Time at;
  std::uint64_t hash;
  std::map<fleet::AlarmId, fleet::Alarm> alarms;
};

/// Plays the gateway's loop into a day store; the ticks are of ten seconds, to take a tenth of the
/// time.
std::vector<Logged> record_day(const std::filesystem::path& directory) {
  CoreConfig config;
  config.tick = 10s;
  SimulatedGateway gateway(60, false, config);
  DayStoreOptions options;
  options.durable = false;
  options.pack_sizes = {2'000, 0, 0, 60min, 3};
  auto writer = DayWriter::open(directory, options).value();
  std::vector<Logged> log;
  while (gateway.core.tick_begin() < kStart + 24h) {
    if (writer->needs_keyframe(gateway.core.tick_end())) {
      const auto roster = gateway.core.full_roster();
      EXPECT_TRUE(
          writer->append_keyframe(roster.get(), *gateway.core.keyframe(), gateway.core.tick_end()));
    }
    const auto frames = gateway.tick();
    if (frames.roster) {
      EXPECT_TRUE(writer->append(*frames.roster));
    }
    if (!frames.tick) continue;
    EXPECT_TRUE(writer->append(*frames.tick));
    EXPECT_TRUE(writer->commit());
    const fleet::FleetState& state = gateway.core.state();
    log.push_back({state.time(), state.hash(), state.alarms().open()});
  }
  EXPECT_TRUE(writer->close());
  return log;
}

TEST(DayHashes, TwoHundredRandomInstantsAreAsTheGatewayKnewThemAlarmsIncluded) {
  testing_support::TemporaryFolder folder;
  const std::vector<Logged> log = record_day(folder.path);
  ASSERT_GT(log.size(), 5'000u);
  auto reader = DayReader::open(folder.path).value();
  fleet::FleetState state;
  std::mt19937 random(20261016);
  std::size_t with_alarms = 0;

  for (int i = 0; i < 200; ++i) {
    const Logged& then = log[random() % log.size()];
    ASSERT_TRUE(reader->seek(then.at, state));
    ASSERT_EQ(state.hash(), then.hash) << i << ": " << fleet::iso8601(then.at);
    ASSERT_EQ(state.alarms().open(), then.alarms) << i;
    with_alarms += !then.alarms.empty();
  }

  EXPECT_GT(with_alarms, 50u);  // or it would show nothing about them
}

}  // namespace
}  // namespace net::test
