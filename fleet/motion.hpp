// Where a moving machine is expected next: what makes its positions cheap to send.
//
// Whole numbers only, so that every reader in every language comes to the same grid steps.
#pragma once

#include <cstdint>

#include "fleet/mercator.hpp"

namespace fleet {

/// Longest time over which a straight drive is a good guess. Beyond it nothing is expected.
inline constexpr std::int64_t kMaxExpectedSeconds = 10;
/// Speeds above (500 km/h) are errors of the sender's and expect nothing either.
inline constexpr std::int64_t kMaxExpectedSpeedRaw = 5000;

/// Grid steps east and south that a machine at grid row `y` makes in `elapsed_ms`, rounded to whole
/// seconds (receivers fix on whole seconds; the rest is delay), straight on.
/// speed_raw: 0.1 km/h; heading_raw: 0.1 degrees clockwise from north, any multiple of a turn.
/// Error: below 0.4 % of the way. The steps wrap to 28 bits as all grid steps do.
/// Source: Bhaskara's rational sine; 1 / cos(latitude) = cosh of the Mercator ordinate, by its
/// series.
GridPoint expected_move(std::int64_t speed_raw, std::int64_t heading_raw, std::int64_t elapsed_ms,
                        std::uint32_t y);

}  // namespace fleet
