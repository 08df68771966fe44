// App's part for the way from live data into the past of a gateway's fleet, and back to now.
#include <algorithm>

#include "viewer/app.hpp"
#include "viewer/model/fill.hpp"
#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

/// Of a frame, for what nobody sees yet.
constexpr std::chrono::microseconds kWatchBudget{2000};

std::chrono::steady_clock::time_point steady_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

net::FeedHealth App::past_health() const {
  const net::Feed* past = source_.past();
  return past ? past->health() : net::FeedHealth{};
}

/// Before the playback goes on: what came of live data meanwhile, and whether the past has ended.
void App::follow_past(Steady now, bool exact) {
  if (source_.recorded()) return;
  source_.look_back();
  if (watch_) {
    watch_->update(exact ? std::nullopt : std::optional(kWatchBudget), steady_now);
    if (const auto alarm = watch_->take_new()) announce(*alarm, now);
    if (playback_->control().mode() == fleet::TimeControl::Mode::following) return_to_now();
    if (watch_) find_selected();
  }
  if (config_.options.at && !started_playing_) start_in_past(now);
}

void App::leave_now() {
  keep_selected();
  watch_ = std::make_unique<LiveWatch>(view_.state(), source_.queue(), source_.feed());
  playback_->turn_to({&source_.past_queue(), source_.past(), true, true});
  trails_.forget();
  desk_.leave_now();
}

void App::return_to_now() {
  if (!selected_id_) keep_selected();
  playback_->turn_to({&source_.queue(), &source_.feed(), false, false});
  playback_->resume(watch_->now());
  ShownFleet fleet;
  const fleet::Time now = watch_->now();
  fleet.state = watch_->take();
  fleet.fit();
  fleet.refresh_all(now, view_.regions());
  view_.take(std::move(fleet), now, 0);
  watch_.reset();
  trails_.forget();
  desk_.forget();
  if (said_.kind == Notice::live_alarm) said_ = {};
  find_selected();
  // At once: no picture is to have the one's playhead and the other's fleet.
  playback_->update({}, feed().health(), kWatchBudget, steady_now);
  view_.set_end(fleet::kNever);
  view_.update(playback_->playhead());
  changed_ = true;
}

/// By its id: in another roster it may have another slot.
void App::keep_selected() {
  selected_id_.reset();
  const fleet::Roster& roster = view_.state().roster();
  if (wall_.selected && *wall_.selected < roster.size()) selected_id_ = roster[*wall_.selected].id;
}

void App::find_selected() {
  if (!selected_id_ || playback_->seeking()) return;
  wall_.hovered.reset();
  wall_.selected = view_.state().roster().find(*selected_id_);
  selected_id_.reset();
}

void App::announce(const fleet::Alarm& alarm, Steady now) {
  std::string what(text_of(wall_.lang, text_key(alarm.severity)));
  what.append(" · ").append(watch_->state().roster()[alarm.machine].name());
  const int spn = static_cast<int>(alarm.fault.spn);
  say(Notice::live_alarm, std::move(what), now);
  said_.severity = alarm.severity;
  said_.fact = fault_title(wall_.lang, spn, alarm.fault.fmi) + " · " +
               fault_code(spn, alarm.fault.fmi) + " · " + clock_text(view_.zone(), alarm.learned);
}

/// A gateway's wall that was called with an instant.
void App::start_in_past(Steady now) {
  using State = net::FeedHealth::State;
  const net::FeedHealth past = past_health();
  const bool none = past.state == State::refused;
  const bool known = past.range_begin != fleet::kNever;
  if (!none && (!known || !fleet_known())) return;
  started_playing_ = true;
  const Options& o = config_.options;
  if (none) {
    complaints_.push_back("--at " + fleet::iso8601(*o.at) + ": " + past.detail +
                          " Live data is shown.");
    call_was_wrong_ = true;
    say(Notice::no_past, {}, now);
    said_.reason = past.reason;
    said_.fact = past.detail;
    return;
  }
  complain_if_outside(past, now);
  leave_now();
  desk_.forget();
  playback_->control().play(o.speed.value_or(1));
  if (o.paused) playback_->control().pause();
  playback_->seek(std::clamp(*o.at, past.range_begin, past.range_end));
}

}  // namespace viewer
