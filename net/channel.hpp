// Channel: hands values from one thread to another, in order, a bounded number ahead.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

namespace net {

template <class T>
class Channel {
 public:
  /// room: values that may wait, at least 1.
  explicit Channel(std::size_t room) : room_(room) {}

  /// Waits for room. False: the channel is closed, the value is dropped.
  bool put(T value) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || values_.size() < room_; });
    if (closed_) return false;
    values_.push_back(std::move(value));
    changed_.notify_all();
    return true;
  }
  /// Waits for a value. Nothing: the channel is closed and empty.
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !values_.empty(); });
    if (values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    changed_.notify_all();
    return value;
  }
  /// Nothing more can be put; what waits can still be taken. Any thread, any number of times.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  const std::size_t room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> values_;
  bool closed_ = false;
};

/// Closes a channel at the end of a scope. Declared behind the thread that puts into it, it lets
/// that thread end, and be joined, however the scope is left.
template <class T>
class ClosesAtEnd {
 public:
  explicit ClosesAtEnd(Channel<T>& channel) : channel_(channel) {}
  ClosesAtEnd(const ClosesAtEnd&) = delete;
  ClosesAtEnd& operator=(const ClosesAtEnd&) = delete;
  ~ClosesAtEnd() { channel_.close(); }

 private:
  Channel<T>& channel_;
};

}  // namespace net
