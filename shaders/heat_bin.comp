#version 450 core
// Working machines into cells.
#include "compose_look.glsl"
#include "heat_cells.glsl"
#include "heat_bins.glsl"

layout(local_size_x = 64) in;
uniform uint u_point_count;

void main() {
  uint index = gl_GlobalInvocationID.x;
  if (index >= u_point_count) return;
  Point point = points[index];
  // Status working is 0; hidden and dimmed ones do not count.
  if ((point.style & (7u | kHidden | kDimmed)) != 0u) return;
  share_steps(pixel_of(point), uvec2(1u, 0u));
}
