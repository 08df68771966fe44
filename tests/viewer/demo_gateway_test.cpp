// The demo's own gateway, started beside the wall: real threads and a real loopback socket.
#include "viewer/demo_gateway.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "net/feed/recording.hpp"
#include "tests/support/temporary_folder.hpp"

namespace viewer {
namespace {

using std::chrono::hours;
using State = net::FeedHealth::State;

Options demo_of(std::uint32_t machines) {
  Options options;
  options.demo_machines = machines;
  return options;
}

/// Waits for a thread: as often as a minute has hundredths, so that a failure ends.
template <class Condition>
bool becomes(Condition&& condition) {
  for (int i = 0; i < 6000 && !condition(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return condition();
}

TEST(DemoPast, IsTheWholeMorningUnlessTheFleetIsHuge) {
  EXPECT_EQ(demo_past(1), hours{14});
  EXPECT_EQ(demo_past(32'730), hours{14});
  EXPECT_EQ(demo_past(71'428), hours{14});
  EXPECT_LT(demo_past(80'000), hours{14});
  EXPECT_EQ(demo_past(1'000'000), hours{1});
}

TEST(DemoGateway, IsAFeedThatFillsTheQueueOnceItServes) {
  fleet::UpdateQueue queue(1 << 20);
  DemoGateway gateway(demo_of(5), "test", queue);
  std::size_t machines = 0;
  bool keyframe = false;

  ASSERT_TRUE(becomes([&] {
    while (const auto update = queue.try_pop()) {
      if (const auto* roster = std::get_if<fleet::RosterBatch>(&*update))
        machines = roster->machines.size();
      keyframe = keyframe || std::holds_alternative<fleet::StateBatch>(*update);
    }
    return keyframe;
  }));

  EXPECT_EQ(machines, 5u);
  EXPECT_FALSE(gateway.preparing());
  EXPECT_EQ(gateway.health().state, State::receiving);
  EXPECT_TRUE(gateway.health().hello.demo);
}

TEST(DemoGateway, IsConnectingWhileItPreparesAndEndsInTheMiddleOfThat) {
  fleet::UpdateQueue queue(1 << 20);
  DemoGateway gateway(demo_of(200'000), "test", queue);
  ASSERT_TRUE(becomes([&] { return gateway.preparing().value_or(1) > 0; }));

  EXPECT_EQ(gateway.health().state, State::connecting);
  gateway.resync();  // nothing to pass it on to
  gateway.applied({}, 0);
  gateway.stop();

  // Had it gone on to its end, all of the past would be there: many seconds' work.
  ASSERT_TRUE(gateway.preparing());
  EXPECT_GT(*gateway.preparing(), 0);
  EXPECT_LT(*gateway.preparing(), 0.9);
}

TEST(DemoGateway, RecordsFromItsStartOnAndLeavesNothingBehind) {
  testing_support::TemporaryFolder place;
  ::setenv("TMPDIR", place.path.c_str(), 1);
  fleet::UpdateQueue queue(1 << 20), past_queue(1 << 20);
  {
    Options options = demo_of(50);
    options.speed = 60;
    DemoGateway gateway(options, "test", queue);
    EXPECT_TRUE(gateway.records());
    ASSERT_TRUE(becomes([&] { return gateway.health().state == State::receiving; }));
    net::LiveFeedConfig config;
    config.url = gateway.url();
    config.client_name = "test";
    auto past = net::open_replay(std::move(config), past_queue);
    ASSERT_TRUE(past) << past.error().what;
    const fleet::Time start = fleet::time_from_ms(kDemoDayMs) + kDemoNow;
    EXPECT_TRUE(becomes(
        [&] { return past->feed->health().range_end >= start + std::chrono::seconds(30); }));
    EXPECT_GE(past->feed->health().range_begin, start - std::chrono::seconds(60));
    EXPECT_FALSE(std::filesystem::is_empty(place.path));
  }
  EXPECT_TRUE(std::filesystem::is_empty(place.path));
  ::unsetenv("TMPDIR");
}

TEST(DemoGateway, RecordsNoFleetThatIsMoreThanAWallWritesBesideItsPictures) {
  fleet::UpdateQueue queue(1 << 20);
  Options moving = demo_of(5);
  moving.demo_moving = true;
  EXPECT_FALSE(DemoGateway(moving, "test", queue).records());
  EXPECT_FALSE(DemoGateway(demo_of(200'000), "test", queue).records());
}

TEST(DemoGateway, ReportsItsProgress) {
  fleet::UpdateQueue queue(1 << 20);
  DemoGateway gateway(demo_of(20'000), "test", queue);
  double most = 0;

  EXPECT_TRUE(becomes([&] {
    const auto share = gateway.preparing();
    most = std::max(most, share.value_or(0));
    return most > 0 || !share;
  }));

  EXPECT_GT(most, 0);
  EXPECT_LE(most, 1);
}

}  // namespace
}  // namespace viewer
