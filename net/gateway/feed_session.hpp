// FeedSession: one viewer, without its socket: what it said, and which message it gets next.
//
// Has no queue. It holds a place in the publisher's ring; the socket asks for the next message when
// the last one is written. A viewer too slow for the ring gets a catch-up instead; one that is too
// slow even for that is told so and sent away. One thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "net/gateway/publisher.hpp"

namespace net {

/// A viewer that does not take one frame, whatever its size, within this long is too slow for this
/// fleet: what it would show is older than half a minute, and it holds the frame in memory
/// meanwhile. 32,730 machines need some 20 kB/s for that.
inline constexpr std::chrono::seconds kLongestFrame{30};

/// Requests for tracks of one viewer that are not answered yet. A wall has one or two.
inline constexpr std::size_t kMaxTrackRequests = 4;

class FeedSession {
 public:
  FeedSession(Publisher& publisher, Hello hello);

  /// A message of the viewer. Anything but one good Subscribe, and good TrackRequests after it, of
  /// which at most kMaxTrackRequests wait, ends the session (see `over`).
  void receive(std::span<const std::byte> message);
  /// Ends the session with this error, said to the viewer before anything else.
  void fail(FeedError::Code code, std::string text);
  /// From time to time: sends a viewer away that is too slow (kLongestFrame).
  void check(Publisher::Steady now);
  /// The gateway goes down: what is in the ring is sent yet, then a goodbye, then it is over.
  void shut_down();

  /// The next message to write, or null if there is none for now. Heartbeats come first, also
  /// between the parts of a large frame. Tracks and parts of frames take turns.
  std::shared_ptr<const std::string> next();
  /// After `next` gave nothing: whether it is to be called again as soon as others had their turn,
  /// since a track is being looked up.
  bool busy() const { return subscribed_ && !failed_ && !requests_.empty(); }

  /// True once the last message has been handed out: close the socket. `why` says for what.
  bool over() const { return over_; }
  /// Only an error is left to be sent: nothing more is to be received.
  bool failed() const { return failed_; }
  const std::string& why() const { return why_; }
  /// What the viewer was told it ends for; nothing as long as it goes on.
  std::optional<FeedError::Code> error() const { return error_; }
  /// True once the viewer has subscribed.
  bool subscribed() const { return subscribed_; }
  /// As the viewer calls itself; for the log.
  const std::string& client() const { return client_; }

  /// Machines whose tracks it was sent.
  std::uint64_t tracks() const { return tracks_sent_; }
  std::uint64_t catch_ups() const { return catch_ups_; }
  /// How the session began, for the log: "from scratch", "resumed at 17", "catch-up from 17".
  const std::string& start() const { return start_; }

 private:
  void subscribe(const Subscribe& message);
  void ask(TrackRequest request);
  std::shared_ptr<const std::string> next_track();
  void say_goodbye();
  bool take_next_frame();
  bool take_start();
  bool take_catch_up();

  Publisher& publisher_;
  std::shared_ptr<const std::string> urgent_;  ///< hello or error, goes before all else
  std::vector<SharedFrame> start_frames_;      ///< at most roster and keyframe, last first
  SharedFrame frame_;                          ///< under way
  std::size_t part_ = 0;
  std::uint64_t sequence_ = 0;  ///< next entry of the ring
  /// Up to here in the ring it gets every frame, however old: what it missed when it resumed.
  std::uint64_t owed_until_ = 0;
  std::uint64_t number_ = 0;  ///< last tick the viewer has, once all before is written
  std::uint64_t roster_version_ = 0;
  std::uint64_t heartbeats_ = 0;
  bool subscribed_ = false, needs_start_ = false, needs_catch_up_ = false, leaving_ = false,
       failed_ = false, over_ = false;
  std::deque<TrackRequest> requests_;
  std::size_t machine_ = 0;            ///< of the first request: the one that is being answered
  std::optional<TrackLookup> lookup_;  ///< what is known of it so far
  bool track_was_last_ = false;
  std::uint64_t catch_ups_ = 0, tracks_sent_ = 0;
  std::uint64_t frames_begun_ = 0, watched_frame_ = 0;  ///< frame_ is the last one begun
  Publisher::Steady watched_since_{};                   ///< when `check` first saw that one
  std::optional<FeedError::Code> error_;
  std::string client_, why_, start_;
};

}  // namespace net
