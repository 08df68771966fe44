// Whether a ring crosses itself: then nobody can tell what is inside of it. Pure; any thread.
#pragma once

#include <optional>
#include <span>

#include "fleet/mercator.hpp"

namespace net {

/// Pairs of sides that are looked at in one ring: a country's outline of 100,000 corners needs a
/// few million, a ring made to be slow would need their square.
inline constexpr std::size_t kRingPairsMax = 20'000'000;

/// A corner next to where two sides of the ring (closed implicitly) cross properly; nothing: none
/// do, or it would take more than `pairs_max` pairs to know. Sides that touch, or lie on each
/// other, do not cross: digitised borders are full of those.
std::optional<fleet::GridPoint> crossing_of(std::span<const fleet::GridPoint> ring,
                                            std::size_t pairs_max = kRingPairsMax);

}  // namespace net
