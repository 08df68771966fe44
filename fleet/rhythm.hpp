// Learns each machine's own report period, and accumulates its day. Gateway side only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fleet/fleet_state.hpp"

namespace fleet {

/// Reports of a machine that are this close together are one report in several messages.
inline constexpr Millis kSameReport{500};
/// A learned period lies between these.
inline constexpr Millis kMinPeriod{1000};
inline constexpr Millis kMaxPeriod{86'400'000};

/// Report-period estimate: the median of the last five intervals of device time between reports in
/// order, so that a tunnel or two change nothing and a new rhythm is learned in three reports. Two
/// estimates a machine, one while the engine runs and one while it is off, since a parked machine
/// reports rarely; the one that holds after the newest report is published.
class RhythmLearner {
 public:
  /// Called before `state.accept(row)`. Returns the period to publish (ms, 1 s .. 24 h; 0 = under
  /// 5 reports seen), which differs from the published one only by more than 1/8, so that it costs
  /// few bytes.
  std::int32_t observe(const FleetState& state, const AcceptedRow& row);
  /// Takes up what another learner learned; its machine i is machine first + i here, of which
  /// nothing was learned yet.
  void adopt(const RhythmLearner& part, Slot first);

 private:
  static constexpr int kIntervals = 5;
  /// Intervals needed before a period is published: those between five reports.
  static constexpr int kFewestIntervals = 4;
  struct Estimate {
    /// Those not yet measured count as the longest.
    std::array<std::int32_t, kIntervals> interval_ms{INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX,
                                                     INT32_MAX};
    std::uint8_t count = 0;  ///< of intervals held, at most kIntervals
    std::uint8_t next = 0;

    void add(std::int32_t ms);
    std::int32_t period_ms() const;  ///< 0 while there are too few intervals
  };
  struct Memory {
    Estimate engine_off, engine_on;
    Time last = kNever;  ///< device time of the report that the next interval begins with
  };
  std::vector<Memory> memory_;
};

/// A counter may advance by this much at once whatever time has passed: the coarsest engine-hour
/// counters count whole hours.
inline constexpr std::chrono::seconds kCoarsestCounter{3600};
/// A machine that burns more than this in an hour is none: the largest mining excavators need 500.
inline constexpr std::int64_t kMaxFuelLPerHour = 1000;

/// Local days of instants that come roughly in order: the last one found is kept at hand.
class DayFinder {
 public:
  explicit DayFinder(TimeZone zone) : zone_(std::move(zone)) {}
  /// As DayFigures::day.
  std::int32_t of(Time t);
  /// When the day last asked for begins.
  Time begin() const { return begin_; }

 private:
  TimeZone zone_;
  std::int32_t day_ = 0;
  Time begin_ = kNever, end_ = kNever;
};

/// Adds up engine, idle and fuel of the current local day from rows in device-time order. Whole
/// numbers only, no memory but the state itself. The exact rules: fleet/README.md.
class DayAccumulator {
 public:
  explicit DayAccumulator(TimeZone zone) : days_(std::move(zone)) {}
  /// Local day of a device time.
  std::int32_t day_of(Time t) { return days_.of(t); }
  /// Called before `state.accept(row)`, so that `state` still holds the previous report. `so_far`:
  /// the machine's figures before this row. Returns those after it. Intervals longer than three
  /// expected periods count for nothing unless a counter covers them.
  DayFigures observe(const FleetState& state, const DayFigures& so_far, const AcceptedRow& row);

 private:
  DayFinder days_;
};

}  // namespace fleet
