// One machine of the demo fleet: what it is, and what it has planned for the day.
//
// A day plan is a pure function of (machine, day). Times in it are whole seconds of the local day
// (+08:00); everything a machine reports follows from the plan and the counters at midnight.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fleet/sim/places.hpp"

namespace fleet::sim {

inline constexpr std::uint32_t kDaySeconds = 86'400;
inline constexpr std::uint32_t kDayMs = kDaySeconds * 1000;
inline constexpr std::uint32_t kNoTime = 0xffffffffu;

/// Modems that say one thing and no more: with those in a gap, 7 % of the fleet are silent.
inline constexpr double kDeadShare = 0.064;

/// An area where machines work together.
struct Site {
  MicroPoint centre;
  std::uint16_t radius_m = 0;  ///< 25 .. 750
  std::int8_t along_x = 0;     ///< direction of a road in 1/100, (0, 0) = a round site
  std::int8_t along_y = 0;
};

/// Time with the engine running. Within it bouts of work alternate with idling.
struct Span {
  std::uint32_t begin_s = 0, end_s = 0;
  std::uint16_t cycle_s = 1800;  ///< mean length of one bout of work and its idling
  std::uint16_t idle_permille = 180;
};

/// A fault the machine reports for a while. kind: index in fault_kinds(), see faults.hpp.
struct Episode {
  std::uint32_t begin_s = 0, end_s = 0;
  std::uint8_t kind = 0;
};

inline constexpr int kMaxSpans = 4;

struct DayPlan {
  Span spans[kMaxSpans];                           ///< in order, apart or adjacent
  MicroPoint from, to;                             ///< spot at midnight, and after the haul
  std::uint32_t haul_begin_s = 0, haul_end_s = 0;  ///< on a truck, engine off; equal = no haul
  std::uint32_t gap_begin_s = 0, gap_end_s = 0;    ///< modem buffers; end may lie in the next day
  Episode episode;                                 ///< begin == end: none
  std::uint8_t span_count = 0;
  bool counter_reset = false;  ///< the hour counter starts anew at the first engine start
};

/// What never changes, and the counters at midnight of the current day.
struct Life {
  std::uint64_t key = 0;
  double lon_per_m = 0;  ///< microdegrees of longitude a metre, at its town's latitude
  std::uint32_t site = 0;
  std::uint32_t engine_s = 0, idle_s = 0;     ///< lived until midnight
  std::uint32_t zero_s = 0, idle_zero_s = 0;  ///< subtracted since a counter reset
  std::uint16_t place = 0;
  std::uint16_t period_on_s = 60, period_off_s = 3600;
  std::uint8_t model = 0;
  std::uint8_t province = 0;
  std::uint8_t story = 0;     ///< index in stories() + 1, 0 = none
  std::uint8_t bad_kind = 0;  ///< a device that lies often, and its favourite lie (Defect)
  bool dead = false;          ///< the modem says one thing and is silent ever after
};

/// Sites of each place: [first[place], first[place + 1]).
struct SiteMap {
  std::vector<Site> sites;
  std::vector<std::uint32_t> first;
};

/// Idle seconds among the first `x` seconds of a span; number: which span of which day it is.
std::uint32_t idle_seconds(const Life& life, const Span& span, std::uint64_t number,
                           std::uint32_t x);
/// True if the machine works (not idles) `x` seconds into the span.
bool works_at(const Life& life, const Span& span, std::uint64_t number, std::uint32_t x);

struct Counters {
  std::uint32_t engine_s = 0, idle_s = 0;
};
/// Engine and idle seconds from midnight until `t_s`.
Counters counters_until(const Life& life, const DayPlan& plan, std::int64_t day, std::uint32_t t_s);

}  // namespace fleet::sim
