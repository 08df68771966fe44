// The box in which a date or time is written, and beneath it what that was understood as.
#include <cmath>

#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using State = JumpModel::State;

constexpr float kField = 56, kAnswer = 70;

std::string instant(const LocalClock& clock, Lang lang) {
  return date_text(lang, clock) + "  " + clock_text(clock);
}

/// First line: where Enter goes, or that it goes nowhere.
std::string answer(const JumpModel& m, const Ui& ui) {
  switch (m.state) {
    case State::understood:
    case State::other_day:
    case State::other_time:
      return instant(m.to, ui.lang());
    case State::no_such_day:
      return std::string(ui.tr(Text::jump_no_day));
    case State::no_such_time:
      return std::string(ui.tr(Text::jump_no_time));
    case State::not_understood:
      return std::string(ui.tr(Text::jump_not_understood));
    case State::empty:
      break;
  }
  return std::string(ui.tr(Text::jump_hint));
}

/// Second line: what differs from what was written, or how it can be written.
std::string remark(const JumpModel& m, const Ui& ui) {
  const auto about_said = [&](Text text) {
    return filled(ui.tr(text), "d", date_text(ui.lang(), m.said));
  };
  switch (m.state) {
    case State::other_day:
      return about_said(Text::jump_other_day);
    case State::other_time:
      return filled(ui.tr(Text::jump_other_time), "d", instant(m.said, ui.lang()));
    case State::understood:
      if (m.skipped) return std::string(ui.tr(Text::jump_skipped));
      if (m.twice) return std::string(ui.tr(Text::jump_twice));
      return {};
    default:
      return std::string(ui.tr(Text::jump_examples));
  }
}

}  // namespace

void draw_jump_box(const JumpModel& m, const Layout& layout, Ui& ui) {
  if (!m.open) return;
  const Theme& theme = ui.theme();
  const Rect& room = layout.search;
  const Rect r{room.x0, room.y0, room.x1, room.y0 + ui.px(kField + kAnswer)};
  solid_panel(ui, r);
  ui.frame(r, faded(theme.accent, 0.55), ui.px(6));
  const float x = r.x0 + ui.px(54);
  const float mid = r.y0 + ui.px(kField / 2);
  // A clock face.
  const Point c{r.x0 + ui.px(29), mid};
  ui.list().AddCircle({c.x, c.y}, ui.px(9), theme.accent, 0, ui.px(2));
  ui.list().AddLine({c.x, c.y - ui.px(5)}, {c.x, c.y}, theme.accent, ui.px(2));
  ui.list().AddLine({c.x, c.y}, {c.x + ui.px(4), c.y + ui.px(2)}, theme.accent, ui.px(2));
  const float typed = ui.text_fit(Type::title, {x, ui.baseline_centred(Type::title, mid)},
                                  r.x1 - ui.px(64) - x, theme.text, m.text);
  ui.fill({x + typed + ui.px(3), mid - ui.px(13), x + typed + ui.px(5), mid + ui.px(13)},
          theme.accent);
  close_cross(ui, {r.x1 - ui.px(26), mid}, {Action::Kind::close_jump});
  ui.line({r.x0 + ui.px(16), r.y0 + ui.px(kField)}, {r.x1 - ui.px(16), r.y0 + ui.px(kField)},
          theme.divider, ui.px(1));
  const bool goes =
      m.state == State::understood || m.state == State::other_day || m.state == State::other_time;
  const float first = r.y0 + ui.px(kField + 28);
  const float width = r.x1 - ui.px(22) - x;
  ui.text_fit(goes ? Type::strong : Type::body, {x, first}, width - ui.px(goes ? 70 : 0),
              goes ? theme.text : theme.text_2, answer(m, ui));
  ui.text_fit(Type::small, {x, first + ui.px(24)}, width, theme.text_3, remark(m, ui));
  if (!goes) return;
  const Rect go{r.x1 - ui.px(80), first - ui.px(18), r.x1 - ui.px(16), first + ui.px(8)};
  button(ui, go, "Enter", m.state == State::understood, {Action::Kind::jump_there});
}

}  // namespace viewer
