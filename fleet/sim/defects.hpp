// What feeds do wrong, and how often the demo fleet does it.
#pragma once

#include <cstdint>

namespace fleet::sim {

/// One line of the contract's quality rules each, or a way to break it.
enum class Defect : std::uint8_t {
  none,
  duplicate,       ///< the same report again, seconds later
  conflict,        ///< same device time, another value
  zero_island,     ///< a fix at (0, 0)
  out_of_range,    ///< a value no machine can have
  not_a_number,    ///< NaN
  future,          ///< a clock hours ahead
  year_one,        ///< 0001-01-01
  year_1999,       ///< a clock that lost its battery
  jump,            ///< one fix tens of kilometres off
  counter_glitch,  ///< one sample of the hour counter too low
  late,            ///< overtaken by later reports
};
inline constexpr std::uint32_t kDefectKinds = 12;

/// Reports of any device that are wrong in some way.
inline constexpr double kDefectShare = 0.0006;
/// Reports of a bad device that are wrong in its favourite way.
inline constexpr double kBadDeviceDefectShare = 0.12;

}  // namespace fleet::sim
