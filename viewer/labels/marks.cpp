#include "viewer/labels/marks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

/// Outside of an alarm's standing ring.
constexpr float kBracketHalf = 23;
constexpr float kLabelGap = 8;
/// Around a marked machine: outside of its point, inside of an alarm's ring.
constexpr float kMarkedRadius = 10;

Rect brackets(Point at, const Ui& ui) {
  const float half = ui.px(kBracketHalf);
  return {std::round(at.x - half), std::round(at.y - half), std::round(at.x + half),
          std::round(at.y + half)};
}

/// Of the name: the first side of the corners where it is clear of everything.
Rect name_rect(Point at, std::string_view label, std::span<const Rect> obstacles, Ui& ui) {
  const Rect window{0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  const Point size{ui.text_width(Type::strong, label), ui.px(18)};
  return hover_rect(at, size, ui.px(kBracketHalf + kLabelGap), window, obstacles);
}

}  // namespace

SelectionRects selection_rects(Point at, std::string_view name, std::span<const Rect> obstacles,
                               Ui& ui) {
  return {brackets(at, ui), name_rect(at, shortened(name, kMostLabel), obstacles, ui)};
}

Rect marked_ring(Point at, const Ui& ui) {
  const float r = ui.px(kMarkedRadius);
  return {at.x - r, at.y - r, at.x + r, at.y + r};
}

