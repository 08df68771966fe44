#include <algorithm>
#include <cmath>

#include "viewer/model/fill.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

/// Half the smaller side of the map: from this on it shows the country, from that on a province.
constexpr double kCountryM = 650e3;
constexpr double kProvinceM = 130e3;
/// What was said stays until the view has changed by this much more.
constexpr double kStays = 1.1;
/// A place out of view is named within this distance: a large city and its outskirts.
constexpr double kNearKm = 30;
/// Another place takes over when it is clearly nearer.
constexpr double kClearlyNearer = 0.8;

/// To a length that one says: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 and these times ten.
double said_length(double metres) {
  constexpr double kSteps[] = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
  const double power = std::pow(10.0, std::floor(std::log10(std::max(metres, 10.0))));
  double best = power;
  for (const double step : kSteps) {
    if (std::abs(std::log(step * power / metres)) < std::abs(std::log(best / metres)))
      best = step * power;
  }
  return std::max(best, 10.0);
}

/// The length said before while it is still about right: steps are a third apart at most.
double kept_length(double metres, double before) {
  constexpr double kAboutRight = 1.25;
  if (before > 0 && metres < before * kAboutRight && metres > before / kAboutRight) return before;
  return said_length(metres);
}

double distance_km(const fleet::Place& place, fleet::LonLat from) {
  return fleet::distance_m(fleet::lonlat_from_grid(place.where), from) / 1000;
}

/// The nearest place that may be named, or the one named before while it is not clearly farther.
const fleet::Place* place_near(const FleetView& view, fleet::GridPoint where, double most_km,
                               const fleet::Place* before) {
  const fleet::Place* nearest = view.places().nearest(where, most_km);
  if (before == nullptr || before == nearest) return nearest;
  const fleet::LonLat from = fleet::lonlat_from_grid(where);
  const double kept_km = distance_km(*before, from);
  if (kept_km > most_km * kStays) return nearest;
  return nearest && distance_km(*nearest, from) < kClearlyNearer * kept_km ? nearest : before;
}

}  // namespace

ChooserModel chooser_model(const FleetView& view, const Chooser& chooser) {
  ChooserModel model;
  model.open = true;
  model.at_x = chooser.at.x;
  model.at_y = chooser.at.y;
  model.total = chooser.total;
  model.selected = chooser.selected;
  model.moving = !view.has_engine_data();
  const fleet::Roster& roster = view.state().roster();
  for (const std::string& id : chooser.machines) {
    ChooserRow& row = model.rows.emplace_back();
    row.serial = id;
    const auto slot = roster.find(id);
    if (!slot || *slot >= view.statuses().size()) continue;  // another fleet has come meanwhile
    row = {roster[*slot].name(), roster[*slot].model, view.statuses()[*slot]};
  }
  return model;
}

std::string scope_text(const FleetView& view, const render::Camera& camera, const Rect& map,
                       Lang lang, ScopeMemory& memory) {
  if (map.empty()) return {};
  const bool english = lang == Lang::en;
  const double half_px = double{std::min(map.width(), map.height())} / 2;
  const double half_m = half_px * camera.metres_per_px();
  const fleet::WorldPoint middle = camera.world_from_screen(
      {(double{map.x0} + double{map.x1}) / 2, (double{map.y0} + double{map.y1}) / 2});
  const fleet::GridPoint where = fleet::grid_from_lonlat(fleet::lonlat_from_world(middle));
  const auto name = [english](const fleet::Names& names) { return english ? names.en : names.zh; };
  const fleet::RegionIndex region = view.regions().find(where);
  memory.country = half_m * (memory.country ? kStays : 1) >= kCountryM;
  memory.province = half_m * (memory.province ? kStays : 1) >= kProvinceM;
  if (memory.country) {
    return region == fleet::kNoRegion ? std::string()
                                      : std::string(text_of(lang, Text::whole_country));
  }
  if (!memory.province) {
    memory.place = place_near(view, where, std::max(kNearKm, half_m / 1000), memory.place);
    if (memory.place) {
      memory.radius_m = kept_length(half_m, memory.radius_m);
      const double away_m = distance_km(*memory.place, fleet::lonlat_from_grid(where)) * 1000;
      // "1 km around" a place that is not there to be seen says that it is.
      const bool in_view = away_m <= memory.radius_m;
      const Text said = in_view ? Text::around_place : Text::around_near;
      const std::string text = filled(text_of(lang, said), "p", name(memory.place->names));
      return filled(text, "r", length_text(memory.radius_m));
    }
  }
  if (region == fleet::kNoRegion) return {};
  return name(view.regions().regions()[static_cast<std::size_t>(region)].names);
}

}  // namespace viewer
