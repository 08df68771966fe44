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
constexpr double kKeyZoom = 0.5;
constexpr double kKeyPanShare = 0.12;  // of the view's width
constexpr double kStepS = 60;
constexpr std::size_t kSearchRows = 8;
/// A machine is looked at from at least this near: a worksite fills the screen.
constexpr double kMachineZoom = 12;
constexpr double kPlaceZoom = 9;
/// Margin around a fitted fleet, at type scale 1.
constexpr double kFitMarginPx = 48;

void pop_utf8(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
  if (!text.empty()) text.pop_back();
}

}  // namespace

Requests Interaction::handle(const Input& input, const Ui& ui, render::ScreenPoint map_centre,
                             bool& changed) {
  Requests requests;
  map_centre_ = map_centre;
  const render::Camera camera_before = wall_.camera;
  if (wall_.search.open && !input.text.empty()) {
    wall_.search.query += input.text;
    refresh_search();
  }
  for (const KeyPress& press : input.keys) {
    if (wall_.chooser && on_chooser_key(press)) continue;
    wall_.search.open ? on_search_key(press) : on_key(press, requests);
  }
  const Point pointer{static_cast<float>(input.pointer.x), static_cast<float>(input.pointer.y)};
  const bool on_map = !ui.blocks(pointer);
  if (input.wheel != 0 && on_map) wall_.camera.zoom_about(input.pointer, input.wheel * kWheelZoom);
  if (input.dragging && on_map) wall_.camera.pan_px(input.drag_x, input.drag_y);
  if (input.clicked) on_click(input, ui, requests);
  if (!input.dropped_files.empty()) requests.open_path = input.dropped_files.front();

  // The list belongs to a place on the screen: it closes when the map moves away under it.
  if (!(wall_.camera == camera_before)) wall_.chooser.reset();
  wall_.pointer.reset();
  if (input.pointer_inside && on_map && !input.dragging) wall_.pointer = pointer;
  const auto before = std::pair(wall_.hovered, wall_.hovered_total);
  hover(input, ui, on_map);
  changed = changed || input.any() || before != std::pair(wall_.hovered, wall_.hovered_total);
  return requests;
}

void Interaction::hover(const Input& input, const Ui& ui, bool on_map) {
  const bool looks = input.pointer_inside && on_map && !input.dragging && !wall_.chooser;
  const Looked now{input.pointer, wall_.camera, view_.updates_applied()};
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

/// True if the key was meant for the list.
bool Interaction::on_chooser_key(const KeyPress& press) {
  Chooser& chooser = *wall_.chooser;
  const std::size_t rows = chooser.stack.machines.size();
  switch (press.key) {
    case Key::escape:
      wall_.chooser.reset();
      return true;
    case Key::up:
      chooser.selected -= chooser.selected > 0;
      return true;
    case Key::down:
      chooser.selected += chooser.selected + 1 < rows;
      return true;
    case Key::enter:
      choose_machine(chooser.selected);
      return true;
    case Key::letter:
      if (press.letter < '1' || press.letter > '9') return false;
      choose_machine(static_cast<std::size_t>(press.letter - '1'));
      return true;
    default:
      return false;
  }
}

void Interaction::choose_machine(std::size_t row) {
  if (!wall_.chooser || row >= wall_.chooser->stack.machines.size()) return;
  wall_.selected = wall_.chooser->stack.machines[row];
  wall_.chooser.reset();
}

void Interaction::on_key(const KeyPress& press, Requests& requests) {
  const double step = kKeyPanShare * wall_.camera.width_px;
  const render::ScreenPoint middle = map_centre_;
  switch (press.key) {
    case Key::left:
      wall_.camera.pan_px(step, 0);
      break;
    case Key::right:
      wall_.camera.pan_px(-step, 0);
      break;
    case Key::up:
      wall_.camera.pan_px(0, step);
      break;
    case Key::down:
      wall_.camera.pan_px(0, -step);
      break;
    case Key::plus:
      wall_.camera.zoom_about(middle, kKeyZoom);
      break;
    case Key::minus:
      wall_.camera.zoom_about(middle, -kKeyZoom);
      break;
    case Key::home:
      fit_fleet(map_);
      break;
    case Key::space:
      requests.play_pause = true;
      break;
    case Key::f11:
      requests.toggle_fullscreen = true;
      break;
    case Key::f9:
      requests.rebuild_gl = true;
      break;
    case Key::f12:
      requests.screenshot = true;
      break;
    case Key::escape:
      if (wall_.help) {
        wall_.help = false;
      } else {
        wall_.selected.reset();
      }
      break;
    case Key::letter:
      on_letter(press, requests);
      break;
    default:
      break;
  }
}

void Interaction::on_letter(const KeyPress& press, Requests& requests) {
  switch (press.letter) {
    case 'h':
      wall_.help = !wall_.help;
      break;
    case '/':
      wall_.search = {}, wall_.search.open = true;
      wall_.chooser.reset();  // the keys are the search's now
      break;
    case 'm':
      wall_.heat = !wall_.heat;
      break;
    case 't':
      wall_.trail = next_span(wall_.trail);
      break;
    case 'p':
      wall_.panels = !wall_.panels;
      break;
    case 'n':
      next_measure(wall_.heat_choice);
      break;
    case 'b':
      wall_.heat_choice.hexagons = !wall_.heat_choice.hexagons;
      break;
    case 'r':
      next_radius(wall_.heat_choice);
      break;
    case 'g':
      wall_.lang = wall_.lang == Lang::zh ? Lang::en : Lang::zh;
      break;
    case 'c':
      wall_.counts = !wall_.counts;
      break;
    case 'd':
      wall_.theme = wall_.theme == ThemeName::dark ? ThemeName::light : ThemeName::dark;
      break;
    case 'l':
      requests.follow_live = true;
      break;
    case '[':
      --requests.speed_steps;
      break;
    case ']':
      ++requests.speed_steps;
      break;
    case ',':
      requests.step_s -= kStepS;
      break;
    case '.':
      requests.step_s += kStepS;
      break;
    case 'q':
      requests.quit = true;
      break;
    default:
      break;
  }
}

void Interaction::on_search_key(const KeyPress& press) {
  SearchModel& s = wall_.search;
  switch (press.key) {
    case Key::escape:
      s = {};
      break;
    case Key::backspace:
      pop_utf8(s.query), refresh_search();
      break;
    case Key::up:
      s.selected -= s.selected > 0;
      break;
    case Key::down:
      s.selected += s.selected + 1 < s.results.size();
      break;
    case Key::enter:
      choose_result(s.selected);
      break;
    default:
      break;
  }
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
    wall_.selected = chosen.machine;
    fly_to_machine(chosen.machine, map_centre_);
  }
}

