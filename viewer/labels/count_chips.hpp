// Exact counts: how many machines stand in each cell of a grid that lies on the ground.
//
// The grid's cells are squares of the Web Mercator map whose size halves with every zoom step:
// between kCellPx and twice that on the screen. Panning moves them with the map. A chip stands
// where the cell's machines are on average, moved so far that it lies within its cell and the view:
// therefore no two chips overlap. Pure but for drawing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/map_frame.hpp"
#include "viewer/ui/ui.hpp"

namespace viewer {

/// Least side of a cell in px at scale 1: the chip of "1,000,000" fits.
inline constexpr float kCellPx = 96;

struct CellCount {
  std::uint32_t machines = 0;  ///< at least 1
  Point middle{};              ///< of its machines, px of the screen
  Rect cell{};                 ///< px of the screen
};
struct CellCounts {
  std::vector<CellCount> cells;  ///< those in view that hold machines
  std::uint64_t in_view = 0;     ///< sum over `cells`
  std::uint64_t elsewhere = 0;   ///< machines with a position in cells out of view
};

/// Counts all machines that have a position, hidden by nothing else. in_view + elsewhere is their
/// number at every zoom. One pass over the points.
CellCounts count_cells(std::span<const render::PointInstance> points, const render::Camera& camera,
                       float scale);

/// Where a chip of this size stands: around the middle of the cell's machines, or, where marks are
/// in the way, as near to it in the cell as is clear of them. Always whole within the view, and
/// within the cell where its part in view is large enough. Empty where that middle is out of view:
/// it would stand far from the machines it counts.
Rect chip_rect(const CellCount& count, Point size, std::span<const Rect> marks, const Rect& view);
/// The same for all of them; none overlaps another.
std::vector<Rect> chip_rects(std::span<const CellCount> counts, std::span<const Point> sizes,
                             std::span<const Rect> marks, const Rect& view);
/// Of the chips with their numbers.
std::vector<Point> chip_sizes(std::span<const CellCount> counts, Ui& ui);
/// rects: as chip_rects gave them; one that is empty is not drawn (a panel stands there).
void draw_count_chips(std::span<const CellCount> counts, std::span<const Rect> rects, Ui& ui);

}  // namespace viewer
