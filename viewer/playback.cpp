#include "viewer/playback.hpp"

#include <algorithm>
#include <cmath>

namespace viewer {
namespace {

/// Recorded frames are read ahead by this much real time at the present speed, so that a slow disk
/// does not show, and a jump throws little away.
constexpr std::chrono::seconds kReadAhead{2};

fleet::Time end_of(const fleet::Update& update) {
  if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) return tick->end;
  if (const auto* state = std::get_if<fleet::StateBatch>(&update)) return state->time;
  return fleet::kNever;
}

}  // namespace

Playback::Playback(FleetView& view, fleet::UpdateQueue& queue, net::Feed& feed, bool recorded)
    : view_(view), queue_(queue), feed_(feed), recorded_(recorded) {
  if (!recorded_) control_.follow();
}

double Playback::pace() const {
  if (control_.mode() == fleet::TimeControl::Mode::paused) return 0;
  return recorded_ ? control_.speed() : feed_speed_;
}

void Playback::start(std::optional<fleet::Time> at, double speed, bool paused) {
  const net::FeedHealth health = feed_.health();
  const fleet::Time from = at.value_or(health.range_begin);
  range_ = {health.range_begin, health.range_end, false};
  control_.play(speed);
  if (paused) control_.pause();
  seek(std::clamp(from, health.range_begin, std::max(health.range_begin, health.range_end)));
}

void Playback::seek(fleet::Time t) {
  if (!recorded_) return;
  control_.seek(t);
  held_.reset();
  seeking_ = true;
  caught_up_ = false;
  feed_.seek(t);
}

void Playback::play_recorded(std::chrono::nanoseconds dt, const net::FeedHealth& feed_health) {
  range_ = {feed_health.range_begin, feed_health.range_end, false};
  const auto ahead = std::chrono::duration_cast<fleet::Millis>(
      kReadAhead * std::max(1.0, std::abs(control_.speed())));
  if (seeking_) return feed_.want_until(control_.playhead() + ahead);
  const fleet::Time before = control_.playhead();
  const fleet::Time after = control_.update(dt, range_);
  if (after < before) seek(after);  // reverse, or a loop came round
  feed_.want_until(after + ahead);
}

void Playback::follow_live(std::chrono::nanoseconds dt) {
  const fleet::Time newest = std::max(view_.state().time(), health_.gateway_time);
  range_ = {range_.begin == fleet::kNever ? newest : range_.begin, newest, true};
  control_.update(
      std::chrono::nanoseconds(std::llround(static_cast<double>(dt.count()) * feed_speed_)),
      range_);
}

bool Playback::due(const fleet::Update& update) const {
  return !recorded_ || end_of(update) <= control_.playhead();
}

void Playback::update(std::chrono::nanoseconds dt, const net::FeedHealth& feed_health,
                      std::optional<std::chrono::microseconds> budget, SteadyNow now) {
  feed_speed_ = feed_health.hello.speed > 0 ? feed_health.hello.speed : 1;
  if (recorded_) play_recorded(dt, feed_health);
  const auto deadline = budget ? now() + *budget : std::chrono::steady_clock::time_point::max();
  caught_up_ = false;
  while ((!budget || now() < deadline) && !hash_pending()) {
    if (!held_) held_ = queue_.try_pop();
    if (!held_ || !due(*held_)) {
      // An empty queue of a recording may only mean that its reader is not there yet.
      caught_up_ = held_ || !recorded_ || feed_health.read_until >= control_.playhead();
      break;
    }
    apply(std::move(*held_), now());
    held_.reset();
  }
  if (!recorded_) follow_live(dt);
  if (caught_up_ && ready_) seeking_ = false;
}

void Playback::apply(fleet::Update update, std::chrono::steady_clock::time_point now) {
  if (const auto* heartbeat = std::get_if<fleet::Heartbeat>(&update)) return check(*heartbeat, now);
  const auto* state = std::get_if<fleet::StateBatch>(&update);
  const bool keyframe = state != nullptr;
  // A recording repeats the whole state now and then; in sequence it says nothing new.
  if (recorded_ && ready_ && !seeking_ && keyframe && state->position == view_.state().position()) {
    return;
  }
  const bool tick = std::holds_alternative<fleet::TickBatch>(update);
  const fleet::Time at = tick || keyframe ? end_of(update) : control_.playhead();
  const auto result =
      view_.apply(std::move(update), recorded_ ? std::max(at, control_.playhead()) : at);
  if (!result) {
    ++health_.resyncs;
    feed_.resync();
    return;
  }
  if (keyframe) ready_ = true;
  if (tick) ++health_.ticks_applied;
  health_.newest_receive = std::max(health_.newest_receive, view_.state().newest_receive());
  feed_.applied(view_.state().position(), view_.state().roster().version());
}

void Playback::check(const fleet::Heartbeat& heartbeat, std::chrono::steady_clock::time_point now) {
  ++health_.heartbeats;
  latency_clock_.heartbeat(heartbeat.gateway_time, now, feed_speed_);
  health_.gateway_time = heartbeat.gateway_time;
  health_.newest_receive = std::max(health_.newest_receive, heartbeat.newest_receive);
  if (!heartbeat.has_hash || heartbeat.hash_position != view_.state().position() || !ready_) return;
  const fleet::FleetState& state = view_.state();
  if (state.machine_count() < kHashBesideFrom) return conclude(state.hash() == heartbeat.hash);
  expected_hash_ = heartbeat.hash;
  state.roster().by_id();  // fills its cache here: the hash only reads then
  hash_ = std::async(std::launch::async, [&state] { return state.hash(); });
}

/// True while the state must not change.
bool Playback::hash_pending() {
  if (!hash_.valid()) return false;
  if (hash_.wait_for(std::chrono::seconds{0}) != std::future_status::ready) return true;
  conclude(hash_.get() == expected_hash_);
  return false;
}

void Playback::conclude(bool agrees) {
  ++health_.hash_checks;
  health_.agreement = agrees ? Agreement::agrees : Agreement::diverged;
  if (agrees) return;
  ++health_.divergences;
  ++health_.resyncs;
  feed_.resync();
}

}  // namespace viewer
