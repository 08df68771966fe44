// The time band: the day along the bottom, with what was done and what went wrong, and the
// playhead.
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
  Plot plot_to(double top) const { return {plot, 0, 24, 0, top}; }
  float x_of(double hour) const { return plot_to(1).x_of(hour); }
};

void draw_fade(Ui& ui, const Rect& r) {
  const Colour solid = faded(ui.theme().background, 0.92);
  const Colour clear = faded(ui.theme().background, 0);
  const float fade = r.y0 + r.height() * 0.4f;
  ui.list().AddRectFilledMultiColor({r.x0, r.y0}, {r.x1, fade}, clear, clear, solid, solid);
  ui.fill({r.x0, fade, r.x1, r.y1}, solid);
}

void draw_activity(const TimeBandModel& m, Ui& ui, const Band& band) {
  const Theme& theme = ui.theme();
  const Plot plot = band.plot_to(scale_top(m.activity));
  draw_hour_axis(ui, plot, band.label_baseline, true);
  const Series series{m.activity, 0, 24 / m.samples_per_day};
  const double from = std::clamp(m.begin_h, 0.0, 24.0);
  const double to = std::clamp(m.end_h, 0.0, 24.0);
  const double head = std::clamp(m.playhead_h, from, to);
  draw_area(ui, plot, series, {from, head}, faded(theme.area, 0.95));
  draw_area(ui, plot, series, {head, to}, faded(theme.area, 0.32));
  // A line along the top smooths the area's edge.
  draw_line(ui, plot, series, {faded(theme.bar, 0.55), ui.px(1.5f)});
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

void draw_marks(const TimeBandModel& m, Ui& ui, const Band& band) {
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
  ui.fill({x - w / 2, band.plot.y0 - ui.px(8), x + w / 2, band.plot.y1 + ui.px(4)}, theme.text);
  ui.list().AddTriangleFilled({x - ui.px(6), band.plot.y0 - ui.px(10)},
                              {x + ui.px(6), band.plot.y0 - ui.px(10)},
                              {x, band.plot.y0 - ui.px(1)}, theme.text);
}

}  // namespace

void draw_time_band(const TimeBandModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.band;
  if (r.empty()) return;
  const float x0 = r.x0 + ui.px(kMargin);
  const float x1 = r.x1 - ui.px(kMargin);
  const Band band{{x0, r.y0 + ui.px(18), x1, std::round(r.y0 + ui.px(68))}, r.y1 - ui.px(12)};
  draw_fade(ui, r);
  ui.block({r.x0, r.y0 + ui.px(10), r.x1, r.y1});
  draw_activity(m, ui, band);
  draw_alarm_ticks(m, ui, band);
  draw_marks(m, ui, band);
  ui.zone({x0, r.y0 + ui.px(10), x1, r.y1}, {Action::Kind::seek});
}

void draw_transport(const TimeBandModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.transport;
  if (!m.transport || r.empty()) return;
  struct Item {
    std::string label;
    bool primary;
    Action::Kind action;
  };
  const std::array<Item, 4> items{
      Item{std::string(ui.tr(Text::slower)), false, Action::Kind::slower},
      Item{std::string(ui.tr(m.paused ? Text::play : Text::pause)) + " " + speed_text(m.speed),
           true, Action::Kind::play_pause},
      Item{std::string(ui.tr(Text::faster)), false, Action::Kind::faster},
      Item{std::string(ui.tr(Text::back_to_live)) + " L", false, Action::Kind::follow_live}};
  const float gap = ui.px(8);
  const std::size_t count = m.live_behind ? items.size() : items.size() - 1;
  float total = -gap;
  std::array<float, 4> widths{};
  for (std::size_t i = 0; i < count; ++i) {
    widths[i] = ui.text_width(Type::small_strong, items[i].label) + ui.px(28);
    total += widths[i] + gap;
  }
  float x = std::round((r.x0 + r.x1 - total) / 2);
  for (std::size_t i = 0; i < count; ++i) {
    const Rect b{x, std::round(r.y0 + ui.px(5)), std::round(x + widths[i]),
                 std::round(r.y1 - ui.px(5))};
    button(ui, b, items[i].label, items[i].primary, {items[i].action});
    ui.block(b);
    x = b.x1 + gap;
  }
}

}  // namespace viewer
