#include "viewer/charts/charts.hpp"

#include <algorithm>
#include <cmath>

#include "viewer/charts/shapes.hpp"

namespace viewer {
namespace {

ImVec2 vec(Point p) {
  return {p.x, p.y};
}

void stroke(Ui& ui, const std::vector<Point>& run, const LineStyle& style) {
  if (run.size() == 1) {
    ui.list().AddCircleFilled(vec(run[0]), style.width_px, style.colour);
    return;
  }
  for (std::size_t i = 0; i < run.size(); ++i) {
    ui.list().PathLineTo(vec(run[i]));
    if (style.dashed && i % 2 == 1) ui.list().PathStroke(style.colour, 0, style.width_px);
  }
  ui.list().PathStroke(style.colour, 0, style.width_px);
}

/// A strip between a run and a base line, without seams between its parts.
void fill_below(Ui& ui, const std::vector<Point>& run, float base, Colour colour) {
  ImDrawList& list = ui.list();
  const auto count = static_cast<int>(run.size());
  list.PrimReserve((count - 1) * 6, count * 2);
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  const auto first = static_cast<ImDrawIdx>(list._VtxCurrentIdx);
  for (const Point& p : run) {
    list.PrimWriteVtx(vec(p), uv, colour);
    list.PrimWriteVtx({p.x, base}, uv, colour);
  }
  for (int i = 0; i + 1 < count; ++i) {
    for (const int corner : {0, 1, 2, 2, 1, 3}) {
      list.PrimWriteIdx(static_cast<ImDrawIdx>(first + i * 2 + corner));
    }
  }
}

double step_of(const std::vector<double>& ticks) {
  return ticks.size() > 1 ? ticks[1] - ticks[0] : ticks.front();
}

/// Ticks above zero.
std::vector<double> value_ticks(double top, std::size_t ticks) {
  std::vector<double> all = round_ticks(0, top, ticks + 1);
  std::erase_if(all, [](double v) { return v <= 0; });
  return all;
}

}  // namespace

void draw_line(Ui& ui, const Plot& plot, const Series& series, const LineStyle& style) {
  for (const auto& run : line_runs(plot, series)) stroke(ui, run, style);
}

void draw_area(Ui& ui, const Plot& plot, const Series& series, Span part, Colour colour) {
  for (const auto& run : area_runs(plot, series, part)) {
    if (run.size() >= 2) fill_below(ui, run, plot.rect.y1, colour);
  }
}

void draw_sparkline(Ui& ui, const Rect& r, std::span<const float> values, Colour colour) {
  if (values.size() < 2) return;
  const Plot plot{r, 0, static_cast<double>(values.size() - 1), 0, scale_top(values)};
  draw_line(ui, plot, {values}, {colour, ui.px(1.5f)});
}

void draw_bar(Ui& ui, const Rect& r, double share, Colour colour) {
  ui.fill(r, ui.theme().track, ui.px(2));
  if (!(share > 0)) return;
  const auto part = static_cast<float>(std::min(share, 1.0));
  ui.fill({r.x0, r.y0, r.x0 + std::max(r.width() * part, 1.f), r.y1}, colour, ui.px(2));
}

void draw_lane(Ui& ui, const Plot& plot, std::span<const Span> spans, Colour colour) {
  ui.fill(plot.rect, ui.theme().track);
  for (const Rect& r : lane_rects(plot, spans, std::max(2.f, ui.px(2)))) ui.fill(r, colour);
}

void draw_hour_axis(Ui& ui, const Plot& plot, float baseline, bool minutes) {
  const Theme& theme = ui.theme();
  const Rect& r = plot.rect;
  ui.line({r.x0, r.y1}, {r.x1, r.y1}, theme.panel_edge, ui.px(1));
  for (const AxisLabel& label :
       hour_labels(plot, ui.text_width(Type::small, minutes ? "00:00" : "00"))) {
    const float x = std::round(std::min(label.at, r.x1 - ui.px(1)));
    ui.line({x, r.y1}, {x, r.y1 + ui.px(5)}, theme.panel_edge, ui.px(1));
    ui.text(Type::small, {label.left, baseline}, theme.text_3, hour_text(label.hour, minutes));
  }
}

float value_axis_width(Ui& ui, double top, std::size_t ticks) {
  float width = 0;
  const std::vector<double> values = value_ticks(top, ticks);
  for (const double v : values) {
    width = std::max(width, ui.text_width(Type::small, tick_text(v, step_of(values))));
  }
  return width > 0 ? std::ceil(width + ui.px(8)) : 0;
}

void draw_value_axis(Ui& ui, const Plot& plot, std::size_t ticks) {
  const Theme& theme = ui.theme();
  const std::vector<double> values = value_ticks(plot.y1, ticks);
  for (const double v : values) {
    const float y = std::round(plot.y_of(v));
    ui.line({plot.rect.x0, y}, {plot.rect.x1, y}, theme.divider, ui.px(1));
    ui.text(Type::small, {plot.rect.x0 - ui.px(8), ui.baseline_centred(Type::small, y)},
            theme.text_3, tick_text(v, step_of(values)), Align::right);
  }
}

}  // namespace viewer
