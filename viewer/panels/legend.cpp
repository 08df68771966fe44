// The legend strip: what the shapes mean, how long a kilometre is, and the heat ramp with its unit.
#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
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

using Stops = std::span<const render::MapTheme::HeatStop>;

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

/// Densities between zero, whose own number ends `zero` px from its place, and the full density,
/// each where its colour is: it is no even scale. r: from the one's place to the other's, which may
/// lie left of it. sign: before each.
void draw_densities(const LegendModel& m, Ui& ui, const Rect& r, float line, float zero,
                    const std::string& sign) {
  const Colour colour = ui.theme().text_2;
  const float way = r.x1 < r.x0 ? -1.f : 1.f;
  // From the full density on the colour stays the same.
  const std::string most = (way < 0 ? "≤ " : "≥ ") + sign + density_text(m.heat_full);
  const float width = ui.text_width(Type::small, most);
  ui.text(Type::small, {way < 0 ? r.x1 : r.x1 - width, line}, colour, most);
  float free = std::abs(r.width()) - width;  // from zero on
  // Each power of ten below it, from the last to what is a third of a step from the left end.
  const double last = std::pow(10.0, std::ceil(std::log10(m.heat_full)) - 1);
  const double least = render::heat_share_at(kLeastTick) * m.heat_full;
  for (double density = last; density >= least; density /= 10) {
    const std::string text = sign + density_text(density);
    const float from_zero =
        std::abs(r.width()) * render::heat_scale(static_cast<float>(density / m.heat_full));
    const float half = ui.text_width(Type::small, text) / 2, at = r.x0 + way * from_zero;
    if (from_zero + half + ui.px(8) > free || from_zero - half - ui.px(8) < zero) continue;
    ui.text(Type::small, {at - half, line}, colour, text);
    ui.line({at, r.y1}, {at, r.y1 + ui.px(3)}, colour, ui.px(1));
    free = from_zero - half;
  }
}

/// The ramp's colours from r.x0 on to r.x1, which may lie left of it.
void draw_stops(const Stops& stops, Ui& ui, const Rect& r) {
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    const float from = r.x0 + r.width() * stops[i].at, to = r.x0 + r.width() * stops[i + 1].at;
    const bool turned = to < from;
    const Colour left = ramp_colour(stops[turned ? i + 1 : i]);
    const Colour right = ramp_colour(stops[turned ? i : i + 1]);
    ui.list().AddRectFilledMultiColor({std::min(from, to), r.y0}, {std::max(from, to), r.y1}, left,
                                      right, right, left);
  }
}

/// Less than zero to the left of its middle, more to the right.
void draw_difference_ramp(const LegendModel& m, Ui& ui, const Rect& bar, float line) {
  const render::MapTheme theme = map_theme(ui.theme().name);
  const float zero = std::round((bar.x0 + bar.x1) / 2);
  const Rect more{zero, bar.y0, bar.x1, bar.y1}, less{zero, bar.y0, bar.x0, bar.y1};
  draw_stops(theme.more_ramp, ui, more);
  draw_stops(theme.less_ramp, ui, less);
  const Colour colour = ui.theme().text_2;
  const float half = ui.text_width(Type::small, "0") / 2;
  ui.text(Type::small, {zero - half, line}, colour, "0");
  ui.line({zero, bar.y0}, {zero, bar.y1 + ui.px(3)}, colour, ui.px(1));
  draw_densities(m, ui, more, line, half, "+");
  draw_densities(m, ui, less, line, half, "−");
}

void draw_ramp(const LegendModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  ui.text_fit(Type::small, {r.x0, r.y0 + ui.px(8)}, r.width(), theme.text_2,
              ramp_caption(m, r.width(), ui));
  const Rect bar{r.x0, r.y0 + ui.px(15), r.x1, r.y0 + ui.px(23)};
  const float line = r.y0 + ui.px(41);
  ui.fill(bar, theme.track);
  if (m.heat_difference) return draw_difference_ramp(m, ui, bar, line);
  // The map's own ramp, so that the legend cannot differ from what it explains.
  draw_stops(map_theme(theme.name).heat_ramp, ui, bar);
  const float zero = ui.text(Type::small, {r.x0, line}, theme.text_2, "0");
  draw_densities(m, ui, bar, line, zero, {});
}

