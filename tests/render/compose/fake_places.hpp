// Made-up weighted places for tests and measurements.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/render/compose/fake_fleet.hpp"

namespace render::test {

inline HeatPlace place_at(fleet::LonLat at, float weight) {
  const PointInstance point = point_at(at, 0);
  return {point.x, point.y, weight};
}

/// Where fake_fleet's machines stand, with 0 to 10 hours each.
inline std::vector<HeatPlace> fake_places(std::size_t count, std::uint32_t seed = 11) {
  Dice dice(seed);
  std::vector<HeatPlace> places;
  places.reserve(count);
  for (const PointInstance& point : fake_fleet(count, seed)) {
    places.push_back({point.x, point.y, static_cast<float>(10 * dice.unit())});
  }
  return places;
}

inline double sum_of(const std::vector<HeatPlace>& places) {
  double sum = 0;
  for (const HeatPlace& place : places) sum += static_cast<double>(place.weight);
  return sum;
}

}  // namespace render::test
