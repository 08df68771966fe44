// FaultLists: which lists of faults reports brought, out of stored ticks.
//
// Frames hold what became of a list that changed an alarm, not the list: it is what was open of its
// machine afterwards. Of lists that changed nothing they say so, and tell those that came late
// (fleet::FaultNote; not in ticks from before protocol 1.4). One thread.
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
    std::vector<fleet::Fault> faults;  ///< may be empty: all is over
  };

  /// Goes on from a state in which these alarms are open.
  void restore(const fleet::AlarmTable& open);
  /// Takes the next tick. Ticks come in order.
  void take(const fleet::TickBatch& tick);
  /// Lists that reports of the tick taken last brought: machines ascending. Valid until the next
  /// call of `take`.
  std::span<const List> lists() const { return lists_; }
  /// The list that the report of a machine and device time brought, or null. Of two of one time the
  /// one that counts (see fleet::fault_list_hash).
  const std::vector<fleet::Fault>* of(fleet::Slot machine, fleet::Time at) const;

 private:
  struct Open {
    fleet::AlarmId id = 0;
    fleet::Fault fault;
  };
  void apply(const fleet::AlarmEvent& event);
  void add(fleet::Slot machine, fleet::Time at, std::vector<fleet::Fault> faults);
  void add_open(fleet::Slot machine, fleet::Time at);

  std::unordered_map<fleet::Slot, std::vector<Open>> open_;
  std::vector<List> lists_;
};

}  // namespace net
