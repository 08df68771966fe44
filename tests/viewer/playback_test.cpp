#include "viewer/playback.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <thread>

namespace viewer {
namespace {

using namespace std::chrono_literals;
const fleet::Time kStart = fleet::time_from_ms(1'792'130'400'000);

/// A gateway in miniature: a state of its own, and the updates that follow from what it accepts.
class Sender {
 public:
  explicit Sender(std::size_t machines = 1) {
    for (std::size_t i = 0; i < machines; ++i) {
      (void)state_.roster().find_or_add("SY" + std::to_string(1000 + i)).value();
    }
    state_.finish_tick({1, 0}, kStart - 1s);
  }

  fleet::Update roster() const {
    fleet::RosterBatch batch;
    batch.complete = true;
    batch.version = state_.roster().version();
    for (fleet::Slot slot = 0; slot < state_.roster().size(); ++slot) {
      batch.machines.emplace_back(slot, state_.roster()[slot]);
    }
    return batch;
  }
  fleet::Update keyframe() const { return state_.keyframe(); }
  /// The machines are at grid x = `x` at the end of the tick that ends at `end`.
  fleet::Update tick(fleet::Time end, std::uint32_t x) {
    fleet::TickBatch tick;
    tick.begin = end - 1s;
    tick.end = end;
    tick.position = {1, ++number_};
    const std::int64_t raw = fleet::packed({x, 1000});
    state_.fit_roster();
    for (fleet::Slot slot = 0; slot < state_.machine_count(); ++slot) {
      state_.accept({slot, end, end, 1, std::span(&raw, 1)}, tick);
    }
    state_.finish_tick(tick.position, end);
    return tick;
  }
  fleet::Heartbeat heartbeat(fleet::Time now, bool with_hash) const {
    fleet::Heartbeat beat;
    beat.position = state_.position();
    beat.gateway_time = now;
    beat.has_hash = with_hash;
    beat.hash_position = state_.position();
    beat.hash = state_.hash();
    return beat;
  }

 private:
  fleet::FleetState state_;
  std::uint64_t number_ = 0;
};

class FakeFeed : public net::Feed {
 public:
  net::FeedHealth health() const override { return health_; }
  void resync() override { ++resyncs; }
  void applied(fleet::FramePosition position, std::uint64_t) override {
    applied_position = position;
  }
  void seek(fleet::Time t) override { seeks.push_back(t); }
  void want_until(fleet::Time t) override { wanted = t; }

  net::FeedHealth health_;
  int resyncs = 0;
  fleet::FramePosition applied_position;
  std::vector<fleet::Time> seeks;
  fleet::Time wanted = fleet::kNever;
};

struct Wall {
  explicit Wall(bool recorded, std::size_t machines = 1)
      : playback(view, {&queue, &feed, recorded, false}), sender(machines) {}

  void put(fleet::Update update) { ASSERT_TRUE(queue.push(std::move(update))); }
  /// With a budget that lasts: the time told stands still.
  void run(std::chrono::nanoseconds dt) { update(dt, 1ms); }
  void run_exactly() { update(0ns, std::nullopt); }
  void update(std::chrono::nanoseconds dt, std::optional<std::chrono::microseconds> budget) {
    playback.update(dt, feed.health_, budget,
                    [] { return std::chrono::steady_clock::time_point{}; });
  }
  /// Work beside the main thread ends by itself: this does too.
  void run_until_caught_up() {
    do {
      run(0ns);
      std::this_thread::yield();
    } while (!playback.caught_up());
  }
  void show(fleet::Update update) {
    put(std::move(update));
    run_until_caught_up();
  }
  std::uint32_t x() const { return fleet::unpacked(view.state().field(0, fleet::kPosition).raw).x; }

