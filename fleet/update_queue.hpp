// UpdateQueue: the one place where the feed thread and the main thread meet.
//
// Bounded in bytes. `push` blocks the feed thread while it is full (so the socket is not read, and
// TCP slows the gateway); nothing is dropped. Any thread may call any method.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "fleet/update.hpp"

namespace fleet {

class UpdateQueue {
 public:
  /// limit_bytes: an update is taken while the queue holds less than this, so the true bound is
  /// limit + one update.
  explicit UpdateQueue(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// Blocks while full. False once closed (the update is dropped then).
  [[nodiscard]] bool push(Update update);
  /// Never blocks. False if full or closed: keep the update and try again later.
  [[nodiscard]] bool try_push(Update& update);
  /// Oldest first; nothing when empty. What was queued before `close` can still be had.
  std::optional<Update> try_pop();
  /// Throws away everything queued: used before a keyframe of another epoch, and on seek.
  void clear();
  /// Wakes and refuses every push from now on.
  void close();

  std::size_t bytes() const;
  std::size_t count() const;

 private:
  void take(Update&& update);

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::deque<std::pair<Update, std::size_t>> items_;
  std::size_t bytes_ = 0;
  const std::size_t limit_bytes_;
  bool closed_ = false;
};

}  // namespace fleet
