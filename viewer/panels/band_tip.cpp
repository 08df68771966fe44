// What went on at the place of the time band that the pointer is on: time, counts, or why nothing
// is known.
#include <algorithm>
#include <cmath>

#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

constexpr float kWidth = 268, kLine = 22, kTop = 12, kBottom = 10;
/// The band's own margin: its plot begins here.
constexpr float kBandMargin = 28;

bool raised_any(const BandTip& tip) {
  return std::any_of(tip.raised.begin(), tip.raised.end(), [](auto n) { return n > 0; });
}

int lines(const BandTip& tip) {
  return 1 + (tip.gap ? 1 : 0) + (known(tip.working) || tip.counted ? 1 : 0) +
         (tip.counted ? 1 : 0) + (tip.damaged ? 1 : 0);
}

/// "10-16 周五 14:30–14:35"; of more than a day both dates.
std::string when_text(const BandTip& tip, Lang lang) {
  const auto time = [](const LocalClock& c) { return clock_text(c).substr(0, 5); };
  const auto date = [&](const LocalClock& c) { return date_text(lang, c).substr(5); };
  const bool one_day = tip.from.day == tip.until.day && tip.from.month == tip.until.month;
  const bool to_midnight = !tip.gap && tip.until.hour == 0 && tip.until.minute == 0;
  std::string text = date(tip.from) + " " + time(tip.from) + "–";
  if (one_day || to_midnight) return text + (to_midnight ? "24:00" : time(tip.until));
  return text + date(tip.until) + " " + time(tip.until);
}

void draw_raised(const BandTip& tip, Ui& ui, float x, float baseline) {
  if (!raised_any(tip)) {
    ui.text(Type::small, {x, baseline}, ui.theme().text_3, ui.tr(Text::tip_no_alarms));
    return;
  }
  for (int s = 0; s < fleet::kSeverityCount; ++s) {
    const std::uint32_t count = tip.raised[static_cast<std::size_t>(s)];
    if (count == 0) continue;
    severity_mark(ui, {x + ui.px(5), baseline - ui.px(5)}, ui.px(5),
                  static_cast<fleet::Severity>(s));
    x += ui.px(15);
    x += ui.text(Type::small_strong, {x, baseline}, ui.theme().text, grouped(count)) + ui.px(14);
  }
}

}  // namespace

Rect band_tip_rect(const TimeBandModel& m, const Layout& layout) {
  if (!m.tip || layout.band.empty()) return {};
  const float width = layout.px(kWidth);
  const float height = layout.px(kTop + kBottom + kLine * static_cast<float>(lines(*m.tip)));
  const Rect& band = layout.band;
  const float margin = layout.px(kBandMargin);
  const auto share = static_cast<float>(m.tip->hour / m.hours());
  const float x = band.x0 + margin + (band.width() - 2 * margin) * share;
  const float x0 = std::clamp(x - width / 2, band.x0 + margin, band.x1 - margin - width);
  const float y1 = band.y0 + layout.px(2);
  return {std::round(x0), std::round(y1 - height), std::round(x0 + width), std::round(y1)};
}

void draw_band_tip(const TimeBandModel& m, const Layout& layout, Ui& ui) {
  const Rect r = band_tip_rect(m, layout);
  if (r.empty()) return;
  const BandTip& tip = *m.tip;
  const Theme& theme = ui.theme();
  ui.fill(r, faded(theme.background, 0.94), ui.px(6));
  ui.frame(r, theme.panel_edge, ui.px(6));
  const float x = r.x0 + ui.px(14);
  const float room = r.width() - ui.px(28);
  float y = r.y0 + ui.px(kTop + 12);
  const auto line = [&](Type type, Colour colour, std::string_view text) {
    ui.text_fit(type, {x, y}, room, colour, text);
    y += ui.px(kLine);
  };
  line(Type::small_strong, theme.text, when_text(tip, ui.lang()));
  if (tip.gap) {
    line(Type::small, theme.text_2,
         ui.tr(*tip.gap == GapWhy::off ? Text::gap_off : Text::gap_no_reports));
  }
  if (known(tip.working) || tip.counted) {
    std::string text = filled(ui.tr(Text::tip_working), "n", decimal(tip.working, 0));
    if (known(tip.reports)) {
      text += " · " + filled(ui.tr(Text::tip_reports), "n", decimal(tip.reports, 0));
    }
    line(Type::small, theme.text_2, text);
  }
  if (tip.counted) {
    draw_raised(tip, ui, x, y);
    y += ui.px(kLine);
  }
  if (tip.damaged) line(Type::small, theme.medium_text, ui.tr(Text::tip_damaged));
}

}  // namespace viewer
