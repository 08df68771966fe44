// Is a batch sound, before anything of it is stored: its parts fit together, and what it names is
// there. Part of FleetState.
#pragma once

#include "fleet/result.hpp"
#include "fleet/tick_span.hpp"

namespace fleet {

/// machines: records that the state has; fields: those that it knows. Error: which part of which
/// frame, what it says and what was expected.
Result<void> check_tick(const TickBatch& tick, std::size_t machines, std::size_t fields);
/// Each of these is below `ticks`. what: of what they are the ticks.
Result<void> check_ticks(std::span<const std::uint32_t> of, std::size_t ticks, const char* what);
/// A machine's rows, figures changes and shares of heat.
Result<void> check_machine(const MachineSpan& part, std::size_t machines, std::size_t fields);
/// All of a span but that: its ticks, and of the first `ticks` of them the periods, alarms,
/// fault lists and activity; what comes later may be of machines that only become known then.
Result<void> check_span_rest(const TickSpan& span, std::size_t ticks, std::size_t machines);
Result<void> check_state(const StateBatch& batch, std::size_t machines, std::size_t fields);

}  // namespace fleet
