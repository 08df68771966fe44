#include "render/compose/hex_grid.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/mercator.hpp"
#include "render/compose/look.hpp"

namespace render {
namespace {

constexpr double kUnits = 4294967296.0;
constexpr double kHalfRoot3 = 0.86602540378443864676;

double row_shift(std::int64_t row, double width) {
  return (row & 1) != 0 ? width / 2 : 0;
}

}  // namespace

HexGrid::HexGrid(int width_bits)
    : width_bits_(std::clamp(width_bits, kWidthBitsMin, kWidthBitsMax)),
      width_(std::ldexp(1.0, width_bits_)),
      row_height_(width_ * kHalfRoot3) {}

HexGrid HexGrid::for_view(const Camera& camera, double ui_scale) {
  constexpr double kScaleMin = 0.1;  // a tenth of a wall's type: nobody reads that
  const double units_per_px = kUnits / camera.px_per_world();
  const double least = kHexagonPxMin * std::max(ui_scale, kScaleMin) * units_per_px;
  return HexGrid(static_cast<int>(std::ceil(std::log2(least) - 1e-9)));
}

std::int32_t HexGrid::columns() const {
  return static_cast<std::int32_t>(std::int64_t{1} << (32 - width_bits_));
}

Hexagon HexGrid::at(double x, double y) const {
  const double above = std::floor(y / row_height_);
  Hexagon nearest;
  double least = 0;
  // A row further off is always farther than one of these two.
  for (int i = 0; i < 2; ++i) {
    const auto row = static_cast<std::int32_t>(above) + i;
    const double shift = row_shift(row, width_);
    const double column = std::floor((x - shift) / width_ + 0.5);
    const double dx = x - shift - column * width_, dy = y - row * row_height_;
    const double distance = dx * dx + dy * dy;
    if (i == 0 || distance < least) {
      least = distance;
      nearest = {row,
                 static_cast<std::int32_t>(static_cast<std::int64_t>(column) & (columns() - 1))};
    }
  }
  return nearest;
}

double HexGrid::middle_x(Hexagon hexagon) const {
  return hexagon.column * width_ + row_shift(hexagon.row, width_);
}

double HexGrid::middle_y(Hexagon hexagon) const {
  return hexagon.row * row_height_;
}

double HexGrid::area_km2(std::int32_t row) const {
  // Two trapezoids and the part between them, each by Simpson's rule with four steps: of the width
  // there times the square of the scale.
  const double corner = width_ / (4 * kHalfRoot3);  // half the length of a side
  const double middle = row * row_height_;
  const double km = fleet::metres_per_world(0) / kUnits / 1000;
  const auto strip = [&](double dy) {
    const double width = std::min(width_, 2 * kHalfRoot3 * 2 * (2 * corner - std::abs(dy)));
    const double cosine = cos_latitude_at(std::clamp((middle + dy) / kUnits, 0.0, 1.0));
    return width * cosine * cosine;
  };
  double sum = 0;
  for (const double from : {-2 * corner, -corner, 0.0, corner}) {
    const double step = corner / 4;
    for (int i = 0; i < 4; i += 2) {
      const double a = from + i * step;
      sum += (strip(a) + 4 * strip(a + step) + strip(a + 2 * step)) * step / 3;
    }
  }
  return sum * km * km;
}

}  // namespace render
