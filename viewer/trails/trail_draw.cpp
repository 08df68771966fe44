#include "viewer/trails/trail_draw.hpp"

#include <algorithm>
#include <cmath>

#include "viewer/labels/marks.hpp"
#include "viewer/model/fill.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

using Kind = fleet::Stretch::Kind;

/// Opacity at the begin of the span: still to be seen, clearly older.
constexpr float kOldest = 0.28f;
/// A light trail beside a strong one, in width and opacity.
constexpr float kLightWidth = 0.7f, kLightOpacity = 0.75f;
/// Rims: a pixel of fading on both sides makes edges smooth.
constexpr float kFeatherPx = 1;
/// Where two ways turn sharply the line's corner is cut off here, in half widths.
constexpr float kMiter = 2;
/// Points of one call, so that their vertices have 16-bit numbers.
constexpr std::size_t kAtOnce = 4096;

struct Stroke {
  Colour colour;
  float half_px;
  float aside_px = 0;  ///< drawn so far to the right of the way
};

float opacity(float age) {
  return 1 - (1 - kOldest) * age;
}

ImVec2 normal_of(const TrailPoint& a, const TrailPoint& b) {
  const float dx = b.x - a.x, dy = b.y - a.y, length = std::hypot(dx, dy);
  return length > 0 ? ImVec2(-dy / length, dx / length) : ImVec2(0, 0);
}

/// Direction across the line at point i, long enough that both ways keep their width.
ImVec2 across(std::span<const TrailPoint> line, std::size_t i) {
  const ImVec2 before = i > 0 ? normal_of(line[i - 1], line[i]) : normal_of(line[i], line[i + 1]);
  const ImVec2 after = i + 1 < line.size() ? normal_of(line[i], line[i + 1]) : before;
  const ImVec2 sum(before.x + after.x, before.y + after.y);
  const float square = sum.x * sum.x + sum.y * sum.y;
  if (square < 1e-6f) return before;
  // Of unit normals: the mean direction, over the cosine of half the angle.
  const float stretch = std::min(2 / square, kMiter / std::sqrt(square));
  return {sum.x * stretch, sum.y * stretch};
}

/// One smooth line: four vertices across at every point, opaque in the middle.
void ribbon(std::span<const TrailPoint> line, const Stroke& stroke, ImDrawList& list) {
  if (line.size() < 2) return;
  const auto count = static_cast<int>(line.size());
  list.PrimReserve((count - 1) * 18, count * 4);
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  const auto base = list._VtxCurrentIdx;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const ImVec2 n = across(line, i);
    const Colour inner = faded(stroke.colour, static_cast<double>(opacity(line[i].age)));
    const Colour outer = inner & 0xffffff;
    const float rim = stroke.half_px + kFeatherPx / 2;
    const float core = std::max(0.f, stroke.half_px - kFeatherPx / 2);
    const std::pair<float, Colour> rows[] = {
        {-rim, outer}, {-core, inner}, {core, inner}, {rim, outer}};
    for (const auto& [off, colour] : rows)
      list.PrimWriteVtx(
          {line[i].x + n.x * (stroke.aside_px + off), line[i].y + n.y * (stroke.aside_px + off)},
          white, colour);
  }
  for (unsigned i = 0; i + 1 < static_cast<unsigned>(count); ++i) {
    for (unsigned row = 0; row < 3; ++row) {
      const unsigned a = base + i * 4 + row, b = a + 4;
      for (const unsigned index : {a, a + 1, b + 1, a, b + 1, b})
        list.PrimWriteIdx(static_cast<ImDrawIdx>(index));
    }
  }
}

/// Whether the way turns back at point i, so far that one ribbon would lose its width there.
bool turns_back(std::span<const TrailPoint> line, std::size_t i) {
  const ImVec2 before = normal_of(line[i - 1], line[i]), after = normal_of(line[i], line[i + 1]);
  return before.x * after.x + before.y * after.y < 0;
}

void stroke_line(std::span<const TrailPoint> line, const Stroke& stroke, ImDrawList& list) {
  std::size_t begin = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const bool ends = i + 1 == line.size() || i + 1 - begin == kAtOnce || turns_back(line, i);
    if (!ends) continue;
    ribbon(line.subspan(begin, i + 1 - begin), stroke, list);
    begin = i;
  }
}

/// From the bottom up.
std::vector<Stroke> strokes_of(Kind kind, const Ui& ui) {
  const Theme& theme = ui.theme();
  const Colour halo = faded(theme.halo, 0.7);
  switch (kind) {
    case Kind::driven:
      return {{halo, ui.px(2.9f)}, {theme.accent, ui.px(1.5f)}};
    case Kind::hauled:
      return {{halo, ui.px(4.2f)},
              {theme.text, ui.px(0.8f), ui.px(-2.1f)},
              {theme.text, ui.px(0.8f), ui.px(2.1f)}};
    case Kind::gap:
      break;
  }
  return {{halo, ui.px(2.2f)}, {theme.text_2, ui.px(1.1f)}};
}

