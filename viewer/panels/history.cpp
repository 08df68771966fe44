// The history of a machine: its day in lanes, values of it as charts below, on one axis of time.
#include <algorithm>
#include <cmath>

#include "viewer/charts/charts.hpp"
#include "viewer/panels/history_parts.hpp"
#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using State = HistoryModel::State;

// Px at scale 1.
constexpr float kHead = 46, kAxis = 26, kLeastChart = 36, kLeastLabels = 96;
/// Of the panel's width that names of faults may take.
constexpr float kMostLabels = 0.32f;
constexpr std::size_t kMostFaultLanes = 4;

/// Returns what is free left of them.
float draw_spans(const HistoryModel& m, Ui& ui, float right, float baseline) {
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
  return right;
}

/// A stroke as the charts have it; returns its width and what is free behind it.
float draw_stroke(Ui& ui, float x, float baseline, Colour colour, bool dashed) {
  const float y = std::round(baseline - ui.px(5)), thick = std::max(1.5f, ui.px(2));
  const float width = ui.px(22), dash = ui.px(6);
  if (!dashed) ui.line({x, y}, {x + width, y}, colour, thick);
  for (float at = 0; dashed && at < width; at += ui.px(8))
    ui.line({x + at, y}, {x + at + dash, y}, colour, thick);
  return width + ui.px(7);
}

std::string with_status(std::string date, const std::optional<fleet::Status>& status,
                        const HistoryModel& m, Ui& ui) {
  if (status) date.append(" · ").append(ui.tr(text_key(*status, m.moving)));
  return date;
}

std::string other_words(const HistoryModel& m, Ui& ui) {
  using Beside = DayBeside::State;
  const auto of_date = [&](Text text) { return filled(ui.tr(text), "d", m.other.date); };
  switch (m.other.state) {
    case Beside::alone:
      return std::string(ui.tr(Text::compare_alone));
    case Beside::not_recorded:
      return of_date(Text::compare_not_recorded);
    case Beside::nothing:
      return of_date(Text::compare_nothing);
    case Beside::none:
    case Beside::reading:
    case Beside::ready:
      break;
  }
  return with_status(m.other.date, m.other.pointer_status, m, ui);
}

/// Both days by the strokes of their lines; the other one can be changed and left. Where room is
/// short the date shown goes without words: it is the wall's own.
void draw_two_days(const HistoryModel& m, Ui& ui, float x, float right, float line) {
  const Theme& theme = ui.theme();
  const bool ready = m.other.state == DayBeside::State::ready;
  const std::string own = with_status(m.date, m.pointer_status, m, ui);
  const std::string words = other_words(m, ui);
  x += draw_stroke(ui, x, line, theme.bar, false);
  // Behind the dates: both arrows, the cross, and what is free around them.
  const float room = right - x - ui.px(100) - ui.text_width(Type::small, words);
  if (ui.text_width(Type::small, own) <= room)
    x += ui.text(Type::small, {x, line}, theme.text_2, own) + ui.px(9);
  if (ready) x += draw_stroke(ui, x, line, theme.other_day, true);
  x += click_mark(ui, x, line, "‹", {Action::Kind::compare_step, 0});
  x += ui.text_fit(Type::small, {x, line}, right - x - ui.px(40),
                   ready ? theme.other_day : theme.text_2, words) +
       ui.px(10);
  x += click_mark(ui, x, line, "›", {Action::Kind::compare_step, 1});
  (void)click_mark(ui, x, line, "×", {Action::Kind::compare});
}

/// The day shown alone: its date, or what the pointer is on.
void draw_one_day(const HistoryModel& m, Ui& ui, float x, float right, float line) {
  const Theme& theme = ui.theme();
  x += ui.text(Type::small, {x, line}, theme.text_2, m.date) + ui.px(14);
  if (m.state == State::ready) {
    const std::string_view compare = ui.tr(Text::compare);
    const Rect zone{x - ui.px(6), line - ui.px(15),
                    x + ui.text_width(Type::small, compare) + ui.px(6), line + ui.px(7)};
    ui.text(Type::small, {x, line}, ui.hovered(zone) ? theme.text : theme.accent, compare);
    ui.zone(zone, {Action::Kind::compare});
    x = zone.x1 + ui.px(10);
  }
  if (!m.pointer_at.empty()) {
    std::string told = m.pointer_at;
    if (m.pointer_status) told.append(" ").append(ui.tr(text_key(*m.pointer_status, m.moving)));
    ui.text_fit(Type::small, {x, line}, right - x, theme.text, told);
  } else if (m.damaged) {
    ui.text_fit(Type::small, {x, line}, right - x, theme.text_of(fleet::Severity::medium),
                ui.tr(Text::history_damaged));
  }
}

