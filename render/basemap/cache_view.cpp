#include "render/basemap/cache_view.hpp"

#include <algorithm>
#include <cmath>

namespace render {
namespace {

// Rounding of the mapping at zoom 22 stays below this; half a level of a linear filter is above it.
constexpr double kSamePx = 1e-3;

bool whole(double px) {
  return std::abs(px - std::round(px)) < kSamePx;
}

}  // namespace

bool BaseMapping::exact() const {
  return scale == 1 && whole(origin_x) && whole(origin_y);
}

CacheView::CacheView(const Camera& camera) : camera_(camera) {
  const double longer_px = std::max(camera.width_px, camera.height_px);
  margin_px_ = static_cast<int>(std::ceil(longer_px * kMarginShare));
}

int CacheView::width_px() const {
  return camera_.width_px + 2 * margin_px_;
}
int CacheView::height_px() const {
  return camera_.height_px + 2 * margin_px_;
}

std::optional<BaseMapping> CacheView::mapping(const Camera& camera) const {
  if (camera.width_px != camera_.width_px || camera.height_px != camera_.height_px) {
    return std::nullopt;
  }
  const double cached_scale = camera_.px_per_world();
  const double scale = camera.zoom == camera_.zoom ? 1 : cached_scale / camera.px_per_world();
  if (scale > kScaleChangeMax || scale < 1 / kScaleChangeMax) return std::nullopt;

  double dx = camera.centre.x - camera_.centre.x;
  dx -= std::round(dx);  // the shortest way round the world
  const double dy = camera.centre.y - camera_.centre.y;
  BaseMapping mapping;
  mapping.scale = scale;
  mapping.origin_x = width_px() / 2.0 + dx * cached_scale - camera.width_px / 2.0 * scale;
  mapping.origin_y = height_px() / 2.0 + dy * cached_scale - camera.height_px / 2.0 * scale;
  if (mapping.exact()) {
    mapping.origin_x = std::round(mapping.origin_x);
    mapping.origin_y = std::round(mapping.origin_y);
  }
  const bool inside = mapping.origin_x >= 0 && mapping.origin_y >= 0 &&
                      mapping.origin_x + camera.width_px * scale <= width_px() &&
                      mapping.origin_y + camera.height_px * scale <= height_px();
  if (!inside) return std::nullopt;
  return mapping;
}

}  // namespace render
