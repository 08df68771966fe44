#include "render/compose/heat_view.hpp"

#include <algorithm>
#include <cmath>

namespace render {
namespace {

constexpr double kUnits = 4294967296.0;

/// What the screen shows, in units of the 32-bit world. x goes round it.
struct Window {
  std::uint32_t x0 = 0;
  std::uint64_t width = 0;
  std::int64_t y0 = 0, y1 = 0;

  bool has_row(std::uint32_t y) const { return y >= y0 && y < y1; }
  bool has(std::uint32_t x, std::uint32_t y) const { return has_row(y) && x - x0 < width; }
};

Window window_of(const Camera& camera) {
  const double px_per_unit = camera.px_per_world() / kUnits;
  const auto unit = [](double v) { return static_cast<std::int64_t>(std::ceil(v)); };
  const double half_width = camera.width_px / 2.0 / px_per_unit;
  const double half_height = camera.height_px / 2.0 / px_per_unit;
  const double x = camera.centre.x * kUnits, y = camera.centre.y * kUnits;
  Window window;
  const std::int64_t left = unit(x - half_width);
  window.x0 = static_cast<std::uint32_t>(left);
  window.width = static_cast<std::uint64_t>(
      std::clamp<std::int64_t>(unit(x + half_width) - left, 0, std::int64_t{1} << 32));
  window.y0 = unit(y - half_height);
  window.y1 = unit(y + half_height);
  return window;
}

double machines_in(const Window& window, std::span<const PointInstance> points) {
  constexpr std::uint32_t kOther = 7u | PointInstance::kHidden | PointInstance::kDimmed;
  return static_cast<double>(
      std::count_if(points.begin(), points.end(), [&](const PointInstance& point) {
        return (point.style & kOther) == 0 && window.has(point.x, point.y);
      }));
}

double weight_in(const Window& window, const HeatPlaces& places) {
  const HeatPlaces::Level& level = places.levels().front();  // the places themselves
  const auto entries = places.entries_of(level);
  const auto blocks = places.blocks_of(level);
  std::int64_t steps = 0;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    if (blocks[b].y_max < window.y0 || blocks[b].y_min >= window.y1) continue;
    const std::size_t first = b * HeatPlaces::kBlockEntries;
    const std::size_t count = std::min(HeatPlaces::kBlockEntries, entries.size() - first);
    for (const HeatPlaces::Entry& e : entries.subspan(first, count)) {
      if (window.has(e.x, e.y)) steps += e.steps;
    }
  }
  return static_cast<double>(steps) / places.steps_of_one();
}

}  // namespace

double HeatInView::update(const MapFrame& frame, std::span<const PointInstance> points,
                          std::uint64_t points_version, const HeatPlaces& places) {
  if (!frame.heat) {
    of_.reset();
    return sum_ = 0;
  }
  const bool of_places = frame.heat_of == HeatOf::places;
  const std::uint64_t version = of_places ? places.version() : points_version;
  if (of_ == frame.heat_of && version_ == version && camera_ == frame.camera) return sum_;
  of_ = frame.heat_of;
  version_ = version;
  camera_ = frame.camera;
  const Window window = window_of(frame.camera);
  return sum_ = of_places ? weight_in(window, places) : machines_in(window, points);
}

}  // namespace render
