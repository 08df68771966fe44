// The reports of a pack, applied by several threads: the same states as tick by tick.
#include "net/store/pack_apply.hpp"

#include <gtest/gtest.h>

#include "net/pack/span_pack.hpp"
#include "tests/fleet/builders.hpp"

namespace net {
namespace {

namespace test = fleet::test;

/// Several batches, so that there is something to share.
constexpr std::size_t kMachines = 2000, kTicks = 12;

/// Reports of most machines in each tick; figures of some of those and of some others.
struct Recorded {
  Recorded() {
    fleet::FleetState gateway = test::state_with(kMachines);
    fleet::TickSpanBuilder builder;
    for (std::uint64_t k = 0; k < kTicks; ++k) {
      fleet::TickBatch tick = test::tick_at(test::at_s(static_cast<std::int64_t>(k)), k + 1);
      for (fleet::Slot machine = 0; machine < kMachines; ++machine) fill(gateway, tick, machine, k);
      add(test::finished(gateway, std::move(tick)), builder);
    }
    span = builder.take();
    packed = pack_span(span, {});
  }

  std::int64_t below(std::uint64_t limit) { return static_cast<std::int64_t>(random_() % limit); }

  void fill(fleet::FleetState& gateway, fleet::TickBatch& tick, fleet::Slot machine,
            std::uint64_t k) {
    const auto s = static_cast<std::int64_t>(k);
    if (machine % 7 != 3 && below(4) != 0) {
      test::RowOf row{machine, test::at_ms(s * 1000 + below(900)), test::at_ms(s * 1000 + 950), {}};
      row.values[fleet::kPosition] = fleet::packed(
          {static_cast<std::uint32_t>(below(1 << 28)), static_cast<std::uint32_t>(below(1 << 28))});
      row.values[fleet::kSpeedKmh] = below(300);
      if (below(2)) row.values[fleet::kRpm] = below(3000);
      row.accept_into(gateway, tick);
    }
    if (below(5) != 0) return;
    const fleet::DayFigures figures{20742, static_cast<std::int32_t>(s * 60), 0, 1, test::at_s(3)};
    const auto first = static_cast<std::uint32_t>(tick.shares.size());
    tick.shares.push_back({1, -2, 3, 20});
    tick.shares.push_back({0, 0, 4, 0});
    gateway.set_figures(machine, figures, std::span(tick.shares).subspan(first));
    tick.figures.push_back({machine, figures, first, 2});
  }

  void add(fleet::TickBatch tick, fleet::TickSpanBuilder& builder) {
    std::vector<std::int64_t> lags;
    const fleet::FleetState::RowObserver note = [&](const fleet::AcceptedRow& row) {
      lags.push_back((row.receive_time - row.device_time).count());
    };
    if (!reader_.apply(tick, nullptr, &note)) std::abort();
    builder.add(tick, lags);
    states.push_back(reader_);
  }

  fleet::TickSpan span;
  PackedSpan packed;
  std::vector<fleet::FleetState> states;  ///< after each tick

 private:
  std::mt19937_64 random_{5};
  fleet::FleetState reader_ = test::state_with(kMachines);
};

const Recorded& recorded() {
  static const Recorded one;
  return one;
}

class PackApply : public ::testing::Test {
 protected:
  fleet::Result<void> apply(const PackedSpan& packed, std::size_t ticks, fleet::FleetState& state,
                            fleet::TickBatch* cut = nullptr) {
    PackBatches pack(packed.rows, packed.figures, pool_, crew_);
    if (auto opened = pack.opened(); !opened) return opened;
    auto applied = apply_reports(pack, ticks, cut, state, pool_, crew_);
    return applied ? state.finish_span(pack.rest(), ticks) : applied;
  }

