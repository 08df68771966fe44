// HeatLayout: where the heat's cells lie and how wide its kernel is in each row. Pure, no GL.
//
// Cells are 2 px and grow with the radius, which is 8 cells at most at the centre's latitude; the
// kernel's width follows the latitude from row to row. The cells reach beyond the screen by the
// kernel's reach. The same for both composers.
#pragma once

#include <cstddef>
#include <vector>

#include "render/map_frame.hpp"

namespace render {

/// Kernels are cut here, in cells on each side: near the poles of a whole-world view they would
/// grow without end.
inline constexpr int kHeatTapsMax = 48;
/// Weights of a row's kernel, from the middle out.
inline constexpr int kHeatWeights = kHeatTapsMax + 1;

struct HeatLayout {
  int cell_px = 2;
  int margin = 0;               ///< cells beyond the screen on each side
  int columns = 0, rows = 0;    ///< margins included
  int taps_max = 0;             ///< the widest row's
  std::vector<int> taps;        ///< per row: cells the kernel reaches on each side
  std::vector<float> weights;   ///< per row: kHeatWeights of them; both sides' sum is 1
  std::vector<float> cell_km2;  ///< per row: ground area of a cell

  static HeatLayout of(const MapFrame& frame);
  const float* weights_of(int row) const {
    return weights.data() + static_cast<std::size_t>(row) * kHeatWeights;
  }
  /// Share of a cell's column (row) that lies on the screen, 0..1.
  double column_share(int column, int screen_width) const;
  double row_share(int row, int screen_height) const;
};

}  // namespace render
