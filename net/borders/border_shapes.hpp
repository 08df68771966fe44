// Shapes for the base map: lines cut into pieces that lie close together, filled areas.
#pragma once

#include <span>
#include <vector>

#include "fleet/atlas.hpp"

namespace net {

/// One level of detail of the base map.
struct BorderDetail {
  float min_zoom = 0, max_zoom = 99;  ///< as AtlasLevel's
  std::uint32_t tolerance = 0;        ///< of simplifying, in grid steps
  int chunk_bits = 24;                ///< what lies in one square of 2^chunk_bits is one chunk
};
/// The zooms of the shipped map; a tolerance is below a pixel of 1920 at its upper zoom.
inline constexpr BorderDetail kBorderDetails[] = {
    {0, 5, 12'000, 24}, {5, 8, 1'600, 23}, {8, 99, 250, 22}};

using BorderPath = std::vector<fleet::GridPoint>;

/// Paths of fewer than two points are left out.
fleet::AtlasLines atlas_lines(std::span<const BorderPath> paths, int chunk_bits);

struct FilledRing {
  BorderPath points;  ///< closed implicitly
  bool hole = false;
};
/// What any of the rings covers, as triangles; a hole takes its region away, once.
fleet::AtlasArea atlas_area(std::span<const FilledRing> rings, int chunk_bits);

}  // namespace net
