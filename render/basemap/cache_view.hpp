// CacheView: which part of the world the cached picture of the base map holds, and how the screen
// of another camera maps onto it. Pure maths, no GL.
//
// The picture is larger than the view by a margin on each side, so that panning and zooming a
// little reads from it; only leaving it, or standing still on a resampled picture, asks for a new
// one.
#pragma once

#include <optional>

#include "render/camera.hpp"

namespace render {

/// base_px = origin + screen_px * scale. Both measure pixels from the top left corner.
struct BaseMapping {
  double origin_x = 0, origin_y = 0, scale = 1;
  /// Whether each pixel of the screen is exactly one of the picture: no resampling, crisp.
  bool exact() const;
};

class CacheView {
 public:
  /// A picture for `camera`: its view in the middle, margin_px(camera) more on each side.
  explicit CacheView(const Camera& camera);

  int width_px() const;
  int height_px() const;
  /// How `camera` maps onto this picture; nullopt when it reaches beyond the picture, was zoomed by
  /// more than kScaleChangeMax since, or has another size.
  std::optional<BaseMapping> mapping(const Camera& camera) const;

  /// The camera the picture is drawn for: same centre and scale, with the margins.
  const Camera& camera() const { return camera_; }
  int margin_px() const { return margin_px_; }

 private:
  Camera camera_;  // of the view, without margins
  int margin_px_;
};

/// Beyond 6 % lines and type look visibly thicker or thinner than they should.
inline constexpr double kScaleChangeMax = 1.06;
/// Share of the view's longer side, so that 1 / kScaleChangeMax zoomed out still fits with 5 % to
/// pan.
inline constexpr double kMarginShare = 1.0 / 12;

}  // namespace render
