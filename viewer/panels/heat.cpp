// The heat's panel: the sum in view beside that of everything, and what can be chosen.
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "viewer/heat/heat_choice.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

constexpr float kRow = 34, kButton = 26;
constexpr float kRadiusLabel = 20;  ///< above the radii: how wide it is drawn
/// More labels of words than this are cut side by side; of radii, which are short.
constexpr std::size_t kMostWords = 3, kMostRadii = 5;

struct Choice {
  std::string label;
  bool chosen = false;
  Action action;
};

/// Buttons of this height side by side over the panel's width.
void draw_row(Ui& ui, const Rect& r, float y, float height, std::span<const Choice> choices) {
  const float gap = ui.px(6);
  const float room = r.width() - 2 * ui.px(kPad) + gap;
  const float width = room / static_cast<float>(choices.size());
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const float x = r.x0 + ui.px(kPad) + width * static_cast<float>(i);
    button(ui, {std::round(x), y, std::round(x + width - gap), y + height}, choices[i].label,
           choices[i].chosen, choices[i].action);
  }
}

std::string hours_label(const HourSpan& span, Ui& ui) {
  if (span.whole()) return std::string(ui.tr(Text::all_day));
  return hours_text(ui.lang(), span.from, span.to);
}

/// The call may name hours and a radius that no button has: then they get one.
bool own_hours(const HeatModel& m) {
  return std::ranges::find(kHourSpans, HourSpan{m.from_hour, m.to_hour}) == kHourSpans.end();
}
bool own_radius(const HeatModel& m) {
  return std::ranges::find(kHeatRadiiM, static_cast<float>(m.radius_m)) == kHeatRadiiM.end();
}

std::vector<Choice> measures(const HeatModel& m, Ui& ui) {
  std::vector<Choice> row;
  for (const auto& [measure, text] : {std::pair(HeatMeasure::hours, Text::measure_hours),
                                      {HeatMeasure::working, Text::measure_working},
                                      {HeatMeasure::machines, Text::measure_machines}}) {
    row.push_back({std::string(ui.tr(text)),
                   m.measure == measure,
                   {Action::Kind::heat_measure, static_cast<std::uint64_t>(measure)}});
  }
  if (m.measure == HeatMeasure::field) {
    row.push_back({summed_field_label(ui.lang(), m.field), true, {Action::Kind::none}});
  }
  return row;
}

std::vector<Choice> spans(const HeatModel& m, Ui& ui) {
  std::vector<Choice> row;
  for (std::size_t i = 0; i < kHourSpans.size(); ++i) {
    const bool chosen = kHourSpans[i] == HourSpan{m.from_hour, m.to_hour};
    row.push_back({hours_label(kHourSpans[i], ui), chosen, {Action::Kind::heat_hours, i}});
  }
  if (own_hours(m)) {
    row.push_back({hours_text(ui.lang(), m.from_hour, m.to_hour), true, {Action::Kind::none}});
  }
  return row;
}

std::vector<Choice> radii(const HeatModel& m) {
  std::vector<Choice> row;
  for (std::size_t i = 0; i < kHeatRadiiM.size(); ++i) {
    const double metres = static_cast<double>(kHeatRadiiM[i]);
    row.push_back({length_text(metres), m.radius_m == metres, {Action::Kind::heat_radius, i}});
  }
  if (own_radius(m)) {
    // Among the others by its size.
    const auto after = std::ranges::upper_bound(kHeatRadiiM, static_cast<float>(m.radius_m));
    row.insert(row.begin() + (after - kHeatRadiiM.begin()),
               {length_text(m.radius_m), true, {Action::Kind::none}});
  }
  return row;
}

/// From here on figure_text has whole numbers.
constexpr double kWholeFrom = 99.95;

/// Machines are whole; hours and amounts have a decimal below 100.
std::string heat_figure(const HeatModel& m, double value) {
  const bool whole = m.measure == HeatMeasure::working || m.measure == HeatMeasure::machines;
  return whole ? decimal(value, 0) : figure_text(value);
}

