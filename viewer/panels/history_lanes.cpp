// The day of a machine in lanes: its states, then its faults.
#include <algorithm>
#include <cmath>

#include "viewer/charts/charts.hpp"
#include "viewer/panels/history_parts.hpp"
#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

// Px at scale 1; of two days, this one's bar, and the other one's below it.
constexpr float kLaneBar = 11, kLaneOfTwo = 9, kOtherLane = 4;

Colour lane_colour(const HistoryLane& lane, const Theme& theme) {
  return lane.status ? theme.of(*lane.status) : theme.of(lane.severity);
}

/// Silence is a hollow trace, as its mark is.
void draw_lane_spans(const HistoryLane& lane, const HistoryFrame& f, Ui& ui, const Rect& bar) {
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

/// The other day's, thinner and paler, directly below.
void draw_other_lane(const HistoryLane& lane, const HistoryFrame& f, Ui& ui, const Rect& bar) {
  const float top = bar.y1 + std::max(1.f, std::round(ui.px(1)));
  const Rect below{bar.x0, top, bar.x1, top + std::round(ui.px(kOtherLane))};
  draw_lane(ui, f.plot(below), lane.other, faded(lane_colour(lane, ui.theme()), 0.6));
}

/// SPN and FMI on the lane itself, where nothing is drawn: at its end that is freer.
void draw_fault_code(const HistoryLane& lane, const HistoryFrame& f, Ui& ui, const Rect& bar) {
  const std::string code = fault_code(lane.spn, lane.fmi);
  const float width = ui.text_width(Type::small, code) + ui.px(10);
  const float line = ui.baseline_centred(Type::small, (bar.y0 + bar.y1) / 2);
  auto spans = lane_rects(f.plot(bar), lane.spans, ui.px(2));
  const auto others = lane_rects(f.plot(bar), lane.other, ui.px(2));
  spans.insert(spans.end(), others.begin(), others.end());
  const auto is_free = [&](float x0, float x1) {
    return std::ranges::none_of(spans, [&](const Rect& r) { return r.x0 < x1 && r.x1 > x0; });
  };
  if (is_free(bar.x1 - width, bar.x1))
    ui.text(Type::small, {bar.x1 - ui.px(4), line}, ui.theme().text_3, code, Align::right);
  else if (is_free(bar.x0, bar.x0 + width))
    ui.text(Type::small, {bar.x0 + ui.px(4), line}, ui.theme().text_3, code);
}

}  // namespace

void draw_history_veil(const HistoryModel& m, const HistoryFrame& f, Ui& ui, const Rect& r) {
  const float x = std::round(f.x_of(std::clamp(m.playhead_h, m.from_h, m.from_h + m.width_h)));
  ui.fill({x, r.y0, r.x1, r.y1}, faded(ui.theme().background, 0.5));
}

float draw_history_lanes(const HistoryModel& m, const HistoryFrame& f, Ui& ui, float y,
                         std::size_t faults) {
  const float x = f.panel.x0 + ui.px(kPad);
  const std::size_t all = m.lanes.size() - std::min(m.lanes.size(), kHistoryStates);
  const bool two = m.other.state == DayBeside::State::ready;
  for (std::size_t i = 0; i < kHistoryStates + faults && i < m.lanes.size(); ++i) {
    const HistoryLane& lane = m.lanes[i];
    const float mid = y + ui.px(kHistoryLane / 2);
    const Rect bar = two ? Rect{f.span.x0, std::round(y + ui.px(2)), f.span.x1,
                                std::round(y + ui.px(2 + kLaneOfTwo))}
                         : Rect{f.span.x0, std::round(mid - ui.px(kLaneBar / 2)), f.span.x1,
                                std::round(mid + ui.px(kLaneBar / 2))};
    const bool more = i + 1 == kHistoryStates + faults && all > faults;
    if (more) {
      const std::string text = filled(ui.tr(Text::history_more_faults), "n",
                                      grouped(static_cast<std::int64_t>(all - faults + 1)));
      ui.text_fit(Type::small, {x, ui.baseline_centred(Type::small, mid)}, f.span.width(),
                  ui.theme().text_3, text);
    } else {
      draw_lane_label(m, lane, ui, x, mid, f.span.x0 - ui.px(8));
      draw_lane_spans(lane, f, ui, bar);
      draw_history_veil(m, f, ui, bar);
      if (two) draw_other_lane(lane, f, ui, bar);
      if (!lane.status) draw_fault_code(lane, f, ui, bar);
    }
    y += ui.px(kHistoryLane);
  }
  return y;
}

}  // namespace viewer
