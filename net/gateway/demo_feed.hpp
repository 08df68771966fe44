// DemoFeed: a simulated fleet as the source of a GatewayCore, and its past before the first viewer.
#pragma once

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "net/channel.hpp"
#include "net/gateway/gateway_core.hpp"
#include "net/gateway/server.hpp"

namespace net {

/// One thread at a time.
class DemoFeed {
 public:
  explicit DemoFeed(DemoSource source) : source_(std::move(source)), simulator_(source_.sim) {}

  const DemoSource& source() const { return source_; }
  /// Puts the simulated machines into the roster; after a restart they are there already.
  void enter(fleet::FleetState& state);
  /// Reports received in (the last time asked for, until].
  void fill(fleet::Time until, fleet::ReportBatch& batch);

  /// Takes the past into `core`, up to `until`, without frames: group of machines by group, on as
  /// many threads as there are processors. The state is that of ticks taken in one after the other.
  /// One step after the other if the roster held other machines before `enter`.
  /// Precondition: `enter` was called, and nothing was reported to the core; until on a tick
  /// boundary.
  void absorb_past(GatewayCore& core, fleet::Time until);
  /// Share of the past that is taken in, 0 to 1. Any thread.
  double past_share() const { return past_share_; }
  /// absorb_past, under way or to come, ends soon and leaves the core with a part of it. Any
  /// thread.
  void give_up() { gave_up_ = true; }
  bool gave_up() const { return gave_up_; }

 private:
  /// True if the simulated machines are the first ones of the roster, in their own order.
  bool first_in_roster() const;
  GatewayCore absorb_group(std::size_t group, const CoreConfig& config, fleet::Time from,
                           fleet::Time until);

  DemoSource source_;
  fleet::sim::Simulator simulator_;
  std::vector<fleet::Slot> slots_;
  std::atomic<double> past_share_{0};
  std::atomic<bool> gave_up_{false};
};

/// Simulates step after step on a thread of its own, a little ahead of who takes them.
class PastSteps {
 public:
  struct Step {
    fleet::Time end;
    fleet::ReportBatch batch;
  };
  /// Steps of length `step` in (from, until]. The feed belongs to these steps while they last.
  PastSteps(DemoFeed& feed, fleet::Time from, fleet::Time until, fleet::Millis step);
  ~PastSteps();
  /// The next step; nothing behind the last one.
  std::optional<Step> take() { return channel_.take(); }

 private:
  Channel<Step> channel_;
  std::thread thread_;
};

/// Start of the tick that t lies in.
fleet::Time tick_boundary(fleet::Time t, fleet::Millis tick);

}  // namespace net
