// HeatGrid: where machines work, as a density per km2 on a coarse grid over the screen. No GL.
//
// Machines, or weighted places, are binned into cells (HeatBins), spread by a Gaussian of sigma =
// radius / 2 metres on the ground, and divided by each row's area. What spreads is machines or
// weight, not density: the sum over the map stays theirs. shaders/heat_*.comp do the same.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/compose/heat_bins.hpp"
#include "render/compose/heat_layout.hpp"
#include "render/compose/heat_places.hpp"
#include "render/compose/lanes.hpp"
#include "render/compose/projection.hpp"

namespace render {

class HeatGrid {
 public:
  /// Makes the grid of one frame, of the points or the places as frame.heat_of says.
  void make(Lanes& lanes, const MapFrame& frame, const Projection& projection,
            std::span<const PointInstance> points, const HeatPlaces& places);

  const HeatLayout& layout() const { return layout_; }
  /// Sum over the screen, machines or weight.
  double sum() const { return sum_; }
  /// Machines or weight per km2 of a cell.
  double density(int column, int row) const;
  /// Whether any cell near these pixels has a colour.
  bool any_in(int x, int y, int width, int height) const;
  /// Places on the ramp (-1..1) of `count` pixels of screen row y from x on, between cells
  /// bilinear; null if none has a colour. They lie in scratch (one per thread) until its next use.
  const float* row(int y, int x, int count, std::vector<float>& scratch) const;

 private:
  void blur_along(int row_begin, int row_end, std::vector<float>& scratch);
  double blur_down(const MapFrame& frame, int row_begin, int row_end);
  std::uint64_t group_bits(int first, int last) const;
  std::uint64_t groups_in(const float* places, int columns) const;
  std::size_t at(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(layout_.columns) +
           static_cast<std::size_t>(column);
  }

  HeatLayout layout_;
  HeatBins bins_;
  std::vector<HeatBins::Used> spread_;   // per row: columns that hold anything once blurred along
  std::vector<float> bin_scratch_[2];    // per lane: a row of bins
  int group_ = 1;                        // columns of a group
  std::vector<std::uint64_t> coloured_;  // per row: groups with a visible cell
  std::vector<float> along_, place_, density_;
  double sum_ = 0;
};

}  // namespace render
