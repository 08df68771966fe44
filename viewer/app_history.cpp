// App's part for the history of the selected machine: has it read, and fills its panel's model.
#include <algorithm>
#include <utility>

#include "viewer/app.hpp"
#include "viewer/model/history_model.hpp"
#include "viewer/model/two_days.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

/// What was measured at the end of a day is received a little later.
constexpr std::chrono::minutes kAfterMidnight{10};

}  // namespace

bool App::history_open() const {
  return wall_.history && wall_.selected && wall_.panels && fleet_known() &&
         playback_->playhead() != fleet::kNever && *wall_.selected < view_.state().machine_count();
}

bool App::history_settled() const {
  if (!source_.machines() || !history_open()) return true;
  return !source_.machines()->reading() && beside_state() != DayBeside::State::reading;
}

/// Which day the one shown is compared with, once it is known which ones are recorded.
void App::follow_other_day() {
  other_day_.reset();
  other_recorded_ = false;
  if (!wall_.compare || !source_.days() || playback_->playhead() == fleet::kNever) return;
  std::vector<fleet::LocalDay> recorded;
  for (const net::RecordedDay& day : recorded_days().days) recorded.push_back(day.overview.day);
  if (recorded.empty()) return;
  const fleet::LocalDay shown = view_.day_of(desk_.wanted());
  other_day_ = other_day(*wall_.compare, shown, recorded);
  if (const int steps = std::exchange(wall_.compare_steps, 0); steps != 0 && other_day_) {
    other_day_ = stepped_day(*other_day_, steps, shown, recorded);
    wall_.compare = OtherDay{other_day_, std::nullopt};
  }
  other_recorded_ = other_day_ && std::ranges::binary_search(recorded, *other_day_);
  // A gateway's wall is live until its recording is known: no day is meant before that.
  if (config_.options.at && !started_playing_) return;
  if (!std::exchange(config_.options.compare, std::nullopt) || other_recorded_) return;
  complaints_.push_back(
      "--compare " + (other_day_ ? fleet::day_name(*other_day_) : std::string()) +
      ": nothing is recorded of this day; there " +
      (recorded.size() == 1 ? "is 1 day" : "are " + std::to_string(recorded.size()) + " days") +
      " from " + fleet::day_name(recorded.front()) + " to " + fleet::day_name(recorded.back()) +
      ".");
  call_was_wrong_ = true;
}

void App::want_history(net::MachineShelf& shelf, fleet::LocalDay day) {
  const fleet::TimeZone& zone = view_.zone();
  shelf.want({view_.state().roster()[*wall_.selected].id, zone.start_of(day),
              zone.start_of(day + std::chrono::days{1}) + kAfterMidnight});
  if (!shelf.update()) return;
  ++histories_read_;
  changed_ = true;
}

void App::follow_history() {
  follow_other_day();
  if (!source_.machines() || !history_open()) return;
  want_history(*source_.machines(), view_.day_of(desk_.wanted()));
  if (other_recorded_ && source_.other_machines())
    want_history(*source_.other_machines(), *other_day_);
}

const fleet::MachineHistory* App::other_history() const {
  return other_recorded_ && source_.other_machines() ? source_.other_machines()->history()
                                                     : nullptr;
}

DayBeside::State App::beside_state() const {
  using State = DayBeside::State;
  if (!wall_.compare || !source_.other_machines()) return State::none;
  if (recorded_days().days.empty()) return State::reading;
  if (!other_day_) return State::alone;
  if (!other_recorded_) return State::not_recorded;
  return other_history() ? State::ready : State::reading;
}

void App::fill_history() {
  HistoryModel& m = model_.history;
  const fleet::MachineHistory* history =
      history_open() && source_.machines() ? source_.machines()->history() : nullptr;
  if (history == nullptr) {
    history_key_.reset();
    m = HistoryModel{};
    const bool none = !source_.machines() || past_health().state == net::FeedHealth::State::refused;
    m.state = none ? HistoryModel::State::needs_recording : HistoryModel::State::reading;
  }
  m.open = history_open();
  if (!m.open) return;
  const fleet::TimeZone& zone = view_.zone();
  const fleet::LocalDay day = view_.day_of(desk_.wanted());
  if (history != nullptr) fill_history_of(*history, day);
  m.serial = view_.state().roster()[*wall_.selected].name();
  m.date = date_text(wall_.lang, local_clock(zone, zone.start_of(day)));
  m.moving = !view_.has_engine_data();
}

void App::fill_history_of(const fleet::MachineHistory& history, fleet::LocalDay day) {
  HistoryModel& m = model_.history;
  const fleet::TimeZone& zone = view_.zone();
  HistoryChoice& choice = *wall_.history;
  const fleet::MachineHistory* other = other_history();
  const HistoryKey key{histories_read_, day, other_day_, other != nullptr, choice.fields};
  if (history_key_ != key) {
    m = history_model(history, zone, day, choice);
    if (other != nullptr) add_other_day(m, *other, zone, *other_day_, day);
    m.open = true;
    history_key_ = key;
    choice.listed = m.listed;
  }
  if (choice.wheel != 0) {
    place_history(m, history, zone, day, choice, desk_.wanted());
    zoom_history(choice, {m.from_h, m.width_h}, m.day_h, choice.pointer.value_or(0.5),
                 std::exchange(choice.wheel, 0));
  }
  place_history(m, history, zone, day, choice, desk_.wanted());
  if (choice.dragged) {
    zoom_to_dragged(choice, {m.from_h, m.width_h}, m.day_h, *choice.dragged);
    choice.dragged.reset();
    place_history(m, history, zone, day, choice, desk_.wanted());
  }
  if (other == nullptr) m.other.state = beside_state();
  m.other.date.clear();
  if (other_day_)
    m.other.date = date_text(wall_.lang, local_clock(zone, zone.start_of(*other_day_)));
  place_other_day(m, zone, day);
  m.damaged = source_.machines()->damaged() || (other && source_.other_machines()->damaged());
}

}  // namespace viewer
