// Learns each machine's own report period, and accumulates its day. Gateway side only.
#pragma once

#include <vector>

#include "fleet/fleet_state.hpp"

namespace fleet {

/// Report-period estimate from intervals of device time between reports in order. Two estimates a
/// machine, one while the engine runs and one while it is off, since a parked machine reports
/// rarely; the one that holds after the newest report is published.
class RhythmLearner {
 public:
  /// Called before `state.accept(row)`. Returns the period to publish (ms, 1 s .. 24 h; 0 = under
  /// 5 reports seen), which differs from the published one only by more than 1/8, so that it costs
  /// few bytes.
  std::int32_t observe(const FleetState& state, const AcceptedRow& row);

 private:
  struct Estimate {
    std::int32_t period_ms = 0;
    std::uint8_t intervals = 0;
  };
  struct Memory {
    Estimate engine_off, engine_on;
  };
  std::vector<Memory> memory_;
};

/// Adds up engine, idle and fuel of the current local day from rows in device-time order.
class DayAccumulator {
 public:
  explicit DayAccumulator(TimeZone zone) : zone_(std::move(zone)) {}
  /// Called before `state.accept(row)`, so that `state` still holds the previous report. Returns
  /// the machine's figures after this row. Intervals longer than three expected periods count for
  /// nothing unless a counter covers them.
  DayFigures observe(const FleetState& state, const AcceptedRow& row);

 private:
  TimeZone zone_;
  // (private members are the implementer's choice)
};

}  // namespace fleet
