// A feed fills the UpdateQueue: from a gateway (LiveFeed), or from day files (HistoryFeed).
//
// Almost nothing behind the queue cares which. Feeds run a thread of their own; every method here
// is called from the main thread.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "fleet/time.hpp"
#include "fleet/update_queue.hpp"
#include "net/codec/messages.hpp"
#include "net/feed/feed_reason.hpp"

namespace net {

/// A snapshot of how the feed is doing, for the health panel.
struct FeedHealth {
  enum class State { connecting, receiving, lost, refused, ended };
  State state = State::connecting;
  std::string detail;                    ///< why lost or refused: a sentence
  FeedReason reason = FeedReason::none;  ///< the same, for walls with words of their own
  std::string fact;     ///< what the reason does not say, in the peer's or the system's words
  std::string trouble;  ///< why the gateway does not record, as it says; empty = none
  StoreTrouble trouble_kind = StoreTrouble::other;  ///< what `trouble` is about
  Hello hello;                                      ///< of the last connection
  std::uint64_t connections = 0;  ///< successful ones; reconnects = connections - 1
  std::uint64_t frames = 0, bytes = 0, bad_frames = 0;
  std::uint64_t dropped = 0;  ///< updates that could not be delivered (never in normal life)
  std::int64_t connected_steady_ns = 0;  ///< steady clock at WebSocket open, of the last connection
  std::int64_t last_frame_steady_ns = 0;  ///< steady clock when the last message came
  double clock_offset_ms = 0;             ///< gateway clock minus ours, real time feeds only
  // History only:
  fleet::Time range_begin = fleet::kNever, range_end = fleet::kNever;
  /// Everything up to here, counted from the last seek, is in the queue or was taken from it.
  fleet::Time read_until = fleet::kNever;
};

/// Where was this machine? Device times, both included; at most kMaxTrackSpan apart.
struct TrackQuestion {
  std::uint32_t number = 0;  ///< any; the answer carries it
  fleet::Slot machine = 0;   ///< in the roster as it was delivered
  std::string machine_id;
  fleet::Time from = fleet::kNever, to = fleet::kNever;
};
struct TrackAnswer {
  std::uint32_t number = 0;
  bool failed = false;                     ///< nobody could say; ask again later or never
  std::vector<fleet::TrackStay> stays;     ///< ascending; the last that began before `from` as well
  fleet::Time known_from = fleet::kNever;  ///< fixes before may be missing
};

class Feed {
 public:
  virtual ~Feed() = default;
  virtual FeedHealth health() const = 0;
  /// Asks for frames again from scratch (keyframe), e.g. after a hash divergence.
  virtual void resync() = 0;
  /// Tells what was applied, so that a reconnect resumes there. Cheap.
  virtual void applied(fleet::FramePosition position, std::uint64_t roster_version) = 0;
  /// History: play from `t`; the queue gets the state of the last whole tick at or before it as a
  /// keyframe (the roster before it only where it is another one than was applied last), then
  /// ticks. Live feeds ignore it.
  virtual void seek(fleet::Time t) = 0;
  /// History: how far ahead of the playhead to read. Live feeds ignore it.
  virtual void want_until(fleet::Time t) = 0;
  /// Asks for a track. Each question is answered once, soon or when the connection ends, unless
  /// more than four wait: then the oldest is forgotten.
  virtual void ask(TrackQuestion) {}
  /// The next answer; nothing if there is none yet.
  virtual std::optional<TrackAnswer> take_track() { return std::nullopt; }
};

struct LiveFeedConfig {
  std::string url;    ///< ws://host[:port][/path] or wss://...; path defaults to /feed
  std::string token;  ///< bearer token, may be empty
  /// wss:// only: PEM file of certificates to trust; empty = those of the system.
  std::filesystem::path trusted;
  std::string client_name;
  std::chrono::milliseconds first_retry{250};
  std::chrono::milliseconds longest_retry{10'000};
  std::chrono::milliseconds connect_limit{10'000};
  /// From the open WebSocket to the gateway's hello.
  std::chrono::milliseconds hello_limit{10'000};
  /// A gateway from which no message comes for this long is lost: it sends a heartbeat each second,
  /// also between the parts of large frames.
  std::chrono::milliseconds silence_limit{15'000};
  /// A wall that takes nothing for this long is disconnected by itself: pings are answered only
  /// while we read, and the gateway would give up at twice this.
  std::chrono::milliseconds stall_limit{15'000};
};
/// Error: a URL that cannot be one, or `trusted` cannot be used.
fleet::Result<std::unique_ptr<Feed>> open_live_feed(LiveFeedConfig config,
                                                    fleet::UpdateQueue& queue);

/// path: day file or data directory. Error: as DayReader::open.
/// unreadable: gets the day files that are left out, if given.
fleet::Result<std::unique_ptr<Feed>> open_history_feed(
    const std::filesystem::path& path, fleet::UpdateQueue& queue,
    std::vector<fleet::Error>* unreadable = nullptr);

}  // namespace net
