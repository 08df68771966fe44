#include "viewer/map_marks.hpp"

#include "viewer/picking.hpp"

namespace viewer {
namespace {

/// Marks and places this far outside the window still reach into it.
constexpr double kReachPx = 120;

/// Places of a rank are named from this zoom on: a country map names provinces' seats only.
double least_zoom(std::uint8_t rank) {
  switch (rank) {
    case 0:
      return 0;
    case 1:
      return 3;
    case 2:
      return 5.4;
    default:
      return 7.5;
  }
}

Point screen_of(const render::Camera& camera, fleet::WorldPoint p) {
  const render::ScreenPoint s = camera.screen_from_world(p);
  return {static_cast<float>(s.x), static_cast<float>(s.y)};
}

Point screen_of(const render::Camera& camera, const render::PointInstance& p) {
  return screen_of(camera, place_of(p));
}

bool near_view(const render::Camera& camera, Point p) {
  return static_cast<double>(p.x) > -kReachPx && static_cast<double>(p.y) > -kReachPx &&
         static_cast<double>(p.x) < camera.width_px + kReachPx &&
         static_cast<double>(p.y) < camera.height_px + kReachPx;
}

bool visible(const FleetView& view, fleet::Slot machine) {
  return machine < view.points().size() &&
         (view.points()[machine].style & render::PointInstance::kHidden) == 0;
}

}  // namespace

void MapMarks::gather_alarms(const FleetView& view, const WallState& wall) {
  alarms_.clear();
  for (const auto& [id, alarm] : view.state().alarms().open()) {
    if (alarm.severity == fleet::Severity::low || !visible(view, alarm.machine)) continue;
    const Point at = screen_of(wall.camera, view.points()[alarm.machine]);
    if (near_view(wall.camera, at)) alarms_.push_back({at, alarm.severity, false});
  }
}

void MapMarks::gather_places(const FleetView& view, const WallState& wall, Ui& ui) {
  candidates_.clear();
  names_.clear();
  const auto places = view.places().places();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const fleet::Place& place = places[i];
    if (wall.camera.zoom < least_zoom(place.rank)) continue;
    const Point at = screen_of(wall.camera, fleet::world_from_grid(place.where));
    if (!near_view(wall.camera, at)) continue;
    const std::string& name = wall.lang == Lang::en ? place.names.en : place.names.zh;
    if (name.empty()) continue;
    const float width = ui.text_width(place_label_type(place.rank), name);
    candidates_.push_back({static_cast<std::uint32_t>(i), at, width, place.rank, place.population});
    names_.push_back(name);
  }
}

void MapMarks::draw_selected(const FleetView& view, const WallState& wall, Ui& ui) {
  if (!wall.selected || !visible(view, *wall.selected)) return;
  const Point at = screen_of(wall.camera, view.points()[*wall.selected]);
  if (near_view(wall.camera, at))
    draw_selection(at, view.state().roster()[*wall.selected].name(), ui);
}

void MapMarks::draw_hovered(const FleetView& view, const WallState& wall,
                            std::span<const Rect> panels, Ui& ui) {
  if (!wall.hovered || wall.hovered == wall.selected || !visible(view, *wall.hovered)) return;
  const fleet::Machine& machine = view.state().roster()[*wall.hovered];
  HoverLabel hover;
  hover.at = screen_of(wall.camera, view.points()[*wall.hovered]);
  hover.title = machine.name();
  hover.detail = machine.model;
  if (!machine.customer.empty())
    hover.detail += (hover.detail.empty() ? "" : " · ") + machine.customer;
  hover.status = view.statuses()[*wall.hovered];
  hover.moving = !view.has_engine_data();
  draw_hover(hover, panels, ui);
}

void MapMarks::draw(const FleetView& view, const WallState& wall, const Layout& layout,
                    const Rect& notice, Ui& ui) {
  gather_alarms(view, wall);
  gather_places(view, wall, ui);
  obstacles_ = layout.blocks();
  obstacles_.push_back(layout.legend);
  obstacles_.push_back(layout.top_bar);
  if (!notice.empty()) obstacles_.push_back(notice);
  const std::size_t panels = obstacles_.size();
  for (const AlarmMark& mark : alarms_) obstacles_.push_back(alarm_mark_rect(mark, ui));
  if (wall.selected && visible(view, *wall.selected)) {
    const Point at = screen_of(wall.camera, view.points()[*wall.selected]);
    obstacles_.push_back(selection_rect(at, view.state().roster()[*wall.selected].name(), ui));
  }
  const auto& placed = placer_.place(candidates_, obstacles_, label_rules(ui));
  draw_place_labels(placed, candidates_, names_, wall.heat, ui);
  draw_alarm_marks(alarms_, ui);
  draw_selected(view, wall, ui);
  draw_hovered(view, wall, std::span(obstacles_).first(panels), ui);
}

}  // namespace viewer
