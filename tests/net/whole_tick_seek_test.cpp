// A seek to the last whole tick: the same state as playing there from the keyframe before, and the
// same frames behind it; over midnight, a restart in a new epoch, and packed hours.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/net/day_folder.hpp"
#include "tests/net/gateway_support.hpp"

namespace net {
namespace {

using samples::Fleet;
using std::chrono::minutes;
using std::chrono::seconds;

const fleet::Time kBegin = samples::kNoon + std::chrono::hours(10) - seconds(150);  // 23:57:30
constexpr int kTicks = 150;                                                         // of either run
constexpr seconds kPause{45};

struct Place {
  std::uint64_t hash;
  fleet::FramePosition position;
  bool operator==(const Place&) const = default;
};

class WholeTickSeek : public testing::TestWithParam<bool>, public samples::DayFolder {
 protected:
  WholeTickSeek() {
    DayStoreOptions options = quick();
    options.keyframe_every = minutes(1);
    options.pack = options.pack_rest = GetParam();
    options.pack_sizes = {50, 0, 0, minutes(60), 3};
    run_gateway(options, kBegin, 7);
    run_gateway(options, kBegin + seconds(kTicks) + kPause, 8);
    played_ = reader();
    sought_ = reader();
  }
  void run_gateway(const DayStoreOptions& options, fleet::Time begin, std::uint64_t epoch) {
    auto w = writer(options);
    Fleet fleet(20, begin, epoch);
    for (int k = 0; k < kTicks; ++k) {
      one_tick(*w, fleet, 3);
      expect(w->commit());
    }
    expect(w->close());
  }
  /// Frame by frame, as `read_until` delivers them.
  static std::vector<Place> play(DayReader& reader, fleet::Time until, test::Reader& to) {
    std::vector<Place> places;
    expect(reader.read_until(until, [&](fleet::Update&& update) {
      to.apply(update);
      places.push_back({to.state().hash(), to.state().position()});
      return true;
    }));
    return places;
  }

  std::unique_ptr<DayReader> played_, sought_;
};

TEST_P(WholeTickSeek, LeadsToTheStateOfPlayingThereAndGoesOnWithTheSameFrames) {
  std::mt19937 random(11);
  std::uniform_int_distribution<std::int64_t> at(-3'000, (2 * kTicks + 60) * 1000);
  test::Reader held;  // its roster is kept from one seek to the next
  for (int k = 0; k < 150; ++k) {
    const fleet::Time t = kBegin + fleet::Millis(at(random));
    SCOPED_TRACE(fleet::iso8601(t));
    test::Reader expected;
    expect(played_->rewind_to(t));
    play(*played_, t, expected);

    expect(sought_->seek(t, held.state(), SeekEnd::whole_tick));

    ASSERT_EQ(held.state().hash(), expected.state().hash());
    ASSERT_EQ(held.state().position(), expected.state().position());
    ASSERT_EQ(held.state().time(), expected.state().time());
    test::Reader onwards;
    if (held.state().time() != fleet::kNever) {
      onwards.apply(fleet::Update(roster_of(held.state(), {})));
      onwards.apply(fleet::Update(held.state().keyframe()));
    }
    ASSERT_EQ(play(*sought_, t + seconds(12), onwards), play(*played_, t + seconds(12), expected));
  }
}

TEST_P(WholeTickSeek, LeavesOutTheTickUnderWayThatAnExactSeekTakesInPart) {
  // The second of which a tick's last report comes within its first half is rare: ten are looked
  // at.
  fleet::FleetState whole, exact, before;
  bool differs = false;
  for (int k = 0; k < 10; ++k) {
    const fleet::Time end = kBegin + seconds(60 + k);
    expect(sought_->seek(end + fleet::Millis{990}, whole, SeekEnd::whole_tick));
    expect(sought_->seek(end, before));
    expect(played_->seek(end + fleet::Millis{990}, exact));

    EXPECT_EQ(whole.hash(), before.hash());
    EXPECT_EQ(whole.time(), end);
    differs = differs || exact.hash() != whole.hash();
  }
  EXPECT_TRUE(differs);
}

INSTANTIATE_TEST_SUITE_P(Store, WholeTickSeek, testing::Bool(),
                         [](const auto& each) { return each.param ? "Packed" : "SingleFrames"; });

}  // namespace
}  // namespace net
