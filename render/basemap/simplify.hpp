// Lines with fewer vertices for the zooms that cannot show them all: the atlas has few levels, and
// at the lower zooms of each most of a coast's vertices fall into the same pixel. Pure, no GL.
#pragma once

#include "fleet/atlas.hpp"

namespace render {

/// Grid steps of one pixel at a zoom, in a view 1920 px wide.
double grid_steps_per_px(double zoom);

/// fleet::LineSimplifier on every line. End points stay, so neighbours still meet; a ring smaller
/// than the tolerance loses its extent. Lines and chunks keep their numbers.
fleet::AtlasLines simplified(const fleet::AtlasLines& lines, double tolerance);

}  // namespace render
