#include "fleet/field.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "fleet/mercator.hpp"

namespace fleet {
namespace {

/// Keys of the contract that are no telemetry values: they never become a field.
constexpr std::array<std::string_view, 22> kReservedNames = {
    "machine",    "time",           "receive_time", "lon",          "lat",
    "faults",     "position",       "status",       "serial",       "maker",
    "model",      "class",          "customer",     "branch",       "delivered",
    "region",     "hours_offset_h", "loan_monthly", "wage_monthly", "income_per_h",
    "fuel_per_h", "last_service_h"};

/// An extra field's name is at most this long: as long as any unit-suffixed name needs to be.
constexpr std::size_t kMaxFieldNameBytes = 48;
/// Range of an extra field. 1e12 in steps of 0.001 is 1e15, still exact in a double.
constexpr double kExtraLimit = 1e12;
constexpr double kExtraStep = 0.001;

/// Ranges end where J1939 (SAE J1939-71) has its codes for "error" and "not available", so that a
/// sender that forwards such a code as a value is refused. Speed is the exception: it is mostly
/// taken from the satellite receiver, and must hold for aircraft too.
std::vector<FieldInfo> core_fields() {
  return {
      {"position", "", 1, 0, 72057594037927935.0, false},  // packed(GridPoint), 56 bits
      {"heading_deg", "deg", 0.1, 0, 360, false},          // 360 is stored as 0
      {"speed_kmh", "km/h", 0.1, 0, 1500, false},          // faster than any airliner
      {"engine_on", "", 1, 0, 1, false},
      {"working", "", 1, 0, 1, false},
      {"gear", "", 1, -125, 125, false},                   // SPN 523
      {"rpm", "rpm", 1, 0, 8031.875, false},               // SPN 190
      {"load_pct", "%", 0.1, 0, 250, false},               // SPN 92
      {"fuel_level_pct", "%", 0.1, 0, 100, false},         // SPN 96
      {"fuel_used_l", "L", 0.1, 0, 2105540607.5, true},    // SPN 250
      {"engine_hours", "h", 0.01, 0, 210554060.75, true},  // SPN 247
      {"idle_hours", "h", 0.01, 0, 210554060.75, true},    // SPN 235
      {"oil_pressure_kpa", "kPa", 1, 0, 1000, false},      // SPN 100
      {"coolant_c", "°C", 0.1, -40, 210, false},           // SPN 110
      {"hydraulic_c", "°C", 0.1, -40, 210, false},         // SPN 1638
      {"battery_v", "V", 0.01, 0, 3212.75, false},         // SPN 168
      {"def_level_pct", "%", 0.1, 0, 100, false},          // SPN 1761
  };
}

bool is_snake_case(std::string_view name) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (name.empty() || !lower(name.front()) || name.back() == '_') return false;
  if (name.find("__") != name.npos) return false;
  return std::ranges::all_of(name, [&](char c) { return lower(c) || digit(c) || c == '_'; });
}

/// Unit of an extra field: what stands behind the last underscore, e.g. "kg" of "payload_kg".
std::string unit_suffix(std::string_view name) {
  const auto at = name.rfind('_');
  return at == name.npos ? std::string() : std::string(name.substr(at + 1));
}

/// The name as it may stand in an error message: cut, without control characters.
std::string quoted(std::string_view name) {
  std::string text = "\"" + std::string(name.substr(0, kMaxFieldNameBytes)) + "\"";
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 32; }, '?');
  return text;
}

bool is_reserved(std::string_view name) {
  return std::ranges::find(kReservedNames, name) != kReservedNames.end() ||
         name == "last_service_time";
}

std::string position_text(std::int64_t raw) {
  const LonLat p = lonlat_from_grid(unpacked(raw));
  std::array<char, 64> text;
  const int n = std::snprintf(text.data(), text.size(), "%.6f %.6f", p.lon_deg, p.lat_deg);
  return {text.data(), static_cast<std::size_t>(n)};
}

}  // namespace

FieldCatalog::FieldCatalog() : fields_(core_fields()) {}

std::optional<FieldId> FieldCatalog::find(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name == name) return static_cast<FieldId>(i);
  }
  return {};
}

Result<void> FieldCatalog::check_new(std::string_view name) const {
  if (is_reserved(name)) return Error{"field name " + quoted(name) + " is no telemetry value"};
  if (name.size() > kMaxFieldNameBytes) {
    return Error{"field name " + quoted(name) + "... has " + std::to_string(name.size()) +
                 " bytes, expected at most " + std::to_string(kMaxFieldNameBytes)};
  }
  if (!is_snake_case(name)) {
    return Error{"field name " + quoted(name) + " is not snake_case (a-z, 0-9, single _)"};
  }
  if (fields_.size() >= static_cast<std::size_t>(kMaxFields)) {
    return Error{"field " + quoted(name) + " is one too many: a fleet holds " +
                 std::to_string(kMaxFields) + " values a machine"};
  }
  return {};
}

Result<FieldId> FieldCatalog::add(std::string_view name) {
  if (const auto known = find(name); known && !is_reserved(name)) return *known;
  if (auto checked = check_new(name); !checked) return checked.error();
  fields_.push_back(
      {std::string(name), unit_suffix(name), kExtraStep, -kExtraLimit, kExtraLimit, false});
  return static_cast<FieldId>(fields_.size() - 1);
}

std::string text_from_raw(const FieldInfo& field, std::int64_t raw) {
  if (field.name == "position") return position_text(raw);
  int decimals = 0;
  for (double step = field.step; step < 0.99; step *= 10) ++decimals;
  const bool negative = raw < 0;
  // Through unsigned, since the smallest number has no positive counterpart.
  const auto bits = static_cast<std::uint64_t>(raw);
  std::string digits = std::to_string(negative ? 0 - bits : bits);
  if (decimals > 0) {
    const auto whole = static_cast<std::size_t>(decimals) + 1;
    if (digits.size() < whole) digits.insert(0, whole - digits.size(), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(decimals), 1, '.');
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return negative ? "-" + digits : digits;
}

bool wins_conflict(const FieldInfo& field, std::int64_t raw, std::int64_t held) {
  const std::string a = text_from_raw(field, raw), b = text_from_raw(field, held);
  return a != b ? a < b : raw < held;
}

}  // namespace fleet
