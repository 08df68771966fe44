#include "render/camera.hpp"

#include <algorithm>
#include <cmath>

namespace render {
namespace {

constexpr double kWorldPxAtZoomZero = 512;
constexpr double kReferenceWidthPx = 1920;
constexpr double kMaxZoom = 22;  // 1 px is then 2 units of the 32-bit positions

// x is a circle: the shortest way round, in [-0.5, 0.5].
double shortest(double dx) {
  return dx - std::round(dx);
}

fleet::WorldPoint kept_in_world(fleet::WorldPoint p) {
  p.x -= std::floor(p.x);
  // floor of a tiny negative number gives 1 exactly.
  if (p.x >= 1) p.x = 0;
  return {p.x, std::clamp(p.y, 0.0, 1.0)};
}

}  // namespace

double Camera::px_per_world() const {
  return kWorldPxAtZoomZero * std::exp2(zoom) * width_px / kReferenceWidthPx;
}

ScreenPoint Camera::screen_from_world(fleet::WorldPoint p) const {
  const double scale = px_per_world();
  return {width_px / 2.0 + shortest(p.x - centre.x) * scale,
          height_px / 2.0 + (p.y - centre.y) * scale};
}

fleet::WorldPoint Camera::world_from_screen(ScreenPoint p) const {
  const double scale = px_per_world();
  return {centre.x + (p.x - width_px / 2.0) / scale, centre.y + (p.y - height_px / 2.0) / scale};
}

double Camera::metres_per_px() const {
  return fleet::metres_per_world(fleet::lonlat_from_world(centre).lat_deg) / px_per_world();
}

void Camera::zoom_about(ScreenPoint p, double steps) {
  const fleet::WorldPoint held = world_from_screen(p);
  zoom = std::clamp(zoom + steps, 0.0, kMaxZoom);
  const fleet::WorldPoint now = world_from_screen(p);
  centre = kept_in_world({centre.x + held.x - now.x, centre.y + held.y - now.y});
}

void Camera::pan_px(double dx, double dy) {
  const double scale = px_per_world();
  centre = kept_in_world({centre.x - dx / scale, centre.y - dy / scale});
}

void Camera::fit(fleet::WorldPoint a, fleet::WorldPoint b, double margin_px) {
  const double room_x = std::max(1.0, width_px - 2 * margin_px);
  const double room_y = std::max(1.0, height_px - 2 * margin_px);
  // A single point has no extent: the zoom limit decides.
  const double extent_x = std::max(std::abs(b.x - a.x), 1e-12);
  const double extent_y = std::max(std::abs(b.y - a.y), 1e-12);
  const double scale = std::min(room_x / extent_x, room_y / extent_y);
  const double at_zoom_zero = kWorldPxAtZoomZero * width_px / kReferenceWidthPx;
  zoom = std::clamp(std::log2(scale / at_zoom_zero), 0.0, kMaxZoom);
  centre = kept_in_world({(a.x + b.x) / 2, (a.y + b.y) / 2});
}

}  // namespace render
