// Interaction: what mouse and keys do to the wall. Pure state, no GL, no clock, so it is tested.
//
// Keys (the help overlay lists the same): arrows pan, + - zoom, Home whole fleet, / search, Esc
// close, H help, M heat (N of what, B form, R radius), T trail, V history, X another day beside the
// one shown, in history and heat (with Shift the recorded day before that one), F mark, Tab mark
// all found, C counts, O points, K names, D dark or light, P panels, G language, F11 full screen,
// F12 picture (with Shift a table of the machines in it), Q quit. Of the clock: Space play/pause, [
// ] slower/faster and backwards, comma and point a minute back/on, ; and ' a tick, W and E the
// alarm before/after, A marks a loop, J jump to a date or time, Y calendar, Z day, week or month on
// the band, L now (with Shift at 20x).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "viewer/clock/clock_requests.hpp"
#include "viewer/fleet_view.hpp"
#include "viewer/heat/heat_choice.hpp"
#include "viewer/history/history_choice.hpp"
#include "viewer/history/other_day.hpp"
#include "viewer/model/marked.hpp"
#include "viewer/panels/models.hpp"
#include "viewer/picking.hpp"
#include "viewer/ui/texts.hpp"
#include "viewer/ui/ui.hpp"
#include "viewer/window.hpp"

namespace viewer {

inline render::ScreenPoint middle_of(const Rect& r) {
  return {(double{r.x0} + double{r.x1}) / 2, (double{r.y0} + double{r.y1}) / 2};
}

/// The list of machines that stand on one place, open after a click on it.
struct Chooser {
  Point at{};  ///< of the click, px
  /// Ids of those listed: another roster may give the machines other slots.
  std::vector<std::string> machines;
  std::size_t total = 0;     ///< machines there in all
  std::size_t selected = 0;  ///< row
};

/// What the person in front of the wall has chosen.
struct WallState {
  render::Camera camera;
  Lang lang = Lang::zh;
  ThemeName theme = ThemeName::dark;
  bool heat = false;
  HeatChoice heat_choice;
  bool panels = true;
  bool help = false;
  bool points = true;   ///< the machines themselves
  bool counts = false;  ///< exact numbers of machines on the map
  bool names = true;    ///< of places; raster tiles may have their own
  std::optional<fleet::Slot> selected, hovered;
  std::size_t hovered_total = 0;  ///< machines that stand where `hovered` does
  std::optional<Chooser> chooser;
  std::optional<HistoryChoice> history;  ///< of the selected machine is shown
  std::optional<OtherDay> compare;       ///< a day that the one shown is compared with
  int compare_steps = 0;                 ///< recorded days further, not gone yet
  MarkedMachines marked;                 ///< shown with their trails, beside the selected one
  TrailSpan trail = TrailSpan::two_hours;
  std::optional<Point> pointer;  ///< while it is on the map
  SearchModel search;
  bool replays = false;  ///< the playhead can be moved: there is a clock to handle
  BandSpan band = BandSpan::day;
  std::optional<double> band_hour;  ///< under the pointer on the band, as Scrub::hour
  std::optional<std::string> jump;  ///< the box for a date or time is open, with this in it
  /// The calendar is open, and shows this month as its last one.
  std::optional<std::chrono::year_month> calendar;
};

/// What an input asks of others, beside changing the WallState.
struct Requests : ClockRequests {
  bool quit = false;
  bool toggle_fullscreen = false;
  bool screenshot = false;
  bool save_table = false;  ///< of the machines in the picture
  bool rebuild_gl = false;
  bool open_calendar = false;  ///< at the playhead's month
  std::string open_path;       ///< a file was dropped on the window
};

class Interaction {
 public:
  Interaction(WallState& wall, const FleetView& view) : wall_(wall), view_(view) {}

  /// map: the free part of it, in whose middle things are brought.
  /// Returns true in `changed` if anything on the picture may differ.
  Requests handle(const Input& input, const Ui& ui, const Rect& map, bool& changed);
  /// False, and nothing moved, if no machine is on the map yet.
  bool fit_fleet(const Rect& map);
  /// As fit_fleet, for the marked machines.
  bool fit_marked(const Rect& map);
  /// Marks the machines that a search for `text` finds, as many as can be, and brings those into
  /// view. Returns how many it finds; with none, nothing changes.
  std::size_t mark_found(const std::string& text, const Rect& map);
  void fly_to_machine(fleet::Slot machine, const Rect& map);
  /// Moves the map no farther than it takes for the machine to stand in its free part.
  void keep_clear(fleet::Slot machine, const Rect& map);
  /// Whether the last `handle` brought the camera to a machine.
  bool flew() const { return flew_; }
  /// Whether it marked what a search found: fit_marked brings them into what is free then.
  bool found_marked() const { return found_marked_; }

 private:
  bool on_camera_key(Key key);
  bool fit_points(std::span<const render::PointInstance> points, const Rect& map);
  void mark(fleet::Slot machine);
  void mark_search();
  void on_escape();
  void forget_gone();
  void select_and_fly(fleet::Slot machine);
  void on_key(const KeyPress& press, Requests& requests);
  void on_letter(const KeyPress& press, Requests& requests);
  void on_search_key(const KeyPress& press);
  bool on_chooser_key(const KeyPress& press);
  bool on_jump_key(const KeyPress& press, Requests& requests);
  bool on_calendar_key(const KeyPress& press);
  bool on_clock_letter(const KeyPress& press, Requests& requests);
  bool act_on_time(const Action& action, Requests& requests);
  bool act_on_calendar(const Action& action, Requests& requests);
  void on_history(const Input& input, const Ui& ui, Requests& requests);
  bool act_on_history(const Action& action);
  bool act_on_compare(const Action& action);
  bool drag_on_chart(const Input& input, bool on_chart, double place);
  void on_band(const Input& input, const Ui& ui, Requests& requests);
  void take_text(const std::string& text);
  void hover(const Input& input, const Ui& ui, bool on_map);
  void choose_machine(std::size_t row);
  void on_click(const Input& input, const Ui& ui, Requests& requests);
  void act(const Action& action, Requests& requests);
  void choose_result(std::size_t index);
  void refresh_search();
  void centre_on(fleet::WorldPoint p, double least_zoom);

  /// What was under the pointer when it was last looked for: a fleet of a million is not gone
  /// through again while all of this stays.
  struct Looked {
    render::ScreenPoint pointer;
    render::Camera camera;
    std::uint64_t updates = 0, roster = 0;  ///< versions
    bool same(const Looked& o) const {
      return pointer.x == o.pointer.x && pointer.y == o.pointer.y && camera == o.camera &&
             updates == o.updates && roster == o.roster;
    }
  };

  WallState& wall_;
  const FleetView& view_;
  std::optional<Looked> looked_;
  std::optional<Scrub::What> scrubbing_;     ///< since the button went down on the band
  bool scrubbing_history_ = false;           ///< likewise on the history
  Action::Kind under_ = Action::Kind::none;  ///< the pointer
  double band_wheel_ = 0;                    ///< steps of the wheel that no zoom came of yet
  Rect map_;
  bool flew_ = false, found_marked_ = false;
};

}  // namespace viewer
