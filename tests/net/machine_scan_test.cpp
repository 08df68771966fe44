// What one machine did, out of day files: the same as whoever reads every frame finds.
#include "net/store/machine_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "fleet/status.hpp"
#include "net/pack/machine_pick.hpp"
#include "net/pack/span_pack.hpp"
#include "tests/net/day_folder.hpp"

namespace net {
namespace {

using fleet::Millis;
using fleet::Time;
using samples::Fleet;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// 2026-10-16T23:55:00+08:00: five minutes before a day is over.
const Time kLate = samples::kNoon + hours(9) + minutes(55);
constexpr int kMachines = 6;
constexpr int kTicks = 400;

struct PlainReport {
  Time device, receive;
  std::map<std::string, std::int64_t> values;
  bool operator==(const PlainReport&) const = default;
};

/// How it is stored: as single frames, or in packs of a few reports each.
class MachineScans : public testing::TestWithParam<bool>, public samples::DayFolder {
 protected:
  DayStoreOptions options(fleet::TimeZone zone = fleet::shanghai()) const {
    DayStoreOptions made = quick();
    made.zone = std::move(zone);
    made.keyframe_every = minutes(1);
    made.pack = made.pack_rest = GetParam();
    made.pack_sizes = {40, 0, 0, minutes(60), 3};
    return made;
  }
  /// Two runs of a gateway, with ten minutes between them, over midnight. In the second one the
  /// machines have other numbers, and some report other fields.
  void record(const DayStoreOptions& how) {
    auto w = writer(how);
    Fleet first(kMachines, kLate, 7);
    run(*w, first);
    Fleet second(kMachines + 2, first.tick.begin + minutes(10), 8);
    run(*w, second);
    end_ = second.tick.begin;
    expect(w->close());
  }
  void run(DayWriter& w, Fleet& fleet) {
    for (int k = 0; k < kTicks; ++k) {
      open_tick(w, fleet);
      const auto machine = static_cast<fleet::Slot>(pick(0, kMachines - 1));
      // Every other minute it reports less than it is expected to.
      if (k % 120 < 60 || pick(0, 19) == 0) report(fleet, machine);
      const bool silent = fleet.tick.rows.empty();
      auto tick = fleet.end_tick();
      if (!silent) expect(w.append(encoder_.encode(tick)));
      if (k % 50 == 0) expect(w.commit());
    }
  }
  void report(Fleet& fleet, fleet::Slot machine) {
    const bool late = pick(0, 7) == 0;
    const std::int64_t receive = pick(1, 1000);
    fleet.report(machine, late ? -pick(5'000, 90'000) : receive - pick(0, 300), receive,
                 {{fleet::kPosition, fleet::packed({static_cast<std::uint32_t>(pick(1, 1 << 27)),
                                                    static_cast<std::uint32_t>(pick(1, 1 << 27))})},
                  {fleet::kHeadingDeg, pick(0, 3599)},
                  {fleet::kSpeedKmh, pick(0, 300)},
                  {fleet::kEngineOn, pick(0, 3) > 0},
                  {fleet::kWorking, pick(0, 1)},
                  {fleet::kOilPressureKpa, pick(-300, 70'000)}});
    if (pick(0, 3) == 0)
      fleet.state.set_period(machine, static_cast<std::int32_t>(pick(2'000, 20'000)), fleet.tick);
    if (pick(0, 5) != 0) return;
    auto& open = open_[{fleet.state.position().epoch, machine}];
    fleet::AlarmEvent event{fleet::AlarmEvent::Kind::raised, fleet.alarm(machine, 100),
                            fleet.tick.begin};
    if (open) event = {fleet::AlarmEvent::Kind::cleared, *open, fleet.tick.begin + Millis{7}};
    open = open ? std::nullopt : std::optional(event.alarm);
    fleet.state.raise(event, fleet.tick);
  }
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }

  /// Every frame of the recording, applied one after the other.
  std::vector<PlainReport> read_plainly(const std::string& machine, Time from, Time to) {
    std::vector<PlainReport> reports;
    fleet::FleetState state;
    const fleet::FleetState::RowObserver observer = [&](const fleet::AcceptedRow& row) {
      if (state.roster()[row.machine].id != machine) return;
      if (row.receive_time < from || row.receive_time >= to) return;
      PlainReport& report =
          reports.emplace_back(PlainReport{row.device_time, row.receive_time, {}});
      std::size_t value = 0;
      for (fleet::FieldId f = 0; f < state.fields().size(); ++f)
        if (row.fields >> f & 1) report.values[state.fields()[f].name] = row.values[value++];
    };
    auto r = reader();
    const auto take = [&](fleet::Update&& update) {
      if (auto* roster = std::get_if<fleet::RosterBatch>(&update))
        expect(state.apply(std::move(*roster)));
      else if (auto* keyframe = std::get_if<fleet::StateBatch>(&update))
        expect(state.apply(*keyframe));
      else if (auto* tick = std::get_if<fleet::TickBatch>(&update))
        expect(state.apply(*tick, nullptr, &observer));
      return true;
    };
    // Behind a damage it goes on.
    while (!r->read_until(end_ + hours(1), take)) ++damages_;
    return reports;
  }
  static std::vector<PlainReport> reports_of(const fleet::MachineHistory& history) {
    std::vector<PlainReport> reports;
    for (const auto& report : history.reports) {
      PlainReport& plain =
          reports.emplace_back(PlainReport{report.device_time, report.receive_time, {}});
      std::size_t value = report.value_begin;
      for (std::size_t f = 0; f < history.fields.size(); ++f)
        if (report.fields >> f & 1) plain.values[history.fields[f].name] = history.values[value++];
    }
    return reports;
  }
  fleet::MachineHistory read(const std::string& machine, Time from, Time to) {
    auto scan = MachineScan::open(directory_);
    EXPECT_TRUE(scan.ok());
    auto found = (*scan)->read(machine, from, to);
    EXPECT_TRUE(found.ok()) << (found ? "" : found.error().what);
    if (!found) return {};
    EXPECT_THAT(found->damages, IsEmpty());
    return std::move(found->history);
  }
  void expect_the_wall_says_the_same(int instants) {
    auto r = reader();
    fleet::FleetState state;
    for (fleet::Slot m = 0; m < kMachines; ++m) {
      const std::string machine = "SY" + std::to_string(1000 + m);
      const fleet::MachineHistory history = read(machine, kLate - hours(1), end_);
      for (int i = 0; i < instants; ++i) {
        const Time t = kLate + Millis{pick(1, (end_ - kLate).count() - 1)};
        expect(r->seek(t, state));
        const auto slot = state.roster().find(machine);
        ASSERT_TRUE(slot.has_value());
        ASSERT_EQ(fleet::status_at(history, t), fleet::status_of(state, *slot, t))
            << machine << " at " << fleet::iso8601(t);
      }
    }
  }

  std::mt19937 random_{5};
  std::map<std::pair<std::uint64_t, fleet::Slot>, std::optional<fleet::Alarm>> open_;
  Time end_ = fleet::kNever;
  int damages_ = 0;  ///< that the plain reading met
};
INSTANTIATE_TEST_SUITE_P(Stored, MachineScans, testing::Bool(),
                         [](const auto& stored) { return stored.param ? "Packed" : "AsFrames"; });

TEST_P(MachineScans, HaveEveryReportWithAllItsValuesOverMidnightAndARestart) {
  record(options());

  for (int m = 0; m < kMachines; ++m) {
    const std::string machine = "SY" + std::to_string(1000 + m);
    const auto plain = read_plainly(machine, kLate, end_);
    ASSERT_THAT(plain, Not(IsEmpty()));
    EXPECT_EQ(reports_of(read(machine, kLate, end_)), plain) << machine;
  }
}

TEST_P(MachineScans, HaveOnlyReportsThatCameWithinTheSpan) {
  record(options());
  const Time midnight = kLate + minutes(5);

  for (const auto& [from, to] : {std::pair(midnight, end_), std::pair(kLate, midnight),
                                 std::pair(midnight - seconds(40), midnight + seconds(31))}) {
    EXPECT_EQ(reports_of(read("SY1002", from, to)), read_plainly("SY1002", from, to));
  }
}

TEST_P(MachineScans, ShowAtAnyInstantTheStatusThatTheWallShowed) {
  record(options());
  expect_the_wall_says_the_same(120);
}

TEST_P(MachineScans, DoNotMindAnHourThatComesTwiceAtMidnight) {
  // At 23:58 of the old offset it is 22:58 once more: the day goes on.
  using Transition = fleet::TimeZone::Transition;
  record(options(fleet::TimeZone("twice", {Transition{fleet::time_from_ms(0), hours(8)},
                                           Transition{kLate + minutes(3), hours(7)}})));

  expect_the_wall_says_the_same(20);
  EXPECT_EQ(reports_of(read("SY1001", kLate, end_)), read_plainly("SY1001", kLate, end_));
}

TEST_P(MachineScans, HaveItsFaultsFromTheReportThatHadThemToTheOneThatDidNot) {
  record(options());
  // What frames say, one by one.
  std::vector<std::pair<Time, Time>> expected;
  fleet::FleetState state;
  std::map<fleet::AlarmId, fleet::Alarm> open;
  expect(reader()->read_until(end_ + hours(1), [&](fleet::Update&& update) {
    if (auto* roster = std::get_if<fleet::RosterBatch>(&update))
      expect(state.apply(std::move(*roster)));
    if (auto* keyframe = std::get_if<fleet::StateBatch>(&update)) {
      // The second run knows nothing of the first one's.
      for (const auto& [id, alarm] : open)
        if (std::ranges::find(keyframe->alarms, id, &fleet::Alarm::id) == keyframe->alarms.end())
          expected.emplace_back(alarm.occurred, keyframe->time);
      open.clear();
      for (const fleet::Alarm& alarm : keyframe->alarms)
        if (state.roster()[alarm.machine].id == "SY1003") open[alarm.id] = alarm;
    }
    auto* tick = std::get_if<fleet::TickBatch>(&update);
    for (const fleet::AlarmEvent& event : tick ? tick->alarms : std::vector<fleet::AlarmEvent>()) {
      if (state.roster()[event.alarm.machine].id != "SY1003") continue;
      if (event.kind == fleet::AlarmEvent::Kind::raised) open[event.alarm.id] = event.alarm;
      if (event.kind == fleet::AlarmEvent::Kind::cleared && open.erase(event.alarm.id) > 0)
        expected.emplace_back(event.alarm.occurred, event.at);
    }
    return true;
  }));
  for (const auto& [id, alarm] : open) expected.emplace_back(alarm.occurred, fleet::kNever);
  std::ranges::stable_sort(expected, {}, [](const auto& fault) { return fault.first; });

  std::vector<std::pair<Time, Time>> found;
  for (const auto& fault : read("SY1003", kLate, end_).faults)
    found.emplace_back(fault.alarm.occurred, fault.end);

  EXPECT_THAT(found, SizeIs(testing::Gt(3u)));
  EXPECT_EQ(found, expected);
}

TEST_P(MachineScans, KnowNothingOfAMachineThatNeverWas) {
  record(options());
  const fleet::MachineHistory history = read("SY9999", kLate, end_);

  EXPECT_THAT(history.reports, IsEmpty());
  EXPECT_THAT(history.faults, IsEmpty());
  EXPECT_EQ(fleet::status_at(history, kLate + minutes(1)), fleet::Status::unknown);
}

TEST_P(MachineScans, EndWhenTheyAreToldToAndRefuseMoreThanAWeek) {
  record(options());
  auto scan = MachineScan::open(directory_);
  ASSERT_TRUE(scan.ok());

  EXPECT_FALSE((*scan)->read("SY1001", kLate, end_, [] { return false; }).ok());
  EXPECT_TRUE((*scan)->read("SY1001", kLate, kLate + kMaxMachineSpan).ok());
  EXPECT_FALSE((*scan)->read("SY1001", kLate, kLate + kMaxMachineSpan + Millis{1}).ok());
}

TEST_P(MachineScans, GoOnBehindDamage) {
  record(options());
  run_sql(day("2026-10-17"),
          GetParam() ? "UPDATE pack_parts SET bytes = CAST(substr(bytes, 1, 9) || x'07' || "
                       "substr(bytes, 11) AS BLOB) WHERE id = (SELECT min(id) FROM pack_parts "
                       "WHERE id % 4 = 0)"
                     : "UPDATE frames SET bytes = CAST(substr(bytes, 1, 90) || x'07' || "
                       "substr(bytes, 92) AS BLOB) WHERE row = (SELECT row FROM frames WHERE "
                       "kind = 0 ORDER BY row LIMIT 1 OFFSET 3)");
  auto scan = MachineScan::open(directory_);
  auto found = (*scan)->read("SY1002", kLate, end_);
  const auto all = read_plainly("SY1002", kLate, end_);

  ASSERT_TRUE(found.ok());
  EXPECT_EQ(damages_, 1);
  EXPECT_THAT(found->damages, SizeIs(1));
  EXPECT_TRUE(reports_of(found->history) == all);
}

TEST_P(MachineScans, DoNotNeedAKeyframeThatSaysNothingNew) {
  record(options());
  const auto whole = read_plainly("SY1002", kLate, end_);
  // Of packs the check-points; of single frames the second keyframe of the day.
  run_sql(day("2026-10-17"),
          GetParam() ? "UPDATE pack_states SET bytes = x'00'"
                     : "UPDATE frames SET bytes = x'00' WHERE row = (SELECT row FROM frames WHERE "
                       "kind = 1 ORDER BY row LIMIT 1 OFFSET 1)");

  EXPECT_TRUE(reports_of(read("SY1002", kLate, end_)) == whole);
}

TEST(MachinePick, HasTheRowsThatAllOfThePackHas) {
  Fleet fleet(9);
  fleet::TickSpanBuilder builder;
  for (int k = 0; k < 60; ++k) {
    fleet.report_at_random(7);
    const fleet::TickBatch tick = fleet.end_tick();
    builder.add(tick, std::vector<std::int64_t>(tick.rows.size(), 40 + k));
  }
  const fleet::TickSpan all = builder.take();
  const PackedSpan packed = pack_span(all, {});
  const fleet::FieldMask some = 1ull << fleet::kOilPressureKpa | 1ull << fleet::kEngineOn;

  for (fleet::Slot machine = 0; machine < 11; ++machine) {
    for (const fleet::FieldMask fields : {~fleet::FieldMask{0}, some, fleet::FieldMask{0}}) {
      const auto picked = unpack_machine(packed.rows, machine, fields);
      ASSERT_TRUE(picked.ok()) << picked.error().what;
      ASSERT_EQ(picked->ticks.size(), all.ticks.size());
      std::size_t found = 0;
      for (std::size_t i = 0; i < all.all.rows.size(); ++i) {
        const fleet::Row& row = all.all.rows[i];
        if (row.machine != machine) continue;
        ASSERT_LT(found, picked->all.rows.size());
        const fleet::Row& got = picked->all.rows[found];
        ASSERT_EQ(got.fields, row.fields & fields);
        ASSERT_EQ(got.device_offset_ms, row.device_offset_ms);
        ASSERT_EQ(got.receive_ms, row.receive_ms);
        ASSERT_EQ(picked->row_ticks[found], all.row_ticks[i]);
        std::size_t value = row.value_begin, got_value = got.value_begin;
        for (fleet::FieldId f = 0; f < fleet::kMaxFields; ++f) {
          if ((row.fields >> f & 1) == 0) continue;
          if (got.fields >> f & 1) {
            ASSERT_EQ(picked->all.values[got_value++], all.all.values[value]);
          }
          ++value;
        }
        ++found;
      }
      EXPECT_EQ(found, picked->all.rows.size());
    }
  }
}

TEST(MachinePick, RefusesBytesThatWereChanged) {
  Fleet fleet(3);
  fleet::TickSpanBuilder builder;
  fleet.report_at_random(5);
  const fleet::TickBatch tick = fleet.end_tick();
  builder.add(tick, std::vector<std::int64_t>(tick.rows.size(), 0));
  std::string rows = pack_span(builder.take(), {}).rows;

  for (std::size_t i = 0; i < rows.size(); i += 3) {
    std::string changed = rows;
    changed[i] = static_cast<char>(changed[i] ^ 0x21);
    EXPECT_FALSE(unpack_machine(changed, 1, ~fleet::FieldMask{0}).ok()) << i;
  }
  EXPECT_FALSE(unpack_machine(std::string_view(rows).substr(0, rows.size() / 2), 1, 1).ok());
}

}  // namespace
}  // namespace net
