// The legend strip: what the shapes mean, how long a kilometre is, and the heat ramp with its unit.
#include <algorithm>
#include <cmath>
#include <vector>

#include "render/compose/look.hpp"
#include "viewer/map_theme.hpp"
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

std::string heat_unit_text(const LegendModel& m, Lang lang) {
  switch (m.heat_measure) {
    case HeatMeasure::hours:
      return std::string(text_of(lang, Text::heat_hours));
    case HeatMeasure::working:
      return std::string(text_of(lang, Text::heat_working));
    case HeatMeasure::machines:
      return std::string(text_of(lang, Text::heat_machines));
    case HeatMeasure::field:
      break;
  }
  return m.heat_field + "/km²";
}

/// Ticks left of this place of the ramp would stand on its zero.
constexpr double kLeastTick = 0.08;

std::string density_text(double value) {
  if (value >= 9.95) return grouped(std::llround(value));
  const int decimals = value >= 1 ? (value == std::round(value) ? 0 : 1)
                                  : static_cast<int>(std::ceil(-std::log10(value) - 1e-9));
  return decimal(value, std::min(decimals, 6));
}

/// Densities under the ramp, each where its colour is: it is no even scale.
void draw_densities(const LegendModel& m, Ui& ui, const Rect& r, float line) {
  const Colour colour = ui.theme().text_2;
  // From the full density on the colour stays the same.
  const std::string most = "≥ " + density_text(m.heat_full);
  float right = r.x1 - ui.text_width(Type::small, most);
  ui.text(Type::small, {right, line}, colour, most);
  const float left = r.x0 + ui.text(Type::small, {r.x0, line}, colour, "0");
  // Each power of ten below it, from the last to what is a third of a step from the left end.
  const double last = std::pow(10.0, std::ceil(std::log10(m.heat_full)) - 1);
  const double least = render::heat_share_at(kLeastTick) * m.heat_full;
  for (double density = last; density >= least; density /= 10) {
    const std::string text = density_text(density);
    const float at =
        r.x0 + r.width() * render::heat_scale(static_cast<float>(density / m.heat_full));
    const float half = ui.text_width(Type::small, text) / 2;
    if (at + half + ui.px(8) > right || at - half - ui.px(8) < left) continue;
    ui.text(Type::small, {at - half, line}, colour, text);
    ui.line({at, r.y1}, {at, r.y1 + ui.px(3)}, colour, ui.px(1));
    right = at - half;
  }
}

/// Unit, window and radius, as far as there is room: a radius that was widened stays longest.
std::string ramp_caption(const LegendModel& m, float room_px, Ui& ui) {
  std::string since, radius;
  if (!m.heat_since.empty()) since = filled(ui.tr(Text::known_since), "t", m.heat_since);
  // A hexagon's density is its own: no kernel spreads it.
  if (m.heat_radius_m > 0) {
    radius = filled(ui.tr(m.heat_widened ? Text::heat_widened : Text::heat_radius), "r",
                    length_text(m.heat_radius_m));
  }
  const auto joined = [&](bool with_since, bool with_window) {
    std::string text = heat_unit_text(m, ui.lang());
    if (with_window && !m.heat_window.empty()) text.append(" · ").append(m.heat_window);
    if (with_since && !since.empty()) text.append(" ").append(since);
    if (!radius.empty()) text.append(" · ").append(radius);
    return text;
  };
  for (const bool with_since : {true, false}) {
    std::string text = joined(with_since, true);
    if (ui.text_width(Type::small, text) <= room_px) return text;
  }
  return joined(false, false);
}

void draw_ramp(const LegendModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  ui.text_fit(Type::small, {r.x0, r.y0 + ui.px(8)}, r.width(), theme.text_2,
              ramp_caption(m, r.width(), ui));
  // The map's own ramp, so that the legend cannot differ from what it explains.
  const auto stops = map_theme(theme.name).heat_ramp;
  const Rect bar{r.x0, r.y0 + ui.px(15), r.x1, r.y0 + ui.px(23)};
  ui.fill(bar, theme.track);
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    const Colour from = ramp_colour(stops[i]);
    const Colour to = ramp_colour(stops[i + 1]);
    ui.list().AddRectFilledMultiColor({r.x0 + r.width() * stops[i].at, bar.y0},
                                      {r.x0 + r.width() * stops[i + 1].at, bar.y1}, from, to, to,
                                      from);
  }
  draw_densities(m, ui, bar, r.y0 + ui.px(41));
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

void draw_mark(const LegendMark& mark, Ui& ui) {
  if (mark.status) {
    status_mark(ui, mark.at, ui.px(5), *mark.status);
  } else {
    severity_mark(ui, mark.at, ui.px(6), mark.severity);
  }
  ui.text(Type::small, {mark.label_x, ui.baseline_centred(Type::small, mark.at.y)},
          ui.theme().text_2, mark.label);
}

