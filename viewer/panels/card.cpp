// The card of one machine: who it is, how it is, what is wrong with it, and all that is known of
// it.
#include <algorithm>
#include <array>
#include <cmath>

#include "viewer/charts/charts.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += " · ";
    text += part;
  }
  return text;
}

/// Name, owner, status and place; returns where the next part begins.
float draw_identity(const CardModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  const float pad = ui.px(kPad);
  const float x = r.x0 + pad;
  const float width = r.width() - 2 * pad;
  close_cross(ui, {r.x1 - pad - ui.px(6), r.y0 + ui.px(28)}, {Action::Kind::close_card});
  const float title = ui.text_fit(Type::title, {x, r.y0 + ui.px(36)}, width - ui.px(140),
                                  theme.text, joined({m.serial, m.model}));
  ui.text_fit(Type::small, {r.x1 - pad - ui.px(28), r.y0 + ui.px(34)}, width - title - ui.px(44),
              theme.text_2, m.branch, Align::right);
  ui.text_fit(Type::small, {x, r.y0 + ui.px(60)}, width, theme.text_2,
              joined({m.customer, class_label(ui.lang(), m.machine_class)}));
  const float mid = r.y0 + ui.px(86);
  const float line = ui.baseline_centred(Type::body, mid);
  status_mark(ui, {x + ui.px(6), mid}, ui.px(5), m.status);
  float at = x + ui.px(20);
  at += ui.text(Type::strong, {at, line}, theme.text, ui.tr(text_key(m.status, m.moving)));
  std::string heard = std::string(ui.tr(Text::last_report)) + " " + ago(ui.lang(), m.report_age_s);
  if (known(m.period_s)) {
    heard.append(" · ").append(ui.tr(Text::period)).append(" ");
    heard += short_duration(ui.lang(), m.period_s);
  }
  const std::string_view history = ui.tr(Text::history);
  const float history_x = r.x1 - pad - ui.text_width(Type::small_strong, history);
  const Rect zone{history_x - ui.px(8), mid - ui.px(13), r.x1 - pad + ui.px(8), mid + ui.px(13)};
  ui.text(Type::small_strong, {history_x, line}, ui.hovered(zone) ? theme.text : theme.accent,
          history);
  ui.zone(zone, {Action::Kind::history});
  ui.text_fit(Type::small, {at + ui.px(14), line}, zone.x0 - at - ui.px(18), theme.text_2, heard);
  const float place_line = r.y0 + ui.px(114);
  std::string where = joined({m.place, m.lonlat});
  if (known(m.fix_age_s)) where.append(" · ").append(ago(ui.lang(), m.fix_age_s));
  ui.text_fit(Type::small, {x, place_line}, width, theme.text, where.empty() ? kDash : where);
  return r.y0 + ui.px(128);
}

float draw_today(const CardModel& m, Ui& ui, const Rect& r, float y) {
  const Theme& theme = ui.theme();
  const float pad = ui.px(kPad);
  struct Item {
    Text label;
    std::string number;
    std::string_view unit;
  };
  const std::array<Item, 5> items{
      Item{Text::engine_hours_today, decimal(m.engine_h_today, 1), "h"},
      Item{Text::working_hours_today, decimal(m.working_h_today, 1), "h"},
      Item{Text::idle_hours_today, decimal(m.idle_h_today, 1), "h"},
      Item{m.then ? Text::fuel_then : Text::fuel_today, decimal(m.fuel_l_today, 0), "L"},
      Item{Text::first_start, m.first_start.empty() ? std::string(kDash) : m.first_start, ""}};
  ui.line({r.x0 + pad, y}, {r.x1 - pad, y}, theme.divider, ui.px(1));
  const float width = (r.width() - 2 * pad) / static_cast<float>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const float x = std::round(r.x0 + pad + width * static_cast<float>(i));
    ui.text_fit(Type::small, {x, y + ui.px(26)}, width - ui.px(6), theme.text_2,
                ui.tr(items[i].label));
    figure(ui, Type::title, {x, y + ui.px(54)}, items[i].number, items[i].unit);
  }
  return y + ui.px(70);
}

/// When in the day the fault has been open, where there is room for it.
void draw_fault_lane(const CardFault& fault, Ui& ui, const Rect& r) {
  constexpr float kLeast = 80;
  if (r.width() < ui.px(kLeast) || !known(fault.from_h)) return;
  const std::array spans{Span{fault.from_h, fault.until_h}};
  draw_lane(ui, {r, 0, 24, 0, 1}, spans, ui.theme().of(fault.severity));
}

