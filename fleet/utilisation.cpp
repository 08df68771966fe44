#include "fleet/utilisation.hpp"

namespace fleet {
namespace {

/// Sums as whole numbers, so that the order of machines does not matter to the last digit.
struct Sums {
  Utilisation counts;
  std::int64_t engine_s = 0, idle_s = 0, working_s = 0, fuel_dl = 0;

  void operator+=(const Sums& other) {
    const Utilisation& o = other.counts;
    for (std::size_t i = 0; i < kStatusCount; ++i) counts.by_status[i] += o.by_status[i];
    counts.machines += o.machines;
    counts.connected += o.connected;
    counts.operating += o.operating;
    counts.worked += o.worked;
    counts.reported_today += o.reported_today;
    engine_s += other.engine_s;
    idle_s += other.idle_s;
    working_s += other.working_s;
    fuel_dl += other.fuel_dl;
  }

  Utilisation result() const {
    Utilisation u = counts;
    u.engine_h = static_cast<double>(engine_s) / 3600;
    u.idle_h = static_cast<double>(idle_s) / 3600;
    u.working_h = static_cast<double>(working_s) / 3600;
    u.fuel_l = static_cast<double>(fuel_dl) / 10;
    return u;
  }
};

class Adder {
 public:
  Adder(const FleetState& state, std::span<const Status> statuses, LocalDay today, Time now,
        const UtilisationRules& rules)
      : state_(state),
        statuses_(statuses),
        today_(static_cast<std::int32_t>(today.time_since_epoch().count())),
        connected_since_(now - rules.connected_within),
        operating_s_(rules.operating_min_engine_h * 3600) {}

  void add(Slot machine, Sums& sums) const {
    Utilisation& u = sums.counts;
    ++u.machines;
    ++u.by_status[static_cast<std::size_t>(statuses_[machine])];
    const MachineHead& head = state_.head(machine);
    if (head.receive_time != kNever && head.device_time >= connected_since_) ++u.connected;
    const DayFigures& f = state_.figures(machine);
    if (f.day != today_) return;
    ++u.reported_today;
    if (f.engine_s > 0) ++u.worked;
    if (f.engine_s >= operating_s_) ++u.operating;
    sums.engine_s += f.engine_s;
    sums.idle_s += f.idle_s;
    sums.working_s += f.working_s();
    sums.fuel_dl += f.fuel_dl;
  }

 private:
  const FleetState& state_;
  std::span<const Status> statuses_;
  std::int32_t today_;
  Time connected_since_;
  double operating_s_;
};

}  // namespace

Utilisation summarise(const FleetState& state, std::span<const Status> statuses,
                      std::span<const Slot> members, LocalDay today, Time now,
                      const UtilisationRules& rules) {
  const Adder adder(state, statuses, today, now, rules);
  Sums sums;
  for (Slot machine : members) adder.add(machine, sums);
  return sums.result();
}

FleetUtilisation summarise_by_region(const FleetState& state, std::span<const Status> statuses,
                                     std::span<const RegionIndex> region_of,
                                     std::size_t region_count, LocalDay today, Time now,
                                     const UtilisationRules& rules) {
  const Adder adder(state, statuses, today, now, rules);
  std::vector<Sums> by_region(region_count + 1);  // the last: of no region
  for (Slot machine = 0; machine < state.machine_count(); ++machine) {
    const RegionIndex region = region_of[machine];
    adder.add(machine,
              by_region[region == kNoRegion ? region_count : static_cast<std::size_t>(region)]);
  }
  Sums all;
  for (const Sums& sums : by_region) all += sums;
  by_region.pop_back();
  FleetUtilisation result;
  result.all = all.result();
  result.by_region.reserve(region_count);
  for (const Sums& sums : by_region) result.by_region.push_back(sums.result());
  return result;
}

}  // namespace fleet
