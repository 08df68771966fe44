// Hours and fuel of one machine on one local day, and how they accumulate.
//
// The gateway's DayAccumulator is the only one that accumulates; the results travel in frames and
// every group figure is summed from them (utilisation.hpp).
#pragma once

#include <cstdint>

#include "fleet/time.hpp"

namespace fleet {

struct DayFigures {
  std::int32_t day = 0;  ///< local day, days since 1970-01-01; 0 = nothing yet
  std::int32_t engine_s =
      0;  ///< from the engine-hour counter where there is one, else time with engine on
  std::int32_t idle_s =
      0;  ///< from the idle-hour counter, else time with engine on and not working
  std::int32_t fuel_dl = 0;   ///< decilitres, from the fuel-used counter
  Time first_start = kNever;  ///< first report of the day with the engine on
  bool operator==(const DayFigures&) const = default;

  std::int32_t working_s() const { return engine_s > idle_s ? engine_s - idle_s : 0; }
};

/// Working time, s, that a machine's day gained from one state of its figures to the next: all of
/// it where the day is another. Below 0 where a counter of idle hours came late.
inline std::int64_t gained_s(const DayFigures& before, const DayFigures& after) {
  return std::int64_t{after.working_s()} - (before.day == after.day ? before.working_s() : 0);
}

}  // namespace fleet
