// Whether a ring crosses itself: then nobody can tell what is inside of it. Pure; any thread.
#pragma once

#include <optional>
#include <span>

#include "fleet/mercator.hpp"

namespace net {

/// Pairs of sides that are looked at in one file, a second's work: prefectures of 0.6 million
/// corners need some millions, rings made to be slow the square of theirs.
inline constexpr std::size_t kRingPairsMax = 100'000'000;

/// Where two sides of the ring (closed implicitly) cross properly; nothing: none
/// do, or it would take more than `pairs_left` pairs to know. Those looked at are taken off. Sides
/// that touch, or lie on each other, do not cross: digitised borders are full of those.
std::optional<fleet::GridPoint> crossing_of(std::span<const fleet::GridPoint> ring,
                                            std::size_t& pairs_left);

}  // namespace net
