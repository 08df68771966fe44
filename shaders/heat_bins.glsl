// The bins: sums of 64 bits, low word first, so that no total is too large and none is rounded.
// Below zero, in a difference, they are two's complements.
// class HeatBins of render/compose/heat_bins.hpp.

layout(std430, binding = 3) buffer HeatBins { uint bins[]; };
uniform float u_share_of_step;  // machines or weight of one step in the bins

void add_steps(ivec2 cell, uvec2 steps, uint parts) {
  if (parts == 0u) return;
  // By halves, parts being 1024 at most: Mesa 22.3 folds umulExtended(1, parts) wrongly.
  uint lower = (steps.x & 0xffffu) * parts;
  uint upper = (steps.x >> 16) * parts + (lower >> 16);
  uint low = upper << 16 | (lower & 0xffffu);
  uint high = steps.y * parts + (upper >> 16);
  uint at = uint(cell.y * u_cells.x + cell.x) * 2u;
  uint before = atomicAdd(bins[at], low);
  if (before + low < before) ++high;  // carried
  if (high != 0u) atomicAdd(bins[at + 1u], high);
}

// Shares steps between the four cells nearest to a pixel, in 1024ths.
void share_steps(vec2 pixel, uvec2 steps) {
  vec2 at = pixel / float(u_cell_px) + (float(u_margin) - 0.5);
  if (!(all(greaterThanEqual(at, vec2(0))) && all(lessThan(at, vec2(u_cells - 1))))) return;
  ivec2 cell = ivec2(at);
  uvec2 right = uvec2((at - vec2(cell)) * 32.0), left = 32u - right;
  add_steps(cell, steps, left.x * left.y);
  add_steps(cell + ivec2(1, 0), steps, right.x * left.y);
  add_steps(cell + ivec2(0, 1), steps, left.x * right.y);
  add_steps(cell + ivec2(1, 1), steps, right.x * right.y);
}

float heat_in(ivec2 cell) {
  int at = (cell.y * u_cells.x + cell.x) * 2;
  uint low = bins[at], high = bins[at + 1];
  bool below = (high & 0x80000000u) != 0u;
  if (below) {
    // Its size first: the two words of a small one are large and opposite.
    low = ~low + 1u;
    high = ~high + (low == 0u ? 1u : 0u);
  }
  float size = (float(high) * 4294967296.0 + float(low)) * u_share_of_step;
  return below ? -size : size;
}
