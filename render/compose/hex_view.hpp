// HexView: the hexagons on the screen, as both composers draw them. HexHeat keeps it up to date.
// No GL.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "render/compose/hex_bins.hpp"

namespace render {

/// Half of the gap between two hexagons, px at ui_scale 1.
inline constexpr double kHexagonInsetPx = 0.75;

/// Hexagons row by row from an even row on: middle (column c, row r) lies at
/// anchor + (c + r % 2 / 2, r * sqrt(3) / 2) * width_px. c and r count from 0 within the view.
struct HexView {
  int columns = 0, rows = 0;
  double anchor_x = 0, anchor_y = 0;  ///< px
  double width_px = 1;                ///< from side to side
  double inset_px = 0;                ///< each side of a drawn hexagon lies so far within
  std::vector<float> places;          ///< on the ramp, -1..1; 0 = nothing there

  static HexView of(const MapFrame& frame, const HexBins& bins);
};

/// Bins kept from frame to frame: counted again only when the zoom step or what is counted changes.
class HexHeat {
 public:
  /// points_version: grows with each change of the points.
  void update(const MapFrame& frame, std::span<const PointInstance> points,
              std::uint64_t points_version, const HeatPlaces& places);
  const HexView& view() const { return view_; }
  /// Of the last update's bins.
  std::optional<HexagonValue> at(const MapFrame& frame, ScreenPoint point) const;

 private:
  HexBins bins_;
  HexView view_;
  std::optional<HeatOf> counted_;
  std::uint64_t counted_version_ = 0;
};

/// Lays the hexagons over a part of the picture whose top left pixel is (x, y). stride: pixels from
/// a row to the next one below. ramp: a HeatRamp as bytes R, G, B, opacity.
void paint_hexagons(const HexView& view, std::span<const std::uint32_t> ramp, int x, int y,
                    int width, int height, std::uint32_t* out, std::ptrdiff_t stride);

}  // namespace render
