// The hexagons on the screen: struct HexView of render/compose/hex_view.hpp.

layout(binding = 4) uniform sampler2D u_hexagons;  // place on the ramp
uniform vec2 u_hexagon_anchor_px;
uniform float u_hexagon_width_px, u_hexagon_inset_px;
uniform ivec2 u_hexagons_size;  // columns, rows

const float kHalfRoot3 = 0.8660254;

// Place on the ramp and coverage of the hexagon under a pixel.
vec2 hexagon_at(vec2 pixel) {
  vec2 at = (pixel - u_hexagon_anchor_px) / u_hexagon_width_px;  // in widths
  float above = floor(at.y / kHalfRoot3);
  ivec2 nearest = ivec2(0);
  vec2 way = vec2(1e9);
  for (int i = 0; i < 2; ++i) {
    float row = above + float(i);
    float shift = mod(row, 2.0) * 0.5;
    float column = floor(at.x - shift + 0.5);
    vec2 to = at - vec2(column + shift, row * kHalfRoot3);
    if (dot(to, to) < dot(way, way)) {
      way = to;
      nearest = ivec2(column, row);
    }
  }
  bool there = all(greaterThanEqual(nearest, ivec2(0))) && all(lessThan(nearest, u_hexagons_size));
  way = abs(way) * u_hexagon_width_px;
  float inside =
      u_hexagon_width_px * 0.5 - u_hexagon_inset_px - max(way.x, way.x * 0.5 + way.y * kHalfRoot3);
  return there ? vec2(texelFetch(u_hexagons, nearest, 0).r, clamp(inside + 0.5, 0.0, 1.0)) : vec2(0);
}
