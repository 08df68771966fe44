// The reports of a pack on their way into a state, on as many threads as have nothing else to do:
// what one machine reports never touches another one.
#pragma once

#include "net/store/pack_batches.hpp"

namespace net {

/// Applies what machines report in the first `ticks` of a pack, figures and heat included; the rest
/// is left to FleetState::finish_span. cut: gets what they report in the tick behind those; null:
/// nothing. Threads of the crew help while they are free; none is at it any more afterwards.
/// Error: damaged, or not of this state, which is of no use then. Precondition: pack.opened().
fleet::Result<void> apply_reports(PackBatches& pack, std::size_t ticks, fleet::TickBatch* cut,
                                  fleet::FleetState& state, BatchPool& pool, UnpackCrew& crew);

}  // namespace net
