// The top bar: what is shown, in which mode and at which instant, and that the picture is alive.
#include <algorithm>
#include <cmath>

#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

constexpr float kMiddle = 34;  ///< vertical middle of all that stands in the bar
constexpr float kMargin = 28;

struct Chip {
  Colour fill, text;
  std::string label;
};

Chip mode_chip(const TopBarModel& m, Ui& ui) {
  const Theme& theme = ui.theme();
  switch (m.mode) {
    case Mode::live:
      // A picture that no longer comes in must not claim to be live.
      if (m.preparing) return {theme.paused, theme.on_chip, std::string(ui.tr(Text::preparing))};
      if (!m.connected) {
        return {theme.paused, theme.on_chip, std::string(ui.tr(Text::no_connection))};
      }
      return {theme.live, theme.on_chip, std::string(ui.tr(Text::live))};
    case Mode::replay:
      if (m.catching_up) {
        return {theme.replay, theme.on_replay,
                std::string(ui.tr(Text::catching_up)).append(" ").append(speed_text(m.speed))};
      }
      return {theme.replay, theme.on_replay,
              std::string(ui.tr(Text::replay)).append(" ").append(speed_text(m.speed))};
    case Mode::paused:
      break;
  }
  return {theme.paused, theme.on_chip, std::string(ui.tr(Text::paused))};
}

/// Title, scope and the mark of a demo; returns where they end.
float draw_left(const TopBarModel& m, Ui& ui, float y, float limit) {
  const Theme& theme = ui.theme();
  float x = ui.px(kMargin);
  x += ui.text_fit(Type::title, {x, ui.baseline_centred(Type::title, y)}, limit - x, theme.text,
                   ui.tr(m.mode == Mode::live ? Text::title : Text::title_replay));
  x += ui.px(16);
  const std::string_view demo = ui.tr(Text::demo);
  const float demo_width = m.demo ? ui.text_width(Type::small_strong, demo) + ui.px(18 + 14) : 0;
  // Half a name of a region is none.
  if (!m.scope.empty() && ui.text_width(Type::body, m.scope) <= limit - x - demo_width) {
    x += ui.text(Type::body, {x, ui.baseline_centred(Type::body, y + ui.px(1))}, theme.text_2,
                 m.scope) +
         ui.px(14);
  }
  if (m.demo && x + demo_width - ui.px(14) < limit) {
    const float half = ui.px(11);
    const Rect r{std::round(x), std::round(y - half), std::round(x + demo_width - ui.px(14)),
                 std::round(y + half)};
    ui.frame(r, theme.text_2, ui.px(3));
    ui.text(Type::small_strong, {r.x0 + ui.px(9), ui.baseline_centred(Type::small_strong, y)},
            theme.text, demo);
    x = r.x1;
  }
  return x;
}

/// Where there is a calendar, the date opens it.
void draw_date(const TopBarModel& m, Ui& ui, Point left_middle, const std::string& date) {
  const Theme& theme = ui.theme();
  const float baseline = ui.baseline_centred(Type::body, left_middle.y + ui.px(1));
  const float width = ui.text_width(Type::body, date);
  const float x = left_middle.x;
  const Rect zone{x - ui.px(8), left_middle.y - ui.px(16), x + width + ui.px(8),
                  left_middle.y + ui.px(16)};
  const bool lit = m.calendar && ui.hovered(zone);
  ui.text(Type::body, {x, baseline}, lit ? theme.accent : theme.text_2, date);
  if (!m.calendar) return;
  ui.fill({x, baseline + ui.px(4), x + width, baseline + ui.px(5)},
          faded(lit ? theme.accent : theme.text_3, 0.6));
  ui.zone(zone, {Action::Kind::open_calendar});
}

/// That something happens now, while the picture shows the past; leads to now.
std::string live_alarms_label(const TopBarModel& m, Ui& ui) {
  if (m.live_alarms == 0) return {};
  return filled(ui.tr(m.live_alarms == 1 ? Text::live_alarms_one : Text::live_alarms_many), "n",
                grouped(m.live_alarms));
}

