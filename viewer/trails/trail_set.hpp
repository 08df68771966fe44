// TrailSet: the trails of the selected machine and of those that are marked, over one feed.
//
// A gateway takes four questions of a wall at a time: the others wait their turn, the selected
// machine's first. Main thread; reads no clock.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "viewer/trails/trail.hpp"

namespace viewer {

class TrailSet {
 public:
  struct Each {
    std::string machine_id;
    fleet::Slot machine = 0;
    Trail trail;
  };
  /// Once a frame, with the fleet at the playhead. wanted.machine is the selected one; marked: the
  /// others, it may be among them. True if any trail changed.
  bool update(const FleetView& view, Trail::Wanted wanted, std::span<const fleet::Slot> marked,
              net::Feed& feed);

  /// The fleet's data comes from elsewhere: what was asked for will not be answered.
  void forget() { trails_.clear(); }

  /// In the order asked for: the selected machine's first.
  std::span<const Each> all() const { return trails_; }
  /// Null: it has none.
  const Trail* of(fleet::Slot machine) const;
  /// Trails whose first answer is not there yet.
  std::size_t waiting() const;
  /// A question is on its way.
  bool asking() const;

 private:
  bool turn_to(const FleetView& view, const std::vector<fleet::Slot>& machines);
  void take_answers(net::Feed& feed, double now_s);
  void ask(Trail::Wanted wanted, net::Feed& feed);

  std::vector<Each> trails_;
  std::size_t turn_ = 0;      ///< who comes first in the next frame
  std::uint32_t number_ = 0;  ///< of the last question
};

}  // namespace viewer
