#include "net/replay/replay_session.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace net {
namespace {

/// How often is looked again for what is wanted beyond all that is recorded.
constexpr std::chrono::milliseconds kLookBeyond{250};

}  // namespace

ReplaySession::ReplaySession(std::filesystem::path folder, Hello hello, std::function<void()> wake,
                             std::size_t outbox_bytes)
    : folder_(std::move(folder)),
      outbox_limit_(outbox_bytes),
      urgent_(std::make_shared<const std::string>(encode(ServerMessage(std::move(hello))))),
      answering_(folder_),
      wake_(std::move(wake)) {}

ReplaySession::~ReplaySession() {
  leave();
  answer_thread_.stop();
  player_thread_.stop();
}

void ReplaySession::leave() {
  {
    const auto lock = player_thread_.lock();
    wake_ = nullptr;
  }
  answer_thread_.end();
  player_thread_.end();
}

void ReplaySession::fail(FeedError::Code code, std::string text) {
  if (failed_) return;
  failed_ = true;
  error_ = code;
  why_ = text;
  urgent_ =
      std::make_shared<const std::string>(encode(ServerMessage(FeedError{code, std::move(text)})));
}

void ReplaySession::receive(std::span<const std::byte> message) {
  if (failed_) return;
  auto decoded = decode_replay_client(message);
  if (!decoded) return fail(FeedError::Code::bad_message, decoded.error().what);
  if (const auto* subscription = std::get_if<Subscribe>(&*decoded)) {
    if (subscribed_)
      return fail(FeedError::Code::bad_message, "Subscribed twice on one connection.");
    return subscribe(*subscription);
  }
  if (!subscribed_) return fail(FeedError::Code::bad_message, "Asked before it subscribed.");
  if (const auto* place = std::get_if<ReplaySeek>(&*decoded)) return seek(*place);
  if (auto* track = std::get_if<ReplayTrack>(&*decoded)) return ask(std::move(*track));
  if (auto* machine = std::get_if<ReplayMachine>(&*decoded)) return ask(std::move(*machine));
  if (const auto* heat = std::get_if<ReplayHeat>(&*decoded)) return ask(*heat);
  if (const auto* day = std::get_if<DayRequest>(&*decoded)) return ask(*day);
  {
    const auto lock = player_thread_.lock();
    wanted_ = std::max(wanted_, std::get<ReplayUntil>(*decoded).until);
  }
  player_thread_.wake();
}

void ReplaySession::subscribe(const Subscribe& message) {
  client_ = message.client;
  if (message.major != kProtocolMajor)
    return fail(FeedError::Code::version_mismatch,
                "This gateway speaks feed protocol " + std::to_string(kProtocolMajor) +
                    ", the wall speaks " + std::to_string(message.major) +
                    ". Install the same version of fleetwall on both.");
  subscribed_ = true;
  look_ = true;  // what is recorded, before anything is asked
  player_thread_.start([] {}, [this] { return wished(); }, [this](Lock& lock) { play(lock); });
}

/// What was made for the place before goes; who was given parts of a frame starts over.
void ReplaySession::seek(const ReplaySeek& message) {
  ++seeks_;
  {
    const auto lock = player_thread_.lock();
    const bool dropped =
        std::ranges::find(outbox_, Item::Kind::roster_end, &Item::kind) != outbox_.end();
    outbox_.clear();
    outbox_bytes_ = 0;
    if (dropped || message.rosters == 0 || message.rosters != rosters_sent_) forget_roster_ = true;
    seek_ = message;
    wanted_ = std::max(message.at, message.until);
  }
  player_thread_.wake();
}

void ReplaySession::ask(ReplayAnswers::Question question) {
  {
    const auto lock = answer_thread_.lock();
    if (questions_.size() >= kMaxReplayQuestions)
      return fail(FeedError::Code::bad_message, "Asked while " +
                                                    std::to_string(kMaxReplayQuestions) +
                                                    " questions wait for their answers.");
    questions_.push_back(std::move(question));
  }
  if (!answer_thread_.started())
    answer_thread_.start([] { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19); },
                         [this] { return !questions_.empty(); },
                         [this](Lock& lock) { answer(lock); });
  answer_thread_.wake();
}

void ReplaySession::look_again() {
  if (!subscribed_) return;
  {
    const auto lock = player_thread_.lock();
    look_ = true;
  }
  player_thread_.wake();
}

std::shared_ptr<const std::string> ReplaySession::next() {
  if (urgent_) {
    over_ = failed_;
    return std::exchange(urgent_, nullptr);
  }
  if (!subscribed_ || failed_) return nullptr;
  std::shared_ptr<const std::string> message;
  {
    const auto lock = player_thread_.lock();
    told_ = false;
    // Taking turns, neither a long answer nor a long frame holds up the other.
    if (!answers_.empty() && (outbox_.empty() || !answer_was_last_)) {
      message = std::make_shared<const std::string>(std::move(answers_.front()));
      answers_.pop_front();
      answer_bytes_ -= message->size();
      answer_was_last_ = true;
    } else if (!outbox_.empty()) {
      Item& item = outbox_.front();
      if (item.kind == Item::Kind::roster_end) ++rosters_sent_;
      message = std::make_shared<const std::string>(std::move(item.message));
      outbox_.pop_front();
      outbox_bytes_ -= message->size();
      answer_was_last_ = false;
    }
  }
  if (message) player_thread_.wake();
  return message;
}

std::size_t ReplaySession::outbox_bytes() const {
  const auto lock = player_thread_.lock();
  return outbox_bytes_ + answer_bytes_;
}

// ---------------------------------------------------------------- player's thread

