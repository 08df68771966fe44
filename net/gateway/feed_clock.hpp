// FeedClock: what time it is on the feed. Told of both clocks, reads neither.
//
// A real gateway follows the system clock, but never runs backwards: numbers, not times, order
// frames, and a receive time must not lie before the tick it is put in. A demo runs at a speed of
// its own from an instant of its own. One thread.
#pragma once

#include <chrono>

#include "fleet/time.hpp"

namespace net {

class FeedClock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  /// Ahead of us by more than this, the system clock was set, not drifting: we jump along.
  static constexpr fleet::Millis kJump{2000};
  /// Share of a second by which we hurry or dawdle to meet the system clock again.
  static constexpr double kSlew = 0.1;

  /// Follows the system clock.
  static FeedClock real(fleet::Time system_now, Steady steady_now);
  /// Runs from `feed_now` at `speed` (0 = stands still).
  static FeedClock simulated(fleet::Time feed_now, double speed, Steady steady_now);

  /// system_now is ignored by a simulated clock. Never less than an earlier answer.
  fleet::Time now(fleet::Time system_now, Steady steady_now);

  /// Simulated only.
  void set_speed(double speed, Steady steady_now);
  /// Simulated only: the feed could not keep up and is only at `feed_now`.
  void hold_back(fleet::Time feed_now, Steady steady_now);
  double speed() const { return speed_; }
  bool simulated() const { return simulated_; }

 private:
  FeedClock(bool simulated, fleet::Time feed, double speed, Steady steady);
  void advance(Steady steady_now, double rate);

  bool simulated_;
  double speed_;
  double feed_ms_;  ///< milliseconds since 1970, with fractions
  Steady steady_;
};

}  // namespace net
