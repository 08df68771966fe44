#include "render/map_frame.hpp"

#include <algorithm>

namespace render {

double effective_heat_radius_m(const MapFrame& frame) {
  constexpr double kRadiusPxMin = 3;  // below this the kernel falls between the cells
  return std::max(static_cast<double>(frame.heat_radius_m),
                  kRadiusPxMin * frame.camera.metres_per_px());
}

}  // namespace render
