// The history of a machine: its day in lanes, values of it as charts below, on one axis of time.
#include <algorithm>
#include <cmath>

#include "viewer/charts/charts.hpp"
#include "viewer/charts/shapes.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using State = HistoryModel::State;

// Px at scale 1.
constexpr float kHead = 46, kLane = 19, kLaneBar = 11, kChartHead = 25, kAxis = 26;
constexpr float kLeastChart = 36, kLeastLabels = 96;
/// Of the panel's width that names of faults may take.
constexpr float kMostLabels = 0.32f;
constexpr std::size_t kMostFaultLanes = 4, kStates = 4;

struct Frame {
  Rect panel;
  Rect span;  ///< of the axis of time, lanes and charts
  double from_h = 0, to_h = 24;
  Plot plot(const Rect& r, Span y = {0, 1}) const { return {r, from_h, to_h, y.from, y.to}; }
  float x_of(double hour) const { return plot(span).x_of(hour); }
};

std::string value_text(const HistoryChart& chart, double value, Lang lang) {
  const std::string number = decimal(value, chart.decimals);
  const std::string unit = unit_text(lang, chart.unit);
  if (chart.unit == "deg") return number + "°";
  return unit.empty() ? number : number + " " + unit;
}

void draw_spans(const HistoryModel& m, Ui& ui, float right, float baseline) {
  const Theme& theme = ui.theme();
  for (std::size_t i = kHistorySpansH.size(); i-- > 0;) {
    const std::string name = i == 0 ? std::string(ui.tr(Text::span_day))
                                    : short_duration(ui.lang(), kHistorySpansH[i] * 3600);
    const float width = ui.text_width(Type::small, name);
    const float x = std::round(right - width);
    const Rect zone{x - ui.px(6), baseline - ui.px(14), right + ui.px(6), baseline + ui.px(6)};
    const bool shown = m.span == i;
    ui.text(Type::small, {x, baseline}, shown || ui.hovered(zone) ? theme.text : theme.text_3,
            name);
    if (shown) ui.fill({x, baseline + ui.px(3), x + width, baseline + ui.px(4.5f)}, theme.accent);
    ui.zone(zone, {Action::Kind::history_span, i});
    right = x - ui.px(16);
  }
}

void draw_head(const HistoryModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  const float pad = ui.px(kPad), line = r.y0 + ui.px(30);
  close_cross(ui, {r.x1 - pad - ui.px(6), r.y0 + ui.px(24)}, {Action::Kind::close_history});
  float x = r.x0 + pad;
  x += ui.text_fit(Type::strong, {x, line}, r.width() * 0.3f, theme.text,
                   m.serial + " · " + std::string(ui.tr(Text::history))) +
       ui.px(14);
  x += ui.text(Type::small, {x, line}, theme.text_2, m.date) + ui.px(14);
  const float right = r.x1 - pad - ui.px(34);
  if (m.state == State::ready) draw_spans(m, ui, right, line);
  if (!m.pointer_at.empty()) {
    std::string told = m.pointer_at;
    if (m.pointer_status) told.append(" ").append(ui.tr(text_key(*m.pointer_status, m.moving)));
    ui.text(Type::small, {x, line}, theme.text, told);
  } else if (m.damaged) {
    ui.text_fit(Type::small, {x, line}, right - ui.px(150) - x,
                theme.text_of(fleet::Severity::medium), ui.tr(Text::history_damaged));
  }
}

Colour lane_colour(const HistoryLane& lane, const Theme& theme) {
  return lane.status ? theme.of(*lane.status) : theme.of(lane.severity);
}

/// Silence is a hollow trace, as its mark is.
void draw_lane_spans(const HistoryLane& lane, const Frame& f, Ui& ui, const Rect& bar) {
  const Plot plot = f.plot(bar);
  if (lane.status != fleet::Status::silent)
    return draw_lane(ui, plot, lane.spans, lane_colour(lane, ui.theme()));
  ui.fill(bar, ui.theme().track);
  const float edge = std::max(1.f, std::round(ui.px(1)));
  for (const Rect& r : lane_rects(plot, lane.spans, std::max(2.f, ui.px(2)))) {
    ui.fill({r.x0, r.y0, r.x1, r.y0 + edge}, ui.theme().silent);
    ui.fill({r.x0, r.y1 - edge, r.x1, r.y1}, ui.theme().silent);
    ui.fill({r.x0, r.y0, std::min(r.x0 + edge, r.x1), r.y1}, ui.theme().silent);
    ui.fill({std::max(r.x1 - edge, r.x0), r.y0, r.x1, r.y1}, ui.theme().silent);
  }
}

