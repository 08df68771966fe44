// Where hours were worked, some hours of a day together, as bytes, and back: how a gateway answers
// a wall that compares days. A pack (columns.hpp): 1; placed and unplaced seconds; places
// ascending, as differences; their seconds.
#pragma once

#include <string>
#include <string_view>

#include "fleet/heat_cells.hpp"
#include "fleet/result.hpp"

namespace net {

/// Precondition: as heat_cells makes them.
std::string pack_heat(const fleet::HeatCells& heat);
/// Error: damaged, places that do not ascend or do not exist, or seconds that do not add up.
fleet::Result<fleet::HeatCells> unpack_heat(std::string_view pack);

}  // namespace net
