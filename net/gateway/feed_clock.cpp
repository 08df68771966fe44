#include "net/gateway/feed_clock.hpp"

#include <algorithm>
#include <cmath>

namespace net {

namespace {
fleet::Time time_of(double ms) {
  return fleet::time_from_ms(static_cast<std::int64_t>(std::floor(ms)));
}
double ms_of(fleet::Time t) {
  return static_cast<double>(fleet::ms_from_time(t));
}
}  // namespace

FeedClock::FeedClock(bool simulated, fleet::Time feed, double speed, Steady steady)
    : simulated_(simulated), speed_(speed), feed_ms_(ms_of(feed)), steady_(steady) {}

FeedClock FeedClock::real(fleet::Time system_now, Steady steady_now) {
  return {false, system_now, 1, steady_now};
}

FeedClock FeedClock::simulated(fleet::Time feed_now, double speed, Steady steady_now) {
  return {true, feed_now, std::max(0.0, speed), steady_now};
}

void FeedClock::advance(Steady steady_now, double rate) {
  if (steady_now <= steady_) return;
  feed_ms_ += std::chrono::duration<double, std::milli>(steady_now - steady_).count() * rate;
  steady_ = steady_now;
}

fleet::Time FeedClock::now(fleet::Time system_now, Steady steady_now) {
  if (simulated_) {
    advance(steady_now, speed_);
    return time_of(feed_ms_);
  }
  const double elapsed_ms = std::chrono::duration<double, std::milli>(steady_now - steady_).count();
  const double ahead_ms = ms_of(system_now) - (feed_ms_ + elapsed_ms);
  if (ahead_ms > static_cast<double>(kJump.count())) {
    feed_ms_ = ms_of(system_now);
    steady_ = steady_now;
  } else {
    // Within what this step may correct, land on the system clock itself.
    const double step_ms = std::clamp(ahead_ms, -kSlew * elapsed_ms, kSlew * elapsed_ms);
    feed_ms_ += std::max(0.0, elapsed_ms + step_ms);
    steady_ = std::max(steady_, steady_now);
  }
  return time_of(feed_ms_);
}

void FeedClock::set_speed(double speed, Steady steady_now) {
  advance(steady_now, speed_);
  speed_ = std::max(0.0, speed);
}

void FeedClock::hold_back(fleet::Time feed_now, Steady steady_now) {
  feed_ms_ = std::min(feed_ms_, ms_of(feed_now));
  steady_ = steady_now;
}

}  // namespace net
