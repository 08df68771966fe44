// From the world grid to the picture of the base map: pixels from its top left corner, then clip.
uniform ivec2 u_centre_grid;  // whole grid step at the camera's centre
uniform vec2 u_offset_px;     // where that step lies in the picture
uniform float u_px_per_grid;
uniform vec2 u_size_px;

// Integers are subtracted before going to float: exact near the centre at every zoom.
vec2 px_from_grid(uvec2 grid) {
  return vec2(ivec2(grid) - u_centre_grid) * u_px_per_grid + u_offset_px;
}

// Row 0 of the picture is its top: y is not turned over.
vec4 clip_from_px(vec2 px) { return vec4(px / u_size_px * 2.0 - 1.0, 0.0, 1.0); }