  fleet::Atlas atlas;
  FleetView view{atlas, fleet::shanghai()};
  fleet::UpdateQueue queue{1 << 20};
  FakeFeed feed;
  Playback playback;
  Sender sender;
};

TEST(Playback, AppliesLiveDataAsItComesAndTellsTheFeed) {
  Wall wall(false);
  wall.put(wall.sender.roster());
  wall.put(wall.sender.keyframe());
  wall.put(wall.sender.tick(kStart, 500));
  wall.put(wall.sender.tick(kStart + 1s, 600));

  wall.run(0ns);

  EXPECT_TRUE(wall.playback.ready());
  EXPECT_TRUE(wall.playback.caught_up());
  EXPECT_EQ(wall.x(), 600u);
  EXPECT_EQ(wall.playback.playhead(), kStart + 1s);
  EXPECT_EQ(wall.feed.applied_position.number, 2u);
}

TEST(Playback, CarriesTheLivePlayheadOnWhileTheFeedIsSilent) {
  Wall wall(false);
  wall.put(wall.sender.roster());
  wall.put(wall.sender.keyframe());
  wall.put(wall.sender.tick(kStart, 500));
  wall.run(0ns);

  wall.run(2500ms);

  EXPECT_EQ(wall.playback.playhead(), kStart + 2500ms);
}

TEST(Playback, ConfirmsAnEqualStateHash) {
  Wall wall(false);
  wall.put(wall.sender.roster());
  wall.put(wall.sender.keyframe());
  wall.put(wall.sender.tick(kStart, 500));
  wall.put(wall.sender.heartbeat(kStart, true));

  wall.run(0ns);

  EXPECT_EQ(wall.playback.health().hash_checks, 1u);
  EXPECT_EQ(wall.playback.health().agreement, Agreement::agrees);
  EXPECT_EQ(wall.feed.resyncs, 0);
}

TEST(Playback, AsksForANewStartWhenTheHashDiffers) {
  Wall wall(false);
  wall.put(wall.sender.roster());
  wall.put(wall.sender.keyframe());
  wall.put(wall.sender.tick(kStart, 500));
  fleet::Heartbeat wrong = wall.sender.heartbeat(kStart, true);
  wrong.hash ^= 1;
  wall.put(wrong);

  wall.run(0ns);

  EXPECT_EQ(wall.playback.health().agreement, Agreement::diverged);
  EXPECT_EQ(wall.feed.resyncs, 1);
}

TEST(Playback, ComparesNoHashOfAnotherPosition) {
  Wall wall(false);
  wall.put(wall.sender.roster());
  wall.put(wall.sender.keyframe());
  wall.put(wall.sender.tick(kStart, 500));
  fleet::Heartbeat early = wall.sender.heartbeat(kStart, true);
  --early.hash_position.number;
  wall.put(early);

  wall.run(0ns);

  EXPECT_EQ(wall.playback.health().hash_checks, 0u);
  EXPECT_EQ(wall.playback.health().agreement, Agreement::unknown);
}

/// A fleet that is hashed beside the main thread, and its gateway's hash of the state shown.
struct LargeWall : Wall {
  LargeWall() : Wall(false, Playback::kHashBesideFrom) {
    show(sender.roster());
    show(sender.keyframe());
    show(sender.tick(kStart, 500));
    beat = sender.heartbeat(kStart, true);
  }

