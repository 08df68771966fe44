// Publisher: what every viewer is sent, encoded once. Knows frames, not sessions and not sockets.
//
// Holds the ring of tick frames, a roster frame and a keyframe that lie inside it (so the first
// picture of a new viewer waits for nothing), and the newest heartbeat. One thread, the core's.
#pragma once

#include <memory>

#include "net/codec/messages.hpp"
#include "net/gateway/change_order.hpp"
#include "net/gateway/frame_ring.hpp"
#include "net/gateway/gateway_core.hpp"
#include "net/gateway/track_answers.hpp"

namespace net {

/// The keyframe is renewed when this many ticks were sent since ...
inline constexpr std::uint64_t kKeyframeTicks = 30;
/// ... and this long passed: at demo speeds ticks follow each other by the millisecond. Also when
/// the ring behind it grew larger than itself, since then a new viewer reads less that way.
inline constexpr std::chrono::seconds kKeyframeAge{30};
inline constexpr std::chrono::seconds kKeyframeLeastAge{1};
/// Ticks between hashes, and the least real time between them: hashing 32,730 machines takes a wall
/// some 10 ms.
inline constexpr std::uint64_t kHashTicks = 60;
inline constexpr std::chrono::seconds kHashLeastAge{5};
/// A viewer whose next frame waited longer than this, and that has more to read in the ring than a
/// whole picture is, gets a catch-up instead: what it shows would only grow older otherwise.
inline constexpr std::chrono::seconds kMostLag{5};
/// One catch-up serves everybody who needs one for so long: encoding one of 32,730 machines takes
/// some 10 ms, and hundreds of viewers may need one at the same time.
inline constexpr std::chrono::seconds kCatchUpShared{1};
/// Catch-ups made for single viewers in that time; the next one holds everything, for everybody.
inline constexpr int kMaxCatchUps = 4;
/// Frames that are no longer in the ring but still being sent, the start's and catch-ups included.
/// Beyond this no catch-up and no start is made: who needs one waits until others have read theirs,
/// which takes some 90 s at most (roster and keyframe, kLongestFrame each, and as long as one write
/// may take for the last part of each). A roster and a keyframe of
/// 1,000,000 machines are some 60 MB.
inline constexpr std::size_t kMaxBytesBesideRing = 192u << 20;

struct PublisherCounters {
  std::uint64_t tick_frames = 0, tick_bytes = 0, roster_frames = 0;
  std::uint64_t keyframes = 0, keyframe_bytes = 0, catch_ups = 0, hashes = 0, heartbeats = 0;
};

class Publisher {
 public:
  using Steady = FrameRing::Steady;

  /// core: between two ticks, nothing pending; outlives the publisher. bytes_beside_ring: as
  /// kMaxBytesBesideRing.
  Publisher(GatewayCore& core, std::size_t ring_bytes, std::chrono::nanoseconds ring_keep,
            Steady now, std::size_t bytes_beside_ring = kMaxBytesBesideRing);

  /// Takes what core.end_tick() returned. Call before the next ingest.
  void publish(const GatewayCore::TickFrames& frames, Steady now);
  /// Makes a new heartbeat. trouble: why nothing is recorded; empty = it is, or need not be.
  void beat(fleet::Time feed_now, std::string trouble = {}, StoreTrouble kind = {});

  TrackAnswers& tracks() { return tracks_; }
  const TrackAnswers& tracks() const { return tracks_; }

  const FrameRing& ring() const { return ring_; }
  std::uint64_t epoch() const { return core_.position().epoch; }
  std::uint64_t last_number() const { return core_.position().number; }

  /// For a viewer that starts: roster, then keyframe, then the ring from `sequence` on.
  struct Start {
    SharedFrame roster, keyframe;
    std::uint64_t sequence = 0;
    std::uint64_t roster_version = 0;
  };
  /// Null while the last one lies before the ring and there is no room for another
  /// (kMaxBytesBesideRing): ask again after the next tick.
  const Start* start() const { return start_.keyframe ? &start_ : nullptr; }

  /// For a viewer that has tick `number` and roster `roster_version`: what changed since. Nothing
  /// while a tick is under way (the state between ticks is nobody's), or while too many are being
  /// sent (kMaxBytesBesideRing): ask again after it.
  struct CatchUp {
    SharedFrame roster;  ///< may be null
    SharedFrame frame;
    std::uint64_t sequence = 0;
    std::uint64_t roster_version = 0;
  };
  std::optional<CatchUp> catch_up(std::uint64_t number, std::uint64_t roster_version);

  /// Whether a catch-up is the quicker way to the newest tick from there in the ring.
  bool is_far_behind(std::uint64_t sequence) const;

  /// Bytes of all frames that are alive: in the ring, the start, and those viewers are being sent.
  std::size_t frame_bytes() const { return *alive_bytes_; }
  std::size_t frame_bytes_limit() const { return ring_.limit_bytes() + bytes_beside_ring_; }

  /// Newest heartbeat and how many there were; null before the first.
  const std::shared_ptr<const std::string>& heartbeat() const { return heartbeat_; }
  std::uint64_t heartbeat_count() const { return counters_.heartbeats; }
  const PublisherCounters& counters() const { return counters_; }

 private:
  SharedFrame counted(SharedFrame frame) const;
  SharedFrame counted(const EncodedFrame& frame) const { return counted(wire_frame(frame)); }
  /// own: bytes beside the ring that do not count against the bound.
  bool has_room(std::size_t own = 0) const {
    return frame_bytes() - own < ring_.bytes() + bytes_beside_ring_;
  }
  void make_catch_up(std::uint64_t number, std::uint64_t roster_version);
  void renew_start(Steady now);
  bool start_is_stale(Steady now) const;
  void push_hash(Steady now);
  Heartbeat make_heartbeat(fleet::Time feed_now) const;

  GatewayCore& core_;
  TrackAnswers tracks_;
  const std::size_t bytes_beside_ring_;
  std::shared_ptr<std::size_t> alive_bytes_ = std::make_shared<std::size_t>(0);
  FrameRing ring_;
  ChangeOrder order_;
  Start start_;                     ///< without keyframe: it fell out of the ring
  std::size_t keyframe_bytes_ = 0;  ///< of the last one
  std::uint64_t start_number_ = 0;  ///< tick of the keyframe
  std::size_t start_fields_ = 0;
  Steady start_time_{};
  std::size_t bytes_since_start_ = 0;
  std::uint64_t hash_number_ = 0;
  Steady hash_time_{}, now_{};
  fleet::Time feed_now_ = fleet::kNever;
  std::shared_ptr<const std::string> heartbeat_;
  struct LastCatchUp {
    CatchUp made;
    std::uint64_t since = 0, roster_since = 0;
    Steady time;  ///< when the first of them was made
    int count = 1;
  };
  std::optional<LastCatchUp> last_catch_up_;
  /// Asked for within a tick: made at its end, before the next sample comes.
  struct Wanted {
    std::uint64_t since, roster_since;
  };
  std::optional<Wanted> wanted_;
  PublisherCounters counters_;
};

}  // namespace net
