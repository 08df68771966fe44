// HistoryFeed: day files into the UpdateQueue. Its thread owns the DayReader and reads ahead of
// the playhead as far as it is told to and the queue has room.
#include <condition_variable>
#include <optional>
#include <thread>

#include "net/feed/feed.hpp"
#include "net/feed/track_desk.hpp"
#include "net/store/day_store.hpp"
#include "net/store/track_scan.hpp"

namespace net {

namespace {

/// How often a full queue is tried again.
constexpr std::chrono::milliseconds kRoomPoll{2};

class HistoryFeed final : public Feed {
 public:
  HistoryFeed(std::unique_ptr<DayReader> reader, std::filesystem::path path,
              fleet::UpdateQueue& queue)
      : reader_(std::move(reader)), path_(std::move(path)), queue_(queue) {
    health_.state = FeedHealth::State::receiving;
    health_.connections = 1;
    health_.hello.demo = reader_->demo();
    health_.hello.day_zone = reader_->zone().name();
    health_.hello.gateway_version = FLEETWALL_VERSION;
    if (!reader_->days().empty()) {
      health_.range_begin = reader_->days().front().begin;
      health_.range_end = reader_->days().back().end;
    }
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
  void resync() override { seek(last_wanted()); }
  void applied(fleet::FramePosition, std::uint64_t) override {}
  void seek(fleet::Time t) override {
    {
      const std::lock_guard lock(mutex_);
      seek_ = t;
      wanted_ = t;
      health_.read_until = fleet::kNever;
      // Here and not on the thread: whatever is popped after this call is from the new place.
      queue_.clear();
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

  fleet::Time last_wanted() const {
    const std::lock_guard lock(mutex_);
    return wanted_;
  }

  void run() {
    fleet::Time read = fleet::kNever;  // up to where
    while (true) {
      std::optional<fleet::Time> seek;
      fleet::Time until;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return stopping_ || seek_ || wanted_ > read; });
        if (stopping_) return;
        seek = std::exchange(seek_, std::nullopt);
        until = wanted_;
      }
      fleet::Result<void> done;
      if (seek) done = reader_->rewind_to(*seek);
      if (done) done = reader_->read_until(until, [this](fleet::Update&& u) { return push(u); });
      read = until;
      note(done, until);
    }
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
      if (queue_.try_push(update)) break;
      wake_.wait_for(lock, kRoomPoll);
    }
    ++health_.frames;
    health_.last_frame_steady_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                                       std::chrono::steady_clock::now().time_since_epoch())
                                       .count();
    return true;
  }

  std::unique_ptr<DayReader> reader_;  ///< feed thread only, after construction
  const std::filesystem::path path_;
  TrackDesk desk_;
  fleet::UpdateQueue& queue_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  FeedHealth health_;
  std::optional<fleet::Time> seek_;
  fleet::Time wanted_ = fleet::kNever;
  bool stopping_ = false;
  std::thread thread_, track_thread_;
};

}  // namespace

fleet::Result<std::unique_ptr<Feed>> open_history_feed(const std::filesystem::path& path,
                                                       fleet::UpdateQueue& queue) {
  auto reader = DayReader::open(path);
  if (!reader) return reader.error();
  return std::unique_ptr<Feed>(
      std::make_unique<HistoryFeed>(std::move(reader.value()), path, queue));
}

}  // namespace net
