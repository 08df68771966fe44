// Where the camera is brought to: machines, places, the whole fleet, into the free part of the map.
#include <algorithm>
#include <cmath>

#include "viewer/interaction.hpp"
#include "viewer/picking.hpp"

namespace viewer {
namespace {

/// A machine is looked at from at least this near: a worksite fills the screen.
constexpr double kMachineZoom = 12;
/// Margin around a fitted fleet, at type scale 1.
constexpr double kFitMarginPx = 48;
/// A machine that is selected keeps this far from panels, px 1920 of which are the longer side.
constexpr double kClearPx = 64;

}  // namespace

void Interaction::centre_on(fleet::WorldPoint p, double least_zoom) {
  const render::ScreenPoint middle = middle_of(map_);
  wall_.camera.zoom = std::max(wall_.camera.zoom, least_zoom);
  wall_.camera.centre = p;
  // The camera looks at the middle of the window; the free part of the map has another middle.
  wall_.camera.pan_px(middle.x - wall_.camera.width_px / 2.0,
                      middle.y - wall_.camera.height_px / 2.0);
}

void Interaction::fly_to_machine(fleet::Slot machine, const Rect& map) {
  if (machine >= view_.points().size()) return;
  const render::PointInstance& p = view_.points()[machine];
  if (p.style & render::PointInstance::kHidden) return;
  map_ = map;
  flew_ = true;
  centre_on(place_of(p), kMachineZoom);
}

void Interaction::keep_clear(fleet::Slot machine, const Rect& map) {
  if (machine >= view_.points().size() || map.empty()) return;
  const render::PointInstance& p = view_.points()[machine];
  if (p.style & render::PointInstance::kHidden) return;
  map_ = map;
  const render::ScreenPoint at = wall_.camera.screen_from_world(place_of(p));
  const double longer = std::max(wall_.camera.width_px, wall_.camera.height_px);
  const auto way = [&](double v, double from, double to) {
    const double margin = std::min(kClearPx * longer / 1920, (to - from) / 2);
    return std::clamp(v, from + margin, to - margin) - v;
  };
  wall_.camera.pan_px(way(at.x, double{map.x0}, double{map.x1}),
                      way(at.y, double{map.y0}, double{map.y1}));
}

bool Interaction::fit_fleet(const Rect& map) {
  return fit_points(view_.points(), map);
}

bool Interaction::fit_marked(const Rect& map) {
  std::vector<render::PointInstance> points;
  for (const fleet::Slot machine : wall_.marked.slots(view_.state().roster())) {
    if (machine < view_.points().size()) points.push_back(view_.points()[machine]);
  }
  return fit_points(points, map);
}

bool Interaction::fit_points(std::span<const render::PointInstance> points, const Rect& map) {
  map_ = map;
  const auto box = fleet_box(points);
  if (!box || map.empty()) return false;
  render::Camera inner =
      wall_.camera;  // a camera of the free part alone, then moved into the window
  const double scale = inner.px_per_world() / std::exp2(inner.zoom);
  const double margin = kFitMarginPx * wall_.camera.width_px / 1920;
  const double width = std::max(box->b.x - box->a.x, 1e-6),
               height = std::max(box->b.y - box->a.y, 1e-6);
  const double px_per_world = std::min((double{map.width()} - 2 * margin) / width,
                                       (double{map.height()} - 2 * margin) / height);
  wall_.camera.zoom = std::clamp(std::log2(std::max(px_per_world, 1.0) / scale), 1.0, kMachineZoom);
  wall_.camera.centre = {(box->a.x + box->b.x) / 2, (box->a.y + box->b.y) / 2};
  wall_.camera.pan_px((double{map.x0} + double{map.x1} - wall_.camera.width_px) / 2,
                      (double{map.y0} + double{map.y1} - wall_.camera.height_px) / 2);
  return true;
}

}  // namespace viewer
