// HexBins: working machines or weighted places counted into the hexagons of a HexGrid. No GL.
//
// Each belongs to exactly one hexagon, the sum over all hexagons is the sum of the weights.
// Machines count where they are or glide to, so that no value flickers while they move.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/compose/heat_places.hpp"
#include "render/compose/hex_grid.hpp"

namespace render {

class HexBins {
 public:
  struct Cell {
    Hexagon hexagon;
    std::int64_t steps = 0;   ///< machines, or steps of weight
    std::uint32_t count = 0;  ///< machines, or different places
  };

  /// Points that work, are not hidden and not dimmed.
  void count_machines(const HexGrid& grid, std::span<const PointInstance> points);
  void count_places(const HexGrid& grid, const HeatPlaces& places);

  const HexGrid& grid() const { return grid_; }
  /// Hexagons that hold anything, by row, then column.
  std::span<const Cell> cells() const { return cells_; }
  /// Null if nothing is there.
  const Cell* find(Hexagon hexagon) const;
  /// Machines or weight.
  double value(const Cell& cell) const { return static_cast<double>(cell.steps) / steps_of_one_; }

 private:
  void add(Hexagon hexagon, std::int64_t steps);
  void join();

  HexGrid grid_{HexGrid::kWidthBitsMax};
  std::vector<Cell> cells_;
  double steps_of_one_ = 1;
};

}  // namespace render
