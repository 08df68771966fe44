// The tick that a gateway is in, or was in when it was killed: acknowledged, journaled, no frame
// yet.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"

namespace net {

struct UnfinishedTick {
  std::vector<fleet::RosterBatch> rosters;  ///< machines and fields that came in it, in order
  std::optional<fleet::TickBatch> tick;     ///< all of its samples; nothing: there were none

  bool empty() const { return rosters.empty() && !tick; }
  /// Brings `state`, as `DayReader::seek` to the end of all days left it, on to `until` with what
  /// was received by then. False: nothing of it belongs there (the tick begins later, or does not
  /// follow the state).
  /// Error: it does not fit the state, which may have got machines of it then.
  fleet::Result<bool> apply_to(fleet::FleetState& state, fleet::Time until) const;
};

/// entries: a day's journal, as GatewayCore::take_journal made them (see net::read_journal).
/// Error: an entry (which) that does not decode, or of two ticks.
fleet::Result<UnfinishedTick> read_unfinished_tick(std::span<const std::string> entries);

}  // namespace net
