#version 450 core
// Coast and borders: one quad a segment, longer by half its width at both ends so that neighbours
// overlap into a join.
#include "basemap_view.glsl"

layout(std430, binding = 0) readonly buffer Segments { uvec4 segments[]; };  // a.xy, b.xy
uniform float u_width_px;

out float v_across_px;  // px from the middle of the line

void main() {
  uvec4 segment = segments[gl_VertexID >> 2];
  vec2 a = px_from_grid(segment.xy);
  vec2 b = px_from_grid(segment.zw);
  vec2 along = (b - a) * inversesqrt(max(dot(b - a, b - a), 1e-12));

  float half_width_px = max(u_width_px, 1.0) * 0.5;
  // Half a pixel beyond: the anti-aliased rim.
  float across_px = (gl_VertexID & 2) == 0 ? -half_width_px - 0.5 : half_width_px + 0.5;
  vec2 end = (gl_VertexID & 1) == 0 ? a - along * half_width_px : b + along * half_width_px;
  v_across_px = across_px;
  gl_Position = clip_from_px(end + vec2(-along.y, along.x) * across_px);
}
