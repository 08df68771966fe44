#include "fleet/sim/simulator.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

#include "fleet/sim/builder.hpp"
#include "fleet/sim/calendar.hpp"
#include "fleet/sim/crew.hpp"
#include "fleet/sim/moving.hpp"

namespace fleet::sim {
namespace {

/// Events jump from machine to machine, and a fleet does not fit the cache: ask so many ahead.
constexpr std::size_t kAhead = 6;

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
        now(config.start) {
    if (config.moving)
      moving.emplace(built.lives, built.sites);
    else
      form_crews();
  }

  void form_crews() {
    const std::span<Life> lives(built.lives);
    for (Slot first = 0; first < lives.size(); first += kCrewMachines)
      crews.emplace_back(
          mix(config.seed), config.start, built.sites,
          lives.subspan(first, std::min<std::size_t>(kCrewMachines, lives.size() - first)), first);
  }

  Crew& crew_of(const Event& event) {
    return crews[static_cast<std::size_t>((event.key & (kMaxMachines - 1)) / kCrewMachines)];
  }

  /// From here on all crews go from window to window together.
  void join_crews() {
    joined = true;
    now = crews.front().now();
    window = crews.front().window();
    for ([[maybe_unused]] const Crew& crew : crews)
      assert(crew.now() == now && crew.window() == window);
  }

  void open_window() {
    std::vector<Event> all;
    for (Crew& crew : crews) crew.take_window(all);
    events = Schedule::sorted(all, window);
    cursor = 0;
    window_open = true;
  }

  void advance(Time until, ReportBatch& out) {
    if (!joined) join_crews();
    const auto until_ms =
        static_cast<std::uint64_t>(ms_from_time(until) - day_begin_ms(first_day - 1));
    while (true) {
      if (!window_open) open_window();
      while (cursor < events.size() && events[cursor].key >> kSlotBits <= until_ms) {
        if (const auto ahead = cursor + kAhead; ahead < events.size())
          crew_of(events[ahead]).prefetch(events[ahead]);
        const Event& event = events[cursor++];
        crew_of(event).write(event, out);
      }
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
  std::int64_t first_day;
  BuiltFleet built;
  Time now;  // of a moving fleet, or of joined crews
  std::optional<MovingFleet> moving;

  std::vector<Crew> crews;
  bool joined = false;
  std::uint64_t window = 0;  // since the schedule's origin
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
  const bool apart = !impl_->config.moving && !impl_->joined;
  return apart ? std::ranges::min_element(impl_->crews, {}, &Crew::now)->now() : impl_->now;
}

void Simulator::advance(Time until, ReportBatch& out) {
  if (until <= now()) return;
  if (impl_->config.moving)
    impl_->advance_moving(until, out);
  else
    impl_->advance(until, out);
  impl_->now = until;
}

std::size_t Simulator::group_count() const {
  return impl_->crews.size();
}

SlotRange Simulator::group(std::size_t number) const {
  const auto first = static_cast<Slot>(number * kCrewMachines);
  return {first, std::min(first + kCrewMachines, static_cast<Slot>(impl_->built.lives.size()))};
}

void Simulator::advance_group(std::size_t number, Time until, ReportBatch& out) {
  assert(!impl_->joined);
  Crew& crew = impl_->crews[number];
  if (until > crew.now()) crew.advance(until, out);
}

}  // namespace fleet::sim
