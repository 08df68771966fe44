// FrameWalk: goes through frames of day files and shows every report in them with what it said.
//
// Keeps the state that the frames lead to, and nothing else, so that memory does not grow with the
// span. Behind damage it goes on at the next keyframe. One thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "net/store/day_store.hpp"
#include "net/store/fault_lists.hpp"

namespace net {

struct StoredRow {
  const fleet::AcceptedRow& row;
  const fleet::FleetState& state;           ///< whose roster and fields the row's numbers are of
  const std::vector<fleet::Fault>* faults;  ///< the complete list it brought, or null
};

class FrameWalk {
 public:
  /// Any may be null. What is shown is valid during the call.
  struct Sinks {
    std::function<void(const StoredRow&)> row{};
    std::function<void(const fleet::TickBatch&)> tick{};       ///< before its rows
    std::function<void(const fleet::StateBatch&)> keyframe{};  ///< applied to `state` already
    std::function<bool()> go_on{};  ///< asked after every frame; false ends the walk
  };
  explicit FrameWalk(Sinks sinks) : sinks_(std::move(sinks)) {}

  /// From the last keyframe at or before `from` (the first one, if there is none) to the last frame
  /// that ends at or before `until`. What could not be read is put into damages, a sentence each.
  void read(const std::filesystem::path& day_file, fleet::Time from, fleet::Time until,
            std::vector<std::string>& damages);
  /// One more frame, behind those read.
  fleet::Result<void> take(const fleet::TickBatch& tick);
  fleet::Result<void> take(const fleet::RosterBatch& roster);

  const fleet::FleetState& state() const { return state_; }
  /// Grows when slots may mean other machines than before.
  std::uint64_t rosters() const { return rosters_; }
  /// False: go_on ended it.
  bool going_on() const { return going_on_; }

 private:
  fleet::Result<void> take(const fleet::StateBatch& keyframe);
  static fleet::Result<void> take(const fleet::Heartbeat&) { return {}; }

  Sinks sinks_;
  fleet::FleetState state_;
  FaultLists fault_lists_;
  std::uint64_t rosters_ = 0;
  bool going_on_ = true;
};

}  // namespace net
