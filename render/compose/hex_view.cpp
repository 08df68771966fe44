#include "render/compose/hex_view.hpp"

#include <algorithm>
#include <cmath>

#include "render/compose/look.hpp"

namespace render {
namespace {

constexpr double kUnits = 4294967296.0;
constexpr double kHalfRoot3 = 0.86602540378443864676;

// Where the view begins in the grid: its first row (even) and column, before going round the world.
struct Corner {
  std::int32_t row;
  std::int64_t column;
};

Corner layout_of(const MapFrame& frame, const HexGrid& grid, HexView& view) {
  const Camera& camera = frame.camera;
  const double px_per_unit = camera.px_per_world() / kUnits;
  view.width_px = grid.width() * px_per_unit;
  view.inset_px = kHexagonInsetPx * static_cast<double>(frame.ui_scale);
  const double row_px = view.width_px * kHalfRoot3;
  const double centre_x = camera.centre.x * kUnits, centre_y = camera.centre.y * kUnits;
  const double top = (centre_y - camera.height_px / 2.0 / px_per_unit) / grid.row_height();
  const double left = (centre_x - camera.width_px / 2.0 / px_per_unit) / grid.width();
  Corner corner;
  corner.row = std::max(static_cast<std::int32_t>(std::floor(top)) - 1, 0) & ~1;
  corner.column = static_cast<std::int64_t>(std::floor(left)) - 1;
  view.columns = static_cast<int>(std::ceil(camera.width_px / view.width_px)) + 3;
  if (view.columns > grid.columns()) {
    // The whole world: once, about the camera.
    view.columns = grid.columns();
    corner.column = std::llround(centre_x / grid.width()) - view.columns / 2;
  }
  const double last = std::min(top + camera.height_px / row_px, kUnits / grid.row_height());
  view.rows = std::max(static_cast<int>(std::ceil(last)) + 2 - corner.row, 0);
  view.anchor_x = (static_cast<double>(corner.column) * grid.width() - centre_x) * px_per_unit +
                  camera.width_px / 2.0;
  view.anchor_y =
      (corner.row * grid.row_height() - centre_y) * px_per_unit + camera.height_px / 2.0;
  return corner;
}

}  // namespace

HexView HexView::of(const MapFrame& frame, const HexBins& bins) {
  HexView view;
  const HexGrid& grid = bins.grid();
  const Corner corner = layout_of(frame, grid, view);
  view.places.assign(static_cast<std::size_t>(view.columns) * static_cast<std::size_t>(view.rows),
                     0.0f);
  const auto cells = bins.cells();
  auto cell = std::lower_bound(cells.begin(), cells.end(), corner.row,
                               [](const auto& c, std::int32_t row) { return c.hexagon.row < row; });
  const auto full = static_cast<double>(std::max(frame.heat_full_per_km2, 1e-12f));
  std::int32_t area_row = -1;
  double area = 1;
  for (; cell != cells.end() && cell->hexagon.row < corner.row + view.rows; ++cell) {
    const std::int64_t way = cell->hexagon.column - corner.column;
    const std::int64_t column = way & (grid.columns() - 1);
    if (column >= view.columns) continue;
    const int row = cell->hexagon.row - corner.row;
    if (cell->hexagon.row != area_row) area = grid.area_km2(area_row = cell->hexagon.row);
    view.places[static_cast<std::size_t>(row) * static_cast<std::size_t>(view.columns) +
                static_cast<std::size_t>(column)] =
        heat_scale(static_cast<float>(bins.value(*cell) / area / full));
  }
  return view;
}

void HexHeat::update(const MapFrame& frame, std::span<const PointInstance> points,
                     std::uint64_t points_version, const HeatPlaces& places) {
  const HexGrid grid = HexGrid::for_view(frame.camera, static_cast<double>(frame.ui_scale));
  const bool of_places = frame.heat_of == HeatOf::places;
  const std::uint64_t version = of_places ? places.version() : points_version;
  if (counted_ != frame.heat_of || counted_version_ != version || !(bins_.grid() == grid)) {
    counted_ = frame.heat_of;
    counted_version_ = version;
    if (of_places) {
      bins_.count_places(grid, places);
    } else {
      bins_.count_machines(grid, points);
    }
  }
  view_ = HexView::of(frame, bins_);
}

std::optional<HexagonValue> HexHeat::at(const MapFrame& frame, ScreenPoint point) const {
  if (!counted_) return std::nullopt;
  const fleet::WorldPoint world = frame.camera.world_from_screen(point);
  if (world.y < 0 || world.y > 1) return std::nullopt;
  const HexGrid& grid = bins_.grid();
  const Hexagon hexagon = grid.at(world.x * kUnits, world.y * kUnits);
  HexagonValue value;
  value.middle = {std::fmod(grid.middle_x(hexagon) / kUnits, 1.0), grid.middle_y(hexagon) / kUnits};
  value.width_px = grid.width() * frame.camera.px_per_world() / kUnits;
  value.area_km2 = grid.area_km2(hexagon.row);
  if (const auto* cell = bins_.find(hexagon)) {
    value.value = bins_.value(*cell);
    value.count = cell->count;
  }
  value.per_km2 = value.value / value.area_km2;
  return value;
}

}  // namespace render
