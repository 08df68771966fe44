// TrackAnswers: what a viewer that asks for tracks is told.
//
// Out of memory alone: the core's book has what this run took in, and what a run before it recorded
// is read from the store by a thread of its own (TrackScan) and handed over once. So a request
// costs some microseconds and never waits for a disk. One thread, the core's.
#pragma once

#include <memory>
#include <vector>

#include "net/codec/messages.hpp"
#include "net/gateway/gateway_core.hpp"
#include "net/store/track_scan.hpp"

namespace net {

class TrackAnswers {
 public:
  /// core outlives this.
  explicit TrackAnswers(const GatewayCore& core) : core_(core) {}

  /// What was recorded before this run, which the core began at `begun`.
  void set_past(std::shared_ptr<const RecordedTracks> past, fleet::Time begun) {
    past_ = std::move(past);
    begun_ = begun;
  }

  /// About the i-th machine of a request. At least one reply; a slot that the roster does not have
  /// gets one with an error.
  std::vector<TrackReply> answer(const TrackRequest& request, std::size_t i);
  /// Machines asked about so far.
  std::uint64_t answered() const { return answered_; }

  /// Memory of the books.
  std::size_t bytes() const;
  std::size_t limit_bytes() const;

 private:
  const GatewayCore& core_;
  std::shared_ptr<const RecordedTracks> past_;
  fleet::Time begun_ = fleet::kNever;
  std::uint64_t answered_ = 0;
};

}  // namespace net
