// Which fields the heat can add up: amounts and counters, but no levels, temperatures or speeds.
#pragma once

#include <string>
#include <string_view>

#include "fleet/field.hpp"

namespace viewer {

/// Whether the values of several machines make a sum that means something, told by the unit.
bool can_be_summed(const fleet::FieldInfo& field);
/// One line that says why the heat cannot be of a field and names those it can be of; nothing where
/// it can.
std::string heat_field_problem(const fleet::FieldCatalog& fields, std::string_view name);

}  // namespace viewer
