// Plans one day of one machine: when its engine runs, where it stands, what befalls it.
#pragma once

#include <cstdint>

#include "fleet/sim/life.hpp"

namespace fleet::sim {

class Planner {
 public:
  /// sites must outlive the planner.
  Planner(std::uint64_t seed, const SiteMap& sites);

  /// day: local day since 1970-01-01. Pure: the same machine and day give the same plan.
  DayPlan plan(const Life& life, std::int64_t day);

 private:
  double work_factor_of(int province, std::int64_t day);
  MicroPoint spot(const Life& life, std::int64_t stay) const;
  void plan_work(const Life& life, std::int64_t day, DayPlan& plan);
  void plan_place(const Life& life, std::int64_t day, DayPlan& plan) const;
  void plan_troubles(const Life& life, std::int64_t day, DayPlan& plan) const;

  std::uint64_t seed_;
  const SiteMap& sites_;
  // Work factors of all provinces on the day asked for last: the same for every machine there.
  std::int64_t factors_day_ = INT64_MIN;
  double factors_[64] = {};
};

/// East-west metres shrink with latitude: cosine of a latitude in degrees, |lat| <= 60, +-1e-4.
double cos_deg(double lat_deg);
/// Metres between two points some tens of kilometres apart; flat earth, good to 1 %.
double flat_distance_m(MicroPoint a, MicroPoint b);
/// The point `east_m`, `north_m` from `p`.
MicroPoint moved(MicroPoint p, double east_m, double north_m);

}  // namespace fleet::sim
