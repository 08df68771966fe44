// What a viewer that asks for tracks is sent, without a socket.
#include "tests/net/feed_support.hpp"

namespace net::test {
namespace {

CoreConfig with_tracks() {
  CoreConfig config;
  config.track_bytes = 8u << 20;
  return config;
}

TrackRequest asking(std::uint32_t number, std::vector<fleet::Slot> machines, const Feed& feed) {
  TrackRequest request;
  request.request = number;
  request.machines = std::move(machines);
  request.from = kStart;
  request.to = feed.gateway.core.tick_end();
  return request;
}

class TrackSession : public ::testing::Test {
 protected:
  void ask(std::uint32_t number, std::vector<fleet::Slot> machines) {
    viewer_.send(encode(ClientMessage(asking(number, std::move(machines), feed_))));
  }
  Feed feed_{50, true, 64u << 20, with_tracks()};
  Viewer viewer_{feed_};
};

TEST_F(TrackSession, AnswersAboutEachMachineInOrder) {
  feed_.tick(20);
  viewer_.subscribe();
  ask(5, {7, 3});

  viewer_.read();

  ASSERT_EQ(viewer_.tracks.size(), 2u);
  EXPECT_EQ(viewer_.tracks[0].request, 5u);
  EXPECT_EQ(viewer_.tracks[0].machine, 7u);
  EXPECT_EQ(viewer_.tracks[1].machine, 3u);
  EXPECT_EQ(viewer_.session.tracks(), 2u);
  const auto newest = fleet::newest_fix(feed_.gateway.core.state(), 7);
  ASSERT_FALSE(viewer_.tracks[0].stays.empty());
  EXPECT_EQ(viewer_.tracks[0].stays.back().until, newest->time);
  EXPECT_EQ(viewer_.reader.state().hash(), feed_.gateway.core.state().hash());
}

TEST_F(TrackSession, SaysThatASlotIsNobodys) {
  viewer_.subscribe();
  ask(1, {50});

  viewer_.read();

  ASSERT_EQ(viewer_.tracks.size(), 1u);
  EXPECT_EQ(viewer_.tracks[0].error, "The gateway has no machine in slot 50.");
  EXPECT_FALSE(viewer_.session.failed());
}

TEST_F(TrackSession, RefusesToBeAskedBeforeSubscribe) {
  ask(1, {0});

  viewer_.read();

  ASSERT_EQ(viewer_.errors.size(), 1u);
  EXPECT_EQ(viewer_.errors[0].code, FeedError::Code::bad_message);
}

TEST_F(TrackSession, TakesAsManyRequestsAsItSaysAndNotOneMore) {
  viewer_.subscribe();
  for (std::uint32_t i = 0; i < kMaxTrackRequests; ++i) ask(i, {0});
  EXPECT_FALSE(viewer_.session.failed());
  viewer_.read();
  EXPECT_EQ(viewer_.tracks.size(), kMaxTrackRequests);

  for (std::uint32_t i = 0; i <= kMaxTrackRequests; ++i) ask(i, {0});

  EXPECT_TRUE(viewer_.session.failed());
}

TEST_F(TrackSession, TakesTurnsWithFrames) {
  feed_.tick(20);
  viewer_.subscribe();
  ask(1, {0, 1, 2, 3, 4});

  viewer_.read();

  EXPECT_TRUE(viewer_.order.starts_with("PCPCPCPCPCCC")) << viewer_.order;
}

TEST_F(TrackSession, AnswersBeforeItSaysGoodbye) {
  viewer_.subscribe();
  ask(1, {0, 1});
  viewer_.session.shut_down();

  viewer_.read();

  EXPECT_EQ(viewer_.tracks.size(), 2u);
  EXPECT_EQ(viewer_.errors.size(), 1u);
}

TEST(TrackAnswers, TellsSinceWhenItKnowsAndNothingWithoutABook) {
  Feed with(5, true, 64u << 20, with_tracks()), without(5);
  with.tick(3);
  without.tick(3);

  EXPECT_EQ(with.publisher.tracks().answer(asking(1, {2}, with), 0).front().known_from, kStart);
  EXPECT_TRUE(without.publisher.tracks().answer(asking(1, {2}, without), 0).front().stays.empty());
}

TEST(TrackAnswers, AreTheSameFromPartsOfAFleetAsFromAllOfIt) {
  SimulatedGateway whole(40, false, with_tracks());
  GatewayCore part(with_tracks(), kStart);
  for (int i = 0; i < 20; ++i) {
    const auto slot = part.state().roster().find_or_add(whole.simulator.machines()[20u + i].id);
    ASSERT_TRUE(slot.ok());
  }
  fleet::sim::Simulator again({40, 7, kStart, false});
  fleet::ReportBatch batch, theirs;
  const fleet::Time until = kStart + std::chrono::hours(2);
  again.advance(until, batch);
  whole.core.absorb(batch, until);
  theirs = batch;
  std::erase_if(theirs.reports, [](const fleet::Report& r) { return r.machine < 20; });
  for (fleet::Report& report : theirs.reports) report.machine -= 20;
  part.absorb(theirs, until);
  GatewayCore adopter(with_tracks(), kStart);
  for (const fleet::Machine& m : whole.simulator.machines())
    ASSERT_TRUE(adopter.state().roster().find_or_add(m.id).ok());

  adopter.adopt(part, 20);

  for (fleet::Slot slot = 20; slot < 40; ++slot)
    EXPECT_EQ(adopter.tracks().find(slot, kStart, until).stays,
              whole.core.tracks().find(slot, kStart, until).stays);
}

}  // namespace
}  // namespace net::test
