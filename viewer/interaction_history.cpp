// What mouse and keys do to the history of a machine.
#include <algorithm>

#include "viewer/interaction.hpp"

namespace viewer {

/// The pointer on its span: what is under it, the wheel, dragging the playhead.
void Interaction::on_history(const Input& input, const Ui& ui, Requests& requests) {
  if (wall_.history) wall_.history->pointer.reset();
  const auto zone = ui.zone_of(Action::Kind::history_seek);
  if (!wall_.history || !zone || zone->rect.empty()) {
    scrubbing_history_ = false;
    return;
  }
  const Point pointer{static_cast<float>(input.pointer.x), static_cast<float>(input.pointer.y)};
  const bool on_it = ui.action_at(pointer).kind == Action::Kind::history_seek;
  const double across = (input.pointer.x - double{zone->rect.x0}) / double{zone->rect.width()};
  const double place = std::clamp(across, 0.0, 1.0);
  if (input.pointer_inside && (on_it || scrubbing_history_)) wall_.history->pointer = place;
  if (on_it) wall_.history->wheel += input.wheel;
  if (!wall_.replays) return;
  const bool clicks = on_it && input.clicked;
  if (on_it && input.pressed && !input.clicked) scrubbing_history_ = true;
  if (!scrubbing_history_ && !clicks) return;
  const auto into_ms = static_cast<std::int64_t>(place * zone->action.position * 3'600'000);
  const auto from_ms = static_cast<std::int64_t>(zone->action.value);
  requests.scrub =
      Scrub{Scrub::What::playhead, 0, fleet::time_from_ms(from_ms + into_ms), !input.held};
  if (!input.held) scrubbing_history_ = false;
}

/// True if it chose the day that the one shown is compared with.
bool Interaction::act_on_compare(const Action& action) {
  if (action.kind == Action::Kind::compare) {
    wall_.compare ? wall_.compare.reset() : (void)wall_.compare.emplace();
    wall_.compare_steps = 0;
    return true;
  }
  if (action.kind != Action::Kind::compare_step) return false;
  // The first step is to the day that is compared with to begin with.
  if (wall_.compare) {
    wall_.compare_steps += action.value == 0 ? -1 : 1;
  } else {
    wall_.compare.emplace();
  }
  return true;
}

/// True if it was one of the history's.
bool Interaction::act_on_history(const Action& action) {
  if (action.kind == Action::Kind::history) {
    wall_.history ? wall_.history.reset() : (void)wall_.history.emplace();
    return true;
  }
  if (!wall_.history) return false;
  HistoryChoice& history = *wall_.history;
  switch (action.kind) {
    case Action::Kind::close_history:
      wall_.history.reset();
      return true;
    case Action::Kind::history_span:
      history.width_h = kHistorySpansH[action.value % kHistorySpansH.size()];
      history.from_h.reset();
      return true;
    case Action::Kind::history_choose:
      history.choosing =
          history.choosing == action.value ? std::nullopt : std::optional(action.value);
      return true;
    case Action::Kind::history_field:
      if (history.choosing && action.value < history.listed.size())
        history.fields[*history.choosing % kHistoryCharts] = history.listed[action.value];
      history.choosing.reset();
      return true;
    case Action::Kind::history_seek:
      return true;  // on_history has done it
    default:
      return false;
  }
}

}  // namespace viewer
