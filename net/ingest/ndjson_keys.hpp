// The keys of an ingest line, found by a perfect hash made at compile time.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "fleet/field.hpp"

namespace net {

enum class Key : std::uint8_t {
  unknown,
  machine,
  time,
  lon,
  lat,
  value,  ///< a core field; see KeyInfo::field
  flag,   ///< a core field that is true or false
  faults,
  serial,
  maker,
  model,
  machine_class,
  customer,
  branch,
  delivered,
  hours_offset_h,
  loan_monthly,
  wage_monthly,
  income_per_h,
  fuel_per_h,
  last_service_time,
  last_service_h,
};

struct KeyInfo {
  std::string_view text;
  Key key = Key::unknown;
  fleet::FieldId field = 0;
};

inline constexpr KeyInfo kKeys[] = {
    {"machine", Key::machine},
    {"time", Key::time},
    {"lon", Key::lon},
    {"lat", Key::lat},
    {"heading_deg", Key::value, fleet::kHeadingDeg},
    {"speed_kmh", Key::value, fleet::kSpeedKmh},
    {"engine_on", Key::flag, fleet::kEngineOn},
    {"working", Key::flag, fleet::kWorking},
    {"gear", Key::value, fleet::kGear},
    {"rpm", Key::value, fleet::kRpm},
    {"load_pct", Key::value, fleet::kLoadPct},
    {"fuel_level_pct", Key::value, fleet::kFuelLevelPct},
    {"fuel_used_l", Key::value, fleet::kFuelUsedL},
    {"engine_hours", Key::value, fleet::kEngineHours},
    {"idle_hours", Key::value, fleet::kIdleHours},
    {"oil_pressure_kpa", Key::value, fleet::kOilPressureKpa},
    {"coolant_c", Key::value, fleet::kCoolantC},
    {"hydraulic_c", Key::value, fleet::kHydraulicC},
    {"battery_v", Key::value, fleet::kBatteryV},
    {"def_level_pct", Key::value, fleet::kDefLevelPct},
    {"faults", Key::faults},
    {"serial", Key::serial},
    {"maker", Key::maker},
    {"model", Key::model},
    {"class", Key::machine_class},
    {"customer", Key::customer},
    {"branch", Key::branch},
    {"delivered", Key::delivered},
    {"hours_offset_h", Key::hours_offset_h},
    {"loan_monthly", Key::loan_monthly},
    {"wage_monthly", Key::wage_monthly},
    {"income_per_h", Key::income_per_h},
    {"fuel_per_h", Key::fuel_per_h},
    {"last_service_time", Key::last_service_time},
    {"last_service_h", Key::last_service_h},
};

namespace key_hash {

inline constexpr std::size_t kTableSize = 256;

constexpr std::size_t hash(std::string_view text, std::uint32_t seed) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint32_t mixed = at(0) + 31u * at(text.size() / 2) + 131u * at(text.size() - 1) +
                              1009u * static_cast<std::uint32_t>(text.size());
  return ((mixed * seed) >> 16) % kTableSize;
}

constexpr bool without_collision(std::uint32_t seed) {
  std::array<bool, kTableSize> taken{};
  for (const KeyInfo& info : kKeys) {
    bool& place = taken[hash(info.text, seed)];
    if (place) return false;
    place = true;
  }
  return true;
}

constexpr std::uint32_t find_seed() {
  std::uint32_t seed = 2654435761u;
  while (!without_collision(seed)) seed += 2;
  return seed;
}

inline constexpr std::uint32_t kSeed = find_seed();

constexpr std::array<std::uint8_t, kTableSize> make_table() {
  std::array<std::uint8_t, kTableSize> table{};
  for (std::size_t i = 0; i < std::size(kKeys); ++i)
    table[hash(kKeys[i].text, kSeed)] = static_cast<std::uint8_t>(i);
  return table;
}

inline constexpr auto kTable = make_table();

}  // namespace key_hash

/// Null if the contract does not name this key.
inline const KeyInfo* find_key(std::string_view text) {
  if (text.empty()) return nullptr;
  const KeyInfo& info = kKeys[key_hash::kTable[key_hash::hash(text, key_hash::kSeed)]];
  return info.text == text ? &info : nullptr;
}

}  // namespace net
