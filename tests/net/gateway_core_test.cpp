#include "net/gateway/gateway_core.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/net/gateway_support.hpp"

namespace net::test {
namespace {

TEST(GatewayCore, GivesItsReaderTheSameHashAtEveryTick) {
  SimulatedGateway gateway(300);
  Reader reader;

  for (int i = 0; i < 120; ++i) {
    reader.apply(gateway.tick());

    ASSERT_EQ(reader.state().hash(), gateway.core.state().hash()) << "tick " << i;
    ASSERT_EQ(reader.state().position(), gateway.core.position());
  }
  EXPECT_EQ(gateway.core.position().number, 120u);
}

TEST(GatewayCore, SendsTheRosterBeforeTheFirstTickThatNeedsIt) {
  GatewayCore core({}, kStart);
  const fleet::Slot slot = core.state().roster().find_or_add("EX-1").value();
  core.ingest(one_report(slot, kStart + fleet::Millis(500), 104));

  const auto frames = core.end_tick();

  ASSERT_TRUE(frames.roster);
  ASSERT_TRUE(frames.tick);
  Reader reader;
  reader.apply(frames);
  EXPECT_EQ(reader.state().roster()[slot].id, "EX-1");
  EXPECT_FALSE(core.end_tick().roster) << "nothing changed since";
}

TEST(GatewayCore, SendsANewExtraFieldBeforeTheTickThatHasItsFirstValue) {
  GatewayCore core({}, kStart);
  const fleet::Slot slot = core.state().roster().find_or_add("EX-1").value();
  Reader reader;
  reader.apply(core.end_tick());
  const fleet::FieldId field = core.state().add_field("boom_pressure_kpa").value();
  fleet::ReportBatch batch = one_report(slot, core.tick_end(), 104);
  batch.values[0] = {field, 1234.5};

  core.ingest(batch);
  reader.apply(core.end_tick());

  EXPECT_EQ(reader.state().field(slot, field).raw, 1'234'500);
}

TEST(GatewayCore, GivesAnEmptyTickNeitherFrameNorNumber) {
  GatewayCore core({}, kStart);

  const auto frames = core.end_tick();

  EXPECT_FALSE(frames.tick);
  EXPECT_EQ(core.position().number, 0u);
  EXPECT_EQ(core.tick_begin(), kStart + std::chrono::seconds(1));
}

/// Order of machines mixed, order within each machine kept; batches cut anywhere.
std::vector<fleet::ReportBatch> shuffled(const fleet::ReportBatch& batch, std::mt19937& random) {
  std::map<fleet::Slot, std::vector<fleet::Report>> of_machine;
  for (const auto& report : batch.reports) of_machine[report.machine].push_back(report);
  std::vector<fleet::Slot> turns;
  for (const auto& [slot, reports] : of_machine) turns.insert(turns.end(), reports.size(), slot);
  std::shuffle(turns.begin(), turns.end(), random);
  std::map<fleet::Slot, std::size_t> next;
  std::vector<fleet::ReportBatch> parts(1);
  for (const fleet::Slot slot : turns) {
    if (random() % 7 == 0) parts.emplace_back();
    parts.back().values = batch.values;
    parts.back().faults = batch.faults;
    parts.back().reports.push_back(of_machine[slot][next[slot]++]);
  }
  return parts;
}

TEST(GatewayCore, MakesTheSameFramesHoweverReportsOfDifferentMachinesAreMixed) {
  SimulatedGateway in_order(200), mixed(200);
  std::mt19937 random(3);

  for (int i = 0; i < 60; ++i) {
    const auto expected = in_order.tick();
    for (const auto& part : shuffled(mixed.next_reports(), random)) mixed.core.ingest(part);
    const auto got = mixed.core.end_tick();

    ASSERT_EQ(mixed.core.state().hash(), in_order.core.state().hash()) << "tick " << i;
    ASSERT_EQ(got.tick->bytes, expected.tick->bytes) << "tick " << i;
  }
}

TEST(GatewayCore, PublishesFirstFiguresAtOnceAndThenAtMostOnceInSixtyTicks) {
  SimulatedGateway gateway(240);
  const auto first = std::get<fleet::TickBatch>(decoded(*gateway.tick().tick));
  EXPECT_EQ(first.figures.size(), 240u);
  std::map<fleet::Slot, int> last;
  std::size_t published = 0, most = 0;

  for (int i = 0; i < 300; ++i) {
    const auto frames = gateway.tick();
    const auto tick = std::get<fleet::TickBatch>(decoded(*frames.tick));
    most = std::max(most, tick.figures.size());
    for (const auto& change : tick.figures) {
      ++published;
      if (last.count(change.machine)) {
        ASSERT_GE(i - last[change.machine], 60);
      }
      last[change.machine] = i;
    }
  }

  EXPECT_GT(published, 0u);
  EXPECT_LE(most, 4u) << "240 machines in 60 turns";
}

TEST(GatewayCore, SendsFiguresThatWereDueInSkippedTicks) {
  GatewayCore core({}, kStart);
  const fleet::Slot slot = core.state().roster().find_or_add("EX-1").value();
  for (int i = 0; i < 3; ++i) {
    fleet::ReportBatch batch = one_report(slot, core.tick_end(), 104);
    batch.values[0] = {fleet::kEngineOn, 1};
    core.ingest(batch);
    core.end_tick();
  }
  const fleet::DayFigures first = core.state().figures(slot);
  ASSERT_NE(first, fleet::DayFigures{});
  core.skip_to(kStart + std::chrono::minutes(5));

  const auto frames = core.end_tick();

  ASSERT_TRUE(frames.tick);
  const auto tick = std::get<fleet::TickBatch>(decoded(*frames.tick));
  ASSERT_EQ(tick.figures.size(), 1u);
  EXPECT_EQ(tick.figures[0].figures.engine_s, first.engine_s + 2);
}

TEST(GatewayCore, GivesAKeyframeFromWhichAReaderGoesOn) {
  SimulatedGateway gateway(100);
  for (int i = 0; i < 30; ++i) gateway.tick();
  Reader reader;
  reader.apply(gateway.core.full_roster());
  reader.apply(gateway.core.keyframe());

  for (int i = 0; i < 30; ++i) reader.apply(gateway.tick());

  EXPECT_EQ(reader.state().hash(), gateway.core.state().hash());
}

void expect_same_figures(const fleet::FleetState& a, const fleet::FleetState& b) {
  EXPECT_EQ(a.heat().image(), b.heat().image());
  for (fleet::Slot m = 0; m < a.machine_count(); ++m) {
    ASSERT_EQ(a.figures(m), b.figures(m)) << "machine " << m;
  }
}

/// Working seconds of the machines that have figures of this day.
std::int64_t working_s(const fleet::FleetState& state, std::int32_t day) {
  std::int64_t sum = 0;
  for (fleet::Slot m = 0; m < state.machine_count(); ++m) {
    if (state.figures(m).day == day) sum += state.figures(m).working_s();
  }
  return sum;
}

TEST(GatewayCore, TellsEveryReaderTheSameFiguresAndWhereTheirHoursWereWorked) {
  SimulatedGateway gateway(120);
  Reader from_start, from_keyframe;
  for (int i = 0; i < 200; ++i) from_start.apply(gateway.tick());
  from_keyframe.apply(gateway.core.full_roster());
  from_keyframe.apply(gateway.core.keyframe());
  for (int i = 0; i < 200; ++i) {
    const auto frames = gateway.tick();
    from_start.apply(frames);
    from_keyframe.apply(frames);
  }

  const fleet::HeatHours& heat = from_start.state().heat();
  EXPECT_GT(heat.total_s(), 0);
  EXPECT_EQ(heat.total_s(), working_s(from_start.state(), heat.day()));
  expect_same_figures(from_start.state(), gateway.core.state());
  expect_same_figures(from_keyframe.state(), gateway.core.state());
}

TEST(GatewayCore, CatchesUpWithTheCellsThatChanged) {
  SimulatedGateway gateway(120);
  Reader reader;
  for (int i = 0; i < 100; ++i) reader.apply(gateway.tick());
  const std::uint64_t since = gateway.core.position().number;
  std::set<fleet::Slot> changed;
  for (int i = 0; i < 100; ++i) {
    gateway.tick();
    changed.insert(gateway.core.last_changed().begin(), gateway.core.last_changed().end());
  }
  const std::vector<fleet::Slot> slots(changed.begin(), changed.end());

  reader.apply(gateway.core.full_roster());
  reader.apply(gateway.core.catch_up(slots, since));

  expect_same_figures(reader.state(), gateway.core.state());
}

TEST(GatewayCore, BringsALateReaderUpWithACatchUpOfWhatChanged) {
  SimulatedGateway gateway(100, false);
  Reader reader;
  for (int i = 0; i < 5; ++i) reader.apply(gateway.tick());
  std::set<fleet::Slot> changed;
  for (int i = 0; i < 200; ++i) {
    gateway.tick();
    changed.insert(gateway.core.last_changed().begin(), gateway.core.last_changed().end());
  }
  const std::vector<fleet::Slot> slots(changed.begin(), changed.end());

  reader.apply(gateway.core.full_roster());
  reader.apply(gateway.core.catch_up(slots, 0));

  EXPECT_LT(slots.size(), 100u);
  EXPECT_EQ(reader.state().hash(), gateway.core.state().hash());
}

TEST(GatewayCore, JournalsATickInPiecesThatMakeItUp) {
  SimulatedGateway gateway(50);
  Reader reader;
  reader.apply(gateway.tick());
  std::optional<fleet::TickBatch> whole;

  const fleet::ReportBatch reports = gateway.next_reports();
  for (std::size_t i = 0; i < reports.reports.size(); ++i) {
    fleet::ReportBatch part = reports;
    part.reports = {reports.reports[i]};
    gateway.core.ingest(part);
    const auto entry = gateway.core.take_journal();
    if (!entry.tick) continue;
    auto piece = std::get<fleet::TickBatch>(decoded(*entry.tick));
    if (!whole) {
      whole = piece;
    } else {
      ASSERT_TRUE(append_tick(*whole, piece).ok());
    }
  }
  EXPECT_FALSE(gateway.core.take_journal().tick) << "nothing new";
  gateway.core.end_tick();
  reader.apply(*whole);

  EXPECT_EQ(reader.state().hash(), gateway.core.state().hash());
  EXPECT_EQ(reader.state().position(), gateway.core.position());
}

TEST(GatewayCore, JournalsANewMachineBeforeItsFirstSample) {
  GatewayCore core({}, kStart);
  const fleet::Slot slot = core.state().roster().find_or_add("EX-1").value();
  core.ingest(one_report(slot, core.tick_end(), 104));

  const auto entry = core.take_journal();

  ASSERT_TRUE(entry.roster);
  Reader reader;
  reader.apply(entry);
  EXPECT_TRUE(reader.state().has(slot, fleet::kPosition));
  EXPECT_FALSE(core.take_journal().roster) << "journaled once";
  EXPECT_TRUE(core.end_tick().roster) << "but still sent";
}

TEST(GatewayCore, RefusesToJoinJournalEntriesOfDifferentTicks) {
  fleet::TickBatch first, second;
  first.position = {1, 5};
  second.position = {1, 6};

  EXPECT_FALSE(append_tick(first, second).ok());
}

TEST(GatewayCore, AbsorbsAPastWithoutFramesAndNumbers) {
  SimulatedGateway ticked(60, false), absorbed(60, false);
  for (int i = 0; i < 600; ++i) ticked.tick();
  const fleet::Time until = kStart + std::chrono::minutes(10);

  fleet::ReportBatch all;
  absorbed.simulator.advance(until, all);
  absorbed.core.absorb(all, until);

  EXPECT_EQ(absorbed.core.position().number, 0u);
  EXPECT_EQ(absorbed.core.tick_begin(), until);
  EXPECT_EQ(absorbed.core.state().hash(), ticked.core.state().hash());
  Reader reader;
  reader.apply(absorbed.core.full_roster());
  reader.apply(absorbed.core.keyframe());
  for (int i = 0; i < 30; ++i) reader.apply(absorbed.tick());
  EXPECT_EQ(reader.state().hash(), absorbed.core.state().hash());
}

TEST(GatewayCore, TellsHowManyMachinesWorkedThroughTheDay) {
  SimulatedGateway gateway(60, false);
  const fleet::Time until = kStart + std::chrono::minutes(10);
  Reader early;
  fleet::ReportBatch all;
  gateway.simulator.advance(until, all);
  gateway.core.absorb(all, until);
  early.apply(gateway.core.full_roster());
  early.apply(gateway.core.keyframe());
  for (int i = 0; i < 420; ++i) early.apply(gateway.tick());
  Reader late;
  late.apply(gateway.core.full_roster());
  late.apply(gateway.core.keyframe());

  const fleet::DayActivity& activity = gateway.core.state().activity();
  const auto known = std::count_if(activity.working.begin(), activity.working.end(),
                                   [](std::int32_t v) { return v >= 0; });
  EXPECT_EQ(known, 2) << "the end of the past, and the first frame five minutes later";
  EXPECT_EQ(early.state().activity(), activity);
  EXPECT_EQ(late.state().activity(), activity);
}

TEST(GatewayCore, GoesOnFromARestoredStateUnderItsOwnEpoch) {
  SimulatedGateway before(40);
  Reader stored;
  for (int i = 0; i < 20; ++i) stored.apply(before.tick());
  const fleet::Time now = before.core.tick_begin() + std::chrono::minutes(3);
  CoreConfig config;
  config.epoch = 2;
  GatewayCore core(config, now);

  core.restore(std::move(stored.state()), now);

  EXPECT_EQ(core.state().hash(), before.core.state().hash());
  EXPECT_EQ(core.position(), (fleet::FramePosition{2, 0}));
  Reader reader;
  reader.apply(core.full_roster());
  reader.apply(core.keyframe());
  core.ingest(one_report(0, core.tick_end(), 104));
  const auto frames = core.end_tick();
  EXPECT_FALSE(frames.roster) << "readers have it already";
  reader.apply(frames);
  EXPECT_EQ(reader.state().hash(), core.state().hash());
}

TEST(GatewayCore, CountsEveryValueOnceAndNamesWhatItRejects) {
  GatewayCore core({}, kStart);
  const fleet::Slot slot = core.state().roster().find_or_add("EX-1").value();
  fleet::ReportBatch batch = one_report(slot, core.tick_end(), 0.0001);
  batch.reports[0].position = {0.0001, 0.0001};
  batch.reports[0].line = 42;

  const IngestOutcome outcome = core.ingest(batch);

  EXPECT_EQ(outcome.accepted, 1u);
  ASSERT_EQ(outcome.rejected.size(), 1u);
  EXPECT_EQ(outcome.rejected[0].line, 42u);
  EXPECT_EQ(outcome.rejected[0].reason, fleet::Reason::zero_island);
  EXPECT_EQ(outcome.rejected[0].field, fleet::kPosition);
  const auto& counters = core.counters();
  EXPECT_EQ(
      counters.received,
      counters.stored + counters.rejected[static_cast<std::size_t>(fleet::Reason::zero_island)]);
}

}  // namespace
}  // namespace net::test
