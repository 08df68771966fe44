// Where hours were worked, some hours of a day together, as bytes, and back: how a gateway answers
// a wall that compares days. A pack (columns.hpp): 1; placed and unplaced seconds; places
// ascending, as differences; their seconds.
#pragma once

#include <string>
#include <string_view>

#include "fleet/heat_cells.hpp"
#include "fleet/result.hpp"

namespace net {

/// Numbers of one: the cells that a day has at most, and their seconds.
inline constexpr std::size_t kMaxHeatNumbers = 2 * fleet::kMaxHeatEntries;

/// Precondition: as heat_cells makes them.
std::string pack_heat(const fleet::HeatCells& heat);
/// Error: damaged, places that do not ascend or do not exist, or seconds that do not add up.
/// most_numbers: as for unpack_rows.
fleet::Result<fleet::HeatCells> unpack_heat(std::string_view pack,
                                            std::size_t most_numbers = kMaxHeatNumbers);

}  // namespace net
