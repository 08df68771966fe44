// One machine out of packed ticks, without unpacking what the others said.
//
// A machine's reports stand together in every column, so what comes before them is skipped: a day
// of one machine costs what it takes to unpack the columns, of fields that are wanted alone.
#pragma once

#include <string_view>

#include "fleet/result.hpp"
#include "fleet/tick_span.hpp"

namespace net {

/// rows: as unpack_rows takes them. All ticks, the reports, periods and alarm events of `machine`
/// alone, and of its reports only the fields in `fields`. What a position's differences mean
/// depends on heading and speed: ask for all three or for none. Error: damaged; a damage among what
/// is skipped may go unseen, but for the check of all bytes.
fleet::Result<fleet::TickSpan> unpack_machine(std::string_view rows, fleet::Slot machine,
                                              fleet::FieldMask fields);

}  // namespace net
