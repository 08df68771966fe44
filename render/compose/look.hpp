// Look: every number and formula that decides how machines and heat look on the map.
//
// Both composers read this; shaders/compose_look.glsl mirrors the formulas marked (GLSL) word for
// word, everything else reaches the shaders as uniforms. Pure maths, no GL.
//
// Light. A machine adds light to the pixels around it: a crisp core and a faint glow. Light adds up
// in float, one pixel may hold the light of a thousand machines, and the tone curve
//
//     T = u / (u + sqrt(u + 1)),  u = exposure * light
//
// turns the sum into an opacity of the light's own hue. Small light is shown in proportion, so
// statuses stay apart; great light grows as its square root does: 1 machine is 0.5, 10 machines 0.8
// and 100 machines 0.93 at country zoom. It never reaches 1: structure stays readable in a crowd.
//
// On a light map the same sum is ink: each channel below keeps 1 - T times the ink's share of it.
//
// Heat. Machines per km2, coloured by  t = ln(1 + k x) / ln(1 + k)  with x = density / full and
// k = kHeatScaleK: logarithmic but for its foot, where zero is zero. heat_share_at() inverts it for
// legends.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "render/map_frame.hpp"

namespace render {

inline constexpr int kPointStatusCount = 5;  ///< as fleet::Status: working ... unknown
/// Points stand on quarter pixels: finer cannot be seen, and kernels can be made beforehand.
inline constexpr int kSubPixels = 4;
/// Light of a machine that a filter dims, against its own.
inline constexpr float kDimmedLight = 0.12f;
/// A tick says "moves that way": from this many core radii to that many.
inline constexpr float kTickFrom = 1.45f;
inline constexpr float kTickTo = 2.6f;

/// How one status is drawn: light as a function of the distance to the middle. px and light.
struct StatusShape {
  float core_radius = 0, core_gain = 0;
  float ring_radius = 0, ring_width = 1, ring_gain = 0;  ///< width: from the middle to no light
  float glow_gain = 0;
};

/// How points are drawn at one zoom and scale.
struct PointLook {
  std::array<StatusShape, kPointStatusCount> shapes;
  float softness = 1;     ///< px over which a core's edge falls off
  float glow_radius = 3;  ///< px; no light beyond it: the support of the kernel
  float tick_gain = 0;    ///< light of the heading tick, 0 = none
  float tick_radius = 1;  ///< px, core radius the tick is measured in
  float tick_width = 1;   ///< px, half
  float exposure = 1;
};

/// zoom: as Camera, 1/1920 of the width's framing. scale: MapFrame::ui_scale, 1 at 1920x1080.
PointLook point_look(double zoom, double scale);
/// As a frame draws them: over a heat map they are smaller and quieter and have no glow, so that
/// the heat is what is seen first.
PointLook point_look(const MapFrame& frame);
/// Exposure alone: depends on zoom only, so every size of screen shows the same brightness.
double exposure_at(double zoom);

inline float smooth_step(float a, float b, float v) {
  float t = (v - a) / (b - a);
  t = t < 0 ? 0 : (t > 1 ? 1 : t);
  return t * t * (3 - 2 * t);
}

/// Light at `distance` px from the middle, in units of the machine's own light. (GLSL)
inline float point_light(const StatusShape& s, float softness, float glow_radius, float distance) {
  const float edge = softness * 0.5f;
  float light =
      s.core_gain * (1 - smooth_step(s.core_radius - edge, s.core_radius + edge, distance));
  const float off_ring = std::abs(distance - s.ring_radius) / s.ring_width;
  if (off_ring < 1) light += s.ring_gain * (1 - off_ring * off_ring);
  const float u = 1 - (distance * distance) / (glow_radius * glow_radius);
  return u > 0 ? light + s.glow_gain * (u * u) * (u * u) : 0;
}

/// Light of the heading tick at (dx, dy) px from the middle, y down; (hx, hy): unit heading. (GLSL)
inline float tick_light(const PointLook& look, float dx, float dy, float hx, float hy) {
  const float from = kTickFrom * look.tick_radius, to = kTickTo * look.tick_radius;
  float along = dx * hx + dy * hy;
  along = along < from ? from : (along > to ? to : along);
  const float ex = dx - hx * along, ey = dy - hy * along;
  const float d = std::sqrt(ex * ex + ey * ey);
  return look.tick_gain * (1 - smooth_step(look.tick_width - 0.5f, look.tick_width + 0.5f, d));
}

/// Opacity of light: monotone, 0 at 0, below 1. light: the largest channel of the sum. (GLSL)
inline float tone(float light, float exposure) {
  const float u = light * exposure;
  return u / (u + std::sqrt(u + 1));
}
/// The light whose tone is `opacity`.
inline double light_of_tone(double opacity, double exposure) {
  const double s = opacity / (1 - opacity);  // u = s sqrt(u + 1), solved for u
  return (s * s + s * std::sqrt(s * s + 4)) / 2 / exposure;
}

/// A tenth of the full density stands at 0.64 of the ramp, a hundredth at 0.30, a thousandth at
/// 0.07: a country's average, a city and a worksite all show structure by one scale.
inline constexpr float kHeatScaleK = 600;
/// Place on the ramp, -1..1, of a density as a share of MapFrame::heat_full_per_km2; below zero in
/// a difference alone, the same as above it. (GLSL)
inline float heat_scale(float share) {
  const float size = std::abs(share), clamped = size > 1 ? 1 : size;
  return std::copysign(std::log(1 + kHeatScaleK * clamped) / std::log(1 + kHeatScaleK), share);
}
/// Share of the full density at place t of the ramp: what a legend prints under its colours.
inline double heat_share_at(double t) {
  return (std::pow(1.0 + static_cast<double>(kHeatScaleK), t) - 1) /
         static_cast<double>(kHeatScaleK);
}

/// Kernel of the heat: a Gaussian of sigma = radius / 2, cut at kHeatReach sigma, where it is down
/// to 1/3000: cut sooner, the edge of a packed worksite would show on the ramp.
inline constexpr double kHeatSigmaOfRadius = 0.5;
inline constexpr double kHeatReach = 4.0;
/// Size of a heat cell in pixels (a power of two, 2 at least) for a radius in pixels: the radius is
/// 4 to 8 cells, so the cost does not grow with it. Up to 8 px: 2 px cells.
int heat_cell_px(double radius_px);
/// Variance in cells that binning and drawing add by themselves (a tent each, 1/6 cell2).
inline constexpr double kHeatTentVariance = 1.0 / 3.0;

/// Steps of the ramp on either side of zero.
inline constexpr int kHeatRampSteps = 255;
/// Colours of the steps from -kHeatRampSteps to it, R G B opacity, 0..1.
using HeatRamp = std::array<std::array<float, 4>, 2 * kHeatRampSteps + 1>;
/// The theme's ramp of a density, of which nothing lies below zero, or that of a difference.
HeatRamp heat_ramp_of(const MapTheme& theme, bool difference);
/// Which colour of a HeatRamp a place on the ramp has. (GLSL)
inline int heat_ramp_index(float place) {
  constexpr auto kSteps = static_cast<float>(kHeatRampSteps);
  return kHeatRampSteps + static_cast<int>(place * kSteps + std::copysign(0.5f, place));
}

/// cos(latitude) at a world y in [0,1]: 1 / cosh(pi (1 - 2y)). (GLSL)
inline double cos_latitude_at(double world_y) {
  constexpr double kPi = 3.14159265358979323846;
  return 1.0 / std::cosh(kPi * (1 - 2 * world_y));
}

}  // namespace render
