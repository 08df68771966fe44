#include "viewer/labels/marks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using fleet::Severity;

float mark_radius(const Ui& ui, Severity severity) {
  switch (severity) {
    case Severity::critical:
      return ui.px(9);
    case Severity::high:
      return ui.px(7.5f);
    case Severity::medium:
      return ui.px(6);
    case Severity::low:
      break;
  }
  return ui.px(4.5f);
}

bool pulses(const AlarmMark& mark) {
  return !mark.acknowledged && mark.severity <= Severity::high;
}

/// Two rings: a standing one, and one that widens and fades once a second.
void draw_rings(const AlarmMark& mark, Ui& ui) {
  const Colour colour = ui.theme().of(mark.severity);
  const float radius = mark_radius(ui, mark.severity);
  const double phase = ui.time_s() - std::floor(ui.time_s());
  const float wide = radius * (1.9f + 1.3f * static_cast<float>(phase));
  ui.list().AddCircle({mark.at.x, mark.at.y}, radius * 1.9f, faded(colour, 0.75), 0, ui.px(1.5f));
  ui.list().AddCircle({mark.at.x, mark.at.y}, wide, faded(colour, 0.6 * (1 - phase)), 0,
                      ui.px(1.5f));
}

/// Outside of an alarm's standing ring.
constexpr float kBracketHalf = 23;
constexpr float kLabelGap = 8;

Rect brackets(Point at, const Ui& ui) {
  const float half = ui.px(kBracketHalf);
  return {std::round(at.x - half), std::round(at.y - half), std::round(at.x + half),
          std::round(at.y + half)};
}

bool label_stands_left(const Rect& r, float width, const Ui& ui) {
  return r.x1 + width > static_cast<float>(ui.width_px());
}

}  // namespace

Rect alarm_mark_rect(const AlarmMark& mark, const Ui& ui) {
  const float r = mark_radius(ui, mark.severity) * (pulses(mark) ? 2.f : 1.2f);
  return {mark.at.x - r, mark.at.y - r, mark.at.x + r, mark.at.y + r};
}

void draw_alarm_marks(std::span<const AlarmMark> marks, Ui& ui) {
  std::size_t left = kMostAlarmMarks;
  std::array<std::size_t, fleet::kSeverityCount> room{};
  for (std::size_t s = 0; s < room.size(); ++s) {
    const auto of_class = static_cast<std::size_t>(std::count_if(
        marks.begin(), marks.end(),
        [&](const AlarmMark& mark) { return static_cast<std::size_t>(mark.severity) == s; }));
    room[s] = std::min(left, of_class);
    left -= room[s];
  }
  // The worst is drawn last and lies on top.
  for (std::size_t s = room.size(); s-- > 0;) {
    for (const AlarmMark& mark : marks) {
      if (static_cast<std::size_t>(mark.severity) != s || room[s] == 0) continue;
      --room[s];
      if (pulses(mark)) draw_rings(mark, ui);
      const float r = mark_radius(ui, mark.severity);
      ui.list().AddCircleFilled({mark.at.x, mark.at.y}, r * 1.35f, faded(ui.theme().halo, 0.55));
      severity_mark(ui, mark.at, r, mark.severity);
    }
  }
}

Rect selection_rect(Point at, std::string_view name, Ui& ui) {
  const std::string label = shortened(name, kMostLabel);
  Rect r = brackets(at, ui);
  const float width = ui.px(kLabelGap) + ui.text_width(Type::strong, label);
  if (label_stands_left(r, width, ui)) {
    r.x0 -= width;
  } else {
    r.x1 += width;
  }
  return r;
}

void draw_selection(Point at, std::string_view name, Ui& ui) {
  const std::string label = shortened(name, kMostLabel);
  const Rect r = brackets(at, ui);
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
  const float width = ui.text_width(Type::strong, label);
  const bool left = label_stands_left(r, ui.px(kLabelGap) + width, ui);
  const float x = left ? r.x0 - ui.px(kLabelGap) - width : r.x1 + ui.px(kLabelGap);
  ui.text_on_map(Type::strong, {x, ui.baseline_centred(Type::strong, at.y)}, colour, label);
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
  const float width =
      std::min(ui.px(340), std::max(ui.text_width(Type::strong, hover.title),
                                    ui.text_width(Type::small, second) + ui.px(16)) +
                               ui.px(28));
  const Rect window{0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  const Rect r = hover_rect(hover.at, {width, ui.px(54)}, ui.px(16), window, obstacles);
  ui.fill(r, faded(theme.background, 0.94), ui.px(5));
  ui.frame(r, theme.panel_edge, ui.px(5));
  const float left = r.x0 + ui.px(14);
  ui.text_fit(Type::strong, {left, r.y0 + ui.px(23)}, width - ui.px(28), theme.text, hover.title);
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
                                      : ui.theme().text_2;
    ui.text_on_map(type,
                   {label.box.x0, ui.baseline_centred(type, (label.box.y0 + label.box.y1) / 2)},
                   colour, names[label.candidate]);
  }
}

}  // namespace viewer
