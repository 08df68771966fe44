#include "net/feed/live_feed.hpp"

#include <algorithm>
#include <utility>

namespace net {

namespace {

using Clock = std::chrono::steady_clock;

/// How often a full queue is tried again.
constexpr std::chrono::milliseconds kRoomPoll{5};
/// Of the WebSocket itself, for what is no message (pings, parts of one, writes).
constexpr std::chrono::seconds kPeerIdle{30};

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
      .count();
}

double system_ms() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

LiveFeed::LiveFeed(LiveFeedConfig config, WsUrl url, fleet::UpdateQueue& queue, Connect connect)
    : config_(std::move(config)),
      url_(std::move(url)),
      queue_(queue),
      connect_(std::move(connect)),
      thread_([this] { run(); }) {}

LiveFeed::~LiveFeed() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (transport_) transport_->interrupt();
  }
  wake_.notify_all();
  thread_.join();
}

FeedHealth LiveFeed::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void LiveFeed::resync() {
  {
    const std::lock_guard lock(mutex_);
    resync_ = true;
    applied_ = {};
    if (transport_) transport_->interrupt();
  }
  wake_.notify_all();
}

void LiveFeed::applied(fleet::FramePosition position, std::uint64_t roster_version) {
  const std::lock_guard lock(mutex_);
  applied_ = position;
  applied_roster_ = roster_version;
}

void LiveFeed::run() {
  while (true) {
    wait_for_room();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      if (std::exchange(resync_, false)) {
        pushed_.reset();
        held_.reset();
        queue_.clear();
      }
      WsClientConfig client;
      client.url = url_;
      client.token = config_.token;
      client.agent = config_.client_name;
      client.max_message_bytes = kMaxServerMessageBytes;
      client.connect_timeout = config_.connect_limit;
      client.idle_timeout = kPeerIdle;
      transport_ = connect_(client);
    }
    Ending ending = serve_connection();
    forget_questions();
    if (ending.start_over) {
      pushed_.reset();
      held_.reset();
    }
    {
      const std::lock_guard lock(mutex_);
      transport_.reset();
      if (stopping_) return;
      if (resync_) continue;
      health_.state = ending.state;
      health_.detail = ending.why;
      health_.reason = last_reason_ = ending.reason;
      health_.fact = ending.fact;
    }
    wait_before_retry(ending);
  }
}

/// Of a transport that could not connect. why: in its words.
LiveFeed::Ending LiveFeed::refused(const WsTransport& transport, const std::string& why) const {
  using enum FeedReason;
  constexpr auto kRefused = FeedHealth::State::refused;
  const auto [status, words] = transport.refusal();
  if (status == 401 && config_.token.empty())
    return {kRefused, token_wanted,
            "The gateway asks for a token: start the wall with --token-file FILE."};
  if (status == 401)
    return {kRefused, token_unknown,
            "The gateway does not know the token of this wall (any more)."};
  if (status == 403 && last_reason_ == token_changed)
    return {kRefused, token_changed,
            "The role of this wall's token was changed: it does not allow it to watch any more."};
  const std::string answer = "HTTP " + std::to_string(status);
  // What a gateway without tokens says to a name that is not its own, as a proxy may hand on.
  if (status == 403 && config_.token.empty())
    return {kRefused, address_refused,
            "The gateway does not let a wall in by this address: reach it by its own, or let it "
            "have tokens.",
            words.empty() ? answer : words};
  if (status == 403)
    return {kRefused, token_forbidden, "The token of this wall does not allow it to watch.", words};
  constexpr auto kLost = FeedHealth::State::lost;
  if (status == 426) return {kLost, no_upgrade, why, answer};
  if (status == 429 || (status == 503 && !words.empty())) return {kLost, full, why, answer};
  if (status >= 502 && status <= 504) return {kLost, unreachable, why, answer};
  if (status != 0) return {kLost, no_gateway, why, answer};
  const WsFailure failure = transport.failure();
  return {failure.reason == certificate ? kRefused : kLost, failure.reason, why, failure.fact};
}

