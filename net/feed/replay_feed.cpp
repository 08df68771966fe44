#include "net/feed/replay_feed.hpp"

#include <algorithm>
#include <utility>

namespace net {

namespace {

using Clock = std::chrono::steady_clock;

/// How often a full queue is tried again.
constexpr std::chrono::milliseconds kRoomPoll{2};
/// Of the WebSocket itself, for what is no message (pings, parts of one, writes).
constexpr std::chrono::seconds kPeerIdle{30};

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
      .count();
}

/// What a message may say; who asks for more gets it all the same.
fleet::Time sayable(fleet::Time t) {
  return t == fleet::kNever ? t : std::clamp(t, fleet::kMinTime, fleet::kMaxTime);
}

}  // namespace

ReplayFeed::ReplayFeed(LiveFeedConfig config, WsUrl url, fleet::UpdateQueue& queue, Desks desks,
                       Connect connect)
    : config_(std::move(config)),
      url_(std::move(url)),
      queue_(queue),
      desks_(std::move(desks)),
      connect_(std::move(connect)) {
  desks_.days->set_wake([this] { wake(); });
  desks_.machines->set_wake([this] { wake(); });
  desks_.heat->set_wake([this] { wake(); });
  thread_ = std::thread([this] { run(); });
}

ReplayFeed::~ReplayFeed() {
  desks_.days->set_wake(nullptr);
  desks_.machines->set_wake(nullptr);
  desks_.heat->set_wake(nullptr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (transport_) transport_->interrupt();
  }
  wake_.notify_all();
  thread_.join();
}

FeedHealth ReplayFeed::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void ReplayFeed::resync() {
  fleet::Time t;
  {
    const std::lock_guard lock(mutex_);
    rosters_held_ = 0;
    t = wanted_;
  }
  seek(t);
}

void ReplayFeed::applied(fleet::FramePosition, std::uint64_t) {
  const std::lock_guard lock(mutex_);
  roster_queued_ = false;
}

void ReplayFeed::seek(fleet::Time t) {
  {
    const std::lock_guard lock(mutex_);
    ++newest_;
    sought_ = wanted_ = t;
    pushed_until_ = health_.read_until = fleet::kNever;
    seek_due_ = true;
    // Here and not on the thread: whatever is popped after this call is from the new place.
    queue_.clear();
    if (std::exchange(roster_queued_, false)) rosters_held_ = 0;
  }
  wake();
}

void ReplayFeed::want_until(fleet::Time t) {
  {
    const std::lock_guard lock(mutex_);
    if (t <= wanted_) return;
    wanted_ = t;
    until_due_ = true;
  }
  wake();
}

void ReplayFeed::ask(TrackQuestion question) {
  tracks_.ask(std::move(question));
  wake();
}

void ReplayFeed::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (transport_) transport_->wake();
  }
  wake_.notify_all();
}

void ReplayFeed::run() {
  while (make_transport()) {
    const Ending ending = serve_connection();
    tracks_.forget();
    desks_.days->forget();
    desks_.machines->forget();
    desks_.heat->forget();
    {
      const std::lock_guard lock(mutex_);
      transport_.reset();
      if (stopping_) return;
      health_.state = ending.state;
      health_.detail = ending.why;
      health_.reason = last_reason_ = ending.reason;
      health_.fact = ending.fact;
    }
    wait_before_retry(ending);
  }
}

/// False: this feed is being ended.
bool ReplayFeed::make_transport() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  WsClientConfig client;
  client.url = url_;
  client.token = config_.token;
  client.agent = config_.client_name;
  client.max_message_bytes = kMaxServerMessageBytes;
  client.connect_timeout = config_.connect_limit;
  client.idle_timeout = kPeerIdle;
  transport_ = connect_(client);
  return true;
}

ReplayFeed::Ending ReplayFeed::serve_connection() {
  if (auto done = transport_->connect(); !done) {
    if (const auto refusal = transport_->refusal(); refusal.status == 404)
      return {FeedHealth::State::refused, FeedReason::no_past,
              "This gateway has no past to go to: it records nothing, or is older than this wall.",
              refusal.words};
    return ending_of_refusal(*transport_, done.error().what, !config_.token.empty(), last_reason_);
  }
  Ending ending;
  auto begun = take_hello(ending);
  if (begun) begun = begin();
  if (begun) return receive_all();
  if (!ending.why.empty()) return ending;
  if (transport_->failure().reason == FeedReason::none)  // it holds: it is what came over it
    return {FeedHealth::State::lost, FeedReason::unreadable, begun.error().what,
            begun.error().what};
  return ending_of_failure(*transport_, begun.error().what);
}

