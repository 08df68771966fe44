// HistoryFeed: day files into the UpdateQueue. Its thread owns the DayReader and reads ahead of
// the playhead as far as it is told to and the queue has room. A jump is made on that thread too:
// the queue gets the whole state it led to, so that the main thread need not apply what lies
// between the keyframe before and the instant.
#include <condition_variable>
#include <optional>
#include <thread>

#include "net/feed/feed.hpp"
#include "net/feed/history_player.hpp"
#include "net/feed/track_desk.hpp"
#include "net/store/track_scan.hpp"

namespace net {

namespace {

using Clock = std::chrono::steady_clock;

/// How often a full queue is tried again.
constexpr std::chrono::milliseconds kRoomPoll{2};
/// How often is looked for what was recorded meanwhile; by whom nobody asked for anything yet.
constexpr std::chrono::milliseconds kLookAgain{1000}, kUnused{60'000};

class HistoryFeed final : public Feed {
 public:
  HistoryFeed(std::unique_ptr<HistoryPlayer> player, std::filesystem::path path,
              fleet::UpdateQueue& queue)
      : player_(std::move(player)), path_(std::move(path)), queue_(queue) {
    health_.state = FeedHealth::State::receiving;
    health_.connections = 1;
    health_.hello.demo = player_->reader().demo();
    health_.hello.day_zone = player_->reader().zone().name();
    health_.hello.gateway_version = FLEETWALL_VERSION;
    health_.range_begin = player_->range_begin();
    health_.range_end = player_->range_end();
    health_.bad_frames = player_->reader().unreadable().size();
    thread_ = std::thread([this] { run(); });
  }
  ~HistoryFeed() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
    if (track_thread_.joinable()) track_thread_.join();
  }

  FeedHealth health() const override {
    const std::lock_guard lock(mutex_);
    return health_;
  }
  void resync() override {
    fleet::Time t;
    {
      const std::lock_guard lock(mutex_);
      roster_lost_ = true;
      t = wanted_;
    }
    seek(t);
  }
  void applied(fleet::FramePosition, std::uint64_t) override {
    const std::lock_guard lock(mutex_);
    roster_queued_ = false;
  }
  void seek(fleet::Time t) override {
    {
      const std::lock_guard lock(mutex_);
      seek_ = t;
      wanted_ = t;
      health_.read_until = fleet::kNever;
      // Here and not on the thread: whatever is popped after this call is from the new place.
      queue_.clear();
      roster_lost_ = roster_lost_ || std::exchange(roster_queued_, false);
    }
    wake_.notify_all();
  }
  void want_until(fleet::Time t) override {
    {
      const std::lock_guard lock(mutex_);
      if (t <= wanted_) return;
      wanted_ = t;
    }
    wake_.notify_all();
  }
  void ask(TrackQuestion question) override {
    desk_.ask(std::move(question));
    // Not before somebody asks: most recordings are only played.
    if (!track_thread_.joinable()) track_thread_ = std::thread([this] { answer_tracks(); });
    {
      const std::lock_guard lock(mutex_);
    }  // or it would miss the call between looking and waiting
    wake_.notify_all();
  }
  std::optional<TrackAnswer> take_track() override { return desk_.next_answer(); }

 private:
  /// A thread of its own, with a reader of its own: playing goes on meanwhile.
  void answer_tracks() {
    std::unique_ptr<TrackScan> scan;
    while (true) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || desk_.asked(); });
        if (stopping_) return;
      }
      const auto question = desk_.next_question();
      if (!question) continue;
      if (!scan) {
        auto opened = TrackScan::open(path_);
        if (!opened) {
          desk_.fail(question->number);
          continue;
        }
        scan = std::move(opened.value());
      }
      answer(*scan, *question);
    }
  }

  void answer(TrackScan& scan, const TrackQuestion& question) {
    // A newer question is what is looked at now: this one then gets what is there.
    const auto covered = scan.cover(question.from, question.to, [this] {
      const std::lock_guard lock(mutex_);
      return !stopping_ && !desk_.asked();
    });
    if (desk_.asked()) return desk_.fail(question.number);
    fleet::TrackBook::Answer found = scan.find(question.machine_id, question.from, question.to);
    TrackAnswer answer;
    answer.number = question.number;
    answer.failed = !covered && found.stays.empty();
    answer.known_from = found.known_from;
    answer.stays = std::move(found.stays);
    desk_.answer(std::move(answer));
  }

  void run() {
    fleet::Time read = fleet::kNever;  // up to where
    while (true) {
      std::optional<fleet::Time> seek;
      fleet::Time until;
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, wanted_ == fleet::kNever ? kUnused : kLookAgain,
                       [&] { return stopping_ || seek_ || wanted_ > read; });
        if (stopping_) return;
        seek = std::exchange(seek_, std::nullopt);
        until = wanted_;
        if (std::exchange(roster_lost_, false)) player_->forget_roster();
      }
      if (look_again(until)) read = fleet::kNever;
      if (!seek && until <= read) continue;
      const auto done = player_->play(seek, until, [this](fleet::Update&& u) { return push(u); });
      read = until;
      note(done, until);
    }
  }

  /// A gateway may be writing. True: there is more than before, perhaps before `until`.
  bool look_again(fleet::Time until) {
    const Clock::time_point now = Clock::now();
    if (now - looked_ < (until > player_->range_end() ? kLookAgain / 4 : kLookAgain)) return false;
    looked_ = now;
    const fleet::Time known = player_->range_end();
    if (!player_->refresh()) return false;
    const std::lock_guard lock(mutex_);
    health_.range_begin = player_->range_begin();
    health_.range_end = player_->range_end();
    // What lies behind the former end was not there to be read.
    if (health_.read_until > known) health_.read_until = known;
    return until > known;
  }

  void note(const fleet::Result<void>& done, fleet::Time until) {
    const std::lock_guard lock(mutex_);
    if (seek_ || stopping_) return;
    health_.state = !done                        ? FeedHealth::State::lost
                    : until >= health_.range_end ? FeedHealth::State::ended
                                                 : FeedHealth::State::receiving;
    health_.read_until = until;
    health_.detail = done ? std::string() : done.error().what;
    if (!done) ++health_.bad_frames;
  }

  /// Waits while the queue is full. False: stop reading, there is a new place to go to.
  bool push(fleet::Update& update) {
    std::unique_lock lock(mutex_);
    while (true) {
      // Under the lock, as the clearing is: an update of the old place never gets in behind it.
      if (stopping_ || seek_) return false;
      const bool roster = std::holds_alternative<fleet::RosterBatch>(update);
      if (queue_.try_push(update)) {
        roster_queued_ = roster_queued_ || roster;
        break;
      }
      wake_.wait_for(lock, kRoomPoll);
    }
    ++health_.frames;
    health_.last_frame_steady_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
            .count();
    return true;
  }

  // Feed thread only, after construction:
  std::unique_ptr<HistoryPlayer> player_;
  Clock::time_point looked_{};  ///< when for what was recorded meanwhile

  const std::filesystem::path path_;
  TrackDesk desk_;
  fleet::UpdateQueue& queue_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  FeedHealth health_;
  std::optional<fleet::Time> seek_;
  fleet::Time wanted_ = fleet::kNever;
  bool roster_queued_ = false;  ///< and nothing was applied since
  bool roster_lost_ = false;    ///< a roster was thrown out of the queue, or did not fit
  bool stopping_ = false;
  std::thread thread_, track_thread_;
};

}  // namespace

fleet::Result<std::unique_ptr<Feed>> open_history_feed(const std::filesystem::path& path,
                                                       fleet::UpdateQueue& queue,
                                                       std::vector<fleet::Error>* unreadable) {
  auto player = HistoryPlayer::open(path);
  if (!player) return player.error();
  if (unreadable) *unreadable = player.value()->reader().unreadable();
  return std::unique_ptr<Feed>(
      std::make_unique<HistoryFeed>(std::move(player.value()), path, queue));
}

}  // namespace net
