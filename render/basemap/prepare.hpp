// The atlas made ready for upload: meshes with chunks, and simpler lines for the lower zooms of
// each level. Pure, no GL.
#pragma once

#include <vector>

#include "render/basemap/geometry.hpp"
#include "render/basemap/levels.hpp"

namespace render {

struct PreparedLevel {
  LevelRange range;
  AreaMesh area;  ///< one of the two is empty
  LineMesh lines;
};

/// Together they cover the same zooms as the atlas's levels.
std::vector<PreparedLevel> prepared_levels(const fleet::Atlas& atlas);

}  // namespace render
