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
/// kMissedReports expected periods. Otherwise by the newest engine, working, load or speed value.
Status status_of(const FleetState& state, Slot machine, Time now, const StatusRules& rules = {});

/// Instant after which the machine turns silent if nothing more is heard.
Time silent_after(const MachineHead& head);

}  // namespace fleet
