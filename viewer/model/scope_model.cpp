#include <algorithm>
#include <cmath>

#include "viewer/model/fill.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

/// Half the smaller side of the map: from this on it shows the country, from that on a province.
constexpr double kCountryM = 650e3;
constexpr double kProvinceM = 130e3;
/// A view whose middle is farther than this from any place of the atlas has no name.
constexpr double kPlaceKm = 100;

/// To a length that one says: 1.2 km, 12 km, 70 km.
double said_length(double metres) {
  const double digit = std::pow(10.0, std::floor(std::log10(std::max(metres, 10.0))));
  const double step = metres < 2 * digit ? digit / 10 : digit / 2;
  return std::max(std::round(metres / step) * step, 10.0);
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
                       Lang lang) {
  if (map.empty()) return {};
  const bool english = lang == Lang::en;
  const double half_px = double{std::min(map.width(), map.height())} / 2;
  const double half_m = half_px * camera.metres_per_px();
  const fleet::WorldPoint middle = camera.world_from_screen(
      {(double{map.x0} + double{map.x1}) / 2, (double{map.y0} + double{map.y1}) / 2});
  const fleet::GridPoint where = fleet::grid_from_lonlat(fleet::lonlat_from_world(middle));
  const auto name = [english](const fleet::Names& names) { return english ? names.en : names.zh; };
  const fleet::RegionIndex region = view.regions().find(where);
  if (half_m >= kCountryM) {
    return region == fleet::kNoRegion ? std::string()
                                      : std::string(text_of(lang, Text::whole_country));
  }
  if (half_m >= kProvinceM) {
    if (region == fleet::kNoRegion) return {};
    return name(view.regions().regions()[static_cast<std::size_t>(region)].names);
  }
  const fleet::Place* place = view.places().nearest(where, kPlaceKm);
  if (place == nullptr) return {};
  const std::string text = filled(text_of(lang, Text::around_place), "p", name(place->names));
  return filled(text, "r", length_text(said_length(half_m)));
}

}  // namespace viewer
