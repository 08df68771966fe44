#include "render/compose/look.hpp"

#include <algorithm>

namespace render {
namespace {

double mix(double a, double b, double t) {
  return a + (b - a) * t;
}

double step_between(double a, double b, double v) {
  return static_cast<double>(
      smooth_step(static_cast<float>(a), static_cast<float>(b), static_cast<float>(v)));
}

// A core thinner than the pixel grid would flicker as it moves: it is drawn this wide and fainter.
constexpr double kCoreRadiusPxMin = 0.8;

struct Zoomed {
  double radius;       // px of a working machine's core
  double glow_radius;  // px
  double near;         // 0 = dots that differ by light, 1 = shapes
  double exposure;
};

Zoomed zoomed_at(double zoom, double scale) {
  Zoomed z;
  z.radius =
      (1.1 + 1.1 * step_between(3.5, 10, zoom) + 3.3 * step_between(10.5, 15.5, zoom)) * scale;
  z.glow_radius =
      (3.45 + 4.0 * step_between(4.6, 9, zoom) + 14 * step_between(10.5, 15.5, zoom)) * scale;
  z.near = step_between(11, 12.5, zoom);
  z.exposure = exposure_at(zoom);
  return z;
}

StatusShape shape_of(const Zoomed& z, double radius_share, double core_gain, double ring_share,
                     double ring_gain, double glow_opacity, double scale) {
  StatusShape s;
  const double wanted = z.radius * radius_share;
  const double drawn = std::max(wanted, kCoreRadiusPxMin);
  s.core_radius = static_cast<float>(drawn);
  s.core_gain = static_cast<float>(core_gain * (wanted / drawn) * (wanted / drawn));
  s.ring_radius = static_cast<float>(z.radius * ring_share);
  s.ring_width = static_cast<float>(std::max(1.25 * scale, 1.0));
  s.ring_gain = static_cast<float>(ring_gain);
  s.glow_gain = static_cast<float>(light_of_tone(glow_opacity, z.exposure));
  return s;
}

}  // namespace

double exposure_at(double zoom) {
  // Each zoom step spreads the same machines over four times the pixels: the light of one follows
  // part of the way, from half its colour at country zoom to nearly all of it at a worksite.
  return std::exp2(mix(0.45, 5.0, step_between(2.5, 15, zoom)));
}

PointLook point_look(double zoom, double scale) {
  const Zoomed z = zoomed_at(zoom, scale);
  const double n = z.near;
  const double far_glow = mix(0.16, 0.24, step_between(4, 9, zoom));
  // Near, dim statuses are given by the opacity they should have, for the light the dark theme
  // gives them: exposure would make them as bright as those that work.
  const auto dim = [&](double far_gain, double near_opacity, double light) {
    return mix(far_gain, light_of_tone(near_opacity, z.exposure) / light, n);
  };
  constexpr double kStopped = 0.48, kSilent = 0.28, kUnknown = 0.23;
  PointLook look;
  //                        radius, core light, ring radius, ring light, glow's opacity
  look.shapes[0] = shape_of(z, 1.0, 1.0, 0, 0, mix(far_glow, 0.36, n), scale);
  look.shapes[1] = shape_of(z, mix(0.95, 0.8, n), 1.0, 0, 0, mix(far_glow * 0.7, 0.10, n), scale);
  look.shapes[2] = shape_of(z, mix(0.9, 0.55, n), dim(0.6, 0.28, kStopped), 0.62,
                            dim(0, 0.5, kStopped), mix(far_glow * 0.3, 0, n), scale);
  look.shapes[3] =
      shape_of(z, mix(0.8, 0.3, n), 0.4 * (1 - n), 1.0, dim(0, 0.42, kSilent), 0, scale);
  look.shapes[4] =
      shape_of(z, mix(0.8, 0.3, n), 0.3 * (1 - n), 0.7, dim(0, 0.28, kUnknown), 0, scale);
  // Far: a star that falls off from its middle. Near: a disc with a clean edge.
  look.softness = static_cast<float>(std::max(1.0, mix(1.9, 1.2, n) * scale));
  look.glow_radius = static_cast<float>(std::max(z.glow_radius, 2.0));
  look.tick_gain = static_cast<float>(0.5 * n);
  look.tick_radius = static_cast<float>(z.radius);
  look.tick_width = static_cast<float>(std::max(0.7 * scale, 0.5));
  look.exposure = static_cast<float>(z.exposure);
  return look;
}

PointLook point_look(const MapFrame& frame) {
  PointLook look = point_look(frame.camera.zoom, static_cast<double>(frame.ui_scale));
  if (!frame.heat) return look;
  constexpr float kGlow = 0.1f, kRadius = 0.8f;
  // From far off a spot of heat is no larger than a machine's own light and is told by its hue
  // alone: there points are the quietest.
  auto exposure = static_cast<float>(mix(0.15, 0.5, step_between(6, 10, frame.camera.zoom)));
  // Blue is a place where less was done, and is not to be taken for machines that stand.
  if (frame.heat_difference) exposure *= 0.35f;
  // From where machines are shapes, they stand far enough apart to be themselves.
  const auto far = static_cast<float>(1 - step_between(11, 12.5, frame.camera.zoom));
  const auto quiet = [far](float share) { return 1 + (share - 1) * far; };
  look.exposure *= quiet(exposure);
  for (StatusShape& shape : look.shapes) {
    shape.glow_gain *= quiet(kGlow);
    shape.core_radius = std::max(shape.core_radius * quiet(kRadius),
                                 std::min(shape.core_radius, static_cast<float>(kCoreRadiusPxMin)));
  }
  return look;
}

int heat_cell_px(double radius_px) {
  constexpr double kRadiusCellsMax = 8;
  int cell = 2;
  while (radius_px > kRadiusCellsMax * cell && cell < (1 << 20)) cell *= 2;
  return cell;
}

namespace {

std::array<float, 4> colour_at(float at, std::span<const MapTheme::HeatStop> stops) {
  std::size_t k = 1;
  while (k + 1 < stops.size() && stops[k].at < at) ++k;
  const auto& a = stops[k - 1];
  const auto& b = stops[k];
  const float width = b.at - a.at;
  const float t = width > 0 ? std::clamp((at - a.at) / width, 0.0f, 1.0f) : 1.0f;
  return {a.colour.r + (b.colour.r - a.colour.r) * t, a.colour.g + (b.colour.g - a.colour.g) * t,
          a.colour.b + (b.colour.b - a.colour.b) * t, a.opacity + (b.opacity - a.opacity) * t};
}

}  // namespace

HeatRamp heat_ramp_of(const MapTheme& theme, bool difference) {
  HeatRamp ramp{};
  // Nothing there, nothing drawn: whole screens of zero density stay the bare base map.
  for (int step = 1; step <= kHeatRampSteps; ++step) {
    const float at = static_cast<float>(step) / static_cast<float>(kHeatRampSteps);
    auto& above = ramp[static_cast<std::size_t>(kHeatRampSteps + step)];
    if (!difference) {
      above = colour_at(at, theme.heat_ramp);
      continue;
    }
    above = colour_at(at, theme.more_ramp);
    ramp[static_cast<std::size_t>(kHeatRampSteps - step)] = colour_at(at, theme.less_ramp);
  }
  return ramp;
}

}  // namespace render