LiveFeed::Ending LiveFeed::ending_of(FeedError error) {
  using enum FeedError::Code;
  constexpr auto kRefused = FeedHealth::State::refused;
  constexpr auto kLost = FeedHealth::State::lost;
  switch (error.code) {
    case version_mismatch:
      return {kRefused, FeedReason::version, error.text, error.text};
    case unauthorised:
      return {kRefused, FeedReason::token_withdrawn, error.text};
    case token_changed:
      return {kLost, FeedReason::token_changed, error.text};
    case too_slow:
      return {kLost, FeedReason::too_slow, error.text};
    case shutting_down:
      return {kLost, FeedReason::stopping, error.text};
    case bad_message:
      return {kLost, FeedReason::bad_request, error.text, error.text};
    case internal:
      break;
  }
  return {kLost, FeedReason::gateway_fault, error.text, error.text};
}

LiveFeed::Ending LiveFeed::serve_connection() {
  Ending ending;
  WsTransport& transport = *transport_;
  assembler_.reset();
  if (auto done = transport.connect(); !done) return refused(transport, done.error().what);
  {
    const std::lock_guard lock(mutex_);
    health_.connected_steady_ns = steady_ns();
  }
  if (auto done = subscribe(transport, ending); !done) {
    if (!ending.why.empty()) return ending;
    const WsFailure failure = transport.failure();
    const std::string& what = done.error().what;
    if (failure.reason == FeedReason::none)  // the connection holds: it is what came over it
      return {FeedHealth::State::lost, FeedReason::unreadable, what, what};
    return {FeedHealth::State::lost, failure.reason, what, failure.fact};
  }
  Clock::time_point heard = Clock::now();
  std::chrono::milliseconds patience = config_.silence_limit;
  while (true) {
    if (auto sent = send_questions(transport); !sent) {
      const WsFailure failure = transport.failure();
      return {FeedHealth::State::lost, failure.reason, sent.error().what, failure.fact};
    }
    auto message = transport.receive(patience);
    if (!message) {
      const WsFailure failure = transport.failure();
      return {FeedHealth::State::lost, failure.reason, message.error().what, failure.fact};
    }
    if (!message.value() && transport.woken()) {
      const auto waited =
          std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - heard);
      patience = std::max(std::chrono::milliseconds{0}, config_.silence_limit - waited);
      continue;
    }
    if (!message.value())
      return {FeedHealth::State::lost, FeedReason::no_answer, "The gateway fell silent."};
    heard = Clock::now();
    patience = config_.silence_limit;
    if (!take_message(*message.value(), ending)) return ending;
  }
}

void LiveFeed::ask(TrackQuestion question) {
  desk_.ask(std::move(question));
  const std::lock_guard lock(mutex_);
  if (transport_) transport_->wake();
}

/// As many as a gateway takes at a time.
fleet::Result<void> LiveFeed::send_questions(WsTransport& transport) {
  while (asked_.size() < TrackDesk::kMost) {
    const auto question = desk_.next_question();
    if (!question) break;
    if (hello_.minor < kTracksSinceMinor) {
      desk_.fail(question->number);
      continue;
    }
    TrackRequest request;
    request.request = question->number;
    request.machines = {question->machine};
    request.from = question->from;
    request.to = question->to;
    if (auto sent = transport.send(encode(ClientMessage(request)), true); !sent) return sent;
    asked_.emplace_back().number = question->number;
  }
  return {};
}

/// Answers come in the order of the questions; others were never asked for and are forgotten.
void LiveFeed::take_track(TrackReply reply) {
  if (asked_.empty() || asked_.front().number != reply.request) return;
  TrackAnswer& answer = asked_.front();
  if (answer.stays.size() + reply.stays.size() > fleet::kMaxTrackStays) reply.stays.clear();
  answer.failed = answer.failed || !reply.error.empty();
  answer.known_from = reply.known_from;
  answer.stays.insert(answer.stays.end(), reply.stays.begin(), reply.stays.end());
  if (reply.more) return;
  desk_.answer(std::move(answer));
  asked_.pop_front();
}

/// The connection is over: nobody answers them any more.
void LiveFeed::forget_questions() {
  for (const TrackAnswer& open : asked_) desk_.fail(open.number);
  asked_.clear();
  while (const auto question = desk_.next_question()) desk_.fail(question->number);
}