struct ScaleBar {
  std::string label;
  float length_px = 0, width = 0;  ///< of the bar; of bar and label
};

/// Nothing where the map has no scale. most: longest bar, px.
std::optional<ScaleBar> scale_bar(const LegendModel& m, float most, Ui& ui) {
  if (!(m.metres_per_px > 0)) return std::nullopt;
  const double length_m = round_length_m(m.metres_per_px * static_cast<double>(most));
  ScaleBar bar{length_text(length_m), static_cast<float>(length_m / m.metres_per_px)};
  bar.width = std::max(bar.length_px, ui.text_width(Type::small, bar.label));
  return bar;
}

/// Draws it so that it ends at `right`. rim: a dark edge of the lines, for a bar on the map.
void draw_scale_bar(const ScaleBar& bar, Ui& ui, float right, float y, float rim, Colour colour) {
  const float x = right - (bar.width + bar.length_px) / 2;
  const float label_x = right - (bar.width + ui.text_width(Type::small, bar.label)) / 2;
  const Point baseline{label_x, y + ui.px(14)};
  const float base = y + ui.px(27), end = x + bar.length_px, tick = ui.px(6), line = ui.px(1.5f);
  if (rim > 0) {
    ui.text_on_map(Type::small, baseline, colour, bar.label);
    const Colour halo = faded(ui.theme().halo, 0.6);
    ui.fill(Rect{x, base - tick, x + line, base + line}.shrunk(-rim), halo);
    ui.fill(Rect{x, base, end, base + line}.shrunk(-rim), halo);
    ui.fill(Rect{end - line, base - tick, end, base + line}.shrunk(-rim), halo);
  } else {
    ui.text(Type::small, baseline, colour, bar.label);
  }
  ui.line({x, base}, {end, base}, colour, line);
  ui.line({x, base - tick}, {x, base}, colour, line);
  ui.line({end - ui.px(1), base - tick}, {end - ui.px(1), base}, colour, line);
}

void draw_mark(const LegendMark& mark, Ui& ui) {
  if (!mark.shape) {
    // A map without machines that does not say why is taken for an empty one.
    ui.text(Type::small_strong, {mark.label_x, ui.baseline_centred(Type::small_strong, mark.at.y)},
            ui.theme().text, mark.label);
    return;
  }
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
  const std::string text = origin_text(m, ui.lang());
  const float line = ui.px(kOriginLine);
  const int lines = std::max(1, static_cast<int>(std::lround(r.height() / line)));
  ui.paragraph(Type::small, {r.x0, r.y0 + ui.px(13)}, r.width(), line, lines, ui.theme().text_3,
               text);
}

/// Whose tiles the map shows, and why some are not there, or how many could not be read. Returns
/// the height taken.
float draw_tiles(const LegendModel& m, Ui& ui, const Rect& r) {
  if (!m.tiles || !m.tiles->tells()) return 0;
  std::string text = m.tiles->attribution;
  if (m.tiles->failing > 0) {
    if (!text.empty()) text += "  ·  ";
    text += m.tiles->reachable ? filled(ui.tr(Text::tiles_failing), "n",
                                        grouped(static_cast<std::int64_t>(m.tiles->failing)))
                               : std::string(ui.tr(Text::tiles_unreachable));
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
    mark.label_x = mark.at.x + ui.px(mark.shape ? 14 : -9);
    const Type type = mark.shape ? Type::small : Type::small_strong;
    mark.right = mark.label_x + ui.text_width(type, mark.label);
    if (mark.right > room.x1) return {};
  }
  return marks;
}

}  // namespace

std::string origin_text(const LegendModel& m, Lang lang) {
  std::string text = map_text(lang, m.attribution);
  if (!m.caveat.empty()) text += (text.empty() ? "" : "  ·  ") + map_text(lang, m.caveat);
  return text;
}

