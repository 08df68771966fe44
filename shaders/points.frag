#version 450 core
// Light of one machine on one pixel, added to the others' in float.
#include "compose_look.glsl"

flat in vec2 v_at_px;
flat in uint v_status;
flat in vec3 v_light;
flat in vec3 v_heading;

layout(location = 0) out vec4 o_light;

void main() {
  vec2 pixel = vec2(gl_FragCoord.x, u_screen_px.y - gl_FragCoord.y);
  vec2 delta = pixel - v_at_px;
  float light = point_light(v_status, length(delta));
  if (v_heading.z > 0.0) light += tick_light(delta, v_heading.xy);
  o_light = vec4(v_light * light, 0);
}
