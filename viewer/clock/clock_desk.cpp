#include "viewer/clock/clock_desk.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/floor_mod.hpp"
#include "viewer/clock/pace.hpp"

namespace viewer {
namespace {

using Mode = fleet::TimeControl::Mode;

/// A step on that is no longer than this is played in one go: cheaper than rebuilding the state.
constexpr std::chrono::minutes kPlayedStep{2};

/// The end of a tick that is `steps` ticks away; an instant within one counts as the one before.
fleet::Time stepped(fleet::Time t, int steps, fleet::Millis tick) {
  const fleet::Millis into{fleet::floor_mod(fleet::ms_from_time(t), tick.count())};
  const bool back_to_begin = steps < 0 && into.count() != 0;
  return t - into + tick * (back_to_begin ? steps + 1 : steps);
}

}  // namespace

fleet::Time time_at_hours(const fleet::TimeZone& zone, fleet::LocalDay first, double hours) {
  const fleet::Millis since{std::llround(hours * 3'600'000)};
  return zone.from_local(std::chrono::local_time<fleet::Millis>(first) + since);
}

double hours_at_time(const fleet::TimeZone& zone, fleet::LocalDay first, fleet::Time t) {
  using Hours = std::chrono::duration<double, std::ratio<3600>>;
  return Hours(zone.day_of(t) - first).count() + Hours(zone.time_of_day(t)).count();
}

void ClockDesk::serve(const ClockRequests& asked, const Past& past) {
  if (!playback_.recorded() || past.begin == fleet::kNever) return;
  set_pace(asked);
  if (asked.mark_loop) mark_loop();
  if (asked.follow_live || asked.catch_up) to_now(asked.catch_up, past);
  step(asked, past);
  jump(asked, past);
  if (asked.scrub) scrub(*asked.scrub, past);
  go_on(past);
}

bool ClockDesk::leads_back(const ClockRequests& asked, const Past& past) {
  const bool dragged = asked.scrub && asked.scrub->what == Scrub::What::playhead;
  return asked.play_pause || asked.speed_steps < 0 || asked.step_s < 0 || asked.step_ticks < 0 ||
         asked.step_alarms < 0 || dragged || asked.seek_hour || asked.seek_day ||
         (asked.jump && past.jump);
}

void ClockDesk::leave_now() {
  seeker_.want(playback_.playhead());
  playback_.control().play(1);
}

void ClockDesk::forget() {
  seeker_.forget();
  scrubbing_ = false;
}

void ClockDesk::set_pace(const ClockRequests& asked) {
  fleet::TimeControl& time = playback_.control();
  if (asked.play_pause) {
    time.mode() == Mode::paused ? time.play(time.speed()) : time.pause();
  }
  if (asked.speed_steps == 0) return;
  const double now = time.mode() == Mode::paused ? 0 : time.speed();
  time.play(next_pace(now, asked.speed_steps));
}

void ClockDesk::step(const ClockRequests& asked, const Past& past) {
  if (asked.step_s != 0) {
    seeker_.want(wanted() + fleet::Millis(std::llround(asked.step_s * 1000)));
  }
  if (asked.step_ticks != 0) seeker_.want(stepped(wanted(), asked.step_ticks, past.tick));
  if (asked.step_alarms == 0) return;
  const auto alarm =
      asked.step_alarms > 0 ? past.days.next_alarm(wanted()) : past.days.previous_alarm(wanted());
  if (alarm) seeker_.want(*alarm);
}

void ClockDesk::jump(const ClockRequests& asked, const Past& past) {
  if (asked.seek_hour) seeker_.want(time_at_hours(past.zone, past.band_first, *asked.seek_hour));
  if (asked.seek_day) {
    seeker_.want(past.zone.from_local(std::chrono::local_time<fleet::Millis>(*asked.seek_day) +
                                      past.zone.time_of_day(wanted())));
  }
  if (asked.jump && past.jump) seeker_.want(*past.jump);
}

/// Time stands still while the playhead is held, and goes on from where it is let go.
void ClockDesk::scrub(const Scrub& scrub, const Past& past) {
  const fleet::Time at =
      std::clamp(scrub.at.value_or(time_at_hours(past.zone, past.band_first, scrub.hour)),
                 past.begin, past.end);
  if (scrub.what != Scrub::What::playhead) {
    (scrub.what == Scrub::What::loop_a ? loop_a_ : loop_b_) = at;
    return set_loop();
  }
  fleet::TimeControl& time = playback_.control();
  if (!scrubbing_) {
    was_playing_ = time.mode() == Mode::playing;
    time.pause();
    scrubbing_ = true;
  }
  seeker_.want(at);
  if (!scrub.let_go) return;
  scrubbing_ = false;
  if (was_playing_) time.play(time.speed());
}

void ClockDesk::to_now(bool catch_up, const Past& past) {
  seeker_.forget();
  if (catch_up) return playback_.control().catch_up();
  seeker_.want(past.end);
  playback_.control().pause();
}

void ClockDesk::mark_loop() {
  if (loop_a_ && loop_b_) {
    loop_a_.reset();
    loop_b_.reset();
  } else if (loop_a_) {
    loop_b_ = wanted();
    // Both at one place are no loop: marked again where the playhead is by then.
    if (*loop_b_ == *loop_a_) return loop_b_.reset();
  } else {
    loop_a_ = wanted();
  }
  set_loop();
}

/// In whatever order they were marked.
void ClockDesk::set_loop() {
  fleet::TimeControl& time = playback_.control();
  if (!loop_a_ || !loop_b_) return time.set_loop(std::nullopt);
  time.set_loop(
      fleet::TimeControl::Loop{std::min(*loop_a_, *loop_b_), std::max(*loop_a_, *loop_b_)});
}

void ClockDesk::go_on(const Past& past) {
  // Data of which nothing can be shown, damaged from its beginning on, must not hold up a jump.
  const bool shows_nothing = playback_.caught_up() && !playback_.ready();
  const auto to = seeker_.take(!playback_.seeking() || shows_nothing);
  if (!to) return;
  const fleet::Time t = std::clamp(*to, past.begin, past.end);
  const fleet::Time from = playback_.playhead();
  const bool near =
      playback_.placed() && !playback_.seeking() && t >= from && t - from <= kPlayedStep;
  near ? playback_.control().seek(t) : playback_.seek(t);
}

}  // namespace viewer
