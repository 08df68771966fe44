// The grid of heat cells and the kernel of each row: struct HeatLayout of
// render/compose/heat_layout.hpp.

const int kHeatWeights = 49;

uniform ivec2 u_cells;   // columns, rows; margins included
uniform int u_margin;    // cells beyond the screen on each side
uniform int u_cell_px;
uniform int u_taps_max;

struct HeatRow {
  int taps;
  float share_of_one;    // of the full density that one machine (or weight 1) in a cell is
  float weights[kHeatWeights];
};

layout(std430, binding = 1) readonly buffer HeatRows { HeatRow rows[]; };
