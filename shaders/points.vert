#version 450 core
// One quad per machine, made from gl_VertexID alone: six vertices each, no vertex arrays.
#include "compose_look.glsl"

flat out vec2 v_at_px;
flat out uint v_status;
flat out vec3 v_light;
flat out vec3 v_heading;  // x east, y south, 1 when there is a tick

const vec2 kCorners[6] = vec2[](vec2(-1, -1), vec2(1, -1), vec2(1, 1), vec2(-1, -1), vec2(1, 1),
                                vec2(-1, 1));

void main() {
  Point point = points[gl_VertexID / 6];
  vec2 at = floor(pixel_of(point) * kSubPixels + 0.5) / kSubPixels;
  uint status = min(point.style & 7u, kStatusCount - 1u);
  float radians_east = radians(float((point.style >> 8) & 0x1ffu));
  bool ticked = (point.style & kHasHeading) != 0u && status <= 1u && u_tick.x > 0.0;
  v_at_px = at;
  v_status = status;
  v_light = u_light[status + ((point.style & kDimmed) != 0u ? kStatusCount : 0u)].rgb;
  v_heading = vec3(sin(radians_east), -cos(radians_east), ticked ? 1.0 : 0.0);
  vec2 corner = at + kCorners[gl_VertexID % 6] * (u_glow_radius + 0.5);
  // Hidden: all corners in one place, nothing is drawn.
  bool hidden = (point.style & kHidden) != 0u;
  vec2 unit = corner / u_screen_px;
  gl_Position = hidden ? vec4(2, 2, 0, 1) : vec4(unit.x * 2.0 - 1.0, 1.0 - unit.y * 2.0, 0, 1);
}
