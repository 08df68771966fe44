// How old a tick is when its picture appears, without trusting that two clocks agree.
//
// The gateway's clock is estimated from its heartbeats: the one that travelled fastest sets the
// offset. What is left out is the fastest heartbeat's own way (below a millisecond on one machine).
#pragma once

#include <chrono>
#include <optional>

#include "fleet/time.hpp"

namespace viewer {

class LatencyClock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  void heartbeat(fleet::Time gateway_time, Steady arrived, double speed);
  /// Real milliseconds from feed instant `sent` to `shown`; nothing before the first heartbeat.
  std::optional<double> age_ms(fleet::Time sent, Steady shown) const;

 private:
  fleet::Time base_ = fleet::kNever;  ///< feed time at base_steady_
  Steady base_steady_{};
  double speed_ = 1;
};

}  // namespace viewer
