// Fleet totals, utilisation and the ranking of regions.
#include <algorithm>
#include <array>
#include <cmath>

#include "viewer/charts/charts.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using fleet::Status;
constexpr std::array kShown{Status::working, Status::idling, Status::stopped, Status::silent};

/// Of the totals' content without any spare room, px at scale 1.
constexpr float kTotalsHeight = 200;

std::uint32_t count_of(const TotalsModel& m, Status status) {
  return m.by_status[static_cast<std::size_t>(status)];
}

void draw_status_bar(const TotalsModel& m, Ui& ui, const Rect& r) {
  ui.fill(r, ui.theme().track, ui.px(1));
  std::uint64_t sum = 0;
  for (const std::uint32_t n : m.by_status) sum += n;
  if (sum == 0) return;
  float x = r.x0;
  std::uint64_t so_far = 0;
  for (const Status status : {Status::working, Status::idling, Status::stopped}) {
    so_far += count_of(m, status);
    const float end =
        std::round(r.x0 + r.width() * static_cast<float>(so_far) / static_cast<float>(sum));
    ui.fill({x, r.y0, end, r.y1}, ui.theme().of(status));
    x = end;
  }
}

struct Column {
  std::string_view label;
  std::string number, unit;
  double change;
  std::string change_text;
};

void draw_columns(const UtilisationModel& m, Ui& ui, const Rect& r, float y,
                  const std::array<Column, 3>& columns) {
  const Theme& theme = ui.theme();
  const float pad = ui.px(kPad);
  const float width = (r.width() - 2 * pad) / 3;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& c = columns[i];
    const float x = std::round(r.x0 + pad + width * static_cast<float>(i));
    ui.text_fit(Type::small, {x, y + ui.px(16)}, width - ui.px(4), theme.text_2, c.label);
    figure(ui, Type::figure, {x, y + ui.px(52)}, c.number, c.unit);
    if (!known(c.change)) continue;
    const float mid = y + ui.px(70);
    const bool flat = c.change == 0;
    if (!flat) {
      trend_mark(ui, {x + ui.px(5), mid}, ui.px(5), c.change,
                 c.change > 0 ? theme.text : theme.text_2);
    }
    std::string text = flat ? std::string(ui.tr(Text::flat)) : c.change_text;
    // Against what stays away where it would touch the next column.
    const std::string whole = text + " " + m.change_label;
    if (!flat && ui.text_width(Type::small, whole) <= width - ui.px(27)) text = whole;
    ui.text_fit(Type::small, {x + (flat ? 0 : ui.px(15)), ui.baseline_centred(Type::small, mid)},
                width - ui.px(19), theme.text_2, text);
  }
}

constexpr float kFormulaLine = 19;
constexpr float kFormulaHeight = 3 * kFormulaLine;

/// What is divided by what, with thresholds; `top` is its upper edge.
void draw_formula(const UtilisationModel& m, Ui& ui, const Rect& r, float top) {
  const bool whole = m.min_engine_h == std::round(m.min_engine_h);
  std::string rate = filled(ui.tr(m.then ? Text::rate_formula_then : Text::rate_formula), "h",
                            decimal(m.min_engine_h, whole ? 0 : 1));
  rate = filled(rate, "n", grouped(m.operating));
  std::string divisor = filled(ui.tr(Text::rate_divisor), "d", grouped(m.connected_days));
  divisor = filled(divisor, "m", grouped(m.connected));
  const float pad = ui.px(kPad);
  float baseline = top + ui.px(14);
  for (const std::string_view line :
       {std::string_view(rate), std::string_view(divisor),
        ui.tr(m.then ? Text::hours_formula_then : Text::hours_formula)}) {
    ui.text_fit(Type::small, {r.x0 + pad, baseline}, r.width() - 2 * pad, ui.theme().text_3, line);
    baseline += ui.px(kFormulaLine);
  }
}

