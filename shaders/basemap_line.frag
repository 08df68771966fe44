#version 450 core
// Coverage from the distance to the line; lines below one pixel fade in place of thinning.
uniform vec3 u_colour;
uniform float u_width_px;

in float v_across_px;

layout(location = 0) out vec4 o_colour;

void main() {
  float half_width_px = max(u_width_px, 1.0) * 0.5;
  float coverage = clamp(half_width_px + 0.5 - abs(v_across_px), 0.0, 1.0);
  o_colour = vec4(u_colour, coverage * min(u_width_px, 1.0));
}
