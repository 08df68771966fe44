// Is a batch sound, before anything of it is stored: its parts fit together, and what it names is
// there. Part of FleetState.
#pragma once

#include "fleet/result.hpp"
#include "fleet/update.hpp"

namespace fleet {

/// machines: records that the state has; fields: those that it knows. Error: which part of which
/// frame, what it says and what was expected.
Result<void> check_tick(const TickBatch& tick, std::size_t machines, std::size_t fields);
/// Its lists alone, not its times.
Result<void> check_parts(const TickBatch& tick, std::size_t machines, std::size_t fields);
Result<void> check_state(const StateBatch& batch, std::size_t machines, std::size_t fields);

}  // namespace fleet
