// Batches for codec and store tests: a small fleet that reports, by hand or at random.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "net/codec/frame_codec.hpp"

namespace net::samples {

using fleet::FieldMask;
using fleet::Millis;
using fleet::Time;

/// 2026-10-16T14:00:00+08:00.
inline const Time kNoon = fleet::time_from_ms(1'792'130'400'000);

inline std::span<const std::byte> bytes_of(const std::string& s) {
  return std::as_bytes(std::span(s));
}
inline std::span<const std::byte> bytes_of(const EncodedFrame& f) {
  return bytes_of(f.bytes);
}

inline fleet::RosterBatch roster(std::size_t machines, bool complete = true) {
  fleet::RosterBatch batch;
  batch.complete = complete;
  batch.version = machines;
  for (std::size_t i = 0; i < machines; ++i) {
    fleet::Machine machine;
    machine.id = "SY" + std::to_string(1000 + i);
    machine.model = i % 2 ? "SY195C" : "SY215C";
    machine.customer = "苏州某公司";
    machine.fuel_per_h = 12.5;
    batch.machines.emplace_back(static_cast<fleet::Slot>(i), std::move(machine));
  }
  return batch;
}

/// A gateway's state that reports go into, tick by tick.
class Fleet {
 public:
  explicit Fleet(std::size_t machines, Time start = kNoon, std::uint64_t epoch = 7)
      : random_(machines) {
    (void)state.apply(roster(machines));
    state.finish_tick({epoch, 0}, start);
    begin(start);
  }

  void report(fleet::Slot machine, std::int64_t device_ms, std::int64_t receive_ms,
              std::vector<std::pair<fleet::FieldId, std::int64_t>> values) {
    std::sort(values.begin(), values.end());
    FieldMask fields = 0;
    std::vector<std::int64_t> raws;
    for (const auto& [field, raw] : values) {
      fields |= FieldMask{1} << field;
      raws.push_back(raw);
    }
    state.accept(
        {machine, tick.begin + Millis{device_ms}, tick.begin + Millis{receive_ms}, fields, raws},
        tick);
  }

