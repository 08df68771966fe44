// A line through values at any instants, as fine as the screen shows it. Pure but for draw_values.
//
// Where several samples fall on a column of pixels, the column shows all of them: from the least to
// the most. Nothing is drawn across a break.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "viewer/charts/scale.hpp"
#include "viewer/ui/theme.hpp"

namespace viewer {

class Ui;

struct ChartSample {
  double x = 0, y = 0;
  bool operator==(const ChartSample&) const = default;
};
/// Of the samples within a stretch of the x axis.
struct ChartRange {
  double least = 0, most = 0, last = 0;
};
/// samples ascend by x, here and below. Nothing: there is none.
std::optional<ChartRange> range_of(std::span<const ChartSample> samples, Span part);
/// The sample nearest to x, within a part of the x axis; of two the earlier.
std::optional<ChartSample> nearest_sample(std::span<const ChartSample> samples, Span part,
                                          double x);
/// Axis of values around a range: a little more than it on both sides, and never without height.
/// least_step: the smallest difference that the values can have.
Span value_axis(const ChartRange& range, double least_step);

/// A column of pixels, px: where the line comes in and goes out, and how far it goes up and down.
struct LineColumn {
  float x = 0;
  float first = 0, last = 0;
  float top = 0, bottom = 0;
};
struct LinePoint {
  float x = 0, y = 0;
  bool operator==(const LinePoint&) const = default;
};
/// Runs without a break between them. Lines go on to samples beyond the plot's edges.
std::vector<std::vector<LineColumn>> line_columns(const Plot& plot,
                                                  std::span<const ChartSample> samples,
                                                  std::span<const Span> breaks);
/// What of a line is drawn where only so many px of each `on` + `off` are, counted along x from 0;
/// pieces without a length stand for a single point. Upright parts are drawn whole or not at all.
using LinePoints = std::vector<LinePoint>;
std::vector<LinePoints> dashes(const LinePoints& line, float on, float off);

enum class LineLook : std::uint8_t { full, dashed };
/// steps: a value holds until the next one.
void draw_values(Ui& ui, const Plot& plot, std::span<const ChartSample> samples,
                 std::span<const Span> breaks, Colour colour, bool steps,
                 LineLook look = LineLook::full);

}  // namespace viewer
