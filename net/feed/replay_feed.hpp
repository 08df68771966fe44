// ReplayFeed: what a gateway recorded, into the UpdateQueue: as HistoryFeed, over its /replay. Runs
// a thread of its own, which owns the connection; see feed.hpp for what the main thread may call.
//
// How it works: a jump clears the queue and gets a number; what comes before the gateway's Begin of
// that number is of another place, and is dropped. After an interruption the last jump is asked for
// again, at the end of what the queue was given since.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "net/feed/day_desk.hpp"
#include "net/feed/heat_desk.hpp"
#include "net/feed/live_feed.hpp"
#include "net/feed/machine_desk.hpp"

namespace net {

class ReplayFeed final : public Feed {
 public:
  using Connect = LiveFeed::Connect;

  /// Who asks beside the playing, over the same connection.
  struct Desks {
    std::shared_ptr<DayDesk> days = std::make_shared<DayDesk>();
    std::shared_ptr<MachineDesk> machines = std::make_shared<MachineDesk>();
    std::shared_ptr<HeatDesk> heat = std::make_shared<HeatDesk>();
  };
  /// url: of /replay. connect makes a connection; tests give their own.
  ReplayFeed(LiveFeedConfig config, WsUrl url, fleet::UpdateQueue& queue, Desks desks,
             Connect connect);
  ~ReplayFeed() override;

  FeedHealth health() const override;
  void resync() override;
  void applied(fleet::FramePosition position, std::uint64_t roster_version) override;
  void seek(fleet::Time t) override;
  void want_until(fleet::Time t) override;
  void ask(TrackQuestion question) override;
  std::optional<TrackAnswer> take_track() override { return tracks_.next_answer(); }

 private:
  using Ending = FeedEnding;

  void run();
  bool make_transport();
  Ending serve_connection();
  fleet::Result<void> take_hello(Ending& ending);
  fleet::Result<void> begin();
  fleet::Result<void> send_due();
  Ending receive_all();
  bool take_message(const std::string& message, Ending& ending);
  bool take_frame(const std::string& frame, Ending& ending);
  void take_mark(const ReplayMark& mark);
  bool push(fleet::Update update, Ending& ending);
  bool unreadable(const std::string& what, Ending& ending);
  void wake();
  void wait_before_retry(const Ending& ending);

  const LiveFeedConfig config_;
  const WsUrl url_;
  fleet::UpdateQueue& queue_;
  const Desks desks_;
  const Connect connect_;

  // Feed thread only.
  FrameDecoder decoder_;
  ChunkAssembler assembler_;
  std::uint32_t begun_ = 0;             ///< number of the seek that frames are of
  std::uint32_t rosters_received_ = 0;  ///< over this connection
  std::uint32_t minor_ = 0;             ///< of the protocol it speaks
  std::mt19937 random_{std::random_device{}()};
  int failures_ = 0;
  FeedReason last_reason_ = FeedReason::none;

  TrackAsker tracks_{TrackAsker::By::id};

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  FeedHealth health_;
  std::unique_ptr<WsTransport> transport_;  ///< swapped under the lock, used by the feed thread
  bool stopping_ = false;
  std::uint32_t newest_ = 0;  ///< number of the last seek; 0 = there was none
  fleet::Time sought_ = fleet::kNever, wanted_ = fleet::kNever;
  fleet::Time pushed_until_ = fleet::kNever;   ///< since that seek
  bool seek_due_ = false, until_due_ = false;  ///< to be told to the gateway
  bool roster_queued_ = false;                 ///< and nothing was applied since
  std::uint32_t rosters_held_ = 0;             ///< as ReplaySeek::rosters
  std::thread thread_;
};

/// The address of /replay beside that of /feed. Error: as parse_ws_url.
fleet::Result<WsUrl> replay_url(std::string_view feed_url);

}  // namespace net
