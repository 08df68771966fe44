// The time band: a day, a week or a month along the bottom, with what was done and what went wrong,
// where data is missing, and the playhead.
#include <algorithm>
#include <array>
#include <cmath>

#include "viewer/charts/charts.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

constexpr float kMargin = 28;

struct Band {
  Rect plot;  ///< activity; its lower edge is the axis
  float label_baseline = 0;
  double hours = 24;
  Plot plot_to(double top) const { return {plot, 0, hours, 0, top}; }
  float x_of(double hour) const { return plot_to(1).x_of(hour); }
};

void draw_fade(Ui& ui, const Rect& r) {
  const Colour solid = faded(ui.theme().background, 0.92);
  const Colour clear = faded(ui.theme().background, 0);
  const float fade = r.y0 + r.height() * 0.4f;
  ui.list().AddRectFilledMultiColor({r.x0, r.y0}, {r.x1, fade}, clear, clear, solid, solid);
  ui.fill({r.x0, fade, r.x1, r.y1}, solid);
}

/// "10-12 周一", or "12" where a month has no more room.
std::string day_label(const Ui& ui, const TimeBandModel& m, const LocalClock& day) {
  if (m.span == BandSpan::month) return std::to_string(day.day);
  char date[8];
  std::snprintf(date, sizeof date, "%02d-%02d", day.month, day.day);
  const std::string weekday(ui.tr(weekday_key(day.weekday)));
  return ui.lang() == Lang::zh ? std::string(date) + " " + weekday : weekday + " " + date;
}

/// A tick at each midnight, and the day's name in the middle of it where names do not touch.
void draw_day_axis(const TimeBandModel& m, Ui& ui, const Band& band) {
  const Theme& theme = ui.theme();
  const Rect& r = band.plot;
  ui.line({r.x0, r.y1}, {r.x1, r.y1}, theme.panel_edge, ui.px(1));
  float widest = 0;
  for (const LocalClock& day : m.days) {
    widest = std::max(widest, ui.text_width(Type::small, day_label(ui, m, day)));
  }
  const float day_px = band.x_of(24) - band.x_of(0);
  const auto every = static_cast<std::size_t>(std::ceil((widest + ui.px(8)) / day_px));
  const auto shown = static_cast<std::size_t>(m.playhead_h / 24);
  for (std::size_t i = 0; i < m.days.size(); ++i) {
    const double hour = 24 * static_cast<double>(i);
    const float x = std::round(band.x_of(hour));
    ui.line({x, r.y1}, {x, r.y1 + ui.px(5)}, theme.panel_edge, ui.px(1));
    if (i > 0 && m.span == BandSpan::week) {
      ui.line({x, r.y0}, {x, r.y1}, theme.divider, ui.px(1));
    }
    if (i % every != 0) continue;
    ui.text(Type::small, {std::round(band.x_of(hour + 12)), band.label_baseline},
            i == shown ? theme.text : theme.text_3, day_label(ui, m, m.days[i]), Align::centre);
  }
}

void draw_axis(const TimeBandModel& m, Ui& ui, const Band& band) {
  if (m.span == BandSpan::day)
    return draw_hour_axis(ui, band.plot_to(1), band.label_baseline, true);
  draw_day_axis(m, ui, band);
}

void draw_activity(const TimeBandModel& m, Ui& ui, const Band& band) {
  const Theme& theme = ui.theme();
  const Plot plot = band.plot_to(scale_top(m.activity));
  const Series series{m.activity, 0, 24 / m.samples_per_day};
  const double from = std::clamp(m.begin_h, 0.0, band.hours);
  const double to = std::clamp(m.end_h, from, band.hours);
  const double head = std::clamp(m.playhead_h, from, to);
  draw_area(ui, plot, series, {from, head}, faded(theme.area, 0.95));
  draw_area(ui, plot, series, {head, to}, faded(theme.area, 0.32));
  // A line along the top smooths the area's edge.
  draw_line(ui, plot, series, {faded(theme.bar, 0.55), ui.px(1.5f)});
}

/// Slanting lines where nothing was received: no curve can be taken for zero there.
void draw_gaps(const TimeBandModel& m, Ui& ui, const Band& band) {
  const float pitch = ui.px(7);
  const float height = band.plot.height();
  for (const BandGap& gap : m.gaps) {
    const float x0 = std::round(band.x_of(gap.from_h));
    const float x1 = std::max(std::round(band.x_of(gap.to_h)), x0 + ui.px(2));
    ui.fill({x0, band.plot.y0, x1, band.plot.y1}, faded(ui.theme().background, 0.6));
    ui.list().PushClipRect({x0, band.plot.y0}, {x1, band.plot.y1}, true);
    // On one grid for all gaps: hatching does not shift while a gap grows.
    for (float x = std::floor(x0 / pitch) * pitch; x < x1 + height; x += pitch) {
      ui.line({x, band.plot.y0}, {x - height, band.plot.y1}, faded(ui.theme().text_3, 0.45),
              ui.px(1));
    }
    ui.list().PopClipRect();
  }
}

/// Ticks, the worst on top of the others.
void draw_alarm_ticks(const TimeBandModel& m, Ui& ui, const Band& band) {
  for (int s = fleet::kSeverityCount - 1; s >= 0; --s) {
    const auto severity = static_cast<fleet::Severity>(s);
    const float height = ui.px(severity == fleet::Severity::critical ? 14
                               : severity == fleet::Severity::high   ? 10
                                                                     : 7);
    const float half = std::max(1.f, std::round(ui.px(1)));
    float last = -1e9f;
    for (const BandAlarm& alarm : m.alarms) {
      if (alarm.severity != severity) continue;
      const float x = std::round(band.x_of(alarm.hour));
      if (x == last) continue;  // a burst is one tick, not a hundred quads
      last = x;
      ui.fill({x - half, band.plot.y1 - height, x + half, band.plot.y1 + ui.px(2)},
              ui.theme().of(severity));
    }
  }
}

