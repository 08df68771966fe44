// Recorder: writes what it is handed to a DayWriter on a thread of its own, in order, in groups.
//
// The gateway's thread hands over journal entries, frames and questions ("tell me when all before
// this is committed"); the recorder waits at most `commit_every` for more, writes the lot, commits,
// and answers. After an error everything since the last commit is written again, after a pause
// each, until it succeeds; meanwhile all questions are answered with no.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/gateway/store_feeder.hpp"
#include "net/log.hpp"
#include "net/store/day_store.hpp"

namespace net {

/// More than this waiting for its commit, and ingest is told to come back later (429).
inline constexpr std::size_t kMaxUncommittedBytes = 32u << 20;
/// More than this held back by an error is given up; a keyframe closes the gap afterwards. It binds
/// only what a demo makes by itself: what holds samples of senders, and what stands before that, is
/// never given up. Ingest is refused during an error, so that this is no more than
/// kMaxUncommittedBytes, one message, and the tick under way with its keyframe. Besides, one frame
/// and the newest keyframe with a roster stay.
inline constexpr std::size_t kMaxHeldBackBytes = 64u << 20;

class Recorder final : public StoreSink {
 public:
  /// Runs a function on the gateway's thread, later.
  using Post = std::function<void(std::function<void()>)>;

  struct Pace {
    std::chrono::milliseconds commit_every{20};  ///< longest wait for more to commit together
    std::chrono::milliseconds retry{1000};       ///< between two tries to write after an error
  };
  Recorder(std::unique_ptr<DayWriter> writer, Pace pace, Post post, LogSink log);
  /// Writes and commits what it has, once.
  ~Recorder() override;

  void journal(SharedEncoded entry);
  /// These two never fail: an error shows in `status`.
  fleet::Result<void> append(SharedEncoded frame) override;
  fleet::Result<void> append_keyframe(SharedEncoded roster, SharedEncoded keyframe,
                                      fleet::Time next_end) override;
  /// `done(committed)` runs on the gateway's thread once all handed over before is durable, or is
  /// known not to be.
  void when_committed(std::function<void(bool)> done);

  struct Status {
    bool healthy = true;
    bool lost_frames = false;  ///< frames were given up since the last `clear_lost`
    fleet::Error problem;      ///< the last one, while not healthy
    std::size_t waiting_bytes = 0;
    std::uint64_t commits = 0, failures = 0, bytes = 0;
    std::uint64_t given_up_frames = 0;  ///< that history lacks
    double commit_s_max = 0, commit_s_sum = 0;
  };
  Status status() const;
  bool healthy() const;
  void clear_lost();

 private:
  struct Task {
    enum class Kind { journal, append, keyframe, question } kind;
    SharedEncoded frame;
    std::function<void(bool)> done;
    SharedEncoded roster;                  ///< keyframe only; may be null
    fleet::Time next_end = fleet::kNever;  ///< keyframe only
    /// Samples from the journal are in it: without it they would be nowhere.
    bool holds_samples = false;
  };
  static std::size_t bytes_of(const Task& task);
  void add(Task task);
  void run();
  void write(std::deque<Task>& tasks);
  fleet::Result<void> write_group(const std::deque<Task>& group);
  fleet::Result<void> write_task(const Task& task);
  static bool may_be_lost(const Task& task);
  void succeed(std::deque<Task>& tasks, std::chrono::nanoseconds took);
  std::vector<bool> to_give_up(const std::deque<Task>& tasks) const;
  std::size_t give_up(std::deque<Task>& tasks);
  void take_new_tasks(std::deque<Task>& tasks);
  void fail(std::deque<Task>& tasks, const fleet::Error& problem);
  void answer(std::deque<Task>& tasks, bool committed);

  std::unique_ptr<DayWriter> writer_;
  const Pace pace_;
  Post post_;
  LogSink log_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  Status status_;
  bool stopping_ = false;
  bool journaled_ = false;      ///< samples that are in no tick frame yet; under the mutex
  std::deque<Task> held_back_;  ///< frames an error kept from the disk; recorder thread only
  /// Frames were given up behind which the next one would say nothing; recorder thread only.
  bool in_gap_ = false;
  std::thread thread_;
};

}  // namespace net
