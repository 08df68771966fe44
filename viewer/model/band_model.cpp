#include "viewer/model/band_model.hpp"

#include <algorithm>
#include <cmath>

#include "viewer/clock/clock_desk.hpp"
#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

using std::chrono::days;

/// Steps of the overview that are shown as one: 5 minutes, a quarter of an hour, an hour.
int steps_together(BandSpan span) {
  return span == BandSpan::day ? 1 : span == BandSpan::week ? 3 : 12;
}

GapWhy why_of(net::DayGap::Why why) {
  return why == net::DayGap::Why::off ? GapWhy::off : GapWhy::no_reports;
}

/// The fleet's own curve of the playhead's day, which a day not looked at shows.
class DayCurve {
 public:
  DayCurve(const FleetView& view, fleet::LocalDay today, const net::RecordedDays& recorded)
      : view_(view), today_(today), recorded_(recorded) {}

  /// Machines at work in a step; kNone: not known.
  double at(fleet::LocalDay day, int step) const {
    const net::RecordedDay* known = recorded_.find(day);
    const auto i = static_cast<std::size_t>(step);
    if (known != nullptr && known->read) {
      return known->overview.working[i] < 0 ? kNone : known->overview.working[i];
    }
    const auto activity = view_.activity();
    if (day != today_ || i >= activity.size() || activity[i] < 0) return kNone;
    return static_cast<double>(activity[i]);
  }

 private:
  const FleetView& view_;
  fleet::LocalDay today_;
  const net::RecordedDays& recorded_;
};

std::vector<float> activity_of(const DayCurve& curve, BandDays shown, int together) {
  std::vector<float> values;
  for (int d = 0; d < shown.count; ++d) {
    for (int step = 0; step < fleet::kActivitySteps; step += together) {
      double sum = 0;
      int known_steps = 0;
      for (int i = step; i < step + together; ++i) {
        const double working = curve.at(shown.first + days{d}, i);
        if (!known(working)) continue;
        sum += working;
        ++known_steps;
      }
      values.push_back(static_cast<float>(known_steps > 0 ? sum / known_steps : kNone));
    }
  }
  return values;
}

void add_alarms(TimeBandModel& model, const FleetView& view, const net::RecordedDays& recorded,
                BandDays shown, fleet::LocalDay today) {
  const auto add = [&](fleet::Time at, fleet::Severity severity) {
    if (severity == fleet::Severity::low) return;
    model.alarms.push_back({hours_at_time(view.zone(), shown.first, at), severity});
  };
  for (int d = 0; d < shown.count; ++d) {
    const net::RecordedDay* day = recorded.find(shown.first + days{d});
    if (day == nullptr || !day->read) continue;
    for (const net::RaisedAlarm& alarm : day->raised) add(alarm.at, alarm.severity);
  }
  const net::RecordedDay* of_today = recorded.find(today);
  if (of_today != nullptr && of_today->read) return;
  for (const auto& [id, alarm] : view.state().alarms().open()) {
    if (view.zone().day_of(alarm.occurred) == today) add(alarm.occurred, alarm.severity);
  }
}

/// Of days that were looked at, and whole days without data between such that have it.
void add_gaps(TimeBandModel& model, const net::RecordedDays& recorded, const fleet::TimeZone& zone,
              BandDays shown) {
  const auto add = [&](fleet::Time from, fleet::Time to, GapWhy why) {
    const double from_h = std::max(hours_at_time(zone, shown.first, from), 0.0);
    const double to_h = std::min(hours_at_time(zone, shown.first, to), model.hours());
    if (to_h > from_h) model.gaps.push_back({from_h, to_h, why});
  };
  // The days shown and their neighbours, which say how long the gateway was gone.
  const auto& all = recorded.days;
  std::vector<net::RecordedDay const*> near;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const fleet::LocalDay before = i > 0 ? all[i - 1].overview.day : all[i].overview.day;
    const fleet::LocalDay after =
        i + 1 < all.size() ? all[i + 1].overview.day : all[i].overview.day;
    if (after >= shown.first && before < shown.first + days{shown.count}) near.push_back(&all[i]);
  }
  std::vector<net::DayOverview> edged;
  for (const net::RecordedDay* day : near) edged.push_back(day->overview);
  net::add_edge_gaps(edged, zone);
  for (std::size_t i = 0; i < edged.size(); ++i) {
    const net::DayOverview& day = edged[i];
    // Before all that is recorded nothing is missing.
    const bool first_of_all = near[i] == &all.front();
    for (const net::DayGap& gap : day.gaps) {
      const bool known_of = near[i]->read && !(first_of_all && gap.to <= day.begin);
      if (known_of) add(gap.from, gap.to, why_of(gap.why));
    }
    if (i + 1 == edged.size()) continue;
    const bool same_run =
        near[i]->read && near[i + 1]->read && edged[i + 1].first_epoch == day.last_epoch;
    add(zone.start_of(day.day + days{1}), zone.start_of(edged[i + 1].day),
        same_run ? GapWhy::no_reports : GapWhy::off);
  }
  std::ranges::sort(model.gaps, {}, &BandGap::from_h);
}

}  // namespace

