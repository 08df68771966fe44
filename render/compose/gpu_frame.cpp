#include "render/compose/gpu_frame.hpp"

namespace render {

GpuFrame GpuFrame::of(const MapFrame& frame, const PointLook& look, const KindLight& light) {
  const Projection projection = Projection::of(frame);
  GpuFrame out;
  out.centre[0] = projection.centre_x;
  out.centre[1] = projection.centre_y;
  out.offset_px[0] = projection.offset_x;
  out.offset_px[1] = projection.offset_y;
  out.screen_px[0] = static_cast<float>(frame.camera.width_px);
  out.screen_px[1] = static_cast<float>(frame.camera.height_px);
  out.px_per_unit = projection.px_per_unit;
  out.playhead_s = projection.playhead_s;
  out.glide_s = projection.glide_s;
  out.exposure = look.exposure;
  out.softness = look.softness;
  out.glow_radius = look.glow_radius;
  out.tick = {look.tick_gain, look.tick_radius, look.tick_width, 0};
  for (std::size_t i = 0; i < look.shapes.size(); ++i) {
    const StatusShape& s = look.shapes[i];
    out.core_ring[i] = {s.core_radius, s.core_gain, s.ring_radius, s.ring_width};
    out.ring_glow[i] = {s.ring_gain, s.glow_gain, 0, 0};
  }
  for (std::size_t i = 0; i < light.size(); ++i) {
    out.light[i] = {light[i].r, light[i].g, light[i].b, 0};
  }
  return out;
}

}  // namespace render
