// Camera: which part of the Web Mercator square is on the screen. Pure maths, no GL.
//
// Zoom is MapLibre's: the world is 512 * 2^zoom pixels wide in a view 1920 px wide. Other sizes
// keep the same framing: pixels per world unit scale with the width.
#pragma once

#include <cstdint>

#include "fleet/mercator.hpp"

namespace render {

struct ScreenPoint {
  double x = 0;  ///< px from the left
  double y = 0;  ///< px from the top
};

struct Camera {
  fleet::WorldPoint centre{0.8, 0.4};
  double zoom = 4;
  int width_px = 1920;
  int height_px = 1080;

  double px_per_world() const;
  /// The world is a circle from west to east: the nearest copy of the point is meant.
  ScreenPoint screen_from_world(fleet::WorldPoint p) const;
  /// x may lie beyond [0, 1) where the view shows the world's seam.
  fleet::WorldPoint world_from_screen(ScreenPoint p) const;
  /// Metres on the ground for one pixel at the centre.
  double metres_per_px() const;
  /// Zooms by `steps` about a point of the screen that stays where it is. Zoom is kept in [0, 22].
  void zoom_about(ScreenPoint p, double steps);
  /// Moves the map under the view, as dragging it by that many pixels does.
  void pan_px(double dx, double dy);
  /// Fits the box between two corners into the view with a margin on each side (px).
  void fit(fleet::WorldPoint a, fleet::WorldPoint b, double margin_px);
  bool operator==(const Camera& o) const {
    return centre.x == o.centre.x && centre.y == o.centre.y && zoom == o.zoom &&
           width_px == o.width_px && height_px == o.height_px;
  }
};

}  // namespace render
