#include "viewer/labels/count_chips.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "viewer/picking.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

/// Grids finer than this have cells below a millimetre; no zoom needs them.
constexpr int kMostStep = 31;

struct Cell {
  std::uint32_t machines = 0;
  std::uint64_t x = 0, y = 0;  ///< sums of the places within the cell, in point steps
};

/// The cells that a view touches.
struct Window {
  int step = 0;                 ///< 2^step cells span the world
  std::int64_t x0 = 0, y0 = 0;  ///< first cell; x0 may lie beyond the world's seam
  std::int64_t columns = 0, rows = 0;
};

Window window_of(const render::Camera& camera, float scale) {
  Window w;
  const double least_px = static_cast<double>(kCellPx * scale);
  w.step = std::clamp(static_cast<int>(std::floor(std::log2(camera.px_per_world() / least_px))), 0,
                      kMostStep);
  const double cells = std::exp2(w.step);
  const fleet::WorldPoint a = camera.world_from_screen({0, 0});
  const fleet::WorldPoint b = camera.world_from_screen(
      {static_cast<double>(camera.width_px), static_cast<double>(camera.height_px)});
  const auto floor_of = [](double v) { return static_cast<std::int64_t>(std::floor(v)); };
  w.x0 = floor_of(a.x * cells);
  w.columns = std::min(floor_of(b.x * cells) - w.x0 + 1, static_cast<std::int64_t>(cells));
  w.y0 = std::max<std::int64_t>(floor_of(a.y * cells), 0);
  w.rows = std::min(floor_of(b.y * cells), static_cast<std::int64_t>(cells) - 1) - w.y0 + 1;
  w.rows = std::max<std::int64_t>(w.rows, 0);
  return w;
}

/// The cell as it lies on the screen. The camera means the nearest copy of a place: its middle is
/// asked for, and the edges follow.
CellCount on_screen(const Cell& cell, const Window& w, std::int64_t column, std::int64_t row,
                    const render::Camera& camera) {
  const double size = std::exp2(-w.step);
  const double size_px = size * camera.px_per_world();
  const fleet::WorldPoint from{static_cast<double>(w.x0 + column) * size,
                               static_cast<double>(w.y0 + row) * size};
  const render::ScreenPoint origin = camera.screen_from_world(camera.centre);
  const double x = origin.x + (from.x - camera.centre.x) * camera.px_per_world();
  const double y = origin.y + (from.y - camera.centre.y) * camera.px_per_world();
  const double steps = kPointSteps * size * cell.machines;
  CellCount count;
  count.machines = cell.machines;
  count.cell = {static_cast<float>(x), static_cast<float>(y), static_cast<float>(x + size_px),
                static_cast<float>(y + size_px)};
  count.middle = {static_cast<float>(x + static_cast<double>(cell.x) / steps * size_px),
                  static_cast<float>(y + static_cast<double>(cell.y) / steps * size_px)};
  return count;
}

}  // namespace

CellCounts count_cells(std::span<const render::PointInstance> points, const render::Camera& camera,
                       float scale) {
  const Window w = window_of(camera, scale);
  const int shift = 32 - w.step;
  const std::uint64_t within = (std::uint64_t{1} << shift) - 1;
  const std::uint64_t around = (std::uint64_t{1} << w.step) - 1;
  const auto columns = static_cast<std::uint64_t>(w.columns);
  const auto rows = static_cast<std::uint64_t>(w.rows);
  std::vector<Cell> cells(columns * rows);
  CellCounts counts;
  for (const render::PointInstance& p : points) {
    if ((p.style & render::PointInstance::kHidden) != 0) continue;
    // Cells count on around the world, from the window's first column.
    const std::uint64_t column =
        ((std::uint64_t{p.x} >> shift) - static_cast<std::uint64_t>(w.x0)) & around;
    const std::uint64_t row = (std::uint64_t{p.y} >> shift) - static_cast<std::uint64_t>(w.y0);
    if (column >= columns || row >= rows) {
      ++counts.elsewhere;
      continue;
    }
    Cell& cell = cells[row * columns + column];
    ++cell.machines;
    cell.x += p.x & within;
    cell.y += p.y & within;
  }
  for (std::uint64_t i = 0; i < cells.size(); ++i) {
    if (cells[i].machines == 0) continue;
    counts.in_view += cells[i].machines;
    counts.cells.push_back(on_screen(cells[i], w, static_cast<std::int64_t>(i % columns),
                                     static_cast<std::int64_t>(i / columns), camera));
  }
  return counts;
}