void draw_live_alarms(const TopBarModel& m, Ui& ui, Point left_middle, const std::string& label) {
  const Theme& theme = ui.theme();
  const float width = ui.text_width(Type::strong, label);
  const Rect r{std::round(left_middle.x), std::round(left_middle.y - ui.px(15)),
               std::round(left_middle.x + width + ui.px(46)),
               std::round(left_middle.y + ui.px(15))};
  const Colour colour = theme.of(m.live_worst);
  ui.fill(r, faded(colour, ui.hovered(r) ? 0.3 : 0.16), ui.px(4));
  ui.frame(r, colour, ui.px(4));
  severity_mark(ui, {r.x0 + ui.px(18), left_middle.y}, ui.px(7), m.live_worst);
  ui.text(Type::strong, {r.x0 + ui.px(34), ui.baseline_centred(Type::strong, left_middle.y)},
          theme.text, label);
  ui.zone(r, {Action::Kind::follow_live});
}

/// Mode chip, clock and date where they are known, centred as one; returns the span they take.
Rect draw_centre(const TopBarModel& m, Ui& ui, const Rect& bar, float y) {
  const Theme& theme = ui.theme();
  const Chip chip = mode_chip(m, ui);
  const std::string clock = m.clock ? clock_text(*m.clock) : std::string();
  const std::string date = m.clock ? date_text(ui.lang(), *m.clock) : std::string();
  const float gap = ui.px(16);
  const float chip_width = ui.text_width(Type::strong, chip.label) + ui.px(20);
  const float clock_width = ui.text_width(Type::figure, clock);
  const float date_width = ui.text_width(Type::body, date);
  const std::string alarms = live_alarms_label(m, ui);
  const float alarms_width =
      alarms.empty() ? 0 : ui.text_width(Type::strong, alarms) + ui.px(46) + gap;
  const float total =
      chip_width + (m.clock ? clock_width + date_width + 2 * gap + alarms_width : 0);
  const float left = std::round((bar.x0 + bar.x1 - total) / 2);
  float x = left;
  ui.chip({x, y}, chip.fill, chip.text, chip.label, Type::strong);
  if (!m.clock) return {left, bar.y0, left + total, bar.y1};
  x += chip_width + gap;
  ui.text(Type::figure, {x, ui.baseline_centred(Type::figure, y)}, theme.text, clock);
  x += clock_width + gap;
  draw_date(m, ui, {x, y}, date);
  x += date_width + gap;
  if (!alarms.empty()) draw_live_alarms(m, ui, {x, y}, alarms);
  return {left, bar.y0, left + total, bar.y1};
}

/// Four places of which one is lit; it moves on with each heartbeat and stands still without.
void draw_heartbeat(const TopBarModel& m, Ui& ui, Point right_middle) {
  const Theme& theme = ui.theme();
  const bool fresh = m.connected && !(m.data_age_s > kStaleAfterS * 10);
  const Colour colour = m.preparing    ? theme.text_2
                        : !m.connected ? theme.critical
                        : fresh        ? theme.live
                                       : theme.medium;
  constexpr int kPlaces = 4;
  const float step = ui.px(8);
  for (int i = 0; i < kPlaces; ++i) {
    const Point c{right_middle.x - step * static_cast<float>(kPlaces - 1 - i), right_middle.y};
    const bool lit = static_cast<std::uint64_t>(i) == m.heartbeats % kPlaces;
    if (lit) ui.list().AddCircleFilled({c.x, c.y}, ui.px(6.5f), faded(colour, 0.22));
    ui.list().AddCircleFilled({c.x, c.y}, ui.px(lit ? 4 : 1.5f),
                              lit ? colour : faded(theme.text_3, 0.7));
  }
}

struct Item {
  std::string_view label;
  std::string value;
};

/// From right to left as many as there is room for, the most important first to stay.
void draw_right(const TopBarModel& m, Ui& ui, float y, float limit) {
  const Theme& theme = ui.theme();
  const Lang lang = ui.lang();
  std::vector<Item> items;
  const bool live = m.mode == Mode::live;
  if (m.connected) {
    items.push_back({ui.tr(live ? Text::data : Text::data_then), ago(lang, m.data_age_s)});
  } else if (!m.preparing) {
    items.push_back({{}, std::string(ui.tr(Text::no_connection))});
  }
  items.push_back({ui.tr(Text::updates), decimal(m.updates_per_s, 0) + "/s"});
  items.push_back({ui.tr(Text::frame), decimal(m.frame_ms, 1) + " ms"});
  items.push_back({ui.tr(Text::reconnects), grouped(static_cast<std::int64_t>(m.reconnects))});
  const float gap = ui.px(22);
  // What is past has no heartbeat.
  const float heart = live ? ui.px(3 * 8 + 18) : 0;
  const auto width_of = [&](const Item& item) {
    const float label = item.label.empty() ? 0 : ui.text_width(Type::small, item.label) + ui.px(6);
    return label + ui.text_width(Type::small_strong, item.value);
  };
  const float right = static_cast<float>(ui.width_px()) - ui.px(kMargin);
  float total = heart;
  std::size_t count = 0;
  for (; count < items.size(); ++count) {
    const float more = width_of(items[count]) + (count > 0 ? gap : 0);
    if (right - total - more < limit) break;
    total += more;
  }
  float x = right - total + heart;
  if (live && right - heart > limit) draw_heartbeat(m, ui, {x - ui.px(14), y});
  for (std::size_t i = 0; i < count; ++i) {
    const float baseline = ui.baseline_centred(Type::small, y);
    if (!items[i].label.empty()) {
      x += ui.text(Type::small, {x, baseline}, theme.text_2, items[i].label) + ui.px(6);
    }
    const Colour colour = items[i].label.empty() ? theme.critical : theme.text;
    x += ui.text(Type::small_strong, {x, baseline}, colour, items[i].value) + gap;
  }
}

}  // namespace

