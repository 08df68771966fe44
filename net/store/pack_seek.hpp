// PackSeeker: applies packs on the way to an instant. Those that are needed are unpacked on threads
// beside the one that applies them.
#pragma once

#include <deque>
#include <memory>

#include "net/store/pack_batches.hpp"
#include "net/store/pack_table.hpp"

namespace net {

class PackSeeker {
 public:
  /// The pack whose check-point or first tick is the next thing to read from `row` on; nothing if
  /// it is a single frame, or a tick inside a pack.
  static fleet::Result<std::optional<PackHead>> head_at(DayFile& file, PackTable& packs,
                                                        std::int64_t row);
  /// Starts to unpack `head` and what comes behind it up to t. Nothing if that was begun.
  void begin(PackTable& packs, const PackHead& head, fleet::Time t);

  struct Reached {
    fleet::FramePosition position;  ///< of the last tick applied whole
    std::int64_t next_row = 0;
    bool there = false;  ///< t lies in the pack, and the state is that of t
  };
  /// Applies its ticks up to t, of the last one only the rows received until then (or nothing, as
  /// `end` says), and the roster frames between them. Preconditions: `begin`; state is the one
  /// before its first tick.
  fleet::Result<Reached> apply(DayFile& file, PackTable& packs, const PackHead& head, fleet::Time t,
                               fleet::FleetState& state, SeekEnd end);
  void forget() { ahead_.clear(); }

 private:
  struct Ahead {
    std::int64_t first_row;
    std::unique_ptr<PackBatches> pack;
  };
  BatchPool pool_;
  UnpackCrew crew_;
  std::deque<Ahead> ahead_;
};

}  // namespace net
