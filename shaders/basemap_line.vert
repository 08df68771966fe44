#version 450 core
// Coast and borders: one quad a segment, longer by the half width at both ends so that the round
// ends of neighbours overlap into a join.
#include "basemap_view.glsl"

layout(std430, binding = 0) readonly buffer Segments { uvec4 segments[]; };  // a.xy, b.xy
uniform float u_width_px;

out vec2 v_along_across_px;  // place on the segment: px from a towards b, px to the side
flat out float v_length_px;

const int kCorners[6] = int[6](0, 1, 2, 2, 1, 3);

void main() {
  uvec4 segment = segments[gl_VertexID / 6];
  int corner = kCorners[gl_VertexID % 6];
  vec2 a = px_from_grid(segment.xy);
  vec2 b = px_from_grid(segment.zw);
  float length_px = length(b - a);
  vec2 along = length_px > 0.0 ? (b - a) / length_px : vec2(1.0, 0.0);
  vec2 across = vec2(-along.y, along.x);

  // One pixel beyond the half width: the anti-aliased rim.
  float reach = max(u_width_px, 1.0) * 0.5 + 1.0;
  float s = (corner & 1) == 0 ? -reach : length_px + reach;
  float t = (corner & 2) == 0 ? -reach : reach;
  v_along_across_px = vec2(s, t);
  v_length_px = length_px;
  gl_Position = clip_from_px(a + along * s + across * t);
}
