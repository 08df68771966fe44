// LiveWatch: keeps the fleet up to date while the wall shows the past, so that the way back to now
// takes no time, and alarms that come meanwhile are told. Main thread; reads no clock.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/update_queue.hpp"
#include "net/feed/feed.hpp"

namespace viewer {

/// Alarms above low that became known since the wall left now, and are open still.
struct LiveAlarms {
  std::array<std::uint32_t, fleet::kSeverityCount> by_severity{};
  std::uint32_t count() const;
  /// Of `count` > 0.
  fleet::Severity worst() const;
};

class LiveWatch {
 public:
  using SteadyNow = std::chrono::steady_clock::time_point (*)();

  /// state: as shown when the wall leaves now. The queue and the feed are those of live data.
  LiveWatch(fleet::FleetState state, fleet::UpdateQueue& queue, net::Feed& feed);

  /// Takes in what came, for `budget` at most; nothing = all.
  void update(std::optional<std::chrono::microseconds> budget, SteadyNow clock);
  const fleet::FleetState& state() const { return state_; }
  /// The newest instant the gateway told of.
  fleet::Time now() const { return std::max(gateway_time_, state_.time()); }
  const LiveAlarms& alarms() const { return alarms_; }
  /// The worst alarm that came since the last call, the newest of several as bad; nothing if none
  /// did.
  std::optional<fleet::Alarm> take_new() { return std::exchange(new_, std::nullopt); }
  /// The state, for the wall to go on with. The watch is over.
  fleet::FleetState take() { return std::move(state_); }

 private:
  void count_alarms();

  fleet::FleetState state_;
  fleet::UpdateQueue& queue_;
  net::Feed& feed_;
  fleet::Time left_;  ///< newest report that the wall knew when it left now
  fleet::Time gateway_time_ = fleet::kNever;
  std::uint64_t counted_ = 0;         ///< version of the alarms when they were counted
  std::vector<fleet::AlarmId> told_;  ///< ascending; of alarms that are open still
  LiveAlarms alarms_;
  std::optional<fleet::Alarm> new_;
};

}  // namespace viewer
