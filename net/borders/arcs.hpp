// Arcs: borders between regions, each once, however many regions it bounds. Regions that share a
// border share its corners, so it can be simplified without their coming apart.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fleet/mercator.hpp"

namespace net {

struct OwnedRing {
  std::uint32_t owner = 0;
  std::span<const fleet::GridPoint> points;  ///< closed implicitly
};

/// The owners on both sides of an arc; kNobody: no ring runs along that side.
inline constexpr std::uint32_t kNobody = ~0u;

struct Arc {
  std::vector<fleet::GridPoint> points;  ///< two at least; a closed arc ends where it begins
  std::uint32_t owner = kNobody;
  std::uint32_t other = kNobody;
  bool within = false;  ///< of one owner on both sides: two of its parts meet there
  bool closed() const { return points.front() == points.back(); }
};

struct ArcUse {
  std::uint32_t arc = 0;
  bool backwards = false;
};

struct ArcRing {
  std::uint32_t owner = 0;
  std::vector<ArcUse> uses;  ///< one after another they make the ring
};

struct Topology {
  std::vector<Arc> arcs;
  std::vector<ArcRing> rings;
};

/// Cuts the rings where three borders meet. Rings have three corners at least and no equal
/// neighbours; there are as many afterwards, in the same order. An arc knows the first two owners
/// that have it.
Topology build_topology(std::span<const OwnedRing> rings);

/// The arc by fleet::LineSimplifier. A closed one keeps three corners at least, or is empty if it
/// has no more.
std::vector<fleet::GridPoint> simplified(std::span<const fleet::GridPoint> points,
                                         double tolerance);

}  // namespace net
