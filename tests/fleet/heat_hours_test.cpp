// Where hours were worked: cells, shares, images.
#include "fleet/heat_hours.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "builders.hpp"
#include "fleet/heat_notes.hpp"

namespace fleet {
namespace {

using test::at_s;
using test::report;
using test::state_with;
using test::tick_at;

constexpr std::int32_t kDay = 20'742;
constexpr GridPoint kPlace{222'630'000, 109'200'000};

DayFigures worked(std::int32_t seconds, std::int32_t day = kDay) {
  return {.day = day, .engine_s = seconds + 100, .idle_s = 100};
}

std::map<HeatKey, std::int32_t> cells(const HeatHours& heat) {
  std::map<HeatKey, std::int32_t> all;
  for (const HeatValue& value : heat.image().values) all[value.key] = value.seconds;
  return all;
}

TEST(HeatHours, CountsAGainAtTheMachinesPlaceWhereNothingElseIsSaid) {
  HeatHours heat;

  heat.take({}, worked(60), kPlace, {}, 1);

  EXPECT_EQ(heat.day(), kDay);
  EXPECT_EQ(cells(heat), (std::map<HeatKey, std::int32_t>{{HeatKey::of(kPlace, 24), 60}}));
  EXPECT_EQ(heat.total_s(), 60);
}

TEST(HeatHours, SharesAGainOutAndGivesTheLastOneWhatIsLeft) {
  HeatHours heat;
  const HeatShare shares[] = {{-3, 2, 9, 40}, {0, 0, 10, 0}};

  heat.take(worked(100), worked(160), kPlace, shares, 1);

  const HeatKey here = HeatKey::of(kPlace, 10);
  EXPECT_EQ(cells(heat), (std::map<HeatKey, std::int32_t>{
                             {HeatKey::of_cell(here.x() - 3, here.y() + 2, 9), 40}, {here, 20}}));
}

TEST(HeatHours, FindsACellAcrossTheSeamOfTheWorld) {
  HeatHours heat;
  const HeatShare shares[] = {{-1, 0, 3, 0}};

  heat.take({}, worked(5), GridPoint{0, 7 << 9}, shares, 1);

  EXPECT_EQ(cells(heat).begin()->first, HeatKey::of_cell(kHeatCells - 1, 7, 3));
}

TEST(HeatHours, CountsMachinesWithoutAPositionAsUnplaced) {
  HeatHours heat;
  const HeatShare shares[] = {{4, 4, 8, 0}};

  heat.take({}, worked(90), std::nullopt, shares, 1);
  heat.take({}, worked(10), kPlace, shares, 1);

  EXPECT_EQ(heat.unplaced_s(), 90);
  EXPECT_EQ(heat.total_s(), 100);
}

TEST(HeatHours, BeginsADayWithItsFirstFiguresAndLeavesEarlierDaysOut) {
  HeatHours heat;
  heat.take({}, worked(90), kPlace, {}, 1);

  heat.take(worked(90), worked(7, kDay + 1), kPlace, {}, 2);
  heat.take({}, worked(500), kPlace, {}, 3);

  EXPECT_EQ(heat.day(), kDay + 1);
  EXPECT_EQ(heat.total_s(), 7) << "the whole of the new day's figures, nothing of the old day's";
}

TEST(HeatHours, TakesBackWhatALaterCounterOfIdleHoursDenies) {
  HeatHours heat;
  heat.take({}, worked(600), kPlace, {}, 1);

  heat.take(worked(600), worked(420), kPlace, {}, 2);

  EXPECT_EQ(heat.total_s(), 420);
}

TEST(HeatHours, HoldsManyCellsExactly) {
  HeatHours heat;
  std::mt19937 random(5);
  std::map<HeatKey, std::int32_t> expected;
  std::int64_t total = 0;

  for (int i = 0; i < 50'000; ++i) {
    const GridPoint at{static_cast<std::uint32_t>(random() % 20'000) << 9,
                       static_cast<std::uint32_t>(random() % 3) << 9};
    const HeatShare share{0, 0, static_cast<std::uint8_t>(random() % 24), 0};
    const auto seconds = static_cast<std::int32_t>(1 + random() % 100);
    heat.take({}, worked(seconds), at, {&share, 1}, 1);
    expected[HeatKey::of(at, share.hour)] += seconds;
    total += seconds;
  }

  EXPECT_EQ(cells(heat), expected);
  EXPECT_EQ(heat.total_s(), total);
}

TEST(HeatHours, GivesAnotherItsImageAndThenWhatChanged) {
  HeatHours heat;
  const HeatShare nine{0, 0, 9, 0}, ten{0, 0, 10, 0};
  heat.take({}, worked(60), kPlace, {&nine, 1}, 1);
  heat.take({}, worked(70), GridPoint{1 << 20, 1 << 20}, {&nine, 1}, 2);
  HeatHours reader;
  reader.replace(heat.image(), 2);
  EXPECT_EQ(cells(reader), cells(heat));

  heat.take(worked(60), worked(90), kPlace, {&ten, 1}, 3);
  const HeatImage changed = heat.image(2);
  reader.update(changed, 3);

  EXPECT_EQ(changed.values.size(), 1u);
  EXPECT_EQ(cells(reader), cells(heat));
  EXPECT_EQ(reader.total_s(), heat.total_s());
}

TEST(HeatHours, TakesAnImageOfAnotherDayForTheWhole) {
  HeatHours heat;
  heat.take({}, worked(60), kPlace, {}, 1);

  heat.update({kDay + 1, {{HeatKey::of(kPlace, 0), 5}}}, 2);

  EXPECT_EQ(heat.day(), kDay + 1);
  EXPECT_EQ(heat.total_s(), 5);
}

/// As worked by `seconds` in a cell of its own.
void work_in(HeatHours& heat, std::uint32_t cell, std::int32_t seconds, std::uint64_t tick,
             std::uint8_t hour = 8) {
  const HeatShare share{0, 0, hour, 0};
  heat.take({}, worked(seconds), GridPoint{cell << 9, 1 << 20}, {&share, 1}, tick);
}

TEST(HeatHours, CountsAsUnplacedWhatIsWorkedInMoreCellsThanAreHeld) {
  HeatHours heat(3);
  for (std::uint32_t cell = 1; cell <= 3; ++cell) work_in(heat, cell, 10, 1);
  EXPECT_EQ(heat.unplaced_s(), 0) << "at the limit";

  work_in(heat, 4, 5, 2, 9);
  work_in(heat, 5, 7, 2, 9);
  work_in(heat, 2, 1, 2);

  EXPECT_EQ(heat.entries().size(), 4u) << "and the unplaced of that hour";
  EXPECT_EQ(heat.unplaced_s(), 12);
  EXPECT_EQ(heat.total_s(), 43);
}

TEST(HeatHours, HoldsTheSameCellsWhoeverFollowsItAtTheLimit) {
  HeatHours heat(3);
  work_in(heat, 1, 10, 1);
  heat.take(worked(10), worked(0), GridPoint{1 << 9, 1 << 20}, std::vector<HeatShare>{{0, 0, 8, 0}},
            1);  // a cell of 0 s
  work_in(heat, 2, 10, 1);
  HeatHours reader(3);
  reader.replace(heat.image(), 1);

  for (HeatHours* each : {&heat, &reader}) {
    work_in(*each, 3, 20, 2);
    work_in(*each, 4, 30, 2);
  }
  EXPECT_EQ(cells(reader), cells(heat));
  work_in(heat, 5, 40, 3);
  ASSERT_TRUE(reader.check_room_for(heat.image(2)));
  reader.update(heat.image(2), 3);

  EXPECT_EQ(cells(reader), cells(heat));
  EXPECT_EQ(reader.total_s(), 100);
  EXPECT_EQ(reader.unplaced_s(), 70);
}

TEST(HeatHours, TakesUpTheCellsOfAnotherPartOfTheFleetThoseOf0SToo) {
  HeatHours part, whole;
  work_in(part, 1, 10, 1);
  part.take(worked(10), worked(0), GridPoint{1 << 9, 1 << 20}, std::vector<HeatShare>{{0, 0, 8, 0}},
            1);
  work_in(part, 2, 10, 1);
  work_in(whole, 2, 5, 1);

  whole.add(part);

  EXPECT_EQ(cells(whole), (std::map<HeatKey, std::int32_t>{{HeatKey::of_cell(1, 1 << 11, 8), 0},
                                                           {HeatKey::of_cell(2, 1 << 11, 8), 15}}));
}

TEST(HeatHours, HasRoomForAnUpdateUpToTheLimitAndNotBeyond) {
  HeatHours heat(3);
  work_in(heat, 1, 10, 1);
  work_in(heat, 2, 10, 1);
  const auto value = [](std::uint32_t cell) {
    return HeatValue{HeatKey::of_cell(cell, 1 << 11, 8), 5};
  };
  const HeatValue unplaced{HeatKey::unplaced(8), 3};

  EXPECT_TRUE(heat.check_room_for({kDay, {value(1), value(2), unplaced}}));
  EXPECT_TRUE(heat.check_room_for({kDay, {value(2), value(3), unplaced}})) << "one more";
  EXPECT_FALSE(heat.check_room_for({kDay, {value(3), value(4)}}));
  EXPECT_TRUE(heat.check_room_for({kDay + 1, {value(3), value(4), value(5), unplaced}}));
  EXPECT_FALSE(heat.check_room_for({kDay + 1, {value(3), value(4), value(5), value(6)}}));
}

TEST(HeatImage, OfMoreCellsThanAreAllowedIsRefused) {
  const HeatImage three{kDay,
                        {{HeatKey::of_cell(1, 1, 8), 1},
                         {HeatKey::of_cell(2, 1, 8), 1},
                         {HeatKey::of_cell(3, 1, 8), 1},
                         {HeatKey::unplaced(8), 1}}};

  EXPECT_TRUE(check_image(three, 4));
  EXPECT_TRUE(check_image(three, 3)) << "those unplaced have room behind the limit";
  EXPECT_FALSE(check_image(three, 2));
}

TEST(FleetState, RefusesACatchUpWithMoreCellsThanItHoldsAndLosesNoHour) {
  FleetState state(2);
  StateBatch batch;
  batch.kind = StateBatch::Kind::keyframe;
  batch.time = at_s(0);
  batch.heat = HeatImage{kDay, {{HeatKey::of_cell(1, 1, 8), 60}, {HeatKey::unplaced(8), 7}}};
  ASSERT_TRUE(state.apply(batch));
  batch.kind = StateBatch::Kind::catch_up;
  batch.heat = HeatImage{kDay, {{HeatKey::of_cell(2, 1, 8), 5}}};

  EXPECT_FALSE(state.apply(batch)) << "a cell and the unplaced are held";
  EXPECT_EQ(state.heat().total_s(), 67);
  EXPECT_EQ(state.heat().unplaced_s(), 7);
  batch.heat->values[0].key = HeatKey::of_cell(1, 1, 8);
  EXPECT_TRUE(state.apply(batch));
  EXPECT_EQ(state.heat().total_s(), 12);
}

TEST(DayFigures, GainWhatTheyGrewByOrAllOfAnotherDay) {
  EXPECT_EQ(gained_s(worked(60), worked(90)), 30);
  EXPECT_EQ(gained_s(worked(90), worked(60)), -30);
  EXPECT_EQ(gained_s(worked(90), worked(60, kDay + 1)), 60);
  EXPECT_EQ(gained_s({}, worked(60)), 60);
}

TEST(HeatImage, IsRefusedWithKeysThatMeanNothingOrDoNotAscend) {
  const HeatKey good = HeatKey::of_cell(5, 6, 24), unplaced = HeatKey::unplaced(24);
  EXPECT_TRUE(check_image({kDay, {{good, 1}, {unplaced, 2}}}));

  EXPECT_FALSE(check_image({kDay, {{unplaced, 1}, {good, 2}}}));
  EXPECT_FALSE(check_image({kDay, {{good, 1}, {good, 2}}}));
  EXPECT_FALSE(check_image({kDay, {{HeatKey::of_cell(5, 6, 25), 1}}}));
  EXPECT_FALSE(check_image({kDay, {{HeatKey{unplaced.bits | 1}, 1}}}));
  EXPECT_FALSE(check_image({kDay, {{HeatKey{std::uint64_t{1} << 44}, 1}}}));
}

TEST(HeatShare, IsRefusedBeyondTheWorldAndTheDay) {
  constexpr auto kMost = static_cast<std::int32_t>(kHeatCells);
  EXPECT_TRUE(check_share({kMost, -kMost, 24, 0}));

  EXPECT_FALSE(check_share({kMost + 1, 0, 0, 0}));
  EXPECT_FALSE(check_share({0, -kMost - 1, 0, 0}));
  EXPECT_FALSE(check_share({0, 0, 25, 0}));
}

/// A machine whose reports are noted as the gateway does.
class Noting {
 public:
  void take(Time t, GridPoint at, std::int32_t seconds_so_far, std::int32_t day = kDay) {
    const std::int64_t raw = packed(at);
    const AcceptedRow row{0, t, t, 1, {&raw, 1}};
    notes_.note(state_, row, newest_, worked(seconds_so_far, day));
    newest_ = worked(seconds_so_far, day);
    TickBatch tick = tick_at(t);
    state_.accept(row, tick);
  }
  void publish() { state_.set_figures(0, newest_, notes_.take(state_, 0)); }
  std::map<HeatKey, std::int32_t> heat() const { return cells(state_.heat()); }

 private:
  FleetState state_ = state_with(1);
  HeatNotes notes_{TimeZone::fixed("+08:00", std::chrono::hours{8})};
  DayFigures newest_;
};

constexpr GridPoint kThere{kPlace.x + (5 << 9), kPlace.y};

TEST(HeatNotes, CountHoursWhereTheMachineStoodAtTheEarlierReport) {
  Noting machine;  // at_s(0) is 08:00 in its zone
  machine.take(at_s(0), kPlace, 0);
  machine.take(at_s(60), kThere, 60);
  machine.take(at_s(120), kThere, 100);

  machine.publish();

  EXPECT_EQ(machine.heat(), (std::map<HeatKey, std::int32_t>{{HeatKey::of(kPlace, 8), 60},
                                                             {HeatKey::of(kThere, 8), 40}}));
}

TEST(HeatNotes, CountHoursToTheHourOfTheEarlierReport) {
  Noting machine;
  machine.take(at_s(3570), kPlace, 0);
  machine.take(at_s(3630), kPlace, 60);
  machine.take(at_s(3690), kPlace, 120);

  machine.publish();

  EXPECT_EQ(machine.heat(), (std::map<HeatKey, std::int32_t>{{HeatKey::of(kPlace, 8), 60},
                                                             {HeatKey::of(kPlace, 9), 60}}));
}

TEST(HeatNotes, CountAFirstReportWhereItIs) {
  Noting machine;

  machine.take(at_s(0), kPlace, 3000);
  machine.publish();

  EXPECT_EQ(machine.heat(), (std::map<HeatKey, std::int32_t>{{HeatKey::of(kPlace, 8), 3000}}));
}

TEST(HeatNotes, ForgetADayThatIsOverBeforeItWasPublished) {
  Noting machine;
  machine.take(at_s(0), kPlace, 0);
  machine.take(at_s(60), kPlace, 60);
  machine.take(at_s(57'660), kThere, 30, kDay + 1);  // 00:01 of the next day

  machine.publish();

  EXPECT_EQ(machine.heat(), (std::map<HeatKey, std::int32_t>{{HeatKey::of(kPlace, 0), 30}}));
}

TEST(HeatNotes, KeepADayAheadApartUntilItBegins) {
  const FleetState state = state_with(1);
  HeatNotes notes(TimeZone::fixed("+08:00", std::chrono::hours{8}));
  const auto note = [&](Time t, std::int32_t before, std::int32_t after, bool ahead) {
    const std::int64_t raw = packed(kPlace);
    const std::int32_t day = ahead ? kDay + 1 : kDay;
    notes.note(state, {0, t, t, 1, {&raw, 1}}, worked(before, day), worked(after, day), ahead);
  };
  note(at_s(0), 0, 60, false);
  note(at_s(60), 0, 5, true);
  EXPECT_EQ(notes.take(state, 0).size(), 1u);
  EXPECT_TRUE(notes.take(state, 0).empty()) << "the day ahead waits";
  note(at_s(3600), 60, 75, false);  // of the day that will be over before it is taken

  notes.begin_ahead(0);

  const auto begun = notes.take(state, 0);
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun[0].hour, 8);
}

TEST(HeatNotes, KeepTheSumWhereAMachineWorksInMoreCellsThanAreNoted) {
  Noting machine;
  for (std::int32_t i = 0; i < 100; ++i) {
    machine.take(at_s(10 * i), {kPlace.x + (static_cast<std::uint32_t>(i) << 9), kPlace.y}, 10 * i);
  }

  machine.publish();

  std::int64_t sum = 0;
  for (const auto& [key, seconds] : machine.heat()) sum += seconds;
  EXPECT_EQ(machine.heat().size(), HeatNotes::kMaxShares);
  EXPECT_EQ(sum, 990);
}

}  // namespace
}  // namespace fleet
