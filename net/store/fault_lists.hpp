// FaultLists: which list of faults a report brought, out of the alarm events of stored ticks.
//
// Frames hold what became of lists, not the lists: of each report that changed what is open of its
// machine, the list is what was open after it. One thread.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "fleet/update.hpp"

namespace net {

class FaultLists {
 public:
  struct List {
    fleet::Slot machine = 0;
    fleet::Time at = fleet::kNever;    ///< device time of the report
    std::vector<fleet::Fault> faults;  ///< by (spn, fmi, source); may be empty: all is over
  };

  /// Goes on from a state in which these alarms are open.
  void restore(const fleet::AlarmTable& open);
  /// Lists that reports of this tick brought: machines ascending, each machine's in order. Valid
  /// until the next call. Ticks come in order.
  std::span<const List> take(const fleet::TickBatch& tick);

 private:
  struct Open {
    fleet::AlarmId id = 0;
    fleet::Fault fault;
  };
  void apply(const fleet::AlarmEvent& event);

  std::unordered_map<fleet::Slot, std::vector<Open>> open_;
  std::vector<List> lists_;
};

}  // namespace net