/// What the lines of the chart are, centred under it.
void draw_chart_key(const UtilisationModel& m, Ui& ui, const Rect& r, float baseline) {
  const Theme& theme = ui.theme();
  const std::string_view today = ui.tr(m.then ? Text::working_then : Text::working_today);
  const std::string_view other = m.compare.empty() ? std::string_view{} : ui.tr(Text::other_day);
  const float sample = ui.px(20);
  const float space = ui.px(6);
  float total = sample + space + ui.text_width(Type::small, today);
  if (!other.empty()) total += 3 * space + sample + ui.text_width(Type::small, other);
  float x = std::round((r.x0 + r.x1 - total) / 2);
  const float mid = baseline - ui.px(5);
  ui.line({x, mid}, {x + sample, mid}, theme.working, ui.px(2));
  x += sample + space;
  x += ui.text(Type::small, {x, baseline}, theme.text_2, today) + 2 * space;
  if (other.empty()) return;
  for (const float part : {0.f, 0.4f, 0.8f}) {
    ui.line({x + sample * part, mid}, {x + sample * (part + 0.2f), mid}, theme.text_2, ui.px(1));
  }
  ui.text(Type::small, {x + sample + space, baseline}, theme.text_3, other);
}

constexpr float kHourLine = 20;  ///< height of the hours under the chart
constexpr float kKeyLine = 20;   ///< and of the key under these, where there is room for it
constexpr float kLeastDay = 68;  ///< chart and hours: lower than this a curve says nothing
constexpr float kKeyFrom = 100;

/// Machines at work through the day.
void draw_day(const UtilisationModel& m, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  constexpr std::size_t kTicks = 2;  // above zero: a small chart
  const double top = std::max(scale_top(m.today), scale_top(m.compare));
  const float left = r.x0 + value_axis_width(ui, top, kTicks);
  const bool keyed = r.height() >= ui.px(kKeyFrom);
  const float bottom = std::round(r.y1 - ui.px(kHourLine + (keyed ? kKeyLine : 0)));
  const Plot plot{{left, r.y0 + ui.px(6), r.x1, bottom}, 0, 24, 0, top};
  const double step = 24 / m.samples_per_day;
  draw_value_axis(ui, plot, kTicks);
  draw_line(ui, plot, {m.compare, 0, step}, {theme.text_2, ui.px(1.2f), true});
  draw_area(ui, plot, {m.today, 0, step}, {0, 24}, faded(theme.working, 0.10));
  draw_line(ui, plot, {m.today, 0, step}, {theme.working, ui.px(2)});
  draw_hour_axis(ui, plot, bottom + ui.px(19), false);
  if (keyed) draw_chart_key(m, ui, plot.rect, r.y1 - ui.px(3));
}

}  // namespace

void draw_totals(const TotalsModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.totals;
  if (r.empty()) return;
  const Theme& theme = ui.theme();
  std::string remark = filled(ui.tr(Text::connected_machines), "n", grouped(m.connected));
  remark = filled(remark, "d", grouped(m.connected_days));
  if (const auto n = count_of(m, Status::unknown); n > 0) {
    remark.append(" · ").append(ui.tr(Text::unknown)).append(" ").append(grouped(n));
  }
  const float head = panel_head(ui, r, ui.tr(Text::fleet_totals), remark);
  const float pad = ui.px(kPad);
  // Beside a taller panel what there is to say spreads over the height.
  const float spare = std::max(0.f, r.height() - ui.px(kTotalsHeight)) / 3;
  const float baseline = head + ui.px(46) + spare;
  float y = head + 2 * spare;
  const float hero = ui.text(Type::hero, {r.x0 + pad - ui.px(2), baseline}, theme.text,
                             grouped(count_of(m, Status::working)));
  ui.text_fit(Type::body, {r.x0 + pad + hero + ui.px(10), baseline},
              r.width() - 2 * pad - hero - ui.px(10), theme.text_2,
              ui.tr(m.moving ? Text::machines_moving : Text::machines_working));
  draw_status_bar(m, ui, {r.x0 + pad, y + ui.px(68), r.x1 - pad, y + ui.px(78)});
  y += spare / 2;
  const float half = (r.width() - 2 * pad - ui.px(28)) / 2;
  for (std::size_t i = 0; i < kShown.size(); ++i) {
    const float x = r.x0 + pad + static_cast<float>(i % 2) * (half + ui.px(28));
    const float mid = y + ui.px(104) + static_cast<float>(i / 2) * ui.px(30);
    status_mark(ui, {x + ui.px(6), mid}, ui.px(5), kShown[i]);
    const float line = ui.baseline_centred(Type::body, mid);
    ui.text(Type::body, {x + ui.px(20), line}, theme.text_2, ui.tr(text_key(kShown[i], m.moving)));
    ui.text(Type::strong, {x + half, line}, theme.text, grouped(count_of(m, kShown[i])),
            Align::right);
  }
}

