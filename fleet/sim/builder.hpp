// Makes the fleet: who owns which machine, of which model, at which worksite.
#pragma once

#include <cstdint>
#include <vector>

#include "fleet/roster.hpp"
#include "fleet/sim/life.hpp"

namespace fleet::sim {

struct BuiltFleet {
  std::vector<Machine> records;  ///< slot order; serials SY0001, SY0002, ...
  std::vector<Life> lives;       ///< same order
  SiteMap sites;
};

/// day: local day of the start; ages, counters and delivery dates are told back from it.
BuiltFleet build_fleet(std::uint32_t machines, std::uint64_t seed, std::int64_t day);

}  // namespace fleet::sim
