// Exact geometry of borders on the integer grid, shared by RegionMap's building and asking.
//
// A point is thought of as moved by an infinitely small step east and a far smaller one south. It
// then never lies on a border, so that every point is on exactly one side of each: even-odd
// counting gives a shared border's points to exactly one neighbour. Products stay below 2^59.
#pragma once

#include <cstdint>

#include "fleet/mercator.hpp"

namespace fleet {

/// RegionMap's cells: values up to this one name border cell kBordersFrom - value.
inline constexpr std::int32_t kBordersFrom = -2;

/// Is p east of the line a-b (south of it when it runs due east)? Needs a.y <= b.y, and a.x < b.x
/// where these are equal.
inline bool is_east(GridPoint a, GridPoint b, GridPoint p) {
  const std::int64_t dx = static_cast<std::int64_t>(b.x) - a.x;
  const std::int64_t dy = static_cast<std::int64_t>(b.y) - a.y;
  const std::int64_t cross =
      dx * (static_cast<std::int64_t>(p.y) - a.y) - dy * (static_cast<std::int64_t>(p.x) - a.x);
  return cross < 0 || (cross == 0 && dy > 0);
}

/// Does the way from `corner` along its meridian and then along p's parallel to p cross a-b an odd
/// number of times? Same needs as is_east.
inline bool crossed(GridPoint a, GridPoint b, GridPoint corner, GridPoint p) {
  const bool on_meridian = (a.x <= corner.x) != (b.x <= corner.x);
  const bool on_parallel = a.y <= p.y && p.y < b.y;
  if (!on_meridian && !on_parallel) return false;
  const GridPoint turn{corner.x, p.y};
  const bool east_at_turn = is_east(a, b, turn);
  bool odd = false;
  if (on_meridian) odd ^= east_at_turn != is_east(a, b, corner);
  if (on_parallel) odd ^= east_at_turn != is_east(a, b, p);
  return odd;
}

}  // namespace fleet
