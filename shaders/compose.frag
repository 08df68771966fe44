#version 450 core
// The picture: base map, heat over it, the machines' light over both, in one pass.
#include "compose_look.glsl"
#include "hexagons.glsl"

layout(binding = 0) uniform sampler2D u_base;
layout(binding = 1) uniform sampler2D u_light_sum;
layout(binding = 2) uniform sampler2D u_place;
layout(binding = 3) uniform sampler2D u_ramp;

uniform vec2 u_base_origin_px;
uniform float u_base_scale;
uniform vec2 u_base_size_px;   // 0 = no base map: black
uniform int u_with_heat, u_with_hexagons, u_with_points;
uniform int u_ramp_row;         // 0 = of a density, 1 = of a difference
uniform int u_as_ink;          // light of machines is taken away, in place of added
uniform vec2 u_heat_margin;    // cells
uniform float u_heat_cell_px;
uniform vec2 u_heat_cells;

layout(location = 0) out vec4 o_colour;

void main() {
  vec2 pixel = vec2(gl_FragCoord.x, u_screen_px.y - gl_FragCoord.y);
  vec3 colour = vec3(0);
  if (u_base_size_px.x > 0.0) {
    colour = texture(u_base, (u_base_origin_px + pixel * u_base_scale) / u_base_size_px).rgb;
  }
  if (u_with_heat != 0) {
    vec2 cell = pixel / u_heat_cell_px + u_heat_margin;
    float place = texture(u_place, cell / u_heat_cells).r;
    vec4 heat = texelFetch(u_ramp, ivec2(heat_ramp_index(place), u_ramp_row), 0);
    colour = mix(colour, heat.rgb, heat.a);
  }
  if (u_with_hexagons != 0) {
    vec2 hexagon = hexagon_at(pixel);
    vec4 heat = texelFetch(u_ramp, ivec2(heat_ramp_index(hexagon.x), u_ramp_row), 0);
    colour = mix(colour, heat.rgb, heat.a * hexagon.y);
  }
  if (u_with_points != 0) {
    vec3 light = texelFetch(u_light_sum, ivec2(gl_FragCoord.xy), 0).rgb;
    float u = max(max(light.r, light.g), light.b) * u_exposure;
    float root = sqrt(u + 1.0);
    vec3 tone = light * (u_exposure / (u + root));
    // root / (u + root) is 1 - tone; tone has the light's own hue.
    colour = u_as_ink != 0 ? colour * (1.0 - tone) : colour * (root / (u + root)) + tone;
  }
  o_colour = vec4(colour, 1);
}
