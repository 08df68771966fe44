// Parts of packed ticks that more than one reader wants.
#pragma once

#include "fleet/tick_span.hpp"
#include "net/pack/columns.hpp"

namespace net {

// Each takes what stands next in `in`, into an empty part of `span`; a damage fails the reader.
void read_ticks(PackReader& in, fleet::TickSpan& span);
void read_periods(PackReader& in, fleet::TickSpan& span);
void read_alarm_events(PackReader& in, fleet::TickSpan& span);

}  // namespace net
