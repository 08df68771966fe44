// What a wall that shows the past learns of now meanwhile.
#include "viewer/clock/live_watch.hpp"

#include <gtest/gtest.h>

#include "tests/support/viewer/recorded_feed.hpp"
#include "tests/support/viewer/small_fleet.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using fleet::Severity;
using testing_support::SmallFleet;

class Feed : public testing_support::RecordedFeed {
 public:
  using RecordedFeed::RecordedFeed;
  void resync() override { ++resyncs; }
  void applied(fleet::FramePosition position, std::uint64_t) override { last = position; }

  int resyncs = 0;
  fleet::FramePosition last;
};

struct Left {
  Left() {
    machine = fleet.add("SY0121", testing_support::kSuzhou, fleet::Status::working);
    known = fleet.alarm(machine, Severity::critical);
    watch = std::make_unique<LiveWatch>(fleet.state(), queue, feed);
  }
  /// A tick that ends at `t`, in which alarms are raised, or cleared.
  void tick(fleet::Time t, std::vector<fleet::AlarmEvent> events = {}) {
    fleet::TickBatch tick = fleet.move(machine, {120.7, 31.3}, t);
    tick.alarms = std::move(events);
    ASSERT_TRUE(queue.push(std::move(tick)));
  }
  fleet::AlarmEvent event(fleet::AlarmId id, Severity severity, fleet::Time learned,
                          fleet::AlarmEvent::Kind kind = fleet::AlarmEvent::Kind::raised) {
    fleet::AlarmEvent event;
    event.kind = kind;
    event.alarm.id = id;
    event.alarm.machine = machine;
    event.alarm.severity = severity;
    event.alarm.occurred = learned - 1s;
    event.alarm.learned = learned;
    event.at = learned;
    return event;
  }
  void update() {
    watch->update(std::nullopt, [] { return std::chrono::steady_clock::time_point{}; });
  }

  SmallFleet fleet;
  fleet::Slot machine = 0;
  fleet::AlarmId known = 0;
  fleet::UpdateQueue queue{1 << 20};
  Feed feed{queue};
  std::unique_ptr<LiveWatch> watch;
};

const fleet::Time kLater = SmallFleet::kNow + 5s;

TEST(LiveWatch, SaysNothingOfAlarmsThatWereOpenWhenTheWallLeft) {
  Left left;
  left.tick(kLater);
  left.update();

  EXPECT_EQ(left.watch->alarms().count(), 0u);
  EXPECT_FALSE(left.watch->take_new());
}

TEST(LiveWatch, IsTheStateThatTheGatewayIsIn) {
  Left left;
  left.tick(kLater, {left.event(7, Severity::high, kLater)});
  left.tick(kLater + 1s);
  fleet::Heartbeat beat;
  beat.gateway_time = kLater + 3s;
  ASSERT_TRUE(left.queue.push(beat));
  left.update();

  EXPECT_EQ(left.watch->now(), kLater + 3s);
  EXPECT_EQ(left.feed.last, left.fleet.state().position());
  const fleet::FleetState taken = left.watch->take();
  EXPECT_EQ(taken.position(), left.fleet.state().position());
  EXPECT_EQ(taken.alarms().open().size(), 2u);
}

TEST(LiveWatch, TellsTheWorstOfSeveralNewAlarmsOnce) {
  Left left;
  left.tick(kLater, {left.event(7, Severity::medium, kLater), left.event(8, Severity::high, kLater),
                     left.event(9, Severity::low, kLater)});
  left.update();

  EXPECT_EQ(left.watch->alarms().count(), 2u);  // without the low one
  EXPECT_EQ(left.watch->alarms().worst(), Severity::high);
  const auto told = left.watch->take_new();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->id, 8u);
  left.tick(kLater + 1s);
  left.update();
  EXPECT_FALSE(left.watch->take_new());
}

TEST(LiveWatch, ForgetsWhatIsOverAndTellsItAnewWhenItComesBack) {
  Left left;
  left.tick(kLater, {left.event(7, Severity::high, kLater)});
  left.update();
  EXPECT_TRUE(left.watch->take_new());
  left.tick(kLater + 1s, {left.event(7, Severity::high, kLater, fleet::AlarmEvent::Kind::cleared)});
  left.update();
  EXPECT_EQ(left.watch->alarms().count(), 0u);

  left.tick(kLater + 2s, {left.event(10, Severity::critical, kLater + 2s)});
  left.update();

  EXPECT_EQ(left.watch->alarms().worst(), Severity::critical);
  EXPECT_EQ(left.watch->take_new()->id, 10u);
}

TEST(LiveWatch, FindsAlarmsInAWholeStateAfterAGap) {
  Left left;
  fleet::AlarmEvent raised = left.event(11, Severity::high, kLater);
  fleet::TickBatch missed = left.fleet.move(left.machine, {120.8, 31.3}, kLater);
  missed.alarms = {raised};
  missed.position.number += 1;
  missed.begin = kLater;
  missed.end = kLater + 1s;
  missed.rows.clear();
  missed.values.clear();
  ASSERT_TRUE(left.fleet.state().apply(missed));
  ASSERT_TRUE(left.queue.push(left.fleet.keyframe()));
  left.update();

  EXPECT_EQ(left.watch->take_new()->id, 11u);
}

TEST(LiveWatch, AsksForAllAnewWhenAnUpdateDoesNotFit) {
  Left left;
  fleet::TickBatch strange = left.fleet.move(left.machine, {120.8, 31.3}, kLater);
  strange.rows[0].machine = 99;
  ASSERT_TRUE(left.queue.push(strange));
  left.update();

  EXPECT_EQ(left.feed.resyncs, 1);
}

}  // namespace
}  // namespace viewer
