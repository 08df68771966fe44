// The moving fleet: every machine reports every second, for benchmarks of what follows.
//
// Headings and speeds are smooth random walks; a machine that strays turns back to its home.
#pragma once

#include <cstdint>
#include <vector>

#include "fleet/report.hpp"
#include "fleet/sim/life.hpp"

namespace fleet::sim {

class MovingFleet {
 public:
  MovingFleet(const std::vector<Life>& lives, const SiteMap& sites);
  /// Moves every machine on by one second and appends its report, in slot order.
  void step(Time receive_time, ReportBatch& out);

 private:
  struct Mover {
    double lon_micro, lat_micro;   ///< place, millionths of a degree
    double metres_to_lon;          ///< microdegrees of longitude a metre
    std::int16_t heading_decideg;  ///< 0..3599
    std::int16_t speed_deci;       ///< 0.1 km/h
    std::uint16_t fuel_permille;
    std::uint8_t status;  ///< 0 stopped, 1 idling, 2 working, 3 working and driving
    std::uint64_t key;
    MicroPoint home;
  };
  void move(Mover& m);
  void write(const Mover& m, Slot slot, Time receive_time, ReportBatch& out) const;

  std::vector<Mover> movers_;
  std::vector<double> east_, north_;  // of a heading, by tenths of a degree
  std::uint64_t second_ = 0;
};

}  // namespace fleet::sim