void draw_utilisation(const UtilisationModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.utilisation;
  if (r.empty()) return;
  std::string remark;
  if (known(m.reported_share)) {
    remark = percent(m.reported_share, 1).append("% ").append(ui.tr(Text::reported));
  }
  std::string title(ui.tr(m.then ? Text::utilisation_then : Text::utilisation_today));
  if (!m.since.empty()) title += " · " + filled(ui.tr(Text::known_since), "t", m.since);
  const float y = panel_head(ui, r, title, remark);
  const std::array<Column, 3> columns{
      Column{ui.tr(Text::operating_rate), percent(m.operating_rate, 1), "%", m.change[0],
             decimal(std::abs(m.change[0]), 1)},
      Column{ui.tr(Text::average_hours), decimal(m.average_h, 1), "h", m.change[1],
             decimal(std::abs(m.change[1]), 1)},
      Column{ui.tr(Text::idle_share), percent(m.idle_share, 0), "%", m.change[2],
             decimal(std::abs(m.change[2]), 1)}};
  draw_columns(m, ui, r, y, columns);
  const bool changes = std::any_of(m.change.begin(), m.change.end(), known);
  const float content = y + ui.px(changes ? 84 : 62);
  const float bottom = r.y1 - ui.px(12);
  const float chart = bottom - ui.px(kFormulaHeight) - content - ui.px(14);
  const bool charted = chart >= ui.px(kLeastDay) && m.today.size() >= 2;
  // The formula stays before the chart does: a rate without its thresholds says little.
  draw_formula(m, ui, r, charted ? bottom - ui.px(kFormulaHeight) : content + ui.px(2));
  if (!charted) return;
  draw_day(
      m, ui,
      {r.x0 + ui.px(kPad), content + ui.px(6), r.x1 - ui.px(kPad), content + ui.px(6) + chart});
}

void draw_ranking(const RankingModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.ranking;
  if (r.empty()) return;
  const Theme& theme = ui.theme();
  const float y = panel_head(ui, r, ui.tr(Text::region_ranking), ui.tr(Text::rate_and_hours));
  const float pad = ui.px(kPad);
  const float row = ui.px(31);
  const float name_width = ui.px(ui.lang() == Lang::zh ? 64 : 116);
  const float hours_x = r.x1 - pad;
  const float rate_x = hours_x - ui.px(62);
  const Rect bar{r.x0 + pad + name_width + ui.px(8), 0, rate_x - ui.px(62), 0};
  const auto room = static_cast<std::size_t>(std::max(0.f, (r.y1 - ui.px(10) - y) / row));
  if (m.rows.empty()) {
    ui.text(Type::body, {r.x0 + pad, y + ui.px(28)}, theme.text_3, ui.tr(Text::no_regions));
  }
  for (std::size_t i = 0; i < std::min(room, m.rows.size()); ++i) {
    const RankingRow& entry = m.rows[i];
    const Rect line{r.x0 + ui.px(6), y + row * static_cast<float>(i), r.x1 - ui.px(6),
                    y + row * static_cast<float>(i + 1)};
    if (entry.selected || ui.hovered(line)) {
      ui.fill(line, faded(theme.accent, entry.selected ? 0.16 : 0.08), ui.px(4));
    }
    const float mid = (line.y0 + line.y1) / 2;
    const float baseline = ui.baseline_centred(Type::body, mid);
    ui.text_fit(Type::body, {r.x0 + pad, baseline}, name_width,
                entry.selected ? theme.accent : theme.text, entry.name);
    draw_bar(ui, {bar.x0, mid - ui.px(2.5f), bar.x1, mid + ui.px(2.5f)}, entry.operating_rate,
             theme.bar);
    const std::string rate = percent(entry.operating_rate, 1);
    ui.text(Type::strong, {rate_x, baseline}, theme.text,
            known(entry.operating_rate) ? rate + "%" : rate, Align::right);
    const std::string hours = decimal(entry.average_h, 1);
    ui.text(Type::body, {hours_x, baseline}, theme.text_2,
            known(entry.average_h) ? hours + " h" : hours, Align::right);
    ui.zone(line, {Action::Kind::select_region, i});
  }
}

}  // namespace viewer
