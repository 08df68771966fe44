#include "fleet/activity.hpp"

#include <algorithm>

#include "fleet/fleet_state.hpp"
#include "fleet/status.hpp"

namespace fleet {

void DayActivity::add(const ActivitySample& sample) {
  if (sample.day != day) *this = {};
  day = sample.day;
  working[static_cast<std::size_t>(sample.step)] = sample.working;
}

void DayActivity::add(const DayActivity& part) {
  if (part.day == 0) return;
  if (part.day != day) *this = {};
  day = part.day;
  for (std::size_t step = 0; step < working.size(); ++step) {
    if (part.working[step] == kNotKnown) continue;
    working[step] = std::max(working[step], 0) + part.working[step];
  }
}

std::optional<ActivitySample> ActivitySampler::sample(const FleetState& state, Time now,
                                                      const TimeZone& zone) {
  ActivitySample sample;
  sample.day = static_cast<std::int32_t>(zone.day_of(now).time_since_epoch().count());
  sample.step = static_cast<std::int32_t>(zone.time_of_day(now) / kActivityStep);
  if (sample.day == day_ && sample.step == step_) return {};
  day_ = sample.day;
  step_ = sample.step;
  for (Slot machine = 0; machine < state.machine_count(); ++machine) {
    sample.working += status_of(state, machine, now) == Status::working;
  }
  return sample;
}

}  // namespace fleet
