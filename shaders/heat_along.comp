#version 450 core
// First half of the blur: each row along itself, with its own kernel.
#include "heat_cells.glsl"
#include "heat_bins.glsl"

layout(local_size_x = 64) in;
layout(r32f, binding = 1) writeonly uniform image2D u_along;

void main() {
  ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
  if (any(greaterThanEqual(cell, u_cells))) return;
  int taps = rows[cell.y].taps;
  float sum = 0.0;
  for (int k = -taps; k <= taps; ++k) {
    int x = cell.x + k;
    if (x < 0 || x >= u_cells.x) continue;
    sum += heat_in(ivec2(x, cell.y)) * rows[cell.y].weights[abs(k)];
  }
  imageStore(u_along, cell, vec4(sum));
}
