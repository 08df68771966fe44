// HexGrid: hexagons that tile the Web Mercator square and stay where they are on the ground. Pure.
//
// Hexagons stand on a corner. Their width is a power of two in units of the 32-bit world, so that
// whole numbers of them go round the world and each zoom step has one size. A hexagon is all that
// is nearer to its middle than to any other's: no gap, no overlap. Even rows have a middle at x =
// 0, odd rows are half a width further east; row 0 has its middles on the north edge.
#pragma once

#include <compare>
#include <cstdint>

#include "render/map_frame.hpp"

namespace render {

struct Hexagon {
  std::int32_t row = 0;
  std::int32_t column = 0;  ///< 0 <= column < HexGrid::columns()
  auto operator<=>(const Hexagon&) const = default;
};

/// Hexagons are this wide at least on the screen at ui_scale 1, and less than twice that.
inline constexpr double kHexagonPxMin = 24;

class HexGrid {
 public:
  static constexpr int kWidthBitsMin = 2, kWidthBitsMax = 31;

  /// Hexagons of 2^width_bits units; clamped to the limits above.
  explicit HexGrid(int width_bits);
  /// The size for this zoom: it doubles as the camera zooms out, and panning does not change it.
  static HexGrid for_view(const Camera& camera, double ui_scale);

  int width_bits() const { return width_bits_; }
  double width() const { return width_; }            ///< from side to side, units
  double row_height() const { return row_height_; }  ///< from middle to middle, units
  std::int32_t columns() const;

  /// The hexagon of a place in units of the 32-bit world; x may lie beyond the seam.
  Hexagon at(double x, double y) const;
  double middle_x(Hexagon hexagon) const;  ///< units, 0 .. 2^32
  double middle_y(Hexagon hexagon) const;
  /// Ground area of the hexagons of a row, km2: exact on the sphere to a millionth for hexagons
  /// less than a few degrees high. What lies beyond the Mercator square counts as its edge.
  double area_km2(std::int32_t row) const;
  bool operator==(const HexGrid& o) const { return width_bits_ == o.width_bits_; }

 private:
  int width_bits_;
  double width_, row_height_;
};

}  // namespace render
