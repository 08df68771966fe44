#version 450 core
// Working machines into cells, each shared between the four nearest, in 1024ths.
#include "compose_look.glsl"
#include "heat_cells.glsl"

layout(local_size_x = 64) in;
layout(r32ui, binding = 0) uniform uimage2D u_bins;
uniform uint u_point_count;

void main() {
  uint index = gl_GlobalInvocationID.x;
  if (index >= u_point_count) return;
  Point point = points[index];
  // Status working is 0; hidden and dimmed ones do not count.
  if ((point.style & (7u | kHidden | kDimmed)) != 0u) return;
  vec2 at = pixel_of(point) / float(u_cell_px) + (float(u_margin) - 0.5);
  if (!(all(greaterThanEqual(at, vec2(0))) && all(lessThan(at, vec2(u_cells - 1))))) return;
  ivec2 cell = ivec2(at);
  uvec2 right = uvec2((at - vec2(cell)) * 32.0), left = 32u - right;
  imageAtomicAdd(u_bins, cell, left.x * left.y);
  imageAtomicAdd(u_bins, cell + ivec2(1, 0), right.x * left.y);
  imageAtomicAdd(u_bins, cell + ivec2(0, 1), left.x * right.y);
  imageAtomicAdd(u_bins, cell + ivec2(1, 1), right.x * right.y);
}