/// All of one kind's halos first, so that no line's halo cuts another line of its kind.
void draw_kind(std::span<const TrailLine> lines, Kind kind, Ui& ui,
               TrailWeight weight = TrailWeight::strong) {
  for (Stroke stroke : strokes_of(kind, ui)) {
    if (weight == TrailWeight::light) {
      stroke.half_px *= kLightWidth;
      stroke.aside_px *= kLightWidth;
      stroke.colour = faded(stroke.colour, static_cast<double>(kLightOpacity));
    }
    for (const TrailLine& line : lines)
      if (line.kind == kind) stroke_line(line.points, stroke, ui.list());
  }
}

void draw_begin(const TrailProjection& trail, Ui& ui) {
  if (trail.picture.vertices.size() < 2) return;
  fleet::TrackPicture begin;
  begin.vertices = {trail.picture.vertices[0], trail.picture.vertices[1]};
  begin.stretches = {{Kind::driven, 0, 1}};
  const auto lines = trail_lines(
      {begin, trail.camera, trail.from, trail.to, trail.margin_px, trail.dash_px, trail.space_px});
  if (lines.empty()) return;
  const TrailPoint& at = lines.front().points.front();
  const float r = ui.px(4);
  ui.list().AddCircleFilled({at.x, at.y}, r + ui.px(1.5f), faded(ui.theme().halo, 0.8));
  ui.list().AddCircle({at.x, at.y}, r, ui.theme().accent, 0, ui.px(1.75f));
}

std::string_view name_of(Kind kind, const Ui& ui) {
  switch (kind) {
    case Kind::driven:
      return ui.tr(Text::trail_driven);
    case Kind::hauled:
      return ui.tr(Text::trail_hauled);
    case Kind::gap:
      break;
  }
  return ui.tr(Text::trail_gap);
}

}  // namespace

void draw_trail(const TrailProjection& trail, Ui& ui, TrailWeight weight) {
  const std::vector<TrailLine> lines = trail_lines(trail);
  for (const Kind kind : {Kind::gap, Kind::hauled, Kind::driven})
    draw_kind(lines, kind, ui, weight);
  if (weight == TrailWeight::strong) draw_begin(trail, ui);
}

void draw_trail_sample(Kind kind, Point left, float width_px, Ui& ui) {
  std::vector<TrailLine> lines;
  const auto line = [&](float from, float to) {
    lines.push_back({kind, {{left.x + from, left.y, 0}, {left.x + to, left.y, 0}}});
  };
  if (kind == Kind::gap) {
    const float dash = ui.px(5), space = ui.px(4);
    for (float x = 0; x < width_px; x += dash + space) line(x, std::min(x + dash, width_px));
  } else {
    line(0, width_px);
  }
  draw_kind(lines, kind, ui);
}

void draw_trail_spot(const TrailSpot& spot, std::string_view machine, const fleet::TimeZone& zone,
                     std::span<const Rect> obstacles, Ui& ui) {
  const Theme& theme = ui.theme();
  ui.list().AddCircleFilled({spot.at.x, spot.at.y}, ui.px(5), faded(theme.halo, 0.9));
  ui.list().AddCircleFilled({spot.at.x, spot.at.y}, ui.px(3.5f), theme.text);
  std::string when = clock_text(zone, spot.time);
  if (spot.kind == Kind::gap)
    when =
        clock_text(zone, spot.begin).substr(0, 5) + " – " + clock_text(zone, spot.end).substr(0, 5);
  std::string what(name_of(spot.kind, ui));
  if (!machine.empty()) what.append(" · ").append(machine);
  const float width =
      ui.text_width(Type::strong, when) + ui.px(10) + ui.text_width(Type::small, what) + ui.px(24);
  const Rect window{0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  const Rect r = hover_rect(spot.at, {width, ui.px(30)}, ui.px(14), window, obstacles);
  ui.fill(r, faded(theme.background, 0.94), ui.px(5));
  ui.frame(r, theme.panel_edge, ui.px(5));
  const float mid = (r.y0 + r.y1) / 2;
  const float x = r.x0 + ui.px(12);
  const float at =
      ui.text(Type::strong, {x, ui.baseline_centred(Type::strong, mid)}, theme.text, when);
  ui.text(Type::small, {x + at + ui.px(10), ui.baseline_centred(Type::small, mid)}, theme.text_2,
          what);
}

}  // namespace viewer
