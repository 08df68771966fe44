// The buttons of a replay, and what each of them does, told while the pointer is on it.
#include <array>
#include <cmath>
#include <optional>

#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using Kind = Action::Kind;

/// A button with a drawn sign: no font has these signs in one style.
struct SignButton {
  Kind kind;
  Text meaning;
  std::string_view key;
};
constexpr std::array kBefore{SignButton{Kind::alarm_back, Text::alarm_back, "W"},
                             SignButton{Kind::tick_back, Text::tick_back, ";"},
                             SignButton{Kind::slower, Text::slower, "["}};
constexpr std::array kAfter{SignButton{Kind::faster, Text::faster, "]"},
                            SignButton{Kind::tick_on, Text::tick_on, "'"},
                            SignButton{Kind::alarm_on, Text::alarm_on, "E"}};
constexpr SignButton kPlay{Kind::play_pause, Text::key_space, "Space"};
constexpr SignButton kLoop{Kind::mark_loop, Text::key_loop, "A"};
constexpr SignButton kNow{Kind::follow_live, Text::key_live, "L"};

/// Pointing right if `half` is positive.
void triangle(Ui& ui, Point c, float half, Colour colour) {
  ui.list().AddTriangleFilled({c.x - half * 0.8f, c.y - half}, {c.x + half * 0.8f, c.y},
                              {c.x - half * 0.8f, c.y + half}, colour);
}
void bar(Ui& ui, Point c, Colour colour) {
  ui.fill({c.x - ui.px(1), c.y - ui.px(5), c.x + ui.px(1), c.y + ui.px(5)}, colour);
}
void diamond(Ui& ui, Point c, float half, Colour colour) {
  ui.list().AddQuadFilled({c.x, c.y - half}, {c.x + half, c.y}, {c.x, c.y + half},
                          {c.x - half, c.y}, colour);
}

void draw_sign(Ui& ui, Kind kind, Point c, Colour colour) {
  const bool back = kind == Kind::alarm_back || kind == Kind::tick_back || kind == Kind::slower;
  const float way = back ? -1.f : 1.f;
  const float half = ui.px(5) * way;
  const auto at = [&](float dx) { return Point{c.x + ui.px(dx) * way, c.y}; };
  switch (kind) {
    case Kind::slower:
    case Kind::faster:
      triangle(ui, at(-4), half, colour);
      triangle(ui, at(4), half, colour);
      break;
    case Kind::tick_back:
    case Kind::tick_on:
      bar(ui, at(-5), colour);
      triangle(ui, at(2), half, colour);
      break;
    case Kind::alarm_back:
    case Kind::alarm_on:
      triangle(ui, at(-4), half, colour);
      diamond(ui, at(5), ui.px(5), colour);
      break;
    default:
      break;
  }
}

void sign_button(Ui& ui, const Rect& r, const SignButton& what) {
  button(ui, r, {}, false, {what.kind});
  draw_sign(ui, what.kind, {(r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2},
            ui.hovered(r) ? ui.theme().accent : ui.theme().text);
  ui.block(r);
}

void play_button(Ui& ui, const Rect& r, const TimeBandModel& m) {
  button(ui, r, {}, true, {Kind::play_pause});
  ui.block(r);
  const Colour colour = ui.theme().on_chip;
  const std::string speed = speed_text(m.speed);
  const float width = ui.px(18) + ui.text_width(Type::small_strong, speed);
  const float mid = (r.y0 + r.y1) / 2;
  const Point c{std::round((r.x0 + r.x1 - width) / 2 + ui.px(5)), mid};
  if (m.paused) {
    triangle(ui, c, m.speed < 0 ? -ui.px(6) : ui.px(6), colour);
  } else {
    bar(ui, {c.x - ui.px(3), c.y}, colour);
    bar(ui, {c.x + ui.px(3), c.y}, colour);
  }
  ui.text(Type::small_strong, {c.x + ui.px(13), ui.baseline_centred(Type::small_strong, mid)},
          colour, speed);
}

void draw_loop_button(Ui& ui, const Rect& r, const TimeBandModel& m) {
  const bool a = known(m.loop_a_h), b = known(m.loop_b_h);
  button(ui, r, a && !b ? "A–…" : "A–B", false, {Kind::mark_loop});
  ui.block(r);
  // Lit while something is marked.
  if (a) ui.frame(r, ui.theme().accent, ui.px(4));
}

std::string now_label(const TimeBandModel& m, Ui& ui) {
  return std::string(ui.tr(m.live_behind ? Text::back_to_live : Text::to_the_end)) + " L";
}

const SignButton* button_of(Kind kind) {
  for (const auto* group : {&kBefore, &kAfter})
    for (const SignButton& each : *group)
      if (each.kind == kind) return &each;
  for (const SignButton* each : {&kPlay, &kLoop, &kNow})
    if (each->kind == kind) return each;
  return nullptr;
}

constexpr float kCaptionHeight = 28;

}  // namespace

