// App's part for the history of the selected machine: has it read, and fills its panel's model.
#include "viewer/app.hpp"
#include "viewer/model/history_model.hpp"
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

void App::follow_history() {
  if (!source_.machines() || !history_open()) return;
  const fleet::TimeZone& zone = view_.zone();
  const fleet::LocalDay day = zone.day_of(desk_.wanted());
  source_.machines()->want({view_.state().roster()[*wall_.selected].id, zone.start_of(day),
                            zone.start_of(day + std::chrono::days{1}) + kAfterMidnight});
  if (!source_.machines()->update()) return;
  ++histories_read_;
  changed_ = true;
}

void App::fill_history() {
  HistoryModel& m = model_.history;
  const fleet::MachineHistory* history =
      history_open() && source_.machines() ? source_.machines()->history() : nullptr;
  if (history == nullptr) {
    history_key_.reset();
    m = HistoryModel{};
    m.state =
        source_.machines() ? HistoryModel::State::reading : HistoryModel::State::needs_recording;
  }
  m.open = history_open();
  if (!m.open) return;
  const fleet::TimeZone& zone = view_.zone();
  const fleet::LocalDay day = zone.day_of(desk_.wanted());
  HistoryChoice& choice = *wall_.history;
  if (history != nullptr) {
    const HistoryKey key{histories_read_, day, choice.fields};
    if (history_key_ != key) {
      m = history_model(*history, zone, day, choice);
      m.open = true;
      history_key_ = key;
      choice.listed = m.listed;
    }
    if (choice.wheel != 0) {
      place_history(m, *history, zone, day, choice, desk_.wanted());
      zoom_history(choice, {m.from_h, m.width_h}, m.day_h, choice.pointer.value_or(0.5),
                   std::exchange(choice.wheel, 0));
    }
    place_history(m, *history, zone, day, choice, desk_.wanted());
    m.damaged = source_.machines()->damaged();
  }
  m.serial = view_.state().roster()[*wall_.selected].name();
  m.date = date_text(wall_.lang, local_clock(zone, desk_.wanted()));
  m.moving = !view_.has_engine_data();
}

}  // namespace viewer