/// Hello, version check, Subscribe.
fleet::Result<void> LiveFeed::subscribe(WsTransport& transport, Ending& ending) {
  auto message = transport.receive(config_.hello_limit);
  // A question that came meanwhile woke it: it is sent once there is somebody to ask.
  while (message && !message.value() && transport.woken()) {
    message = transport.receive(config_.hello_limit);
  }
  if (!message) return message.error();
  if (!message.value()) {
    ending = {FeedHealth::State::lost, FeedReason::no_answer, "The gateway did not say hello."};
    return fleet::Error{ending.why};
  }
  auto decoded = decode_server(std::as_bytes(std::span(*message.value())));
  if (!decoded) return decoded.error();
  const auto* hello = std::get_if<Hello>(&decoded.value());
  if (!hello) return fleet::Error{"The gateway's first message is no hello."};
  hello_ = *hello;
  if (hello_.major != kProtocolMajor) {
    const std::string fact = "The gateway speaks feed protocol " + std::to_string(hello_.major) +
                             ", this wall " + std::to_string(kProtocolMajor) + ".";
    ending = {FeedHealth::State::refused, FeedReason::version,
              fact + " Install the same version of fleetwall on both.", fact};
    return fleet::Error{ending.why};
  }
  Subscribe subscribe;
  subscribe.client = config_.client_name;
  {
    const std::lock_guard lock(mutex_);
    health_.hello = hello_;
    health_.trouble.clear();
    ++health_.connections;
    // A wall may have taken more than we gave it: from a feed before this one.
    if (applied_.epoch == hello_.epoch && (!pushed_ || pushed_->epoch != hello_.epoch)) {
      pushed_ = applied_;
      roster_version_ = applied_roster_;
    }
  }
  if (pushed_ && pushed_->epoch != hello_.epoch) {
    pushed_.reset();
    queue_.clear();  // of an epoch that is over: the keyframe to come replaces it all
  }
  subscribe.resume = pushed_;
  subscribe.roster_version = pushed_ ? roster_version_ : 0;
  note_clock(hello_.gateway_time);
  return transport.send(encode(ClientMessage(subscribe)), true);
}

/// Gateway clock minus ours; the largest seen lately is the one with the least delay in it.
void LiveFeed::note_clock(fleet::Time gateway_time) {
  if (hello_.demo || hello_.speed != 1) return;
  const double offset = static_cast<double>(fleet::ms_from_time(gateway_time)) - system_ms();
  const std::lock_guard lock(mutex_);
  const bool first = health_.clock_offset_ms == 0;
  // Sinks by a tenth towards worse values, so that a clock that was set is followed.
  health_.clock_offset_ms = first || offset > health_.clock_offset_ms
                                ? offset
                                : health_.clock_offset_ms * 0.9 + offset * 0.1;
}

/// False: the connection is to be ended, `ending` says why.
bool LiveFeed::take_message(const std::string& message, Ending& ending) {
  {
    const std::lock_guard lock(mutex_);
    health_.bytes += message.size();
    health_.last_frame_steady_ns = steady_ns();
    health_.state = FeedHealth::State::receiving;
    health_.detail.clear();
    health_.reason = FeedReason::none;
    health_.fact.clear();
  }
  failures_ = 0;
  auto decoded = decode_server(std::as_bytes(std::span(message)));
  const auto bad = [&](const std::string& what) {
    const std::lock_guard lock(mutex_);
    ++health_.bad_frames;
    ending = {FeedHealth::State::lost, FeedReason::unreadable,
              "The gateway sent something unreadable: " + what, what, true};
    return false;
  };
  if (!decoded) return bad(decoded.error().what);
  if (const auto* error = std::get_if<FeedError>(&decoded.value())) {
    ending = ending_of(*error);
    return false;
  }
  if (const auto* beat = std::get_if<Heartbeat>(&decoded.value())) {
    note_clock(beat->gateway_time);
    if (!beat->has_hash) {
      const std::lock_guard lock(mutex_);
      health_.trouble = beat->trouble;
      health_.trouble_kind = beat->trouble_kind;
    }
    return push(*beat, ending);
  }
  if (auto* track = std::get_if<TrackReply>(&decoded.value())) {
    take_track(std::move(*track));
    return true;
  }
  if (const auto* chunk = std::get_if<Chunk>(&decoded.value())) {
    auto frame = assembler_.add(*chunk);
    if (!frame) return bad(frame.error().what);
    return !frame.value() || take_frame(*frame.value(), ending);
  }
  return bad("a second hello.");
}

