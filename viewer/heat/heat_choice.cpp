#include "viewer/heat/heat_choice.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace viewer {

float full_of(const HeatChoice& choice, double mean, float before) {
  if (choice.full_per_km2 > 0) return choice.full_per_km2;
  switch (choice.measure) {
    case HeatMeasure::hours:
      return 60;
    case HeatMeasure::working:
      return 15;
    case HeatMeasure::machines:
      return 30;
    case HeatMeasure::field:
      break;
  }
  if (!(mean > 0)) return 100;
  const double wanted = 15 * mean;  // as dense as fifteen machines
  constexpr double kStays = 1.5;
  if (before > 0 && wanted < kStays * double{before} && wanted > double{before} / 10 / kStays)
    return before;
  return static_cast<float>(std::pow(10.0, std::ceil(std::log10(wanted))));
}

float difference_full_of(const HeatChoice& choice) {
  return choice.full_per_km2 > 0 ? choice.full_per_km2 : 20;
}

void next_measure(HeatChoice& choice) {
  const int count = choice.field.empty() ? 3 : 4;
  choice.measure = static_cast<HeatMeasure>((static_cast<int>(choice.measure) + 1) % count);
}

void next_radius(HeatChoice& choice) {
  const auto* const next = std::ranges::upper_bound(kHeatRadiiM, choice.radius_m);
  choice.radius_m = next == kHeatRadiiM.end() ? kHeatRadiiM.front() : *next;
}

std::optional<HourSpan> parse_hours(const std::string& text) {
  HourSpan span;
  const char* const end = text.data() + text.size();
  const auto from = std::from_chars(text.data(), end, span.from);
  if (from.ec != std::errc{} || from.ptr == end || *from.ptr != '-') return std::nullopt;
  const auto to = std::from_chars(from.ptr + 1, end, span.to);
  if (to.ec != std::errc{} || to.ptr != end) return std::nullopt;
  const auto hour = [](int h) { return h >= 0 && h <= 24; };
  if (!hour(span.from) || !hour(span.to) || span.from % 24 == span.to % 24) {
    if (!(span.from == 0 && span.to == 24)) return std::nullopt;
  }
  return span;
}

}  // namespace viewer
