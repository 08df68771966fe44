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
  std::string name;  ///< as in ingest and exports, e.g. "coolant_c"; "position" for kPosition
  std::string unit;  ///< "km/h", "%", "" for a plain number
  double step = 1;   ///< one raw unit: 1, 0.1, 0.01 or 0.001
  double min = 0;    ///< physical range: a value outside is rejected as `range`
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
  /// Adds a field (step 0.001), or returns the one that has this name. Error: not snake_case,
  /// longer than 48 bytes, a contract name that is no telemetry field (machine, time, lon, ...), or
  /// kMaxFields reached.
  Result<FieldId> add(std::string_view name);
  /// What `add` of a name that is not known yet would say; adds nothing.
  Result<void> check_new(std::string_view name) const;

 private:
  std::vector<FieldInfo> fields_;
};

/// Raw value of a reading: nearest step, halves away from zero. value must be finite and in range.
inline std::int64_t raw_from_value(const FieldInfo& field, double value) {
  // 1/step is exactly 1, 10, 100 or 1000; multiplying by it rounds better than dividing by 0.1.
  const double steps = value * (1 / field.step);
  // As std::llround for all that a range allows (below 2^52), without the call: the largest double
  // below a half, so that what lies just under a half stays there.
  constexpr double kBelowHalf = 0.49999999999999994;
  return static_cast<std::int64_t>(steps + std::copysign(kBelowHalf, steps));
}
/// Reading of a raw value, exact to the last digit of a double (0.1 steps are no sums of 0.1).
inline double value_from_raw(const FieldInfo& field, std::int64_t raw) {
  return static_cast<double>(raw) / (1 / field.step);
}
/// Shortest decimal text of a raw value, e.g. "63.1", "-5", "0.25"; of a position "lon lat" with
/// six decimals. Also the canonical text of quality rule `conflict`.
std::string text_from_raw(const FieldInfo& field, std::int64_t raw);
/// Quality rule `conflict`, of two raw values of one field and time: the smaller canonical text
/// wins; texts of neighbouring grid points may be equal, so the smaller number decides then.
bool wins_conflict(const FieldInfo& field, std::int64_t raw, std::int64_t held);

}  // namespace fleet
