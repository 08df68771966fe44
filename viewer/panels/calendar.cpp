// The calendar of days that have data, each coloured by how much was worked.
#include <algorithm>
#include <cmath>

#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

// px at scale 1.
constexpr float kCell = 38, kGap = 4, kHead = 52, kWeekdays = 26, kFoot = 46, kPadding = 24;
constexpr int kWeeks = 6;
constexpr float kMonthWidth = 7 * (kCell + kGap) - kGap;
constexpr float kMonthGap = 32;

/// As many months as there is room for, the last ones.
int months_shown(const CalendarModel& m, const Layout& layout) {
  const float room = static_cast<float>(layout.width_px) / layout.scale - 2 * (kPadding + 28);
  const int fit = static_cast<int>((room + kMonthGap) / (kMonthWidth + kMonthGap));
  return std::clamp(fit, 1, std::max(static_cast<int>(m.months.size()), 1));
}

std::string month_title(const CalendarMonth& month, Lang lang) {
  char text[32];
  std::snprintf(text, sizeof text, lang == Lang::zh ? "%d 年 %d 月" : "%04d-%02d", month.year,
                month.month);
  return text;
}

/// From hardly any work to the most of any day; text on it stays readable.
Colour work_colour(const Theme& theme, double share) {
  return faded(theme.area, 0.25 + 0.75 * std::clamp(share, 0.0, 1.0));
}

void draw_day(const CalendarModel& m, const CalendarDay& day, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  const bool hovered = day.data && ui.hovered(r);
  if (day.data) {
    const double share =
        known(day.worked_h) && m.most_worked_h > 0 ? day.worked_h / m.most_worked_h : 0;
    ui.fill(r, work_colour(theme, share), ui.px(4));
    ui.zone(r, {Action::Kind::choose_day, static_cast<std::uint64_t>(day.number)});
  }
  if (day.playhead) {
    ui.frame(r, theme.text, ui.px(4));
    ui.frame(r.shrunk(ui.px(1)), theme.text, ui.px(3));
  } else if (hovered) {
    ui.frame(r, theme.accent, ui.px(4));
  }
  const float mid = (r.y0 + r.y1) / 2;
  ui.text(day.playhead ? Type::small_strong : Type::small,
          {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small, mid)},
          day.data ? theme.text : faded(theme.text_3, 0.55), std::to_string(day.day),
          Align::centre);
  // A corner is cut off where data is missing within the day.
  if (day.gaps) {
    const float c = ui.px(8);
    ui.list().AddTriangleFilled({r.x1 - c, r.y0}, {r.x1, r.y0}, {r.x1, r.y0 + c}, theme.text_3);
  }
}

void draw_month(const CalendarModel& m, const CalendarMonth& month, Ui& ui, Point at) {
  const Theme& theme = ui.theme();
  ui.text(Type::strong, {at.x + ui.px(kMonthWidth / 2), at.y + ui.px(24)}, theme.text,
          month_title(month, ui.lang()), Align::centre);
  for (int i = 0; i < 7; ++i) {
    const float x = at.x + ui.px(static_cast<float>(i) * (kCell + kGap) + kCell / 2);
    std::string_view name = ui.tr(weekday_key(i + 1));
    // 周一 -> 一: the column is narrow.
    if (ui.lang() == Lang::zh) name.remove_prefix(std::string_view("周").size());
    ui.text(Type::small, {x, at.y + ui.px(kHead + 8)}, theme.text_3, name, Align::centre);
  }
  for (const CalendarDay& day : month.days) {
    const int cell = month.first_weekday + day.day - 1;
    const float x = at.x + ui.px(static_cast<float>(cell % 7) * (kCell + kGap));
    const float y =
        at.y + ui.px(kHead + kWeekdays - 6 + static_cast<float>(cell / 7) * (kCell + kGap));
    draw_day(
        m, day, ui,
        {std::round(x), std::round(y), std::round(x + ui.px(kCell)), std::round(y + ui.px(kCell))});
  }
}

void draw_arrow(Ui& ui, Point c, bool later, bool there_is) {
  const Rect zone{c.x - ui.px(16), c.y - ui.px(16), c.x + ui.px(16), c.y + ui.px(16)};
  const Theme& theme = ui.theme();
  const Colour colour = !there_is          ? faded(theme.text_3, 0.4)
                        : ui.hovered(zone) ? theme.accent
                                           : theme.text_2;
  const float h = ui.px(later ? 6.f : -6.f);
  ui.list().AddTriangleFilled({c.x - h * 0.7f, c.y - h}, {c.x + h * 0.7f, c.y},
                              {c.x - h * 0.7f, c.y + h}, colour);
  ui.zone(zone, {Action::Kind::calendar_month, later ? 1u : 0u});
}

/// What the colours mean, and the way to close it.
void draw_foot(const CalendarModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  const float y = r.y1 - ui.px(24);
  float x = r.x0 + ui.px(kPadding);
  x +=
      ui.text(Type::small, {x, y + ui.px(5)}, theme.text_3, ui.tr(Text::measure_hours)) + ui.px(10);
  x += ui.text(Type::small, {x, y + ui.px(5)}, theme.text_3, "0") + ui.px(8);
  for (int i = 0; i < 5; ++i) {
    ui.fill({x, y - ui.px(7), x + ui.px(18), y + ui.px(7)}, work_colour(theme, i / 4.0), ui.px(2));
    x += ui.px(20);
  }
  ui.text(Type::small, {x + ui.px(6), y + ui.px(5)}, theme.text_3,
          grouped(static_cast<std::int64_t>(std::llround(m.most_worked_h))) + " " +
              std::string(ui.tr(Text::unit_machine_hours)));
}

}  // namespace

Rect calendar_rect(const CalendarModel& m, const Layout& layout) {
  if (!m.open) return {};
  const auto months = static_cast<float>(months_shown(m, layout));
  const float width = layout.px(2 * kPadding + kMonthWidth * months + kMonthGap * (months - 1));
  const float height = layout.px(kHead + kWeekdays + kWeeks * (kCell + kGap) + kFoot);
  const float mid = static_cast<float>(layout.width_px) / 2;
  const float top = layout.search.y0;
  return {std::round(mid - width / 2), top, std::round(mid + width / 2), std::round(top + height)};
}

void draw_calendar(const CalendarModel& m, const Layout& layout, Ui& ui) {
  const Rect r = calendar_rect(m, layout);
  if (r.empty()) return;
  solid_panel(ui, r);
  const auto shown = static_cast<std::size_t>(months_shown(m, layout));
  float x = r.x0 + ui.px(kPadding);
  for (std::size_t i = m.months.size() - shown; i < m.months.size(); ++i) {
    draw_month(m, m.months[i], ui, {x, r.y0 + ui.px(8)});
    x += ui.px(kMonthWidth + kMonthGap);
  }
  const float y = r.y0 + ui.px(26);
  draw_arrow(ui, {r.x0 + ui.px(kPadding + 12), y}, false, m.earlier || shown < m.months.size());
  draw_arrow(ui, {r.x1 - ui.px(kPadding + 12), y}, true, m.later);
  draw_foot(m, ui, r);
}

}  // namespace viewer
