// The roster of a state as what travels, and as a number to compare by. Pure.
#pragma once

#include <optional>

#include "fleet/fleet_state.hpp"

namespace net {

/// The machines of a state that changed after a version of its roster, and its extra fields. since:
/// nothing = all of them, as a complete roster.
fleet::RosterBatch roster_of(const fleet::FleetState& state, std::optional<std::uint64_t> since);

/// xxh64 of every record of the roster, every field name, and the roster's version.
std::uint64_t roster_print(const fleet::FleetState& state);

}  // namespace net
