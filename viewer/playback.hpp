// Playback: moves the playhead and brings the fleet to it, from a live feed or from recorded days.
//
// The one path: feed -> UpdateQueue -> here -> FleetView. Live data is applied as it comes;
// recorded data when the playhead reaches it. Main thread; told how much time passed, reads no
// clock. What takes long with a large fleet is done on a thread beside it that reads the view's
// state, while new data waits: the state's hash, and taking in a roster or a keyframe, into a copy
// that then takes the place of the fleet shown.
#pragma once

#include <chrono>
#include <future>
#include <optional>

#include "fleet/time_control.hpp"
#include "fleet/update_queue.hpp"
#include "net/feed/feed.hpp"
#include "viewer/fleet_view.hpp"
#include "viewer/latency_clock.hpp"

namespace viewer {

/// Does the wall's state equal the gateway's?
enum class Agreement { unknown, agrees, diverged };

struct PlaybackHealth {
  Agreement agreement = Agreement::unknown;
  std::uint64_t hash_checks = 0, divergences = 0, resyncs = 0;
  fleet::Time gateway_time = fleet::kNever;  ///< of the last heartbeat
  fleet::Time newest_receive = fleet::kNever;
  std::uint64_t ticks_applied = 0, heartbeats = 0;
};

class Playback {
 public:
  /// A fleet of this many machines is hashed beside the main thread: from here on it takes longer
  /// than a frame.
  static constexpr std::size_t kHashBesideFrom = 30'000;
  /// A roster, keyframe or catch-up of this many machines is taken in beside the main thread: from
  /// here on it takes several frames.
  static constexpr std::size_t kRebuildFrom = 100'000;

  /// Where updates come from. What is named here outlives the Playback, or is left by `turn_to`.
  struct Course {
    fleet::UpdateQueue* queue = nullptr;
    net::Feed* feed = nullptr;
    bool recorded = false;  ///< `feed` brings what was recorded, and time is ours to move
    bool grows = false;  ///< recorded still: who plays up to its end follows live data from there
  };
  Playback(FleetView& view, Course course);

  /// Goes on with other data. The fleet shown stays until the first of it comes: a recording's once
  /// `seek` was called. The playhead stays where it is.
  void turn_to(Course course);
  net::Feed& feed() const { return *course_.feed; }
  /// Live data only: the fleet shown is one that was brought up to date elsewhere.
  void resume(fleet::Time gateway_time) { health_.gateway_time = gateway_time; }

  fleet::TimeControl& control() { return control_; }
  const fleet::TimeControl& control() const { return control_; }
  fleet::Time playhead() const { return control_.playhead(); }
  bool recorded() const { return course_.recorded; }
  /// Of a recording: the playhead was sent somewhere since `turn_to`.
  bool placed() const { return sought_ != fleet::kNever; }
  /// True once there is a fleet to draw (a keyframe was applied).
  bool ready() const { return ready_; }
  /// True when everything due at the playhead has been applied.
  bool caught_up() const { return caught_up_; }
  /// A jump that was asked for is under way: the picture is not that of the playhead yet. Those
  /// that backwards play makes do not count: another may take their place at any time.
  bool seeking() const { return seeking_ && !rolling_; }
  const PlaybackHealth& health() const { return health_; }
  const LatencyClock& latency_clock() const { return latency_clock_; }
  /// Feed seconds per real second at which points should glide.
  double pace() const;

  /// Recorded data only: jumps. The picture follows within the next updates, and the playhead
  /// waits for it there. Backwards play and loops jump by themselves: there the playhead goes on
  /// while a picture is under way, and the next one is that of where it is by then.
  void seek(fleet::Time t);
  /// Recorded data only: moves the playhead on to `t` without a jump, whatever the speed. Ignored
  /// where it is not ahead.
  void advance(fleet::Time t);
  /// Starts at `at`, or at the beginning of the recorded data.
  void start(std::optional<fleet::Time> at, double speed, bool paused);

  /// Moves on by `dt` of real time and applies what is due, for `budget` at most. Nothing = all,
  /// the work beside the main thread too: it is waited for.
  /// `now_ns` tells the steady time, for the budget.
  using SteadyNow = std::chrono::steady_clock::time_point (*)();
  void update(std::chrono::nanoseconds dt, const net::FeedHealth& feed_health,
              std::optional<std::chrono::microseconds> budget, SteadyNow now);

 private:
  /// A fleet with a large update taken in.
  struct Rebuilt {
    fleet::Result<void> result;
    ShownFleet fleet;
    fleet::Time at = fleet::kNever;
    std::size_t updates = 0;
    bool whole = false;  ///< false: of a roster only, the values follow
  };
  static Rebuilt rebuilt(ShownFleet fleet, fleet::Update update, fleet::Time at,
                         const fleet::RegionMap& regions);
  void play_recorded(std::chrono::nanoseconds dt, const net::FeedHealth& feed_health);
  std::chrono::nanoseconds playable(std::chrono::nanoseconds dt,
                                    const net::FeedHealth& feed_health) const;
  void follow_live(std::chrono::nanoseconds dt);
  void bring_to(fleet::Time t, bool rolling);
  void roll_back();
  fleet::Time wanted_picture() const { return seeking_ ? sought_ : control_.playhead(); }
  bool due(const fleet::Update& update) const;
  void apply(fleet::Update update, std::chrono::steady_clock::time_point now);
  void check(const fleet::Heartbeat& heartbeat, std::chrono::steady_clock::time_point now);
  bool busy(bool wait);
  void conclude(bool agrees);
  void rebuild(fleet::Update update, fleet::Time at);
  void show_rebuilt(Rebuilt made);
  void show_begun(fleet::Time at);
  void show(ShownFleet fleet, fleet::Time at, std::size_t updates);
  void finish_apply(const fleet::Result<void>& result, bool whole);

  FleetView& view_;
  Course course_;
  fleet::TimeControl control_;
  std::optional<fleet::Update> held_;  ///< recorded: taken from the queue, not due yet
  std::future<std::uint64_t> hash_;    ///< reads the view's state: nothing is applied meanwhile
  std::future<Rebuilt> rebuilding_;    ///< likewise
  std::optional<ShownFleet> begun_;    ///< has a new roster; shown once its values came
  std::future<void> clearing_;
  std::uint64_t expected_hash_ = 0;
  PlaybackHealth health_;
  LatencyClock latency_clock_;
  fleet::TimeControl::Range range_;
  double feed_speed_ = 1;
  bool ready_ = false, caught_up_ = false, seeking_ = false;
  bool moved_ = false;  ///< since `update` began: what it was told of the feed is of another place
  bool rolling_ = false;                ///< the playhead goes on while seeking
  fleet::Time sought_ = fleet::kNever;  ///< recorded: the picture is that of here, or will be
};

}  // namespace viewer
