// ClockDesk: does what the person asks of the clock (ClockRequests) by way of Playback: pace,
// steps, jumps, dragging, the loop. Main thread; reads no clock.
#pragma once

#include <optional>

#include "net/recording/recorded_days.hpp"
#include "viewer/clock/clock_requests.hpp"
#include "viewer/clock/seeker.hpp"
#include "viewer/playback.hpp"

namespace viewer {

/// What there is to go to.
struct Past {
  const fleet::TimeZone& zone;
  const net::RecordedDays& days;
  fleet::Time begin = fleet::kNever, end = fleet::kNever;
  fleet::Millis tick{1000};
  fleet::LocalDay band_first{};       ///< with whose midnight the band begins
  std::optional<fleet::Time> jump{};  ///< what is written in the box for it
};

class ClockDesk {
 public:
  explicit ClockDesk(Playback& playback) : playback_(playback) {}

  /// Does nothing where Playback cannot move in time.
  void serve(const ClockRequests& asked, const Past& past);
  /// Whether it takes a wall that follows live data away from now.
  static bool leads_back(const ClockRequests& asked, const Past& past);
  /// The playback turned from live data to what was recorded of it: goes on there from where it is,
  /// unless the next `serve` is asked for another place.
  void leave_now();
  /// Nothing that was asked for and is not done yet counts any more.
  void forget();
  /// Where the playhead is going to be once what was asked for has been done.
  fleet::Time wanted() const { return seeker_.wanted().value_or(playback_.playhead()); }
  std::optional<fleet::Time> loop_a() const { return loop_a_; }
  std::optional<fleet::Time> loop_b() const { return loop_b_; }

 private:
  void set_pace(const ClockRequests& asked);
  void step(const ClockRequests& asked, const Past& past);
  void jump(const ClockRequests& asked, const Past& past);
  void scrub(const Scrub& scrub, const Past& past);
  void to_now(bool catch_up, const Past& past);
  void mark_loop();
  void set_loop();
  void go_on(const Past& past);

  Playback& playback_;
  Seeker seeker_;
  std::optional<fleet::Time> loop_a_, loop_b_;
  bool scrubbing_ = false, was_playing_ = false;
};

/// Instant at so many local hours from the midnight of a day on: a band's. DST: as
/// TimeZone::from_local.
fleet::Time time_at_hours(const fleet::TimeZone& zone, fleet::LocalDay first, double hours);
/// The same the other way round.
double hours_at_time(const fleet::TimeZone& zone, fleet::LocalDay first, fleet::Time t);

}  // namespace viewer
