#version 450 core
// Raster tiles: corners in pixels of the base map's picture, worked out in double on the CPU.
uniform vec2 u_size_px;

layout(location = 0) in vec2 a_px;
layout(location = 1) in vec2 a_uv;

out vec2 v_uv;

// Row 0 of the picture is its top, and so is a tile's: y is not turned over.
void main() {
  v_uv = a_uv;
  gl_Position = vec4(a_px / u_size_px * 2.0 - 1.0, 0.0, 1.0);
}
