#include "net/gateway/frame_ring.hpp"

#include <algorithm>

#include "net/codec/messages.hpp"

namespace net {

SharedFrame wire_frame(const EncodedFrame& frame) {
  auto wire = std::make_shared<WireFrame>();
  wire->tick = frame.kind == EncodedFrame::Kind::tick;
  wire->position = frame.position;
  wire->messages = chunk_messages(frame.bytes);
  for (const std::string& message : wire->messages) wire->bytes += message.size();
  return wire;
}

SharedFrame wire_message(fleet::FramePosition position, std::string message) {
  auto wire = std::make_shared<WireFrame>();
  wire->position = position;
  wire->bytes = message.size();
  wire->messages.push_back(std::move(message));
  return wire;
}

FrameRing::FrameRing(std::size_t limit_bytes, std::chrono::nanoseconds keep, std::uint64_t start)
    : dropped_(start), limit_bytes_(limit_bytes), keep_(keep) {}

void FrameRing::push(SharedFrame frame, Steady now) {
  const std::uint64_t tick = frame->tick ? frame->position.number : last_number();
  const std::size_t bytes = frame->bytes;
  entries_.push_back({std::move(frame), tick, now, bytes_added_});
  bytes_ += bytes;
  bytes_added_ += bytes;
  while (entries_.size() > 1 && (bytes_ > limit_bytes_ || now - entries_.front().time > keep_)) {
    bytes_ -= entries_.front().frame->bytes;
    dropped_ = entries_.front().tick;
    entries_.pop_front();
    ++begin_;
  }
}

std::size_t FrameRing::bytes_from(std::uint64_t sequence) const {
  if (sequence == end()) return 0;
  return static_cast<std::size_t>(bytes_added_ - entries_[sequence - begin_].bytes_before);
}

std::optional<std::uint64_t> FrameRing::behind(std::uint64_t number) const {
  if (number == dropped_) return begin_;
  if (number < dropped_ || number > last_number()) return std::nullopt;
  const auto first = std::lower_bound(entries_.begin(), entries_.end(), number,
                                      [](const Entry& e, std::uint64_t n) { return e.tick < n; });
  return begin_ + static_cast<std::uint64_t>(first - entries_.begin()) + 1;
}

}  // namespace net
