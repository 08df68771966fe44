// What an input asks of the clock: plain data from Interaction to ClockDesk.
#pragma once

#include <cstdint>
#include <optional>

#include "fleet/time.hpp"

namespace viewer {

/// The pointer drags something along the band.
struct Scrub {
  enum class What : std::uint8_t { playhead, loop_a, loop_b };
  What what = What::playhead;
  double hour = 0;                  ///< local hours from the midnight with which the band begins
  std::optional<fleet::Time> at{};  ///< in place of the hour, where it is not the band
  bool let_go = false;
};

struct ClockRequests {
  bool play_pause = false;
  bool follow_live = false;  ///< to now; of a recording: to its end
  bool catch_up = false;     ///< the same, at 20x
  int speed_steps = 0;       ///< + faster, - slower and then backwards
  double step_s = 0;         ///< move the playhead by this
  int step_ticks = 0;        ///< and by so many ticks
  int step_alarms = 0;       ///< and to the next (+) or the previous (-) alarm
  bool mark_loop = false;    ///< A, then B, then none
  std::optional<Scrub> scrub;
  std::optional<double> seek_hour;          ///< as Scrub::hour
  std::optional<fleet::LocalDay> seek_day;  ///< at the playhead's time of day
  bool jump = false;                        ///< to what is written in the box for it
};

}  // namespace viewer