/// One fault with its likely cause and first check; returns its height. Draws nothing when it
/// would not end above `bottom`.
float draw_fault(const CardFault& fault, Ui& ui, const Rect& r, float y, float bottom) {
  const float height = ui.px(fault_known(fault.spn) ? 112 : 54);
  if (y + height > bottom) return 0;
  const Theme& theme = ui.theme();
  const Lang lang = ui.lang();
  const float pad = ui.px(kPad);
  const float x = r.x0 + pad + ui.px(24);
  const float right = r.x1 - pad;
  ui.line({r.x0 + pad, y}, {right, y}, theme.divider, ui.px(1));
  const float mid = y + ui.px(19);
  severity_mark(ui, {r.x0 + pad + ui.px(7), mid}, ui.px(7), fault.severity);
  const float code = ui.text(Type::small, {right, ui.baseline_centred(Type::small, mid)},
                             theme.text_2, fault_code(fault.spn, fault.fmi), Align::right);
  const Type type = fault.acknowledged ? Type::body : Type::strong;
  ui.text_fit(type, {x, ui.baseline_centred(type, mid)}, right - code - ui.px(10) - x, theme.text,
              fault_title(lang, fault.spn, fault.fmi));
  std::string times = std::string(ui.tr(Text::occurred)) + " " + fault.occurred;
  if (!fault.learned.empty()) {
    times.append("   ").append(ui.tr(Text::learned)).append(" ").append(fault.learned);
  }
  if (fault.count > 0) {
    times.append("   ").append(filled(ui.tr(Text::times_seen), "n", grouped(fault.count)));
  }
  const float told = ui.text_fit(Type::small, {x, y + ui.px(44)}, right - x, theme.text_2, times);
  draw_fault_lane(fault, ui, {x + told + ui.px(20), y + ui.px(35), right, y + ui.px(43)});
  if (!fault_known(fault.spn)) return height;
  const auto note = [&](Text label, std::string_view text, float top, int lines) {
    const float width = std::max(ui.text_width(Type::small, ui.tr(Text::likely_cause)),
                                 ui.text_width(Type::small, ui.tr(Text::first_check))) +
                        ui.px(10);
    ui.text(Type::small, {x, top}, theme.text_3, ui.tr(label));
    ui.paragraph(Type::small, {x + width, top}, right - x - width, ui.px(19), lines, theme.text,
                 text);
  };
  note(Text::likely_cause, fault_cause(lang, fault.spn), y + ui.px(65), 1);
  note(Text::first_check, fault_check(lang, fault.spn), y + ui.px(84), 2);
  return height;
}

std::string value_text(const CardValue& value, Ui& ui) {
  if (value.field == "engine_on" || value.field == "working") {
    return std::string(ui.tr(value.value == "1" ? Text::yes : Text::no));
  }
  if (value.value.empty()) return std::string(kDash);
  const std::string number = grouped_number(value.value);
  if (value.unit == "deg") return number + "°";
  const std::string unit = unit_text(ui.lang(), value.unit);
  return unit.empty() ? number : number + " " + unit;
}

void draw_value(const CardValue& value, Ui& ui, const Rect& cell) {
  const Theme& theme = ui.theme();
  const float mid = (cell.y0 + cell.y1) / 2;
  const float line = ui.baseline_centred(Type::small, mid);
  const float age_width = ui.px(46);
  ui.text_fit(Type::small, {cell.x1, line}, age_width, theme.text_3,
              short_duration(ui.lang(), value.age_s), Align::right);
  const float value_right = cell.x1 - age_width - ui.px(4);
  const std::string text = value_text(value, ui);
  const Colour colour = value.alarming ? theme.critical : theme.text;
  const float drawn = ui.text_fit(Type::small_strong, {value_right, line}, cell.width() * 0.5f,
                                  colour, text, Align::right);
  // A shape as well as a colour says that a fault is about this value.
  const float mark = value.alarming ? ui.px(18) : 0;
  if (value.alarming) {
    severity_mark(ui, {value_right - drawn - ui.px(11), mid}, ui.px(5), fleet::Severity::critical);
  }
  ui.text_fit(Type::small, {cell.x0, line}, value_right - drawn - mark - ui.px(6) - cell.x0,
              theme.text_2, field_label(ui.lang(), value.field));
}

/// Values in two columns, read downwards.
void draw_values(const CardModel& m, Ui& ui, const Rect& r, float y) {
  const Theme& theme = ui.theme();
  const float pad = ui.px(kPad);
  ui.line({r.x0 + pad, y}, {r.x1 - pad, y}, theme.divider, ui.px(1));
  const float row = ui.px(26);
  const float top = y + ui.px(8);
  const auto rows = static_cast<std::size_t>(std::max(0.f, (r.y1 - ui.px(10) - top) / row));
  if (m.values.empty() && rows > 0) {
    ui.text(Type::small, {r.x0 + pad, top + ui.px(20)}, theme.text_3, ui.tr(Text::no_values));
  }
  if (rows == 0) return;
  const std::size_t used = std::min(rows, (m.values.size() + 1) / 2);
  const bool cut = m.values.size() > rows * 2;
  const float gap = ui.px(20);
  const float width = (r.width() - 2 * pad - gap) / 2;
  for (std::size_t i = 0; i < std::min(m.values.size(), used * 2); ++i) {
    const float x = r.x0 + pad + static_cast<float>(i / used) * (width + gap);
    const float at = top + row * static_cast<float>(i % used);
    if (cut && i + 1 == used * 2) {
      const std::size_t left = m.values.size() - i;
      ui.text(Type::small, {x + width, ui.baseline_centred(Type::small, at + row / 2)},
              theme.text_3,
              filled(ui.tr(Text::more_values), "n", grouped(static_cast<std::int64_t>(left))),
              Align::right);
      break;
    }
    draw_value(m.values[i], ui, {x, at, x + width, at + row});
  }
}

}  // namespace

void draw_card(const CardModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.card;
  if (r.empty() || !m.open) return;
  ui.panel(r);
  float y = draw_identity(m, ui, r);
  y = draw_today(m, ui, r, y);
  // Three rows of values always stay in sight, as far as there are so many.
  const std::size_t rows = std::min<std::size_t>(3, (m.values.size() + 1) / 2);
  const float values_least = ui.px(18 + 26 * static_cast<float>(rows));
  // On a low wall the worst fault is more than the trail's figures.
  const float fault_least = m.faults.empty() ? 0 : ui.px(112);
  if (r.y1 - y >= ui.px(kCardTrail) + fault_least + values_least) {
    draw_card_trail(m.trail, ui, {r.x0, y, r.x1, y + ui.px(kCardTrail)});
    y += ui.px(kCardTrail);
  }
  for (const CardFault& fault : m.faults) {
    const float height = draw_fault(fault, ui, r, y, r.y1 - values_least);
    if (height <= 0) break;
    y += height;
  }
  draw_values(m, ui, r, y);
}

}  // namespace viewer
