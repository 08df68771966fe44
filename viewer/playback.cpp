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

/// Takes long to take in.
bool large(const fleet::Update& update) {
  if (const auto* roster = std::get_if<fleet::RosterBatch>(&update))
    return roster->machines.size() >= Playback::kRebuildFrom;
  if (const auto* state = std::get_if<fleet::StateBatch>(&update))
    return state->machines.size() >= Playback::kRebuildFrom;
  return false;
}

template <class T>
bool under_way(const std::future<T>& work) {
  return work.valid() && work.wait_for(std::chrono::seconds{0}) != std::future_status::ready;
}

}  // namespace

Playback::Playback(FleetView& view, Course course) : view_(view), course_(course) {
  if (!course_.recorded) control_.follow();
}

void Playback::turn_to(Course course) {
  busy(true);
  if (begun_) show_begun(control_.playhead());
  held_.reset();
  course_ = course;
  range_ = {};
  seeking_ = rolling_ = caught_up_ = false;
  sought_ = fleet::kNever;
  health_.agreement = Agreement::unknown;
  // Whatever was applied since, the roster is no longer what this feed brought last.
  course_.recorded ? course_.feed->resync() : control_.follow();
}

double Playback::pace() const {
  if (control_.mode() == fleet::TimeControl::Mode::paused) return 0;
  return course_.recorded ? control_.speed() : feed_speed_;
}

void Playback::start(std::optional<fleet::Time> at, double speed, bool paused) {
  const net::FeedHealth health = course_.feed->health();
  const fleet::Time from = at.value_or(health.range_begin);
  range_ = {health.range_begin, health.range_end, false};
  control_.play(speed);
  if (paused) control_.pause();
  seek(std::clamp(from, health.range_begin, std::max(health.range_begin, health.range_end)));
}

void Playback::seek(fleet::Time t) {
  if (!course_.recorded) return;
  control_.seek(t);
  bring_to(t, false);
}

/// The picture, wherever the playhead is.
void Playback::bring_to(fleet::Time t, bool rolling) {
  held_.reset();
  seeking_ = true;
  rolling_ = rolling;
  caught_up_ = false;
  moved_ = true;
  sought_ = t;
  course_.feed->seek(t);
}

void Playback::advance(fleet::Time t) {
  if (course_.recorded && t > control_.playhead()) control_.seek(t);
}

/// As much of dt as there is data for: without its gateway the playhead stops where that ends,
/// instead of showing how all machines fall silent.
std::chrono::nanoseconds Playback::playable(std::chrono::nanoseconds dt,
                                            const net::FeedHealth& feed_health) const {
  const bool lost = feed_health.state == net::FeedHealth::State::lost;
  const bool onwards = control_.mode() == fleet::TimeControl::Mode::playing && control_.speed() > 0;
  if (!lost || !onwards) return dt;
  if (feed_health.read_until <= control_.playhead()) return {};
  const std::chrono::nanoseconds left = feed_health.read_until - control_.playhead();
  return std::min(dt, std::chrono::nanoseconds(
                          std::llround(static_cast<double>(left.count()) / control_.speed())));
}

void Playback::play_recorded(std::chrono::nanoseconds dt, const net::FeedHealth& feed_health) {
  range_ = {feed_health.range_begin, feed_health.range_end, course_.grows};
  if (!seeking_ || rolling_) control_.update(playable(dt, feed_health), range_);
  roll_back();
  if (!seeking_) sought_ = control_.playhead();
  // Backwards, or while somebody drags the playhead, what lies ahead would only be thrown away.
  const bool onwards = control_.mode() == fleet::TimeControl::Mode::playing && control_.speed() > 0;
  const auto ahead =
      onwards
          ? std::chrono::duration_cast<fleet::Millis>(kReadAhead * std::max(1.0, control_.speed()))
          : fleet::Millis{0};
  course_.feed->want_until(wanted_picture() + ahead);
}

/// To where the playhead went back: in reverse, or where a loop came round.
void Playback::roll_back() {
  if (!seeking_ && control_.playhead() < sought_) bring_to(control_.playhead(), true);
}

void Playback::follow_live(std::chrono::nanoseconds dt) {
  const fleet::Time newest = std::max(view_.state().time(), health_.gateway_time);
  range_ = {range_.begin == fleet::kNever ? newest : range_.begin, newest, true};
  control_.update(
      std::chrono::nanoseconds(std::llround(static_cast<double>(dt.count()) * feed_speed_)),
      range_);
}

bool Playback::due(const fleet::Update& update) const {
  return !course_.recorded || end_of(update) <= wanted_picture();
}

