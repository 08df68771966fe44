// GpuFrame: what the composer's shaders know about a frame, as `uniform Frame` of
// shaders/compose_look.glsl lays it out (std140).
#pragma once

#include <array>
#include <cstdint>

#include "render/compose/light_tile.hpp"
#include "render/compose/look.hpp"
#include "render/compose/projection.hpp"

namespace render {

struct GpuFrame {
  using Four = std::array<float, 4>;

  std::uint32_t centre[2] = {};
  float offset_px[2] = {};
  float screen_px[2] = {};
  float px_per_unit = 0;
  float playhead_s = 0;
  float glide_s = 0;
  float exposure = 1;
  float softness = 1;
  float glow_radius = 1;
  Four tick{};
  std::array<Four, kPointStatusCount> core_ring{};
  std::array<Four, kPointStatusCount> ring_glow{};
  std::array<Four, 2 * kPointStatusCount> light{};

  static GpuFrame of(const MapFrame& frame, const PointLook& look, const KindLight& light);
};
static_assert(sizeof(GpuFrame) == 12 * 4 + 16 * (1 + 5 + 5 + 10));

}  // namespace render
