// What mouse and keys do to the history of a machine.
#include <algorithm>
#include <cmath>
#include <utility>

#include "viewer/interaction.hpp"

namespace viewer {
namespace {

/// Of the span's width: below it a drag is a click that shook.
constexpr double kLeastDrag = 0.005;

}  // namespace

/// Dragging over a chart: zooms to what was dragged over; a double click shows the day again. True:
/// the input was for that.
bool Interaction::drag_on_chart(const Input& input, bool on_chart, double place) {
  HistoryChoice& history = *wall_.history;
  if (on_chart && input.double_clicked) {
    show_whole_day(history);
    return true;
  }
  if (on_chart && input.pressed && !input.clicked) history.drag_from = place;
  if (!history.drag_from || input.held) return history.drag_from.has_value();
  const double from = *std::exchange(history.drag_from, std::nullopt);
  if (std::abs(place - from) < kLeastDrag) return false;
  history.dragged = {from, place};
  return true;
}

/// The pointer on its span: what is under it, the wheel, dragging the playhead.
void Interaction::on_history(const Input& input, const Ui& ui, Requests& requests) {
  if (wall_.history) wall_.history->pointer.reset();
  const auto zone = ui.zone_of(Action::Kind::history_seek);
  if (!wall_.history || !zone || zone->rect.empty()) {
    scrubbing_history_ = false;
    return;
  }
  const Point pointer{static_cast<float>(input.pointer.x), static_cast<float>(input.pointer.y)};
  const Action::Kind under = ui.action_at(pointer).kind;
  const bool on_chart = under == Action::Kind::history_chart;
  const bool on_it = on_chart || under == Action::Kind::history_seek;
  const double across = (input.pointer.x - double{zone->rect.x0}) / double{zone->rect.width()};
  const double place = std::clamp(across, 0.0, 1.0);
  if (input.pointer_inside && (on_it || scrubbing_history_ || wall_.history->drag_from))
    wall_.history->pointer = place;
  if (on_it) wall_.history->wheel += input.wheel;
  if (drag_on_chart(input, on_chart, place) || !wall_.replays) return;
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
      history.pinned = false;
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
    case Action::Kind::history_chart:
      return true;  // on_history has done it
    default:
      return false;
  }
}

}  // namespace viewer