  /// `rows` reports of machines and fields at random.
  void report_at_random(std::size_t rows) {
    const auto pick = [&](std::int64_t low, std::int64_t high) {
      return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
    };
    for (std::size_t k = 0; k < rows; ++k) {
      const auto machine =
          static_cast<fleet::Slot>(pick(0, static_cast<std::int64_t>(state.roster().size()) - 1));
      std::vector<std::pair<fleet::FieldId, std::int64_t>> values;
      for (fleet::FieldId f = 0; f < fleet::kCoreFieldCount; ++f) {
        if (pick(0, 2) == 0) continue;
        if (f == fleet::kPosition) {
          values.emplace_back(f,
                              fleet::packed({static_cast<std::uint32_t>(pick(0, (1 << 28) - 1)),
                                             static_cast<std::uint32_t>(pick(0, (1 << 28) - 1))}));
        } else if (f == fleet::kHeadingDeg) {
          values.emplace_back(f, pick(0, 3599));
        } else {
          values.emplace_back(f, pick(0, 9) == 0 ? pick(-(1ll << 40), 1ll << 40) : pick(0, 90));
        }
      }
      report(machine, pick(-100'000, 1000), pick(1, 1000), std::move(values));
    }
    if (rows == 0) return;
    const auto machine = tick.rows.front().machine;
    state.set_period(machine, static_cast<std::int32_t>(pick(0, 3'600'000)), tick);
    const fleet::DayFigures figures{20742, static_cast<std::int32_t>(pick(0, 80'000)), 60, 120,
                                    pick(0, 1) ? tick.begin : fleet::kNever};
    std::vector<fleet::HeatShare> shares(static_cast<std::size_t>(pick(0, 3)));
    for (fleet::HeatShare& share : shares) {
      share = {static_cast<std::int32_t>(pick(-5, 5)), static_cast<std::int32_t>(pick(-5, 5)),
               static_cast<std::uint8_t>(pick(0, 24)), static_cast<std::int32_t>(pick(1, 60))};
    }
    if (!shares.empty()) shares.back().seconds = 0;
    state.set_figures(machine, figures, shares);
    tick.figures.push_back({machine, figures, static_cast<std::uint32_t>(tick.shares.size()),
                            static_cast<std::uint32_t>(shares.size())});
    tick.shares.insert(tick.shares.end(), shares.begin(), shares.end());
    state.raise({fleet::AlarmEvent::Kind::raised, alarm(machine, 100), tick.begin}, tick);
    list_at_random();
  }

  /// Fault lists that changed nothing: one as is open, one that came late with up to three faults.
  void list_at_random() {
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); };
    const fleet::Row& row = tick.rows.back();
    tick.lists.push_back({row.machine, tick.begin + Millis{below(1000)}, true, 0, 0});
    std::vector<fleet::Fault> faults(below(4));
    for (fleet::Fault& fault : faults)
      fault = {below(524'288), static_cast<std::uint8_t>(below(32)),
               static_cast<std::uint8_t>(below(256)), static_cast<std::uint8_t>(below(256)),
               static_cast<fleet::Lamp>(below(5))};
    fleet::add_late_list(tick, tick.rows.front().machine, tick.begin - Millis{below(100'000'000)},
                         faults);
  }

  fleet::Alarm alarm(fleet::Slot machine, std::uint32_t spn) const {
    fleet::Alarm a;
    a.fault = {spn, 1, 3, 2, fleet::Lamp::red_stop};
    a.machine = machine;
    a.severity = fleet::Severity::critical;
    a.occurred = tick.begin;
    a.learned = tick.begin + Millis{40};
    a.id = fleet::alarm_id(state.roster()[machine].id, a.rule, a.fault, a.occurred);
    return a;
  }

  /// Ends the tick under way and begins the next one.
  fleet::TickBatch end_tick() {
    fleet::sort_by_machine(tick);
    state.finish_tick(tick.position, tick.end);
    fleet::TickBatch done = std::move(tick);
    begin(done.end);
    return done;
  }
  /// Lets time pass in which nothing is reported.
  void skip_to(Time t) { begin(t); }

  fleet::FleetState state;
  fleet::TickBatch tick;

 private:
  void begin(Time t) {
    tick = {};
    tick.position = {state.position().epoch, state.position().number + 1};
    tick.begin = t;
    tick.end = t + Millis{1000};
  }

  std::mt19937 random_;
};

/// What the lists of a tick say, for comparing: those of two ticks may lie elsewhere in `faults`.
inline std::vector<std::tuple<fleet::Slot, Time, bool, std::vector<fleet::Fault>>> lists_of(
    const fleet::TickBatch& tick) {
  std::vector<std::tuple<fleet::Slot, Time, bool, std::vector<fleet::Fault>>> lists;
  for (const fleet::FaultNote& list : tick.lists) {
    const auto faults = std::span(tick.faults).subspan(list.fault_begin, list.fault_count);
    lists.emplace_back(list.machine, list.at, list.as_open,
                       std::vector<fleet::Fault>(faults.begin(), faults.end()));
  }
  return lists;
}

/// The hand-made fleet whose frames are written down in tests/data/wire (see its README): its first
/// tick is ended; its second one, if wanted, is filled and not ended.
inline Fleet golden_fleet(int ticks = 2) {
  Fleet f(3);
  f.report(0, 250, 1000,
           {{fleet::kPosition, fleet::packed({222'630'000, 109'200'000})},
            {fleet::kHeadingDeg, 900},
            {fleet::kSpeedKmh, 123},
            {fleet::kEngineOn, 1},
            {fleet::kFuelLevelPct, 631}});
  f.report(2, 600, 1000, {{fleet::kEngineOn, 0}, {fleet::kEngineHours, 400'000}});
  (void)f.end_tick();
  if (ticks == 1) return f;
  f.report(2, 610, 1000, {{fleet::kEngineOn, 1}, {fleet::kEngineHours, 400'001}});
  f.report(0, 255, 1000,
           {{fleet::kPosition, fleet::packed({222'630'030, 109'200'001})},
            {fleet::kHeadingDeg, 3595},
            {fleet::kSpeedKmh, 130},
            {fleet::kEngineOn, 1},
            {fleet::kFuelLevelPct, 631}});
  f.report(0, 755, 1000, {{fleet::kSpeedKmh, 128}});
  f.state.set_period(0, 1000, f.tick);
  const fleet::DayFigures figures{20742, 3600, 600, 125, kNoon - std::chrono::hours(6)};
  f.state.set_figures(0, figures);
  f.tick.figures.push_back({0, figures});
  f.state.raise({fleet::AlarmEvent::Kind::raised, f.alarm(2, 100), kNoon + Millis{1610}}, f.tick);
  f.tick.activity = fleet::ActivitySample{20742, 168, 1};
  f.state.note_activity(*f.tick.activity);
  return f;
}

/// The golden tick with fault lists that changed nothing (since 1.4).
inline fleet::TickBatch golden_lists(fleet::TickBatch tick) {
  tick.lists.push_back({0, tick.begin + Millis{255}, true, 0, 0});
  const fleet::Fault late[] = {{100, 1, 3, 2, fleet::Lamp::red_stop},
                               {96, 18, 0, 1, fleet::Lamp::amber}};
  fleet::add_late_list(tick, 0, tick.begin - std::chrono::hours(1), late);
  fleet::add_late_list(tick, 2, tick.begin - std::chrono::hours(2), {});
  return tick;
}

}  // namespace net::samples
