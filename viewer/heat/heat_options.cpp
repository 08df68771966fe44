#include "viewer/heat/heat_options.hpp"

namespace viewer {

void add_heat_options(CLI::App& app, HeatChoice& heat, RawHeatOptions& raw) {
  app.add_option("--heat-of", raw.of,
                 "hours (worked today), working (machines now), machines, or a field that is "
                 "summed: counters and amounts, as fuel_used_l")
      ->check(net::not_empty());
  app.add_option("--heat-hours", raw.hours, "hours of the day that count, e.g. 7-9 or 20-6")
      ->check(net::not_empty());
  app.add_option("--heat-radius", heat.radius_m, "of the kernel, metres")
      ->check(net::number_from(kLeastHeatRadiusM, kMostHeatRadiusM));
  app.add_option("--heat-full", heat.full_per_km2,
                 "density per km2 of the last colour (hours 60, working 15, machines 30, "
                 "a field: by its values)")
      ->check(net::number_from(1e-6, 1e9));
  app.add_option("--heat-form", raw.form, "smooth or hexagons")
      ->check(CLI::IsMember({"smooth", "hexagons"}));
}

std::string finish_heat(const RawHeatOptions& raw, HeatChoice& heat) {
  heat.hexagons = raw.form == "hexagons";
  if (raw.of == "hours" || raw.of == "working" || raw.of == "machines") {
    heat.measure = raw.of == "hours"     ? HeatMeasure::hours
                   : raw.of == "working" ? HeatMeasure::working
                                         : HeatMeasure::machines;
  } else {
    heat.measure = HeatMeasure::field;
    heat.field = raw.of;
  }
  if (raw.hours.empty()) return {};
  const auto hours = parse_hours(raw.hours);
  if (!hours) {
    return "--heat-hours: expected two hours 0..24 that differ, as 7-9 or 20-6, got '" + raw.hours +
           "'";
  }
  heat.hours = *hours;
  return {};
}

}  // namespace viewer
