#include "net/gateway/demo_feed.hpp"

#include <gtest/gtest.h>

#include "tests/net/gateway_support.hpp"

namespace net {
namespace {

using std::chrono::minutes;
using test::decoded;

const fleet::Time kNoon = test::kStart + std::chrono::hours(4);

DemoSource source_of(std::uint32_t machines, bool moving = false) {
  DemoSource source;
  source.sim = {machines, 3, kNoon, moving};
  source.from = kNoon;
  source.now = kNoon + minutes(105);
  return source;
}

/// A core that took in the past of a demo, and what it sends in the minutes after it.
struct PastTaken {
  /// others: machines that were in the roster before.
  PastTaken(const DemoSource& source, bool by_groups, int others = 0)
      : feed(source), core({}, source.from) {
    for (int i = 0; i < others; ++i)
      (void)core.state().roster().find_or_add("EX-" + std::to_string(i));
    feed.enter(core.state());
    if (by_groups) {
      feed.absorb_past(core, source.now);
    } else {
      fleet::ReportBatch batch;
      for (fleet::Time t = source.from; t < source.now;) {
        feed.fill(t = std::min(t + minutes(1), source.now), batch);
        core.absorb(batch, t);
      }
    }
  }
  std::string next_tick() {
    fleet::ReportBatch batch;
    feed.fill(core.tick_end(), batch);
    core.ingest(batch);
    const auto frames = core.end_tick();
    EXPECT_FALSE(frames.roster) << "full_roster had it";
    return frames.tick ? frames.tick->bytes : std::string();
  }

  DemoFeed feed;
  GatewayCore core;
};

TEST(DemoFeed, TakesAPastInByGroupsOnThreadsAsIfTickByTick) {
  // Three groups, with machines whose faults begin at 13:28 and 13:41, among them SY2150 and
  // SY0877.
  const DemoSource source = source_of(2'200);
  PastTaken whole(source, false), grouped(source, true);

  EXPECT_EQ(grouped.core.tick_begin(), source.now);
  EXPECT_EQ(grouped.core.position().number, 0u);
  EXPECT_EQ(grouped.core.state().hash(), whole.core.state().hash());
  EXPECT_FALSE(grouped.core.state().alarms().open().empty());
  EXPECT_EQ(grouped.core.state().alarms().open(), whole.core.state().alarms().open());
  EXPECT_EQ(grouped.core.full_roster()->bytes, whole.core.full_roster()->bytes);
  EXPECT_EQ(grouped.core.keyframe()->bytes, whole.core.keyframe()->bytes);
  EXPECT_EQ(grouped.core.counters().stored, whole.core.counters().stored);
  EXPECT_EQ(grouped.core.counters().rejected, whole.core.counters().rejected);
  EXPECT_EQ(grouped.core.counters().noted, whole.core.counters().noted);
}

TEST(DemoFeed, TakesAPastInBehindMachinesThatWereThereBefore) {
  const DemoSource source = source_of(1'100);
  PastTaken whole(source, false, 3), taken(source, true, 3);

  EXPECT_EQ(taken.core.state().hash(), whole.core.state().hash());
}

TEST(DemoFeed, RemembersCandidatesRhythmsAndFaultsOfAPastTakenInByGroups) {
  const DemoSource source = source_of(2'200);
  PastTaken whole(source, false), grouped(source, true);

  for (int second = 0; second < 600; ++second)
    ASSERT_EQ(grouped.next_tick(), whole.next_tick()) << second;
}

TEST(DemoFeed, TakesInThePastOfAMovingFleetToo) {
  DemoSource source = source_of(50, true);
  source.now = kNoon + std::chrono::seconds(90);
  PastTaken whole(source, false), taken(source, true);

  EXPECT_EQ(taken.core.tick_begin(), source.now);
  EXPECT_EQ(taken.core.state().hash(), whole.core.state().hash());
}

TEST(DemoFeed, TellsHowMuchOfThePastIsTakenIn) {
  for (const bool moving : {false, true}) {
    DemoSource source = source_of(moving ? 50 : 2'200, moving);
    source.now = kNoon + minutes(3);
    DemoFeed feed(source);
    GatewayCore core({}, source.from);
    feed.enter(core.state());
    EXPECT_EQ(feed.past_share(), 0);

    feed.absorb_past(core, source.now);

    EXPECT_EQ(feed.past_share(), 1);
  }
}

TEST(DemoFeed, TakesNoMoreOfAPastInOnceItGaveUp) {
  for (const bool moving : {false, true}) {
    const DemoSource source = source_of(moving ? 50 : 2'200, moving);
    DemoFeed feed(source);
    GatewayCore core({}, source.from);
    feed.enter(core.state());
    const auto before = core.state().hash();

    feed.give_up();
    feed.absorb_past(core, source.now);

    EXPECT_EQ(core.state().hash(), before);
    EXPECT_EQ(core.tick_begin(), source.from);
    EXPECT_EQ(feed.past_share(), 0);
  }
}

TEST(DemoFeed, LeavesOutWhatWasReceivedBeforeThePastThatIsAskedFor) {
  DemoSource early = source_of(300);
  early.from += minutes(30);
  DemoFeed feed(early);
  GatewayCore core({}, early.from);
  feed.enter(core.state());

  feed.absorb_past(core, early.now);

  for (fleet::Slot slot = 0; slot < core.state().machine_count(); ++slot) {
    const fleet::Time received = core.state().head(slot).receive_time;
    EXPECT_TRUE(received == fleet::kNever || received > early.from);
  }
}

}  // namespace
}  // namespace net
