#include "tests/support/viewer/fake_past.hpp"

#include <cmath>

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

}  // namespace testing_support
