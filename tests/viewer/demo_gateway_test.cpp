// The demo's own gateway, started beside the wall: real threads and a real loopback socket.
#include "viewer/demo_gateway.hpp"

#include <gtest/gtest.h>

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