void draw_lane_label(const HistoryModel& m, const HistoryLane& lane, Ui& ui, float x, float mid,
                     float right) {
  const Theme& theme = ui.theme();
  const float line = ui.baseline_centred(Type::small, mid);
  const float at = x + ui.px(17);
  if (lane.status) {
    status_mark(ui, {x + ui.px(6), mid}, ui.px(4), *lane.status);
    ui.text_fit(Type::small, {at, line}, right - at, theme.text_2,
                ui.tr(text_key(*lane.status, m.moving)));
  } else {
    severity_mark(ui, {x + ui.px(6), mid}, ui.px(5), lane.severity);
    const std::string words = fault_title(ui.lang(), lane.spn, lane.fmi);
    ui.text_fit(Type::small, {at, line}, right - at, theme.text, words);
  }
}

/// SPN and FMI on the lane itself, where nothing is drawn: at its end that is freer.
void draw_fault_code(const HistoryLane& lane, const Frame& f, Ui& ui, const Rect& bar) {
  const std::string code = fault_code(lane.spn, lane.fmi);
  const float width = ui.text_width(Type::small, code) + ui.px(10);
  const float line = ui.baseline_centred(Type::small, (bar.y0 + bar.y1) / 2);
  const auto spans = lane_rects(f.plot(bar), lane.spans, ui.px(2));
  const auto is_free = [&](float x0, float x1) {
    return std::ranges::none_of(spans, [&](const Rect& r) { return r.x0 < x1 && r.x1 > x0; });
  };
  if (is_free(bar.x1 - width, bar.x1))
    ui.text(Type::small, {bar.x1 - ui.px(4), line}, ui.theme().text_3, code, Align::right);
  else if (is_free(bar.x0, bar.x0 + width))
    ui.text(Type::small, {bar.x0 + ui.px(4), line}, ui.theme().text_3, code);
}

/// What the wall does not know yet stands back.
void draw_veil(const HistoryModel& m, const Frame& f, Ui& ui, const Rect& r) {
  const float x = std::round(f.x_of(std::clamp(m.playhead_h, m.from_h, m.from_h + m.width_h)));
  ui.fill({x, r.y0, r.x1, r.y1}, faded(ui.theme().background, 0.5));
}

/// Lanes from y on; where the next part begins. Of more faults than there is room for the last lane
/// says how many.
float draw_lanes(const HistoryModel& m, const Frame& f, Ui& ui, float y, std::size_t faults) {
  const float x = f.panel.x0 + ui.px(kPad);
  const std::size_t all = m.lanes.size() - std::min(m.lanes.size(), kStates);
  for (std::size_t i = 0; i < kStates + faults && i < m.lanes.size(); ++i) {
    const HistoryLane& lane = m.lanes[i];
    const float mid = y + ui.px(kLane / 2);
    const Rect bar{f.span.x0, std::round(mid - ui.px(kLaneBar / 2)), f.span.x1,
                   std::round(mid + ui.px(kLaneBar / 2))};
    const bool more = i + 1 == kStates + faults && all > faults;
    if (more) {
      const std::string text = filled(ui.tr(Text::history_more_faults), "n",
                                      grouped(static_cast<std::int64_t>(all - faults + 1)));
      ui.text_fit(Type::small, {x, ui.baseline_centred(Type::small, mid)}, f.span.width(),
                  ui.theme().text_3, text);
    } else {
      draw_lane_label(m, lane, ui, x, mid, f.span.x0 - ui.px(8));
      draw_lane_spans(lane, f, ui, bar);
      draw_veil(m, f, ui, bar);
      if (!lane.status) draw_fault_code(lane, f, ui, bar);
    }
    y += ui.px(kLane);
  }
  return y;
}

