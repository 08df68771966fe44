// TimeControl: the playhead as a state machine. It is told how much real time passed and what span
// of data there is; it reads no clock. Following live and playing a recording are states of it.
#pragma once

#include <optional>

#include "fleet/time.hpp"

namespace fleet {

/// Fastest playback either way: a day in a minute.
inline constexpr double kMaxSpeed = 1440;

/// Pace at which the past is caught up with: an hour in three minutes, slow enough to be watched.
inline constexpr double kCatchUpSpeed = 20;

/// While following, the playhead waits for data this far behind it instead of stepping back.
inline constexpr Millis kMaxLead{1000};

class TimeControl {
 public:
  enum class Mode { following, playing, paused };

  /// What can be shown: recorded data from `begin` to `end`; `end` grows while live.
  struct Range {
    Time begin = kNever;
    Time end = kNever;
    bool live = false;  ///< data still comes in: following is possible
  };

  Mode mode() const { return mode_; }
  double speed() const { return speed_; }
  Time playhead() const { return playhead_; }
  struct Loop {
    Time a;
    Time b;
  };
  std::optional<Loop> loop() const { return loop_; }

  void follow();            ///< at speed 1
  void play(double speed);  ///< clamped to +-kMaxSpeed; 0 (or not a number) pauses
  void pause();
  /// Plays at kCatchUpSpeed, whatever loop is set, up to live data, and follows it from there on.
  /// Where the range is not live: up to its end, and pauses there at speed 1.
  void catch_up();
  /// Until it got there, or anything else is asked for.
  bool catching_up() const { return catching_up_; }
  /// Keeps paused or playing; leaves following for playing at 1. Kept in the range by `update`.
  void seek(Time t);
  /// Playing goes round from a to b. Ignored while not a < b, or where it lies outside the range.
  void set_loop(std::optional<Loop> loop);

  /// Moves the playhead by `dt` of real time. Following: to range.end, carried on by dt while the
  /// feed is silent, never back by less than kMaxLead (a tick that came late); paused when the
  /// range is not live. Playing: by dt * speed, wrapped in the loop, stopped (paused) at either end
  /// of the range, or following again when it catches up with live data. Returns the new playhead.
  Time update(std::chrono::nanoseconds dt, const Range& range);

 private:
  void follow_range(std::chrono::nanoseconds dt, const Range& range);
  void play_range(std::chrono::nanoseconds dt, const Range& range);
  void place(Time t);

  Mode mode_ = Mode::following;
  double speed_ = 1;
  Time playhead_ = kNever;
  double part_ms_ = 0;      ///< of a millisecond that the playhead is ahead of playhead_; [0, 1)
  Time seen_end_ = kNever;  ///< range.end of the last update while following
  std::chrono::nanoseconds since_end_{0};  ///< real time since it last changed
  std::optional<Loop> loop_;
  bool catching_up_ = false;
};

}  // namespace fleet
