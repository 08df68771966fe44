#include "viewer/ui/widgets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace viewer {
namespace {

ImVec2 vec(float x, float y) {
  return {x, y};
}

/// A ring of dashes: hollow, and not to be taken for a full one even from afar.
void dashed_ring(Ui& ui, Point c, float radius, Colour colour, float width_px) {
  constexpr int kDashes = 6;
  constexpr float kTurn = 2 * std::numbers::pi_v<float>;
  for (int i = 0; i < kDashes; ++i) {
    const float from = kTurn * static_cast<float>(i) / kDashes;
    ui.list().PathArcTo({c.x, c.y}, radius, from, from + kTurn / kDashes * 0.6f, 4);
    ui.list().PathStroke(colour, 0, width_px);
  }
}

}  // namespace

void solid_panel(Ui& ui, const Rect& r) {
  ui.fill(r, ui.theme().background, ui.px(6));
  ui.frame(r, ui.theme().panel_edge, ui.px(6));
  ui.block(r);
}

float panel_head(Ui& ui, const Rect& r, std::string_view title, std::string_view remark) {
  ui.panel(r);
  const float pad = ui.px(kPad);
  const float baseline = r.y0 + ui.px(31);
  const float used = ui.text_fit(Type::small_strong, {r.x0 + pad, baseline}, r.width() - 2 * pad,
                                 ui.theme().text, title);
  ui.text_fit(Type::small, {r.x1 - pad, baseline}, r.width() - 2 * pad - used - ui.px(16),
              ui.theme().text_2, remark, Align::right);
  return r.y0 + ui.px(44);
}

void status_mark(Ui& ui, Point c, float radius, fleet::Status status) {
  ImDrawList& list = ui.list();
  const Colour colour = ui.theme().of(status);
  switch (status) {
    case fleet::Status::working:
      list.AddCircleFilled(vec(c.x, c.y), radius * 1.9f, faded(colour, 0.12));
      list.AddCircleFilled(vec(c.x, c.y), radius * 1.4f, faded(colour, 0.20));
      list.AddCircleFilled(vec(c.x, c.y), radius, colour);
      return;
    case fleet::Status::idling:
    case fleet::Status::stopped:
      list.AddCircleFilled(vec(c.x, c.y), radius, colour);
      return;
    case fleet::Status::silent:
    case fleet::Status::unknown:
      break;
  }
  dashed_ring(ui, c, radius, colour, std::max(1.f, radius * 0.3f));
}

void severity_mark(Ui& ui, Point c, float radius, fleet::Severity severity, double opacity) {
  ImDrawList& list = ui.list();
  const Colour colour = faded(ui.theme().of(severity), opacity);
  const float r = radius;
  switch (severity) {
    case fleet::Severity::critical:
      list.AddTriangleFilled(vec(c.x, c.y - r * 1.05f), vec(c.x + r * 1.1f, c.y + r * 0.85f),
                             vec(c.x - r * 1.1f, c.y + r * 0.85f), colour);
      return;
    case fleet::Severity::high:
      list.AddQuadFilled(vec(c.x, c.y - r * 1.15f), vec(c.x + r * 1.15f, c.y),
                         vec(c.x, c.y + r * 1.15f), vec(c.x - r * 1.15f, c.y), colour);
      return;
    case fleet::Severity::medium:
      ui.fill({c.x - r * 0.85f, c.y - r * 0.85f, c.x + r * 0.85f, c.y + r * 0.85f}, colour);
      return;
    case fleet::Severity::low:
      break;
  }
  list.AddCircleFilled(vec(c.x, c.y), r * 0.7f, colour);
}

void trend_mark(Ui& ui, Point c, float r, double change, Colour colour) {
  ImDrawList& list = ui.list();
  if (change > 0) {
    list.AddTriangleFilled(vec(c.x, c.y - r), vec(c.x + r, c.y + r * 0.8f),
                           vec(c.x - r, c.y + r * 0.8f), colour);
  } else if (change < 0) {
    list.AddTriangleFilled(vec(c.x, c.y + r), vec(c.x - r, c.y - r * 0.8f),
                           vec(c.x + r, c.y - r * 0.8f), colour);
  } else {
    ui.fill({c.x - r, c.y - r * 0.2f, c.x + r, c.y + r * 0.2f}, colour);
  }
}

float figure(Ui& ui, Type type, Point baseline, std::string_view number, std::string_view unit) {
  const float width = ui.text(type, baseline, ui.theme().text, number);
  if (unit.empty()) return width;
  const float gap = ui.px(4);
  return width + gap +
         ui.text(Type::small, {baseline.x + width + gap, baseline.y}, ui.theme().text_2, unit);
}

void button(Ui& ui, const Rect& r, std::string_view label, bool primary, Action action) {
  const Theme& theme = ui.theme();
  const bool hovered = ui.hovered(r);
  if (primary) {
    ui.fill(r, theme.accent, ui.px(4));
  } else {
    ui.fill(r, theme.panel_fill, ui.px(4));
    ui.frame(r, hovered ? theme.accent : theme.panel_edge, ui.px(4));
  }
  const float mid = (r.y0 + r.y1) / 2;
  const Colour colour = primary ? theme.on_chip : hovered ? theme.accent : theme.text;
  ui.text_fit(Type::small_strong, {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small_strong, mid)},
              r.width() - ui.px(8), colour, label, Align::centre);
  ui.zone(r, action);
}

float key_cap(Ui& ui, Point at, std::string_view key) {
  const float half = ui.px(12);
  const float width = std::max(ui.text_width(Type::small_strong, key) + ui.px(14), 2 * half);
  const Rect r{std::round(at.x), std::round(at.y - half), std::round(at.x + width),
               std::round(at.y + half)};
  ui.fill(r, ui.theme().track, ui.px(4));
  ui.frame(r, ui.theme().panel_edge, ui.px(4));
  ui.text(Type::small_strong, {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small_strong, at.y)},
          ui.theme().text, key, Align::centre);
  return r.width();
}

float click_mark(Ui& ui, float x, float baseline, std::string_view mark, const Action& action) {
  const Theme& theme = ui.theme();
  const float width = ui.text_width(Type::strong, mark);
  const Rect zone{x - ui.px(6), baseline - ui.px(17), x + width + ui.px(6), baseline + ui.px(8)};
  ui.text(Type::strong, {x, baseline}, ui.hovered(zone) ? theme.text : theme.accent, mark);
  ui.zone(zone, action);
  return width + ui.px(12);
}

void close_cross(Ui& ui, Point centre, Action action) {
  const float h = ui.px(5);
  const Rect r{centre.x - ui.px(14), centre.y - ui.px(14), centre.x + ui.px(14),
               centre.y + ui.px(14)};
  const Colour colour = ui.hovered(r) ? ui.theme().accent : ui.theme().text_2;
  ui.list().AddLine({centre.x - h, centre.y - h}, {centre.x + h, centre.y + h}, colour,
                    ui.px(1.5f));
  ui.list().AddLine({centre.x - h, centre.y + h}, {centre.x + h, centre.y - h}, colour,
                    ui.px(1.5f));
  ui.zone(r, action);
}

}  // namespace viewer