/// Which value it is, how it stands, and from where to where it went.
void draw_chart_head(const HistoryModel& m, std::size_t index, const Frame& f, Ui& ui, float y) {
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
  if (!chart.range) return;
  const auto named_value = [&](Text name_of, double value) {
    return std::string(ui.tr(name_of)) + " " + value_text(chart, value, ui.lang());
  };
  const std::string told = named_value(Text::history_least, chart.range->least) + "   " +
                           named_value(Text::history_most, chart.range->most);
  if (ui.text_width(Type::small, told) <= f.span.x1 - used)
    ui.text(Type::small, {f.span.x1, line}, theme.text_3, told, Align::right);
}

void draw_chart(const HistoryModel& m, const HistoryChart& chart, const Frame& f, Ui& ui,
                const Rect& r) {
  const Theme& theme = ui.theme();
  ui.fill(r, faded(theme.track, 0.55));
  if (!chart.range) {
    ui.text(Type::small, {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small, (r.y0 + r.y1) / 2)},
            theme.text_3, ui.tr(Text::no_values), Align::centre);
    return;
  }
  const Plot plot = f.plot(r, value_axis(*chart.range, std::pow(10.0, -chart.decimals)));
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
  ui.list().PopClipRect();
  draw_veil(m, f, ui, r);
  if (!chart.read_out) return;
  const double at = chart.read_out->x;
  if (at < m.from_h || at > m.from_h + m.width_h) return;
  const ImVec2 place{std::clamp(plot.x_of(at), r.x0 + ui.px(4), r.x1 - ui.px(4)),
                     plot.y_of(chart.read_out->y)};
  ui.list().AddCircleFilled(place, ui.px(3.5f), theme.text);
  ui.list().AddCircle(place, ui.px(4.5f), theme.background, 0, ui.px(1));
}

void draw_axis(const HistoryModel& m, const Frame& f, Ui& ui) {
  const Theme& theme = ui.theme();
  const float y = f.span.y1, baseline = f.panel.y1 - ui.px(9);
  ui.line({f.span.x0, y}, {f.span.x1, y}, theme.panel_edge, ui.px(1));
  const float label = ui.text_width(Type::small, "00:00");
  float free_from = -1;
  for (const HistoryTick& tick : m.ticks) {
    const float x = std::round(std::min(f.x_of(tick.at_h), f.span.x1 - ui.px(1)));
    ui.line({x, y}, {x, y + ui.px(4)}, theme.panel_edge, ui.px(1));
    const float left = std::clamp(x - label / 2, f.span.x0, f.span.x1 - label);
    if (left < free_from) continue;
    ui.text(Type::small, {left, baseline}, theme.text_3, tick.label);
    free_from = left + label + ui.px(8);
  }
}

/// Pointer and playhead, through lanes and charts.
void draw_time_marks(const HistoryModel& m, const Frame& f, Ui& ui) {
  const Theme& theme = ui.theme();
  const double to = m.from_h + m.width_h;
  const float x = std::round(f.x_of(std::clamp(m.playhead_h, m.from_h, to)));
  if (!std::isnan(m.pointer_h)) {
    const float at = std::round(f.x_of(m.pointer_h));
    ui.line({at, f.span.y0}, {at, f.span.y1}, faded(theme.text, 0.45), ui.px(1));
  }
  if (m.playhead_h < m.from_h || m.playhead_h > to) return;
  const float half = std::max(1.f, std::round(ui.px(1)));
  ui.fill({x - half, f.span.y0 - ui.px(3), x + half, f.span.y1 + ui.px(3)}, theme.text);
  ui.list().AddTriangleFilled({x - ui.px(5), f.span.y0 - ui.px(8)},
                              {x + ui.px(5), f.span.y0 - ui.px(8)}, {x, f.span.y0 - ui.px(1)},
                              theme.text);
}

