// A made-up fleet for pictures and measurements: clusters over eastern China, deterministic.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "fleet/mercator.hpp"
#include "render/map_frame.hpp"

namespace render::test {

/// Small generator with known output everywhere (std distributions differ between libraries).
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed) {}
  double unit() {  // [0, 1)
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ / 4294967296.0;
  }
  double normal() {
    return std::sqrt(-2 * std::log(unit() + 1e-12)) * std::cos(6.283185307179586 * unit());
  }

 private:
  std::uint32_t state_;
};

inline PointInstance point_at(fleet::LonLat place, std::uint32_t style) {
  const fleet::WorldPoint world = fleet::world_from_lonlat(place);
  PointInstance point;
  point.x = point.from_x = static_cast<std::uint32_t>(world.x * 4294967295.0);
  point.y = point.from_y = static_cast<std::uint32_t>(world.y * 4294967295.0);
  point.style = style;
  return point;
}

/// The part of the fleet that stands in one city.
struct City {
  double lon, lat, weight, spread_deg;
};

/// count machines: 12 % scattered, the others about cities; a third of them work.
inline std::vector<PointInstance> fake_fleet(std::size_t count, std::uint32_t seed = 7) {
  static constexpr std::array<City, 24> kCities{{
      {116.4, 39.9, 9, .35}, {117.2, 39.1, 5, .25}, {121.4, 31.2, 9, .25},  {113.3, 23.1, 9, .3},
      {114.1, 22.6, 6, .15}, {114.3, 30.6, 7, .35}, {112.9, 28.2, 10, .35}, {113.6, 34.7, 7, .4},
      {108.9, 34.3, 6, .35}, {104.1, 30.7, 7, .35}, {106.5, 29.6, 6, .35},  {118.8, 32.1, 6, .3},
      {120.2, 30.3, 6, .3},  {117.2, 31.8, 4, .3},  {117.0, 36.6, 5, .4},   {120.3, 36.1, 4, .25},
      {114.5, 38.0, 4, .35}, {119.2, 26.1, 3, .2},  {108.4, 22.8, 3, .35},  {102.7, 25.0, 3, .35},
      {123.4, 41.8, 4, .4},  {103.8, 36.1, 2, .45}, {119.9, 31.8, 4, .25},  {115.0, 33.6, 2, .6},
  }};
  double total = 0;
  for (const City& city : kCities) total += city.weight;
  Dice dice(seed);
  std::vector<PointInstance> points;
  points.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    fleet::LonLat place{104 + 15 * dice.unit(), 23.5 + 16 * dice.unit()};
    if (dice.unit() >= 0.12) {
      double left = dice.unit() * total;
      std::size_t k = 0;
      while ((left -= kCities[k].weight) > 0 && k + 1 < kCities.size()) ++k;
      const double spread = kCities[k].spread_deg * (dice.unit() < 0.6 ? 0.35 : 1.2);
      place = {kCities[k].lon + dice.normal() * spread, kCities[k].lat + dice.normal() * spread};
    }
    const double u = dice.unit();
    const std::uint32_t status = u < .34 ? 0 : u < .52 ? 1 : u < .93 ? 2 : 3;
    std::uint32_t style = status | static_cast<std::uint32_t>(dice.unit() * 360) << 8;
    if (dice.unit() < 0.5) style |= PointInstance::kHasHeading;
    points.push_back(point_at(place, style));
  }
  return points;
}

/// The colours of the control room, for tests that must not change with the theme.
inline MapTheme plain_theme() {
  MapTheme theme;
  theme.machine_light = {{{0.91f, 0.96f, 1.0f},
                          {0.42f, 0.62f, 0.86f},
                          {0.16f, 0.21f, 0.29f},
                          {0.11f, 0.14f, 0.19f},
                          {0.07f, 0.09f, 0.12f}}};
  theme.heat_ramp = {{{0.0f, {0.06f, 0.09f, 0.27f}, 0.0f},
                      {0.15f, {0.13f, 0.13f, 0.42f}, 0.45f},
                      {0.4f, {0.42f, 0.13f, 0.55f}, 0.7f},
                      {0.65f, {0.78f, 0.20f, 0.42f}, 0.82f},
                      {0.85f, {0.98f, 0.55f, 0.24f}, 0.9f},
                      {1.0f, {1.0f, 0.93f, 0.68f}, 0.95f}}};
  theme.more_ramp = {{{0.0f, {0.4f, 0.2f, 0.0f}, 0.0f},
                      {0.05f, {0.6f, 0.3f, 0.0f}, 0.3f},
                      {0.3f, {0.6f, 0.3f, 0.0f}, 0.5f},
                      {0.7f, {0.9f, 0.6f, 0.2f}, 0.8f},
                      {1.0f, {1.0f, 0.9f, 0.7f}, 0.9f}}};
  theme.less_ramp = {{{0.0f, {0.0f, 0.2f, 0.4f}, 0.0f},
                      {0.05f, {0.0f, 0.3f, 0.6f}, 0.3f},
                      {0.3f, {0.0f, 0.3f, 0.6f}, 0.5f},
                      {0.7f, {0.2f, 0.6f, 0.9f}, 0.8f},
                      {1.0f, {0.7f, 0.9f, 1.0f}, 0.9f}}};
  return theme;
}

inline Camera camera_at(fleet::LonLat centre, double zoom, int width, int height) {
  Camera camera;
  camera.centre = fleet::world_from_lonlat(centre);
  camera.zoom = zoom;
  camera.width_px = width;
  camera.height_px = height;
  return camera;
}

}  // namespace render::test
