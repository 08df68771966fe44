// ReplaySession: one viewer in the past, without its socket: what it asked, and which message it
// gets next.
//
// How it works: a thread of its own plays the day files (HistoryPlayer) and encodes what comes into
// the outbox, which is bounded in bytes: a viewer that reads slowly makes the thread wait, and
// holds that much memory and no more. A second thread, begun when first needed, answers what takes
// a look at many frames (ReplayAnswers). All methods are for the socket's thread, and none waits
// for a disk but the destructor (see `leave`).
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/feed/history_player.hpp"
#include "net/recording/wish_thread.hpp"
#include "net/replay/replay_answers.hpp"

namespace net {

/// Bytes made ahead of the socket, plus one frame: a second of 36,000 machines at 60x.
inline constexpr std::size_t kReplayOutboxBytes = 4u << 20;
/// Answers made ahead of the socket, plus one.
inline constexpr std::size_t kReplayAnswerBytes = 1u << 20;
/// What was asked beside frames and is not answered yet. A wall has eight at most: four tracks, a
/// day, two machines' histories, another day's heat.
inline constexpr std::size_t kMaxReplayQuestions = 16;

class ReplaySession {
 public:
  /// folder: of day files. wake: called from other threads when `next` may have something again.
  ReplaySession(std::filesystem::path folder, Hello hello, std::function<void()> wake,
                std::size_t outbox_bytes = kReplayOutboxBytes);
  /// Waits for what the threads are reading: after `leave`, once `gone`, not at all.
  ~ReplaySession();
  ReplaySession(const ReplaySession&) = delete;
  ReplaySession& operator=(const ReplaySession&) = delete;

  /// A message of the viewer. Anything but one good Subscribe, and good requests after it, ends the
  /// session (see `over`).
  void receive(std::span<const std::byte> message);
  /// Ends the session with this error, said to the viewer before anything else.
  void fail(FeedError::Code code, std::string text);
  /// About once a second: looks for what was recorded meanwhile, and says how far it is.
  void look_again();
  /// The next message to write, or null if there is none for now.
  std::shared_ptr<const std::string> next();

  /// Nobody is there any more: `wake` is not called again, and the threads end soon.
  void leave();
  bool gone() const { return player_thread_.ended() && answer_thread_.ended(); }

  bool over() const { return over_; }
  bool failed() const { return failed_; }
  bool subscribed() const { return subscribed_; }
  const std::string& why() const { return why_; }
  std::optional<FeedError::Code> error() const { return error_; }
  const std::string& client() const { return client_; }
  /// Jumps that were asked for.
  std::uint64_t seeks() const { return seeks_; }
  /// Made and not taken yet.
  std::size_t outbox_bytes() const;

 private:
  using Lock = WishThread::Lock;
  struct Item {
    enum class Kind : std::uint8_t { frame, roster_end, begin, mark } kind = Kind::frame;
    std::string message;
  };
  void subscribe(const Subscribe& message);
  void seek(const ReplaySeek& message);
  void ask(ReplayAnswers::Question question);

  // Player's thread:
  bool wished() const;
  void play(Lock& lock);
  void play_unlocked(std::optional<ReplaySeek> seek, fleet::Time until, bool look, bool forget);
  bool put(fleet::Update&& update);
  void put_mark(const ReplayMark& mark);
  void put_days();
  void tell();

  // Answering thread:
  void answer(Lock& lock);
  bool put_answer(const ReplayMessage& message);

  const std::filesystem::path folder_;
  const std::size_t outbox_limit_;

  // Socket's thread:
  std::shared_ptr<const std::string> urgent_;
  bool subscribed_ = false, failed_ = false, over_ = false, answer_was_last_ = false;
  std::optional<FeedError::Code> error_;
  std::string client_, why_;
  std::uint64_t seeks_ = 0;

  // Player's thread:
  std::unique_ptr<HistoryPlayer> player_;
  FrameEncoder encoder_;
  std::uint32_t number_ = 0;
  std::uint64_t bad_frames_ = 0;
  std::size_t days_told_ = 0;
  std::chrono::steady_clock::time_point looked_{};

  // Answering thread:
  ReplayAnswers answering_;

  // Under the lock of player_thread_:
  std::function<void()> wake_;
  bool told_ = false;  ///< wake_ was called and `next` not since
  std::optional<ReplaySeek> seek_;
  fleet::Time wanted_ = fleet::kNever, read_ = fleet::kNever;
  bool look_ = false;           ///< for what was recorded meanwhile
  bool shut_ = false;           ///< the folder cannot be read: not before the next look
  bool forget_roster_ = false;  ///< the viewer does not hold the one that was made last
  std::uint32_t rosters_sent_ = 0;
  std::deque<Item> outbox_;
  std::size_t outbox_bytes_ = 0;
  std::deque<std::string> answers_;
  std::size_t answer_bytes_ = 0;
  WishThread player_thread_;

  // Under the lock of answer_thread_:
  std::deque<ReplayAnswers::Question> questions_;
  WishThread answer_thread_;
};

}  // namespace net
