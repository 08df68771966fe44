// What of a trail is to be drawn, in pixels: projected, simplified, cut into dashes, clipped. Pure.
#pragma once

#include <optional>
#include <vector>

#include "fleet/track.hpp"
#include "render/camera.hpp"
#include "viewer/ui/layout.hpp"

namespace viewer {

/// Points nearer than this to the one before are left out: half a pixel is not seen.
inline constexpr double kSimplifyPx = 0.5;

struct TrailPoint {
  float x = 0, y = 0;
  float age = 0;  ///< 0 = the span's end, 1 = its begin
};
/// A line without a break, all of one kind.
struct TrailLine {
  fleet::Stretch::Kind kind = fleet::Stretch::Kind::driven;
  std::vector<TrailPoint> points;
};

struct TrailProjection {
  const fleet::TrackPicture& picture;
  const render::Camera& camera;
  fleet::Time from, to;
  double margin_px = 16;             ///< lines are cut so far outside the view
  double dash_px = 8, space_px = 6;  ///< of gaps
};

/// Dashes lie where they lie on the ground while the map is moved; their length is that on the
/// screen.
std::vector<TrailLine> trail_lines(const TrailProjection& p);

/// The place of the trail nearest to a point of the screen.
struct TrailSpot {
  Point at;
  fleet::Time time = fleet::kNever;
  fleet::Stretch::Kind kind = fleet::Stretch::Kind::driven;
  fleet::Time begin = fleet::kNever, end = fleet::kNever;  ///< of the way between two fixes
};
/// Nothing if it is farther off than reach_px.
std::optional<TrailSpot> spot_near(const TrailProjection& p, Point pointer, double reach_px);

}  // namespace viewer
