#version 450 core
// Weighted places into cells.
#include "compose_look.glsl"
#include "heat_cells.glsl"
#include "heat_bins.glsl"

layout(local_size_x = 64) in;
// HeatPlaces::Entry: x, y, steps (low word first).
layout(std430, binding = 4) readonly buffer Places { uvec4 places[]; };
uniform uint u_first_place, u_place_count;

void main() {
  uint index = gl_GlobalInvocationID.x;
  if (index >= u_place_count) return;
  uvec4 place = places[u_first_place + index];
  share_steps(pixel_of_place(place.xy), place.zw);
}
