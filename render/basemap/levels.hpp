// Which level of detail of each layer of the atlas a camera shows. Pure, no GL.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "fleet/atlas.hpp"
#include "render/camera.hpp"

namespace render {

/// What choosing needs of a fleet::AtlasLevel.
struct LevelRange {
  fleet::AtlasLayer layer;
  float min_zoom = 0;
  float max_zoom = 99;
};

/// Index of the level of `layer` to draw, or nullopt. The camera's zoom decides whether a layer is
/// shown at all (so that a wall of any size shows the same map); a view with more pixels than 1920
/// then takes the finer level that its pixels can show.
std::optional<std::size_t> level_for(std::span<const LevelRange> levels, fleet::AtlasLayer layer,
                                     const Camera& camera);

}  // namespace render
