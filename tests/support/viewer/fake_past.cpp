#include "tests/support/viewer/fake_past.hpp"

#include <cmath>

#include "viewer/panels/panels.hpp"

namespace testing_support {

using viewer::BandSpan;
using viewer::LocalClock;

namespace {

constexpr double kTwoPi = 6.283185307;

/// Machines at work at an hour of a day: two humps, less on Sundays.
float working(double hour, bool sunday) {
  const double morning = std::exp(-std::pow((hour - 9.5) / 2.2, 2));
  const double afternoon = std::exp(-std::pow((hour - 15.5) / 2.6, 2));
  return static_cast<float>((sunday ? 4'000 : 11'000) * (morning + 0.9 * afternoon) + 300);
}

}  // namespace

namespace {

/// What a machine does at an hour of its day: 0 stopped, 1 idling, 2 working.
int busy_at(double hour) {
  const bool shift = (hour > 6.9 && hour < 11.6) || (hour > 13.2 && hour < 18.4);
  if (!shift) return 0;
  return std::fmod(hour * 1.7, 1.0) < 0.22 ? 1 : 2;
}

void add_chart(viewer::HistoryChart& chart, const char* field, const char* unit, double idle,
               double work) {
  chart.field = field;
  chart.unit = unit;
  std::uint32_t random = 77;
  for (double hour = 0; hour < 20.4; hour += 1.0 / 60) {
    random = random * 1'664'525 + 1'013'904'223;
    const double noise = static_cast<double>(random >> 20) / 4096 - 0.5;
    const int busy = busy_at(hour);
    chart.samples.push_back({hour, busy == 0 ? 0 : (busy == 1 ? idle : work) * (1 + noise * 0.2)});
  }
  chart.range = viewer::range_of(chart.samples, {0, 24});
  chart.read_out = chart.samples[872];
  chart.read_at = "14:32:00";
}

}  // namespace

void fill_history(viewer::WallModel& m, viewer::Lang lang) {
  viewer::HistoryModel& h = m.history;
  h.open = true;
  h.serial = m.card.serial;
  h.date = lang == viewer::Lang::zh ? "2026-10-16 周五" : "2026-10-16 Fri";
  h.span = 0;
  h.playhead_h = 14.535;
  for (const auto status : {fleet::Status::working, fleet::Status::idling, fleet::Status::stopped,
                            fleet::Status::silent})
    h.lanes.emplace_back().status = status;
  for (double hour = 0; hour < 20.4; hour += 0.05) {
    const int busy = busy_at(hour + 0.025);
    h.lanes[static_cast<std::size_t>(2 - busy)].spans.push_back({hour, hour + 0.05});
  }
  h.lanes[3].spans.push_back({20.4, 24});
  h.breaks.push_back({20.4, 24});
  h.lanes.push_back({{}, fleet::Severity::critical, 100, 1, {{14.1, 15.2}, {16, 16.05}}, {}});
  h.lanes.push_back({{}, fleet::Severity::medium, 110, 16, {{9.2, 10.4}}, {}});
  for (int hour = 0; hour <= 24; hour += 2)
    h.ticks.push_back({double(hour), (hour < 10 ? "0" : "") + std::to_string(hour) + ":00"});
  add_chart(h.charts[0], "oil_pressure_kpa", "kPa", 220, 430);
  add_chart(h.charts[1], "rpm", "rpm", 850, 1'800);
  h.listed = {"heading_deg",  "speed_kmh",     "rpm",     "load_pct",         "fuel_level_pct",
              "coolant_c",    "hydraulic_c",   "gear",    "oil_pressure_kpa", "battery_v",
              "engine_hours", "def_level_pct", "working", "engine_on",        "fuel_used_l"};
}

void fill_other_day(viewer::WallModel& m, viewer::Lang lang) {
  viewer::HistoryModel& h = m.history;
  h.other.state = viewer::DayBeside::State::ready;
  h.other.date = lang == viewer::Lang::zh ? "2026-10-15 周四" : "2026-10-15 Thu";
  for (std::size_t i = 0; i < 3; ++i) {
    for (const viewer::Span& span : h.lanes[i].spans)
      h.lanes[i].other.push_back({span.from * 0.92 + 1.1, span.to * 0.92 + 1.1});
  }
  h.lanes[5].other.push_back({15, 16.5});
  for (viewer::HistoryChart& chart : h.charts) {
    for (const viewer::ChartSample& s : chart.samples)
      chart.other.push_back({s.x * 0.92 + 1.1, s.y * 0.85});
    chart.other_range = viewer::range_of(chart.other, {0, 24});
    chart.other_read_out = chart.other[875];
    chart.other_read_at = "14:31:20";
  }
}

void fill_difference(viewer::WallModel& m, viewer::Lang lang) {
  const bool zh = lang == viewer::Lang::zh;
  viewer::DifferenceModel& d = m.heat.difference;
  d.state = viewer::DifferenceModel::State::ready;
  d.shown = zh ? "10-16 周五" : "10-16 Fri";
  d.other = zh ? "10-15 周四" : "10-15 Thu";
  d.until = "14:32";
  d.shown_h = 59'112.8;
  d.other_h = 61'308.1;
  m.heat.in_view = 873.4;
  m.heat.total = d.shown_h - d.other_h;
  m.heat.unplaced = -3.2;
  m.legend.heat_difference = true;
  m.legend.heat_full = 60;
  m.legend.heat_days = d.shown + " − " + d.other + " " + until_text(d, lang);
  m.legend.heat_days_short = "10-16 − 10-15";
}

void fill_long_band(viewer::WallModel& m, BandSpan span) {
  viewer::TimeBandModel& band = m.band;
  const bool week = span == BandSpan::week;
  const int days = week ? 7 : 31;
  const int first = week ? 12 : 1;  // 12 October 2026 is a Monday
  band.span = span;
  band.samples_per_day = week ? 96 : 24;
  band.days.clear();
  band.activity.clear();
  band.alarms.clear();
  std::uint32_t random = 4321;
  for (int d = 0; d < days; ++d) {
    const int weekday = (first + d + 3) % 7;
    band.days.push_back(LocalClock{2026, 10, first + d, 0, 0, 0, weekday});
    for (int i = 0; i < static_cast<int>(band.samples_per_day); ++i) {
      band.activity.push_back(working(24.0 * i / band.samples_per_day, weekday == 0));
    }
    for (int i = 0; i < 8; ++i) {
      random = random * 1664525u + 1013904223u;
      const double hour = 24.0 * d + 24.0 * static_cast<double>(random >> 8) / (1 << 24);
      band.alarms.push_back({hour, i == 0  ? fleet::Severity::critical
                                   : i < 3 ? fleet::Severity::high
                                           : fleet::Severity::medium});
    }
  }
  band.end_h = band.hours();
  band.now_h = viewer::kNone;
  band.playhead_h = 24.0 * (16 - first) + 14.535;
  band.gaps = {{24.0 * (13 - first) + 18, 24.0 * (14 - first) + 6, viewer::GapWhy::off},
               {24.0 * (17 - first) + 2, 24.0 * (17 - first) + 5, viewer::GapWhy::no_reports}};
}

viewer::BandTip busy_tip() {
  viewer::BandTip tip;
  tip.hour = 14.53;
  tip.from = {2026, 10, 16, 14, 30, 0, 5};
  tip.until = {2026, 10, 16, 14, 35, 0, 5};
  tip.working = 11'128;
  tip.reports = 1'284'512;
  tip.raised = {12, 104, 1'031, 10'118};
  tip.counted = tip.damaged = true;
  return tip;
}

viewer::BandTip gap_tip() {
  viewer::BandTip tip;
  tip.hour = 23.9;
  tip.from = {2026, 10, 16, 20, 30, 0, 5};
  tip.until = {2026, 10, 17, 14, 35, 0, 6};
  tip.gap = viewer::GapWhy::off;
  return tip;
}

viewer::CalendarModel busy_calendar() {
  viewer::CalendarModel m;
  m.open = true;
  m.earlier = true;
  m.most_worked_h = 168'204;
  constexpr int kDays[] = {31, 30, 31}, kFirst[] = {5, 1, 3};
  for (int i = 0; i < 3; ++i) {
    viewer::CalendarMonth& month = m.months.emplace_back();
    month.year = 2026;
    month.month = 8 + i;
    month.first_weekday = kFirst[i];
    for (int d = 1; d <= kDays[i]; ++d) {
      viewer::CalendarDay day;
      day.day = d;
      day.number = 20'000 + d;
      day.data = !(i == 0 && d < 12) && !(i == 2 && (d == 4 || d > 24));
      const int weekday = (kFirst[i] + d - 1) % 7;
      day.worked_h =
          day.data ? m.most_worked_h * (weekday == 6 ? 0.2 : 0.7 + 0.3 * std::sin(d * kTwoPi / 9))
                   : viewer::kNone;
      day.gaps = day.data && (d == 13 || d == 17);
      day.playhead = i == 2 && d == 16;
      month.days.push_back(day);
    }
  }
  return m;
}

viewer::JumpModel written_jump(viewer::JumpModel::State state) {
  viewer::JumpModel m;
  m.open = true;
  m.state = state;
  m.text = state == viewer::JumpModel::State::empty ? "" : "10-18 14:32";
  m.said = {2026, 10, 18, 14, 32, 0, 0};
  m.to = state == viewer::JumpModel::State::other_day ? LocalClock{2026, 10, 19, 14, 32, 0, 1}
                                                      : m.said;
  m.skipped = state == viewer::JumpModel::State::understood;
  return m;
}

void fill_live_alarms(viewer::WallModel& model, viewer::Lang lang) {
  const bool zh = lang == viewer::Lang::zh;
  model.top.live_alarms = 3;
  model.top.live_worst = fleet::Severity::critical;
  model.band.live_behind = true;
  model.notice = {viewer::Notice::live_alarm, zh ? "严重 · SY0121" : "Critical · SY0121", "",
                  viewer::kNone};
  model.notice.severity = fleet::Severity::critical;
  model.notice.fact = zh ? "机油压力过低 · SPN 100 FMI 1 · 14:32:10"
                         : "Engine oil pressure low · SPN 100 FMI 1 · 14:32:10";
}

}  // namespace testing_support
