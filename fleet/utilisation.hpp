// Group figures: sums over machines of what FleetState holds, the same code for wall, report,
// tests.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "fleet/regions.hpp"
#include "fleet/status.hpp"

namespace fleet {

struct UtilisationRules {
  double operating_min_engine_h = 0.5;     ///< counts as operating that day from here on
  std::chrono::days connected_within{30};  ///< counts as connected if its newest device time is
                                           ///< at most this long ago
};

/// Figures of a group of machines for one local day, with numerators and denominators to explain
/// them.
struct Utilisation {
  std::array<std::uint32_t, kStatusCount> by_status{};
  std::uint32_t machines = 0;
  std::uint32_t connected = 0;  ///< reported within the rule's time
  std::uint32_t operating = 0;  ///< at least operating_min_engine_h engine hours today
  std::uint32_t worked = 0;     ///< any engine time today
  std::uint32_t reported_today = 0;
  double engine_h = 0, idle_h = 0, fuel_l = 0;
  double working_h = 0;  ///< sum of each machine's engine hours beyond its idle hours

  double operating_rate() const {
    return connected ? static_cast<double>(operating) / connected : 0;
  }
  double average_h() const { return worked ? engine_h / worked : 0; }
  double idle_share() const { return engine_h > 0 ? idle_h / engine_h : 0; }
};

/// statuses: one per slot (see status_of), as of `now`. members: slots of the group.
Utilisation summarise(const FleetState& state, std::span<const Status> statuses,
                      std::span<const Slot> members, LocalDay today, Time now,
                      const UtilisationRules& rules = {});

/// Figures of the whole fleet and of every region in one pass.
/// region_of: one per slot; result.by_region[i] belongs to region i.
struct FleetUtilisation {
  Utilisation all;
  std::vector<Utilisation> by_region;
};
FleetUtilisation summarise_by_region(const FleetState& state, std::span<const Status> statuses,
                                     std::span<const RegionIndex> region_of,
                                     std::size_t region_count, LocalDay today, Time now,
                                     const UtilisationRules& rules = {});

}  // namespace fleet
