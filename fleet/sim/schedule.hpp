// When machines report, and when those reports arrive.
//
// Each machine's reports of a day follow from (machine, day): one at every change of engine, lorry
// or fault, and periodic ones between, from midnight on. They are produced window by window (one
// minute), machine by machine, so that a window's work reads each due machine once.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "fleet/sim/life.hpp"
#include "fleet/sim/telemetry.hpp"

namespace fleet::sim {

inline constexpr std::uint32_t kWindowMs = 60'000;
static_assert(kDayMs % kWindowMs == 0);

/// Where one machine's clockwork stands on the current day.
struct Clockwork {
  std::uint32_t transition_s = 0;  ///< next change of the plan, kNoTime = none today
  std::uint16_t period_s = 60;
  std::uint16_t count = 0;
};

class Schedule {
 public:
  /// lives: of the machines from slot `first` on; must outlive the schedule. Machines are named by
  /// their index in it. Origin of its times: midnight before first_day - 1, since modems may still
  /// hold reports of the day before the first.
  Schedule(std::span<const Life> lives, Slot first, std::int64_t first_day);

  /// Starts a day: plans are those of `day`, one a machine.
  void begin_day(std::int64_t day, const std::vector<DayPlan>& plans);
  /// Produces all events that happen before `until_ms` of the current day and files them by the
  /// window in which they are received; those received at or before `not_before` (key time) go.
  void produce(std::uint32_t until_ms, const std::vector<DayPlan>& plans, std::uint64_t not_before);
  /// As `produce`, for one machine that has a plan of an earlier day: only what its modem still
  /// holds when the current day begins. days_back >= 1.
  void produce_earlier(std::size_t machine, const DayPlan& plan, int days_back,
                       std::uint64_t not_before);
  /// Adds an event by hand. receive_ms: since the origin.
  void file(std::uint64_t receive_ms, std::size_t machine, Event event);
  /// Brings events of window number `window` into order of receipt.
  static std::vector<Event> sorted(const std::vector<Event>& events, std::uint64_t window);
  /// Events received in window number `window` (since the origin), in order; once.
  std::vector<Event> take(std::uint64_t window);

 private:
  void run_machine(std::size_t machine, std::uint32_t& next_ms, Clockwork& work,
                   std::uint32_t until_ms, const DayPlan& plan, std::int64_t day,
                   std::uint64_t not_before);
  void emit(std::size_t machine, const DayPlan& plan, std::int64_t day, Event event,
            std::uint64_t h, std::uint64_t not_before);

  std::span<const Life> lives_;
  Slot first_;
  std::int64_t first_day_, day_ = 0;
  std::vector<std::uint32_t> next_ms_;  // apart from the rest: scanned every window
  std::vector<Clockwork> works_;
  std::map<std::uint64_t, std::vector<Event>> filed_;
  std::uint64_t last_window_ = ~0ull;
  std::vector<Event>* last_filed_ = nullptr;
};

}  // namespace fleet::sim
