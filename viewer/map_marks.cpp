#include "viewer/map_marks.hpp"

#include <algorithm>
#include <cmath>

#include "viewer/picking.hpp"
#include "viewer/trails/trail_draw.hpp"

namespace viewer {
namespace {

/// Marks and places this far outside the window still reach into it.
constexpr double kReachPx = 120;

/// So far marks of machines under a panel reach out of the free part of the map, px at type
/// scale 1.
constexpr float kEdgeReach = 20;

/// A name that is shown stays for so much zoom longer, so that it does not flicker at the limit.
constexpr double kZoomReserve = 0.15;

/// Counties, the only areas among what is named.
constexpr std::uint8_t kCountyRank = 4;

/// Places of a rank are named from this zoom on: a country map names provinces' seats only.
double least_zoom(std::uint8_t rank) {
  switch (rank) {
    case 0:
      return 0;
    case 1:
      return 3;
    case 2:
      return 5.4;
    case 3:
      return 7.5;
    default:
      return 9.5;
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

/// Names keep this far from panels, px at type scale 1.
constexpr float kFromPanel = 6;

/// How far from a trail a pointer still means it, px at type scale 1.
constexpr float kTrailReach = 9;

TrailProjection projection(const Trail& trail, const render::Camera& camera, const Ui& ui) {
  const auto px = [&](float design) { return static_cast<double>(ui.px(design)); };
  return {trail.picture(), camera, trail.from(), trail.to(), px(16), px(8), px(6)};
}

bool visible(const FleetView& view, fleet::Slot machine) {
  return machine < view.points().size() &&
         (view.points()[machine].style & render::PointInstance::kHidden) == 0;
}

}  // namespace

double label_zoom(const render::Camera& camera, float scale) {
  return camera.zoom + std::log2(camera.width_px / (1920.0 * static_cast<double>(scale)));
}

void MapMarks::gather_alarms(const FleetView& view, const WallState& wall, Ui& ui) {
  sizes_ = mark_sizes(ui, label_zoom(wall.camera, ui.scale()));
  alarms_.update(view.state().alarms(), view.points(), view.figures_version(), wall.camera, sizes_,
                 kReachPx);
}

void MapMarks::move_covered(const Layout& layout, Ui& ui) {
  free_.assign(alarms_.marks().begin(), alarms_.marks().end());
  const Rect window{0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  // The margin between the map's free part and the columns has room for an arrow.
  const float reach = ui.px(kEdgeReach), least = ui.px(4);
  const Rect& map = layout.map;
  const Rect room{std::max(map.x0 - reach, least), std::max(map.y0 - ui.px(12), least),
                  std::min(map.x1 + reach, window.x1 - least), std::min(map.y1, window.y1 - least)};
  edge_ = take_covered(free_, obstacles_, room, window, sizes_);
  for (const EdgeMark& edge : edge_) {
    const auto machine = alarms_.machine_of(edge.mark);
    const Rect shape = alarm_mark_rect(edge.mark, sizes_);
    ui.zone(shape, {Action::Kind::select_machine, machine});
  }
}

void MapMarks::gather_places(const FleetView& view, const WallState& wall, Ui& ui) {
  candidates_.clear();
  names_.clear();
  if (!wall.names) return;
  const auto places = view.places().places();
  const auto counties = view.counties();
  for (std::size_t i = 0; i < places.size(); ++i)
    gather_place(static_cast<std::uint32_t>(i), places[i], wall, ui);
  for (std::size_t i = 0; i < counties.size(); ++i)
    gather_place(static_cast<std::uint32_t>(places.size() + i), counties[i], wall, ui);
}

void MapMarks::gather_place(std::uint32_t id, const fleet::Place& place, const WallState& wall,
                            Ui& ui) {
  const double reserve = placer_.shows(id) ? kZoomReserve : 0;
  if (label_zoom(wall.camera, ui.scale()) < least_zoom(place.rank) - reserve) return;
  const Point at = screen_of(wall.camera, fleet::world_from_grid(place.where));
  if (!near_view(wall.camera, at)) return;
  const std::string& name = wall.lang == Lang::en ? place.names.en : place.names.zh;
  if (name.empty()) return;
  const float width = ui.text_width(place_label_type(place.rank), name);
  candidates_.push_back({id, at, width, place.rank, place.population, place.rank >= kCountyRank});
  names_.push_back(name);
}

void MapMarks::count_machines(const FleetView& view, const WallState& wall, std::size_t panels,
                              Ui& ui) {
  counts_ = {};
  chips_.clear();
  if (!wall.counts) return;
  counts_ = count_cells(view.points(), wall.camera, ui.scale());
  const auto at_panel = [&](auto&& meets) {
    return std::any_of(obstacles_.begin(), obstacles_.begin() + static_cast<std::ptrdiff_t>(panels),
                       meets);
  };
  // Machines under a panel are not counted beside it.
  std::erase_if(counts_.cells, [&](const CellCount& cell) {
    return at_panel([&](const Rect& panel) { return panel.contains(cell.middle); });
  });
  const Rect window{0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  // So far the obstacles are panels and alarm marks.
  chips_ = chip_rects(counts_.cells, chip_sizes(counts_.cells, ui), obstacles_, window);
  const auto under_panel = [&](const Rect& chip) {
    return at_panel([&](const Rect& panel) { return panel.overlaps(chip); });
  };
  for (Rect& chip : chips_) {
    if (under_panel(chip)) chip = {};
  }
  obstacles_.insert(obstacles_.end(), chips_.begin(), chips_.end());
}

void MapMarks::place_selected(const FleetView& view, const WallState& wall, Ui& ui) {
  selected_.reset();
  if (!wall.selected || !visible(view, *wall.selected)) return;
  const Point at = screen_of(wall.camera, view.points()[*wall.selected]);
  if (!near_view(wall.camera, at)) return;
  selected_ = selection_rects(at, view.state().roster()[*wall.selected].name(), obstacles_, ui);
  obstacles_.push_back(selected_->brackets);
  obstacles_.push_back(selected_->name);
}

void MapMarks::draw_hovered(const FleetView& view, const WallState& wall,
                            std::span<const Rect> panels, Ui& ui) {
  if (!wall.hovered || !visible(view, *wall.hovered)) return;
  if (wall.hovered == wall.selected && wall.hovered_total <= 1) return;
  const fleet::Machine& machine = view.state().roster()[*wall.hovered];
  HoverLabel hover;
  hover.at = screen_of(wall.camera, view.points()[*wall.hovered]);
  hover.title = machine.name();
  hover.detail = machine.model;
  if (!machine.customer.empty())
    hover.detail += (hover.detail.empty() ? "" : " · ") + machine.customer;
  hover.status = view.statuses()[*wall.hovered];
  hover.moving = !view.has_engine_data();
  hover.machines = static_cast<std::int64_t>(wall.hovered_total);
  draw_hover(hover, panels, ui);
}

/// After the selected one's place is known. All rings come before any name; a name without room
/// is left out.
void MapMarks::place_marked(const FleetView& view, const WallState& wall, Ui& ui) {
  marked_.clear();
  for (const fleet::Slot machine : wall.marked.slots(view.state().roster())) {
    if (machine == wall.selected || !visible(view, machine)) continue;
    const Point at = screen_of(wall.camera, view.points()[machine]);
    if (!near_view(wall.camera, at)) continue;
    marked_.push_back({machine, at, marked_ring(at, ui), {}});
    obstacles_.push_back(marked_.back().ring);
  }
  for (MarkedMachine& place : marked_) {
    const std::string& name = view.state().roster()[place.machine].name();
    place.name = marked_name(place.at, name, obstacles_, ui);
    if (!place.name.empty()) obstacles_.push_back(place.name);
  }
}

void MapMarks::draw_marked_names(const FleetView& view, Ui& ui) {
  for (const MarkedMachine& place : marked_)
    draw_marked(place, view.state().roster()[place.machine].name(), ui);
}

/// The selected machine's above the others.
void MapMarks::draw_trails(const WallState& wall, const TrailSet& trails, Ui& ui) {
  for (const bool strong : {false, true}) {
    for (const TrailSet::Each& each : trails.all()) {
      if ((each.machine == wall.selected) != strong) continue;
      draw_trail(projection(each.trail, wall.camera, ui), ui,
                 strong ? TrailWeight::strong : TrailWeight::light);
    }
  }
}

/// Time of the trail under the pointer, the nearest one's; a machine there comes first.
void MapMarks::draw_spot(const FleetView& view, const WallState& wall, const TrailSet& trails,
                         std::span<const Rect> panels, Ui& ui) {
  if (!wall.pointer || wall.hovered) return;
  std::optional<TrailSpot> nearest;
  fleet::Slot machine = 0;
  auto reach = static_cast<double>(ui.px(kTrailReach));
  for (const TrailSet::Each& each : trails.all()) {
    const auto spot = spot_near(projection(each.trail, wall.camera, ui), *wall.pointer, reach);
    if (!spot) continue;
    nearest = spot;
    machine = each.machine;
    reach =
        static_cast<double>(std::hypot(spot->at.x - wall.pointer->x, spot->at.y - wall.pointer->y));
  }
  if (!nearest) return;
  const std::string& name = view.state().roster()[machine].name();
  draw_trail_spot(*nearest, trails.all().size() > 1 ? name : "", view.zone(), panels, ui);
}

void MapMarks::draw(const FleetView& view, const WallState& wall, const Layout& layout,
                    const Rect& notice, Ui& ui, const TrailSet* trails) {
  if (trails) draw_trails(wall, *trails, ui);
  gather_alarms(view, wall, ui);
  gather_places(view, wall, ui);
  obstacles_ = layout.blocks();
  obstacles_.push_back(layout.legend);
  obstacles_.push_back(layout.top_bar);
  obstacles_.push_back(layout.demo_tag);
  if (!layout.trails.empty()) obstacles_.push_back(layout.trails);
  obstacles_.push_back(layout.corner);
  obstacles_.push_back(layout.map_scale);
  if (!notice.empty()) obstacles_.push_back(notice);
  const std::size_t panels = obstacles_.size();
  move_covered(layout, ui);
  for (const AlarmMark& mark : free_) obstacles_.push_back(alarm_mark_rect(mark, sizes_));
  for (const EdgeMark& mark : edge_) obstacles_.push_back(edge_mark_rect(mark, sizes_));
  count_machines(view, wall, panels, ui);
  place_selected(view, wall, ui);
  place_marked(view, wall, ui);
  // A name that touches a panel's edge reads as cut off.
  for (std::size_t i = 0; i < panels; ++i) obstacles_[i] = obstacles_[i].shrunk(-ui.px(kFromPanel));
  const auto& placed = placer_.place(candidates_, obstacles_, label_rules(ui));
  draw_place_labels(placed, candidates_, names_, wall.heat, ui);
  draw_count_chips(counts_.cells, chips_, ui);
  draw_marked_names(view, ui);
  draw_alarm_marks(free_, sizes_, ui);
  draw_edge_marks(edge_, sizes_, ui);
  if (selected_) draw_selection(*selected_, view.state().roster()[*wall.selected].name(), ui);
  draw_hovered(view, wall, std::span(obstacles_).first(panels), ui);
  if (trails) draw_spot(view, wall, *trails, std::span(obstacles_).first(panels), ui);
}

}  // namespace viewer
