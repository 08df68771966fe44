// Charts: bars, lines, areas, sparklines, day lanes and axes, drawn into Ui's current list.
//
// Each is a function of plain data and a rectangle (scale.hpp, shapes.hpp). Nothing is drawn where
// a value is not known: a gap says so, a zero would lie.
#pragma once

#include <span>

#include "viewer/charts/scale.hpp"
#include "viewer/ui/ui.hpp"

namespace viewer {

struct LineStyle {
  Colour colour = 0;
  float width_px = 1;
  bool dashed = false;  ///< one step drawn, the next left out
};

/// A value between two that are not known is a dot.
void draw_line(Ui& ui, const Plot& plot, const Series& series, const LineStyle& style);
/// From the plot's lower edge up to the values, between two places of the x axis.
void draw_area(Ui& ui, const Plot& plot, const Series& series, Span part, Colour colour);
/// A line without axes over the values' own range from zero.
void draw_sparkline(Ui& ui, const Rect& r, std::span<const float> values, Colour colour);

/// A bar filled to `share` (0..1, clamped; NaN = empty track).
void draw_bar(Ui& ui, const Rect& r, double share, Colour colour);
/// A track with the stretches of a day in which something was so.
void draw_lane(Ui& ui, const Plot& plot, std::span<const Span> spans, Colour colour);

/// Axis, ticks and labels of a day below the plot, whose x axis counts hours. baseline: of the
/// labels. minutes: "06:00" in place of "06".
void draw_hour_axis(Ui& ui, const Plot& plot, float baseline, bool minutes);
/// Room that the numbers of the y axis take left of a plot, with their distance to it.
float value_axis_width(Ui& ui, double top, std::size_t ticks);
/// Quiet lines across the plot with their numbers at its left; none at zero, where the x axis is.
void draw_value_axis(Ui& ui, const Plot& plot, std::size_t ticks);

}  // namespace viewer