void draw_transport(const TimeBandModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.transport;
  if (!m.transport || r.empty()) return;
  const float gap = ui.px(6), sign = ui.px(36);
  const float play = ui.px(92), loop = ui.px(52);
  const std::string now = now_label(m, ui);
  const float now_width = m.live ? 0 : ui.text_width(Type::small_strong, now) + ui.px(24);
  const float signs = (sign + gap) * static_cast<float>(kBefore.size() + kAfter.size());
  float x = std::round((r.x0 + r.x1 - (signs + play + loop + now_width + 2 * gap)) / 2);
  const float y0 = std::round(r.y0 + ui.px(5)), y1 = std::round(r.y1 - ui.px(5));
  const auto next = [&](float width) {
    const Rect b{x, y0, std::round(x + width), y1};
    x = b.x1 + gap;
    return b;
  };
  for (const SignButton& each : kBefore) sign_button(ui, next(sign), each);
  play_button(ui, next(play), m);
  for (const SignButton& each : kAfter) sign_button(ui, next(sign), each);
  draw_loop_button(ui, next(loop), m);
  if (m.live) return;  // it is there
  const Rect last = next(now_width);
  button(ui, last, now, false, {Kind::follow_live});
  ui.block(last);
}

Rect transport_caption_rect(const Layout& layout, Ui& ui) {
  if (layout.transport.empty() || !ui.hovered(layout.transport)) return {};
  const SignButton* under = button_of(ui.action_at(ui.pointer()).kind);
  if (under == nullptr) return {};
  const Rect of = ui.zone_of(under->kind)->rect;
  const float half = (ui.text_width(Type::small, ui.tr(under->meaning)) +
                      ui.text_width(Type::small_strong, under->key) + ui.px(56)) /
                     2;
  const float mid = (of.x0 + of.x1) / 2;
  const float y1 = std::round(layout.transport.y0 - ui.px(2));
  return {std::round(mid - half), std::round(y1 - ui.px(kCaptionHeight)), std::round(mid + half),
          y1};
}

void draw_transport_caption(const Layout& layout, Ui& ui) {
  const Rect r = transport_caption_rect(layout, ui);
  if (r.empty()) return;
  const SignButton* under = button_of(ui.action_at(ui.pointer()).kind);
  ui.fill(r, faded(ui.theme().background, 0.92), ui.px(4));
  ui.frame(r, ui.theme().panel_edge, ui.px(4));
  const float mid = (r.y0 + r.y1) / 2;
  const float x = r.x0 + ui.px(10);
  const float width = ui.text(Type::small, {x, ui.baseline_centred(Type::small, mid)},
                              ui.theme().text, ui.tr(under->meaning));
  key_cap(ui, {x + width + ui.px(10), mid}, under->key);
}

}  // namespace viewer
