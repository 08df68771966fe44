// HeatGrid: where machines work, as a density per km2 on a coarse grid over the screen. No GL.
//
// Machines are binned into cells (shared between the four nearest, in fixed point, so that nothing
// is lost and order does not matter), spread by a Gaussian of sigma = radius / 2 metres on the
// ground, and divided by each row's area. Cells are 2 px and grow with the radius, which is 8 cells
// at most at the centre's latitude; the kernel's width follows the latitude from row to row. What
// spreads is machines, not density: the sum over the map stays the number of machines.
// The grid reaches beyond the screen by the kernel's reach. shaders/heat_*.comp do the same.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/compose/lanes.hpp"
#include "render/compose/projection.hpp"

namespace render {

/// Kernels are cut here, in cells on each side: near the poles of a whole-world view they would
/// grow without end.
inline constexpr int kHeatTapsMax = 48;
/// Weights of a row's kernel, from the middle out.
inline constexpr int kHeatWeights = kHeatTapsMax + 1;

/// Where the cells lie and how wide the kernel is: the same for both composers.
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

/// One machine in fixed point: fine enough for quarter pixels, 4 million machines fit one cell.
inline constexpr std::uint32_t kHeatUnit = 1024;
class HeatGrid {
 public:
  /// Makes the grid of one frame. Only points that work, are not hidden and not dimmed count.
  void make(Lanes& lanes, const MapFrame& frame, const Projection& projection,
            std::span<const PointInstance> points);

  const HeatLayout& layout() const { return layout_; }
  /// Sum over the screen, machines.
  double machines() const { return machines_; }
  /// Machines per km2 of a cell.
  double density(int column, int row) const;
  /// Whether any cell near these pixels has a colour.
  bool any_in(int x, int y, int width, int height) const;
  /// Places on the ramp (0..1) of `count` pixels of screen row y from x on, between cells bilinear;
  /// null if none has a colour. They lie in scratch (one per thread) until its next use.
  const float* row(int y, int x, int count, std::vector<float>& scratch) const;

 private:
  void bin(const Projection& projection, std::span<const PointInstance> points);
  void blur_along(int row_begin, int row_end);
  double blur_down(const MapFrame& frame, int row_begin, int row_end);
  std::uint64_t group_bits(int first, int last) const;
  std::uint64_t groups_in(const float* places, int columns) const;
  std::size_t at(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(layout_.columns) +
           static_cast<std::size_t>(column);
  }

  HeatLayout layout_;
  std::vector<std::uint32_t> bins_;
  struct Used {
    int first, last;
  };  // columns of a row that hold anything; first > last = none
  std::vector<Used> used_, spread_;
  int group_ = 1;                        // columns of a group
  std::vector<std::uint64_t> coloured_;  // per row: groups with a visible cell
  std::vector<float> along_, place_, density_;
  double machines_ = 0;
};

}  // namespace render