  BatchPool pool_;
  UnpackCrew crew_;
};

TEST_F(PackApply, LeadsToTheStateOfEachTick) {
  ASSERT_GT(recorded().span.all.rows.size(), std::size_t{6 * 2048});
  for (std::size_t ticks = 1; ticks <= kTicks; ++ticks) {
    fleet::FleetState state = test::state_with(kMachines);
    const auto applied = apply(recorded().packed, ticks, state);
    ASSERT_TRUE(applied) << applied.error().what;

    const fleet::FleetState& expected = recorded().states[ticks - 1];
    EXPECT_EQ(state.hash(), expected.hash()) << ticks;
    EXPECT_EQ(state.newest_receive(), expected.newest_receive()) << ticks;
    EXPECT_EQ(state.heat().image(), expected.heat().image()) << ticks;
    for (fleet::Slot machine = 0; machine < kMachines; ++machine)
      ASSERT_EQ(state.figures(machine), expected.figures(machine)) << ticks << " " << machine;
  }
}

TEST_F(PackApply, HeatIsInTheSameOrderWhoeverAppliesWhat) {
  fleet::FleetState alone = test::state_with(kMachines);
  ASSERT_TRUE(alone.apply(recorded().span, kTicks));
  for (int round = 0; round < 20; ++round) {
    fleet::FleetState state = test::state_with(kMachines);
    ASSERT_TRUE(apply(recorded().packed, kTicks, state));
    EXPECT_TRUE(std::ranges::equal(
        state.heat().entries(), alone.heat().entries(), [](const auto& a, const auto& b) {
          return a.key == b.key && a.seconds == b.seconds && a.changed == b.changed;
        }));
  }
}

TEST_F(PackApply, CutsTheNextTickOut) {
  constexpr std::size_t kWhole = 5;
  const fleet::TickBatch expected = tick_of(recorded().span, kWhole);
  fleet::FleetState state = test::state_with(kMachines);
  fleet::TickBatch cut;
  ASSERT_TRUE(apply(recorded().packed, kWhole, state, &cut));

  EXPECT_EQ(cut.rows.size(), expected.rows.size());
  EXPECT_EQ(cut.values, expected.values);
  EXPECT_EQ(cut.shares, expected.shares);
  ASSERT_EQ(cut.figures.size(), expected.figures.size());
  cut.position = expected.position, cut.begin = expected.begin, cut.end = expected.end;
  cut.receive_is_lag = true;
  ASSERT_TRUE(state.apply(cut));
  EXPECT_EQ(state.hash(), recorded().states[kWhole].hash());
}

TEST_F(PackApply, EndsWithAnErrorWhereAMachineIsNotInTheFleet) {
  fleet::FleetState smaller = test::state_with(kMachines - 1);
  const auto applied = apply(recorded().packed, kTicks, smaller);
  ASSERT_FALSE(applied);
  EXPECT_NE(applied.error().what.find("slot 1999"), std::string::npos) << applied.error().what;
}

TEST_F(PackApply, IsNotAppliedWhereAPartIsCutShort) {
  const auto shortened = [](std::string part) {
    part.resize(part.size() - 1);
    return part;
  };
  const PackedSpan& packed = recorded().packed;
  fleet::FleetState state = test::state_with(kMachines);
  EXPECT_FALSE(apply({packed.rows, shortened(packed.figures)}, kTicks, state));
  EXPECT_FALSE(apply({shortened(packed.rows), packed.figures}, kTicks, state));
}

TEST_F(PackApply, EndsWithAnErrorWhereFiguresAreOfTicksThatThePackHasNot) {
  fleet::TickSpan shorter = recorded().span;
  shorter.all.rows.clear();
  shorter.row_ticks.clear();
  shorter.all.values.clear();
  shorter.all.figures.clear();
  shorter.figure_ticks.clear();
  shorter.all.shares.clear();
  shorter.ticks.resize(3);
  fleet::FleetState state = test::state_with(kMachines);
  const auto applied = apply({pack_span(shorter, {}).rows, recorded().packed.figures}, 3, state);
  ASSERT_FALSE(applied);
  EXPECT_NE(applied.error().what.find("of no tick"), std::string::npos) << applied.error().what;
}

TEST_F(PackApply, TheSameCrewGoesOnAfterAnError) {
  for (int round = 0; round < 5; ++round) {
    fleet::FleetState smaller = test::state_with(kMachines / 2),
                      state = test::state_with(kMachines);
    EXPECT_FALSE(apply(recorded().packed, kTicks, smaller));
    ASSERT_TRUE(apply(recorded().packed, kTicks, state));
    EXPECT_EQ(state.hash(), recorded().states.back().hash());
  }
}

}  // namespace
}  // namespace net
