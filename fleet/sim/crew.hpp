// A crew: some hundred machines with neighbouring slots that are simulated together.
//
// Machines know nothing of each other, so crews can be advanced one after the other, each through
// hours on end while its memory stays in the cache, or by several threads at a time. One thread a
// crew.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fleet/sim/planner.hpp"
#include "fleet/sim/schedule.hpp"
#include "fleet/sim/telemetry.hpp"

namespace fleet::sim {

/// Machines of a crew: with all that is known of them, there and in a gateway, about 1 MB.
inline constexpr Slot kCrewMachines = 1024;

class Crew {
 public:
  /// lives: of the machines from slot `first` on, counters as of the midnight before `start`; they
  /// and the sites outlive the crew.
  Crew(std::uint64_t seed, Time start, const SiteMap& sites, std::span<Life> lives, Slot first);

  /// Instant up to which reports have been produced.
  Time now() const { return now_; }
  /// Number of the window that `now` lies in, since the schedule's origin.
  std::uint64_t window() const { return window_; }
  /// Appends every report of these machines received in (now, until], sorted by receive time.
  void advance(Time until, ReportBatch& out);

  /// Hands over what is still to come of the window under way, in order, and goes on to the next
  /// one. Its reports are then written with `write`, before the window after it is taken.
  void take_window(std::vector<Event>& out);
  void write(const Event& event, ReportBatch& out);
  /// Asks the memory for what `write` needs.
  void prefetch(const Event& event) const;

 private:
  std::uint64_t since_origin(Time t) const;
  std::size_t index_of(const Event& event) const {
    return static_cast<std::size_t>((event.key & (kMaxMachines - 1)) - first_);
  }
  void wake_up();
  void file_last_words(std::size_t index, std::uint64_t start_ms);
  void plan_day();
  void next_day();
  void open_window();

  std::span<Life> lives_;
  Slot first_;
  std::int64_t first_day_, day_;
  Planner planner_;
  Time now_;
  std::optional<Schedule> schedule_;  ///< none until it is asked for the first time
  std::vector<DayPlan> plans_;        ///< of day_, one a machine
  std::uint64_t window_ = 0;          ///< since the origin
  std::uint64_t produced_from_ = 0;   ///< what was received up to here belongs to the past
  bool window_open_ = false;
  std::vector<Event> events_;  ///< of the open window
  std::size_t cursor_ = 0;
};

}  // namespace fleet::sim
