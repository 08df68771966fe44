#include "viewer/interaction.hpp"

#include <algorithm>
#include <utility>

#include "viewer/model/fill.hpp"
#include "viewer/picking.hpp"
#include "viewer/trails/trail.hpp"

namespace viewer {
namespace {

/// How far from a point's centre a pointer still means it, at type scale 1.
constexpr double kReachPx = 14;
/// Machines that lie this near to each other cannot be pointed at singly.
constexpr double kStackPx = 5;
constexpr double kWheelZoom = 0.25;  // four steps of a wheel double the scale
constexpr std::size_t kSearchRows = 8;
/// More than any date is written with.
constexpr std::size_t kJumpBytes = 64;
constexpr double kPlaceZoom = 9;

}  // namespace

Requests Interaction::handle(const Input& input, const Ui& ui, const Rect& map, bool& changed) {
  Requests requests;
  map_ = map;
  flew_ = found_marked_ = false;
  forget_gone();
  const render::Camera camera_before = wall_.camera;
  if (!input.text.empty()) take_text(input.text);
  for (const KeyPress& press : input.keys) {
    if (on_jump_key(press, requests) || on_calendar_key(press)) continue;
    if (wall_.chooser && on_chooser_key(press)) continue;
    wall_.search.open ? on_search_key(press) : on_key(press, requests);
  }
  const Point pointer{static_cast<float>(input.pointer.x), static_cast<float>(input.pointer.y)};
  const auto band_hour = wall_.band_hour;
  const bool held =
      scrubbing_.has_value() || scrubbing_history_ || (wall_.history && wall_.history->drag_from);
  const auto on_span = wall_.history ? wall_.history->pointer : std::nullopt;
  on_band(input, ui, requests);
  on_history(input, ui, requests);
  const bool on_map = !ui.blocks(pointer) && !scrubbing_ && !scrubbing_history_ && !held;
  if (input.wheel != 0 && on_map) wall_.camera.zoom_about(input.pointer, input.wheel * kWheelZoom);
  if (input.dragging && on_map) wall_.camera.pan_px(input.drag_x, input.drag_y);
  if (input.clicked && !held) on_click(input, ui, requests);
  if (!input.dropped_files.empty()) requests.open_path = input.dropped_files.front();

  // The list belongs to a place on the screen: it closes when the map moves away under it.
  if (!(wall_.camera == camera_before)) wall_.chooser.reset();
  wall_.pointer.reset();
  if (input.pointer_inside && on_map && !input.dragging) wall_.pointer = pointer;
  const auto before = std::pair(wall_.hovered, wall_.hovered_total);
  hover(input, ui, on_map);
  const Action::Kind under = ui.action_at(pointer).kind;
  changed = changed || input.any() || band_hour != wall_.band_hour || under != under_ ||
            on_span != (wall_.history ? wall_.history->pointer : std::nullopt) || requests.scrub ||
            before != std::pair(wall_.hovered, wall_.hovered_total);
  under_ = under;
  return requests;
}

void Interaction::take_text(const std::string& text) {
  if (wall_.jump) {
    // The J that opened the box arrives as text too.
    const bool opened_it = wall_.jump->empty() && (text == "j" || text == "J");
    if (!opened_it && wall_.jump->size() + text.size() <= kJumpBytes) *wall_.jump += text;
  } else if (wall_.search.open) {
    wall_.search.query += text;
    refresh_search();
  }
}

void Interaction::hover(const Input& input, const Ui& ui, bool on_map) {
  const bool looks = input.pointer_inside && on_map && !input.dragging && !wall_.chooser;
  const Looked now{input.pointer, wall_.camera, view_.updates_applied(),
                   view_.state().roster().version()};
  if (looks && looked_ && looked_->same(now)) return;
  looked_.reset();
  wall_.hovered.reset();
  wall_.hovered_total = 0;
  if (!looks) return;
  looked_ = now;
  const double scale = static_cast<double>(ui.scale());
  const Stack stack =
      pick_stack(view_.points(), wall_.camera, input.pointer, kReachPx * scale, kStackPx * scale);
  if (stack.total == 0) return;
  wall_.hovered = stack.machines.front();
  wall_.hovered_total = stack.total;
}

/// Machines that a new roster does not have leave the open list.
void Interaction::forget_gone() {
  if (!wall_.chooser) return;
  Chooser& chooser = *wall_.chooser;
  const fleet::Roster& roster = view_.state().roster();
  const std::size_t gone =
      std::erase_if(chooser.machines, [&](const std::string& id) { return !roster.find(id); });
  if (gone == 0) return;
  chooser.total -= std::min(gone, chooser.total);
  if (chooser.machines.empty()) return wall_.chooser.reset();
  chooser.selected = std::min(chooser.selected, chooser.machines.size() - 1);
}

void Interaction::choose_machine(std::size_t row) {
  if (!wall_.chooser || row >= wall_.chooser->machines.size()) return;
  if (const auto machine = view_.state().roster().find(wall_.chooser->machines[row])) {
    wall_.selected = *machine;
  }
  wall_.chooser.reset();
}

void Interaction::refresh_search() {
  // The '/' that opened the box arrives as text too.
  if (wall_.search.query.starts_with('/')) wall_.search.query.erase(0, 1);
  search(view_, wall_.search.query, wall_.lang == Lang::en, kSearchRows, wall_.search);
}

void Interaction::choose_result(std::size_t index) {
  if (index >= wall_.search.results.size()) return;
  const SearchResult chosen = wall_.search.results[index];
  wall_.search = {};
  if (chosen.is_place) {
    centre_on(fleet::world_from_grid(view_.places().places()[chosen.machine].where), kPlaceZoom);
  } else {
    select_and_fly(chosen.machine);
  }
}

void Interaction::on_click(const Input& input, const Ui& ui, Requests& requests) {
  const Point pointer{static_cast<float>(input.pointer.x), static_cast<float>(input.pointer.y)};
  const Action action = ui.action_at(pointer);
  if (action.kind != Action::Kind::none) return act(action, requests);
  if (ui.blocks(pointer)) return;
  const double scale = static_cast<double>(ui.scale());
  const Stack stack =
      pick_stack(view_.points(), wall_.camera, input.pointer, kReachPx * scale, kStackPx * scale);
  wall_.chooser.reset();
  if (stack.total > 1) {
    Chooser& chooser = wall_.chooser.emplace();
    chooser.at = pointer;
    chooser.total = stack.total;
    for (const fleet::Slot slot : stack.machines) {
      chooser.machines.push_back(view_.state().roster()[slot].id);
    }
    return;
  }
  if (input.with_shift) {
    if (stack.total == 1) mark(stack.machines.front());
    return;
  }
  wall_.selected.reset();
  if (stack.total == 1) wall_.selected = stack.machines.front();
  if (wall_.selected && input.double_clicked) fly_to_machine(*wall_.selected, map_);
}

namespace {

/// Actions of the heat's panel. True if it was one of them.
bool act_on_heat(const Action& action, HeatChoice& heat) {
  switch (action.kind) {
    case Action::Kind::heat_measure:
      heat.measure = static_cast<HeatMeasure>(action.value);
      return true;
    case Action::Kind::heat_hours:
      heat.hours = kHourSpans[action.value % kHourSpans.size()];
      return true;
    case Action::Kind::heat_radius:
      heat.radius_m = kHeatRadiiM[action.value % kHeatRadiiM.size()];
      return true;
    case Action::Kind::heat_form:
      heat.hexagons = action.value != 0;
      return true;
    default:
      return false;
  }
}

}  // namespace

void Interaction::mark(fleet::Slot machine) {
  const fleet::Roster& roster = view_.state().roster();
  if (machine < view_.state().machine_count()) wall_.marked.toggle(roster[machine].id);
}

std::size_t Interaction::mark_found(const std::string& text, const Rect& map) {
  const std::vector<fleet::Slot> found = machines_found(view_, text);
  if (found.empty()) return 0;
  wall_.marked.clear();
  for (const fleet::Slot machine : found) {
    if (!view_.state().has(machine, fleet::kPosition)) continue;
    if (!wall_.marked.add(view_.state().roster()[machine].id)) break;
  }
  wall_.marked.set_found(found.size());
  found_marked_ = true;
  fit_marked(map);
  return found.size();
}

/// All that the open search finds.
void Interaction::mark_search() {
  if (mark_found(wall_.search.query, map_) > 0) wall_.search = {};
}

void Interaction::select_and_fly(fleet::Slot machine) {
  wall_.selected = machine;
  fly_to_machine(machine, map_);
}

void Interaction::act(const Action& action, Requests& requests) {
  if (act_on_time(action, requests) || act_on_heat(action, wall_.heat_choice)) return;
  if (act_on_history(action) || act_on_compare(action)) return;
  switch (action.kind) {
    case Action::Kind::select_machine:
      select_and_fly(static_cast<fleet::Slot>(action.value));
      break;
    case Action::Kind::select_alarm: {
      const auto& open = view_.state().alarms().open();
      if (const auto found = open.find(action.value); found != open.end()) {
        select_and_fly(found->second.machine);
      }
      break;
    }
    case Action::Kind::choose_result:
      choose_result(action.value);
      break;
    case Action::Kind::choose_machine:
      choose_machine(action.value);
      break;
    case Action::Kind::next_trail:
      wall_.trail = next_span(wall_.trail);
      break;
    case Action::Kind::close_card:
      wall_.selected.reset();
      break;
    case Action::Kind::mark_found:
      mark_search();
      break;
    case Action::Kind::clear_marked:
      wall_.marked.clear();
      break;
    case Action::Kind::close_search:
      wall_.search = {};
      break;
    case Action::Kind::close_help:
      wall_.help = false;
      break;
    default:
      break;
  }
}

}  // namespace viewer
