// TrackAnswers: what a viewer that asks for tracks is told.
//
// Out of memory alone: the core's book has what this run took in, and what a run before it recorded
// is read from the store by a thread of its own (TrackScan) and handed over once. So a request
// never waits for a disk. A machine is looked up a slice at a time, since a day of one that reports
// every second would hold up the ticks; and what was found and not yet taken is counted over all
// viewers, since of that each may have megabytes. One thread, the core's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/codec/messages.hpp"
#include "net/gateway/gateway_core.hpp"
#include "net/store/track_scan.hpp"

namespace net {

/// Stays that are looked at in one go: half a millisecond at most.
inline constexpr std::size_t kTrackSlice = 4096;
/// Answers that viewers have not taken yet, all together: twenty whole days of machines that report
/// every second, or those of a thousand ordinary ones. Beyond it a question is refused.
inline constexpr std::size_t kMaxTrackAnswerBytes = 64u << 20;

class TrackAnswers {
 public:
  /// core outlives this. max_held_bytes: as kMaxTrackAnswerBytes. max_stays: of one answer, the
  /// newest.
  explicit TrackAnswers(const GatewayCore& core, std::size_t max_held_bytes = kMaxTrackAnswerBytes,
                        std::size_t max_stays = fleet::kMaxTrackStays)
      : core_(core), max_held_bytes_(max_held_bytes), max_stays_(max_stays) {}

  /// What was recorded before this run, which the core began at `begun`.
  void set_past(std::shared_ptr<const RecordedTracks> past, fleet::Time begun) {
    past_ = std::move(past);
    begun_ = begun;
  }
  /// Machines asked about so far.
  std::uint64_t answered() const { return answered_; }

  /// Memory of the books.
  std::size_t bytes() const;
  std::size_t limit_bytes() const;
  /// Memory of answers that viewers have not taken yet.
  std::size_t held_bytes() const { return held_bytes_; }
  std::size_t held_bytes_limit() const { return max_held_bytes_; }

 private:
  friend class TrackLookup;
  const GatewayCore& core_;
  const std::size_t max_held_bytes_, max_stays_;
  std::shared_ptr<const RecordedTracks> past_;
  fleet::Time begun_ = fleet::kNever;
  std::uint64_t answered_ = 0;
  std::size_t held_bytes_ = 0;
};

/// One machine of a request: looked up slice by slice, then taken reply by reply.
class TrackLookup {
 public:
  /// The i-th machine of it. answers: outlives this.
  TrackLookup(TrackAnswers& answers, const TrackRequest& request, std::size_t i);
  ~TrackLookup();
  TrackLookup(const TrackLookup&) = delete;
  TrackLookup& operator=(const TrackLookup&) = delete;

  /// Looks at a slice (kTrackSlice). True once it is found out.
  bool go_on();
  /// After that: the next reply, at least one in all. A slot that the roster does not have, or too
  /// many answers being held (kMaxTrackAnswerBytes), gets one with an error. Nothing: that was all.
  std::optional<TrackReply> next();

 private:
  void refuse(std::string error);
  void put_together();
  void hold(std::size_t bytes);

  TrackAnswers& answers_;
  const std::uint32_t request_;
  const fleet::Slot machine_;
  const fleet::Time from_, to_;
  std::shared_ptr<const RecordedTracks> past_;  ///< null: nothing of it is wanted any more
  std::optional<fleet::TrackBook::Search> own_, recorded_;
  fleet::TrackBook::Answer found_;
  std::span<const fleet::TrackStay> left_;  ///< of found_.stays: to be taken
  bool is_found_ = false, is_over_ = false;
  std::string error_;
  std::size_t held_ = 0;  ///< counted in answers_
};

}  // namespace net
