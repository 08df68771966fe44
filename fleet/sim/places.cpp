#include "fleet/sim/places.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace fleet::sim {
namespace {

constexpr Place kPlaces[] = {
#include "fleet/sim/places.inc"
};
constexpr std::string_view kMasks[] = {
#include "fleet/sim/place_masks.inc"
};
static_assert(std::size(kPlaces) == std::size(kMasks));

// Rates and hours of the nine first as drawn in the target picture; the rest is our estimate around
// the published national figures (README.md).
constexpr Province kProvinces[] = {
    {"浙江", 0.689, 1.095},  {"江苏", 0.662, 1.065},  {"福建", 0.634, 1.04},
    {"广东", 0.618, 1.015},  {"安徽", 0.601, 1.025},  {"四川", 0.588, 0.975},
    {"湖北", 0.575, 0.96},   {"山东", 0.550, 0.945},  {"河南", 0.527, 0.92},
    {"上海", 0.526, 1.00},   {"湖南", 0.489, 0.94},   {"江西", 0.498, 0.95},
    {"河北", 0.437, 0.93},   {"北京", 0.423, 0.93},   {"天津", 0.423, 0.93},
    {"山西", 0.451, 1.00},   {"内蒙古", 0.461, 1.05}, {"陕西", 0.470, 0.96},
    {"重庆", 0.484, 0.95},   {"贵州", 0.414, 0.93},   {"云南", 0.423, 0.94},
    {"广西", 0.428, 0.93},   {"海南", 0.451, 0.95},   {"甘肃", 0.404, 0.95},
    {"青海", 0.395, 0.95},   {"宁夏", 0.404, 0.96},   {"新疆", 0.470, 1.05},
    {"西藏", 0.395, 0.95},   {"辽宁", 0.385, 0.90},   {"吉林", 0.357, 0.90},
    {"黑龙江", 0.348, 0.90},
};

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : 63;
}

/// Rows from the south, columns from the west; four characters a row.
bool cell_is_dry(int place, int row, int col) {
  const std::string_view mask = kMasks[place];
  const int bit = row * kMaskCells + col;
  const char c = mask[static_cast<std::size_t>(bit / 6)];
  return (base64_value(c) >> (5 - bit % 6)) & 1;
}

bool inner_cell(int place, int row, int col) {
  for (int r = row - 1; r <= row + 1; ++r)
    for (int c = col - 1; c <= col + 1; ++c) {
      if (r < 0 || c < 0 || r >= kMaskCells || c >= kMaskCells) return false;
      if (!cell_is_dry(place, r, c)) return false;
    }
  return true;
}

constexpr double kCellKm = 4;
constexpr std::uint16_t kInnerFlag = 0x8000;

}  // namespace

std::span<const Place> places() {
  return kPlaces;
}
std::span<const Province> provinces() {
  return kProvinces;
}

int province_of(const Place& place) {
  const auto at = std::find_if(std::begin(kProvinces), std::end(kProvinces),
                               [&](const Province& p) { return p.name == place.province; });
  return static_cast<int>(at - std::begin(kProvinces));
}

SiteField::SiteField(int place) : place_(&kPlaces[place]) {
  double sum = 0;
  for (int row = 0; row < kMaskCells; ++row)
    for (int col = 0; col < kMaskCells; ++col) {
      if (!cell_is_dry(place, row, col)) continue;
      const double dx = (col + 0.5 - kMiddleCell) * kCellKm;
      const double dy = (row + 0.5 - kMiddleCell) * kCellKm;
      // Dense belt around the town, a thinner one in the country: 1 / (1 + (r / 11 km)^3), with the
      // very centre built up already. Mines lie away from the town.
      const double r2 = (dx * dx + dy * dy) / (11.0 * 11.0), r = std::sqrt(r2);
      double weight = (0.35 + r2) / (1 + r2 * r2 * r) + 0.02;
      if (place_->mines) weight = weight * 0.5 + (r > 1 ? 0.12 : 0);
      sum += weight;
      cells_[count_] = static_cast<std::uint16_t>(row * kMaskCells + col);
      if (inner_cell(place, row, col)) cells_[count_] |= kInnerFlag;
      sums_[count_++] = sum;
    }
}

MicroPoint SiteField::draw(Draws& draws, double margin_m) const {
  const double u = draws.uniform() * sums_[count_ - 1];
  const int i = static_cast<int>(
      std::min<std::ptrdiff_t>(std::upper_bound(sums_, sums_ + count_, u) - sums_, count_ - 1));
  const int cell = cells_[i] & ~kInnerFlag;
  const double margin = (cells_[i] & kInnerFlag) ? 0 : margin_m / (kCellKm * 1000) * 1.4;
  const int row = cell / kMaskCells, col = cell % kMaskCells;
  const double x = col + draws.in(margin, 1 - margin) - kMiddleCell;
  const double y = row + draws.in(margin, 1 - margin) - kMiddleCell;
  return {static_cast<std::int32_t>((place_->lon + x * kCellLonDeg) * kMicro),
          static_cast<std::int32_t>((place_->lat + y * kCellLatDeg) * kMicro)};
}

}  // namespace fleet::sim
