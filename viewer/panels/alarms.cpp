// The alarm list: what is wrong, where, since when, and whether anybody has seen it.
#include <algorithm>
#include <cmath>

#include "viewer/panels/panels.hpp"
#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

constexpr float kRow = 62;
constexpr float kAgeGap = 10;

/// "2 严重 · 9 高 · 31 中 · 118 低", without the classes that have none.
std::string counts_text(const AlarmsModel& m, Ui& ui) {
  std::string text;
  for (int i = 0; i < fleet::kSeverityCount; ++i) {
    const std::uint32_t n = m.by_severity[static_cast<std::size_t>(i)];
    if (n == 0) continue;
    if (!text.empty()) text += " · ";
    text.append(grouped(n)).append(" ");
    text += ui.tr(text_key(static_cast<fleet::Severity>(i)));
  }
  return text;
}

/// Shapes in the place of the words, where these do not fit, right-aligned at `right`.
void draw_counts(const AlarmsModel& m, Ui& ui, float right, float baseline) {
  const float mid = baseline - ui.px(5);
  float x = right;
  for (int i = fleet::kSeverityCount - 1; i >= 0; --i) {
    const std::uint32_t n = m.by_severity[static_cast<std::size_t>(i)];
    if (n == 0) continue;
    x -= ui.text(Type::small, {x, baseline}, ui.theme().text_2, grouped(n), Align::right);
    x -= ui.px(13);
    severity_mark(ui, {x, mid}, ui.px(5), static_cast<fleet::Severity>(i));
    x -= ui.px(18);
  }
}

/// Frame, title and how many there are; returns the y where the rows may begin.
float draw_head(const AlarmsModel& m, Ui& ui, const Rect& r) {
  const std::string title = m.as_of.empty() ? std::string(ui.tr(Text::alarms))
                                            : filled(ui.tr(Text::alarms_then), "t", m.as_of);
  const std::string counts = counts_text(m, ui);
  const float room = r.width() - ui.px(2 * kPad + 16) - ui.text_width(Type::small_strong, title);
  if (ui.text_width(Type::small, counts) <= room) return panel_head(ui, r, title, counts);
  const float y = panel_head(ui, r, title);
  draw_counts(m, ui, r.x1 - ui.px(kPad), r.y0 + ui.px(31));
  return y;
}

/// "未确认" in a frame of the severity's colour, "已确认" plain; returns its width.
float draw_tag(Ui& ui, const AlarmRow& row, float right, float mid) {
  const Theme& theme = ui.theme();
  const std::string_view label =
      ui.tr(row.acknowledged ? Text::acknowledged : Text::unacknowledged);
  const float width = ui.text_width(Type::small, label) + ui.px(14);
  const float half = ui.px(10);
  const Rect r{std::round(right - width), std::round(mid - half), std::round(right),
               std::round(mid + half)};
  const Colour colour = row.acknowledged ? theme.text_2 : theme.text_of(row.severity);
  ui.frame(r, row.acknowledged ? theme.panel_edge : faded(colour, 0.8), ui.px(3));
  ui.text(Type::small, {r.x0 + ui.px(7), ui.baseline_centred(Type::small, mid)}, colour, label);
  return width;
}

/// How many alarms are not listed, and how many of these are critical, under a line at `top`.
void draw_left_out(const AlarmsModel& m, std::uint64_t total, std::size_t shown, Ui& ui,
                   const Rect& r, float top) {
  const Theme& theme = ui.theme();
  const float pad = ui.px(kPad);
  ui.line({r.x0 + pad, top}, {r.x1 - pad, top}, theme.divider, ui.px(1));
  const auto listed =
      std::count_if(m.rows.begin(), m.rows.begin() + static_cast<std::ptrdiff_t>(shown),
                    [](const AlarmRow& row) { return row.severity == fleet::Severity::critical; });
  const std::int64_t critical = std::int64_t{m.by_severity[0]} - listed;
  std::string text =
      filled(ui.tr(Text::more_alarms), "n", grouped(static_cast<std::int64_t>(total - shown)));
  float x = r.x0 + pad;
  if (critical > 0) {
    text += filled(ui.tr(Text::of_these_critical), "n", grouped(critical));
    severity_mark(ui, {x + ui.px(7), top + ui.px(17)}, ui.px(6), fleet::Severity::critical);
    x += ui.px(22);
  }
  ui.text_fit(Type::small, {x, top + ui.px(22)}, r.x1 - pad - x,
              critical > 0 ? theme.critical : theme.text_2, text);
}

