#include "render/basemap/simplify.hpp"

#include <cmath>
#include <cstdint>
#include <span>

#include "fleet/simplify.hpp"

namespace render {

double grid_steps_per_px(double zoom) {
  return fleet::kGridSize / (512 * std::exp2(zoom));
}

fleet::AtlasLines simplified(const fleet::AtlasLines& lines, double tolerance) {
  fleet::AtlasLines out;
  out.chunks = lines.chunks;
  out.begin.reserve(lines.begin.size());
  fleet::LineSimplifier simplifier;
  for (std::size_t line = 0; line + 1 < lines.begin.size(); ++line) {
    out.begin.push_back(static_cast<std::uint32_t>(out.vertices.size()));
    const std::size_t first = lines.begin[line], count = lines.begin[line + 1] - first;
    if (count == 0) continue;
    simplifier.append(std::span(lines.vertices).subspan(first, count), tolerance, out.vertices);
  }
  out.begin.push_back(static_cast<std::uint32_t>(out.vertices.size()));
  return out;
}

}  // namespace render
