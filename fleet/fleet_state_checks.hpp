// Is a batch sound, before anything of it is stored: its parts fit together, and what it names is
// there. Part of FleetState.
#pragma once

#include "fleet/result.hpp"
#include "fleet/tick_span.hpp"

namespace fleet {

/// machines: records that the state has; fields: those that it knows. Error: which part of which
/// frame, what it says and what was expected.
Result<void> check_tick(const TickBatch& tick, std::size_t machines, std::size_t fields);
/// The lists of the first `ticks` ticks of a span, not its times: what comes later may be of
/// machines and fields that only become known then. Precondition: each entry has its tick.
Result<void> check_parts(const TickSpan& span, std::size_t ticks, std::size_t machines,
                         std::size_t fields);
Result<void> check_state(const StateBatch& batch, std::size_t machines, std::size_t fields);

}  // namespace fleet
