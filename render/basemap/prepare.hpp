// The atlas made ready for upload: meshes with chunks, and simpler lines for the lower zooms of
// each level. Pure, no GL.
#pragma once

#include <vector>

#include "render/basemap/geometry.hpp"
#include "render/basemap/levels.hpp"

namespace render {

struct PreparedLevel {
  LevelRange range;
  AreaMesh area;   ///< empty for layers of lines
  LineMesh lines;  ///< of lakes their rim, else empty for areas
};

/// Together they cover the same zooms as the atlas's levels.
std::vector<PreparedLevel> prepared_levels(const fleet::Atlas& atlas);

}  // namespace render
