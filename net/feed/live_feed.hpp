// LiveFeed: a gateway's feed into the UpdateQueue. Runs a thread of its own, which owns the
// connection and the decoder; see feed.hpp for what the main thread may call.
//
// After an interruption it goes on behind the last update that it put into the queue: what is in
// the queue will be applied, so nothing comes twice and nothing is missing.
#pragma once

#include <condition_variable>
#include <functional>
#include <random>
#include <thread>

#include "net/codec/frame_codec.hpp"
#include "net/feed/feed.hpp"
#include "net/feed/feed_ending.hpp"
#include "net/feed/track_asker.hpp"
#include "net/feed/ws_client.hpp"

namespace net {

class LiveFeed final : public Feed {
 public:
  using Connect = std::function<std::unique_ptr<WsTransport>(const WsClientConfig&)>;

  /// connect makes a connection; tests give their own.
  LiveFeed(LiveFeedConfig config, WsUrl url, fleet::UpdateQueue& queue, Connect connect);
  ~LiveFeed() override;

  FeedHealth health() const override;
  void resync() override;
  void applied(fleet::FramePosition position, std::uint64_t roster_version) override;
  void seek(fleet::Time) override {}
  void want_until(fleet::Time) override {}
  void ask(TrackQuestion question) override;
  std::optional<TrackAnswer> take_track() override { return tracks_.next_answer(); }

 private:
  using Ending = FeedEnding;

  void run();
  bool make_transport();
  Ending serve_connection();
  fleet::Result<void> take_hello(WsTransport& transport, Ending& ending);
  fleet::Result<void> subscribe(WsTransport& transport);
  Ending receive_all(WsTransport& transport);
  void note_message(std::size_t bytes);
  bool unreadable(const std::string& sentence, const std::string& what, Ending& ending);
  bool take_message(const std::string& message, Ending& ending);
  bool take_beat(const Heartbeat& beat, Ending& ending);
  bool take_frame(const std::string& frame, Ending& ending);
  bool check_order(const fleet::Update& update, Ending& ending);
  struct Progress {
    std::optional<fleet::FramePosition> pushed;
    std::uint64_t roster_version = 0;
  };
  Progress progress_after(const fleet::Update& update) const;
  bool try_push(fleet::Update& update);
  bool push(fleet::Update update, Ending& ending);
  void note_clock(fleet::Time gateway_time);
  void wait_for_room();
  void wait_before_retry(const Ending& ending);

  const LiveFeedConfig config_;
  const WsUrl url_;
  fleet::UpdateQueue& queue_;
  const Connect connect_;

  // Feed thread only.
  FrameDecoder decoder_;
  ChunkAssembler assembler_;
  std::optional<fleet::Update> held_;  ///< decoded, but the queue was full
  std::optional<fleet::FramePosition> pushed_;
  std::uint64_t roster_version_ = 0;
  Hello hello_;
  std::mt19937 random_{std::random_device{}()};
  int failures_ = 0;
  FeedReason last_reason_ = FeedReason::none;  ///< of the ending before

  TrackAsker tracks_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  FeedHealth health_;
  std::unique_ptr<WsTransport> transport_;  ///< swapped under the lock, used by the feed thread
  bool stopping_ = false, resync_ = false;
  fleet::FramePosition applied_;
  std::uint64_t applied_roster_ = 0;
  std::thread thread_;
};

}  // namespace net