/// Hello and version check. Error: the connection is to be ended; `ending` may say why.
fleet::Result<void> ReplayFeed::take_hello(Ending& ending) {
  auto message = transport_->receive(config_.hello_limit);
  while (message && !message.value() && transport_->woken())
    message = transport_->receive(config_.hello_limit);
  if (!message) return message.error();
  if (!message.value()) {
    ending = {FeedHealth::State::lost, FeedReason::no_answer, "The gateway did not say hello."};
    return fleet::Error{ending.why};
  }
  auto decoded = decode_replay_server(std::as_bytes(std::span(*message.value())));
  if (!decoded) return decoded.error();
  const auto* hello = std::get_if<Hello>(&decoded.value());
  if (!hello) return fleet::Error{"The gateway's first message is no hello."};
  if (hello->major != kProtocolMajor) {
    const std::string fact = "The gateway speaks feed protocol " + std::to_string(hello->major) +
                             ", this wall " + std::to_string(kProtocolMajor) + ".";
    ending = {FeedHealth::State::refused, FeedReason::version,
              fact + " Install the same version of fleetwall on both.", fact};
    return fleet::Error{ending.why};
  }
  minor_ = hello->minor;
  const std::lock_guard lock(mutex_);
  health_.hello = *hello;
  health_.hello.speed = 1;  // of the live feed, as which the past does not run
  health_.connected_steady_ns = steady_ns();
  ++health_.connections;
  return {};
}

/// What was asked for last is asked for again, behind what the queue has of it.
fleet::Result<void> ReplayFeed::begin() {
  assembler_.reset();
  begun_ = rosters_received_ = 0;
  {
    const std::lock_guard lock(mutex_);
    rosters_held_ = 0;
    seek_due_ = newest_ != 0;
    sought_ = std::max(sought_, pushed_until_);
  }
  Subscribe subscribe;
  subscribe.client = config_.client_name;
  return transport_->send(encode_replay(subscribe), true);
}

/// Tells the gateway what is wanted since.
fleet::Result<void> ReplayFeed::send_due() {
  std::optional<ReplayRequest> request;
  {
    const std::lock_guard lock(mutex_);
    if (seek_due_)
      request = ReplaySeek{newest_, sayable(sought_), sayable(wanted_), rosters_held_};
    else if (until_due_)
      request = ReplayUntil{sayable(wanted_)};
    seek_due_ = until_due_ = false;
  }
  if (request) {
    if (auto sent = transport_->send(encode_replay(*request), true); !sent) return sent;
  }
  if (const auto day = desks_.days->next_question(Clock::now())) {
    if (auto sent = transport_->send(encode_replay(DayRequest{*day}), true); !sent) return sent;
  }
  while (const auto machine = desks_.machines->next_question(Clock::now(), minor_)) {
    if (auto sent = transport_->send(encode_replay(*machine), true); !sent) return sent;
  }
  if (const auto heat = desks_.heat->next_question(minor_)) {
    if (auto sent = transport_->send(encode_replay(*heat), true); !sent) return sent;
  }
  return tracks_.send(*transport_, kReplaySinceMinor);
}

ReplayFeed::Ending ReplayFeed::receive_all() {
  Ending ending;
  Clock::time_point heard = Clock::now();
  while (true) {
    if (auto sent = send_due(); !sent) return ending_of_failure(*transport_, sent.error().what);
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - heard);
    auto message =
        transport_->receive(std::max(std::chrono::milliseconds{0}, config_.silence_limit - waited));
    if (!message) return ending_of_failure(*transport_, message.error().what);
    if (!message.value() && transport_->woken()) continue;
    if (!message.value())
      return {FeedHealth::State::lost, FeedReason::no_answer, "The gateway fell silent."};
    heard = Clock::now();
    failures_ = 0;
    {
      const std::lock_guard lock(mutex_);
      health_.bytes += message.value()->size();
      health_.last_frame_steady_ns = steady_ns();
      // A mark says more; whoever was lost has come back.
      if (health_.reason != FeedReason::none || health_.state == FeedHealth::State::connecting)
        health_.state = FeedHealth::State::receiving;
      health_.reason = FeedReason::none;
      health_.fact.clear();
    }
    if (!take_message(*message.value(), ending)) return ending;
  }
}

/// Always false.
bool ReplayFeed::unreadable(const std::string& what, Ending& ending) {
  const std::lock_guard lock(mutex_);
  ++health_.bad_frames;
  ending = {FeedHealth::State::lost, FeedReason::unreadable,
            "The gateway sent something unreadable: " + what, what};
  return false;
}

