#include "fleet/sim/simulator.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

#include "fleet/sim/builder.hpp"
#include "fleet/sim/calendar.hpp"
#include "fleet/sim/moving.hpp"
#include "fleet/sim/planner.hpp"
#include "fleet/sim/schedule.hpp"
#include "fleet/sim/telemetry.hpp"

namespace fleet::sim {
namespace {

constexpr std::uint64_t kWindowsPerDay = kDayMs / kWindowMs;
/// Machines whose modem is dead say so much within this time of the start, and no more.
constexpr std::uint32_t kLastWordsMs = 5 * 60'000;

SimConfig checked(SimConfig config) {
  config.machines = std::clamp<std::uint32_t>(config.machines, 1, kMaxSimMachines);
  return config;
}

}  // namespace

struct Simulator::Impl {
  explicit Impl(const SimConfig& wanted)
      : config(checked(wanted)),
        first_day(local_day(ms_from_time(config.start))),
        built(build_fleet(config.machines, config.seed, first_day)),
        planner(mix(config.seed), built.sites),
        now(config.start) {
    if (config.moving)
      moving.emplace(built.lives, built.sites);
    else
      wake_up();
  }

  /// Time since the schedule's origin, one day before the first day's midnight.
  std::uint64_t since_origin(Time t) const {
    return static_cast<std::uint64_t>(ms_from_time(t) - day_begin_ms(first_day - 1));
  }
  Time from_origin(std::uint64_t ms) const {
    return time_from_ms(day_begin_ms(first_day - 1) + static_cast<std::int64_t>(ms));
  }

  /// Runs the clockwork from midnight to the start without writing any report, so that the fleet
  /// is found in the middle of its day.
  void wake_up() {
    schedule.emplace(built.lives, first_day);
    day = first_day;
    plan_day();
    const std::uint64_t start_ms = since_origin(config.start);
    for (Slot slot = 0; slot < built.lives.size(); ++slot) {
      const Life& life = built.lives[slot];
      if (life.dead) {
        file_last_words(slot, start_ms);
        continue;
      }
      const DayPlan before = planner.plan(life, day - 1);
      if (before.gap_end_s > kDaySeconds) schedule->produce_earlier(slot, before, 1, start_ms);
    }
    window = start_ms / kWindowMs;
    const auto of_day = static_cast<std::uint32_t>(window % kWindowsPerDay);
    schedule->produce(of_day * kWindowMs, plans, start_ms);
    produced_from = start_ms;
  }

  void file_last_words(Slot slot, std::uint64_t start_ms) {
    const std::uint64_t h = hash_of(built.lives[slot].key, kForGap);
    const std::uint64_t at_ms = start_ms + 1 + below(h, kLastWordsMs);
    Event event;
    event.device_ms = static_cast<std::uint32_t>(at_ms % kDayMs);
    event.day_low =
        static_cast<std::uint8_t>(first_day - 1 + static_cast<std::int64_t>(at_ms / kDayMs));
    event.full = event.with_faults = true;
    schedule->file(at_ms + below(h >> 32, 900), slot, event);
  }

  void plan_day() {
    plans.resize(built.lives.size());
    for (Slot slot = 0; slot < plans.size(); ++slot)
      plans[slot] = planner.plan(built.lives[slot], day);
    schedule->begin_day(day, plans);
  }

  void next_day() {
    for (Slot slot = 0; slot < plans.size(); ++slot) {
      Life& life = built.lives[slot];
      const Counters worked = counters_until(life, plans[slot], day, kDaySeconds);
      if (plans[slot].counter_reset) life.zero_s = life.engine_s, life.idle_zero_s = life.idle_s;
      life.engine_s += worked.engine_s;
      life.idle_s += worked.idle_s;
    }
    ++day;
    plan_day();
  }

  void open_window() {
    if (window % kWindowsPerDay == 0 && day < first_day - 1 + day_of_window()) next_day();
    const auto of_day = static_cast<std::uint32_t>(window % kWindowsPerDay);
    schedule->produce((of_day + 1) * kWindowMs, plans, produced_from);
    events = schedule->take(window);
    cursor = 0;
    window_open = true;
  }
  std::int64_t day_of_window() const { return static_cast<std::int64_t>(window / kWindowsPerDay); }

  void write(const Event& event, ReportBatch& out) {
    const auto slot = static_cast<Slot>(event.key & (kMaxMachines - 1));
    const Time received = from_origin(event.key >> kSlotBits);
    const Life& life = built.lives[slot];
    const auto back = static_cast<std::uint8_t>(static_cast<std::uint8_t>(day) - event.day_low);
    if (back == 0) {
      write_report({life, plans[slot], {life.engine_s, life.idle_s}, day}, event, slot, received,
                   out);
      return;
    }
    // A late report of an earlier day: its plan is made again, its counters counted back.
    DayPlan plan;
    Counters midnight{life.engine_s, life.idle_s};
    for (int i = 1; i <= back; ++i) {
      plan = planner.plan(life, day - i);
      const Counters worked = counters_until(life, plan, day - i, kDaySeconds);
      midnight.engine_s -= worked.engine_s;
      midnight.idle_s -= worked.idle_s;
    }
    write_report({life, plan, midnight, day - back}, event, slot, received, out);
  }

  /// Events jump from machine to machine, and a fleet does not fit the cache: ask ahead.
  void prefetch(std::size_t event) const {
    if (event >= events.size()) return;
    const std::size_t slot = events[event].key & (kMaxMachines - 1);
    __builtin_prefetch(&built.lives[slot]);
    const char* plan = reinterpret_cast<const char*>(&plans[slot]);
    __builtin_prefetch(plan);
    __builtin_prefetch(plan + 64);
  }

  void advance(Time until, ReportBatch& out) {
    const std::uint64_t until_ms = since_origin(until);
    while (true) {
      if (!window_open) open_window();
      while (cursor < events.size() && events[cursor].key >> kSlotBits <= until_ms)
        prefetch(cursor + 6), write(events[cursor++], out);
      if (until_ms < (window + 1) * kWindowMs - 1) break;
      ++window;
      window_open = false;
      if (until_ms < window * kWindowMs) break;
    }
  }

  void advance_moving(Time until, ReportBatch& out) {
    using std::chrono::seconds;
    const auto done = std::chrono::floor<seconds>(now - config.start);
    for (auto s = done + seconds{1}; config.start + s <= until; s += seconds{1})
      moving->step(config.start + s, out);
  }

  SimConfig config;
  std::int64_t first_day, day = 0;
  BuiltFleet built;
  Planner planner;
  Time now;
  std::optional<MovingFleet> moving;

  std::optional<Schedule> schedule;
  std::vector<DayPlan> plans;       // of `day`, by slot
  std::uint64_t window = 0;         // since the origin
  std::uint64_t produced_from = 0;  // what was received up to here belongs to the past
  bool window_open = false;
  std::vector<Event> events;  // of the open window
  std::size_t cursor = 0;
};

Simulator::Simulator(const SimConfig& config) : impl_(std::make_unique<Impl>(config)) {}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;

const std::vector<Machine>& Simulator::machines() const {
  return impl_->built.records;
}
const SimConfig& Simulator::config() const {
  return impl_->config;
}
Time Simulator::now() const {
  return impl_->now;
}

void Simulator::advance(Time until, ReportBatch& out) {
  if (until <= impl_->now) return;
  if (impl_->config.moving)
    impl_->advance_moving(until, out);
  else
    impl_->advance(until, out);
  impl_->now = until;
}

}  // namespace fleet::sim
