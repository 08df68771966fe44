// How far back a trail goes.
#pragma once

#include <cstdint>

namespace viewer {

enum class TrailSpan : std::uint8_t { off, half_hour, two_hours, eight_hours, today };

}  // namespace viewer