/// All values that the machine has sent, in columns over lanes and charts.
void draw_list(const HistoryModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  solid_panel(ui, r);
  ui.zone(r, {});  // between the values nothing is clicked
  const float pad = ui.px(14), row = ui.px(24);
  const auto rows = static_cast<std::size_t>(std::max(1.f, (r.height() - 2 * pad) / row));
  const std::size_t columns = std::max<std::size_t>(1, (m.listed.size() + rows - 1) / rows);
  const float width = std::min((r.width() - 2 * pad) / static_cast<float>(columns), ui.px(230));
  for (std::size_t i = 0; i < m.listed.size(); ++i) {
    const float x = r.x0 + pad + width * static_cast<float>(i / rows);
    const float y = r.y0 + pad + row * static_cast<float>(i % rows);
    const Rect cell{x, y, x + width - ui.px(8), y + row};
    const bool shown = m.listed[i] == m.charts[*m.choosing].field;
    if (ui.hovered(cell)) ui.fill(cell, theme.track, ui.px(3));
    ui.text_fit(Type::small, {x + ui.px(8), ui.baseline_centred(Type::small, y + row / 2)},
                cell.width() - ui.px(12), shown ? theme.accent : theme.text,
                field_label(ui.lang(), m.listed[i]));
    ui.zone(cell, {Action::Kind::history_field, i});
  }
}

void draw_charts(const HistoryModel& m, const Frame& f, Ui& ui, float y, std::size_t charts) {
  const float height = (f.span.y1 - y) / static_cast<float>(charts);
  for (std::size_t i = 0; i < charts; ++i) {
    const float top = y + height * static_cast<float>(i);
    draw_chart_head(m, i, f, ui, top);
    draw_chart(m, m.charts[i], f, ui,
               {f.span.x0, std::round(top + ui.px(kChartHead)), f.span.x1,
                std::round(top + height - (i + 1 == charts ? 0 : ui.px(2)))});
  }
}

/// Width of the column left of the axis: as the longest name of a lane needs.
float label_width(const HistoryModel& m, Ui& ui, float panel_width, std::size_t faults) {
  float width = ui.px(kLeastLabels);
  for (std::size_t i = 0; i < kStates + faults && i < m.lanes.size(); ++i) {
    const HistoryLane& lane = m.lanes[i];
    const std::string name = lane.status ? std::string(ui.tr(text_key(*lane.status, m.moving)))
                                         : fault_title(ui.lang(), lane.spn, lane.fmi);
    width = std::max(width, ui.text_width(Type::small, name) + ui.px(26));
  }
  return std::min(std::ceil(width), std::max(ui.px(kLeastLabels), panel_width * kMostLabels));
}

Text state_text(State state) {
  if (state == State::needs_recording) return Text::history_needs_recording;
  return state == State::reading ? Text::history_reading : Text::history_nothing;
}

}  // namespace

void draw_history(const HistoryModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.history;
  if (r.empty() || !m.open) return;
  const Theme& theme = ui.theme();
  ui.panel(r);
  draw_head(m, ui, r);
  if (m.state != State::ready) {
    ui.text_fit(Type::body, {(r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2}, r.width() - 2 * ui.px(kPad),
                theme.text_2, ui.tr(state_text(m.state)), Align::centre);
    return;
  }
  const float pad = ui.px(kPad);
  const std::size_t faults =
      std::min(m.lanes.size() - std::min(m.lanes.size(), kStates), kMostFaultLanes);
  const Frame f{r,
                {std::round(r.x0 + pad + label_width(m, ui, r.width(), faults)),
                 r.y0 + ui.px(kHead), r.x1 - pad, std::round(r.y1 - ui.px(kAxis))},
                m.from_h,
                m.from_h + m.width_h};
  // Where room is short a chart goes before the lanes of faults do, but never the last one.
  const float lanes = ui.px(kLane) * static_cast<float>(kStates + faults);
  const float room = f.span.height() - lanes - ui.px(6);
  const std::size_t charts = room < 2 * ui.px(kChartHead + kLeastChart) ? 1 : kHistoryCharts;
  ui.zone({f.span.x0, f.span.y0, f.span.x1, r.y1},
          {Action::Kind::history_seek, static_cast<std::uint64_t>(m.from_ms), m.width_h});
  const float y = draw_lanes(m, f, ui, f.span.y0, faults) + ui.px(6);
  draw_charts(m, f, ui, y, charts);
  draw_axis(m, f, ui);
  draw_time_marks(m, f, ui);
  if (m.choosing) draw_list(m, ui, {r.x0 + pad, f.span.y0 - ui.px(4), r.x1 - pad, r.y1 - ui.px(8)});
}

}  // namespace viewer
