// Generated map tiles for tests: colours that name their place, and patterns that name their tile.
#pragma once

#include "fleet/tile.hpp"
#include "render/image.hpp"

namespace testing_support {

/// A coloured square with a frame, bars that count its zoom, and a grid of small squares that are x
/// and y in binary: no two tiles look the same.
render::Image numbered_tile(fleet::TileId tile, int side_px = 256);

/// One colour.
render::Image plain_tile(std::uint8_t r, std::uint8_t g, std::uint8_t b, int side_px = 256,
                         std::uint8_t alpha = 255);

/// Colours that change evenly over the world, the same wherever two tiles meet: cracks and shifts
/// show. Red grows over each `period` of the world from west to east, green from north to south.
render::Image ramp_tile(fleet::TileId tile, double period, int side_px = 256);

}  // namespace testing_support
