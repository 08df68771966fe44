// How many machines were at work through one local day: one sample every five minutes.
//
// The gateway samples as time passes (ActivitySampler); the samples travel in tick frames and the
// day so far in keyframes, so that every wall shows the same curve, whenever it connected. What was
// known then: a report that comes late does not change it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "fleet/time.hpp"

namespace fleet {

class FleetState;

/// Length of a step, and steps of a day. A 25-hour day has an hour that is sampled twice; the later
/// one stays.
inline constexpr Millis kActivityStep = std::chrono::minutes{5};
inline constexpr int kActivitySteps = static_cast<int>(std::chrono::hours{24} / kActivityStep);

/// Years -30,000 to 33,000: no local day that a frame's times can reach lies outside.
inline constexpr std::int64_t kMaxActivityDay = 12'000'000;

struct ActivitySample {
  std::int32_t day = 0;      ///< local day, days since 1970-01-01
  std::int32_t step = 0;     ///< 0 .. kActivitySteps - 1, by the local time of day
  std::int32_t working = 0;  ///< machines working then, 0 or more
  bool operator==(const ActivitySample&) const = default;
};

struct DayActivity {
  static constexpr std::int32_t kNotKnown = -1;

  std::int32_t day = 0;  ///< 0 = nothing yet
  std::array<std::int32_t, kActivitySteps> working = all_unknown();

  /// Takes a sample in; one of another day starts that day.
  void add(const ActivitySample& sample);
  /// Adds the machines of another part of the fleet, sampled at the same instants.
  void add(const DayActivity& part);
  bool operator==(const DayActivity&) const = default;

 private:
  static constexpr std::array<std::int32_t, kActivitySteps> all_unknown() {
    std::array<std::int32_t, kActivitySteps> all{};
    all.fill(kNotKnown);
    return all;
  }
};

/// Takes the samples: the first time it is asked within a step.
class ActivitySampler {
 public:
  /// Machines of `state` that are working at `now`, or nothing when `now` lies in the step of the
  /// last sample. Costs one look at every machine when a sample is due.
  std::optional<ActivitySample> sample(const FleetState& state, Time now, const TimeZone& zone);

 private:
  std::int32_t day_ = 0, step_ = -1;
};

}  // namespace fleet
