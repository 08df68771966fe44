#include "net/gateway/publisher.hpp"

#include <algorithm>

namespace net {

namespace {
/// A keyframe this small is not worth renewing early.
constexpr std::size_t kSmallKeyframeBytes = 256u << 10;
}  // namespace

Publisher::Publisher(GatewayCore& core, std::size_t ring_bytes, std::chrono::nanoseconds ring_keep,
                     Steady now, std::size_t bytes_beside_ring)
    : core_(core),
      tracks_(core),
      bytes_beside_ring_(bytes_beside_ring),
      ring_(ring_bytes, ring_keep, core.position().number),
      hash_number_(core.position().number),
      hash_time_(now),
      now_(now) {
  renew_start(now);
}

/// The same frame, counted for as long as anybody holds it.
SharedFrame Publisher::counted(SharedFrame frame) const {
  const WireFrame* plain = frame.get();
  *alive_bytes_ += plain->bytes;
  return SharedFrame(plain, [frame = std::move(frame), alive = alive_bytes_](const WireFrame*) {
    *alive -= frame->bytes;
  });
}

void Publisher::renew_start(Steady now) {
  const std::uint64_t version = core_.state().roster().version();
  const std::size_t fields = core_.state().fields().size();
  if (!start_.roster || version != start_.roster_version || fields != start_fields_) {
    start_.roster = counted(*core_.full_roster());
    start_.roster_version = version;
    start_fields_ = fields;
    ++counters_.roster_frames;
  }
  start_.keyframe = counted(*core_.keyframe());
  start_.sequence = ring_.end();
  start_number_ = core_.position().number;
  start_time_ = now;
  bytes_since_start_ = 0;
  ++counters_.keyframes;
  keyframe_bytes_ = start_.keyframe->bytes;
  counters_.keyframe_bytes += keyframe_bytes_;
}

bool Publisher::start_is_stale(Steady now) const {
  // The roster is there anyway: a fleet whose roster alone is that large is served, too.
  if (!start_.keyframe) return has_room(start_.roster->bytes);
  if (!has_room()) return false;
  const auto age = now - start_time_;
  if (age < kKeyframeLeastAge) return false;
  if (bytes_since_start_ > std::max(keyframe_bytes_, kSmallKeyframeBytes)) return true;
  return core_.position().number - start_number_ >= kKeyframeTicks && age >= kKeyframeAge;
}

void Publisher::publish(const GatewayCore::TickFrames& frames, Steady now) {
  now_ = now;
  if (last_catch_up_ && now - last_catch_up_->time > kCatchUpShared) last_catch_up_.reset();
  if (frames.roster) {
    SharedFrame roster = counted(*frames.roster);
    bytes_since_start_ += roster->bytes;
    ring_.push(std::move(roster), now);
    ++counters_.roster_frames;
  }
  if (frames.tick) {
    SharedFrame tick = counted(*frames.tick);
    ++counters_.tick_frames;
    counters_.tick_bytes += tick->bytes;
    bytes_since_start_ += tick->bytes;
    for (const fleet::Slot machine : core_.last_changed())
      order_.touch(machine, tick->position.number);
    ring_.push(std::move(tick), now);
    if (core_.position().number - hash_number_ >= kHashTicks && now - hash_time_ >= kHashLeastAge)
      push_hash(now);
  }
  if (start_.sequence < ring_.begin()) start_.keyframe.reset();
  if (start_is_stale(now)) renew_start(now);
  if (wanted_ && has_room()) make_catch_up(wanted_->since, wanted_->roster_since);
}

Heartbeat Publisher::make_heartbeat(fleet::Time feed_now) const {
  Heartbeat beat;
  beat.position = core_.position();
  beat.gateway_time = feed_now;
  beat.newest_receive = core_.state().newest_receive();
  return beat;
}

/// The hash stands in the ring directly behind its tick, so that a wall that applies in order can
/// compare before it goes on.
void Publisher::push_hash(Steady now) {
  Heartbeat beat = make_heartbeat(std::max(feed_now_, core_.state().time()));
  beat.has_hash = true;
  beat.hash_position = core_.position();
  beat.hash = core_.state().hash();
  ring_.push(counted(wire_message(beat.position, encode(ServerMessage(beat)))), now);
  hash_number_ = core_.position().number;
  hash_time_ = now;
  ++counters_.hashes;
}

void Publisher::beat(fleet::Time feed_now, std::string trouble, StoreTrouble kind) {
  feed_now_ = feed_now;
  Heartbeat beat = make_heartbeat(feed_now);
  beat.trouble = std::move(trouble);
  beat.trouble_kind = kind;
  heartbeat_ = std::make_shared<const std::string>(encode(ServerMessage(std::move(beat))));
  ++counters_.heartbeats;
}

bool Publisher::is_far_behind(std::uint64_t sequence) const {
  if (sequence < ring_.begin() || sequence >= ring_.end()) return false;
  return now_ - ring_.time_of(sequence) > kMostLag &&
         ring_.bytes_from(sequence) > std::max(keyframe_bytes_, kSmallKeyframeBytes);
}

std::optional<Publisher::CatchUp> Publisher::catch_up(std::uint64_t number,
                                                      std::uint64_t roster_version) {
  // One made a moment ago for somebody who had even less will do, with the ring behind it.
  if (last_catch_up_ && last_catch_up_->since <= number &&
      number <= last_catch_up_->made.frame->position.number &&
      last_catch_up_->roster_since <= roster_version &&
      last_catch_up_->made.sequence >= ring_.begin())
    return last_catch_up_->made;
  // Newcomers, who have nothing, come first.
  if (core_.pending() || !has_room() || !start_.keyframe) {
    if (!wanted_) wanted_ = {number, roster_version};
    wanted_->since = std::min(wanted_->since, number);
    wanted_->roster_since = std::min(wanted_->roster_since, roster_version);
    return std::nullopt;
  }
  make_catch_up(number, roster_version);
  return last_catch_up_->made;
}

/// Makes one that serves this viewer and all who were served within kCatchUpShared.
void Publisher::make_catch_up(std::uint64_t number, std::uint64_t roster_version) {
  LastCatchUp next{{}, number, roster_version, now_};
  if (last_catch_up_) {
    next.since = std::min(number, last_catch_up_->since);
    next.roster_since = std::min(roster_version, last_catch_up_->roster_since);
    next.time = last_catch_up_->time;
    next.count = last_catch_up_->count + 1;
    if (next.count > kMaxCatchUps) next.since = next.roster_since = 0;
  }
  CatchUp& made = next.made;
  made.roster_version = core_.state().roster().version();
  if (next.roster_since != made.roster_version)
    made.roster = counted(*core_.roster_since(next.roster_since));
  made.frame = counted(*core_.catch_up(order_.changed_since(next.since), next.since));
  made.sequence = ring_.end();
  ++counters_.catch_ups;
  wanted_.reset();
  last_catch_up_ = std::move(next);
}

}  // namespace net