std::string ramp_caption(const LegendModel& m, float room_px, Ui& ui) {
  const std::string radius = m.heat_radius_m > 0 ? length_text(m.heat_radius_m) : std::string();
  std::string extent;
  if (m.heat_hexagon_m > 0) {
    extent = filled(ui.tr(Text::hexagon_width), "w", length_text(m.heat_hexagon_m));
  } else if (!radius.empty()) {
    extent = filled(ui.tr(m.heat_widened ? Text::heat_widened : Text::heat_radius), "r", radius);
  }
  const bool hours = m.heat_measure == HeatMeasure::hours;
  const auto joined = [&](bool short_words, const std::string& end) {
    std::string text = hours && short_words ? std::string(ui.tr(Text::heat_hours_short))
                                            : heat_unit_text(m, ui.lang());
    if (m.heat_difference && !m.heat_days.empty()) text.append(" · ").append(m.heat_days);
    const bool alone = (short_words || m.heat_difference) && !m.heat_hours.empty();
    const std::string& window = alone ? m.heat_hours : m.heat_window;
    const bool said = m.heat_difference && !alone;  // the days are
    if (!window.empty() && !said) text.append(" · ").append(window);
    if (m.heat_not_yet) text.append(" ").append(ui.tr(Text::heat_not_yet));
    if (!m.heat_since.empty()) {
      text.append(" ").append(filled(ui.tr(Text::known_since), "t", m.heat_since));
    }
    if (!end.empty()) text.append(" · ").append(end);
    return text;
  };
  for (std::string text : {joined(false, extent), joined(true, extent), joined(true, radius)}) {
    if (ui.text_width(Type::small, text) <= room_px) return text;
  }
  std::string least = joined(true, {});
  if (!m.heat_difference || ui.text_width(Type::small, least) <= room_px) return least;
  // Until when, and since when, the panel says too.
  least = std::string(ui.tr(Text::heat_hours_short)) + " · " + m.heat_days_short;
  if (!m.heat_hours.empty()) least += " · " + m.heat_hours;
  return least;
}

std::vector<LegendMark> legend_marks(const LegendModel& m, const Rect& room, Ui& ui) {
  std::vector<LegendMark> machines, all;
  if (m.points) {
    for (const Status status : {Status::working, Status::idling, Status::stopped, Status::silent})
      machines.push_back({ui.tr(text_key(status, m.moving)), true, status});
  } else {
    machines.push_back({ui.tr(Text::points_hidden), false});
  }
  all = machines;
  // Low alarms are in the list only.
  for (const Severity severity : {Severity::critical, Severity::high, Severity::medium})
    all.push_back({ui.tr(text_key(severity)), true, std::nullopt, severity});
  const float gap = ui.px(22);
  auto placed = lines_of(all, all.size(), gap, room, ui);
  if (placed.empty() && m.points) placed = lines_of(all, 4, gap, room, ui);
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
    return legend_marks(m, {r.x0 + inset, top, end, top + ui.px(kMarks)}, ui);
  };
  std::vector<LegendMark> marks;
  if (m.heat) {
    const float words = ui.text_width(Type::small, ramp_caption(m, r.width(), ui));
    const float least = ui.px(ui.lang() == Lang::zh ? 300 : 330);
    const float width = std::min(std::max(least, words + ui.px(1)), r.width() * 0.4f);
    marks = marks_before(right - width - ui.px(32));
    // Without room for both, the ramp matters more: it alone says what its colours mean.
    const float left = marks.empty() ? r.x0 + inset : right - width;
    draw_ramp(m, ui, {left, top, right, top + ui.px(kMarks)});
    right -= width + ui.px(32);
  }
  // Without room for both, the shapes matter more than the scale.
  const auto bar = scale_bar(m, ui.px(110), ui);
  if (bar && layout.map_scale.empty() && right - r.x0 > ui.px(440)) {
    draw_scale_bar(*bar, ui, right, top, 0, ui.theme().text_2);
    right -= bar->width + ui.px(32);
  }
  if (!m.heat || !marks.empty()) marks = marks_before(right);
  for (const LegendMark& mark : marks) draw_mark(mark, ui);
  Rect origin{r.x0 + inset, top + ui.px(kMarks), r.x1 - inset, r.y1 - ui.px(6)};
  origin.y0 += draw_tiles(m, ui, origin);
  draw_origin(m, ui, origin);
}

void draw_map_scale(const LegendModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.map_scale;
  if (r.empty()) return;
  const float inset = ui.px(6);
  const auto bar = scale_bar(m, r.width() - 2 * inset, ui);
  if (!bar) return;
  draw_scale_bar(*bar, ui, r.x0 + inset + bar->width, r.y0, ui.px(1.5f), ui.theme().text);
}

}  // namespace viewer
