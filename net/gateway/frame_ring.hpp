// FrameRing: the last minute of the feed, ready to send, shared by every viewer.
//
// Each entry is a frame cut into messages once; a viewer holds only a sequence number into the
// ring, so a slow one costs no memory. Bounded in bytes and in age. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/codec/frame_codec.hpp"

namespace net {

/// A frame as the messages that carry it.
struct WireFrame {
  bool tick = false;
  fleet::FramePosition position;  ///< of the tick, or of the one it stands behind
  std::size_t bytes = 0;
  std::vector<std::string> messages;
};
using SharedFrame = std::shared_ptr<const WireFrame>;

SharedFrame wire_frame(const EncodedFrame& frame);
/// A message that is no frame but has its place among them (a heartbeat with a hash).
SharedFrame wire_message(fleet::FramePosition position, std::string message);

class FrameRing {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  /// start: number of the tick before the first entry.
  FrameRing(std::size_t limit_bytes, std::chrono::nanoseconds keep, std::uint64_t start);

  /// Adds an entry, then drops the oldest ones that are too old or too many. The newest one stays
  /// whatever its size.
  void push(SharedFrame frame, Steady now);

  /// Sequence numbers: entries begin() .. end()-1 are held.
  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return begin_ + entries_.size(); }
  const SharedFrame& at(std::uint64_t sequence) const { return entries_[sequence - begin_].frame; }
  /// When it was added.
  Steady time_of(std::uint64_t sequence) const { return entries_[sequence - begin_].time; }
  /// Bytes of the entries from there on.
  std::size_t bytes_from(std::uint64_t sequence) const;

  /// Sequence number of what comes behind tick frame `number`, for one who has that. Nothing if the
  /// ring does not reach back so far, or that frame was never sent.
  std::optional<std::uint64_t> behind(std::uint64_t number) const;

  std::uint64_t last_number() const { return entries_.empty() ? dropped_ : entries_.back().tick; }
  std::size_t bytes() const { return bytes_; }
  std::size_t limit_bytes() const { return limit_bytes_; }

 private:
  struct Entry {
    SharedFrame frame;
    std::uint64_t tick;  ///< number of the last tick at or before this entry
    Steady time;
    std::uint64_t bytes_before;  ///< of all entries ever added before it
  };
  std::deque<Entry> entries_;
  std::uint64_t begin_ = 0;
  std::uint64_t dropped_;  ///< number of the last tick before the oldest entry
  std::size_t bytes_ = 0;
  std::uint64_t bytes_added_ = 0;
  const std::size_t limit_bytes_;
  const std::chrono::nanoseconds keep_;
};

}  // namespace net
