// HeatCells: the working time of a day by cell, some hours of it together, and what of it differs
// between two days. Whole seconds: sums and differences are exact. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "fleet/heat_hours.hpp"
#include "fleet/time.hpp"

namespace fleet {

/// Hours of a day that count: bit h for the hour from h to h + 1 o'clock, bit kUnknownHour for time
/// of which nobody knows the hour.
using HourBits = std::uint32_t;
inline constexpr HourBits kEveryHour = (HourBits{1} << (kUnknownHour + 1)) - 1;

struct HeatCells {
  /// A cell of 2^kHeatCellBits across, whatever the hour.
  struct Cell {
    std::uint64_t place = 0;  ///< y << kHeatCellBits | x
    std::int64_t seconds =
        0;  ///< not 0; below it where less was worked than in what was taken away
    std::uint32_t x() const { return static_cast<std::uint32_t>(place & (kHeatCells - 1)); }
    std::uint32_t y() const { return static_cast<std::uint32_t>(place >> kHeatCellBits); }
    bool operator==(const Cell&) const = default;
  };

  std::vector<Cell> cells;      ///< ascending places
  std::int64_t placed_s = 0;    ///< their sum
  std::int64_t unplaced_s = 0;  ///< beside it: worked by machines without a position
  bool operator==(const HeatCells&) const = default;
};

/// What of `heat` was worked in these hours; nothing where it is of another day than `day`.
HeatCells heat_cells(const HeatHours& heat, LocalDay day, HourBits hours);
/// more - less, cell by cell; cells in which both have the same are left out. Its sums are the
/// differences of the sums.
HeatCells difference(const HeatCells& more, const HeatCells& less);

}  // namespace fleet
