// A viewer that loses its connection at random places, a thousand times: what it gets afterwards.
#include <random>

#include "tests/net/feed_support.hpp"

namespace net::test {
namespace {

constexpr std::uint32_t kMachines = 25;
constexpr int kCuts = 1000;
/// Ticks three seconds apart: the ring keeps twenty of them, and absences up to twice that fall
/// inside and outside of it about as often.
constexpr std::chrono::seconds kTick{3};
constexpr int kLongestAbsence = 40;

/// A wall through all its connections.
struct Wall {
  Reader reader;
  fleet::FramePosition position() { return reader.state().position(); }
};

struct Outcome {
  int inside = 0, outside = 0, elsewhere = 0;
};

/// Connects behind what the wall has and reads all there is.
void resume(Feed& feed, Wall& wall, fleet::FramePosition from, Outcome& outcome) {
  Viewer viewer(feed);
  viewer.reader = std::move(wall.reader);
  const std::uint64_t last = feed.publisher.last_number();
  const bool same_epoch = from.epoch == feed.publisher.epoch();
  const bool in_ring = same_epoch && feed.publisher.ring().behind(from.number).has_value();

  viewer.subscribe(from, viewer.reader.state().roster().version());
  viewer.read();

  if (in_ring) {
    ++outcome.inside;
    EXPECT_TRUE(viewer.states.empty());
    ASSERT_EQ(viewer.ticks.size(), last - from.number) << "exactly what it missed";
    for (std::size_t i = 0; i < viewer.ticks.size(); ++i)
      ASSERT_EQ(viewer.ticks[i], from.number + 1 + i);
  } else {
    ++(same_epoch ? outcome.outside : outcome.elsewhere);
    ASSERT_EQ(viewer.states.size(), 1u);
    EXPECT_EQ(viewer.states[0],
              same_epoch ? fleet::StateBatch::Kind::catch_up : fleet::StateBatch::Kind::keyframe);
  }
  ASSERT_EQ(viewer.reader.state().position(), feed.gateway.core.position());
  ASSERT_EQ(viewer.reader.state().hash(), feed.gateway.core.state().hash());
  wall.reader = std::move(viewer.reader);
}

TEST(RandomCuts, AThousandOfAViewerLeaveItWithTheRightPictureEveryTime) {
  std::mt19937 random(20'261'122);
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  Feed feed(kMachines);
  Wall wall;
  Outcome outcome;
  resume(feed, wall, {0, 0}, outcome);

  for (int cut = 0; cut < kCuts; ++cut) {
    SCOPED_TRACE("cut " + std::to_string(cut));
    // It reads on for some messages and is cut between two of them, in the middle of a frame too.
    feed.tick(upto(3), kTick);
    {
      Viewer viewer(feed);
      viewer.reader = std::move(wall.reader);
      viewer.subscribe(viewer.reader.state().position(), viewer.reader.state().roster().version());
      viewer.read(1 + upto(4));
      wall.reader = std::move(viewer.reader);
    }
    feed.tick(upto(kLongestAbsence), kTick);

    // Now and then with a place in another epoch: another gateway was there meanwhile.
    fleet::FramePosition from = wall.position();
    if (upto(19) == 0) from.epoch += 1;
    resume(feed, wall, from, outcome);
    if (::testing::Test::HasFatalFailure()) return;
  }

  EXPECT_EQ(outcome.inside + outcome.outside + outcome.elsewhere, kCuts + 1);
  EXPECT_GT(outcome.inside, kCuts / 4);
  EXPECT_GT(outcome.outside, kCuts / 4);
  EXPECT_GT(outcome.elsewhere, kCuts / 50);
}

}  // namespace
}  // namespace net::test