void Playback::update(std::chrono::nanoseconds dt, const net::FeedHealth& feed_health,
                      std::optional<std::chrono::microseconds> budget, SteadyNow now) {
  feed_speed_ = feed_health.hello.speed > 0 ? feed_health.hello.speed : 1;
  moved_ = false;
  if (course_.recorded) play_recorded(dt, feed_health);
  const auto deadline = budget ? now() + *budget : std::chrono::steady_clock::time_point::max();
  caught_up_ = false;
  while ((!budget || now() < deadline) && !busy(!budget)) {
    if (!held_) held_ = course_.queue->try_pop();
    if (!held_ || !due(*held_)) {
      // An empty queue of a recording may only mean that its reader is not there yet.
      caught_up_ =
          held_ || !course_.recorded || (!moved_ && feed_health.read_until >= wanted_picture());
      break;
    }
    apply(std::move(*held_), now());
    held_.reset();
  }
  if (!course_.recorded) follow_live(dt);
  if (!caught_up_ || !ready_) return;
  seeking_ = false;
  if (!course_.recorded) return;
  // At once: the next picture is on its way while this one is drawn.
  roll_back();
  caught_up_ = true;
}

void Playback::apply(fleet::Update update, std::chrono::steady_clock::time_point now) {
  if (const auto* heartbeat = std::get_if<fleet::Heartbeat>(&update)) return check(*heartbeat, now);
  const auto* state = std::get_if<fleet::StateBatch>(&update);
  const bool keyframe = state != nullptr;
  // A recording repeats the whole state now and then; in sequence it says nothing new.
  if (course_.recorded && ready_ && !seeking_ && keyframe &&
      state->position == view_.state().position()) {
    return;
  }
  const bool tick = std::holds_alternative<fleet::TickBatch>(update);
  const fleet::Time end = tick || keyframe ? end_of(update) : control_.playhead();
  const fleet::Time at = course_.recorded ? std::max(end, wanted_picture()) : end;
  if (large(update)) return rebuild(std::move(update), at);
  show_begun(at);
  const auto result = view_.apply(std::move(update), at);
  if (result && tick) ++health_.ticks_applied;
  finish_apply(result, keyframe);
}

void Playback::finish_apply(const fleet::Result<void>& result, bool whole) {
  if (!result) {
    ++health_.resyncs;
    course_.feed->resync();
    if (course_.recorded) bring_to(wanted_picture(), true);
    return;
  }
  if (whole) ready_ = true;
  health_.newest_receive = std::max(health_.newest_receive, view_.state().newest_receive());
  course_.feed->applied(view_.state().position(), view_.state().roster().version());
}

/// On any thread.
Playback::Rebuilt Playback::rebuilt(ShownFleet fleet, fleet::Update update, fleet::Time at,
                                    const fleet::RegionMap& regions) {
  Rebuilt made{{}, std::move(fleet), at, 0, false};
  if (auto* roster = std::get_if<fleet::RosterBatch>(&update)) {
    made.result = made.fleet.state.apply(std::move(*roster));
    made.fleet.state.roster().by_id();  // fills its cache: it would take the main thread long
  } else if (const auto* state = std::get_if<fleet::StateBatch>(&update)) {
    made.result = made.fleet.state.apply(*state);
    made.updates = state->machines.size();
    made.whole = true;
  }
  if (!made.result) return made;
  made.fleet.fit();
  if (made.whole) made.fleet.refresh_all(at, regions);
  return made;
}

void Playback::rebuild(fleet::Update update, fleet::Time at) {
  view_.state().roster().by_id();  // fills its cache here: the thread only reads then
  rebuilding_ = std::async(std::launch::async, [&view = view_, begun = std::exchange(begun_, {}),
                                                update = std::move(update), at]() mutable {
    ShownFleet fleet;
    if (begun) {
      fleet = std::move(*begun);
    } else {
      fleet.state = view.state();
    }
    return rebuilt(std::move(fleet), std::move(update), at, view.regions());
  });
}

void Playback::show_rebuilt(Rebuilt made) {
  if (!made.result) return finish_apply(made.result, false);
  if (!made.whole) {
    begun_ = std::move(made.fleet);
    return;
  }
  show(std::move(made.fleet), made.at, made.updates);
  finish_apply(made.result, true);
}

/// A roster after which no whole state came only adds to or changes what is shown.
void Playback::show_begun(fleet::Time at) {
  if (!begun_) return;
  ShownFleet fleet = *std::exchange(begun_, {});
  fleet.refresh_all(at, view_.regions());
  show(std::move(fleet), at, 0);
}

void Playback::show(ShownFleet fleet, fleet::Time at, std::size_t updates) {
  ShownFleet before = view_.take(std::move(fleet), at, updates);
  if (before.points.size() < kRebuildFrom) return;
  clearing_ = std::async(std::launch::async,
                         [before = std::move(before)]() mutable { before = ShownFleet(); });
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

/// True while the state must not change. wait: until it may.
bool Playback::busy(bool wait) {
  if (wait && rebuilding_.valid()) rebuilding_.wait();
  if (wait && hash_.valid()) hash_.wait();
  if (under_way(rebuilding_) || under_way(hash_)) return true;
  if (rebuilding_.valid()) show_rebuilt(rebuilding_.get());
  if (hash_.valid()) conclude(hash_.get() == expected_hash_);
  return false;
}

void Playback::conclude(bool agrees) {
  ++health_.hash_checks;
  health_.agreement = agrees ? Agreement::agrees : Agreement::diverged;
  if (agrees) return;
  ++health_.divergences;
  ++health_.resyncs;
  course_.feed->resync();
}

}  // namespace viewer
