// Status of a machine: a pure function of what is known and the instant it is asked for.
#pragma once

#include "fleet/fleet_state.hpp"

namespace fleet {

enum class Status : std::uint8_t { working, idling, stopped, silent, unknown };
inline constexpr int kStatusCount = 5;
/// "working", "idling", "stopped", "silent", "unknown".
const char* status_name(Status status);

/// Period of a machine whose rhythm is not learned yet.
inline constexpr std::chrono::hours kDefaultPeriod{1};
/// Reports that must be missed before a machine counts as silent.
inline constexpr int kMissedReports = 3;

struct StatusRules {
  /// Where `working` is not reported: load at or above this many per cent is work.
  double idle_load_pct = 20;
  /// Where no engine field was ever seen: this fast or faster is work (labelled "moving").
  double moving_kmh = 1;
};

/// Silence is judged by receive time: `now` minus the newest receive time is more than
/// kMissedReports expected periods. Otherwise reported_status.
Status status_of(const FleetState& state, Slot machine, Time now, const StatusRules& rules = {});

/// Status by the newest values alone, silence aside: working, idling or stopped; unknown if it
/// never reported. Engine on: by `working` where ever reported, else by load, else by speed. No
/// engine field ever: by speed.
Status reported_status(const FleetState& state, Slot machine, const StatusRules& rules = {});

/// Speed known and at or above the rule's. A machine that is `working` without any engine field is
/// labelled "moving".
bool moves(const FleetState& state, Slot machine, const StatusRules& rules = {});

/// Learned report period, or kDefaultPeriod where none is learned yet.
Millis expected_period(const MachineHead& head);

/// Last instant at which the machine is not silent if nothing more is heard; kNever if it never
/// reported.
Time silent_after(const MachineHead& head);

}  // namespace fleet
