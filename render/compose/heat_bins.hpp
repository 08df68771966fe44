// HeatBins: machines or weighted places counted into the cells of a HeatLayout. No GL.
//
// Each is shared between the four nearest cells in 1024ths, in integers: nothing is lost and order
// does not matter. Weights below zero are added modulo 2^64, which is what they are read back from.
// shaders/heat_bin*.comp do the same.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/compose/heat_layout.hpp"
#include "render/compose/heat_places.hpp"
#include "render/compose/lanes.hpp"
#include "render/compose/projection.hpp"

namespace render {

/// One machine, or one step of weight, in the fixed point of the bins: fine enough for quarter
/// pixels.
inline constexpr std::uint32_t kHeatUnit = 1024;

class HeatBins {
 public:
  /// Columns of a row that hold anything; first > last = none.
  struct Used {
    int first, last;
    bool any() const { return first <= last; }
  };

  /// Empties all cells.
  void clear(const HeatLayout& layout);
  /// Counts points that work, are not hidden and not dimmed.
  void add_machines(const Projection& projection, std::span<const PointInstance> points);
  /// Counts places, of the level that suits the cells' size.
  void add_places(Lanes& lanes, const Projection& projection, const HeatPlaces& places);

  Used used(int row) const { return used_[static_cast<std::size_t>(row)]; }
  /// Cells first .. last of used(row), in machines or weight.
  void read(int row, float* out) const;

 private:
  /// The rows that one lane fills: upper cells of places in [begin, end). What the last of them
  /// gives to row `end` goes to `below`, where another lane begins.
  struct Part {
    int begin = 0, end = 0;
    std::vector<std::uint64_t> below;
    Used below_used{0, -1};
  };
  struct Shares;
  void add(const Shares& shares, std::uint64_t steps, Part* part);
  void add_part(const Projection& projection, const HeatPlaces& places,
                const HeatPlaces::Level& level, Part& part);
  void join(Part& part);
  bool touches(const Projection& projection, const HeatPlaces::Block& block,
               const Part& part) const;
  std::size_t at(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
           static_cast<std::size_t>(column);
  }

  int columns_ = 0, rows_ = 0;
  float per_px_ = 0, shift_ = 0;  // cell = px * per_px + shift
  float share_of_step_ = 0;       // machines or weight of one step in the bins
  std::vector<std::uint64_t> bins_;
  std::vector<Used> used_;
  Part parts_[2];
};

}  // namespace render
