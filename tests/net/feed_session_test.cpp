// Publisher and FeedSession together, without a socket: what a viewer is sent in which case.
#include "net/gateway/feed_session.hpp"

#include "tests/net/feed_support.hpp"

namespace net::test {
namespace {

TEST(FeedSession, SaysHelloAtOnceAndNothingMoreBeforeSubscribe) {
  Feed feed(10);
  Viewer viewer(feed);

  feed.tick(3);
  viewer.read();

  EXPECT_EQ(viewer.hellos, 1);
  EXPECT_TRUE(viewer.updates.empty());
}

TEST(FeedSession, GivesANewViewerRosterKeyframeAndTheTicksAfterItWithoutWaiting) {
  Feed feed(50);
  feed.tick(7);
  Viewer viewer(feed);

  viewer.subscribe();
  viewer.read();

  EXPECT_EQ(viewer.sequence(), "RSTTTTTTT");
  EXPECT_EQ(viewer.reader.state().hash(), feed.gateway.core.state().hash());
}

TEST(FeedSession, GivesAViewerThatKeepsUpEveryTick) {
  Feed feed(50);
  Viewer viewer(feed);
  viewer.subscribe();
  viewer.read();

  for (int i = 0; i < 100; ++i) {
    feed.tick();
    viewer.read();
    ASSERT_EQ(viewer.reader.state().hash(), feed.gateway.core.state().hash());
  }

  EXPECT_EQ(viewer.ticks.size(), 100u);
  EXPECT_EQ(viewer.session.catch_ups(), 0u);
}

TEST(FeedSession, ResumesInsideTheRingWithExactlyTheMissedFrames) {
  Feed feed(50);
  feed.tick(10);
  Viewer before(feed), after(feed);
  before.subscribe();
  before.read();
  const fleet::FramePosition last = before.reader.state().position();
  feed.tick(5);

  after.reader = std::move(before.reader);
  after.subscribe(last, after.reader.state().roster().version());
  after.read();

  EXPECT_EQ(after.sequence(), "TTTTT");
  EXPECT_EQ(after.ticks.front(), last.number + 1);
  EXPECT_EQ(after.reader.state().hash(), feed.gateway.core.state().hash());
}

TEST(FeedSession, ResumesAtTheLastTickWithNothingToSend) {
  Feed feed(50);
  feed.tick(10);
  Viewer viewer(feed);

  viewer.subscribe(feed.gateway.core.position(), 1);
  viewer.read();

  EXPECT_EQ(viewer.sequence(), "");
}

TEST(FeedSession, ResumesOutsideTheRingWithACatchUpOfWhatChanged) {
  Feed feed(200, false);
  feed.tick(30);
  Viewer before(feed), after(feed);
  before.subscribe();
  before.read();
  const fleet::FramePosition last = before.reader.state().position();
  feed.tick(100);  // of which the ring holds the last 60 s

  after.reader = std::move(before.reader);
  after.subscribe(last, after.reader.state().roster().version());
  after.read();

  EXPECT_EQ(after.sequence(), "S");
  EXPECT_EQ(after.states.front(), fleet::StateBatch::Kind::catch_up);
  EXPECT_EQ(after.reader.state().hash(), feed.gateway.core.state().hash());
  feed.tick(3);
  after.read();
  EXPECT_EQ(after.reader.state().hash(), feed.gateway.core.state().hash());
}

TEST(FeedSession, WaitsForTheTickEndWithACatchUp) {
  Feed feed(200, false);
  const fleet::FramePosition early = feed.gateway.core.position();
  feed.tick(100);
  // A tick under way: its state is nobody's.
  fleet::ReportBatch batch = one_report(0, feed.gateway.core.tick_end(), 104);
  feed.gateway.core.ingest(batch);
  Viewer viewer(feed);
  viewer.subscribe(early, 1);

  viewer.read();
  EXPECT_EQ(viewer.sequence(), "");
  feed.now += 1s;
  feed.publisher.publish(feed.gateway.core.end_tick(), feed.now);
  viewer.read();

  EXPECT_EQ(viewer.sequence().back(), 'S');
}

TEST(FeedSession, GivesAViewerOfAnotherEpochAKeyframe) {
  Feed feed(50);
  feed.tick(3);
  Viewer viewer(feed);

  viewer.subscribe(fleet::FramePosition{99, 2}, 5);
  viewer.read();

  EXPECT_EQ(viewer.sequence(), "RSTTT");
}

TEST(FeedSession, GivesAViewerFromTheFutureAKeyframe) {
  Feed feed(50);
  feed.tick(3);
  Viewer viewer(feed);

  viewer.subscribe(fleet::FramePosition{1, 1000}, 5);
  viewer.read();

  EXPECT_EQ(viewer.sequence(), "RSTTT");
}

TEST(FeedSession, BringsASlowViewerUpWithACatchUpAndHoldsNoQueueForIt) {
  Feed feed(100);
  Viewer slow(feed);
  slow.subscribe();
  slow.read();

  feed.tick(200);  // it reads nothing of that
  slow.read();

  EXPECT_EQ(slow.session.catch_ups(), 1u);
  EXPECT_EQ(slow.reader.state().hash(), feed.gateway.core.state().hash());
  EXPECT_LE(slow.ticks.size(), 1u);
}

TEST(FeedSession, PutsHeartbeatsBetweenThePartsOfALargeFrame) {
  Feed feed(20'000);
  feed.tick(2);
  Viewer viewer(feed);
  viewer.subscribe();
  ASSERT_GT(feed.publisher.start()->keyframe->messages.size(), 2u) << "too small to be cut";
  const int roster_parts = static_cast<int>(feed.publisher.start()->roster->messages.size());

  viewer.read(1 + roster_parts + 1);  // hello, roster, one part of the keyframe
  feed.publisher.beat(kStart);
  viewer.read();

  EXPECT_EQ(viewer.sequence(), "RHSTT");
  EXPECT_EQ(viewer.heartbeats[0].position, feed.gateway.core.position());
  EXPECT_EQ(viewer.heartbeats[0].gateway_time, kStart);
}

TEST(FeedSession, SendsTheNewestHeartbeatOnlyOnce) {
  Feed feed(10);
  Viewer viewer(feed);
  viewer.subscribe();
  viewer.read();
  viewer.heartbeats.clear();

  feed.publisher.beat(kStart);
  feed.publisher.beat(kStart + 1s);
  viewer.read();
  viewer.read();

  ASSERT_EQ(viewer.heartbeats.size(), 1u);
  EXPECT_EQ(viewer.heartbeats[0].gateway_time, kStart + 1s);
}

TEST(FeedSession, SendsTheHashBehindItsTick) {
  Feed feed(30);
  Viewer viewer(feed);
  viewer.subscribe();
  int hashes = 0;

  for (int i = 0; i < 130; ++i) {
    feed.tick();
    viewer.heartbeats.clear();
    viewer.read();
    for (const auto& beat : viewer.heartbeats) {
      if (!beat.has_hash) continue;
      ++hashes;
      EXPECT_EQ(beat.hash_position, viewer.reader.state().position());
      EXPECT_EQ(beat.hash, viewer.reader.state().hash());
    }
  }

  EXPECT_EQ(hashes, 2);
}

TEST(FeedSession, KeepsTheKeyframeInsideTheRing) {
  Feed feed(30);

  for (int i = 0; i < 300; ++i) {
    feed.tick();
    ASSERT_GE(feed.publisher.start()->sequence, feed.publisher.ring().begin()) << i;
  }

  EXPECT_GE(feed.publisher.counters().keyframes, 5u);
  EXPECT_LE(feed.publisher.counters().keyframes, 12u);
}

TEST(FeedSession, EncodesATickOnceForAllViewers) {
  Feed feed(30);
  std::vector<std::unique_ptr<Viewer>> viewers;
  for (int i = 0; i < 10; ++i) {
    viewers.push_back(std::make_unique<Viewer>(feed));
    viewers.back()->subscribe();
  }

  feed.tick(5);
  for (auto& viewer : viewers) viewer->read();

  EXPECT_EQ(feed.publisher.counters().tick_frames, 5u);
  for (auto& viewer : viewers) EXPECT_EQ(viewer->ticks.size(), 5u);
}

TEST(FeedSession, TellsAWallOfAnotherProtocolInAPlainSentence) {
  Feed feed(10);
  Viewer viewer(feed);
  Subscribe message;
  message.major = kProtocolMajor + 1;

  viewer.send(encode(ClientMessage(message)));
  viewer.read();

  ASSERT_EQ(viewer.errors.size(), 1u);
  EXPECT_EQ(viewer.errors[0].code, FeedError::Code::version_mismatch);
  EXPECT_NE(viewer.errors[0].text.find("same version"), std::string::npos);
  EXPECT_TRUE(viewer.session.over());
}

TEST(FeedSession, EndsWithAnErrorOnRubbishAndOnASecondSubscribe) {
  Feed feed(10);
  Viewer rubbish(feed), twice(feed);
  rubbish.send("\xff\xff\xff rubbish");
  rubbish.read();
  twice.subscribe();
  twice.subscribe();
  twice.read();

  ASSERT_EQ(rubbish.errors.size(), 1u);
  EXPECT_EQ(rubbish.errors[0].code, FeedError::Code::bad_message);
  EXPECT_TRUE(rubbish.session.over());
  ASSERT_EQ(twice.errors.size(), 1u);
  EXPECT_TRUE(twice.session.over());
}

TEST(FeedSession, SaysGoodbyeWhenTheGatewayGoesDown) {
  Feed feed(10);
  Viewer viewer(feed);
  viewer.subscribe();
  viewer.read(2);
  feed.tick(3);

  viewer.session.shut_down();
  viewer.read();

  EXPECT_EQ(viewer.ticks.size(), 3u) << "the last ticks come before the goodbye";
  ASSERT_EQ(viewer.errors.size(), 1u);
  EXPECT_EQ(viewer.errors[0].code, FeedError::Code::shutting_down);
  EXPECT_TRUE(viewer.session.over());
}

TEST(FrameRing, DropsTheOldestBeyondItsBytesAndItsAge) {
  FrameRing ring(100, 10s, 0);
  const auto frame = [](std::uint64_t number, std::size_t bytes) {
    auto wire = std::make_shared<WireFrame>();
    wire->tick = true;
    wire->position = {1, number};
    wire->bytes = bytes;
    return wire;
  };
  const Steady t{};

  ring.push(frame(1, 50), t);
  ring.push(frame(2, 50), t + 1s);
  EXPECT_EQ(ring.behind(0), 0u) << "100 bytes are within 100";
  ring.push(frame(3, 1), t + 2s);
  EXPECT_EQ(ring.behind(0), std::nullopt);
  EXPECT_EQ(ring.behind(1), 1u);
  ring.push(frame(4, 1), t + 11s);
  EXPECT_EQ(ring.behind(1), 1u) << "10 s old is within 10 s";
  ring.push(frame(5, 1), t + 12s);
  EXPECT_EQ(ring.behind(1), std::nullopt);
  EXPECT_EQ(ring.behind(4), 4u);
  EXPECT_EQ(ring.behind(5), 5u);
  EXPECT_EQ(ring.behind(6), std::nullopt) << "never sent";
  ring.push(frame(6, 1000), t + 12s);
  EXPECT_EQ(ring.begin() + 1, ring.end()) << "the newest stays whatever its size";
}

TEST(ChangeOrder, ListsWhatChangedSinceANumber) {
  ChangeOrder order;
  order.touch(5, 1);
  order.touch(2, 1);
  order.touch(9, 2);
  order.touch(5, 3);
  order.touch(5, 3);

  EXPECT_EQ(order.changed_since(0), (std::vector<fleet::Slot>{2, 5, 9}));
  EXPECT_EQ(order.changed_since(1), (std::vector<fleet::Slot>{5, 9}));
  EXPECT_EQ(order.changed_since(2), (std::vector<fleet::Slot>{5}));
  EXPECT_TRUE(order.changed_since(3).empty());
}

}  // namespace
}  // namespace net::test