/// Where the base map comes from and what its maker warns of: the first is never left out.
void draw_origin(const LegendModel& m, Ui& ui, const Rect& r) {
  std::string text = map_text(ui.lang(), m.attribution);
  if (!m.caveat.empty()) text += (text.empty() ? "" : "  ·  ") + map_text(ui.lang(), m.caveat);
  const float line = ui.px(kOriginLine);
  const int lines = std::max(1, static_cast<int>(std::lround(r.height() / line)));
  ui.paragraph(Type::small, {r.x0, r.y0 + ui.px(13)}, r.width(), line, lines, ui.theme().text_3,
               text);
}

/// Whose tiles the map shows, and how many of them are not there. Returns the height taken.
float draw_tiles(const LegendModel& m, Ui& ui, const Rect& r) {
  if (!m.tiles || !m.tiles->tells()) return 0;
  std::string text = m.tiles->attribution;
  if (m.tiles->missing > 0) {
    if (!text.empty()) text += "  ·  ";
    text.append(ui.tr(Text::tiles_missing_before)).append(" ");
    text += grouped(static_cast<std::int64_t>(m.tiles->missing));
    text.append(" ").append(ui.tr(Text::tiles_missing_after));
  }
  ui.text_fit(Type::small, {r.x0, r.y0 + ui.px(13)}, r.width(), ui.theme().text_2, text);
  return ui.px(kOriginLine);
}

/// `marks` from left to right, `in_a_line` of them on each line, or nothing if they do not fit.
std::vector<LegendMark> lines_of(std::vector<LegendMark> marks, std::size_t in_a_line, float gap_px,
                                 const Rect& room, Ui& ui) {
  constexpr float kFirstLine = 10, kNextLine = 23, kOnlyLine = 20;
  const bool one_line = marks.size() <= in_a_line;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    LegendMark& mark = marks[i];
    const bool first = i % in_a_line == 0;
    const float line = static_cast<float>(i / in_a_line);
    mark.at.x = first ? room.x0 + ui.px(9) : marks[i - 1].right + gap_px;
    mark.at.y = room.y0 + ui.px(one_line ? kOnlyLine : kFirstLine + kNextLine * line);
    mark.label_x = mark.at.x + ui.px(14);
    mark.right = mark.label_x + ui.text_width(Type::small, mark.label);
    if (mark.right > room.x1) return {};
  }
  return marks;
}

}  // namespace

std::vector<LegendMark> legend_marks(bool moving, const Rect& room, Ui& ui) {
  std::vector<LegendMark> machines, all;
  for (const Status status : {Status::working, Status::idling, Status::stopped, Status::silent})
    machines.push_back({ui.tr(text_key(status, moving)), status});
  all = machines;
  // Low alarms are in the list only.
  for (const Severity severity : {Severity::critical, Severity::high, Severity::medium})
    all.push_back({ui.tr(text_key(severity)), std::nullopt, severity});
  const float gap = ui.px(22);
  auto placed = lines_of(all, all.size(), gap, room, ui);
  if (placed.empty()) placed = lines_of(all, 4, gap, room, ui);
  // The list of alarms has the severities' shapes with their names in any case.
  if (placed.empty()) placed = lines_of(machines, 2, gap, room, ui);
  return placed;
}

void draw_legend(const LegendModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.legend;
  if (r.empty()) return;
  // Machines lie under the strip: a quiet ground of its own keeps it legible, without an edge.
  ui.fill(r, faded(ui.theme().background, 0.78), ui.px(6));
  const float inset = ui.px(14);
  constexpr float kMarks = 44;
  const float top = r.y0 + ui.px(8);
  float right = r.x1 - inset;
  const auto marks_before = [&](float end) {
    return legend_marks(m.moving, {r.x0 + inset, top, end, top + ui.px(kMarks)}, ui);
  };
  std::vector<LegendMark> marks;
  if (m.heat) {
    const float width = std::min(ui.px(ui.lang() == Lang::zh ? 300 : 330), r.width() * 0.4f);
    marks = marks_before(right - width - ui.px(32));
    // Without room for both, the ramp matters more: it alone says what its colours mean.
    const float left = marks.empty() ? r.x0 + inset : right - width;
    draw_ramp(m, ui, {left, top, right, top + ui.px(kMarks)});
    right -= width + ui.px(32);
  }
  // Without room for both, the shapes matter more than the scale.
  if (right - r.x0 > ui.px(440)) {
    const float bar = draw_scale_bar(m, ui, right, top);
    if (bar > 0) right -= bar + ui.px(32);
  }
  if (!m.heat || !marks.empty()) marks = marks_before(right);
  for (const LegendMark& mark : marks) draw_mark(mark, ui);
  Rect origin{r.x0 + inset, top + ui.px(kMarks), r.x1 - inset, r.y1 - ui.px(6)};
  origin.y0 += draw_tiles(m, ui, origin);
  draw_origin(m, ui, origin);
}

}  // namespace viewer