void draw_corner(const TopBarModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.corner;
  if (r.empty()) return;
  const Theme& theme = ui.theme();
  const Chip chip = mode_chip(m, ui);
  const std::string clock = m.clock ? clock_text(*m.clock) : std::string();
  std::string last;
  bool stale = false;
  if (m.mode != Mode::live) {
    if (m.clock) last = date_text(ui.lang(), *m.clock);
  } else if (known(m.data_age_s)) {
    // In whole seconds: it changes no more often than the clock beside it.
    last = std::string(ui.tr(Text::data)) + " " + short_duration(ui.lang(), m.data_age_s) + " " +
           std::string(ui.tr(Text::ago));
    stale = !m.connected || m.data_age_s > kStaleAfterS * 10;
  }
  const float gap = ui.px(12), inset = ui.px(3);
  const float mark = stale ? ui.px(18) : 0;
  const float chip_width = ui.text_width(Type::small_strong, chip.label) + ui.px(20);
  const auto with_gap = [&](Type type, const std::string& text) {
    return text.empty() ? 0 : gap + ui.text_width(type, text);
  };
  const float width = inset + chip_width + with_gap(Type::small_strong, clock) + mark +
                      with_gap(Type::small, last) + gap;
  ui.fill({r.x0, r.y0, std::min(r.x0 + width, r.x1), r.y1}, faded(theme.background, 0.78),
          ui.px(3));
  const float mid = (r.y0 + r.y1) / 2;
  float x = ui.chip({r.x0 + inset, mid}, chip.fill, chip.text, chip.label).x1 + gap;
  if (!clock.empty()) {
    x += ui.text(Type::small_strong, {x, ui.baseline_centred(Type::small_strong, mid)}, theme.text,
                 clock) +
         gap;
  }
  // A shape as well as a colour says that the data is old.
  const fleet::Severity severity =
      m.connected ? fleet::Severity::medium : fleet::Severity::critical;
  if (stale) severity_mark(ui, {x + ui.px(5), mid}, ui.px(5), severity);
  ui.text_fit(Type::small, {x + mark, ui.baseline_centred(Type::small, mid)}, r.x1 - x - mark,
              stale ? theme.of(severity) : theme.text_2, last);
}

void draw_demo_tag(const Layout& layout, Ui& ui) {
  const Rect& r = layout.demo_tag;
  if (r.empty()) return;
  const Theme& theme = ui.theme();
  ui.fill(r, faded(theme.background, 0.78), ui.px(3));
  ui.frame(r, theme.text_2, ui.px(3));
  const float mid = (r.y0 + r.y1) / 2;
  ui.text_fit(Type::small_strong, {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small_strong, mid)},
              r.width() - ui.px(12), theme.text, ui.tr(Text::demo), Align::centre);
}

void draw_top_bar(const TopBarModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.top_bar;
  if (r.empty()) return;
  const Colour solid = faded(ui.theme().background, 0.94);
  const Colour clear = faded(ui.theme().background, 0);
  const float fade = r.y0 + r.height() * 0.6f;
  ui.fill({r.x0, r.y0, r.x1, fade}, solid);
  ui.list().AddRectFilledMultiColor({r.x0, fade}, {r.x1, r.y1}, solid, solid, clear, clear);
  ui.block({r.x0, r.y0, r.x1, fade});
  const float y = r.y0 + ui.px(kMiddle);
  const Rect centre = draw_centre(m, ui, r, y);
  draw_left(m, ui, y, centre.x0 - ui.px(20));
  draw_right(m, ui, y, centre.x1 + ui.px(20));
}

}  // namespace viewer
