// Parts of the panel of a machine's history: lanes above, charts below, on one axis of time.
#pragma once

#include "viewer/charts/shapes.hpp"
#include "viewer/panels/history_models.hpp"
#include "viewer/panels/panels.hpp"

namespace viewer {

// Px at scale 1.
inline constexpr float kHistoryLane = 19, kHistoryChartHead = 25;
inline constexpr std::size_t kHistoryStates = 4;

/// Where the panel and its axis of time lie, and which hours that shows.
struct HistoryFrame {
  Rect panel;
  Rect span;  ///< of the axis of time, lanes and charts
  double from_h = 0, to_h = 24;
  Plot plot(const Rect& r, Span y = {0, 1}) const { return {r, from_h, to_h, y.from, y.to}; }
  float x_of(double hour) const { return plot(span).x_of(hour); }
};
/// What the wall does not know yet stands back.
void draw_history_veil(const HistoryModel& m, const HistoryFrame& f, Ui& ui, const Rect& r);
/// Lanes from y on; where the next part begins. Of more faults than there is room for the last lane
/// says how many. With a day beside it, that one's lie below those of the day shown.
float draw_history_lanes(const HistoryModel& m, const HistoryFrame& f, Ui& ui, float y,
                         std::size_t faults);
/// The first so many charts, from y on down to the axis.
void draw_history_charts(const HistoryModel& m, const HistoryFrame& f, Ui& ui, float y,
                         std::size_t charts);

}  // namespace viewer