void draw_row(Ui& ui, const AlarmRow& row, const Rect& r) {
  const Theme& theme = ui.theme();
  const float pad = ui.px(kPad);
  const Rect lit{r.x0 + ui.px(6), r.y0 + ui.px(2), r.x1 - ui.px(6), r.y1 - ui.px(2)};
  if (row.selected || ui.hovered(r)) {
    ui.fill(lit, faded(theme.accent, row.selected ? 0.16 : 0.08), ui.px(4));
  }
  const float first = r.y0 + ui.px(21);
  const float second = r.y0 + ui.px(43);
  const float text_x = r.x0 + pad + ui.px(24);
  severity_mark(ui, {r.x0 + pad + ui.px(7), first}, ui.px(7), row.severity);
  const float right = r.x1 - pad;
  const AlarmHeadline head = alarm_headline(row, right - text_x, ui);
  const float age = ui.text(Type::small, {right, ui.baseline_centred(Type::small, first)},
                            theme.text_2, head.age, Align::right);
  ui.text_fit(head.type, {text_x, ui.baseline_centred(head.type, first)},
              right - age - ui.px(kAgeGap) - text_x, theme.text, head.text);
  // Low alarms are listed without asking for anything.
  const bool tagged = row.acknowledged || row.severity != fleet::Severity::low;
  const float tag = tagged ? draw_tag(ui, row, right, second) : 0;
  std::string detail = head.with_serial ? fault_code(row.spn, row.fmi) : row.serial;
  if (!row.place.empty()) detail.append(" · ").append(row.place);
  ui.text_fit(Type::small, {text_x, ui.baseline_centred(Type::small, second)},
              right - tag - ui.px(10) - text_x, theme.text_2, detail);
  ui.zone(r, {Action::Kind::select_alarm, row.alarm});
}

}  // namespace

AlarmHeadline alarm_headline(const AlarmRow& row, float room_px, Ui& ui) {
  const std::string fault = fault_title(ui.lang(), row.spn, row.fmi);
  const std::string age = duration(ui.lang(), row.age_s);
  const Type type = row.acknowledged ? Type::body : Type::strong;
  const auto fits = [&](const AlarmHeadline& head) {
    return ui.text_width(head.type, head.text) + ui.px(kAgeGap) +
               ui.text_width(Type::small, head.age) <=
           room_px;
  };
  // English faults are long: there the serial always stands below, so that all rows are alike.
  AlarmHeadline head{type, row.serial + " " + fault, age, true};
  if (ui.lang() == Lang::zh && fits(head)) return head;
  head = {type, fault, age, false};
  if (fits(head)) return head;
  head.age = short_duration(ui.lang(), row.age_s);
  if (fits(head)) return head;
  head.type = row.acknowledged ? Type::small : Type::small_strong;
  return head;
}

void draw_alarms(const AlarmsModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.alarms;
  if (r.empty()) return;
  const Theme& theme = ui.theme();
  const float y = draw_head(m, ui, r);
  const float pad = ui.px(kPad);
  std::uint64_t total = 0;
  for (const std::uint32_t n : m.by_severity) total += n;
  if (m.rows.empty() && total > 0) return draw_left_out(m, total, 0, ui, r, y);
  if (m.rows.empty()) {
    ui.line({r.x0 + pad, y}, {r.x1 - pad, y}, theme.divider, ui.px(1));
    ui.text(Type::body, {r.x0 + pad, y + ui.px(34)}, theme.text_2, ui.tr(Text::no_alarms));
    return;
  }
  const float foot = ui.px(30);
  const float row = ui.px(kRow);
  auto room = static_cast<std::size_t>(std::max(0.f, (r.y1 - ui.px(8) - y) / row));
  total = std::max<std::uint64_t>(total, m.rows.size());
  if (total > room) room = static_cast<std::size_t>(std::max(0.f, (r.y1 - foot - y) / row));
  const std::size_t shown = std::min(room, m.rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const float top = y + row * static_cast<float>(i);
    ui.line({r.x0 + pad, top}, {r.x1 - pad, top}, theme.divider, ui.px(1));
    draw_row(ui, m.rows[i], {r.x0, top, r.x1, top + row});
  }
  if (total > shown) draw_left_out(m, total, shown, ui, r, y + row * static_cast<float>(shown));
}

}  // namespace viewer
