#include "viewer/charts/scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

constexpr double kHeadroom = 1.05;
/// From one label to the next, in widths of a label.
constexpr float kLabelPitch = 2.5f;

double share_of(double value, double from, double to) {
  if (!(to > from)) return 0;
  return std::clamp((value - from) / (to - from), 0.0, 1.0);
}

/// The smallest of 1, 2, 5, 10 times a power of ten that is at least `least`; least > 0.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    // A hair of room: 0.30000000000000004 is 0.3.
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

double next_step(double step) {
  return round_step(step * 1.5);
}

}  // namespace

float Plot::x_of(double x) const {
  return rect.x0 + rect.width() * static_cast<float>(share_of(x, x0, x1));
}

float Plot::y_of(double y) const {
  return rect.y1 - rect.height() * static_cast<float>(share_of(y, y0, y1));
}

std::vector<double> round_ticks(double least, double most, std::size_t at_most) {
  if (!std::isfinite(least) || !std::isfinite(most) || !(most > least)) return {};
  const auto room = static_cast<double>(std::max<std::size_t>(at_most, 1));
  for (double step = round_step((most - least) / (room + 1));; step = next_step(step)) {
    const double first = std::ceil(least / step - 1e-9);
    const double last = std::floor(most / step + 1e-9);
    if (last - first + 1 > room) continue;
    std::vector<double> ticks;
    for (double i = first; i <= last; ++i) ticks.push_back(i * step);
    return ticks;
  }
}

double scale_top(std::span<const float> values) {
  double most = 0;
  for (const float v : values) {
    if (std::isfinite(v)) most = std::max(most, static_cast<double>(v));
  }
  return most > 0 ? most * kHeadroom : 1;
}

std::string tick_text(double value, double step) {
  const double power = std::floor(std::log10(step) + 1e-9);
  return decimal(value, static_cast<int>(std::clamp(-power, 0.0, 6.0)));
}

int hour_step(float width_px, float label_px) {
  for (const int hours : std::array{1, 2, 3, 6, 12}) {
    if (width_px / 24 * static_cast<float>(hours) >= kLabelPitch * label_px) return hours;
  }
  return 24;
}

}  // namespace viewer