  fleet::Heartbeat beat;
};

TEST(Playback, ConfirmsTheHashOfALargeFleetBeforeNewDataIsApplied) {
  LargeWall wall;
  wall.put(wall.beat);
  wall.put(wall.sender.tick(kStart + 1s, 600));

  wall.run(0ns);
  // However far the hash has come: no data before it is there.
  EXPECT_EQ(wall.playback.health().hash_checks == 1, wall.x() == 600u);
  wall.run_until_caught_up();

  EXPECT_EQ(wall.playback.health().hash_checks, 1u);
  EXPECT_EQ(wall.playback.health().agreement, Agreement::agrees);
  EXPECT_EQ(wall.feed.resyncs, 0);
  EXPECT_EQ(wall.x(), 600u);
}

TEST(Playback, AsksForANewStartWhenTheHashOfALargeFleetDiffers) {
  LargeWall wall;
  wall.beat.hash ^= 1;

  wall.show(wall.beat);

  EXPECT_EQ(wall.playback.health().agreement, Agreement::diverged);
  EXPECT_EQ(wall.playback.health().divergences, 1u);
  EXPECT_EQ(wall.feed.resyncs, 1);
}

TEST(Playback, MovesItsPlayheadOnWhileALargeFleetIsHashed) {
  LargeWall wall;
  wall.put(wall.beat);

  wall.run(0ns);
  wall.run(500ms);

  EXPECT_EQ(wall.playback.playhead(), kStart + 500ms);
}

TEST(Playback, MayEndWhileALargeFleetIsHashed) {
  LargeWall wall;
  wall.put(wall.beat);

  wall.run(0ns);
}

/// A fleet that is taken in beside the main thread.
struct HugeWall : Wall {
  HugeWall() : Wall(false, Playback::kRebuildFrom) {
    (void)sender.tick(kStart, 500);
    put(sender.roster());
  }
  void show_all() {
    run_until_caught_up();
    show(sender.keyframe());
  }
};

TEST(Playback, TakesALargeFleetInBesideTheMainThreadAndShowsItWhole) {
  HugeWall wall;

  wall.run_until_caught_up();
  EXPECT_EQ(wall.view.points().size(), 0u) << "a roster alone shows nothing";
  EXPECT_FALSE(wall.playback.ready());
  wall.show(wall.sender.keyframe());

  EXPECT_TRUE(wall.playback.ready());
  EXPECT_EQ(wall.view.points().size(), Playback::kRebuildFrom);
  EXPECT_EQ(wall.view.updates_applied(), Playback::kRebuildFrom);
  EXPECT_EQ(wall.x(), 500u);
  EXPECT_EQ(wall.feed.applied_position.number, 1u);
  wall.show(wall.sender.tick(kStart + 1s, 600));
  EXPECT_EQ(wall.x(), 600u);
  wall.show(wall.sender.heartbeat(kStart + 1s, true));
  EXPECT_EQ(wall.playback.health().agreement, Agreement::agrees);
}

TEST(Playback, WaitsForTheWorkBesideTheMainThreadWhereThereIsNoBudget) {
  HugeWall wall;
  wall.run_exactly();
  wall.put(wall.sender.keyframe());
  wall.run_exactly();

  EXPECT_TRUE(wall.playback.ready());
  EXPECT_TRUE(wall.playback.caught_up());
  EXPECT_EQ(wall.x(), 500u);
  wall.put(wall.sender.heartbeat(kStart, true));
  wall.run_exactly();
  EXPECT_TRUE(wall.playback.caught_up());
  EXPECT_EQ(wall.playback.health().hash_checks, 1u);
}

TEST(Playback, ShowsTheFleetBeforeUntilALargeOneIsWhole) {
  HugeWall wall;
  wall.show_all();
  wall.show(wall.sender.tick(kStart + 1s, 600));

  wall.show(wall.sender.roster());  // the same again, as after a new connection
  EXPECT_EQ(wall.view.points().size(), Playback::kRebuildFrom);
  EXPECT_EQ(wall.x(), 600u);
  wall.put(wall.sender.keyframe());
  wall.run(0ns);
  EXPECT_EQ(wall.x(), 600u) << "while it is taken in, and after";
  wall.run_until_caught_up();

  EXPECT_EQ(wall.x(), 600u);
  EXPECT_EQ(wall.feed.resyncs, 0);
}

TEST(Playback, GoesOnAfterALargeRosterThatOnlyContinues) {
  HugeWall wall;
  wall.show_all();
  fleet::RosterBatch roster = std::get<fleet::RosterBatch>(wall.sender.roster());
  roster.machines[7].second.model = "SY195C";

  wall.show(std::move(roster));
  EXPECT_EQ(wall.view.state().roster()[7].model, "");
  wall.show(wall.sender.tick(kStart + 1s, 600));

  EXPECT_EQ(wall.view.state().roster()[7].model, "SY195C");
  EXPECT_EQ(wall.x(), 600u);
  EXPECT_EQ(wall.view.state().field(9, fleet::kPosition).receive_time, kStart + 1s);
}

TEST(Playback, RefusesALargeKeyframeThatIsBadAndStaysAsItWas) {
  HugeWall wall;
  wall.show_all();
  fleet::StateBatch bad = std::get<fleet::StateBatch>(wall.sender.keyframe());
  bad.machines.back().machine = 0;

  wall.show(std::move(bad));

  EXPECT_EQ(wall.feed.resyncs, 1);
  EXPECT_EQ(wall.x(), 500u);
  EXPECT_EQ(wall.view.points().size(), Playback::kRebuildFrom);
}

TEST(Playback, MayEndWhileALargeFleetIsTakenIn) {
  HugeWall roster, keyframe;
  roster.run(0ns);
  keyframe.run_until_caught_up();
  keyframe.put(keyframe.sender.keyframe());

  keyframe.run(0ns);
}

struct Recorded : Wall {
  Recorded() : Wall(true) {
    feed.health_.range_begin = kStart;
    feed.health_.range_end = kStart + 1h;
    put(sender.roster());
    put(sender.tick(kStart, 500));
    // What a recording holds: the state, then ticks.
    while (queue.try_pop()) {
    }
    put(sender.roster());
    put(sender.keyframe());
    for (int i = 1; i <= 10; ++i)
      put(sender.tick(kStart + i * 1s, 500u + static_cast<unsigned>(i)));
  }
};

TEST(Playback, AppliesRecordedTicksOnlyWhenThePlayheadReachesThem) {
  Recorded wall;
  wall.playback.start(std::nullopt, 1, false);
  wall.run(0ns);
  EXPECT_EQ(wall.x(), 500u);

  wall.run(2s);
  wall.run(500ms);

  EXPECT_EQ(wall.playback.playhead(), kStart + 2500ms);
  EXPECT_EQ(wall.x(), 502u);
}

TEST(Playback, StartsARecordingAtTheInstantAskedForAndStaysWhenPaused) {
  Recorded wall;
  wall.playback.start(kStart + 4s, 60, true);
  wall.run(0ns);
  wall.run(10s);

  EXPECT_EQ(wall.feed.seeks, std::vector<fleet::Time>{kStart + 4s});
  EXPECT_EQ(wall.playback.playhead(), kStart + 4s);
  EXPECT_EQ(wall.x(), 504u);
}

TEST(Playback, GoesOnAfterAJumpIntoAGapOnceTheReaderHasPassedIt) {
  Wall wall(true);
  wall.feed.health_.range_begin = kStart;
  wall.feed.health_.range_end = kStart + 1h;
  wall.put(wall.sender.roster());
  wall.put(wall.sender.keyframe());
  wall.playback.start(kStart + 10min, 1, false);
  wall.run(1s);
  EXPECT_FALSE(wall.playback.caught_up());
  EXPECT_EQ(wall.playback.playhead(), kStart + 10min);
  EXPECT_GT(wall.feed.wanted,
            kStart + 10min);  // asks for what lies ahead, though nothing moves yet

  wall.feed.health_.read_until = wall.feed.wanted;
  wall.run(1s);
  wall.run(1s);

  EXPECT_TRUE(wall.playback.caught_up());
  EXPECT_EQ(wall.playback.playhead(), kStart + 10min + 1s);
}

TEST(Playback, StopsWhereWhatItHasEndsUntilALostGatewayIsBack) {
  Recorded wall;
  wall.playback.start(std::nullopt, 4, false);
  wall.run(0ns);
  wall.feed.health_.read_until = kStart + 5s;
  wall.feed.health_.state = net::FeedHealth::State::lost;

  wall.run(1s);
  EXPECT_EQ(wall.playback.playhead(), kStart + 4s) << "there is data up to here";
  wall.run(1s);
  wall.run(1s);
  EXPECT_EQ(wall.playback.playhead(), kStart + 5s);
  EXPECT_EQ(wall.x(), 505u);
  EXPECT_TRUE(wall.playback.caught_up());

  wall.feed.health_.state = net::FeedHealth::State::receiving;
  wall.feed.health_.read_until = kStart + 1min;
  wall.run(1s);
  EXPECT_EQ(wall.playback.playhead(), kStart + 9s);
}

TEST(Playback, GoesBackThroughWhatItHasWhileItsGatewayIsLost) {
  Recorded wall;
  wall.playback.start(kStart + 8s, -1, false);
  wall.run(0ns);
  wall.feed.health_.read_until = kStart + 8s;
  wall.feed.health_.state = net::FeedHealth::State::lost;
  wall.run(2s);
  EXPECT_EQ(wall.playback.playhead(), kStart + 6s);
}

TEST(Playback, KeepsAStartOutsideTheRecordingWithinIt) {
  Recorded wall;
  wall.playback.start(kStart - 24h, 1, true);
  EXPECT_EQ(wall.feed.seeks.back(), kStart);

  wall.playback.start(kStart + 24h, 1, true);
  EXPECT_EQ(wall.feed.seeks.back(), kStart + 1h);
}

/// Plays backwards from ten seconds on; a picture comes when the test puts it there.
struct Backwards : Recorded {
  Backwards() {
    playback.start(kStart + 10s, -1, false);
    feed.health_.read_until = kStart + 10s;
    run(0ns);
  }
  /// What a reader delivers that arrived.
  void arrive() {
    auto keyframe = std::get<fleet::StateBatch>(sender.keyframe());
    keyframe.time = feed.seeks.back();
    put(std::move(keyframe));
    feed.health_.read_until = feed.seeks.back();
  }
};

TEST(Playback, MovesItsPlayheadOnBackwardsWhileAPictureIsUnderWay) {
  Backwards wall;
  wall.run(1s);
  ASSERT_EQ(wall.feed.seeks.back(), kStart + 9s);
  wall.feed.health_.read_until = fleet::kNever;

  wall.run(1s);
  wall.run(2500ms);

  EXPECT_EQ(wall.playback.playhead(), kStart + 5500ms);
  EXPECT_FALSE(wall.playback.caught_up());
  EXPECT_EQ(wall.feed.seeks.back(), kStart + 9s) << "one at a time: else none would ever arrive";
}

TEST(Playback, GoesBackFromPictureToPictureByAsMuchTimeAsPassed) {
  Backwards wall;
  wall.run(1s);
  wall.feed.health_.read_until = fleet::kNever;
  wall.run(3s);

  wall.arrive();
  wall.run(500ms);

  EXPECT_TRUE(wall.playback.caught_up()) << "that of nine seconds is shown";
  EXPECT_EQ(wall.view.state().time(), kStart + 9s);
  EXPECT_EQ(wall.playback.playhead(), kStart + 5500ms);
  EXPECT_EQ(wall.feed.seeks.back(), kStart + 5500ms) << "the next is on its way meanwhile";
}

TEST(Playback, DoesNotTakeWhatWasReadBeforeAJumpForTheNewPlace) {
  Backwards wall;
  wall.feed.health_.read_until = kStart + 10s;

  wall.run(1s);  // told before the jump that this update makes

  EXPECT_FALSE(wall.playback.caught_up());
}

TEST(Playback, JumpsElsewhereFromBackwardsPlayWithoutWaitingForAPicture) {
  Backwards wall;
  wall.run(1s);
  wall.feed.health_.read_until = fleet::kNever;
  ASSERT_FALSE(wall.playback.seeking());

  wall.playback.seek(kStart + 30s);
  wall.run(1s);

  EXPECT_TRUE(wall.playback.seeking());
  EXPECT_EQ(wall.playback.playhead(), kStart + 30s) << "waits there for its picture";
  EXPECT_EQ(wall.feed.seeks.back(), kStart + 30s);
}

TEST(Playback, EndsWhereItIsPausedOnceItsPictureHasCome) {
  Backwards wall;
  wall.run(1s);
  wall.feed.health_.read_until = fleet::kNever;
  wall.run(2s);
  wall.playback.control().pause();
  wall.arrive();
  wall.run(0ns);
  wall.run(0ns);
  ASSERT_EQ(wall.feed.seeks.back(), kStart + 7s);

  wall.arrive();
  wall.run(0ns);

  EXPECT_EQ(wall.playback.playhead(), kStart + 7s);
  EXPECT_TRUE(wall.playback.caught_up());
  EXPECT_EQ(wall.feed.seeks.back(), kStart + 7s);
}

TEST(Playback, ReadsNothingAheadWhileItIsPausedOrGoesBack) {
  Recorded wall;
  wall.playback.start(kStart + 4s, 60, true);
  wall.run(0ns);
  EXPECT_EQ(wall.feed.wanted, kStart + 4s);

  wall.playback.control().play(-60);
  wall.run(10ms);

  EXPECT_LE(wall.feed.wanted, kStart + 4s);
}

TEST(Playback, ReadsAheadInProportionToItsSpeed) {
  Recorded wall;
  wall.playback.start(std::nullopt, 60, false);
  wall.run(0ns);
  wall.run(1ms);

  EXPECT_GE(wall.feed.wanted, kStart + 120s);
  EXPECT_LE(wall.feed.wanted, kStart + 121s);
}

}  // namespace
}  // namespace viewer
