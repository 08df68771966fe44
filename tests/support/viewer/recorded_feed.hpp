// A recording without files: every jump is answered with the keyframe of that instant when the test
// says so. Nothing happens in between.
#pragma once

#include <optional>
#include <vector>

#include "net/feed/feed.hpp"

namespace testing_support {

class RecordedFeed : public net::Feed {
 public:
  explicit RecordedFeed(fleet::UpdateQueue& queue) : queue_(queue) {}

  net::FeedHealth health() const override {
    net::FeedHealth health;
    health.state = net::FeedHealth::State::receiving;
    health.range_begin = begin;
    health.range_end = end;
    health.read_until = read_until_;
    return health;
  }
  void resync() override {}
  void applied(fleet::FramePosition, std::uint64_t) override {}
  void seek(fleet::Time t) override {
    seeks.push_back(t);
    asked_ = t;
    read_until_ = fleet::kNever;
    queue_.clear();
  }
  void want_until(fleet::Time t) override { wanted_ = t; }

  /// The answer to the last jump comes in.
  void answer() {
    if (asked_) {
      fleet::StateBatch keyframe;
      keyframe.position = {1, ++frames_};
      keyframe.time = *asked_;
      (void)queue_.push(keyframe);
      asked_.reset();
    }
    read_until_ = std::max(end, wanted_);
  }

  fleet::Time begin = fleet::kNever, end = fleet::kNever;
  std::vector<fleet::Time> seeks;

 private:
  fleet::UpdateQueue& queue_;
  std::optional<fleet::Time> asked_;
  fleet::Time read_until_ = fleet::kNever, wanted_ = fleet::kNever;
  std::uint64_t frames_ = 0;
};

}  // namespace testing_support
