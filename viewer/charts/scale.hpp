// Scales of charts: where ticks stand, which range a chart shows, and the series it shows. Pure, no
// ImGui.
//
// A value that is not known is NaN; infinity counts as not known too. Nothing here makes it zero.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "viewer/ui/layout.hpp"

namespace viewer {

/// Values at even distances: the first stands at `first`, each next one `step` further on.
struct Series {
  std::span<const float> values;
  double first = 0;
  double step = 1;  ///< above 0

  double x_of(std::size_t i) const { return first + step * static_cast<double>(i); }
};

/// A stretch of the x axis.
struct Span {
  double from = 0, to = 0;
};

/// A rectangle of the screen and what its edges stand for.
struct Plot {
  Rect rect;
  double x0 = 0, x1 = 1;  ///< at the left and the right edge
  double y0 = 0, y1 = 1;  ///< at the lower and the upper edge

  /// Clamped to the rectangle; a range without width is all at its beginning.
  float x_of(double x) const;
  float y_of(double y) const;
};

/// Multiples of 1, 2 or 5 times a power of ten within [least, most], ascending: as many as there
/// can be up to `at_most` (at least 1). Nothing when the range is empty or not finite.
std::vector<double> round_ticks(double least, double most, std::size_t at_most);
/// Top of a scale from zero: a little above the largest known value, so that its line is not cut.
/// 1 where there is no value above zero: a flat line lies on its axis.
double scale_top(std::span<const float> values);
/// A tick's number, with thousands separators and no more decimals than the step needs.
std::string tick_text(double value, double step);

/// Hours between two ticks of a day `width_px` wide: 1, 2, 3, 6, 12 or, on the narrowest, 24: the
/// smallest that leaves more than a label's width free between two labels.
int hour_step(float width_px, float label_px);

}  // namespace viewer
