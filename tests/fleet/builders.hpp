// Small builders shared by the domain's tests: states with machines, rows, ticks.
#pragma once

#include <initializer_list>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fleet/fleet_state.hpp"

namespace fleet::test {

/// 2026-10-16T00:00:00Z.
inline constexpr Time kMidnight = time_from_ms(1792108800000);
inline constexpr Time at_s(std::int64_t s) {
  return kMidnight + std::chrono::seconds{s};
}
inline constexpr Time at_ms(std::int64_t ms) {
  return kMidnight + Millis{ms};
}

/// A state whose roster has machines "m0000" ... in slots 0 ...
inline FleetState state_with(std::size_t machines) {
  FleetState state;
  for (std::size_t i = 0; i < machines; ++i) {
    std::string number = std::to_string(i);
    const auto added =
        state.roster().find_or_add("m" + std::string(4 - number.size(), '0') + number);
    if (!added) std::abort();
  }
  state.fit_roster();
  return state;
}

inline TickBatch tick_at(Time begin, std::uint64_t number = 1) {
  TickBatch tick;
  tick.position = {1, number};
  tick.begin = begin;
  tick.end = begin + std::chrono::seconds{1};
  return tick;
}

/// As a tick looks when it came over a wire: nothing resolved.
inline TickBatch as_decoded(TickBatch tick) {
  for (Row& row : tick.rows) row.device_time = kNever;
  return tick;
}

/// Ends a tick at the gateway. Returns it as a reader gets it.
inline TickBatch finished(FleetState& gateway, TickBatch tick) {
  sort_by_machine(tick);
  gateway.finish_tick(tick.position, tick.end);
  return as_decoded(std::move(tick));
}

/// Owns the values of an AcceptedRow.
struct RowOf {
  Slot machine = 0;
  Time device = kNever;
  Time receive = kNever;
  std::map<FieldId, std::int64_t> values;  // sorted: low field first

  void accept_into(FleetState& state, TickBatch& tick) const {
    AcceptedRow row{machine, device, receive, 0, {}};
    std::vector<std::int64_t> raw;
    for (const auto& [field, value] : values) {
      row.fields |= FieldMask{1} << field;
      raw.push_back(value);
    }
    row.values = raw;
    state.accept(row, tick);
  }
};

/// Takes one report into a state in a tick of its own.
inline void report(FleetState& state, Slot machine, Time t,
                   std::map<FieldId, std::int64_t> values) {
  TickBatch tick = tick_at(t - Millis{500});
  RowOf{machine, t, t, std::move(values)}.accept_into(state, tick);
  state.finish_tick(tick.position, tick.end);
}

}  // namespace fleet::test
