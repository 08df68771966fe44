// Values of a machine through its day, as charts.
#include <algorithm>
#include <cmath>

#include "viewer/charts/charts.hpp"
#include "viewer/panels/history_parts.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

std::string value_text(const HistoryChart& chart, double value, Lang lang) {
  const std::string number = decimal(value, chart.decimals);
  const std::string unit = unit_text(lang, chart.unit);
  if (chart.unit == "deg") return number + "°";
  return unit.empty() ? number : number + " " + unit;
}

/// Which value it is, how it stands, and from where to where it went.
void draw_chart_head(const HistoryModel& m, std::size_t index, const HistoryFrame& f, Ui& ui,
                     float y) {
  const Theme& theme = ui.theme();
  const HistoryChart& chart = m.charts[index];
  const float line = y + ui.px(17);
  const float x = f.panel.x0 + ui.px(kPad);
  const std::string name = chart.field.empty() ? std::string(ui.tr(Text::history_choose))
                                               : field_label(ui.lang(), chart.field);
  const float room = f.span.x0 + f.span.width() * 0.3f - x;
  const float named = std::min(ui.text_width(Type::small_strong, name), room);
  const Rect zone{x - ui.px(6), y + ui.px(2), x + named + ui.px(22), y + ui.px(24)};
  const bool lit = ui.hovered(zone) || m.choosing == index;
  ui.text_fit(Type::small_strong, {x, line}, room, lit ? theme.text : theme.accent, name);
  const float arrow = x + named + ui.px(7), mid = line - ui.px(5);
  ui.list().AddTriangleFilled({arrow, mid - ui.px(2)}, {arrow + ui.px(8), mid - ui.px(2)},
                              {arrow + ui.px(4), mid + ui.px(3)}, lit ? theme.text : theme.accent);
  ui.zone(zone, {Action::Kind::history_choose, index});
  const float from = std::max(zone.x1 + ui.px(12), f.span.x0);
  float used = from;
  if (chart.read_out) {
    const std::string value = value_text(chart, chart.read_out->y, ui.lang());
    used += ui.text(Type::strong, {used, line}, theme.text, value) + ui.px(10);
    used += ui.text(Type::small, {used, line}, theme.text_2, chart.read_at) + ui.px(18);
  }
  if (chart.other_read_out) {
    const std::string value = value_text(chart, chart.other_read_out->y, ui.lang());
    const float wide = ui.text_width(Type::strong, value) + ui.px(10) +
                       ui.text_width(Type::small, chart.other_read_at);
    if (wide <= f.span.x1 - used) {
      used += ui.text(Type::strong, {used, line}, theme.other_day, value) + ui.px(10);
      used += ui.text(Type::small, {used, line}, theme.text_2, chart.other_read_at) + ui.px(18);
    }
  }
  if (!chart.range) return;
  const auto named_value = [&](Text name_of, double value) {
    return std::string(ui.tr(name_of)) + " " + value_text(chart, value, ui.lang());
  };
  const std::string told = named_value(Text::history_least, chart.range->least) + "   " +
                           named_value(Text::history_most, chart.range->most);
  if (ui.text_width(Type::small, told) <= f.span.x1 - used)
    ui.text(Type::small, {f.span.x1, line}, theme.text_3, told, Align::right);
}

/// Of the values shown of both days; at least one has some.
ChartRange range_of_both(const HistoryChart& chart) {
  if (!chart.range) return *chart.other_range;
  if (!chart.other_range) return *chart.range;
  ChartRange both = *chart.range;
  both.least = std::min(both.least, chart.other_range->least);
  both.most = std::max(both.most, chart.other_range->most);
  return both;
}

void draw_read_out(const std::optional<ChartSample>& sample, const HistoryModel& m,
                   const Plot& plot, Ui& ui, Colour colour) {
  if (!sample || sample->x < m.from_h || sample->x > m.from_h + m.width_h) return;
  const Rect& r = plot.rect;
  const ImVec2 place{std::clamp(plot.x_of(sample->x), r.x0 + ui.px(4), r.x1 - ui.px(4)),
                     plot.y_of(sample->y)};
  ui.list().AddCircleFilled(place, ui.px(3.5f), colour);
  ui.list().AddCircle(place, ui.px(4.5f), ui.theme().background, 0, ui.px(1));
}

void draw_chart(const HistoryModel& m, const HistoryChart& chart, const HistoryFrame& f, Ui& ui,
                const Rect& r) {
  const Theme& theme = ui.theme();
  ui.fill(r, faded(theme.track, 0.55));
  ui.zone(r, {Action::Kind::history_chart});
  if (m.dragged) {
    const Rect over{f.x_of(m.dragged->from), r.y0, f.x_of(m.dragged->to), r.y1};
    ui.fill(over, faded(theme.accent, 0.2));
  }
  if (!chart.range && !chart.other_range) {
    ui.text(Type::small, {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small, (r.y0 + r.y1) / 2)},
            theme.text_3, ui.tr(Text::no_values), Align::centre);
    return;
  }
  const Plot plot = f.plot(r, value_axis(range_of_both(chart), std::pow(10.0, -chart.decimals)));
  const std::vector<double> ticks = round_ticks(plot.y0, plot.y1, 3);
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
  for (const double tick : ticks) {
    const float y = std::round(plot.y_of(tick));
    ui.line({r.x0, y}, {r.x1, y}, theme.divider, ui.px(1));
    const float line = std::clamp(ui.baseline_centred(Type::small, y), r.y0 + ui.px(9), r.y1);
    ui.text(Type::small, {r.x0 - ui.px(8), line}, theme.text_3, tick_text(tick, step),
            Align::right);
  }
  ui.list().PushClipRect({r.x0, r.y0}, {r.x1, r.y1}, true);
  draw_values(ui, plot, chart.samples, m.breaks, theme.bar, chart.steps);
  draw_history_veil(m, f, ui, r);
  // The whole of the other day is known: no veil over it.
  draw_values(ui, plot, chart.other, m.other.breaks, theme.other_day, chart.steps,
              LineLook::dashed);
  ui.list().PopClipRect();
  draw_read_out(chart.other_read_out, m, plot, ui, theme.other_day);
  draw_read_out(chart.read_out, m, plot, ui, theme.text);
}

}  // namespace

void draw_history_charts(const HistoryModel& m, const HistoryFrame& f, Ui& ui, float y,
                         std::size_t charts) {
  const float height = (f.span.y1 - y) / static_cast<float>(charts);
  for (std::size_t i = 0; i < charts; ++i) {
    const float top = y + height * static_cast<float>(i);
    draw_chart_head(m, i, f, ui, top);
    draw_chart(m, m.charts[i], f, ui,
               {f.span.x0, std::round(top + ui.px(kHistoryChartHead)), f.span.x1,
                std::round(top + height - (i + 1 == charts ? 0 : ui.px(2)))});
  }
}

}  // namespace viewer
