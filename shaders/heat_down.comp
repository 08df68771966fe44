#version 450 core
// Second half of the blur: rows spread into their neighbours, each with its own kernel, so that no
// machine is lost where the width changes. Then density and the place on the ramp.
#include "compose_look.glsl"
#include "heat_cells.glsl"

layout(local_size_x = 64) in;
layout(r32f, binding = 1) readonly uniform image2D u_along;
layout(r32f, binding = 2) writeonly uniform image2D u_place;
// Machines or weight on the screen, one sum for each group of 64 cells.
layout(std430, binding = 2) writeonly buffer Sums { float sums[]; };
uniform int u_screen_width_px;

shared float s_sum[64];

float column_share(int column) {
  int begin = (column - u_margin) * u_cell_px;
  int shown = min(begin + u_cell_px, u_screen_width_px) - max(begin, 0);
  return max(float(shown), 0.0) / float(u_cell_px);
}

void main() {
  ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
  float heat = 0.0;
  if (cell.x < u_cells.x) {
    int from = max(cell.y - u_taps_max, 0), to = min(cell.y + u_taps_max, u_cells.y - 1);
    for (int y = from; y <= to; ++y) {
      int way = abs(y - cell.y);
      if (way > rows[y].taps) continue;
      heat += imageLoad(u_along, ivec2(cell.x, y)).r * rows[y].weights[way];
    }
    imageStore(u_place, cell, vec4(heat_scale(heat * rows[cell.y].share_of_one)));
  }
  s_sum[gl_LocalInvocationID.x] =
      cell.x < u_cells.x ? heat * column_share(cell.x) * rows[cell.y].row_share : 0.0;
  for (uint half_size = 32u; half_size > 0u; half_size >>= 1) {
    barrier();
    if (gl_LocalInvocationID.x < half_size) {
      s_sum[gl_LocalInvocationID.x] += s_sum[gl_LocalInvocationID.x + half_size];
    }
  }
  if (gl_LocalInvocationID.x == 0u) {
    sums[gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x] = s_sum[0];
  }
}
