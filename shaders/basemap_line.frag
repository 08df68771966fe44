#version 450 core
// Coverage from the distance to the segment; lines below one pixel fade in place of thinning.
uniform vec3 u_colour;
uniform float u_width_px;

in vec2 v_along_across_px;
flat in float v_length_px;

layout(location = 0) out vec4 o_colour;

void main() {
  float beyond = v_along_across_px.x - clamp(v_along_across_px.x, 0.0, v_length_px);
  float distance_px = length(vec2(beyond, v_along_across_px.y));
  float half_width_px = max(u_width_px, 1.0) * 0.5;
  float coverage = clamp(half_width_px + 0.5 - distance_px, 0.0, 1.0);
  o_colour = vec4(u_colour, coverage * min(u_width_px, 1.0));
}
