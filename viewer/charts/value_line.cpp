#include "viewer/charts/value_line.hpp"

#include <algorithm>
#include <cmath>

#include "viewer/ui/ui.hpp"

namespace viewer {
namespace {

/// Of a range's height, free above and below it.
constexpr double kAir = 0.12;

std::span<const ChartSample> within(std::span<const ChartSample> samples, Span part) {
  const auto first = std::ranges::lower_bound(samples, part.from, {}, &ChartSample::x);
  const auto last = std::ranges::upper_bound(samples, part.to, {}, &ChartSample::x);
  return first < last ? std::span(first, last) : std::span<const ChartSample>();
}

bool broken(std::span<const Span> breaks, double from, double to) {
  const auto next = std::ranges::upper_bound(breaks, from, {}, &Span::to);
  return next != breaks.end() && next->from < to;
}

/// Samples of the plot, and one beyond each of its edges, which x_of would move onto it.
std::vector<ChartSample> cut(const Plot& plot, std::span<const ChartSample> samples,
                             std::span<const Span> breaks) {
  const auto inside = within(samples, {plot.x0, plot.x1});
  std::vector<ChartSample> kept;
  const auto at_edge = [&](const ChartSample& a, const ChartSample& b, double x) {
    if (broken(breaks, a.x, b.x) || !(b.x > a.x)) return;
    kept.push_back({x, a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)});
  };
  const auto next = std::ranges::lower_bound(samples, plot.x0, {}, &ChartSample::x);
  const bool crosses = next != samples.begin() && next != samples.end();
  if (crosses) at_edge(*std::prev(next), *next, plot.x0);
  if (crosses && next->x > plot.x1) {
    at_edge(*std::prev(next), *next, plot.x1);
    return kept;
  }
  kept.insert(kept.end(), inside.begin(), inside.end());
  const auto behind = std::ranges::upper_bound(samples, plot.x1, {}, &ChartSample::x);
  if (behind != samples.end() && behind != samples.begin())
    at_edge(*std::prev(behind), *behind, plot.x1);
  return kept;
}

}  // namespace

std::optional<ChartRange> range_of(std::span<const ChartSample> samples, Span part) {
  const auto inside = within(samples, part);
  if (inside.empty()) return std::nullopt;
  const auto [least, most] = std::ranges::minmax(inside, {}, &ChartSample::y);
  return ChartRange{least.y, most.y, inside.back().y};
}

std::optional<ChartSample> nearest_sample(std::span<const ChartSample> samples, Span part,
                                          double x) {
  const auto inside = within(samples, part);
  if (inside.empty()) return std::nullopt;
  return *std::ranges::min_element(inside, {},
                                   [&](const ChartSample& s) { return std::abs(s.x - x); });
}

Span value_axis(const ChartRange& range, double least_step) {
  const double height = range.most - range.least;
  const double air = height > 0 ? height * kAir : std::max(least_step, std::abs(range.most) * 0.02);
  return {range.least - air, range.most + air};
}

std::vector<std::vector<LineColumn>> line_columns(const Plot& plot,
                                                  std::span<const ChartSample> samples,
                                                  std::span<const Span> breaks) {
  std::vector<std::vector<LineColumn>> runs;
  if (plot.rect.empty() || !(plot.x1 > plot.x0)) return runs;
  const ChartSample* before = nullptr;
  const std::vector<ChartSample> kept = cut(plot, samples, breaks);
  for (const ChartSample& sample : kept) {
    const float x = plot.x_of(sample.x), y = plot.y_of(sample.y);
    const bool anew = before == nullptr || broken(breaks, before->x, sample.x);
    before = &sample;
    if (anew) runs.emplace_back();
    std::vector<LineColumn>& run = runs.back();
    if (run.empty() || std::floor(run.back().x) != std::floor(x)) {
      run.push_back({x, y, y, y, y});
      continue;
    }
    LineColumn& column = run.back();
    column.last = y;
    column.top = std::min(column.top, y);
    column.bottom = std::max(column.bottom, y);
  }
  return runs;
}

std::vector<LinePoints> dashes(const LinePoints& line, float on, float off) {
  std::vector<LinePoints> pieces;
  const float period = on + off;
  const auto is_on = [&](float x) { return x - std::floor(x / period) * period < on; };
  bool open = false;
  const auto add = [&](LinePoint p) {
    if (!open) pieces.emplace_back();
    open = true;
    if (pieces.back().empty() || !(pieces.back().back() == p)) pieces.back().push_back(p);
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const LinePoint& b = line[i];
    if (i > 0 && b.x > line[i - 1].x) {
      const LinePoint& a = line[i - 1];
      // From one end of a dash to the next, between these two points.
      for (float cell = std::floor(a.x / period) * period; cell < b.x; cell += period) {
        for (const float edge : {cell, cell + on}) {
          if (edge <= a.x || edge >= b.x) continue;
          if (edge == cell) open = false;
          add({edge, a.y + (b.y - a.y) * (edge - a.x) / (b.x - a.x)});
          if (edge != cell) open = false;
        }
      }
    }
    if (is_on(b.x)) {
      add(b);
    } else {
      open = false;
    }
  }
  return pieces;
}

namespace {

/// A run as points: through each column down to the pixel where it goes on.
LinePoints points_of(const std::vector<LineColumn>& run, bool steps) {
  LinePoints points;
  for (std::size_t i = 0; i < run.size(); ++i) {
    if (steps && i > 0) points.push_back({run[i].x, run[i - 1].last});
    points.push_back({run[i].x, run[i].first});
    if (run[i].last != run[i].first) points.push_back({run[i].x, run[i].last});
  }
  return points;
}

// Px at scale 1.
constexpr float kDash = 7, kDashGap = 4;

}  // namespace

void draw_values(Ui& ui, const Plot& plot, std::span<const ChartSample> samples,
                 std::span<const Span> breaks, Colour colour, bool steps, LineLook look) {
  ImDrawList& list = ui.list();
  const float width = std::max(1.25f, ui.px(1.5f));
  const float on = ui.px(kDash), off = ui.px(kDashGap);
  const bool dashed = look == LineLook::dashed;
  for (const auto& run : line_columns(plot, samples, breaks)) {
    if (run.size() == 1 && run[0].bottom - run[0].top < 1) {
      const float x = std::clamp(run[0].x, plot.rect.x0 + width, plot.rect.x1 - width);
      list.AddCircleFilled({x, run[0].first}, width, colour);
      continue;
    }
    for (const LineColumn& column : run) {
      if (column.bottom - column.top < 1) continue;
      const float x = std::min(std::floor(column.x), plot.rect.x1 - 1);
      if (dashed && std::fmod(x, on + off) >= on) continue;
      list.AddRectFilled({x, column.top}, {x + 1, column.bottom}, faded(colour, 0.75));
    }
    const LinePoints line = points_of(run, steps);
    for (const LinePoints& piece : dashed ? dashes(line, on, off) : std::vector<LinePoints>{line}) {
      for (const LinePoint& p : piece) list.PathLineTo({p.x, p.y});
      list.PathStroke(colour, 0, width);
    }
  }
}

}  // namespace viewer
