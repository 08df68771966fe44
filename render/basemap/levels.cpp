#include "render/basemap/levels.hpp"

#include <cmath>

namespace render {
namespace {

std::optional<std::size_t> level_at(std::span<const LevelRange> levels, fleet::AtlasLayer layer,
                                    double zoom) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const LevelRange& level = levels[i];
    if (level.layer == layer && zoom >= static_cast<double>(level.min_zoom) &&
        zoom < static_cast<double>(level.max_zoom)) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> level_for(std::span<const LevelRange> levels, fleet::AtlasLayer layer,
                                     const Camera& camera) {
  const auto shown = level_at(levels, layer, camera.zoom);
  if (!shown) return std::nullopt;
  const double finer_by = std::log2(camera.width_px / 1920.0);
  const auto finer = level_at(levels, layer, camera.zoom + finer_by);
  return finer ? finer : shown;
}

}  // namespace render
