#include "viewer/labels/placed_alarms.hpp"

#include <cmath>
#include <iterator>

#include "viewer/picking.hpp"

namespace viewer {
namespace {

bool within(const render::Camera& camera, render::ScreenPoint p, double beyond_px) {
  return p.x > -beyond_px && p.y > -beyond_px && p.x < camera.width_px + beyond_px &&
         p.y < camera.height_px + beyond_px;
}

bool visible(std::span<const render::PointInstance> points, fleet::Slot machine) {
  return machine < points.size() && (points[machine].style & render::PointInstance::kHidden) == 0;
}

}  // namespace

void PlacedAlarms::update(const fleet::AlarmTable& alarms,
                          std::span<const render::PointInstance> points,
                          std::uint64_t places_version, const render::Camera& camera,
                          const MarkSizes& sizes, double reach_px) {
  if (!is_listed(alarms)) list(alarms);
  if (places_version_ != places_version) merged_ = false;
  places_version_ = places_version;
  if (!is_merged(points.size(), camera, sizes)) {
    sizes_ = sizes;
    merge(points, camera);
  }
  shown_.clear();
  for (const AlarmMark& mark : merged_marks_) {
    const render::ScreenPoint at =
        camera.screen_from_world(place_of(points[machine_of_[mark.first]]));
    if (!within(camera, at, reach_px)) continue;
    shown_.push_back(mark);
    shown_.back().at = {static_cast<float>(at.x), static_cast<float>(at.y)};
  }
}

/// Whether the marks held are those of this zoom, and of all that this view may show.
bool PlacedAlarms::is_merged(std::size_t points, const render::Camera& camera,
                             const MarkSizes& sizes) const {
  if (!merged_ || points != points_ || sizes != sizes_ || camera.zoom != camera_.zoom ||
      camera.width_px != camera_.width_px || camera.height_px != camera_.height_px)
    return false;
  const render::ScreenPoint middle = camera.screen_from_world(camera_.centre);
  return std::abs(middle.x - camera.width_px / 2.0) < kMergedAroundPx / 2 &&
         std::abs(middle.y - camera.height_px / 2.0) < kMergedAroundPx / 2;
}

/// Another fleet's table may count its versions the same.
bool PlacedAlarms::is_listed(const fleet::AlarmTable& alarms) const {
  const auto& open = alarms.open();
  return alarms_version_ == alarms.version() && listed_ == open.size() &&
         (open.empty() || (first_ == open.begin()->first && last_ == std::prev(open.end())->first));
}

void PlacedAlarms::list(const fleet::AlarmTable& alarms) {
  alarms_version_ = alarms.version();
  listed_ = alarms.open().size();
  first_ = listed_ == 0 ? 0 : alarms.open().begin()->first;
  last_ = listed_ == 0 ? 0 : std::prev(alarms.open().end())->first;
  merged_ = false;
  open_.clear();
  for (const auto& [id, alarm] : alarms.open()) {
    if (alarm.severity != fleet::Severity::low) open_.push_back({alarm.machine, alarm.severity});
  }
}

void PlacedAlarms::merge(std::span<const render::PointInstance> points,
                         const render::Camera& camera) {
  merged_ = true;
  camera_ = camera;
  points_ = points.size();
  spots_.clear();
  machine_of_.clear();
  const double px = camera.px_per_world();
  for (const Open& alarm : open_) {
    if (!visible(points, alarm.machine)) continue;
    const fleet::WorldPoint at = place_of(points[alarm.machine]);
    if (!within(camera, camera.screen_from_world(at), kMergedAroundPx)) continue;
    spots_.push_back({at.x * px, at.y * px, alarm.severity, false});
    machine_of_.push_back(alarm.machine);
  }
  merged_marks_ = merged_marks(spots_, sizes_);
  ++merges_;
}

}  // namespace viewer
