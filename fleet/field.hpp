// The values a machine reports: names, units, steps, physical ranges.
//
// A value travels and is stored as a whole number of its field's step ("raw"). The first
// kCoreFields are the same in every fleet; further numeric fields are added as they are first seen.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/result.hpp"

namespace fleet {

using FieldId = std::uint8_t;

/// Core fields, in schema order: the order of columns on the wire, in the state hash, in exports.
enum Field : FieldId {
  kPosition,  ///< lon and lat together, packed(GridPoint)
  kHeadingDeg,
  kSpeedKmh,
  kEngineOn,
  kWorking,
  kGear,
  kRpm,
  kLoadPct,
  kFuelLevelPct,
  kFuelUsedL,
  kEngineHours,
  kIdleHours,
  kOilPressureKpa,
  kCoolantC,
  kHydraulicC,
  kBatteryV,
  kDefLevelPct,
  kCoreFieldCount
};

/// 64 values a machine is the product's promise; a bit mask of fields fits one word.
inline constexpr int kMaxFields = 64;

struct FieldInfo {
  std::string name;   ///< as in ingest and exports, e.g. "coolant_c"; "position" for kPosition
  std::string unit;   ///< "km/h", "%", "" for a plain number
  double step = 1;    ///< one raw unit, a power of ten
  double min = 0;     ///< physical range: a value outside is rejected as `range`
  double max = 0;
  bool counter = false;  ///< only grows in normal life (hours, litres used)
};

/// The fields of one fleet. Core fields always; extra ones in the order they were first seen.
class FieldCatalog {
 public:
  FieldCatalog();

  std::size_t size() const { return fields_.size(); }
  const FieldInfo& operator[](FieldId id) const { return fields_[id]; }
  std::optional<FieldId> find(std::string_view name) const;
  /// Adds a field, or returns the one that has this name. Error: not snake_case, longer than 48 bytes,
  /// a contract name that is no telemetry field (machine, time, lon, ...), or kMaxFields reached.
  Result<FieldId> add(std::string_view name);

 private:
  std::vector<FieldInfo> fields_;
};

/// Raw value of a reading: nearest step, halves away from zero. value must be finite and in range.
inline std::int64_t raw_from_value(const FieldInfo& field, double value) {
  return std::llround(value / field.step);
}
inline double value_from_raw(const FieldInfo& field, std::int64_t raw) {
  // Division by the whole number 1/step keeps 0.1 steps exact to the last digit of a double.
  return field.step < 1 ? static_cast<double>(raw) / std::round(1 / field.step)
                        : static_cast<double>(raw) * field.step;
}
/// Shortest decimal text of a raw value, e.g. "63.1", "-5", "0.25"; also the canonical text of rule `conflict`.
std::string text_from_raw(const FieldInfo& field, std::int64_t raw);

}  // namespace fleet
