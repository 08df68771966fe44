#include "render/basemap/prepare.hpp"

#include <algorithm>
#include <cmath>

#include "render/basemap/simplify.hpp"

namespace render {
namespace {

// Farther than this from the true line shows as a coast that leaves the rim of its land.
constexpr double kTolerancePx = 0.4;
// Zooms below this show the whole world and share one simplified level.
constexpr double kFirstSplitZoom = 3;
// A level that would keep more of the segments than this is not worth its memory.
constexpr double kWorthwhileShare = 0.8;

// Levels of falling tolerance from the level's lowest zoom up, one a zoom, the last as it is.
void add_line_levels(const fleet::AtlasLevel& level, std::vector<PreparedLevel>& out) {
  LineMesh full = line_mesh(level.lines);
  float from = level.min_zoom;
  while (from < level.max_zoom) {
    const float to = std::max(std::floor(from) + 1, static_cast<float>(kFirstSplitZoom));
    if (to >= level.max_zoom) break;
    const double tolerance = kTolerancePx * grid_steps_per_px(static_cast<double>(to));
    LineMesh simple = line_mesh(simplified(level.lines, tolerance));
    if (static_cast<double>(simple.segments.size()) >
        kWorthwhileShare * static_cast<double>(full.segments.size())) {
      break;
    }
    out.push_back({{level.layer, from, to}, {}, std::move(simple)});
    from = to;
  }
  out.push_back({{level.layer, from, level.max_zoom}, {}, std::move(full)});
}

}  // namespace

std::vector<PreparedLevel> prepared_levels(const fleet::Atlas& atlas) {
  std::vector<PreparedLevel> levels;
  for (const fleet::AtlasLevel& level : atlas.levels) {
    if (level.area.vertices.empty()) {
      add_line_levels(level, levels);
    } else {
      AreaMesh area = area_mesh(level.area);
      // Land's edge lies under the coast, that of lakes has no line of its own.
      LineMesh rim = level.layer == fleet::AtlasLayer::lakes ? rim_mesh(area) : LineMesh{};
      levels.push_back(
          {{level.layer, level.min_zoom, level.max_zoom}, std::move(area), std::move(rim)});
    }
  }
  return levels;
}

}  // namespace render
