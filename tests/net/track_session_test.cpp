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

/// All replies about the first machine of a request.
std::vector<TrackReply> answer(TrackAnswers& answers, const TrackRequest& request) {
  TrackLookup lookup(answers, request, 0);
  while (!lookup.go_on()) {
  }
  std::vector<TrackReply> replies;
  while (auto reply = lookup.next()) replies.push_back(std::move(*reply));
  return replies;
}

TEST(TrackAnswers, TellsSinceWhenItKnowsAndNothingWithoutABook) {
  Feed with(5, true, 64u << 20, with_tracks()), without(5);
  with.tick(3);
  without.tick(3);

  EXPECT_EQ(answer(with.publisher.tracks(), asking(1, {2}, with)).front().known_from, kStart);
  EXPECT_TRUE(answer(without.publisher.tracks(), asking(1, {2}, without)).front().stays.empty());
}

/// Three hours of a machine that goes on and says so every second, ended at a tick.
class EverySecond : public ::testing::Test {
 protected:
  static constexpr int kFixes = 3 * 3600;
  EverySecond() {
    GatewayCore& core = feed_.gateway.core;
    machine_ = core.state().roster().find_or_add("EX-1").value();
    fleet::ReportBatch batch;
    for (int i = 1; i <= kFixes; ++i) {
      const auto one = one_report(machine_, core.tick_begin() + seconds(i), 104 + i * 1e-4);
      fleet::Report report = one.reports[0];
      report.value_begin = static_cast<std::uint32_t>(batch.values.size());
      batch.values.push_back(one.values[0]);
      report.value_end = static_cast<std::uint32_t>(batch.values.size());
      batch.reports.push_back(report);
    }
    core.absorb(batch, core.tick_begin() + seconds(kFixes));
  }
  using seconds = std::chrono::seconds;
  TrackRequest request() const { return asking(1, {machine_}, feed_); }
  const GatewayCore& core() const { return feed_.gateway.core; }

  Feed feed_{2, false, 64u << 20, with_tracks()};
  fleet::Slot machine_ = 0;
};

TEST_F(EverySecond, IsLookedUpSliceBySliceWithHeartbeatsBetween) {
  Viewer viewer(feed_);
  viewer.subscribe();
  viewer.read();
  const std::string question = encode(ClientMessage(request()));
  viewer.send(question);

  int slices = 0;
  for (; !viewer.session.next(); ++slices) {
    ASSERT_TRUE(viewer.session.busy());
    feed_.publisher.beat(kStart);
    const auto beat = viewer.session.next();
    ASSERT_TRUE(beat);
    EXPECT_EQ(*beat, *feed_.publisher.heartbeat());
  }

  EXPECT_EQ(slices, kFixes / static_cast<int>(kTrackSlice));
  EXPECT_GE(feed_.publisher.tracks().held_bytes(), kFixes * sizeof(fleet::TrackStay));
  viewer.read();
  EXPECT_FALSE(viewer.session.busy());
  EXPECT_EQ(feed_.publisher.tracks().held_bytes(), 0u);
}

TEST_F(EverySecond, IsAnsweredWithTheNewestWhereThatIsTooMuch) {
  TrackAnswers all(core()), some(core(), kMaxTrackAnswerBytes, kFixes),
      few(core(), kMaxTrackAnswerBytes, 100);

  EXPECT_EQ(answer(all, request()).front().known_from, kStart);
  EXPECT_EQ(answer(some, request()).front().known_from, kStart) << "just enough";
  const auto replies = answer(few, request());
  ASSERT_EQ(replies.size(), 1u);
  ASSERT_EQ(replies[0].stays.size(), 100u);
  EXPECT_EQ(replies[0].stays.back().time, core().tick_begin());
  EXPECT_EQ(replies[0].known_from, replies[0].stays.front().time);
}

TEST_F(EverySecond, IsRefusedWhileTooManyAnswersWaitForTheirViewers) {
  TrackAnswers answers(core());
  std::size_t bytes = 0;
  {
    TrackLookup first(answers, request(), 0);
    while (!first.go_on()) {
    }
    bytes = answers.held_bytes();
  }
  EXPECT_EQ(answers.held_bytes(), 0u);
  TrackAnswers full(core(), bytes), room(core(), bytes + 1);
  for (TrackAnswers* each : {&full, &room}) {
    TrackLookup first(*each, request(), 0);
    while (!first.go_on()) {
    }
    ASSERT_EQ(each->held_bytes(), bytes);

    const auto second = answer(*each, asking(2, {0}, feed_));

    ASSERT_FALSE(second.empty());
    EXPECT_EQ(second.front().error.empty(), each == &room) << second.front().error;
  }
  EXPECT_EQ(full.held_bytes(), 0u);
  EXPECT_TRUE(answer(full, request()).front().error.empty()) << "there is room again";
}

TEST_F(EverySecond, IsForgottenWhenTheSessionFails) {
  Viewer viewer(feed_);
  viewer.subscribe();
  viewer.read();
  viewer.send(encode(ClientMessage(request())));
  EXPECT_FALSE(viewer.session.next());
  EXPECT_GT(feed_.publisher.tracks().held_bytes(), 0u);

  viewer.session.fail(FeedError::Code::unauthorised, "Gone.");

  EXPECT_EQ(feed_.publisher.tracks().held_bytes(), 0u);
  EXPECT_FALSE(viewer.session.busy());
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