/// As heat_figure; of a difference with its sign.
std::string signed_figure(const HeatModel& m, double value) {
  const std::string text = heat_figure(m, value);
  return m.difference.drawn() ? with_sign(value, text) : text;
}

/// "in all 43,120 h", of a difference "in all +1,206 = 43,120 − 41,914 h", and what has no place if
/// that is worth a word; or that there is nothing yet.
std::string all_of(const HeatModel& m, const std::string& unit, Ui& ui) {
  if (m.not_yet) {
    return hours_text(ui.lang(), m.from_hour, m.to_hour) + " · " +
           std::string(ui.tr(Text::heat_not_yet));
  }
  std::string text(ui.tr(Text::heat_of_all));
  text += " " + signed_figure(m, m.total);
  if (m.difference.drawn() && known(m.difference.shown_h)) {
    // To the digit of what they make: rounded alone, they would give another difference.
    const auto part = [&](double hours) {
      return std::abs(m.total) < kWholeFrom ? decimal(hours, 1) : heat_figure(m, hours);
    };
    text += " = " + part(m.difference.shown_h) + " − " + part(m.difference.other_h);
  }
  text += " " + unit;
  if (std::abs(m.unplaced) >= 0.5) {
    const bool differs = m.difference.drawn();
    text += " · ";
    text += ui.tr(differs ? Text::difference_unplaced : Text::heat_unplaced);
    text += " " + signed_figure(m, m.unplaced);
  }
  return text;
}

/// The day that is taken away, or why there is no difference.
std::string other_words(const DifferenceModel& d, Ui& ui) {
  using State = DifferenceModel::State;
  const auto of_day = [&](Text text) { return filled(ui.tr(text), "d", d.other); };
  switch (d.state) {
    case State::hours_alone:
      return std::string(ui.tr(Text::difference_hours_alone));
    case State::needs_recording:
      return std::string(ui.tr(Text::difference_needs_recording));
    case State::alone:
      return std::string(ui.tr(Text::compare_alone));
    case State::not_recorded:
      return of_day(Text::compare_not_recorded);
    case State::damaged:
      return of_day(Text::difference_damaged);
    case State::off:
    case State::reading:
    case State::ready:
      break;
  }
  if (!known(d.shown_h)) return of_day(Text::difference_reading);
  return d.other_span.empty() ? d.other : d.other + " " + d.other_span;
}

/// "10-16 Fri − ‹ 10-15 Thu › ×": the other day can be changed and left.
void draw_days(const DifferenceModel& d, Ui& ui, const Rect& r, float line) {
  using State = DifferenceModel::State;
  const Theme& theme = ui.theme();
  float x = r.x0 + ui.px(kPad);
  const float right = r.x1 - ui.px(kPad);
  const bool steps = d.drawn() || d.state == State::not_recorded || d.state == State::damaged;
  if (d.drawn()) x += ui.text(Type::body, {x, line}, theme.text, d.shown + " −") + ui.px(10);
  if (steps) x += click_mark(ui, x, line, "‹", {Action::Kind::compare_step, 0});
  const float room = right - x - ui.px(steps ? 36 : 20);
  x += ui.text_fit(Type::body, {x, line}, room, d.drawn() ? theme.text : theme.text_2,
                   other_words(d, ui)) +
       ui.px(10);
  if (steps) x += click_mark(ui, x, line, "›", {Action::Kind::compare_step, 1});
  (void)click_mark(ui, x, line, "×", {Action::Kind::compare});
}

/// "Radius", and what it is drawn with where that is more.
void draw_radius_label(const HeatModel& m, Ui& ui, const Rect& r, float y) {
  const Theme& theme = ui.theme();
  const float x = r.x0 + ui.px(kPad), line = y + ui.px(13);
  const float label = ui.text(Type::small, {x, line}, theme.text_2, ui.tr(Text::radius_label));
  if (!widened(m)) return;
  const std::string text = filled(ui.tr(Text::radius_widened), "r", length_text(m.drawn_radius_m));
  ui.text_fit(Type::small, {r.x1 - ui.px(kPad), line}, r.x1 - ui.px(kPad + 12) - x - label,
              theme.text, text, Align::right);
}

}  // namespace