bool ReplaySession::wished() const {
  return look_ || (!shut_ && (seek_ || wanted_ > read_));
}

void ReplaySession::play(Lock& lock) {
  const auto seek = std::exchange(seek_, std::nullopt);
  const fleet::Time until = wanted_;
  const bool look = std::exchange(look_, false);
  const bool forget = std::exchange(forget_roster_, false);
  lock.unlock();
  try {
    play_unlocked(seek, until, look, forget);
  } catch (const std::exception& error) {
    ReplayMark mark;
    mark.number = number_;
    mark.error = error.what();
    mark.bad_frames = ++bad_frames_;
    put_mark(mark);
  }
  lock.lock();
  shut_ = player_ == nullptr;
  if (shut_ && seek && !seek_) seek_ = seek;
  if (shut_) forget_roster_ = true;
  read_ = until;
}

void ReplaySession::play_unlocked(std::optional<ReplaySeek> seek, fleet::Time until, bool look,
                                  bool forget) {
  ReplayMark mark;
  if (!player_) {
    auto opened = HistoryPlayer::open(folder_);
    if (!opened) {
      mark.error = opened.error().what;
      return put_mark(mark);
    }
    player_ = std::move(opened.value());
  } else if (const auto now = std::chrono::steady_clock::now();
             look || (until > player_->range_end() && now - looked_ > kLookBeyond)) {
    looked_ = now;
    player_->refresh();
  }
  put_days();
  if (forget) player_->forget_roster();
  if (seek) {
    number_ = seek->number;
    const auto lock = player_thread_.lock();
    if (seek_) return;
    outbox_.push_back({Item::Kind::begin, encode_replay(ReplayBegin{number_})});
    outbox_bytes_ += outbox_.back().message.size();
    tell();
  }
  fleet::Result<void> done;
  // Before the first seek nobody has said from where.
  if (number_ != 0)
    done = player_->play(seek ? std::optional(seek->at) : std::nullopt, until,
                         [this](fleet::Update&& update) { return put(std::move(update)); });
  if (!done) ++bad_frames_;
  mark.number = number_;
  mark.read_until = until;
  mark.range_begin = player_->range_begin();
  mark.range_end = player_->range_end();
  mark.bad_frames = bad_frames_;
  if (!done) mark.error = done.error().what;
  put_mark(mark);
}

/// Waits while the outbox is full. False: there is a new place to go to.
bool ReplaySession::put(fleet::Update&& update) {
  EncodedFrame frame;
  const bool roster = std::holds_alternative<fleet::RosterBatch>(update);
  if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) frame = encoder_.encode(*tick);
  if (const auto* state = std::get_if<fleet::StateBatch>(&update)) frame = encoder_.encode(*state);
  if (const auto* batch = std::get_if<fleet::RosterBatch>(&update))
    frame = encoder_.encode(*batch, {}, fleet::kMinTime);
  std::vector<std::string> parts = chunk_messages(frame.bytes);
  auto lock = player_thread_.lock();
  const auto stale = [this] { return player_thread_.stopping() || seek_; };
  player_thread_.wait(lock, [&] { return stale() || outbox_bytes_ < outbox_limit_; });
  if (stale()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool ends_roster = roster && i + 1 == parts.size();
    outbox_bytes_ += parts[i].size();
    outbox_.push_back(
        {ends_roster ? Item::Kind::roster_end : Item::Kind::frame, std::move(parts[i])});
  }
  tell();
  return true;
}

/// Behind all that was made; in place of one that nobody took yet.
void ReplaySession::put_mark(const ReplayMark& mark) {
  std::string message = encode_replay(mark);
  const auto lock = player_thread_.lock();
  if (seek_) return;
  if (!outbox_.empty() && outbox_.back().kind == Item::Kind::mark) {
    outbox_bytes_ -= outbox_.back().message.size();
    outbox_.pop_back();
  }
  outbox_bytes_ += message.size();
  outbox_.push_back({Item::Kind::mark, std::move(message)});
  tell();
}

void ReplaySession::put_days() {
  const auto& files = player_->reader().days();
  if (files.size() == days_told_) return;
  ReplayDays days;
  days.demo = player_->reader().demo();
  for (const DayReader::Day& day : std::span(files).last(std::min(files.size(), kMaxReplayDays)))
    days.days.push_back({day.day, day.begin, day.end});
  days_told_ = files.size();
  std::string message = encode_replay(days);
  const auto lock = player_thread_.lock();
  answer_bytes_ += message.size();
  answers_.push_back(std::move(message));
  tell();
}

/// Under the lock.
void ReplaySession::tell() {
  if (wake_ && !std::exchange(told_, true)) wake_();
}

// ---------------------------------------------------------------- answering thread

void ReplaySession::answer(Lock& lock) {
  const ReplayAnswers::Question question = std::move(questions_.front());
  questions_.pop_front();
  lock.unlock();
  const auto go_on = [this] {
    const auto held = answer_thread_.lock();
    return !answer_thread_.stopping();
  };
  answering_.answer(question, go_on,
                    [this](const ReplayMessage& message) { return put_answer(message); });
  lock.lock();
}

/// Waits while too many are not taken. False: nobody will take it.
bool ReplaySession::put_answer(const ReplayMessage& answer) {
  std::string message = encode_replay(answer);
  auto lock = player_thread_.lock();
  player_thread_.wait(
      lock, [this] { return player_thread_.stopping() || answer_bytes_ < kReplayAnswerBytes; });
  if (player_thread_.stopping()) return false;
  answer_bytes_ += message.size();
  answers_.push_back(std::move(message));
  tell();
  return true;
}

}  // namespace net