void draw_head(const HistoryModel& m, Ui& ui, const Rect& r) {
  const float pad = ui.px(kPad), line = r.y0 + ui.px(30);
  close_cross(ui, {r.x1 - pad - ui.px(6), r.y0 + ui.px(24)}, {Action::Kind::close_history});
  float x = r.x0 + pad;
  const bool two = m.state == State::ready && m.other.state != DayBeside::State::none;
  const std::string title = two ? m.serial : m.serial + " · " + std::string(ui.tr(Text::history));
  x += ui.text_fit(Type::strong, {x, line}, r.width() * 0.3f, ui.theme().text, title) + ui.px(14);
  float right = r.x1 - pad - ui.px(34);
  if (m.state == State::ready) right = draw_spans(m, ui, right, line);
  two ? draw_two_days(m, ui, x, right, line) : draw_one_day(m, ui, x, right, line);
}

/// Where the pointer is, on the axis: in the head stand two dates.
void draw_pointer_time(const HistoryModel& m, const HistoryFrame& f, Ui& ui) {
  if (m.pointer_at.empty() || m.other.state == DayBeside::State::none) return;
  const float width = ui.text_width(Type::small, m.pointer_at) + ui.px(12);
  const float left = std::clamp(f.x_of(m.pointer_h) - width / 2, f.span.x0, f.span.x1 - width);
  const Rect chip{left, f.span.y1 + ui.px(2), left + width, f.panel.y1 - ui.px(3)};
  solid_panel(ui, chip);
  ui.text(Type::small, {left + ui.px(6), f.panel.y1 - ui.px(9)}, ui.theme().text, m.pointer_at);
}

/// Every how many ticks have a label, so that labels stand `apart` pixels from each other at least.
std::size_t labelled_ticks(const HistoryModel& m, const HistoryFrame& f, float apart) {
  std::size_t every = 1;
  if (m.ticks.size() < 2) return every;
  const float step = f.x_of(m.ticks[1].at_h) - f.x_of(m.ticks[0].at_h);
  while (every < m.ticks.size() && step * static_cast<float>(every) < apart) ++every;
  return every;
}

void draw_axis(const HistoryModel& m, const HistoryFrame& f, Ui& ui) {
  const Theme& theme = ui.theme();
  const float y = f.span.y1, baseline = f.panel.y1 - ui.px(9);
  ui.line({f.span.x0, y}, {f.span.x1, y}, theme.panel_edge, ui.px(1));
  const float label = ui.text_width(Type::small, "00:00");
  const std::size_t every = labelled_ticks(m, f, label + ui.px(12));
  for (std::size_t i = 0; i < m.ticks.size(); ++i) {
    const HistoryTick& tick = m.ticks[i];
    const float x = std::round(std::min(f.x_of(tick.at_h), f.span.x1 - ui.px(1)));
    ui.line({x, y}, {x, y + ui.px(4)}, theme.panel_edge, ui.px(1));
    // At the ends, too, a label stands in the middle of its tick: there is room beside the span.
    const float left = std::min(x - label / 2, f.panel.x1 - ui.px(3) - label);
    if (i % every == 0) ui.text(Type::small, {left, baseline}, theme.text_3, tick.label);
  }
}

/// Pointer and playhead, through lanes and charts.
void draw_time_marks(const HistoryModel& m, const HistoryFrame& f, Ui& ui) {
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

/// Width of the column left of the axis: as the longest name of a lane needs.
float label_width(const HistoryModel& m, Ui& ui, float panel_width, std::size_t faults) {
  float width = ui.px(kLeastLabels);
  for (std::size_t i = 0; i < kHistoryStates + faults && i < m.lanes.size(); ++i) {
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
      std::min(m.lanes.size() - std::min(m.lanes.size(), kHistoryStates), kMostFaultLanes);
  const HistoryFrame f{r,
                       {std::round(r.x0 + pad + label_width(m, ui, r.width(), faults)),
                        r.y0 + ui.px(kHead), r.x1 - pad, std::round(r.y1 - ui.px(kAxis))},
                       m.from_h,
                       m.from_h + m.width_h};
  // Where room is short a chart goes before the lanes of faults do, but never the last one.
  const float lanes = ui.px(kHistoryLane) * static_cast<float>(kHistoryStates + faults);
  const float room = f.span.height() - lanes - ui.px(6);
  const std::size_t charts = room < 2 * ui.px(kHistoryChartHead + kLeastChart) ? 1 : kHistoryCharts;
  ui.zone({f.span.x0, f.span.y0, f.span.x1, r.y1},
          {Action::Kind::history_seek, static_cast<std::uint64_t>(m.from_ms), m.width_h});
  const float y = draw_history_lanes(m, f, ui, f.span.y0, faults) + ui.px(6);
  draw_history_charts(m, f, ui, y, charts);
  draw_axis(m, f, ui);
  draw_time_marks(m, f, ui);
  draw_pointer_time(m, f, ui);
  if (m.choosing) draw_list(m, ui, {r.x0 + pad, f.span.y0 - ui.px(4), r.x1 - pad, r.y1 - ui.px(8)});
}

}  // namespace viewer
