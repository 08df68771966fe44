// The strip about the marked machines: how many, their trails' span, and what the lines mean.
#include <algorithm>

#include "viewer/panels/panels.hpp"
#include "viewer/trails/trail_draw.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using Kind = fleet::Stretch::Kind;

constexpr float kSample = 22;

/// A line and what it means, if there is room before `end`; returns where the next may begin.
float draw_meaning(Kind kind, Text meaning, Ui& ui, float x, float end, float mid) {
  const float label = ui.text_width(Type::small, ui.tr(meaning));
  const float next = x + ui.px(kSample + 7) + label + ui.px(18);
  if (next > end) return x;
  draw_trail_sample(kind, {x, mid}, ui.px(kSample), ui);
  ui.text(Type::small, {x + ui.px(kSample + 7), ui.baseline_centred(Type::small, mid)},
          ui.theme().text_2, ui.tr(meaning));
  return next;
}

}  // namespace

void draw_trails(const TrailsModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.trails;
  if (r.empty() || m.machines == 0) return;
  const Theme& theme = ui.theme();
  ui.fill(r, faded(theme.background, 0.9), ui.px(5));
  ui.frame(r, theme.panel_edge, ui.px(5));
  ui.block(r);
  const float mid = (r.y0 + r.y1) / 2;
  const float line = ui.baseline_centred(Type::small_strong, mid);
  const bool off = m.span == TrailSpan::off;
  std::string machines = grouped(static_cast<std::int64_t>(m.machines));
  if (m.found > m.machines) {
    machines = filled(filled(ui.tr(Text::trails_some), "n", machines), "m",
                      grouped(static_cast<std::int64_t>(m.found)));
  }
  const std::string count =
      filled(ui.tr(off ? Text::trails_marked : Text::trails_of), "n", machines);
  float x = r.x0 + ui.px(14);
  x += ui.text(Type::small_strong, {x, line}, theme.text, count) + ui.px(10);
  std::string span = off ? std::string(ui.tr(Text::trail)) + " " : std::string();
  span += trail_span_text(m.span, ui);
  if (m.waiting > 0) span += " …";
  const float width = ui.text_width(Type::small_strong, span);
  const Rect zone{x - ui.px(5), r.y0, x + width + ui.px(5), r.y1};
  ui.text(Type::small_strong, {x, line}, ui.hovered(zone) ? theme.text : theme.accent, span);
  ui.zone(zone, {Action::Kind::next_trail});
  x += width + ui.px(22);
  const float end = r.x1 - ui.px(26);
  close_cross(ui, {r.x1 - ui.px(18), mid}, {Action::Kind::clear_marked});
  if (off) return;
  x = draw_meaning(Kind::driven, Text::trail_driven, ui, x, end, mid);
  x = draw_meaning(Kind::hauled, Text::trail_hauled, ui, x, end, mid);
  draw_meaning(Kind::gap, Text::trail_gap, ui, x, end, mid);
}

}  // namespace viewer
