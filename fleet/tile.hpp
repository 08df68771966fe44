// A tile of the Web Mercator pyramid, and the datum a map may be drawn in.
#pragma once

#include <cstdint>

namespace fleet {

/// Deepest zoom of any tile asked for: 2^22 tiles a side, a tile is 10 m wide at the equator.
inline constexpr int kTileZoomMax = 22;

/// Column and row count from the north-west corner (XYZ, not TMS); each is below 2^zoom.
struct TileId {
  int zoom = 0;  ///< 0..kTileZoomMax
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  bool operator==(const TileId&) const = default;
};

/// What the lon/lat of a map means. Chinese providers' maps are shifted by up to 700 m (GCJ-02), and
/// Baidu's by as much again (BD-09); positions of machines are always WGS 84.
enum class Datum { wgs84, gcj02, bd09 };

}  // namespace fleet
