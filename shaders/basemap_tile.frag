#version 450 core
// A tile's colours fitted under machines and heat: its light goes from one tone to another, and
// some of its colour stays on top (render::TileTone).
uniform sampler2D u_tile;
uniform vec3 u_black;
uniform vec3 u_white;
uniform float u_chroma;

in vec2 v_uv;

layout(location = 0) out vec4 o_colour;

void main() {
  vec4 texel = texture(u_tile, v_uv);
  float light = dot(texel.rgb, vec3(0.2126, 0.7152, 0.0722));
  o_colour = vec4(mix(u_black, u_white, light) + (texel.rgb - light) * u_chroma, texel.a);
}
