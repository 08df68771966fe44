// What mouse and keys do to the clock: the band, its keys, the box for a date or time, the
// calendar.
#include <algorithm>

#include "viewer/interaction.hpp"
#include "viewer/model/utf8_edit.hpp"

namespace viewer {
namespace {

constexpr double kStepS = 60;

std::optional<Scrub::What> held_by(const Action& action) {
  switch (action.kind) {
    case Action::Kind::seek:
      return Scrub::What::playhead;
    case Action::Kind::loop_a:
      return Scrub::What::loop_a;
    case Action::Kind::loop_b:
      return Scrub::What::loop_b;
    default:
      return std::nullopt;
  }
}

BandSpan zoomed(BandSpan span, int steps_in) {
  return static_cast<BandSpan>(std::clamp(static_cast<int>(span) - steps_in, 0, kBandSpans - 1));
}

/// A band ends with its last second: midnight belongs to the next one, and dragging stays on this.
constexpr double kLastSecondH = 1.0 / 3600;

/// Hours from the band's beginning; nothing without a band. Clamped to it.
std::optional<double> band_hour_at(const Ui& ui, double x) {
  const auto zone = ui.zone_of(Action::Kind::seek);
  if (!zone || zone->rect.empty()) return std::nullopt;
  const double share = (x - double{zone->rect.x0}) / double{zone->rect.width()};
  const double hours = zone->action.position;
  return std::clamp(share * hours, 0.0, hours - kLastSecondH);
}

}  // namespace

/// The pointer on the band: what is under it, dragging, the wheel.
void Interaction::on_band(const Input& input, const Ui& ui, Requests& requests) {
  const Point pointer{static_cast<float>(input.pointer.x), static_cast<float>(input.pointer.y)};
  const Action under = ui.action_at(pointer);
  const auto holds = held_by(under);
  wall_.band_hour.reset();
  if (input.pointer_inside && (holds || scrubbing_)) {
    wall_.band_hour = band_hour_at(ui, input.pointer.x);
  }
  if (holds && input.wheel != 0 && wall_.replays) {
    band_wheel_ += input.wheel;
    const int steps = static_cast<int>(band_wheel_);
    band_wheel_ -= steps;
    wall_.band = zoomed(wall_.band, steps);
  }
  if (!wall_.replays) return scrubbing_.reset();
  // A press that ended at once is a click.
  if (holds && input.pressed && !input.clicked) scrubbing_ = holds;
  if (!scrubbing_) return;
  if (const auto hour = band_hour_at(ui, input.pointer.x)) {
    requests.scrub = Scrub{*scrubbing_, *hour, {}, !input.held};
  }
  if (!input.held) scrubbing_.reset();
}

/// True if the letter is one of the clock's.
bool Interaction::on_clock_letter(const KeyPress& press, Requests& requests) {
  switch (press.letter) {
    case 'l':
      (press.shift ? requests.catch_up : requests.follow_live) = true;
      return true;
    case '[':
      --requests.speed_steps;
      return true;
    case ']':
      ++requests.speed_steps;
      return true;
    case ',':
      requests.step_s -= kStepS;
      return true;
    case '.':
      requests.step_s += kStepS;
      return true;
    case ';':
      --requests.step_ticks;
      return true;
    case '\'':
      ++requests.step_ticks;
      return true;
    case 'w':
      --requests.step_alarms;
      return true;
    case 'e':
      ++requests.step_alarms;
      return true;
    case 'a':
      requests.mark_loop = true;
      return true;
    case 'z':
      if (wall_.replays)
        wall_.band = static_cast<BandSpan>((static_cast<int>(wall_.band) + 1) % kBandSpans);
      return true;
    case 'j':
      if (wall_.replays) wall_.jump.emplace();
      wall_.calendar.reset();
      return true;
    case 'y':
      requests.open_calendar = wall_.replays;
      return true;
    default:
      return false;
  }
}

/// True if the box for a date or time is open: it takes every key.
bool Interaction::on_jump_key(const KeyPress& press, Requests& requests) {
  if (!wall_.jump) return false;
  if (press.key == Key::escape) wall_.jump.reset();
  if (press.key == Key::backspace) pop_utf8(*wall_.jump);
  if (press.key == Key::enter) requests.jump = true;
  return true;
}

/// True if the key was meant for the open calendar.
bool Interaction::on_calendar_key(const KeyPress& press) {
  if (!wall_.calendar) return false;
  switch (press.key) {
    case Key::escape:
      wall_.calendar.reset();
      return true;
    case Key::left:
      *wall_.calendar -= std::chrono::months{1};
      return true;
    case Key::right:
      *wall_.calendar += std::chrono::months{1};
      return true;
    case Key::up:
      *wall_.calendar -= std::chrono::years{1};
      return true;
    case Key::down:
      *wall_.calendar += std::chrono::years{1};
      return true;
    default:
      if (press.letter != 'y') return false;
      wall_.calendar.reset();
      return true;
  }
}

/// Actions that ask for another time or pace. True if it was one of them.
bool Interaction::act_on_time(const Action& action, Requests& requests) {
  switch (action.kind) {
    case Action::Kind::seek:
      requests.seek_hour = action.position;
      return true;
    case Action::Kind::play_pause:
      requests.play_pause = true;
      return true;
    case Action::Kind::slower:
      --requests.speed_steps;
      return true;
    case Action::Kind::faster:
      ++requests.speed_steps;
      return true;
    case Action::Kind::tick_back:
      --requests.step_ticks;
      return true;
    case Action::Kind::tick_on:
      ++requests.step_ticks;
      return true;
    case Action::Kind::alarm_back:
      --requests.step_alarms;
      return true;
    case Action::Kind::alarm_on:
      ++requests.step_alarms;
      return true;
    case Action::Kind::mark_loop:
      requests.mark_loop = true;
      return true;
    case Action::Kind::follow_live:
      requests.follow_live = true;
      return true;
    case Action::Kind::band_span:
      wall_.band = static_cast<BandSpan>(action.value % kBandSpans);
      return true;
    case Action::Kind::jump_there:
      requests.jump = true;
      return true;
    default:
      return act_on_calendar(action, requests);
  }
}

bool Interaction::act_on_calendar(const Action& action, Requests& requests) {
  switch (action.kind) {
    case Action::Kind::open_calendar:
      requests.open_calendar = !wall_.calendar.has_value();
      wall_.calendar.reset();
      return true;
    case Action::Kind::close_calendar:
      wall_.calendar.reset();
      return true;
    case Action::Kind::calendar_month:
      if (wall_.calendar) *wall_.calendar += std::chrono::months{action.value == 0 ? -1 : 1};
      return true;
    case Action::Kind::choose_day:
      requests.seek_day = fleet::LocalDay{std::chrono::days{static_cast<int>(action.value)}};
      wall_.calendar.reset();
      return true;
    case Action::Kind::close_jump:
      wall_.jump.reset();
      return true;
    default:
      return false;
  }
}

}  // namespace viewer
