// What each key does. The help overlay lists the same.
#include "viewer/interaction.hpp"
#include "viewer/model/utf8_edit.hpp"
#include "viewer/trails/trail.hpp"

namespace viewer {
namespace {

constexpr double kKeyZoom = 0.5;
constexpr double kKeyPanShare = 0.12;  // of the view's width

/// Letters that choose what the picture shows. True if it was one of them.
bool show_letter(char letter, WallState& wall) {
  switch (letter) {
    case 'h':
      wall.help = !wall.help;
      return true;
    case 'm':
      wall.heat = !wall.heat;
      return true;
    case 't':
      wall.trail = next_span(wall.trail);
      return true;
    case 'p':
      wall.panels = !wall.panels;
      return true;
    case 'n':
      next_measure(wall.heat_choice);
      return true;
    case 'b':
      wall.heat_choice.hexagons = !wall.heat_choice.hexagons;
      return true;
    case 'r':
      next_radius(wall.heat_choice);
      return true;
    case 'g':
      wall.lang = wall.lang == Lang::zh ? Lang::en : Lang::zh;
      return true;
    case 'o':
      wall.points = !wall.points;
      return true;
    case 'k':
      wall.names = !wall.names;
      return true;
    case 'c':
      wall.counts = !wall.counts;
      return true;
    case 'd':
      wall.theme = wall.theme == ThemeName::dark ? ThemeName::light : ThemeName::dark;
      return true;
    default:
      return false;
  }
}

/// Letters that ask something of the window.
void ask_letter(char letter, Requests& requests) {
  if (letter == 'q') requests.quit = true;
}

}  // namespace

/// True if the key moves the map.
bool Interaction::on_camera_key(Key key) {
  const double step = kKeyPanShare * wall_.camera.width_px;
  switch (key) {
    case Key::left:
      wall_.camera.pan_px(step, 0);
      return true;
    case Key::right:
      wall_.camera.pan_px(-step, 0);
      return true;
    case Key::up:
      wall_.camera.pan_px(0, step);
      return true;
    case Key::down:
      wall_.camera.pan_px(0, -step);
      return true;
    case Key::plus:
      wall_.camera.zoom_about(middle_of(map_), kKeyZoom);
      return true;
    case Key::minus:
      wall_.camera.zoom_about(middle_of(map_), -kKeyZoom);
      return true;
    case Key::home:
      fit_fleet(map_);
      return true;
    default:
      return false;
  }
}

void Interaction::on_key(const KeyPress& press, Requests& requests) {
  if (on_camera_key(press.key)) return;
  switch (press.key) {
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
      (press.shift ? requests.save_table : requests.screenshot) = true;
      break;
    case Key::escape:
      on_escape();
      break;
    case Key::letter:
      on_letter(press, requests);
      break;
    default:
      break;
  }
}

/// What was opened last is closed first.
void Interaction::on_escape() {
  if (wall_.help) {
    wall_.help = false;
  } else if (wall_.selected && wall_.history) {
    if (wall_.history->choosing) {
      wall_.history->choosing.reset();
    } else if (wall_.history->pinned) {
      show_whole_day(*wall_.history);
    } else {
      wall_.history.reset();
    }
  } else if (wall_.selected) {
    wall_.selected.reset();
  } else {
    wall_.marked.clear();
  }
}

void Interaction::on_letter(const KeyPress& press, Requests& requests) {
  const char letter = press.letter;
  if (letter == 'f') {
    if (wall_.selected) mark(*wall_.selected);
  } else if (letter == 'v') {
    if (wall_.selected) (void)act_on_history({Action::Kind::history});
  } else if (letter == 'x') {
    (void)act_on_compare({press.shift ? Action::Kind::compare_step : Action::Kind::compare});
  } else if (letter == '/') {
    wall_.search = {};
    wall_.search.open = true;
    wall_.chooser.reset();  // the keys are the search's now
  } else if (!show_letter(letter, wall_) && !on_clock_letter(press, requests)) {
    ask_letter(letter, requests);
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
    case Key::tab:
      mark_search();
      break;
    default:
      break;
  }
}

/// True if the key was meant for the list.
bool Interaction::on_chooser_key(const KeyPress& press) {
  Chooser& chooser = *wall_.chooser;
  const std::size_t rows = chooser.machines.size();
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

}  // namespace viewer
