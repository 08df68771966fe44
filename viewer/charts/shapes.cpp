#include "viewer/charts/shapes.hpp"

#include <algorithm>
#include <cmath>

namespace viewer {
namespace {

struct Sample {
  double x = 0;
  double y = 0;
};

double y_at(const Sample& a, const Sample& b, double x) {
  return b.x > a.x ? a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) : a.y;
}

/// The part of a run within [part.from, part.to], with a sample where it crosses an end.
std::vector<Sample> cut(const std::vector<Sample>& run, Span part) {
  std::vector<Sample> inside;
  for (std::size_t i = 0; i + 1 < run.size(); ++i) {
    const Sample &a = run[i], &b = run[i + 1];
    const double from = std::max(a.x, part.from), to = std::min(b.x, part.to);
    if (!(to > from)) continue;
    if (inside.empty()) inside.push_back({from, y_at(a, b, from)});
    inside.push_back({to, y_at(a, b, to)});
  }
  return inside;
}

std::vector<Point> on_screen(const Plot& plot, const std::vector<Sample>& run) {
  std::vector<Point> points;
  points.reserve(run.size());
  for (const Sample& s : run) points.push_back({plot.x_of(s.x), plot.y_of(s.y)});
  return points;
}

/// Calls `each` with every run of known values that has one.
template <class Each>
void for_each_run(const Series& series, Each&& each) {
  std::vector<Sample> run;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (std::isfinite(series.values[i])) {
      run.push_back({series.x_of(i), static_cast<double>(series.values[i])});
    } else if (!run.empty()) {
      each(run);
      run.clear();
    }
  }
  if (!run.empty()) each(run);
}

bool drawable(const Plot& plot, const Series& series) {
  return !plot.rect.empty() && plot.x1 > plot.x0 && plot.y1 > plot.y0 && series.step > 0;
}

}  // namespace

std::vector<std::vector<Point>> line_runs(const Plot& plot, const Series& series) {
  std::vector<std::vector<Point>> runs;
  if (!drawable(plot, series)) return runs;
  // Rounding must not cost the sample that stands on the edge.
  const double hair = (plot.x1 - plot.x0) * 1e-9;
  for_each_run(series, [&](std::vector<Sample>& run) {
    std::erase_if(run,
                  [&](const Sample& s) { return s.x < plot.x0 - hair || s.x > plot.x1 + hair; });
    if (!run.empty()) runs.push_back(on_screen(plot, run));
  });
  return runs;
}

std::vector<std::vector<Point>> area_runs(const Plot& plot, const Series& series, Span part) {
  std::vector<std::vector<Point>> runs;
  if (!drawable(plot, series)) return runs;
  part = {std::max(part.from, plot.x0), std::min(part.to, plot.x1)};
  for_each_run(series, [&](std::vector<Sample>& run) {
    run.push_back({run.back().x + series.step, run.back().y});
    const std::vector<Sample> inside = cut(run, part);
    if (!inside.empty()) runs.push_back(on_screen(plot, inside));
  });
  return runs;
}

std::vector<Rect> lane_rects(const Plot& plot, std::span<const Span> spans, float least_px) {
  std::vector<Rect> rects;
  if (plot.rect.empty() || !(plot.x1 > plot.x0)) return rects;
  for (const Span& span : spans) {
    if (!(span.to >= span.from) || span.to < plot.x0 || span.from > plot.x1) continue;
    const float x0 = std::min(plot.x_of(span.from), plot.rect.x1 - least_px);
    const float x1 = std::max(plot.x_of(span.to), x0 + least_px);
    rects.push_back({x0, plot.rect.y0, x1, plot.rect.y1});
  }
  return rects;
}

std::vector<AxisLabel> hour_labels(const Plot& plot, float label_px) {
  std::vector<AxisLabel> labels;
  if (plot.rect.empty() || !(plot.x1 > plot.x0)) return labels;
  const auto day_px =
      static_cast<float>(static_cast<double>(plot.rect.width()) * 24 / (plot.x1 - plot.x0));
  const int step = hour_step(day_px, label_px);
  const int last = static_cast<int>(std::floor(plot.x1 + 1e-9));
  for (int hour = static_cast<int>(std::ceil(plot.x0 - 1e-9)); hour <= last; ++hour) {
    if (hour % step != 0) continue;
    AxisLabel label{plot.x_of(hour), 0, 0, hour};
    // The outermost stand inside of the plot's edges.
    label.left = std::clamp(label.at - label_px / 2, plot.rect.x0,
                            std::max(plot.rect.x0, plot.rect.x1 - label_px));
    label.right = label.left + label_px;
    if (!labels.empty() && label.left < labels.back().right) continue;
    labels.push_back(label);
  }
  return labels;
}

std::string hour_text(int hour, bool minutes) {
  std::string text = hour < 10 ? "0" : "";
  text += std::to_string(hour);
  return minutes ? text + ":00" : text;
}

}  // namespace viewer
