// Keyframes, catch-ups and rosters; and the property that holds it all together.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "builders.hpp"
#include "fleet/fleet_state.hpp"

namespace fleet {
namespace {

using test::at_ms;
using test::at_s;
using test::report;
using test::RowOf;
using test::state_with;
using test::tick_at;

AlarmEvent raised(AlarmId id, Slot machine) {
  return {AlarmEvent::Kind::raised,
          {id,
           machine,
           AlarmRule::fault,
           {100, 1, 0, 1, Lamp::amber},
           Severity::medium,
           at_s(0),
           at_s(1)},
          at_s(0)};
}

RosterBatch roster_of(std::initializer_list<const char*> ids, bool complete = true) {
  RosterBatch batch;
  batch.complete = complete;
  batch.version = ids.size();
  for (const char* id : ids) {
    Machine m;
    m.id = id;
    batch.machines.emplace_back(static_cast<Slot>(batch.machines.size()), m);
  }
  return batch;
}

TEST(Keyframe, GivesTheSameStateAndHash) {
  FleetState gateway = state_with(3);
  TickBatch tick = tick_at(at_s(0), 9);
  RowOf{2, at_ms(-300), at_ms(50), {{kPosition, packed({1, 2})}, {kRpm, 800}}}.accept_into(gateway,
                                                                                           tick);
  gateway.set_period(2, 5000, tick);
  gateway.set_figures(2, {20'742, 3600, 600, 45, at_s(-3600)});
  gateway.raise(raised(5, 2), tick);
  gateway.finish_tick(tick.position, tick.end);
  FleetState reader = state_with(3);
  report(reader, 0, at_s(-60), {{kRpm, 1}});
  std::vector<Slot> changed;

  ASSERT_TRUE(reader.apply(gateway.keyframe(), &changed));

  EXPECT_EQ(reader.hash(), gateway.hash());
  EXPECT_EQ(reader.position(), (FramePosition{1, 9}));
  EXPECT_EQ(reader.time(), tick.end);
  EXPECT_EQ(reader.newest_receive(), at_ms(50));
  EXPECT_EQ(reader.figures(2), gateway.figures(2));
  EXPECT_FALSE(reader.has(0, kRpm));
  EXPECT_EQ(changed, (std::vector<Slot>{0, 1, 2}));
}

TEST(CatchUp, ReplacesTheMachinesInItAndTheOpenAlarms) {
  FleetState gateway = state_with(3), reader = state_with(3);
  for (FleetState* state : {&gateway, &reader}) report(*state, 0, at_s(0), {{kRpm, 900}});
  report(gateway, 1, at_s(1), {{kRpm, 1000}});
  report(gateway, 1, at_s(2), {{kSpeedKmh, 55}});
  TickBatch tick = tick_at(at_s(3), 4);
  gateway.raise(raised(5, 1), tick);
  gateway.finish_tick(tick.position, tick.end);
  const std::vector<Slot> behind = {1};
  std::vector<Slot> changed;

  ASSERT_TRUE(reader.apply(gateway.catch_up(behind, 0), &changed));

  EXPECT_EQ(reader.hash(), gateway.hash());
  EXPECT_EQ(reader.position().number, 4u);
  EXPECT_EQ(changed, behind);
}

TEST(StateBatch, IsRefusedWholeWhenAnyPartIsBad) {
  FleetState gateway = state_with(3), reader = state_with(3);
  for (Slot m = 0; m < 2; ++m) report(gateway, m, at_s(0), {{kRpm, 900}});
  report(reader, 2, at_s(0), {{kRpm, 700}});
  const auto before = reader.hash();
  const StateBatch good = gateway.keyframe();
  std::vector<StateBatch> bad(9, good);
  bad[0].machines[1].machine = 3;
  bad[1].machines[1].machine = 0;
  bad[2].machines[1].fields |= FieldMask{1} << 40;
  bad[3].machines[1].slot_begin = 2;
  bad[4].machines[1].head.receive_time = kNever;
  bad[5].slots[1].device_time = kNever;
  bad[6].machines[1].head.period_ms = -1;
  bad[7].time = Time::max();
  bad[8].alarms.push_back(raised(1, 3).alarm);

  for (std::size_t i = 0; i < bad.size(); ++i) {
    EXPECT_FALSE(reader.apply(bad[i])) << i;
    EXPECT_EQ(reader.hash(), before) << i;
  }
  EXPECT_TRUE(reader.apply(good));
}

TEST(RosterBatch, StartsAfreshWhenItIsAnotherFleet) {
  FleetState state;
  ASSERT_TRUE(state.apply(roster_of({"a", "b"})));
  ASSERT_TRUE(state.add_field("payload_kg"));
  report(state, 1, at_s(0), {{kRpm, 900}});

  ASSERT_TRUE(state.apply(roster_of({"b"})));

  EXPECT_EQ(state.machine_count(), 1u);
  EXPECT_EQ(state.roster()[0].id, "b");
  EXPECT_FALSE(state.roster().find("a"));
  EXPECT_EQ(state.known_fields(0), 0u);
  EXPECT_EQ(state.fields().size(), std::size_t{kCoreFieldCount});
}

TEST(RosterBatch, KeepsTheStateWhenItOnlyContinues) {
  FleetState state;
  ASSERT_TRUE(state.apply(roster_of({"a", "b"})));
  report(state, 1, at_s(0), {{kRpm, 900}});

  ASSERT_TRUE(state.apply(roster_of({"a", "b", "c"})));

  EXPECT_EQ(state.field(1, kRpm).raw, 900);
  EXPECT_EQ(state.machine_count(), 3u);
  EXPECT_EQ(state.roster().version(), 3u);
}

TEST(RosterBatch, IsRefusedWholeWhenAnyPartIsBad) {
  FleetState state;
  ASSERT_TRUE(state.apply(roster_of({"a", "b"})));
  RosterBatch gap = roster_of({"a", "b"}), twice = roster_of({"a", "c", "c"}),
              renamed = roster_of({"x"}, false), unnamed = roster_of({"a", ""}),
              fields = roster_of({"a", "b", "c"}), repeated = fields;
  gap.machines[1].first = 3;
  fields.extra_fields = {"payload_kg", "No"};
  repeated.extra_fields = {"payload_kg", "payload_kg"};

  for (const RosterBatch& bad : {gap, twice, renamed, unnamed, fields, repeated}) {
    EXPECT_FALSE(state.apply(bad));
    EXPECT_EQ(state.roster().size(), 2u);
    EXPECT_EQ(state.roster().version(), 2u);
    EXPECT_EQ(state.fields().size(), std::size_t{kCoreFieldCount});
  }
}

TEST(RosterBatch, ChangesAndAddsMachinesOfAFleetThatGoesOn) {
  FleetState state;
  ASSERT_TRUE(state.apply(roster_of({"a", "b"})));
  report(state, 1, at_s(0), {{kRpm, 900}});
  RosterBatch part = roster_of({"a", "b", "c"}, false);
  part.machines.erase(part.machines.begin());
  part.machines[0].second.model = "SY195C";
  part.version = 7;

  ASSERT_TRUE(state.apply(part));

  EXPECT_EQ(state.roster()[1].model, "SY195C");
  EXPECT_EQ(state.roster().find("c"), Slot{2});
  EXPECT_EQ(state.roster().version(), 7u);
  EXPECT_EQ(state.field(1, kRpm).raw, 900);
  EXPECT_EQ(state.machine_count(), 3u);
}

TEST(RosterBatch, LeavesRecordsAndValuesAloneWhenRefused) {
  FleetState state;
  ASSERT_TRUE(state.apply(roster_of({"a", "b"})));
  report(state, 1, at_s(0), {{kRpm, 900}});
  const auto before = state.hash();
  RosterBatch part = roster_of({"a", "b", "c", "c"}, false), whole = roster_of({"x", "y", "y"});
  for (RosterBatch* batch : {&part, &whole}) batch->machines[1].second.model = "SY195C";

  for (const RosterBatch& bad : {part, whole}) {
    const auto applied = state.apply(bad);

    ASSERT_FALSE(applied);
    EXPECT_NE(applied.error().what.find("which is in slot"), std::string::npos);
    EXPECT_EQ(state.roster()[1].model, "");
    EXPECT_FALSE(state.roster().find("c"));
    EXPECT_FALSE(state.roster().find("x"));
    EXPECT_EQ(state.hash(), before);
  }
}

TEST(Keyframe, ForgetsMachinesThatAreNotInIt) {
  for (const Slot only : {Slot{0}, Slot{1}, Slot{2}}) {
    FleetState gateway = state_with(3), reader = state_with(3);
    report(gateway, only, at_s(0), {{kRpm, 900}});
    for (Slot m = 0; m < 3; ++m) {
      report(reader, m, at_s(9), {{kRpm, 700}});
      reader.set_figures(m, {20'742, 3600, 600, 45, at_s(-3600)});
    }

    ASSERT_TRUE(reader.apply(gateway.keyframe()));

    EXPECT_EQ(reader.hash(), gateway.hash());
    EXPECT_EQ(reader.newest_receive(), at_s(0));
    for (Slot m = 0; m < 3; ++m) EXPECT_EQ(reader.figures(m), DayFigures{});
  }
}

/// Random reports: late ones, repeated ones, resets, absurd values, any subset of fields.
class RandomReports {
 public:
  explicit RandomReports(std::uint64_t seed) : random_(seed) {}

  RowOf next(Slot machines, Time begin) {
    if (!history_.empty() && below(10) == 0) {
      RowOf again = history_[below(history_.size())];
      again.receive = begin + Millis{1 + below(1000)};
      return again;
    }
    RowOf row;
    row.machine = static_cast<Slot>(below(machines));
    row.receive = begin + Millis{1 + below(1000)};
    row.device = row.receive - Millis{below(10) == 0 ? below(100'000'000) : below(3000)};
    for (FieldId f = 0; f < kCoreFieldCount; ++f) {
      if (below(3) == 0) row.values[f] = value_of(f);
    }
    history_.push_back(row);
    return row;
  }
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

 private:
  std::int64_t value_of(FieldId f) {
    if (f == kPosition) return static_cast<std::int64_t>(below(std::uint64_t{1} << 56));
    if (below(50) == 0) return static_cast<std::int64_t>(random_());
    return static_cast<std::int64_t>(below(4000)) - 100;
  }

  std::mt19937_64 random_;
  std::vector<RowOf> history_;
};

TEST(FleetStateProperty, GatewayReadersAndImagesNeverPart) {
  constexpr Slot kMachines = 40;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomReports reports(seed);
    FleetState gateway = state_with(kMachines), steady = gateway, late_comer = gateway;
    std::vector<Slot> behind;
    for (std::uint64_t number = 1; number <= 60; ++number) {
      TickBatch tick = tick_at(at_s(static_cast<std::int64_t>(number)), number);
      for (std::uint64_t n = reports.below(60); n > 0; --n) {
        const RowOf row = reports.next(kMachines, tick.begin);
        row.accept_into(gateway, tick);
        if (reports.below(5) == 0) gateway.set_period(row.machine, 1000 * int(n), tick);
      }
      std::vector<Slot> changed;

      ASSERT_TRUE(steady.apply(test::finished(gateway, tick), &changed));
      ASSERT_EQ(steady.hash(), gateway.hash()) << "seed " << seed << " tick " << number;

      behind.insert(behind.end(), changed.begin(), changed.end());
      if (number % 7 == 0) {
        std::ranges::sort(behind);
        behind.erase(std::ranges::unique(behind).begin(), behind.end());
        ASSERT_TRUE(late_comer.apply(gateway.catch_up(behind, 0)));
        ASSERT_EQ(late_comer.hash(), gateway.hash());
        behind.clear();
        FleetState fresh = state_with(kMachines);
        ASSERT_TRUE(fresh.apply(gateway.keyframe()));
        ASSERT_EQ(fresh.hash(), gateway.hash());
        steady = std::move(fresh);  // goes on from the keyframe
      }
    }
  }
}

}  // namespace
}  // namespace fleet
