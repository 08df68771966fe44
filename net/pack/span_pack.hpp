// Packed hours: consecutive ticks as columns, machine by machine. See net/README.md for the layout.
//
// A tick frame of a second holds one report of each of some hundred machines; an hour sorted by
// machine holds what each of them said one after the other, in which there is much less news, and
// which is read and applied several times as fast.
#pragma once

#include <span>
#include <string>

#include "fleet/result.hpp"
#include "fleet/tick_span.hpp"
#include "net/pack/columns.hpp"

namespace net {

/// A span in two parts, so that the large one can be unpacked beside what comes before it.
struct PackedSpan {
  std::string rows;     ///< ticks, reports, periods, alarms, activity
  std::string figures;  ///< day figures, as differences to those before the span
};

/// figures: day figures of every machine, by slot, before the first tick of the span (what is not
/// there counts as none).
/// Precondition: numbers of ticks without gaps, one epoch, at least one tick.
PackedSpan pack_span(const fleet::TickSpan& span, std::span<const fleet::DayFigures> figures,
                     int level = kPackLevel);

/// Everything but the figures. Error: damaged, or not as a pack_span writes it. That machines and
/// fields exist is for FleetState to see. most_numbers: that it may hold; fuzz tests lower it.
fleet::Result<fleet::TickSpan> unpack_rows(std::string_view rows,
                                           std::size_t most_numbers = kMaxPackNumbers);
/// Puts in the figures. held: as they were given to pack_span; becomes what they are after the last
/// tick. Error: as unpack_rows; both are of no use then.
fleet::Result<void> unpack_figures(std::string_view packed, std::vector<fleet::DayFigures>& held,
                                   fleet::TickSpan& span,
                                   std::size_t most_numbers = kMaxPackNumbers);

}  // namespace net
