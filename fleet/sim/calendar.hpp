// Local days of the demo fleet (+08:00 all year), and how much is worked on them.
#pragma once

#include <cstdint>
#include <string>

#include "fleet/time.hpp"

namespace fleet::sim {

inline constexpr std::int64_t kDayLengthMs = 86'400'000;
inline constexpr std::int64_t kZoneMs = 28'800'000;  // 8 h

/// Days since 1970-01-01 on the wall clock at +08:00.
constexpr std::int64_t local_day(std::int64_t utc_ms) {
  const std::int64_t local = utc_ms + kZoneMs;
  return local / kDayLengthMs - (local % kDayLengthMs < 0);
}
constexpr std::int64_t day_begin_ms(std::int64_t day) {
  return day * kDayLengthMs - kZoneMs;
}

/// "2026-10-16".
std::string day_text(std::int64_t day);

/// Share of the machines with work on a usual weekday that work on this day in this province:
/// Sundays, rainy spells and the Spring Festival lower it. 0..1; the demo day is fair everywhere.
double work_factor(std::uint64_t seed, int province, std::int64_t day);
/// Air temperature, degrees Celsius.
double ambient_c(double lat_deg, std::int64_t day, std::uint32_t t_s);

}  // namespace fleet::sim
