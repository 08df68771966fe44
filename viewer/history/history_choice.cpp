#include "viewer/history/history_choice.hpp"

#include <algorithm>
#include <cmath>

namespace viewer {
namespace {

constexpr double kZoomOfStep = 0.8;

double clamped(double from_h, double width_h, double day_h) {
  return std::clamp(from_h, 0.0, std::max(day_h - width_h, 0.0));
}

}  // namespace

HistorySpan shown_span(const HistoryChoice& choice, double day_h, double playhead_h) {
  const double width = std::min(choice.width_h, day_h);
  // The last span of a day of 24 h is the whole of one of 25.
  if (choice.width_h >= kHistorySpansH[0]) return {0, day_h};
  const double first = choice.from_h.value_or(0);
  if (choice.pinned) return {clamped(first, width, day_h), width};
  // It turns over whole spans at a time, so that the picture stands still in between.
  const double pages = std::floor((playhead_h - first) / width);
  const bool inside = playhead_h >= first && playhead_h <= first + width;
  return {clamped(inside && choice.from_h ? first : first + pages * width, width, day_h), width};
}

void show_whole_day(HistoryChoice& choice) {
  choice.width_h = kHistorySpansH[0];
  choice.from_h.reset();
  choice.pinned = false;
}

void zoom_to_dragged(HistoryChoice& choice, HistorySpan shown, double day_h,
                     std::pair<double, double> places) {
  const auto [from, to] = std::minmax(places.first, places.second);
  choice.width_h =
      std::clamp((to - from) * shown.width_h, kLeastHistoryH, std::min(day_h, kHistorySpansH[0]));
  choice.from_h = clamped(shown.from_h + from * shown.width_h, choice.width_h, day_h);
  choice.pinned = true;
}

void zoom_history(HistoryChoice& choice, HistorySpan shown, double day_h, double place,
                  double steps) {
  const double width =
      std::clamp(shown.width_h * std::pow(kZoomOfStep, steps), kLeastHistoryH, day_h);
  const double at = shown.from_h + place * shown.width_h;
  if (width >= day_h) {
    show_whole_day(choice);
    return;
  }
  choice.width_h = width;
  choice.from_h = clamped(at - place * width, width, day_h);
}

}  // namespace viewer
