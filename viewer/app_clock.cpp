// App's part for the clock: serves what is asked of it, and fills the models of band, box and
// calendar.
#include <algorithm>
#include <utility>

#include "viewer/app.hpp"
#include "viewer/model/band_model.hpp"
#include "viewer/model/calendar_model.hpp"
#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

const net::RecordedDays kNoDays;

/// The clock's buttons after the pointer last moved, on a wall at now.
constexpr std::chrono::seconds kButtonsStay{10};

std::chrono::year_month month_of(fleet::LocalDay day) {
  const std::chrono::year_month_day date{day};
  return date.year() / date.month();
}

/// kNone: not known, or not marked.
double hour_of(const fleet::TimeZone& zone, fleet::LocalDay first, std::optional<fleet::Time> t) {
  return t ? hours_at_time(zone, first, *t) : kNone;
}

}  // namespace

const net::RecordedDays& App::recorded_days() const {
  return source_.days() ? source_.days()->days() : kNoDays;
}

BandDays App::shown_days() const {
  return band_days(wall_.band, view_.day_of(desk_.wanted()));
}

/// Today's band needs nothing of the recording while the wall is live.
bool App::past_is_looked_at() const {
  return source_.days() && (playback_->recorded() || wall_.band != BandSpan::day ||
                            wall_.calendar || wall_.compare || alarm_step_ != 0);
}

void App::serve_requests() {
  const net::FeedHealth health = past_health();
  wall_.replays = health.range_begin != fleet::kNever;
  if (!wall_.replays || playback_->playhead() == fleet::kNever) return;
  Past past{view_.zone(), recorded_days(), health.range_begin, health.range_end,
            fleet::Millis(std::max(health.hello.tick_ms, 1u))};
  past.band_first = shown_days().first;
  if (requests_.jump && wall_.jump) {
    past.jump = written_jump(health).to;
    if (past.jump) wall_.jump.reset();
  }
  if (requests_.open_calendar) {
    wall_.calendar = month_of(view_.day_of(desk_.wanted()));
  }
  if (watch_ && requests_.follow_live) return return_to_now();
  if (!playback_->recorded()) {
    look_at_days();
    if (!fleet_known() || !ClockDesk::leads_back(requests_, past)) return;
    leave_now();
  }
  reach_for_alarm();
  desk_.serve(requests_, past);
  look_at_days();
}

/// A step to an alarm that none of the days looked at has waits while more of them are read, twice
/// as far each time, until one has it, or none is left, or the playhead is sent somewhere else.
void App::reach_for_alarm() {
  const bool sent_elsewhere = requests_.scrub || requests_.seek_hour || requests_.seek_day ||
                              requests_.jump || requests_.follow_live || requests_.catch_up;
  if (requests_.step_alarms != 0 || sent_elsewhere) {
    alarm_step_ = std::exchange(requests_.step_alarms, 0);
    alarm_reach_ = std::chrono::days{1};
  }
  if (alarm_step_ == 0) return;
  const fleet::Time from = desk_.wanted();
  const net::RecordedDays& days = recorded_days();
  if (alarm_step_ > 0 ? days.next_alarm(from) : days.previous_alarm(from)) {
    requests_.step_alarms = std::exchange(alarm_step_, 0);
    return;
  }
  const fleet::LocalDay today = view_.day_of(from);
  if (!source_.days() || !source_.days()->complete(today - alarm_reach_, today + alarm_reach_))
    return;
  const bool all = days.days.empty() ||
                   (alarm_step_ > 0 ? days.days.back().overview.day <= today + alarm_reach_
                                    : days.days.front().overview.day >= today - alarm_reach_);
  if (all) {
    alarm_step_ = 0;
  } else {
    alarm_reach_ *= 2;
  }
}

/// What of the recorded days is to be read: what is shown, and the days beside it, where steps to
/// the next alarm lead.
void App::look_at_days() {
  if (!source_.days()) return;
  if (source_.days()->update()) changed_ = true;
  if (!past_is_looked_at()) return;
  const fleet::LocalDay today = view_.day_of(desk_.wanted());
  const BandDays shown = shown_days();
  CalendarDays wanted{shown.first - std::chrono::days{1},
                      shown.first + std::chrono::days{shown.count}};
  if (wall_.calendar) {
    const CalendarDays months = calendar_days(*wall_.calendar);
    wanted = {std::min(wanted.first, months.first), std::max(wanted.last, months.last)};
  }
  if (alarm_step_ > 0) wanted.last = std::max(wanted.last, today + alarm_reach_);
  if (alarm_step_ < 0) wanted.first = std::min(wanted.first, today - alarm_reach_);
  source_.days()->want(wanted.first, wanted.last, today);
}

Jump App::written_jump(const net::FeedHealth& health) const {
  return read_jump(*wall_.jump, {health.range_end, desk_.wanted(), view_.zone()}, recorded_days(),
                   health.range_begin, health.range_end);
}

/// A wall at now is left alone by its buttons until somebody comes with the pointer.
void App::follow_pointer(const Input& input, Steady now) {
  const bool came = input.pointer_inside &&
                    (input.pointer.x != pointer_at_.x || input.pointer.y != pointer_at_.y);
  if (input.pointer_inside) pointer_at_ = input.pointer;
  if (came || input.pressed) pointer_until_ = now + kButtonsStay;
  const bool shown = playback_->recorded() || now < pointer_until_;
  changed_ = changed_ || shown != transport_shown_;
  transport_shown_ = shown;
}

void App::fill_band() {
  const fleet::Time playhead = playback_->playhead();
  const BandDays shown = playhead == fleet::kNever ? BandDays{} : shown_days();
  const BandKey key{view_.figures_version(), recorded_days().version, wall_.band, shown};
  if (!(key == band_key_)) {
    band_key_ = key;
    model_.band = band_model(view_, desk_.wanted(), wall_.band, recorded_days());
  }
  TimeBandModel& band = model_.band;
  band.tip.reset();
  if (playhead == fleet::kNever) return;
  const fleet::TimeZone& zone = view_.zone();
  const fleet::TimeControl& time = playback_->control();
  band.playhead_h = hours_at_time(zone, shown.first, desk_.wanted());
  band.transport = wall_.replays && transport_shown_;
  band.live = !playback_->recorded();
  band.live_behind = watch_ != nullptr;
  band.now_h = kNone;
  if (watch_ && watch_->now() != fleet::kNever) {
    const double now_h = hours_at_time(zone, shown.first, watch_->now());
    if (now_h <= band.hours()) band.now_h = now_h;
  }
  band.paused = wall_.replays && time.mode() == fleet::TimeControl::Mode::paused;
  band.catching_up = time.catching_up();
  band.speed = wall_.replays ? time.speed() : 1;
  band.loop_a_h = hour_of(zone, shown.first, desk_.loop_a());
  band.loop_b_h = hour_of(zone, shown.first, desk_.loop_b());
  if (wall_.band_hour) band.tip = band_tip(band, recorded_days(), zone, shown, *wall_.band_hour);
}

void App::fill_clock() {
  const net::FeedHealth health = past_health();
  fill_band();
  model_.jump = wall_.jump && wall_.replays ? written_jump(health).model : JumpModel{};
  model_.calendar = CalendarModel{};
  if (wall_.calendar && wall_.replays) {
    model_.calendar =
        calendar_model(recorded_days(), *wall_.calendar, view_.day_of(desk_.wanted()));
  }
}

}  // namespace viewer
