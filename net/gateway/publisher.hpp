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

struct PublisherCounters {
  std::uint64_t tick_frames = 0, tick_bytes = 0, roster_frames = 0;
  std::uint64_t keyframes = 0, keyframe_bytes = 0, catch_ups = 0, hashes = 0, heartbeats = 0;
};

class Publisher {
 public:
  using Steady = FrameRing::Steady;

  /// core: between two ticks, nothing pending; outlives the publisher.
  Publisher(GatewayCore& core, std::size_t ring_bytes, std::chrono::nanoseconds ring_keep,
            Steady now);

  /// Takes what core.end_tick() returned. Call before the next ingest.
  void publish(const GatewayCore::TickFrames& frames, Steady now);
  /// Makes a new heartbeat. trouble: why nothing is recorded; empty = it is, or need not be.
  void beat(fleet::Time feed_now, std::string trouble = {});

  const FrameRing& ring() const { return ring_; }
  std::uint64_t epoch() const { return core_.position().epoch; }
  std::uint64_t last_number() const { return core_.position().number; }

  /// For a viewer that starts: roster, then keyframe, then the ring from `sequence` on.
  struct Start {
    SharedFrame roster, keyframe;
    std::uint64_t sequence = 0;
    std::uint64_t roster_version = 0;
  };
  const Start& start() const { return start_; }

  /// For a viewer that has tick `number` and roster `roster_version`: what changed since. Nothing
  /// while a tick is under way (the state between ticks is nobody's): ask again after it.
  struct CatchUp {
    SharedFrame roster;  ///< may be null
    SharedFrame frame;
    std::uint64_t sequence = 0;
  };
  std::optional<CatchUp> catch_up(std::uint64_t number, std::uint64_t roster_version);

  /// Newest heartbeat and how many there were; null before the first.
  const std::shared_ptr<const std::string>& heartbeat() const { return heartbeat_; }
  std::uint64_t heartbeat_count() const { return counters_.heartbeats; }
  const PublisherCounters& counters() const { return counters_; }

 private:
  void renew_start(Steady now);
  bool start_is_stale(Steady now) const;
  void push_hash(Steady now);
  Heartbeat make_heartbeat(fleet::Time feed_now) const;

  GatewayCore& core_;
  FrameRing ring_;
  ChangeOrder order_;
  Start start_;
  std::uint64_t start_number_ = 0;  ///< tick of the keyframe
  std::size_t start_fields_ = 0;
  Steady start_time_{};
  std::size_t bytes_since_start_ = 0;
  std::uint64_t hash_number_ = 0;
  Steady hash_time_{};
  fleet::Time feed_now_ = fleet::kNever;
  std::shared_ptr<const std::string> heartbeat_;
  struct LastCatchUp {
    CatchUp made;
    std::uint64_t since = 0, roster_since = 0, number = 0;
  };
  std::optional<LastCatchUp> last_catch_up_;
  PublisherCounters counters_;
};

}  // namespace net
