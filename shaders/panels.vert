#version 450 core
// One panel as a quad of four corners; no attributes.
uniform vec2 u_view_px;
uniform vec4 u_rect_px;  // left, top, right, bottom
out vec2 v_texel;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 at_px = mix(u_rect_px.xy, u_rect_px.zw, corner);
  v_texel = vec2(corner.x, 1 - corner.y);  // the texture's row 0 is the panel's lowest
  gl_Position = vec4(at_px / u_view_px * vec2(2, -2) + vec2(-1, 1), 0, 1);
}
