// The states of the whole picture: why there is none, or what is wrong with it.
#include <algorithm>
#include <cmath>

#include "viewer/panels/panels.hpp"
#include "viewer/ui/feed_texts.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

struct NoticeText {
  Text title, detail;
  bool centre;
  Colour colour;
};

NoticeText notice_text(Notice kind, const Theme& theme) {
  switch (kind) {
    case Notice::connecting:
      return {Text::connecting_title, Text::connecting_detail, true, theme.accent};
    case Notice::preparing:
      return {Text::preparing_title, Text::preparing_detail, true, theme.accent};
    case Notice::empty_fleet:
      return {Text::empty_title, Text::empty_detail, true, theme.accent};
    case Notice::refused:
      return {Text::refused_title, Text::refused_detail, true, theme.critical};
    case Notice::replay_ended:
      return {Text::ended_title, Text::ended_detail, false, theme.replay};
    case Notice::cannot_open:
      return {Text::open_title, Text::open_detail, false, theme.medium};
    case Notice::no_machine:
      return {Text::no_machine_title, Text::no_machine_detail, false, theme.medium};
    case Notice::none_to_mark:
      return {Text::none_to_mark_title, Text::none_to_mark_detail, false, theme.medium};
    case Notice::no_field:
      return {Text::no_field_title, Text::no_field_detail, false, theme.medium};
    case Notice::no_sum:
      return {Text::no_sum_title, Text::no_field_detail, false, theme.medium};
    case Notice::outside_recording:
      return {Text::outside_title, Text::outside_detail, false, theme.medium};
    case Notice::in_gap:
      return {Text::in_gap_title, Text::in_gap_detail, false, theme.medium};
    case Notice::in_damage:
      return {Text::in_damage_title, Text::in_gap_detail, false, theme.critical};
    case Notice::live_alarm:
      return {Text::live_alarm_title, Text::live_alarm_detail, false, theme.critical};
    case Notice::no_past:
      return {Text::no_past_title, Text::no_past_detail, false, theme.medium};
    case Notice::saved:
      return {Text::saved_title, Text::saved_detail, false, theme.accent};
    case Notice::not_saved:
      return {Text::not_saved_title, Text::not_saved_detail, false, theme.medium};
    case Notice::not_recorded:
      return {Text::not_recorded_title, Text::recording, false, theme.critical};
    case Notice::gateway_lost:
    case Notice::none:
      break;
  }
  return {Text::lost_title, Text::lost_detail, false, theme.critical};
}

std::string notice_timing(const NoticeModel& m, Ui& ui) {
  std::string text;
  if (known(m.age_s)) {
    text = filled(ui.tr(Text::waiting_since), "n", duration(ui.lang(), std::floor(m.age_s)));
    if (m.kind == Notice::gateway_lost) text = duration(ui.lang(), std::max(10.0, m.age_s));
    if (m.kind == Notice::gateway_lost && m.age_s < 10) {
      text = short_duration(ui.lang(), m.age_s);
    }
  }
  if (known(m.retry_s)) {
    if (!text.empty()) text += " · ";
    text += filled(ui.tr(Text::retry_in), "n", decimal(std::ceil(m.retry_s), 0));
  }
  return text;
}

/// How much is done, over the last line of a notice.
void draw_share(double share, const Rect& notice, Ui& ui) {
  const Theme& theme = ui.theme();
  const Rect track{notice.x0 + ui.px(36), notice.y1 - ui.px(68), notice.x1 - ui.px(36),
                   notice.y1 - ui.px(64)};
  const auto done = static_cast<float>(std::clamp(share, 0.0, 1.0));
  ui.fill(track, faded(theme.text_3, 0.35), ui.px(2));
  ui.fill({track.x0, track.y0, track.x0 + done * track.width(), track.y1}, theme.accent, ui.px(2));
}

/// A banner with a mark before its lines.
bool marked(Notice kind) {
  return kind == Notice::gateway_lost || kind == Notice::not_recorded || kind == Notice::live_alarm;
}

/// The card of a notice in the middle.
Rect centre_rect(const Layout& layout) {
  const auto w = static_cast<float>(layout.width_px);
  const auto h = static_cast<float>(layout.height_px);
  const float half = std::min(w / 2 - layout.px(28), layout.px(320));
  return {std::round(w / 2 - half), std::round(h / 2 - layout.px(110)), std::round(w / 2 + half),
          std::round(h / 2 + layout.px(110))};
}

void draw_centre_notice(const NoticeModel& m, const NoticeText& text, const Layout& layout,
                        Ui& ui) {
  const Theme& theme = ui.theme();
  const Rect r = centre_rect(layout);
  solid_panel(ui, r);
  const bool why = m.reason != net::FeedReason::none;
  ui.fill({r.x0, r.y0, r.x0 + ui.px(4), r.y1}, why ? theme.critical : text.colour, ui.px(2));
  const float x = r.x0 + ui.px(36);
  const float width = notice_room(m, layout);
  ui.text_fit(Type::title, {x, r.y0 + ui.px(54)}, width, theme.text,
              why ? reason_title(ui.lang(), m.reason) : ui.tr(text.title));
  const int lines =
      ui.paragraph(Type::body, {x, r.y0 + ui.px(90)}, width, ui.px(25), kNoticeLines, theme.text_2,
                   why ? reason_advice(ui.lang(), m.reason) : ui.tr(text.detail));
  if (!m.fact.empty()) {
    ui.paragraph(Type::small, {x, r.y0 + ui.px(90 + 25 * static_cast<float>(lines))}, width,
                 ui.px(20), kNoticeLines, theme.text_3, m.fact);
  }
  if (known(m.share)) draw_share(m.share, r, ui);
  const std::string timing = notice_timing(m, ui);
  const float base = r.y1 - ui.px(26);
  const float timed =
      ui.text(Type::small, {r.x1 - ui.px(36), base}, theme.text_2, timing, Align::right);
  ui.text_fit(Type::small, {x, base}, width - timed - ui.px(16), theme.text_3, m.address);
}

