// How much of time the band along the bottom shows.
#pragma once

#include <cstdint>

namespace viewer {

/// The playhead's day, its week from Monday on, or its calendar month.
enum class BandSpan : std::uint8_t { day, week, month };
inline constexpr int kBandSpans = 3;

}  // namespace viewer
