// PackedAnswer: one question at a time over a connection, and its answer put together of its parts.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "net/replay/replay_messages.hpp"

namespace net {

/// Bytes of one pack: a column of numbers that nothing packs is eight a number.
inline constexpr std::size_t kMaxAnswerBytes = 64u << 20;

class PackedAnswer {
 public:
  bool open() const { return number_.has_value(); }
  bool of(std::uint32_t request) const { return number_ == request; }
  void ask(std::uint32_t request) {
    number_ = request;
    parts_.clear();
  }
  /// Nobody answers it any more.
  void forget() { number_.reset(); }
  /// A part of it; the pack once that was the last one. Error: it is too long.
  fleet::Result<std::optional<std::string>> add(const PackedReply& reply) {
    if (parts_.size() + reply.part.size() > kMaxAnswerBytes)
      return fleet::Error{"an answer of more than " + std::to_string(kMaxAnswerBytes) + " bytes"};
    parts_ += reply.part;
    if (reply.more) return std::optional<std::string>();
    return std::optional<std::string>(std::exchange(parts_, {}));
  }

 private:
  std::optional<std::uint32_t> number_;
  std::string parts_;
};

}  // namespace net
