#include "fleet/time_control.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/floor_mod.hpp"

namespace fleet {
namespace {

/// The part of a loop inside the range; nothing if it has no length.
std::optional<TimeControl::Loop> usable(const std::optional<TimeControl::Loop>& loop,
                                        const TimeControl::Range& range) {
  if (!loop) return {};
  const Time a = std::max(loop->a, range.begin), b = std::min(loop->b, range.end);
  if (a >= b) return {};
  return TimeControl::Loop{a, b};
}

Time wrapped(Time t, const TimeControl::Loop& loop) {
  return loop.a + Millis{floor_mod((t - loop.a).count(), (loop.b - loop.a).count())};
}

}  // namespace

void TimeControl::follow() {
  mode_ = Mode::following;
  catching_up_ = false;
  speed_ = 1;
  seen_end_ = kNever;
  since_end_ = std::chrono::nanoseconds{0};
}

void TimeControl::play(double speed) {
  if (std::isnan(speed) || speed == 0) {
    pause();
    return;
  }
  speed_ = std::clamp(speed, -kMaxSpeed, kMaxSpeed);
  mode_ = Mode::playing;
  catching_up_ = false;
}

void TimeControl::pause() {
  mode_ = Mode::paused;
  catching_up_ = false;
}

void TimeControl::catch_up() {
  if (mode_ == Mode::following) return;
  play(kCatchUpSpeed);
  catching_up_ = true;
}

void TimeControl::seek(Time t) {
  if (catching_up_) play(1);
  if (mode_ == Mode::following) play(1);
  place(t);
}

void TimeControl::set_loop(std::optional<Loop> loop) {
  loop_ = loop;
  if (catching_up_) play(1);
}

void TimeControl::place(Time t) {
  playhead_ = t;
  part_ms_ = 0;
}

Time TimeControl::update(std::chrono::nanoseconds dt, const Range& range) {
  if (range.begin == kNever || range.end < range.begin) return playhead_;
  dt = std::max(dt, std::chrono::nanoseconds{0});
  if (mode_ == Mode::following) {
    follow_range(dt, range);
  } else if (mode_ == Mode::playing) {
    play_range(dt, range);
  } else if (playhead_ < range.begin || playhead_ > range.end) {
    // A pause may lie ahead of live data by as much as following had carried it on.
    const Time last = range.live ? std::max(range.end, playhead_) : range.end;
    place(std::clamp(playhead_, range.begin, last));
  }
  return playhead_;
}

void TimeControl::follow_range(std::chrono::nanoseconds dt, const Range& range) {
  if (!range.live) {
    place(range.end);
    pause();
    return;
  }
  since_end_ = range.end == seen_end_ ? since_end_ + dt : std::chrono::nanoseconds{0};
  seen_end_ = range.end;
  const Time target = range.end + std::chrono::floor<Millis>(since_end_);
  const bool little_ahead = playhead_ > target && playhead_ - target < kMaxLead;
  if (!little_ahead) place(target);
}

void TimeControl::play_range(std::chrono::nanoseconds dt, const Range& range) {
  const auto loop = catching_up_ ? std::nullopt : usable(loop_, range);
  Time from = std::clamp(playhead_, range.begin, range.end);
  if (loop && (from < loop->a || from > loop->b)) from = speed_ > 0 ? loop->a : loop->b;
  // A frame moves it by whole milliseconds; the rest waits in part_ms_, so that nothing is lost.
  const double moved_ms = static_cast<double>(dt.count()) * 1e-6 * speed_ + part_ms_;
  const double limit_ms = static_cast<double>((range.end - range.begin).count()) + 1;
  const double whole_ms = std::floor(loop ? moved_ms : std::clamp(moved_ms, -limit_ms, limit_ms));
  const Time to = from + Millis{static_cast<std::int64_t>(whole_ms)};
  place(to);
  part_ms_ = std::clamp(moved_ms - whole_ms, 0.0, 0.999999);
  if (loop) {
    const bool inside = speed_ > 0 ? to < loop->b : to >= loop->a;
    if (!inside) playhead_ = wrapped(to, *loop);
    return;
  }
  if (speed_ > 0 && to >= range.end) {
    place(range.end);
    if (range.live) return follow();
    if (catching_up_) play(1);
    pause();
  } else if (speed_ < 0 && to <= range.begin) {
    place(range.begin);
    pause();
  }
}

}  // namespace fleet