/// False: the connection is to be ended, `ending` says why.
bool ReplayFeed::take_message(const std::string& message, Ending& ending) {
  auto decoded = decode_replay_server(std::as_bytes(std::span(message)));
  if (!decoded) return unreadable(decoded.error().what, ending);
  if (const auto* error = std::get_if<FeedError>(&*decoded)) {
    ending = ending_of(*error);
    return false;
  }
  if (const auto* begin = std::get_if<ReplayBegin>(&*decoded)) {
    begun_ = begin->number;
    assembler_.reset();  // the frame under way goes on no more
  } else if (const auto* mark = std::get_if<ReplayMark>(&*decoded)) {
    take_mark(*mark);
  } else if (const auto* days = std::get_if<ReplayDays>(&*decoded)) {
    desks_.days->take(*days);
    const std::lock_guard lock(mutex_);
    health_.hello.demo = health_.hello.demo || days->demo;
  } else if (auto* day = std::get_if<DayReply>(&*decoded)) {
    desks_.days->take(std::move(*day));
  } else if (const auto* packed = std::get_if<PackedReply>(&*decoded)) {
    for (auto taken : {desks_.machines->take(*packed), desks_.heat->take(*packed)})
      if (!taken) return unreadable(taken.error().what, ending);
  } else if (auto* track = std::get_if<TrackReply>(&*decoded)) {
    tracks_.take(std::move(*track));
  } else if (const auto* chunk = std::get_if<Chunk>(&*decoded)) {
    auto frame = assembler_.add(*chunk);
    if (!frame) return unreadable(frame.error().what, ending);
    return !frame.value() || take_frame(*frame.value(), ending);
  } else {
    return unreadable("a second hello.", ending);
  }
  return true;
}

void ReplayFeed::take_mark(const ReplayMark& mark) {
  desks_.days->grew(mark.range_end);
  desks_.machines->grew(mark.range_end);
  const std::lock_guard lock(mutex_);
  health_.range_begin = mark.range_begin;
  health_.range_end = mark.range_end;
  health_.bad_frames = mark.bad_frames;
  health_.detail = mark.error;
  if (mark.number == newest_ && !seek_due_) health_.read_until = mark.read_until;
  const bool ended = newest_ != 0 && health_.read_until >= mark.range_end;
  health_.state = !mark.error.empty() ? FeedHealth::State::lost
                  : ended             ? FeedHealth::State::ended
                                      : FeedHealth::State::receiving;
}

bool ReplayFeed::take_frame(const std::string& frame, Ending& ending) {
  auto update = decoder_.decode(std::as_bytes(std::span(frame)));
  if (!update) return unreadable(update.error().what, ending);
  if (std::holds_alternative<fleet::RosterBatch>(*update)) ++rosters_received_;
  return push(std::move(*update), ending);
}

/// Waits while the queue is full, not reading. False: full for too long, or stopped.
bool ReplayFeed::push(fleet::Update update, Ending& ending) {
  const bool roster = std::holds_alternative<fleet::RosterBatch>(update);
  fleet::Time end = fleet::kNever;
  if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) end = tick->end;
  if (const auto* state = std::get_if<fleet::StateBatch>(&update)) end = state->time;
  const Clock::time_point deadline = Clock::now() + config_.stall_limit;
  std::unique_lock lock(mutex_);
  // Under the lock, as the clearing is: an update of the old place never gets in behind it.
  while (begun_ == newest_ && !stopping_) {
    if (queue_.try_push(update)) {
      ++health_.frames;
      if (roster) rosters_held_ = rosters_received_;
      roster_queued_ = roster_queued_ || roster;
      pushed_until_ = std::max(pushed_until_, end);
      return true;
    }
    if (Clock::now() >= deadline) {
      ending = {FeedHealth::State::lost, FeedReason::wall_busy,
                "This wall was too busy to take what it asked for."};
      return false;
    }
    wake_.wait_for(lock, kRoomPoll);
  }
  return !stopping_;
}

void ReplayFeed::wait_before_retry(const Ending& ending) {
  auto delay = config_.first_retry * (1 << std::min(failures_, 10));
  if (ending.state == FeedHealth::State::refused || delay > config_.longest_retry)
    delay = config_.longest_retry;
  ++failures_;
  // Half to whole of it by chance: walls that lost the same gateway do not come back in step.
  const double share = std::uniform_real_distribution<double>(0.5, 1)(random_);
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, delay * share, [this] { return stopping_; });
}

fleet::Result<WsUrl> replay_url(std::string_view feed_url) {
  auto url = parse_ws_url(feed_url, "/feed");
  if (url) url->path = url->path.substr(0, url->path.rfind('/')) + "/replay";
  return url;
}

}  // namespace net
