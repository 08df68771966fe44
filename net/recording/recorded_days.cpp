#include "net/recording/recorded_days.hpp"

#include <algorithm>

namespace net {
namespace {

bool counts(const RaisedAlarm& alarm) {
  return alarm.severity != fleet::Severity::low;
}

}  // namespace

const RecordedDay* RecordedDays::find(fleet::LocalDay day) const {
  const auto at =
      std::ranges::lower_bound(days, day, {}, [](const RecordedDay& d) { return d.overview.day; });
  return at != days.end() && at->overview.day == day ? &*at : nullptr;
}

const RecordedDay* RecordedDays::nearest(fleet::LocalDay day) const {
  const auto later =
      std::ranges::lower_bound(days, day, {}, [](const RecordedDay& d) { return d.overview.day; });
  if (days.empty()) return nullptr;
  if (later == days.begin()) return &*later;
  const auto earlier = std::prev(later);
  if (later == days.end()) return &*earlier;
  const bool is_earlier = day - earlier->overview.day <= later->overview.day - day;
  return is_earlier ? &*earlier : &*later;
}

std::optional<fleet::Time> RecordedDays::next_alarm(fleet::Time t) const {
  for (const RecordedDay& day : days) {
    if (day.overview.end <= t) continue;
    const auto after = std::ranges::upper_bound(day.raised, t, {}, &RaisedAlarm::at);
    const auto found = std::find_if(after, day.raised.end(), counts);
    if (found != day.raised.end()) return found->at;
  }
  return std::nullopt;
}

std::optional<fleet::Time> RecordedDays::previous_alarm(fleet::Time t) const {
  for (auto at = days.rbegin(); at != days.rend(); ++at) {
    const RecordedDay& day = *at;
    if (day.overview.begin >= t) continue;
    const auto end = std::ranges::lower_bound(day.raised, t, {}, &RaisedAlarm::at);
    const auto found = std::find_if(std::reverse_iterator(end), day.raised.rend(), counts);
    if (found != day.raised.rend()) return found->at;
  }
  return std::nullopt;
}

double RecordedDays::most_worked_h() const {
  double most = 0;
  for (const RecordedDay& day : days) {
    if (day.read) most = std::max(most, worked_h(day.overview));
  }
  return most;
}

double worked_h(const DayOverview& day) {
  double machines = 0;
  for (const std::int32_t working : day.working) machines += std::max(working, 0);
  return machines * std::chrono::duration<double, std::ratio<3600>>(fleet::kActivityStep).count();
}

}  // namespace net