bool LiveFeed::take_frame(const std::string& frame, Ending& ending) {
  auto update = decoder_.decode(std::as_bytes(std::span(frame)));
  if (!update) {
    const std::lock_guard lock(mutex_);
    ++health_.bad_frames;
    ending = {FeedHealth::State::lost, FeedReason::unreadable,
              "A frame was damaged: " + update.error().what, update.error().what, true};
    return false;
  }
  if (!check_order(update.value(), ending)) return false;
  {
    const std::lock_guard lock(mutex_);
    ++health_.frames;
  }
  return push(std::move(update.value()), ending);
}

/// Differences only make sense on top of the frame before.
bool LiveFeed::check_order(const fleet::Update& update, Ending& ending) {
  const auto* tick = std::get_if<fleet::TickBatch>(&update);
  if (!tick) return true;
  if (pushed_ && tick->position.epoch == pushed_->epoch &&
      tick->position.number == pushed_->number + 1)
    return true;
  const std::lock_guard lock(mutex_);
  ++health_.bad_frames;
  const std::string fact = "Tick " + std::to_string(tick->position.number) + " came, expected " +
                           (pushed_ ? std::to_string(pushed_->number + 1) : "a keyframe") + ".";
  ending = {FeedHealth::State::lost, FeedReason::unreadable, fact, fact, true};
  return false;
}

LiveFeed::Progress LiveFeed::progress_after(const fleet::Update& update) const {
  Progress after{pushed_, roster_version_};
  if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) after.pushed = tick->position;
  if (const auto* state = std::get_if<fleet::StateBatch>(&update)) after.pushed = state->position;
  if (const auto* roster = std::get_if<fleet::RosterBatch>(&update))
    after.roster_version = roster->version;
  return after;
}

/// True if the queue took the update.
bool LiveFeed::try_push(fleet::Update& update) {
  const Progress after = progress_after(update);  // the queue moves the update away
  if (!queue_.try_push(update)) return false;
  pushed_ = after.pushed;
  roster_version_ = after.roster_version;
  return true;
}

/// Waits while the queue is full, not reading. False: full for too long, or stopped.
bool LiveFeed::push(fleet::Update update, Ending& ending) {
  const Clock::time_point deadline = Clock::now() + config_.stall_limit;
  while (!try_push(update)) {
    std::unique_lock lock(mutex_);
    if (stopping_ || resync_) return false;
    if (Clock::now() >= deadline) {
      held_ = std::move(update);
      ending = {
          FeedHealth::State::lost, FeedReason::wall_busy,
          "This wall was too busy to take data for " +
              std::to_string(std::chrono::ceil<std::chrono::seconds>(config_.stall_limit).count()) +
              " s."};
      return false;
    }
    wake_.wait_for(lock, kRoomPoll);
  }
  return true;
}

/// After a stall: what was decoded goes first, else the new connection would stall as well.
void LiveFeed::wait_for_room() {
  while (held_) {
    if (try_push(*held_)) {
      held_.reset();
      return;
    }
    std::unique_lock lock(mutex_);
    if (stopping_ || resync_) return;
    wake_.wait_for(lock, kRoomPoll * 10);
  }
}

void LiveFeed::wait_before_retry(const Ending& ending) {
  auto delay = config_.first_retry * (1 << std::min(failures_, 10));
  // Who reads too slowly would not read faster at once.
  if (ending.state == FeedHealth::State::refused || ending.reason == FeedReason::too_slow ||
      delay > config_.longest_retry)
    delay = config_.longest_retry;
  ++failures_;
  // Half to whole of it by chance: walls that lost the same gateway do not come back in step.
  const double share = std::uniform_real_distribution<double>(0.5, 1)(random_);
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, delay * share, [this] { return stopping_ || resync_; });
}

fleet::Result<std::unique_ptr<Feed>> open_live_feed(LiveFeedConfig config,
                                                    fleet::UpdateQueue& queue) {
  auto url = parse_ws_url(config.url, "/feed");
  if (!url) return url.error();
  if (!url->secure)
    return std::unique_ptr<Feed>(
        std::make_unique<LiveFeed>(std::move(config), url.value(), queue, make_ws_client));
  auto tls = client_tls(config.trusted);
  if (!tls) return tls.error();
  const auto connect = [tls = tls.value()](WsClientConfig client) {
    client.tls = tls;
    return make_ws_client(std::move(client));
  };
  return std::unique_ptr<Feed>(
      std::make_unique<LiveFeed>(std::move(config), url.value(), queue, connect));
}

}  // namespace net