Rect chip_rect(const CellCount& count, Point size, std::span<const Rect> marks, const Rect& view) {
  if (!view.contains(count.middle)) return {};
  // The part of the cell in view; where that is too small for the chip, the view beside it.
  Rect room{std::max(count.cell.x0, view.x0), std::max(count.cell.y0, view.y0),
            std::min(count.cell.x1, view.x1), std::min(count.cell.y1, view.y1)};
  const auto widen = [](float& from, float& to, float least, float view_from, float view_to) {
    if (to - from >= least) return;
    if (from > view_from) {
      from = std::max(view_from, to - least);
    } else {
      to = std::min(view_to, from + least);
    }
  };
  widen(room.x0, room.x1, size.x, view.x0, view.x1);
  widen(room.y0, room.y1, size.y, view.y0, view.y1);
  const auto at = [&](float x, float y) {
    x = std::clamp(x, room.x0, std::max(room.x0, room.x1 - size.x));
    y = std::clamp(y, room.y0, std::max(room.y0, room.y1 - size.y));
    return Rect{x, y, x + size.x, y + size.y};
  };
  const auto clear = [&](const Rect& r) {
    return std::none_of(marks.begin(), marks.end(), [&](const Rect& m) { return m.overlaps(r); });
  };
  const Rect wanted = at(count.middle.x - size.x / 2, count.middle.y - size.y / 2);
  if (clear(wanted)) return wanted;
  Rect best = wanted;
  float nearest = std::numeric_limits<float>::max();
  constexpr int kSteps = 8;
  for (int i = 0; i <= kSteps; ++i) {
    for (int j = 0; j <= kSteps; ++j) {
      const Rect r = at(room.x0 + (room.width() - size.x) * static_cast<float>(i) / kSteps,
                        room.y0 + (room.height() - size.y) * static_cast<float>(j) / kSteps);
      const float far = std::hypot(r.x0 - wanted.x0, r.y0 - wanted.y0);
      if (far < nearest && clear(r)) nearest = far, best = r;
    }
  }
  return best;
}

std::vector<Rect> chip_rects(std::span<const CellCount> counts, std::span<const Point> sizes,
                             std::span<const Rect> marks, const Rect& view) {
  std::vector<Rect> rects;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    rects.push_back(chip_rect(counts[i], sizes[i], marks, view));
  }
  // Only chips of cells that hardly reach into the view leave their cell; these give way.
  for (std::size_t i = 0; i < rects.size(); ++i) {
    const bool within = rects[i].x0 >= counts[i].cell.x0 && rects[i].y0 >= counts[i].cell.y0 &&
                        rects[i].x1 <= counts[i].cell.x1 && rects[i].y1 <= counts[i].cell.y1;
    if (within) continue;
    for (std::size_t j = 0; j < rects.size(); ++j) {
      if (j != i && rects[j].overlaps(rects[i])) rects[i] = {};
    }
  }
  return rects;
}

std::vector<Point> chip_sizes(std::span<const CellCount> counts, Ui& ui) {
  std::vector<Point> sizes;
  for (const CellCount& count : counts) {
    const float text = ui.text_width(Type::small_strong, grouped(count.machines));
    sizes.push_back({text + ui.px(14), ui.px(22)});
  }
  return sizes;
}

void draw_count_chips(std::span<const CellCount> counts, std::span<const Rect> rects, Ui& ui) {
  const Theme& theme = ui.theme();
  for (std::size_t i = 0; i < counts.size() && i < rects.size(); ++i) {
    const Rect& r = rects[i];
    if (r.empty()) continue;
    ui.fill(r, faded(theme.background, 0.88), ui.px(4));
    ui.frame(r, theme.panel_edge, ui.px(4));
    ui.text(Type::small_strong,
            {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small_strong, (r.y0 + r.y1) / 2)},
            theme.text, grouped(counts[i].machines), Align::centre);
  }
}

}  // namespace viewer