BandDays band_days(BandSpan span, fleet::LocalDay of_playhead) {
  const std::chrono::weekday weekday{of_playhead};
  const std::chrono::year_month_day date{of_playhead};
  switch (span) {
    case BandSpan::week:
      return {of_playhead - (weekday - std::chrono::Monday), 7};
    case BandSpan::month: {
      const auto last =
          std::chrono::year_month_day_last{date.year(), std::chrono::month_day_last{date.month()}};
      return {fleet::LocalDay{date.year() / date.month() / 1},
              static_cast<int>(static_cast<unsigned>(last.day()))};
    }
    case BandSpan::day:
      break;
  }
  return {of_playhead, 1};
}

const BandGap* unknown_stretch(const TimeBandModel& band, bool damaged) {
  constexpr double kLeastHours = 1.0 / 60;
  const auto gap = std::ranges::find_if(band.gaps, [&](const BandGap& each) {
    return (each.why == GapWhy::off || damaged) && each.from_h < band.playhead_h &&
           band.playhead_h < each.to_h && each.to_h - each.from_h >= kLeastHours;
  });
  return gap == band.gaps.end() ? nullptr : &*gap;
}

TimeBandModel band_model(const FleetView& view, fleet::Time playhead, BandSpan span,
                         const net::RecordedDays& recorded) {
  TimeBandModel model;
  model.span = span;
  if (playhead == fleet::kNever) return model;
  const fleet::TimeZone& zone = view.zone();
  const fleet::LocalDay today = view.day_of(playhead);
  const BandDays shown = band_days(span, today);
  for (int d = 0; d < shown.count; ++d) {
    model.days.push_back(local_clock(zone, zone.start_of(shown.first + days{d})));
  }
  const int together = steps_together(span);
  model.samples_per_day = static_cast<double>(fleet::kActivitySteps) / together;
  model.activity = activity_of(DayCurve(view, today, recorded), shown, together);
  // Two points are no curve.
  constexpr std::ptrdiff_t kLeastActivity = 6;
  if (std::ranges::count_if(model.activity, [](float v) { return known(v); }) < kLeastActivity)
    model.activity.clear();
  add_alarms(model, view, recorded, shown, today);
  add_gaps(model, recorded, zone, shown);
  model.end_h = model.hours();
  model.playhead_h = hours_at_time(zone, shown.first, playhead);
  return model;
}

BandTip band_tip(const TimeBandModel& band, const net::RecordedDays& recorded,
                 const fleet::TimeZone& zone, BandDays shown, double hour) {
  BandTip tip;
  tip.hour = hour;
  const int together = steps_together(band.span);
  const double step_h = 24 / band.samples_per_day;
  const double from_h = std::min(std::floor(hour / step_h), band.hours() / step_h - 1) * step_h;
  const auto clock_at = [&](double h) {
    return local_clock(zone, time_at_hours(zone, shown.first, h));
  };
  tip.from = clock_at(from_h);
  tip.until = clock_at(from_h + step_h);
  const auto bucket = static_cast<std::size_t>(std::lround(from_h / step_h));
  if (bucket < band.activity.size()) tip.working = static_cast<double>(band.activity[bucket]);
  for (const BandGap& gap : band.gaps) {
    if (hour < gap.from_h || hour >= gap.to_h) continue;
    tip.gap = gap.why;
    tip.from = clock_at(gap.from_h);
    tip.until = clock_at(gap.to_h);
  }
  const int day = static_cast<int>(from_h / 24);
  const net::RecordedDay* of = recorded.find(shown.first + days{day});
  if (of == nullptr || !of->read) return tip;
  tip.counted = true;
  tip.damaged = of->overview.damaged;
  tip.reports = 0;
  const auto first =
      static_cast<std::size_t>(std::lround((from_h - 24 * day) * fleet::kActivitySteps / 24));
  for (std::size_t i = first; i < first + static_cast<std::size_t>(together); ++i) {
    tip.reports += of->overview.reports[i];
    for (std::size_t s = 0; s < tip.raised.size(); ++s) tip.raised[s] += of->overview.raised[i][s];
  }
  return tip;
}

}  // namespace viewer
