// HeatChoice: what the heat on the map is of, as a person chose it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "viewer/panels/models.hpp"

namespace viewer {

/// Hours of the day, [from, to); from > to goes over midnight; 0, 24 = the whole day.
struct HourSpan {
  int from = 0, to = 24;

  bool whole() const { return from == 0 && to == 24; }
  bool has(int hour) const {
    return from < to ? hour >= from && hour < to : hour >= from || hour < to;
  }
  /// Whether any of it is past or under way in this hour of its day, 0..23.
  bool begun_by(int hour_now) const {
    for (int hour = 0; hour <= hour_now; ++hour) {
      if (has(hour)) return true;
    }
    return false;
  }
  bool operator==(const HourSpan&) const = default;
};

/// What a click or a key goes through: the day, the hours before eight to nine, the night.
inline constexpr std::array<HourSpan, 3> kHourSpans{{{0, 24}, {7, 9}, {20, 6}}};
/// Radii of the kernel, metres.
inline constexpr std::array<float, 5> kHeatRadiiM{500, 1000, 2000, 5000, 10'000};
inline constexpr float kLeastHeatRadiusM = 50, kMostHeatRadiusM = 100'000;

struct HeatChoice {
  HeatMeasure measure = HeatMeasure::hours;
  std::string field;  ///< name of the field that is summed; with HeatMeasure::field
  HourSpan hours;     ///< of the day shown; with HeatMeasure::hours
  float radius_m = 2000;
  bool hexagons = false;
  float full_per_km2 = 0;  ///< density of the ramp's last colour; 0 = full_of(measure)

  bool operator==(const HeatChoice&) const = default;
};

/// Density of the ramp's last colour. The same at every zoom, so that a colour always means the
/// same: a packed worksite reaches it. mean: of the values summed, for a field, whose power of ten
/// decides; before: what it said of that field last (0 = nothing), which stays until the mean has
/// clearly left its power: values that go up and down do not make all colours jump.
float full_of(const HeatChoice& choice, double mean = 0, float before = 0);

/// The same of a difference of two days, in which most of what was done on both is gone.
float difference_full_of(const HeatChoice& choice);

/// Hours, working, machines, and the field if one was named; then hours again.
void next_measure(HeatChoice& choice);
/// The next one of kHeatRadiiM.
void next_radius(HeatChoice& choice);

/// "7-9" or "20-6": whole hours 0..24 that differ. Nothing if it is not that.
std::optional<HourSpan> parse_hours(const std::string& text);

}  // namespace viewer
