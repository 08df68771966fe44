// FiguresPublisher: day figures of machines, and where their hours were worked, until it is their
// turn to be sent.
//
// Figures change with nearly every report, but a machine's are published once in so many ticks. So
// there are two: the newest ones, which only this class knows, and the published ones, which lie in
// the FleetState. Whoever started from a keyframe therefore has exactly what those have who
// followed the ticks.
//
// A machine whose clock runs fast is in the next day before everybody else is. What it gains there
// is kept apart until the gateway's own day changes: else its first figures would begin the day's
// heat anew for the whole fleet, and its own hours of today would be gone. One thread.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fleet/heat_notes.hpp"
#include "fleet/rhythm.hpp"
#include "net/codec/bodies.hpp"

namespace net {

class FiguresPublisher {
 public:
  /// every_ticks: a machine's figures go out at most once in so many ticks, staggered by slot.
  /// max_tick_shares: of heat in one tick; what machines gain beyond counts where they stand.
  FiguresPublisher(const fleet::TimeZone& zone, int every_ticks,
                   std::size_t max_tick_shares = kMaxFrameShares);

  /// Called before `state.accept(row)`. tick: index of the tick under way.
  void observe(const fleet::FleetState& state, const fleet::AcceptedRow& row, std::int64_t tick);
  /// Publishes the figures of the machines whose turn came since the last tick that was ended, of
  /// all that changed if publish_all was called: into the state, and appended to the tick.
  void publish(fleet::FleetState& state, fleet::TickBatch& tick, std::int64_t index);
  void publish_all() { publish_all_ = true; }
  /// Publishes all that changed into the state alone, as if it had been sent; the tick under way
  /// becomes `index`, which begins at `now`.
  void publish_silently(fleet::FleetState& state, fleet::Time now, std::int64_t index);
  /// Goes on from a state in which all is published.
  void restore(const fleet::FleetState& state, std::int64_t index);
  /// Takes up another one's; its machine i is machine first + i here.
  void adopt(const FiguresPublisher& part, fleet::Slot first);
  /// Whether a row of another day than the gateway's own was observed since the last call.
  bool take_other_day() { return std::exchange(other_day_, false); }
  /// Machines of which figures of the next day are kept apart.
  std::size_t ahead() const { return ahead_.size(); }

 private:
  void fit(std::size_t machines);
  void note(fleet::Slot machine, std::int64_t tick);
  void reach(fleet::Time now, std::int64_t tick);

  fleet::DayAccumulator day_;
  fleet::DayFinder own_days_;
  std::int32_t today_ = INT32_MIN;  ///< the gateway's own day: of the newest receive time or tick
  fleet::HeatNotes heat_;
  std::size_t max_tick_shares_;
  std::vector<fleet::DayFigures> newest_;  ///< by machine; of today or an earlier day
  /// Of days after today; let go when they begin.
  std::unordered_map<fleet::Slot, fleet::DayFigures> ahead_;
  /// Machines whose figures changed since they were last published, by slot % every_ticks.
  std::vector<std::vector<fleet::Slot>> due_;
  std::vector<bool> noted_;  ///< by machine: waits in due_
  std::vector<bool> sent_;   ///< by machine: readers have had figures of it
  bool other_day_ = false;
  bool publish_all_ = false;
  std::int64_t last_ = 0;  ///< index of the last tick whose figures were published
};

}  // namespace net
