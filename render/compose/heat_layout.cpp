#include "render/compose/heat_layout.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/mercator.hpp"
#include "render/compose/look.hpp"

namespace render {
namespace {

double share_of(int index, int margin, int cell_px, int screen) {
  const int begin = (index - margin) * cell_px, end = begin + cell_px;
  const int shown = std::min(end, screen) - std::max(begin, 0);
  return shown > 0 ? static_cast<double>(shown) / cell_px : 0;
}

// A Gaussian of this variance (cells2) in whole cells; its sum over both sides is 1.
void append_weights(double variance, int taps, std::vector<float>& weights) {
  double own[kHeatWeights] = {1};
  double sum = 1;
  for (int k = 1; k <= taps && variance > 0; ++k) {
    own[k] = std::exp(-k * k / (2 * variance));
    sum += 2 * own[k];
  }
  for (const double weight : own) weights.push_back(static_cast<float>(weight / sum));
}

}  // namespace

double HeatLayout::column_share(int column, int screen_width) const {
  return share_of(column, margin, cell_px, screen_width);
}

double HeatLayout::row_share(int row, int screen_height) const {
  return share_of(row, margin, cell_px, screen_height);
}

HeatLayout HeatLayout::of(const MapFrame& frame) {
  const Camera& camera = frame.camera;
  const double px_per_world = camera.px_per_world();
  const double radius_m = effective_heat_radius_m(frame);
  HeatLayout layout;
  layout.cell_px = heat_cell_px(radius_m / camera.metres_per_px());
  const double equator_m_per_px = fleet::metres_per_world(0) / px_per_world;
  const auto metres_per_px_at = [&](double screen_y) {
    const double y = camera.centre.y + (screen_y - camera.height_px / 2.0) / px_per_world;
    return equator_m_per_px * cos_latitude_at(std::clamp(y, 0.0, 1.0));
  };
  const auto sigma_cells_at = [&](double screen_y) {
    return kHeatSigmaOfRadius * radius_m / metres_per_px_at(screen_y) / layout.cell_px;
  };
  const auto taps_of = [](double sigma) {
    return std::min(kHeatTapsMax, static_cast<int>(std::ceil(kHeatReach * sigma)));
  };
  layout.taps_max = std::max(taps_of(sigma_cells_at(0)), taps_of(sigma_cells_at(camera.height_px)));
  layout.margin = layout.taps_max + 1;
  const auto cells = [&](int px) { return (px + layout.cell_px - 1) / layout.cell_px; };
  layout.columns = cells(camera.width_px) + 2 * layout.margin;
  layout.rows = cells(camera.height_px) + 2 * layout.margin;
  for (int row = 0; row < layout.rows; ++row) {
    const double y = (row - layout.margin + 0.5) * layout.cell_px;
    const double sigma = sigma_cells_at(y);
    const double side_km = metres_per_px_at(y) * layout.cell_px / 1000;
    layout.cell_km2.push_back(static_cast<float>(side_km * side_km));
    layout.taps.push_back(std::min(taps_of(sigma), layout.taps_max));
    append_weights(std::max(sigma * sigma - kHeatTentVariance, 0.0), layout.taps.back(),
                   layout.weights);
  }
  return layout;
}

}  // namespace render
