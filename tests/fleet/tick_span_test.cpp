// Ticks machine by machine: the same states as tick by tick.
#include "fleet/tick_span.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace fleet {
namespace {

using test::at_ms;
using test::at_s;
using test::RowOf;
using test::state_with;

constexpr std::size_t kMachines = 5, kTicks = 40;

/// A day's worth of everything: late rows, several of one machine in a tick, figures with heat,
/// periods, alarms, activity. And the states after each tick.
struct Recorded {
  Recorded() {
    FleetState gateway = state_with(kMachines);
    for (std::uint64_t k = 0; k < kTicks; ++k) {
      TickBatch tick = test::tick_at(at_s(static_cast<std::int64_t>(k)), k + 1);
      fill(gateway, tick, static_cast<std::int64_t>(k));
      if (tick.activity) gateway.note_activity(*tick.activity);
      add(test::finished(gateway, std::move(tick)));
    }
  }

  void fill(FleetState& gateway, TickBatch& tick, std::int64_t k) {
    for (int report = 0; report < 4; ++report) {
      const auto machine = static_cast<Slot>(random_() % kMachines);
      const auto raw = [&](std::uint64_t below) {
        return static_cast<std::int64_t>(random_() % below);
      };
      const std::int64_t late = raw(4) == 0 ? -raw(20'000) : 0;
      RowOf row{machine, at_ms(k * 1000 + 100 + late), at_ms(k * 1000 + 400 + raw(500)), {}};
      row.values[kPosition] = packed(
          {static_cast<std::uint32_t>(raw(1 << 28)), static_cast<std::uint32_t>(raw(1 << 28))});
      row.values[kHeadingDeg] = raw(3600);
      if (raw(2)) row.values[kSpeedKmh] = raw(500);
      if (raw(3)) row.values[kRpm] = raw(3000);
      row.accept_into(gateway, tick);
    }
    const Slot worked = tick.rows.front().machine;
    const DayFigures figures{20742, static_cast<std::int32_t>(k * 60), 5, 1, at_s(3)};
    const std::vector<HeatShare> shares{{1, -2, 3, 20}, {0, 0, 4, 0}};
    gateway.set_figures(worked, figures, shares);
    tick.figures.push_back({worked, figures, 0, 2});
    tick.shares = shares;
    gateway.set_period(worked, static_cast<std::int32_t>(1000 + k), tick);
    Alarm alarm;
    alarm.id = static_cast<AlarmId>(k / 2);
    alarm.machine = worked;
    alarm.occurred = alarm.learned = at_s(k);
    const auto kind = k % 2 ? AlarmEvent::Kind::cleared : AlarmEvent::Kind::raised;
    gateway.raise({kind, alarm, at_s(k)}, tick);
    if (k % 3 == 0) tick.lists.push_back({worked, at_s(k), true, 0, 0});
    if (k % 4 == 0) {
      const Fault late[] = {{100, 1, 0, 1, Lamp::amber},
                            {static_cast<std::uint32_t>(k), 2, 0, 1, Lamp::off}};
      add_late_list(tick, worked, at_s(k - 60), std::span(late).first(k % 8 ? 1 : 2));
    }
    if (k % 9 == 0) tick.activity = ActivitySample{20742, static_cast<std::int32_t>(k), 3};
  }

  void add(TickBatch tick) {
    std::vector<std::int64_t> lags;
    const FleetState::RowObserver note = [&](const AcceptedRow& row) {
      lags.push_back((row.receive_time - row.device_time).count());
    };
    ASSERT_TRUE(reader_.apply(tick, nullptr, &note));
    builder_.add(tick, lags);
    lists_.push_back(tick.lists);
    faults_.push_back(tick.faults);
    states_.push_back(reader_);
  }

  std::mt19937_64 random_{3};
  FleetState reader_ = state_with(kMachines);
  TickSpanBuilder builder_;
  std::vector<FleetState> states_;
  std::vector<std::vector<FaultNote>> lists_;  ///< of each tick
  std::vector<std::vector<Fault>> faults_;
};

void expect_same(const FleetState& a, const FleetState& b, std::size_t tick) {
  EXPECT_EQ(a.hash(), b.hash()) << tick;
  EXPECT_EQ(a.position(), b.position()) << tick;
  EXPECT_EQ(a.time(), b.time()) << tick;
  EXPECT_EQ(a.newest_receive(), b.newest_receive()) << tick;
  EXPECT_EQ(a.activity(), b.activity()) << tick;
  EXPECT_EQ(a.heat().image(), b.heat().image()) << tick;
  for (Slot machine = 0; machine < kMachines; ++machine)
    EXPECT_EQ(a.figures(machine), b.figures(machine)) << tick;
}

TEST(TickSpan, LeadsToTheStateOfEachOfItsTicks) {
  Recorded recorded;
  const TickSpan span = recorded.builder_.take();

  ASSERT_EQ(span.ticks.size(), kTicks);
  for (std::size_t ticks = 1; ticks <= kTicks; ++ticks) {
    FleetState state = state_with(kMachines);
    ASSERT_TRUE(state.apply(span, ticks));
    expect_same(state, recorded.states_[ticks - 1], ticks);
  }
}

TEST(TickSpan, GivesItsTicksBackOneByOne) {
  Recorded recorded;
  const SpanTicks ticks(recorded.builder_.take());
  FleetState state = state_with(kMachines);

  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const TickBatch tick = ticks.tick(i);
    const TickBatch same = tick_of(ticks.span(), i);
    EXPECT_EQ(tick.values, same.values);
    EXPECT_EQ(tick.rows.size(), same.rows.size());
    EXPECT_EQ(tick.lists, same.lists);
    EXPECT_EQ(tick.lists, recorded.lists_[i]);
    EXPECT_EQ(tick.faults, recorded.faults_[i]);
    ASSERT_TRUE(state.apply(tick));
    expect_same(state, recorded.states_[i], i);
  }
}

TEST(TickSpan, IsRefusedWholeWhenAPartOfItDoesNotFit) {
  Recorded recorded;
  const TickSpan good = recorded.builder_.take();
  const std::uint64_t before = state_with(kMachines).hash();
  const auto refused = [&](const auto& change) {
    TickSpan bad = good;
    change(bad);
    FleetState state = state_with(kMachines);
    EXPECT_FALSE(state.apply(bad, kTicks).ok());
    EXPECT_EQ(state.hash(), before);
  };

  refused([](TickSpan& s) { s.all.rows.back().machine = kMachines; });
  refused([](TickSpan& s) { std::swap(s.all.rows.front(), s.all.rows.back()); });
  refused([](TickSpan& s) { s.row_ticks.back() = kTicks; });
  refused([](TickSpan& s) { s.row_ticks.pop_back(); });
  refused([](TickSpan& s) { s.figure_ticks.front() = kTicks; });
  refused([](TickSpan& s) { s.alarm_ticks.back() = kTicks; });
  refused([](TickSpan& s) { s.activity.back().tick = kTicks; });
  refused([](TickSpan& s) { s.all.rows.back().value_begin += 1'000'000; });
  refused([](TickSpan& s) { s.ticks.back().end = s.ticks.back().begin - Millis{1}; });
}

TEST(TickSpan, LaterTicksMayBeOfMachinesThatAreNotKnownYet) {
  Recorded recorded;
  TickSpan span = recorded.builder_.take();
  // The last tick of a machine beyond the roster: its rows come last.
  const auto beyond = [&](auto& entries, const std::vector<std::uint32_t>& ticks) {
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (ticks[i] == kTicks - 1) return entries[i];
    return entries.back();
  };
  Row row = beyond(span.all.rows, span.row_ticks);
  FiguresChange figures = beyond(span.all.figures, span.figure_ticks);
  row.machine = figures.machine = kMachines;
  span.all.rows.push_back(row);
  span.all.figures.push_back(figures);
  span.row_ticks.push_back(kTicks - 1);
  span.figure_ticks.push_back(kTicks - 1);
  span.all.periods.back().machine = kMachines;
  span.all.alarms.back().alarm.machine = kMachines;

  FleetState state = state_with(kMachines);
  EXPECT_FALSE(state.apply(span, kTicks).ok());
  ASSERT_TRUE(state.apply(span, kTicks - 1));
  expect_same(state, recorded.states_[kTicks - 2], kTicks - 2);
}

}  // namespace
}  // namespace fleet
