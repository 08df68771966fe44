#include "render/map_frame.hpp"

#include <algorithm>

namespace render {

double effective_heat_radius_m(const MapFrame& frame) {
  // Narrower the kernel falls between the cells. It follows the type scale as all lengths on the
  // wall do: finer pixels do not show another radius.
  constexpr double kRadiusPxMin = 3;
  return std::max(
      static_cast<double>(frame.heat_radius_m),
      kRadiusPxMin * static_cast<double>(frame.ui_scale) * frame.camera.metres_per_px());
}

}  // namespace render
