// The card's row about the trail: its span, and ways and gaps with the lines they are drawn in.
#include <cmath>

#include "viewer/panels/panels.hpp"
#include "viewer/trails/trail_draw.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using Kind = fleet::Stretch::Kind;

struct Cell {
  Kind kind;
  Text label;
  std::string figure;
};

void draw_cell(const Cell& cell, Ui& ui, Point at, float width) {
  const Theme& theme = ui.theme();
  constexpr float kSample = 24;
  draw_trail_sample(cell.kind, {at.x, at.y + ui.px(20)}, ui.px(kSample), ui);
  const float x = at.x + ui.px(kSample + 7);
  ui.text_fit(Type::small, {x, at.y + ui.px(25)}, width - ui.px(kSample + 11), theme.text_2,
              ui.tr(cell.label));
  ui.text_fit(Type::strong, {at.x, at.y + ui.px(47)}, width - ui.px(6), theme.text, cell.figure);
}

/// Since when the machine is silent, or else how often it was and for how long together.
std::string gaps_text(const TrailModel& m, Lang lang) {
  if (known(m.silent_for_s)) {
    return short_duration(lang, m.silent_for_s).append(" ").append(text_of(lang, Text::ago));
  }
  if (m.waiting) return "…";
  if (m.gaps > 0) return grouped(m.gaps) + " · " + short_duration(lang, m.silent_s);
  if (!m.since.empty()) return filled(text_of(lang, Text::trail_since), "t", m.since);
  return grouped(0);
}

}  // namespace

std::string trail_span_text(TrailSpan span, const Ui& ui) {
  constexpr double kHourS = 3600;
  switch (span) {
    case TrailSpan::half_hour:
      return short_duration(ui.lang(), kHourS / 2);
    case TrailSpan::two_hours:
      return short_duration(ui.lang(), 2 * kHourS);
    case TrailSpan::eight_hours:
      return short_duration(ui.lang(), 8 * kHourS);
    case TrailSpan::today:
      return std::string(ui.tr(Text::trail_today));
    case TrailSpan::off:
      break;
  }
  return std::string(ui.tr(Text::trail_off));
}

void draw_card_trail(const TrailModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  const float pad = ui.px(kPad);
  ui.line({r.x0 + pad, r.y0}, {r.x1 - pad, r.y0}, theme.divider, ui.px(1));
  const float width = (r.width() - 2 * pad) / 4;
  const auto left = [&](int i) { return std::round(r.x0 + pad + width * static_cast<float>(i)); };
  const Rect zone{r.x0 + pad, r.y0, left(1), r.y1};
  ui.text_fit(Type::small, {left(0), r.y0 + ui.px(25)}, width, theme.text_2, ui.tr(Text::trail));
  ui.text_fit(Type::strong, {left(0), r.y0 + ui.px(47)}, width,
              ui.hovered(zone) ? theme.text : theme.accent, trail_span_text(m.span, ui));
  ui.zone(zone, {Action::Kind::next_trail});
  if (m.span == TrailSpan::off) return;
  const auto km = [&](double value) { return m.waiting ? "…" : decimal(value, 1) + " km"; };
  const Cell cells[] = {{Kind::driven, Text::trail_driven, km(m.driven_km)},
                        {Kind::hauled, Text::trail_hauled, km(m.hauled_km)},
                        {Kind::gap, Text::trail_gap, gaps_text(m, ui.lang())}};
  for (int i = 0; i < 3; ++i) draw_cell(cells[i], ui, {left(i + 1), r.y0}, width);
}

}  // namespace viewer