void Interaction::on_click(const Input& input, const Ui& ui, Requests& requests) {
  const Point pointer{static_cast<float>(input.pointer.x), static_cast<float>(input.pointer.y)};
  const Action action = ui.action_at(pointer);
  if (action.kind != Action::Kind::none) return act(action, requests);
  if (ui.blocks(pointer)) return;
  const double scale = static_cast<double>(ui.scale());
  Stack stack =
      pick_stack(view_.points(), wall_.camera, input.pointer, kReachPx * scale, kStackPx * scale);
  wall_.chooser.reset();
  if (stack.total > 1) {
    wall_.chooser = Chooser{pointer, std::move(stack), 0};
    return;
  }
  wall_.selected.reset();
  if (stack.total == 1) wall_.selected = stack.machines.front();
  if (wall_.selected && input.double_clicked) fly_to_machine(*wall_.selected, map_centre_);
}

void Interaction::act(const Action& action, Requests& requests) {
  switch (action.kind) {
    case Action::Kind::select_machine:
      wall_.selected = static_cast<fleet::Slot>(action.value);
      fly_to_machine(*wall_.selected, map_centre_);
      break;
    case Action::Kind::select_alarm: {
      const auto& open = view_.state().alarms().open();
      const auto found = open.find(action.value);
      if (found == open.end()) break;
      wall_.selected = found->second.machine;
      fly_to_machine(*wall_.selected, map_centre_);
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
    case Action::Kind::close_search:
      wall_.search = {};
      break;
    case Action::Kind::close_help:
      wall_.help = false;
      break;
    case Action::Kind::seek:
      requests.seek_hour = action.position;
      break;
    case Action::Kind::play_pause:
      requests.play_pause = true;
      break;
    case Action::Kind::slower:
      --requests.speed_steps;
      break;
    case Action::Kind::faster:
      ++requests.speed_steps;
      break;
    case Action::Kind::follow_live:
      requests.follow_live = true;
      break;
    case Action::Kind::heat_measure:
      wall_.heat_choice.measure = static_cast<HeatMeasure>(action.value);
      break;
    case Action::Kind::heat_hours:
      wall_.heat_choice.hours = kHourSpans[action.value % kHourSpans.size()];
      break;
    case Action::Kind::heat_radius:
      wall_.heat_choice.radius_m = kHeatRadiiM[action.value % kHeatRadiiM.size()];
      break;
    case Action::Kind::heat_form:
      wall_.heat_choice.hexagons = action.value != 0;
      break;
    case Action::Kind::select_region:
    case Action::Kind::none:
      break;
  }
}

void Interaction::centre_on(fleet::WorldPoint p, double least_zoom) {
  wall_.camera.zoom = std::max(wall_.camera.zoom, least_zoom);
  wall_.camera.centre = p;
  // The camera looks at the middle of the window; the free part of the map has another middle.
  wall_.camera.pan_px(map_centre_.x - wall_.camera.width_px / 2.0,
                      map_centre_.y - wall_.camera.height_px / 2.0);
}

void Interaction::fly_to_machine(fleet::Slot machine, render::ScreenPoint map_centre) {
  if (machine >= view_.points().size()) return;
  const render::PointInstance& p = view_.points()[machine];
  if (p.style & render::PointInstance::kHidden) return;
  map_centre_ = map_centre;
  centre_on(place_of(p), kMachineZoom);
}

void Interaction::fit_fleet(const Rect& map) {
  map_ = map;
  const auto box = fleet_box(view_.points());
  if (!box || map.empty()) return;
  render::Camera inner =
      wall_.camera;  // a camera of the free part alone, then moved into the window
  const double scale = inner.px_per_world() / std::exp2(inner.zoom);
  const double margin = kFitMarginPx * wall_.camera.width_px / 1920;
  const double width = std::max(box->b.x - box->a.x, 1e-6),
               height = std::max(box->b.y - box->a.y, 1e-6);
  const double px_per_world = std::min((double{map.width()} - 2 * margin) / width,
                                       (double{map.height()} - 2 * margin) / height);
  wall_.camera.zoom = std::clamp(std::log2(std::max(px_per_world, 1.0) / scale), 1.0, kMachineZoom);
  wall_.camera.centre = {(box->a.x + box->b.x) / 2, (box->a.y + box->b.y) / 2};
  wall_.camera.pan_px((double{map.x0} + double{map.x1} - wall_.camera.width_px) / 2,
                      (double{map.y0} + double{map.y1} - wall_.camera.height_px) / 2);
}

}  // namespace viewer
