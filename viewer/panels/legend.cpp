// The legend strip: what the shapes mean, how long a kilometre is, and the heat ramp with its unit.
#include <algorithm>
#include <array>
#include <cmath>

#include "render/map_frame.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using fleet::Severity;
using fleet::Status;

Colour ramp_colour(const render::MapTheme::HeatStop& stop) {
  const ImVec4 rgba{stop.colour.r, stop.colour.g, stop.colour.b, stop.opacity};
  return ImGui::ColorConvertFloat4ToU32(rgba);
}

void draw_ramp(const LegendModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  // The map's own ramp, so that the legend cannot differ from what it explains.
  const auto stops = render::dark_theme().heat_ramp;
  ui.fill({r.x0, r.y0 + ui.px(6), r.x1, r.y0 + ui.px(14)}, theme.track);
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    const Colour from = ramp_colour(stops[i]);
    const Colour to = ramp_colour(stops[i + 1]);
    ui.list().AddRectFilledMultiColor({r.x0 + r.width() * stops[i].at, r.y0 + ui.px(6)},
                                      {r.x0 + r.width() * stops[i + 1].at, r.y0 + ui.px(14)}, from,
                                      to, to, from);
  }
  const float line = r.y0 + ui.px(34);
  const float least = ui.text(Type::small, {r.x0, line}, theme.text_2, "0");
  const std::string most =
      decimal(m.heat_full, m.heat_full < 9.95 && m.heat_full != std::round(m.heat_full) ? 1 : 0);
  const float most_width = ui.text_width(Type::small, most);
  ui.text(Type::small, {r.x1 - most_width, line}, theme.text_2, most);
  std::string caption(
      ui.tr(m.heat_unit == HeatUnit::machines_per_km2 ? Text::heat_machines : Text::heat_hours));
  if (!m.heat_window.empty()) caption.append(" · ").append(m.heat_window);
  const float room = r.width() - least - most_width - ui.px(16);
  std::string with_radius =
      caption + " · " + std::string(ui.tr(Text::heat_radius)) + " " + length_text(m.heat_radius_m);
  if (ui.text_width(Type::small, with_radius) <= room) caption = with_radius;
  const float width = std::min(ui.text_width(Type::small, caption), room);
  ui.text(Type::small, {(r.x0 + r.x1 - width) / 2, line}, theme.text_2, caption);
}

/// Draws the bar so that it ends at `right`; returns the width taken.
float draw_scale_bar(const LegendModel& m, Ui& ui, float right, float y) {
  if (!(m.metres_per_px > 0)) return 0;
  const double length_m = round_length_m(m.metres_per_px * static_cast<double>(ui.px(110)));
  const auto length_px = static_cast<float>(length_m / m.metres_per_px);
  const std::string label = length_text(length_m);
  const float width = std::max(length_px, ui.text_width(Type::small, label));
  const float x = right - (width + length_px) / 2;
  const Colour colour = ui.theme().text_2;
  ui.text(Type::small, {right - (width + ui.text_width(Type::small, label)) / 2, y + ui.px(14)},
          colour, label);
  const float base = y + ui.px(27);
  ui.line({x, base}, {x + length_px, base}, colour, ui.px(1.5f));
  ui.line({x, base - ui.px(6)}, {x, base}, colour, ui.px(1.5f));
  ui.line({x + length_px - ui.px(1), base - ui.px(6)}, {x + length_px - ui.px(1), base}, colour,
          ui.px(1.5f));
  return width;
}

/// Shapes with their names from left to right within `r`, severities on a second line where one is
/// too short.
void draw_marks(const LegendModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  const float left = r.x0 + ui.px(9);
  constexpr std::array kStatuses{Status::working, Status::idling, Status::stopped, Status::silent};
  constexpr std::array kSeverities{Severity::critical, Severity::high, Severity::medium,
                                   Severity::low};
  float needed = -ui.px(22);
  for (const Status status : kStatuses) {
    needed += ui.px(14 + 22) + ui.text_width(Type::small, ui.tr(text_key(status, m.moving)));
  }
  for (const Severity severity : kSeverities) {
    needed += ui.px(14 + 22) + ui.text_width(Type::small, ui.tr(text_key(severity)));
  }
  const bool one_line = left + needed <= r.x1;
  float x = left;
  float mid = r.y0 + ui.px(one_line ? 20 : 10);
  const auto name = [&](std::string_view label) {
    x += ui.px(14);
    x += ui.text(Type::small, {x, ui.baseline_centred(Type::small, mid)}, theme.text_2, label) +
         ui.px(22);
  };
  for (const Status status : kStatuses) {
    status_mark(ui, {x, mid}, ui.px(5), status);
    name(ui.tr(text_key(status, m.moving)));
  }
  if (!one_line) {
    x = left;
    mid = r.y0 + ui.px(33);
  }
  for (const Severity severity : kSeverities) {
    severity_mark(ui, {x, mid}, ui.px(6), severity);
    name(ui.tr(text_key(severity)));
  }
}

/// Where the base map comes from and what its maker warns of: the first is never left out.
void draw_origin(const LegendModel& m, Ui& ui, const Rect& r) {
  std::string text = map_text(ui.lang(), m.attribution);
  if (!m.caveat.empty()) text += (text.empty() ? "" : "  ·  ") + map_text(ui.lang(), m.caveat);
  const float line = ui.px(14);
  const int lines = std::max(1, static_cast<int>(std::lround(r.height() / line)));
  ui.paragraph(Type::tiny, {r.x0, r.y0 + ui.px(10)}, r.width(), line, lines, ui.theme().text_3,
               text);
}

}  // namespace

void draw_legend(const LegendModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.legend;
  if (r.empty()) return;
  // Machines lie under the strip: a quiet ground of its own keeps it legible, without an edge.
  ui.fill(r, faded(ui.theme().background, 0.78), ui.px(6));
  const float inset = ui.px(14);
  constexpr float kMarks = 44;
  const float top = r.y0 + ui.px(8);
  float right = r.x1 - inset;
  if (m.heat) {
    const float width = std::min(ui.px(ui.lang() == Lang::zh ? 236 : 270), r.width() * 0.4f);
    draw_ramp(m, ui, {right - width, top, right, top + ui.px(kMarks)});
    right -= width + ui.px(32);
  }
  // Without room for both, the shapes matter more than the scale.
  if (right - r.x0 > ui.px(440)) {
    const float bar = draw_scale_bar(m, ui, right, top);
    if (bar > 0) right -= bar + ui.px(32);
  }
  draw_marks(m, ui, {r.x0 + inset, top, right, top + ui.px(kMarks)});
  draw_origin(m, ui, {r.x0 + inset, top + ui.px(kMarks), r.x1 - inset, r.y1 - ui.px(6)});
}

}  // namespace viewer
