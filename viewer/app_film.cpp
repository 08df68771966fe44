// App's part for films: one instant at a time, whatever the real clock says.
#include "viewer/app.hpp"

namespace viewer {

bool App::show_instant(fleet::Time t, Steady now, Steady real_now) {
  film_ = true;
  last_update_ = now;
  adopt_health(source_.feed().health());
  if (!started_playing_) {
    start_playing(now, source_.feed().health());
    hold();
  }
  playback_->advance(t);
  playback_->update({}, source_.feed().health(), std::nullopt,
                    [] { return std::chrono::steady_clock::now(); });
  // Figures are summed at most once a feed second: only when all is there, so that what is shown
  // does not depend on how fast it was read.
  if (!playback_->ready() || !playback_->caught_up()) return false;
  follow_playhead({}, now, real_now);
  return settled() && !trails_.asking();
}

}  // namespace viewer
