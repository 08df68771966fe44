#include <algorithm>
#include <cmath>

#include "render/compose/hex_view.hpp"
#include "render/compose/look.hpp"

namespace render {
namespace {

constexpr float kHalfRoot3 = 0.8660254f;

struct Part {
  int x, y, width, height;
  std::uint32_t* out;
  std::ptrdiff_t stride;
};

// opacity: 0..256.
std::uint32_t laid_over(std::uint32_t under, std::uint32_t colour, std::uint32_t opacity) {
  constexpr std::uint32_t kPairs = 0x00ff00ffu, kRound = 0x00800080u;
  const std::uint32_t rest = 256 - opacity;
  const std::uint32_t even = (under & kPairs) * rest + (colour & kPairs) * opacity + kRound;
  const std::uint32_t green = ((under >> 8) & 255u) * rest + ((colour >> 8) & 255u) * opacity + 128;
  return ((even >> 8) & kPairs) | (green & 0xff00u) | 0xff000000u;
}

// One hexagon, row by row: whole pixels between two rims of part coverage.
void paint(const Part& part, float middle_x, float middle_y, float apothem, std::uint32_t colour) {
  const float opacity = static_cast<float>(colour >> 24) * (256.0f / 255.0f);
  const auto whole = static_cast<std::uint32_t>(opacity + 0.5f);
  const float reach_y = (apothem + 0.5f) / kHalfRoot3;
  const int first = std::max(static_cast<int>(std::floor(middle_y - reach_y)), part.y);
  const int last = std::min(static_cast<int>(std::ceil(middle_y + reach_y)), part.y + part.height);
  for (int y = first; y < last; ++y) {
    const float dy = std::abs(static_cast<float>(y) + 0.5f - middle_y);
    const auto reach = [&](float a) { return std::min(a, 2 * (a - kHalfRoot3 * dy)); };
    const float outer = reach(apothem + 0.5f), inner = reach(apothem - 0.5f);
    if (outer <= 0) continue;
    const int begin = std::max(static_cast<int>(std::floor(middle_x - outer)), part.x);
    const int end = std::min(static_cast<int>(std::ceil(middle_x + outer)), part.x + part.width);
    std::uint32_t* row = part.out + (y - part.y) * part.stride - part.x;
    for (int x = begin; x < end; ++x) {
      const float dx = std::abs(static_cast<float>(x) + 0.5f - middle_x);
      if (dx <= inner) {
        row[x] = laid_over(row[x], colour, whole);
        continue;
      }
      const float inside = apothem - std::max(dx, dx * 0.5f + dy * kHalfRoot3);
      const float coverage = std::clamp(inside + 0.5f, 0.0f, 1.0f);
      row[x] = laid_over(row[x], colour, static_cast<std::uint32_t>(opacity * coverage + 0.5f));
    }
  }
}

}  // namespace

void paint_hexagons(const HexView& view, std::span<const std::uint32_t> ramp, int x, int y,
                    int width, int height, std::uint32_t* out, std::ptrdiff_t stride) {
  const Part part{x, y, width, height, out, stride};
  const double row_px = view.width_px * static_cast<double>(kHalfRoot3);
  const auto row_of = [&](double at) { return (at - view.anchor_y) / row_px; };
  const auto column_of = [&](double at) { return (at - view.anchor_x) / view.width_px; };
  const int first = std::max(static_cast<int>(std::floor(row_of(y))) - 1, 0);
  const int last = std::min(static_cast<int>(std::ceil(row_of(y + height))) + 2, view.rows);
  const int left = std::max(static_cast<int>(std::floor(column_of(x))) - 1, 0);
  const int right = std::min(static_cast<int>(std::ceil(column_of(x + width))) + 2, view.columns);
  const auto apothem = static_cast<float>(view.width_px / 2 - view.inset_px);
  for (int row = first; row < last; ++row) {
    for (int column = left; column < right; ++column) {
      const float place =
          view.places[static_cast<std::size_t>(row) * static_cast<std::size_t>(view.columns) +
                      static_cast<std::size_t>(column)];
      const int index = heat_ramp_index(place);
      if (index == kHeatRampSteps) continue;
      paint(part, static_cast<float>(view.anchor_x + (column + (row & 1) * 0.5) * view.width_px),
            static_cast<float>(view.anchor_y + row * row_px), apothem,
            ramp[static_cast<std::size_t>(index)]);
    }
  }
}

}  // namespace render
