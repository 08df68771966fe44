#include "net/gateway/store_works.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "tests/net/gateway_support.hpp"

namespace net::test {
namespace {

using std::chrono::minutes;

/// Notes what is written; fails from the frame number `fails_at` on.
class NotingWriter final : public DayWriter {
 public:
  bool needs_keyframe(fleet::Time) const override { return false; }
  bool needs_roster(fleet::Time) const override { return false; }
  fleet::Result<void> append_keyframe(const EncodedFrame* roster, const EncodedFrame& keyframe,
                                      fleet::Time next_end) override {
    if (roster)
      if (auto noted = append(*roster); !noted) return noted;
    next_ends.push_back(next_end);
    return append(keyframe);
  }
  fleet::Result<void> append(const EncodedFrame& frame) override {
    if (frames.size() >= fails_at) return fleet::Error{"The disk is full."};
    frames.push_back(frame.bytes);
    return {};
  }
  fleet::Result<void> journal(std::string_view) override { return {}; }
  fleet::Result<void> commit() override { return {}; }
  fleet::Result<std::vector<std::string>> read_journal() override {
    return std::vector<std::string>();
  }
  fleet::Result<void> close() override { return {}; }

  std::vector<std::string> frames;
  std::vector<fleet::Time> next_ends;
  std::size_t fails_at = SIZE_MAX;
};

DayStoreOptions keyframe_each(minutes every) {
  DayStoreOptions options;
  options.keyframe_every = every;
  return options;
}

/// Seconds of simulated reports into the works, with a machine that comes later.
fleet::Result<void> hand_over(SimulatedGateway& gateway, StoreWorks& works, int seconds) {
  for (int i = 0; i < seconds; ++i) {
    if (i == 100) (void)gateway.core.state().roster().find_or_add("LATE-1");
    if (auto prepared = works.prepare_tick(); !prepared) return prepared;
    gateway.core.ingest(gateway.next_reports());
    if (auto ended = works.end_tick(); !ended) return ended;
  }
  return {};
}
fleet::Result<void> record(SimulatedGateway& gateway, StoreWorks& works, int seconds) {
  if (auto handed = hand_over(gateway, works, seconds); !handed) return handed;
  return works.finish();
}

TEST(StoreWorks, WritesTheBytesThatAFeederWouldHaveWrittenInTheSameOrder) {
  const DayStoreOptions options = keyframe_each(minutes(1));
  SimulatedGateway direct(200, false), parallel(200, false);
  NotingWriter expected, written;
  DirectSink sink(expected);
  StoreFeeder feeder(direct.core, options, sink);
  for (int i = 0; i < 700; ++i) {
    if (i == 100) (void)direct.core.state().roster().find_or_add("LATE-1");
    ASSERT_TRUE(feeder.prepare_tick().ok());
    direct.core.ingest(direct.next_reports());
    ASSERT_TRUE(feeder.append(direct.core.end_tick()).ok());
  }

  StoreWorks works(parallel.core, written, options, 3);
  const auto recorded = record(parallel, works, 700);

  ASSERT_TRUE(recorded.ok());
  EXPECT_GT(written.next_ends.size(), 5u);
  EXPECT_EQ(written.next_ends, expected.next_ends);
  EXPECT_TRUE(written.frames == expected.frames);
  EXPECT_EQ(parallel.core.state().hash(), direct.core.state().hash());
}

TEST(StoreWorks, WritesNothingBehindAnErrorAndTellsIt) {
  for (const std::size_t fails_at : {std::size_t{0}, std::size_t{1}, std::size_t{40}}) {
    SimulatedGateway gateway(50);
    NotingWriter writer;
    writer.fails_at = fails_at;
    StoreWorks works(gateway.core, writer, keyframe_each(minutes(10)), 2);

    const auto recorded = record(gateway, works, 300);

    ASSERT_FALSE(recorded.ok()) << fails_at;
    EXPECT_EQ(recorded.error().what, "The disk is full.");
    EXPECT_EQ(writer.frames.size(), fails_at);
  }
}

TEST(StoreWorks, HasWrittenABeginningAndNothingElseWhenDestroyedMidway) {
  const DayStoreOptions options = keyframe_each(minutes(1));
  NotingWriter expected;
  {
    SimulatedGateway gateway(50);
    StoreWorks works(gateway.core, expected, options, 2);
    ASSERT_TRUE(record(gateway, works, 400).ok());
  }
  for (const int ticks : {0, 1, 60, 61, 200, 400}) {
    SimulatedGateway gateway(50);
    NotingWriter written;
    {
      StoreWorks works(gateway.core, written, options, 2);
      ASSERT_TRUE(hand_over(gateway, works, ticks).ok());
    }

    ASSERT_LE(written.frames.size(), expected.frames.size());
    EXPECT_TRUE(
        std::ranges::equal(written.frames, std::span(expected.frames).first(written.frames.size())))
        << ticks;
    if (ticks == 1) {
      EXPECT_LE(written.frames.size(), 2u) << "the tick was not handed over yet";
    }
  }
}

}  // namespace
}  // namespace net::test