void draw_loop_end(Ui& ui, const Band& band, double hour, const char* name, Action::Kind kind) {
  if (!known(hour) || hour < 0 || hour > band.hours) return;
  const Theme& theme = ui.theme();
  const float x = std::round(band.x_of(hour));
  const float half = ui.px(8);
  const Rect flag{x - half, band.plot.y0 - ui.px(16), x + half, band.plot.y0};
  ui.line({x, flag.y1}, {x, band.plot.y1}, theme.accent, ui.px(1.5f));
  ui.fill(flag, theme.accent, ui.px(3));
  ui.text(Type::small_strong, {x, ui.baseline_centred(Type::small_strong, (flag.y0 + flag.y1) / 2)},
          theme.on_chip, name, Align::centre);
  ui.zone({flag.x0, flag.y0, flag.x1, band.plot.y1}, {kind});
}

void draw_loop(const TimeBandModel& m, Ui& ui, const Band& band) {
  if (!known(m.loop_a_h)) return;
  if (known(m.loop_b_h)) {
    const float a = band.x_of(std::clamp(std::min(m.loop_a_h, m.loop_b_h), 0.0, band.hours));
    const float b = band.x_of(std::clamp(std::max(m.loop_a_h, m.loop_b_h), 0.0, band.hours));
    ui.fill({a, band.plot.y0, b, band.plot.y1}, faded(ui.theme().accent, 0.16));
  }
}

/// names_end: up to where the names of the spans reach; the playhead's head stands below them.
void draw_marks(const TimeBandModel& m, Ui& ui, const Band& band, float names_end) {
  const Theme& theme = ui.theme();
  if (known(m.now_h)) {
    const float x = std::round(band.x_of(m.now_h));
    ui.line({x, band.plot.y0 - ui.px(4)}, {x, band.plot.y1}, theme.live, ui.px(1.5f));
    const bool left = x > band.plot.x1 - ui.px(60);
    ui.text(Type::small, {x + ui.px(left ? -6 : 6), band.plot.y0 + ui.px(8)}, theme.live,
            ui.tr(Text::now), left ? Align::right : Align::left);
  }
  const float x = std::round(band.x_of(m.playhead_h));
  const float w = ui.px(2);
  const float top = band.plot.y0 + ui.px(x < names_end ? 2 : -10);
  ui.fill({x - w / 2, top + ui.px(2), x + w / 2, band.plot.y1 + ui.px(4)}, theme.text);
  ui.list().AddTriangleFilled({x - ui.px(6), top}, {x + ui.px(6), top}, {x, top + ui.px(9)},
                              theme.text);
}

/// Where the pointer is, before anything is clicked.
void draw_pointer(const TimeBandModel& m, Ui& ui, const Band& band) {
  if (!m.tip) return;
  const float x = std::round(band.x_of(m.tip->hour));
  ui.line({x, band.plot.y0 - ui.px(4)}, {x, band.plot.y1}, faded(ui.theme().text, 0.45), ui.px(1));
}

/// Day, week, month: which one is shown, and what a click shows instead. Returns where they end.
float draw_spans(const TimeBandModel& m, Ui& ui, const Band& band) {
  constexpr std::array kNames{Text::span_day, Text::span_week, Text::span_month};
  const Theme& theme = ui.theme();
  const float baseline = band.plot.y0 - ui.px(5);
  float x = band.plot.x0;
  for (int i = 0; i < kBandSpans; ++i) {
    const std::string_view name = ui.tr(kNames[static_cast<std::size_t>(i)]);
    const Rect zone{x - ui.px(6), baseline - ui.px(13),
                    x + ui.text_width(Type::small, name) + ui.px(6), baseline + ui.px(5)};
    const bool shown = static_cast<int>(m.span) == i;
    const Colour colour = shown || ui.hovered(zone) ? theme.text : theme.text_3;
    const float width = ui.text(Type::small, {x, baseline}, colour, name);
    if (shown) {
      ui.fill({x, baseline + ui.px(3), x + width, baseline + ui.px(4.5f)}, theme.accent);
    }
    ui.zone(zone, {Action::Kind::band_span, static_cast<std::uint64_t>(i)});
    x = zone.x1 + ui.px(8);
  }
  return x;
}

}  // namespace

void draw_time_band(const TimeBandModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.band;
  if (r.empty()) return;
  const float x0 = r.x0 + ui.px(kMargin);
  const float x1 = r.x1 - ui.px(kMargin);
  const Band band{
      {x0, r.y0 + ui.px(18), x1, std::round(r.y0 + ui.px(68))}, r.y1 - ui.px(12), m.hours()};
  draw_fade(ui, r);
  ui.block({r.x0, r.y0 + ui.px(10), r.x1, r.y1});
  draw_axis(m, ui, band);
  draw_activity(m, ui, band);
  draw_gaps(m, ui, band);
  draw_alarm_ticks(m, ui, band);
  draw_loop(m, ui, band);
  draw_pointer(m, ui, band);
  ui.zone({x0, r.y0 + ui.px(10), x1, r.y1}, {Action::Kind::seek, 0, band.hours});
  const float names_end = m.transport ? draw_spans(m, ui, band) : x0;
  draw_marks(m, ui, band, names_end);
  draw_loop_end(ui, band, m.loop_a_h, "A", Action::Kind::loop_a);
  draw_loop_end(ui, band, m.loop_b_h, "B", Action::Kind::loop_b);
}

}  // namespace viewer
