#include "viewer/heat/heat_field.hpp"

#include <algorithm>
#include <array>

namespace viewer {
namespace {

/// Of amounts: hours, litres, masses, volumes, energies, powers, distances driven, pieces.
constexpr std::array<std::string_view, 19> kAmounts{"h", "min", "s",   "L",     "l",  "m3", "kg",
                                                    "g", "t",   "kwh", "wh",    "j",  "mj", "kw",
                                                    "w", "km",  "n",   "count", "pcs"};
/// Core fields without a unit that are an amount all the same: 1 for each machine it is true of.
constexpr std::array<std::string_view, 2> kTruths{"engine_on", "working"};

std::string summable_names(const fleet::FieldCatalog& fields) {
  std::string names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const fleet::FieldInfo& field = fields[static_cast<fleet::FieldId>(i)];
    if (can_be_summed(field)) names += (names.empty() ? "" : ", ") + field.name;
  }
  return names;
}

}  // namespace

bool can_be_summed(const fleet::FieldInfo& field) {
  if (field.counter || std::ranges::find(kTruths, field.name) != kTruths.end()) return true;
  // A further field that is a plain number counts something; core ones without a unit do not.
  const bool core = fleet::FieldCatalog().find(field.name).has_value();
  if (field.unit.empty()) return !core;
  return std::ranges::find(kAmounts, field.unit) != kAmounts.end();
}

std::string heat_field_problem(const fleet::FieldCatalog& fields, std::string_view name) {
  const auto known = fields.find(name);
  if (known && can_be_summed(fields[*known])) return {};
  std::string line = "--heat-of " + std::string(name) + ": ";
  if (!known) {
    line += "there is no such field; ";
  } else {
    const std::string& unit = fields[*known].unit;
    line += "its values" + (unit.empty() ? std::string() : " (" + unit + ")") +
            " make no sum over machines; ";
  }
  return line + "expected hours, working, machines, or one of " + summable_names(fields);
}

}  // namespace viewer
