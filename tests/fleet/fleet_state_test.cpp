#include "fleet/fleet_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "builders.hpp"

namespace fleet {
namespace {

using test::as_decoded;
using test::at_ms;
using test::at_s;
using test::report;
using test::RowOf;
using test::state_with;
using test::tick_at;

/// A gateway's state and a reader's, kept in step through ticks.
struct Pair {
  FleetState gateway = state_with(3);
  FleetState reader = state_with(3);
  TickBatch tick = tick_at(at_s(0));

  void accept(const RowOf& row) { row.accept_into(gateway, tick); }
  void finish() {
    const auto applied = reader.apply(test::finished(gateway, tick));
    ASSERT_TRUE(applied) << applied.error().what;
    tick = tick_at(tick.end, tick.position.number + 1);
  }
};

TEST(FleetState, KnowsNothingOfAMachineThatNeverReported) {
  const FleetState state = state_with(1);

  EXPECT_EQ(state.known_fields(0), 0u);
  EXPECT_FALSE(state.has(0, kSpeedKmh));
  EXPECT_EQ(state.head(0), MachineHead{});
}

TEST(FleetState, ReaderEndsInTheGatewaysState) {
  Pair p;
  p.accept({0, at_ms(100), at_ms(400), {{kPosition, packed({5, 7})}, {kSpeedKmh, 123}}});
  p.accept({2, at_ms(-7000), at_ms(900), {{kCoolantC, -50}}});

  p.finish();

  EXPECT_EQ(p.reader.field(0, kSpeedKmh), (FieldSlot{123, at_ms(100), at_ms(400)}));
  EXPECT_EQ(p.reader.field(2, kCoolantC), (FieldSlot{-50, at_ms(-7000), at_ms(900)}));
  EXPECT_EQ(p.reader.newest_receive(), at_ms(900));
  EXPECT_EQ(p.reader.position(), p.gateway.position());
  EXPECT_EQ(p.reader.time(), at_s(1));
  EXPECT_EQ(p.reader.hash(), p.gateway.hash());
}

TEST(FleetState, KeepsTheNewerValueWhenALateOneArrives) {
  Pair p;
  p.accept({0, at_ms(500), at_ms(600), {{kSpeedKmh, 100}, {kRpm, 1800}}});
  p.accept({0, at_ms(400), at_ms(700), {{kSpeedKmh, 50}}});

  p.finish();

  EXPECT_EQ(p.reader.field(0, kSpeedKmh), (FieldSlot{100, at_ms(500), at_ms(600)}));
  EXPECT_EQ(p.reader.head(0).receive_time, at_ms(700));
  EXPECT_EQ(p.reader.head(0).device_time, at_ms(500));
}

TEST(FleetState, TakesALateReportsValueOfAFieldNotSeenSince) {
  Pair p;
  p.accept({0, at_ms(500), at_ms(600), {{kSpeedKmh, 100}}});
  p.accept({0, at_ms(400), at_ms(700), {{kRpm, 900}}});

  p.finish();

  EXPECT_EQ(p.reader.field(0, kRpm), (FieldSlot{900, at_ms(400), at_ms(700)}));
}

TEST(FleetState, ReplacesAValueOfTheSameTime) {
  Pair p;
  p.accept({0, at_ms(500), at_ms(600), {{kRpm, 900}}});
  p.accept({0, at_ms(500), at_ms(700), {{kRpm, 1000}}});

  p.finish();

  EXPECT_EQ(p.reader.field(0, kRpm).raw, 1000);
}

TEST(FleetState, TellsTheObserverLateValuesInAbsoluteForm) {
  Pair p;
  p.accept({0, at_ms(500), at_ms(600), {{kSpeedKmh, 100}, {kHeadingDeg, 3590}}});
  p.accept({0, at_ms(400), at_ms(700), {{kSpeedKmh, 50}, {kHeadingDeg, 10}}});
  std::vector<std::vector<std::int64_t>> seen;
  const FleetState::RowObserver observer = [&](const AcceptedRow& row) {
    seen.emplace_back(row.values.begin(), row.values.end());
  };

  ASSERT_TRUE(p.reader.apply(as_decoded(p.tick), nullptr, &observer));

  EXPECT_EQ(seen, (std::vector<std::vector<std::int64_t>>{{3590, 100}, {10, 50}}));
}

TEST(FleetState, CodesAHeadingTheShortWayRound) {
  FleetState state = state_with(1);
  TickBatch tick = tick_at(at_s(0));
  for (std::int64_t raw : {3590, 10, 3590, 3600, 1800, 3601}) {
    RowOf{0, at_ms(100), at_ms(200), {{kHeadingDeg, raw}}}.accept_into(state, tick);
  }

  EXPECT_EQ(tick.values, (std::vector<std::int64_t>{-10, 20, -20, 10, 1800, -1799}));
  EXPECT_EQ(state.field(0, kHeadingDeg).raw, 1);
}

TEST(FleetState, CodesAPositionAcrossTheDateLine) {
  Pair p;
  p.accept({0, at_ms(100), at_ms(200), {{kPosition, packed({kGridMask, 10})}}});
  p.accept({0, at_ms(300), at_ms(400), {{kPosition, packed({2, 4})}}});

  EXPECT_EQ(unpacked(p.tick.values[1]), (GridPoint{3, kGridMask - 5}));
  p.finish();
  EXPECT_EQ(p.reader.field(0, kPosition).raw, packed({2, 4}));
}

TEST(FleetState, ExpectsASteadySenderInItsOwnPhase) {
  FleetState state = state_with(1);
  EXPECT_EQ(state.expected_time(0, at_s(10)), at_s(10));

  report(state, 0, at_ms(3270), {});

  EXPECT_EQ(state.expected_time(0, at_s(10)), at_ms(10'270));
  EXPECT_EQ(state.expected_time(0, at_ms(10'271)), at_ms(11'270));
  EXPECT_EQ(state.expected_time(0, at_s(1)), at_ms(1270));
}

TEST(FleetState, AppliesReceiveTimesGivenAsLag) {
  FleetState state = state_with(1);
  TickBatch tick = tick_at(at_s(0));
  tick.receive_is_lag = true;
  tick.rows.push_back({0, 0, 0, -5000, 5300, kNever});

  ASSERT_TRUE(state.apply(tick));

  EXPECT_EQ(state.head(0), (MachineHead{at_ms(-5000), at_ms(300), 0}));
}

TEST(FleetState, LeavesOutWhatWasReceivedAfterTheInstantAskedFor) {
  Pair p;
  p.accept({0, at_ms(100), at_ms(300), {{kRpm, 900}}});
  p.accept({0, at_ms(500), at_ms(700), {{kRpm, 1000}}});
  p.accept({1, at_ms(100), at_ms(701), {{kRpm, 1100}}});
  p.gateway.set_period(0, 60'000, p.tick);
  p.gateway.set_period(2, 60'000, p.tick);
  const Fault fault{100, 1, 0, 1, Lamp::off};
  p.gateway.raise(
      {AlarmEvent::Kind::raised, {1, 0, {}, fault, {}, at_ms(100), at_ms(300)}, at_ms(100)},
      p.tick);
  p.gateway.raise(
      {AlarmEvent::Kind::raised, {2, 1, {}, fault, {}, at_ms(100), at_ms(701)}, at_ms(100)},
      p.tick);

  ASSERT_TRUE(p.reader.apply(p.tick, nullptr, nullptr, at_ms(699)));

  EXPECT_EQ(p.reader.field(0, kRpm).raw, 900);
  EXPECT_FALSE(p.reader.has(1, kRpm));
  EXPECT_EQ(p.reader.head(0).period_ms, 0);
  EXPECT_EQ(p.reader.head(2).period_ms, 60'000);
  EXPECT_TRUE(p.reader.alarms().open().contains(1));
  EXPECT_FALSE(p.reader.alarms().open().contains(2));
  EXPECT_EQ(p.reader.time(), at_ms(699));
  EXPECT_EQ(p.reader.position(), FramePosition{});
}

TEST(FleetState, TellsWhichMachinesATickTouched) {
  Pair p;
  p.accept({2, at_ms(100), at_ms(300), {}});
  p.accept({0, at_ms(100), at_ms(300), {}});
  p.accept({2, at_ms(200), at_ms(400), {}});
  p.gateway.set_period(1, 1000, p.tick);
  std::vector<Slot> changed = {7};

  ASSERT_TRUE(p.reader.apply(p.tick, &changed));

  EXPECT_EQ(changed, (std::vector<Slot>{0, 1, 2}));
}

/// Every kind of bad tick leaves the state as it was.
TEST(FleetState, RefusesABadTickWhole) {
  FleetState state = state_with(2);
  report(state, 0, at_s(0), {{kRpm, 900}});
  const auto before = state.hash();
  TickBatch good = tick_at(at_s(1), 2);
  good.values = {100};
  good.rows.push_back({0, 0, FieldMask{1} << kRpm, 0, 500, kNever});
  std::vector<TickBatch> bad(9, good);
  bad[0].rows.push_back({2, 0, 0, 0, 0, kNever});
  bad[1].rows.push_back({1, 0, FieldMask{1} << kCoreFieldCount, 0, 0, kNever});
  bad[2].rows.push_back({1, 1, FieldMask{1} << kRpm, 0, 0, kNever});
  bad[3].rows.push_back({1, 0, 0, INT64_MAX, 0, kNever});
  bad[4].rows.push_back({1, 0, 0, 0, INT64_MIN, kNever});
  bad[5].periods.push_back({2, 1000});
  bad[6].periods.push_back({1, -1});
  bad[7].figures.push_back({2, {}});
  bad[8].alarms.push_back({AlarmEvent::Kind::raised, {1, 2, {}, {}, {}, {}, {}}, at_s(1)});

  for (std::size_t i = 0; i < bad.size(); ++i) {
    const auto refused = state.apply(bad[i]);
    ASSERT_FALSE(refused) << i;
    EXPECT_NE(refused.error().what.find("frame 2"), std::string::npos) << refused.error().what;
    EXPECT_EQ(state.hash(), before) << i;
    EXPECT_EQ(state.position().number, 1u);
  }
  TickBatch timeless = good;
  timeless.begin = kNever;
  EXPECT_FALSE(state.apply(timeless));
  EXPECT_TRUE(state.apply(good));
}

TEST(FleetState, AppliesAnyDifferenceWithoutOverflow) {
  FleetState state = state_with(1);
  TickBatch tick = tick_at(at_s(0));
  for (std::int64_t value : {INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN, std::int64_t{-1}}) {
    tick.rows.push_back({0, static_cast<std::uint32_t>(tick.values.size()), 0b1111, 0, 0, kNever});
    tick.values.insert(tick.values.end(), 4, value);
  }

  ASSERT_TRUE(state.apply(tick));

  EXPECT_GE(state.field(0, kHeadingDeg).raw, 0);
  EXPECT_LT(state.field(0, kHeadingDeg).raw, 3600);
  EXPECT_EQ(state.field(0, kPosition).raw, packed(unpacked(state.field(0, kPosition).raw)));
}

TEST(FleetState, HasTheSameHashWhateverTheOrderOfMachinesInATick) {
  std::vector<RowOf> rows;
  for (Slot m = 0; m < 3; ++m) {
    rows.push_back({m, at_ms(100 + m), at_ms(500), {{kRpm, 900 + m}, {kSpeedKmh, m}}});
  }
  std::vector<std::uint64_t> hashes;

  do {
    Pair p;
    for (const RowOf& row : rows) p.accept(row);
    p.finish();
    EXPECT_EQ(p.reader.hash(), p.gateway.hash());
    hashes.push_back(p.reader.hash());
  } while (std::ranges::next_permutation(rows, {}, &RowOf::machine).found);

  EXPECT_EQ(hashes.size(), 6u);
  EXPECT_EQ(std::ranges::count(hashes, hashes.front()), 6);
}

TEST(FleetState, HasTheSameHashWhateverTheOrderOfMachinesInTheRoster) {
  FleetState a, b;
  for (const char* id : {"x", "y"}) (void)a.roster().find_or_add(id);
  for (const char* id : {"y", "silent", "x"}) (void)b.roster().find_or_add(id);

  for (FleetState* state : {&a, &b}) {
    report(*state, *state->roster().find("x"), at_s(0), {{kRpm, 900}});
    report(*state, *state->roster().find("y"), at_s(0), {{kRpm, 1000}});
  }

  EXPECT_EQ(a.hash(), b.hash());
}

TEST(FleetState, ChangesItsHashWithEveryPartOfTheState) {
  FleetState base = state_with(2);
  report(base, 0, at_s(0), {{kRpm, 900}});
  std::vector<FleetState> states(7, base);
  TickBatch tick = tick_at(at_s(0));
  report(states[1], 0, at_s(0), {{kRpm, 901}});
  report(states[2], 1, at_s(0), {});
  report(states[3], 0, at_s(0), {{kSpeedKmh, 0}});
  states[4].set_period(0, 1000, tick);
  RowOf{0, at_s(-5), at_s(1), {}}.accept_into(states[5], tick);
  states[6].raise({AlarmEvent::Kind::raised, {1, 0, {}, {}, {}, at_s(0), at_s(0)}, at_s(0)}, tick);

  for (std::size_t i = 0; i < states.size(); ++i) {
    for (std::size_t k = i + 1; k < states.size(); ++k) {
      EXPECT_NE(states[i].hash(), states[k].hash()) << i << " " << k;
    }
  }
}

TEST(FleetState, HashesExactlyTheDocumentedBytes) {
  // The README's worked example; the same bytes hashed by any other xxh64 give this number.
  FleetState state;
  (void)state.roster().find_or_add("m1");
  TickBatch tick = tick_at(time_from_ms(1000));
  RowOf{0, time_from_ms(1000), time_from_ms(2000), {{kRpm, 900}}}.accept_into(state, tick);
  state.set_period(0, 60'000, tick);

  EXPECT_EQ(FleetState().hash(), 0xEF46DB3751D8E999u);  // xxh64 of nothing
  EXPECT_EQ(state.hash(), 0xF9ADA681B25460B6u);
}

TEST(FleetState, WidensRecordsForANewField) {
  Pair p;
  p.accept({0, at_ms(100), at_ms(200), {{kDefLevelPct, 10}}});
  p.accept({2, at_ms(100), at_ms(200), {{kPosition, 3}}});
  p.finish();

  const FieldId extra = p.gateway.add_field("payload_kg").value();
  RosterBatch fields;
  fields.extra_fields = {"payload_kg"};
  ASSERT_TRUE(p.reader.apply(fields));
  p.accept({1, at_ms(1100), at_ms(1200), {{extra, 5000}}});
  p.finish();

  EXPECT_EQ(p.reader.field(0, kDefLevelPct).raw, 10);
  EXPECT_EQ(p.reader.field(2, kPosition).raw, 3);
  EXPECT_EQ(p.reader.field(1, extra).raw, 5000);
  EXPECT_FALSE(p.reader.has(0, extra));
  EXPECT_EQ(p.reader.hash(), p.gateway.hash());
}

TEST(FleetState, GrowsWithItsRoster) {
  Pair p;
  p.accept({0, at_ms(100), at_ms(200), {{kRpm, 900}}});
  const Slot added = p.gateway.roster().find_or_add("new").value();
  p.accept({added, at_ms(100), at_ms(200), {{kRpm, 1000}}});
  RosterBatch roster;
  roster.version = p.gateway.roster().version();
  roster.machines.emplace_back(added, p.gateway.roster()[added]);

  ASSERT_TRUE(p.reader.apply(roster));
  p.finish();

  EXPECT_EQ(p.reader.roster().version(), roster.version);
  EXPECT_EQ(p.reader.field(added, kRpm).raw, 1000);
  EXPECT_EQ(p.reader.hash(), p.gateway.hash());
}

}  // namespace
}  // namespace fleet
