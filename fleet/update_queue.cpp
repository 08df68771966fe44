#include "fleet/update_queue.hpp"

#include <utility>

namespace fleet {

bool UpdateQueue::push(Update update) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return closed_ || bytes_ < limit_bytes_; });
  if (closed_) return false;
  take(std::move(update));
  return true;
}

bool UpdateQueue::try_push(Update& update) {
  const std::lock_guard lock(mutex_);
  if (closed_ || bytes_ >= limit_bytes_) return false;
  take(std::move(update));
  return true;
}

void UpdateQueue::take(Update&& update) {
  const std::size_t size = size_bytes(update);
  items_.emplace_back(std::move(update), size);
  bytes_ += size;
}

std::optional<Update> UpdateQueue::try_pop() {
  std::optional<Update> update;
  {
    const std::lock_guard lock(mutex_);
    if (items_.empty()) return update;
    update = std::move(items_.front().first);
    bytes_ -= items_.front().second;
    items_.pop_front();
  }
  room_.notify_one();
  return update;
}

void UpdateQueue::clear() {
  std::deque<std::pair<Update, std::size_t>> dropped;  // freed after the lock
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(items_);
    bytes_ = 0;
  }
  room_.notify_all();
}

void UpdateQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  room_.notify_all();
}

std::size_t UpdateQueue::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t UpdateQueue::count() const {
  const std::lock_guard lock(mutex_);
  return items_.size();
}

}  // namespace fleet
