// What of a machine's history the person in front of the wall has chosen to see.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace viewer {

inline constexpr std::size_t kHistoryCharts = 2;
/// Lengths of the span shown that can be chosen at once: the day, 6 h, 1 h.
inline constexpr std::array<double, 3> kHistorySpansH{24, 6, 1};
/// The shortest one that the wheel gets to.
inline constexpr double kLeastHistoryH = 1.0 / 60;

struct HistoryChoice {
  double width_h = kHistorySpansH[0];  ///< of the span shown; as long as the day: all of it
  /// Hours of the day at which a span begins that was zoomed to; nothing: at whole spans.
  std::optional<double> from_h;
  bool pinned = false;  ///< it stays there, wherever the playhead is: it was dragged over
  std::array<std::string, kHistoryCharts> fields;  ///< of the charts; empty: what suits the machine
  std::optional<std::size_t> choosing;             ///< the list of values is open, for this chart
  std::optional<double> pointer;    ///< while it is on the span: its place in it, 0 to 1
  std::optional<double> drag_from;  ///< while a span is dragged over: where that began, 0 to 1
  std::optional<std::pair<double, double>> dragged;  ///< over it, but not zoomed to yet; 0 to 1
  double wheel = 0;                 ///< steps of it that the span has not followed yet
  std::vector<std::string> listed;  ///< values in the list, as the picture shows them
};

/// Where a span begins and how long it is, of a day of so many hours: with the playhead in it.
struct HistorySpan {
  double from_h = 0, width_h = 24;
};
HistorySpan shown_span(const HistoryChoice& choice, double day_h, double playhead_h);
/// Zooms to what lies between two places of the span shown, 0 to 1, in either order.
void zoom_to_dragged(HistoryChoice& choice, HistorySpan shown, double day_h,
                     std::pair<double, double> places);
/// Back to the whole day.
void show_whole_day(HistoryChoice& choice);
/// Zooms by steps of the wheel (in: positive) about a place of the span shown, 0 to 1.
void zoom_history(HistoryChoice& choice, HistorySpan shown, double day_h, double place,
                  double steps);

}  // namespace viewer
