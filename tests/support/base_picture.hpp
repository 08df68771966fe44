// The base map of a camera as the screen shows it, for tests.
#pragma once

#include "fleet/atlas.hpp"
#include "render/compose/map_composer.hpp"
#include "render/image.hpp"

namespace testing_support {

/// Cuts the screen out of a picture of the base map that maps exactly (origin whole, scale 1) and
/// has its pixels on the CPU.
render::Image screen_of(const render::BaseImage& base, const render::Camera& camera);

/// A made-up world: a square of land with a focus square, a lake, a coast and one line of each kind
/// of border, in two levels of detail that differ in their border (from zoom 6: one vertex more).
/// The land spans world 0.75..0.85 x 0.35..0.45, the focus 0.79..0.83 x 0.38..0.42.
fleet::Atlas synthetic_atlas();

}  // namespace testing_support
