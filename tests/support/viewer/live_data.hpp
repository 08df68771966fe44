// A gateway's feed without a gateway: the test puts its updates into the queue.
#pragma once

#include <chrono>

#include "net/feed/feed.hpp"

namespace testing_support {

class LiveData : public net::Feed {
 public:
  explicit LiveData(fleet::UpdateQueue& into) : queue(into) {}

  net::FeedHealth health() const override {
    net::FeedHealth health;
    health.state = net::FeedHealth::State::receiving;
    health.connections = 1;
    health.hello.minor = 5;  // of a gateway that plays what it recorded
    health.hello.day_zone = "Asia/Shanghai";
    health.last_frame_steady_ns = std::chrono::steady_clock::now().time_since_epoch().count();
    return health;
  }
  void resync() override { ++resyncs; }
  void applied(fleet::FramePosition position, std::uint64_t) override { last = position; }
  void seek(fleet::Time) override {}
  void want_until(fleet::Time) override {}

  fleet::UpdateQueue& queue;
  fleet::FramePosition last;
  int resyncs = 0;
};

}  // namespace testing_support
