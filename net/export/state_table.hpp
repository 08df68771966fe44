// StateTable: what was last known of every machine, as the cells of a table (RowWriter).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "net/export/row_writer.hpp"

namespace net {

class StateTable {
 public:
  /// state: outlives the table and does not change meanwhile. at: for the status.
  StateTable(const fleet::FleetState& state, fleet::Time at);

  /// machine, time and receive_time (of its newest position), lon, lat, status, every field, faults
  /// (those open).
  const std::vector<RowWriter::Column>& columns() const { return columns_; }
  /// Anything but its id is known.
  bool known(fleet::Slot machine) const;
  /// One a column; empty where nothing is known.
  std::vector<std::string> cells(fleet::Slot machine) const;

 private:
  const fleet::FleetState& state_;
  const fleet::Time at_;
  std::vector<RowWriter::Column> columns_;
  std::map<fleet::Slot, std::vector<fleet::Fault>> faults_;
};

}  // namespace net
