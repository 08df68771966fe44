// What both directions of /replay have in common; for their two files only.
#pragma once

#include <string>

#include "fleet/result.hpp"
#include "fleet/time.hpp"

namespace net {

inline fleet::Error bad_replay(std::string what) {
  return fleet::Error{"replay message: " + std::move(what)};
}

/// Days that a local day can be, since 1970: years 0 to 9999.
constexpr bool good_day(std::int32_t day) {
  return day >= -719'528 && day <= 2'932'896;
}
inline fleet::LocalDay day_of(std::int32_t number) {
  return fleet::LocalDay(std::chrono::days(number));
}
inline std::int32_t number_of(fleet::LocalDay day) {
  return static_cast<std::int32_t>(day.time_since_epoch().count());
}

}  // namespace net
