#include "render/map_frame.hpp"

#include <algorithm>

#include "render/compose/hex_grid.hpp"

namespace render {

double effective_heat_radius_m(const MapFrame& frame) {
  // Narrower the kernel falls between the cells. It follows the type scale as all lengths on the
  // wall do: finer pixels do not show another radius.
  constexpr double kRadiusPxMin = 3;
  return std::max(
      static_cast<double>(frame.heat_radius_m),
      kRadiusPxMin * static_cast<double>(frame.ui_scale) * frame.camera.metres_per_px());
}

double hexagon_width_m(const MapFrame& frame) {
  constexpr double kUnits = 4294967296.0;  // of the 32-bit world
  const HexGrid grid = HexGrid::for_view(frame.camera, static_cast<double>(frame.ui_scale));
  return grid.width() / kUnits * frame.camera.px_per_world() * frame.camera.metres_per_px();
}

}  // namespace render