Rect marked_name(Point at, std::string_view name, std::span<const Rect> obstacles, Ui& ui) {
  const Rect window{0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  const Point size{ui.text_width(Type::small_strong, shortened(name, kMostLabel)), ui.px(16)};
  const Rect place = hover_rect(at, size, ui.px(kMarkedRadius + 5), window, obstacles);
  const bool covers = std::ranges::any_of(
      obstacles, [&](const Rect& obstacle) { return obstacle.overlaps(place); });
  return covers || place.contains(at) ? Rect{} : place;
}

void draw_marked(const MarkedMachine& place, std::string_view name, Ui& ui) {
  const Theme& theme = ui.theme();
  const float r = ui.px(kMarkedRadius);
  ui.list().AddCircle({place.at.x, place.at.y}, r, faded(theme.halo, 0.8), 0, ui.px(4));
  ui.list().AddCircle({place.at.x, place.at.y}, r, theme.accent, 0, ui.px(1.75f));
  if (place.name.empty()) return;
  const float mid = (place.name.y0 + place.name.y1) / 2;
  ui.text_on_map(Type::small_strong, {place.name.x0, ui.baseline_centred(Type::small_strong, mid)},
                 theme.text, shortened(name, kMostLabel));
}

void draw_selection(const SelectionRects& place, std::string_view name, Ui& ui) {
  const Rect& r = place.brackets;
  const float arm = ui.px(9);
  const float w = std::round(ui.px(2));
  const Colour colour = ui.theme().text;
  for (const bool right : {false, true}) {
    for (const bool low : {false, true}) {
      const float x = right ? r.x1 : r.x0;
      const float y = low ? r.y1 : r.y0;
      const float in_x = right ? -1.f : 1.f;  // towards the middle
      const float in_y = low ? -1.f : 1.f;
      const auto bar = [&](float length_x, float length_y, float rim, Colour fill) {
        const float to_x = x + in_x * length_x;
        const float to_y = y + in_y * length_y;
        const Rect inner{std::min(x, to_x), std::min(y, to_y), std::max(x, to_x),
                         std::max(y, to_y)};
        ui.fill(inner.shrunk(-rim), fill);
      };
      // A dark rim keeps the corners visible over pale heat.
      const float rim = std::max(1.f, std::round(ui.px(1.5f)));
      bar(arm, w, rim, faded(ui.theme().halo, 0.6));
      bar(w, arm, rim, faded(ui.theme().halo, 0.6));
      bar(arm, w, 0, colour);
      bar(w, arm, 0, colour);
    }
  }
  ui.text_on_map(
      Type::strong,
      {place.name.x0, ui.baseline_centred(Type::strong, (place.name.y0 + place.name.y1) / 2)},
      colour, shortened(name, kMostLabel));
}

Rect hover_rect(Point at, Point size, float gap, const Rect& window,
                std::span<const Rect> obstacles) {
  const Point corners[] = {
      {at.x + gap, at.y - size.y / 2},          {at.x - gap - size.x, at.y - size.y / 2},
      {at.x - size.x / 2, at.y - gap - size.y}, {at.x - size.x / 2, at.y + gap},
      {at.x + gap, at.y - gap - size.y},        {at.x - gap - size.x, at.y - gap - size.y}};
  const auto inside = [](float v, float least, float most) {
    return std::round(std::clamp(v, least, std::max(least, most)));
  };
  Rect best;
  float least = std::numeric_limits<float>::max();
  for (const Point& corner : corners) {
    const Point p{inside(corner.x, window.x0, window.x1 - size.x),
                  inside(corner.y, window.y0, window.y1 - size.y)};
    const Rect r{p.x, p.y, std::round(p.x + size.x), std::round(p.y + size.y)};
    // Moved into the window it may lie on the machine itself: as bad as on a panel.
    float covered = r.contains(at) ? size.x * size.y : 0;
    for (const Rect& o : obstacles) {
      if (!r.overlaps(o)) continue;
      covered += (std::min(r.x1, o.x1) - std::max(r.x0, o.x0)) *
                 (std::min(r.y1, o.y1) - std::max(r.y0, o.y0));
    }
    if (covered < least) {
      least = covered;
      best = r;
    }
  }
  return best;
}

void draw_hover(const HoverLabel& hover, std::span<const Rect> obstacles, Ui& ui) {
  const Theme& theme = ui.theme();
  std::string second(ui.tr(text_key(hover.status, hover.moving)));
  if (!hover.detail.empty()) second.append(" · ").append(hover.detail);
  const bool stacked = hover.machines > 1;
  const std::string title =
      stacked ? filled(ui.tr(Text::machines_here), "n", grouped(hover.machines)) : hover.title;
  if (stacked) second = ui.tr(Text::click_to_choose);
  const float width = std::min(
      ui.px(340),
      std::max(ui.text_width(Type::strong, title), ui.text_width(Type::small, second) + ui.px(16)) +
          ui.px(28));
  const Rect window{0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  const Rect r = hover_rect(hover.at, {width, ui.px(54)}, ui.px(16), window, obstacles);
  ui.fill(r, faded(theme.background, 0.94), ui.px(5));
  ui.frame(r, theme.panel_edge, ui.px(5));
  const float left = r.x0 + ui.px(14);
  ui.text_fit(Type::strong, {left, r.y0 + ui.px(23)}, width - ui.px(28), theme.text, title);
  const float line = r.y0 + ui.px(43);
  status_mark(ui, {left + ui.px(4), line - ui.px(5)}, ui.px(4), hover.status);
  ui.text_fit(Type::small, {left + ui.px(16), line}, width - ui.px(44), theme.text_2, second);
}

Type place_label_type(std::uint8_t rank) {
  return rank <= 1 ? Type::body : Type::small;
}

LabelRules label_rules(const Ui& ui) {
  LabelRules rules;
  rules.view = {0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  rules.height_px = ui.px(18);
  rules.distance_px = ui.px(7);
  rules.far_px = ui.px(22);
  rules.spacing_px = ui.px(12);
  rules.kept_spacing_px = ui.px(6);
  rules.time_s = ui.time_s();
  rules.rest_s = 0.5;
  return rules;
}

void draw_place_labels(std::span<const PlacedLabel> labels,
                       std::span<const LabelCandidate> candidates,
                       std::span<const std::string> names, bool heat, Ui& ui) {
  for (const PlacedLabel& label : labels) {
    const std::uint8_t rank = candidates[label.candidate].rank;
    const Type type = place_label_type(rank);
    const Colour colour = heat        ? ui.theme().text
                          : rank <= 1 ? faded(ui.theme().text, 0.88)
                          : rank >= 4 ? ui.theme().text_3
                                      : ui.theme().text_2;
    ui.text_on_map(type,
                   {label.box.x0, ui.baseline_centred(type, (label.box.y0 + label.box.y1) / 2)},
                   colour, names[label.candidate]);
  }
}

}  // namespace viewer
