// Projection: from a machine's 32-bit world position to the pixel it stands on. No GL.
//
// The camera's centre is subtracted in integers, so places are exact at every zoom (one unit is
// 9 mm at the equator, half a pixel at zoom 22). x is a circle: a machine is drawn on the nearer
// side of the antimeridian. shaders/points.vert does the same.
#pragma once

#include <cmath>
#include <cstdint>

#include "render/map_frame.hpp"

namespace render {

struct Projection {
  std::uint32_t centre_x = 0, centre_y = 0;  ///< whole units of the 32-bit square
  float px_per_unit = 0;
  float offset_x = 0, offset_y = 0;  ///< px of that centre, with the centre's rest
  float playhead_s = 0, glide_s = 0;

  static Projection of(const MapFrame& frame) {
    constexpr double kUnits = 4294967296.0;
    const Camera& camera = frame.camera;
    const double x = (camera.centre.x - std::floor(camera.centre.x)) * kUnits;
    const double y = std::fmin(std::fmax(camera.centre.y, 0.0) * kUnits, kUnits - 1);
    const double px_per_unit = camera.px_per_world() / kUnits;
    Projection p;
    p.centre_x = static_cast<std::uint32_t>(static_cast<std::uint64_t>(x));
    p.centre_y = static_cast<std::uint32_t>(static_cast<std::uint64_t>(y));
    p.px_per_unit = static_cast<float>(px_per_unit);
    p.offset_x = static_cast<float>(camera.width_px / 2.0 - (x - std::floor(x)) * px_per_unit);
    p.offset_y = static_cast<float>(camera.height_px / 2.0 -
                                    (camera.centre.y * kUnits - static_cast<double>(p.centre_y)) *
                                        px_per_unit);
    p.playhead_s = static_cast<float>(frame.playhead_s);
    p.glide_s = frame.glide_s;
    return p;
  }

  /// Way still to go of a glide, 1 (not started) to 0 (arrived).
  float glide_rest(const PointInstance& point) const {
    if (!(glide_s > 0)) return 0;
    float k = (playhead_s - point.moved_at_s) / glide_s;
    k = k < 0 ? 0 : (k > 1 ? 1 : k);
    return 1 - k * k * (3 - 2 * k);
  }

  struct Pixel {
    float x, y;  ///< px from the left and the top, continuous
  };

  Pixel pixel_of(const PointInstance& point) const {
    std::uint32_t x = point.x, y = point.y;
    const float rest = glide_rest(point);
    if (rest > 0) {
      // Differences wrap: a glide over the antimeridian takes the short way.
      x -= part_of(x - point.from_x, rest);
      y -= part_of(y - point.from_y, rest);
    }
    const auto dx = static_cast<std::int32_t>(x - centre_x);
    // y is no circle: both ends of the world are 2^32 apart.
    const auto dy = static_cast<std::int64_t>(y) - static_cast<std::int64_t>(centre_y);
    return {static_cast<float>(dx) * px_per_unit + offset_x,
            static_cast<float>(dy) * px_per_unit + offset_y};
  }

 private:
  static std::uint32_t part_of(std::uint32_t difference, float share) {
    const float part = static_cast<float>(static_cast<std::int32_t>(difference)) * share;
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(part));
  }
};

}  // namespace render
