// Shapes of charts: from data to points and rectangles on the screen. Pure, no ImGui.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viewer/charts/scale.hpp"

namespace viewer {

/// Neighbouring known values of a series as points, run by run: what is not known, or stands
/// outside of the plot's x range, belongs to none.
std::vector<std::vector<Point>> line_runs(const Plot& plot, const Series& series);

/// The same as the upper edges of areas between two places of the x axis, cut where they cross
/// them. The last value of a run holds for one step.
std::vector<std::vector<Point>> area_runs(const Plot& plot, const Series& series, Span part);

/// Stretches of a day lane, as high as the plot, cut to its x range and at least `least_px` wide.
/// One that ends before it begins, or has an end that is not known, is none.
std::vector<Rect> lane_rects(const Plot& plot, std::span<const Span> spans, float least_px);

struct AxisLabel {
  float at = 0;               ///< px: x of the tick
  float left = 0, right = 0;  ///< px: what the text covers
  int hour = 0;
};
/// Ticks of a day along the plot's x axis (in hours), the first at its left edge and the last at
/// its right; no two labels touch. label_px: the widest label.
std::vector<AxisLabel> hour_labels(const Plot& plot, float label_px);
/// "06:00", or "06" where there is less room.
std::string hour_text(int hour, bool minutes);

}  // namespace viewer
