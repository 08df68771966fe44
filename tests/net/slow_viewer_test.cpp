// What a viewer that reads slowly costs, and what becomes of it.
#include "tests/net/feed_support.hpp"

namespace net::test {
namespace {

/// Enough that a few ticks are more to read than the whole picture.
constexpr std::uint32_t kManyMachines = 8'000;

/// Ends a tick, and says after how many like it what waits for a viewer is more than a picture.
int ticks_worth_a_picture(Feed& feed) {
  feed.tick();
  const std::size_t picture =
      std::max<std::size_t>(feed.publisher.start()->keyframe->bytes, 256u << 10);
  const std::size_t tick = feed.publisher.ring().at(feed.publisher.ring().end() - 1)->bytes;
  return static_cast<int>(picture / tick) + 2;
}

TEST(SlowViewer, GetsACatchUpOnceItIsFarBehind) {
  Feed feed(kManyMachines);
  const int ticks = ticks_worth_a_picture(feed);
  Viewer slow(feed);
  slow.subscribe();
  slow.read();
  feed.tick(ticks + 6);

  slow.read();

  EXPECT_EQ(slow.session.catch_ups(), 1u);
  EXPECT_EQ(slow.sequence(), "RSTS");
  EXPECT_EQ(slow.reader.state().hash(), feed.gateway.core.state().hash());
}

TEST(SlowViewer, GetsEveryTickWhileItIsNotFiveSecondsBehind) {
  Feed feed(kManyMachines);
  const int ticks = ticks_worth_a_picture(feed);
  Viewer at(feed), above(feed);
  at.subscribe();
  at.read();
  above.subscribe();
  above.read();
  feed.tick(1);
  feed.tick(ticks - 1, std::chrono::milliseconds(5'000 / ticks));
  feed.tick(1, kMostLag - std::chrono::milliseconds(5'000 / ticks) * (ticks - 1));

  at.read();
  feed.tick(1, 1ms);
  above.read();

  EXPECT_EQ(at.session.catch_ups(), 0u) << "the oldest tick waited for exactly kMostLag";
  EXPECT_EQ(above.session.catch_ups(), 1u);
}

TEST(SlowViewer, GetsEveryTickWhileThatIsLessToReadThanAPicture) {
  Feed feed(50);
  Viewer slow(feed);
  slow.subscribe();
  slow.read();
  feed.tick(50);

  slow.read();

  EXPECT_EQ(slow.session.catch_ups(), 0u);
  EXPECT_EQ(slow.ticks.size(), 50u);
}

TEST(SlowViewer, ThatResumesIsOwedWhatItMissedHoweverMuch) {
  Feed feed(kManyMachines);
  const int ticks = ticks_worth_a_picture(feed) + 6;
  Viewer before(feed), after(feed);
  before.subscribe();
  before.read();
  const fleet::FramePosition last = before.reader.state().position();
  feed.tick(ticks);

  after.reader = std::move(before.reader);
  after.subscribe(last, after.reader.state().roster().version());
  after.read();

  EXPECT_EQ(after.sequence(), std::string(static_cast<std::size_t>(ticks), 'T'));
  EXPECT_EQ(after.reader.state().hash(), feed.gateway.core.state().hash());
}

TEST(SlowViewer, ThatAsksWithinATickGetsItsCatchUpAtTheEndOfItThoughSamplesNeverPause) {
  Feed feed(200, false);
  const fleet::FramePosition early = feed.gateway.core.position();
  feed.tick(100);
  const auto sample = [&] {
    feed.gateway.core.ingest(one_report(0, feed.gateway.core.tick_end(), 104));
  };
  Viewer viewer(feed);
  viewer.subscribe(early, 1);
  sample();
  viewer.read();
  ASSERT_EQ(viewer.sequence(), "");

  feed.now += 1s;
  feed.publisher.publish(feed.gateway.core.end_tick(), feed.now);
  sample();
  viewer.read();

  EXPECT_EQ(viewer.sequence(), "RS");
}

/// A viewer to which a frame was begun and that reads no further.
struct Stopped {
  explicit Stopped(Feed& feed) : viewer(feed) {
    viewer.subscribe();
    viewer.read(2);  // hello, and the first part of the roster
    viewer.session.check(feed.now);
  }
  Viewer viewer;
};

TEST(SlowViewer, ThatTakesAFrameInThirtySecondsStays) {
  Feed feed(kManyMachines);
  ASSERT_GT(feed.publisher.start()->roster->messages.size(), 1u);
  Stopped slow(feed);

  slow.viewer.session.check(feed.now + kLongestFrame);
  slow.viewer.read();

  EXPECT_EQ(slow.viewer.session.error(), std::nullopt);
  EXPECT_EQ(slow.viewer.sequence(), "RS");
}

TEST(SlowViewer, ThatDoesNotTakeAFrameInThirtySecondsIsToldSoAndEndsAndNobodyElse) {
  Feed feed(kManyMachines);
  Stopped slow(feed), other(feed);
  other.viewer.read();
  other.viewer.session.check(feed.now);

  slow.viewer.session.check(feed.now + kLongestFrame + 1ms);
  other.viewer.session.check(feed.now + kLongestFrame + 1ms);
  slow.viewer.read();
  feed.tick();
  other.viewer.read();

  EXPECT_EQ(slow.viewer.session.error(), FeedError::Code::too_slow);
  ASSERT_EQ(slow.viewer.errors.size(), 1u);
  EXPECT_NE(slow.viewer.errors[0].text.find("too slowly"), std::string::npos);
  EXPECT_TRUE(slow.viewer.session.over());
  EXPECT_EQ(other.viewer.session.error(), std::nullopt);
  EXPECT_EQ(other.viewer.sequence(), "RST");
}

TEST(SlowViewer, IsNotBlamedForFramesThatAreTakenOneAfterTheOther) {
  Feed feed(kManyMachines);
  Viewer slow(feed);
  slow.subscribe();
  slow.read();

  for (int i = 0; i < 40; ++i) {
    feed.tick();
    slow.read(1);
    slow.session.check(feed.now);
  }

  EXPECT_EQ(slow.session.error(), std::nullopt);
}

TEST(CatchUps, AreSharedByHundredsOfViewersThatNeedOneAtOnce) {
  Feed feed(300);
  feed.tick(200);
  std::vector<std::unique_ptr<Viewer>> viewers;
  for (std::uint64_t number = 130; number > 0; --number) {
    viewers.push_back(std::make_unique<Viewer>(feed));
    viewers.back()->subscribe(fleet::FramePosition{1, number}, 1);
    while (viewers.back()->session.next()) {
    }
  }

  EXPECT_EQ(feed.publisher.counters().catch_ups, std::uint64_t{kMaxCatchUps} + 1);
  for (const auto& viewer : viewers) EXPECT_EQ(viewer->session.catch_ups(), 1u);
}

TEST(CatchUps, OfOneSecondAgoAreNotHandedOutAnyMore) {
  Feed feed(300);
  feed.tick(200);
  Viewer first(feed), second(feed), third(feed);
  const auto reads = [](Viewer& viewer) {
    viewer.subscribe(fleet::FramePosition{1, 100}, 1);
    while (viewer.session.next()) {
    }
  };

  reads(first);
  feed.tick();  // kCatchUpShared later
  reads(second);
  EXPECT_EQ(feed.publisher.counters().catch_ups, 1u);
  feed.tick(1, 1ms);
  reads(third);

  EXPECT_EQ(feed.publisher.counters().catch_ups, 2u);
}

TEST(FrameBytes, CountWhatViewersHoldAndFallWhenTheyLetGo) {
  Feed feed(300);
  const std::size_t alone = feed.publisher.frame_bytes();
  auto slow = std::make_unique<Stopped>(feed);
  const std::size_t pinned =
      feed.publisher.start()->roster->bytes + feed.publisher.start()->keyframe->bytes;
  EXPECT_EQ(feed.publisher.frame_bytes(), alone) << "the start is there anyway";

  feed.tick(100);  // the keyframe is a newer one now
  const std::size_t held = feed.publisher.frame_bytes();
  slow.reset();

  EXPECT_LT(feed.publisher.frame_bytes(), held);
  EXPECT_GE(feed.publisher.frame_bytes() + pinned, held);
  EXPECT_EQ(feed.publisher.frame_bytes(), feed.publisher.ring().bytes() +
                                              feed.publisher.start()->roster->bytes +
                                              feed.publisher.start()->keyframe->bytes);
}

TEST(FrameBytes, BesideTheRingAreBoundedByMakingNoCatchUpForNow) {
  Feed measured(300);
  const std::size_t start =
      measured.publisher.start()->roster->bytes + measured.publisher.start()->keyframe->bytes;
  // The start fits below the limit by one byte, or meets it.
  for (const std::size_t room : {start + 1, start}) {
    Feed feed(300, true, 10'000, {}, room);
    Viewer viewer(feed);
    viewer.subscribe(fleet::FramePosition{1, 1}, 1);

    EXPECT_EQ(feed.publisher.catch_up(0, 1).has_value(), room > start) << room;
    EXPECT_EQ(feed.publisher.frame_bytes_limit(), 10'000 + room);
  }
}

TEST(FrameBytes, BesideTheRingAreBoundedByLettingNewcomersWait) {
  const auto start_bytes = [](const Feed& feed) {
    const auto* start = feed.publisher.start();
    return start ? start->roster->bytes + start->keyframe->bytes : 0;
  };
  Feed feed(300, true, 10'000, {}, start_bytes(Feed(300)) + 1);
  std::size_t largest = 0;  // a start grows through the day
  std::vector<std::unique_ptr<Stopped>> stopped;
  while (feed.publisher.start()) {
    ASSERT_LT(stopped.size(), 5u);
    stopped.push_back(std::make_unique<Stopped>(feed));  // holds this start
    largest = std::max(largest, start_bytes(feed));
    feed.tick(60);
    largest = std::max(largest, start_bytes(feed));
    EXPECT_LE(feed.publisher.frame_bytes(), feed.publisher.frame_bytes_limit() + largest);
  }
  const std::uint64_t made = feed.publisher.counters().keyframes;

  Viewer newcomer(feed);
  newcomer.subscribe();
  feed.tick(100);
  newcomer.read();
  EXPECT_EQ(newcomer.hellos, 1);
  EXPECT_EQ(newcomer.sequence(), "") << "it waits";
  EXPECT_EQ(feed.publisher.counters().keyframes, made);

  stopped.clear();
  feed.tick();
  newcomer.read();
  EXPECT_EQ(newcomer.sequence(), "RS");
  EXPECT_EQ(newcomer.reader.state().hash(), feed.gateway.core.state().hash());
}

}  // namespace
}  // namespace net::test
