// A TileSource in memory for tests: answers as told, and can be held back.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "net/tiles/tile_source.hpp"

namespace testing_support {

class FakeTiles : public net::TileSource {
 public:
  using Answer = std::function<fleet::Result<std::vector<std::byte>>(fleet::TileId)>;

  explicit FakeTiles(Answer answer) : answer_(std::move(answer)) {}

  const net::TileSet& about() const override { return set; }
  bool reachable() const override { return !away; }
  fleet::Result<std::vector<std::byte>> load(fleet::TileId tile) override {
    std::unique_lock lock(mutex_);
    asked_.push_back(tile);
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    return answer_(tile);
  }

  /// Answers wait from now on, until let_go.
  void hold() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  /// Returns once that many were asked for.
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_.size() >= count; });
  }
  /// Whether that many are asked for within the time.
  bool comes_to(std::size_t count, std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, most, [&] { return asked_.size() >= count; });
  }
  std::vector<fleet::TileId> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  net::TileSet set;
  std::atomic<bool> away = false;  ///< what is answered comes from a cache

 private:
  Answer answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  std::vector<fleet::TileId> asked_;
};

}  // namespace testing_support
