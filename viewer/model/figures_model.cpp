#include <algorithm>

#include "viewer/model/fill.hpp"

namespace viewer {

LocalClock local_clock(const fleet::TimeZone& zone, fleet::Time t) {
  LocalClock clock;
  if (t == fleet::kNever) return clock;
  const fleet::LocalDay day = zone.day_of(t);
  const std::chrono::year_month_day date{day};
  clock.year = static_cast<int>(date.year());
  clock.month = static_cast<int>(static_cast<unsigned>(date.month()));
  clock.day = static_cast<int>(static_cast<unsigned>(date.day()));
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(zone.time_of_day(t))};
  clock.hour = static_cast<int>(time.hours().count());
  clock.minute = static_cast<int>(time.minutes().count());
  clock.second = static_cast<int>(time.seconds().count());
  clock.weekday = static_cast<int>(std::chrono::weekday{day}.c_encoding());
  return clock;
}

std::string clock_text(const fleet::TimeZone& zone, fleet::Time t) {
  if (t == fleet::kNever) return {};
  const LocalClock c = local_clock(zone, t);
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", c.hour, c.minute, c.second);
  return text;
}

std::string instant_text(const fleet::TimeZone& zone, fleet::Time t) {
  if (t == fleet::kNever) return {};
  const LocalClock c = local_clock(zone, t);
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d ", c.year, c.month, c.day);
  return text + clock_text(zone, t);
}

std::string known_since(const FleetView& view) {
  const auto activity = view.activity();
  const auto is_known = [](float working) { return working >= 0; };
  const auto first = std::find_if(activity.begin(), activity.end(), is_known);
  // The step under way is always known: alone it says nothing. Nor do the day's first minutes.
  const auto steps = std::count_if(activity.begin(), activity.end(), is_known);
  constexpr std::ptrdiff_t kFirstSteps = 2;
  if (steps < 2 || first - activity.begin() < kFirstSteps) return {};
  const auto minutes = (first - activity.begin()) * 24 * 60 / std::ssize(activity);
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60),
                static_cast<int>(minutes % 60));
  return text;
}

double age_s(fleet::Time then, fleet::Time now) {
  if (then == fleet::kNever || now == fleet::kNever) return kNone;
  return std::max(0.0, std::chrono::duration<double>(now - then).count());
}

namespace {

/// The day's activity for a chart, or nothing while less than this is known: two points are no day.
constexpr std::ptrdiff_t kLeastActivity = 6;

std::vector<float> chart_of(std::span<const float> activity) {
  const auto known_count =
      std::count_if(activity.begin(), activity.end(), [](float v) { return v >= 0; });
  if (known_count < kLeastActivity) return {};
  std::vector<float> values(activity.begin(), activity.end());
  for (float& v : values) v = v < 0 ? static_cast<float>(kNone) : v;
  return values;
}

}  // namespace

TotalsModel totals_model(const FleetView& view) {
  const fleet::Utilisation& all = view.figures().all;
  TotalsModel model;
  model.by_status = all.by_status;
  model.machines = all.machines;
  model.connected = all.connected;
  model.connected_days = static_cast<int>(fleet::UtilisationRules().connected_within.count());
  model.moving = !view.has_engine_data();
  return model;
}

UtilisationModel utilisation_model(const FleetView& view) {
  const fleet::Utilisation& all = view.figures().all;
  const fleet::UtilisationRules rules;
  UtilisationModel model;
  model.operating = all.operating;
  model.connected = all.connected;
  model.min_engine_h = rules.operating_min_engine_h;
  model.connected_days = static_cast<int>(rules.connected_within.count());
  model.since = known_since(view);
  if (all.connected > 0 && view.has_work_data()) {
    model.operating_rate = all.operating_rate();
    model.reported_share = static_cast<double>(all.reported_today) / all.connected;
  }
  if (all.worked > 0) {
    model.average_h = all.average_h();
    model.idle_share = all.idle_share();
  }
  const auto activity = view.activity();
  model.samples_per_day = static_cast<double>(activity.size());
  model.today = chart_of(activity);
  return model;
}

RankingModel ranking_model(const FleetView& view, bool english) {
  RankingModel model;
  const auto regions = view.regions().regions();
  const auto& figures = view.figures().by_region;
  for (std::size_t i = 0; i < figures.size() && i < regions.size(); ++i) {
    const fleet::Utilisation& group = figures[i];
    if (group.connected < kRankingMinimum) continue;
    RankingRow row;
    row.name = english ? regions[i].names.en : regions[i].names.zh;
    if (view.has_work_data()) row.operating_rate = group.operating_rate();
    row.average_h = group.worked > 0 ? group.average_h() : kNone;
    row.machines = group.connected;
    model.rows.push_back(std::move(row));
  }
  std::sort(model.rows.begin(), model.rows.end(), [](const RankingRow& a, const RankingRow& b) {
    return std::tie(b.operating_rate, b.machines, a.name) <
           std::tie(a.operating_rate, a.machines, b.name);
  });
  return model;
}

}  // namespace viewer
