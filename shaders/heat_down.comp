#version 450 core
// Second half of the blur: rows spread into their neighbours, each with its own kernel, so that no
// machine is lost where the width changes. Then density and the place on the ramp.
#include "compose_look.glsl"
#include "heat_cells.glsl"

layout(local_size_x = 64) in;
layout(r32f, binding = 1) readonly uniform image2D u_along;
layout(r32f, binding = 2) writeonly uniform image2D u_place;

void main() {
  ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
  if (cell.x >= u_cells.x) return;
  float heat = 0.0;
  int from = max(cell.y - u_taps_max, 0), to = min(cell.y + u_taps_max, u_cells.y - 1);
  for (int y = from; y <= to; ++y) {
    int way = abs(y - cell.y);
    if (way > rows[y].taps) continue;
    heat += imageLoad(u_along, ivec2(cell.x, y)).r * rows[y].weights[way];
  }
  imageStore(u_place, cell, vec4(heat_scale(heat * rows[cell.y].share_of_one)));
}
