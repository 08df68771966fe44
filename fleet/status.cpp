#include "fleet/status.hpp"

#include <array>

namespace fleet {
namespace {

bool at_least(const FleetState& state, Slot machine, FieldId field, double limit) {
  return value_from_raw(state.fields()[field], state.raw(machine, field)) >= limit;
}

/// Is a machine whose engine runs at work? By the best evidence it ever gave.
bool works(const FleetState& state, Slot machine, const StatusRules& rules) {
  if (state.has(machine, kWorking)) return state.raw(machine, kWorking) != 0;
  if (state.has(machine, kLoadPct)) {
    return at_least(state, machine, kLoadPct, rules.idle_load_pct);
  }
  return moves(state, machine, rules);
}

}  // namespace

const char* status_name(Status status) {
  constexpr std::array<const char*, kStatusCount> kNames = {"working", "idling", "stopped",
                                                            "silent", "unknown"};
  return kNames[static_cast<std::size_t>(status)];
}

Millis expected_period(const MachineHead& head) {
  return head.period_ms > 0 ? Millis{head.period_ms} : Millis{kDefaultPeriod};
}

Time silent_after(const MachineHead& head) {
  if (head.receive_time == kNever) return kNever;
  return head.receive_time + kMissedReports * expected_period(head);
}

bool moves(const FleetState& state, Slot machine, const StatusRules& rules) {
  return state.has(machine, kSpeedKmh) && at_least(state, machine, kSpeedKmh, rules.moving_kmh);
}

Status reported_status(const FleetState& state, Slot machine, const StatusRules& rules) {
  if (state.head(machine).receive_time == kNever) return Status::unknown;
  if (!state.has(machine, kEngineOn)) {
    return moves(state, machine, rules) ? Status::working : Status::stopped;
  }
  if (state.raw(machine, kEngineOn) == 0) return Status::stopped;
  return works(state, machine, rules) ? Status::working : Status::idling;
}

Status status_of(const FleetState& state, Slot machine, Time now, const StatusRules& rules) {
  const MachineHead& head = state.head(machine);
  if (head.receive_time == kNever) return Status::unknown;
  if (now > silent_after(head)) return Status::silent;
  return reported_status(state, machine, rules);
}

}  // namespace fleet
