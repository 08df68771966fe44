// TimeControl: the playhead as a state machine. It is told how much real time passed and what span
// of data there is; it reads no clock. Following live and playing a recording are states of it.
#pragma once

#include <optional>

#include "fleet/time.hpp"

namespace fleet {

/// Fastest playback either way: a day in a minute.
inline constexpr double kMaxSpeed = 1440;

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

  void follow();
  void play(double speed);  ///< clamped to +-kMaxSpeed; 0 pauses
  void pause();
  void seek(Time t);  ///< keeps paused or playing; leaves following for playing at 1
  void set_loop(std::optional<Loop> loop);

  /// Moves the playhead by `dt` of real time. Following: to range.end, carried on by dt while the
  /// feed is silent. Playing: by dt * speed, wrapped in the loop, stopped (paused) at either end of
  /// the range, or following again when it catches up with live data. Returns the new playhead.
  Time update(std::chrono::nanoseconds dt, const Range& range);

 private:
  Mode mode_ = Mode::following;
  double speed_ = 1;
  Time playhead_ = kNever;
  std::optional<Loop> loop_;
};

}  // namespace fleet