bool widened(const HeatModel& m) {
  return !m.hexagons && m.drawn_radius_m > m.radius_m &&
         length_text(m.drawn_radius_m) != length_text(m.radius_m);
}

std::string heat_sum_unit(const HeatModel& m, Lang lang) {
  if (m.measure == HeatMeasure::field) return m.field_unit;
  return std::string(text_of(
      lang, m.measure == HeatMeasure::hours ? Text::unit_machine_hours : Text::unit_machines));
}

std::string until_text(const DifferenceModel& d, Lang lang) {
  if (d.until.empty()) return std::string(text_of(lang, Text::difference_whole));
  return filled(text_of(lang, Text::difference_until), "t", d.until);
}

namespace {
int rows_of(const HeatModel& m) {
  const bool hours = m.measure == HeatMeasure::hours;
  const bool days = m.difference.state != DifferenceModel::State::off;
  return 2 + days + (m.measure == HeatMeasure::field) + hours + (hours && own_hours(m)) +
         !m.hexagons + (!m.hexagons && own_radius(m));
}
}  // namespace

float heat_choices(const HeatModel& m) {
  if (!m.on) return 0;
  return kRow * static_cast<float>(rows_of(m)) + (m.hexagons ? 0 : kRadiusLabel);
}

void draw_heat(const HeatModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.heat;
  if (r.empty()) return;
  const DifferenceModel& d = m.difference;
  std::string remark(ui.tr(Text::heat_in_view));
  if (d.drawn() && known(d.shown_h)) remark += " · " + until_text(d, ui.lang());
  if (!m.since.empty()) remark += " · " + filled(ui.tr(Text::known_since), "t", m.since);
  const float top =
      panel_head(ui, r, ui.tr(d.drawn() ? Text::difference_title : Text::heat_title), remark);
  const std::string unit = heat_sum_unit(m, ui.lang());
  const float line = top + ui.px(30);
  figure(ui, Type::figure, {r.x0 + ui.px(kPad), line}, signed_figure(m, m.in_view), unit);
  ui.text_fit(Type::small, {r.x0 + ui.px(kPad), line + ui.px(24)}, r.width() - 2 * ui.px(kPad),
              ui.theme().text_3, all_of(m, unit, ui));
  // In a short column all rows stand closer, and so does the first to the figure.
  const float less = std::max(ui.px(kHeatHead + heat_choices(m)) - r.height(), 0.f) /
                     static_cast<float>(rows_of(m) + 1);
  float y = line + ui.px(40) - less;
  const float step = ui.px(kRow) - less;
  const auto next = [&](std::span<const Choice> row) {
    draw_row(ui, r, y, std::min(ui.px(kButton), step - ui.px(5)), row);
    y += step;
  };
  // One more than fits in a row makes two of half as many: no label is cut.
  const auto rows = [&](const std::vector<Choice>& choices, std::size_t most) {
    const std::span<const Choice> all(choices);
    if (all.size() <= most) return next(all);
    next(all.first(all.size() / 2));
    next(all.subspan(all.size() / 2));
  };
  if (d.state != DifferenceModel::State::off) {
    draw_days(d, ui, r, y + ui.px(18));
    y += step;
  }
  rows(measures(m, ui), kMostWords);
  if (m.measure == HeatMeasure::hours) rows(spans(m, ui), kMostWords);
  if (!m.hexagons) {  // a hexagon's density is its own
    draw_radius_label(m, ui, r, y);
    y += ui.px(kRadiusLabel);
    rows(radii(m), kMostRadii);
  }
  const Choice forms[] = {
      {std::string(ui.tr(Text::form_smooth)), !m.hexagons, {Action::Kind::heat_form, 0}},
      {std::string(ui.tr(Text::form_hexagons)), m.hexagons, {Action::Kind::heat_form, 1}}};
  next(forms);
}

}  // namespace viewer