void draw_banner(const NoticeModel& m, const NoticeText& text, const Layout& layout, Ui& ui) {
  const Theme& theme = ui.theme();
  const Rect r = notice_rect(m, layout);
  solid_panel(ui, r);
  const Colour edge = m.kind == Notice::live_alarm ? theme.of(m.severity) : text.colour;
  ui.frame(r, faded(edge, 0.7), ui.px(6));
  const float x = r.x0 + ui.px(22);
  if (marked(m.kind)) severity_mark(ui, {x + ui.px(8), r.y0 + ui.px(30)}, ui.px(9), m.severity);
  const float text_x = x + (marked(m.kind) ? ui.px(32) : 0);
  const std::string timing = notice_timing(m, ui);
  const float right = r.x1 - ui.px(22);
  const float timed =
      ui.text(Type::body, {right, r.y0 + ui.px(26)}, theme.text, timing, Align::right);
  ui.text_fit(Type::strong, {text_x, r.y0 + ui.px(26)}, right - timed - ui.px(14) - text_x,
              theme.text, filled(ui.tr(text.title), "n", m.address));
  const float room = notice_room(m, layout);
  ui.text_fit(Type::small, {text_x, r.y0 + ui.px(47)}, room, theme.text_2, banner_detail(m, ui));
  ui.text_fit(Type::small, {text_x, r.y0 + ui.px(67)}, room, theme.text_3, m.fact);
}

}  // namespace

float notice_room(const NoticeModel& m, const Layout& layout) {
  if (notice_text(m.kind, {}).centre) return centre_rect(layout).width() - layout.px(72);
  return notice_rect(m, layout).width() - layout.px(marked(m.kind) ? 44 + 32 : 44);
}

std::string banner_detail(const NoticeModel& m, Ui& ui) {
  const Lang lang = ui.lang();
  const std::string_view then = lang == Lang::zh ? "；" : ". ";
  std::string line;
  if (m.kind == Notice::not_recorded)
    return line.append(trouble_title(lang, m.trouble))
        .append(then)
        .append(trouble_advice(lang, m.trouble));
  if (m.reason != net::FeedReason::none) line.append(reason_title(lang, m.reason)).append(then);
  return line.append(ui.tr(notice_text(m.kind, ui.theme()).detail));
}

void draw_notice(const NoticeModel& m, const Layout& layout, Ui& ui) {
  if (m.kind == Notice::none) return;
  const NoticeText text = notice_text(m.kind, ui.theme());
  if (text.centre) {
    draw_centre_notice(m, text, layout, ui);
  } else {
    draw_banner(m, text, layout, ui);
  }
}

void draw_font_notice(const Layout& layout, Ui& ui) {
  if (ui.fonts().missing().empty() || ui.lang() != Lang::zh) return;
  const Theme& theme = ui.theme();
  const Rect r = font_notice_rect(layout);
  solid_panel(ui, r);
  ui.frame(r, faded(theme.medium, 0.7), ui.px(6));
  severity_mark(ui, {r.x0 + ui.px(30), r.y0 + ui.px(32)}, ui.px(8), fleet::Severity::medium);
  const float x = r.x0 + ui.px(56);
  ui.text_fit(Type::strong, {x, r.y0 + ui.px(28)}, r.x1 - ui.px(20) - x, theme.text,
              ui.tr(Text::font_title));
  ui.text_fit(Type::small, {x, r.y0 + ui.px(49)}, r.x1 - ui.px(20) - x, theme.text_2,
              ui.fonts().missing());
}

Rect font_notice_rect(const Layout& layout) {
  const auto w = static_cast<float>(layout.width_px);
  const auto h = static_cast<float>(layout.height_px);
  const float half = std::min(w / 2 - layout.px(28), layout.px(380));
  const float bottom = layout.legend.empty() ? h - layout.px(28) : layout.legend.y0;
  return {std::round(w / 2 - half), std::round(bottom - layout.px(64)), std::round(w / 2 + half),
          std::round(bottom)};
}

void draw_gl_too_old(std::string_view found, int width_px, int height_px, Ui& ui) {
  const auto w = static_cast<float>(width_px);
  const auto h = static_cast<float>(height_px);
  const Theme& theme = ui.theme();
  ui.fill({0, 0, w, h}, theme.background);
  const float half = std::min(w / 2 - ui.px(28), ui.px(420));
  const float x = w / 2 - half;
  const float y = h / 2 - ui.px(40);
  severity_mark(ui, {x + ui.px(10), y - ui.px(8)}, ui.px(11), fleet::Severity::critical);
  ui.text_fit(Type::title, {x + ui.px(40), y}, 2 * half - ui.px(40), theme.text,
              ui.tr(Text::gl_title));
  const int lines = ui.paragraph(Type::body, {x + ui.px(40), y + ui.px(40)}, 2 * half - ui.px(40),
                                 ui.px(25), 3, theme.text_2, ui.tr(Text::gl_detail));
  ui.text_fit(Type::small, {x + ui.px(40), y + ui.px(48 + 25 * static_cast<float>(lines))},
              2 * half - ui.px(40), theme.text_3, found);
}

}  // namespace viewer
