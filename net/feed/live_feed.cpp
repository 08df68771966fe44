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
    if (!make_transport()) return;
    Ending ending = serve_connection();
    tracks_.forget();
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

/// False: this feed is being ended.
bool LiveFeed::make_transport() {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
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
  return true;
}

LiveFeed::Ending LiveFeed::serve_connection() {
  WsTransport& transport = *transport_;
  assembler_.reset();
  if (auto done = transport.connect(); !done)
    return ending_of_refusal(transport, done.error().what, !config_.token.empty(), last_reason_);
  {
    const std::lock_guard lock(mutex_);
    health_.connected_steady_ns = steady_ns();
  }
  Ending ending;
  auto begun = take_hello(transport, ending);
  if (begun) begun = subscribe(transport);
  if (!begun) {
    if (!ending.why.empty()) return ending;
    const std::string& what = begun.error().what;
    if (transport.failure().reason == FeedReason::none)  // it holds: it is what came over it
      return {FeedHealth::State::lost, FeedReason::unreadable, what, what};
    return ending_of_failure(transport, what);
  }
  return receive_all(transport);
}

/// Takes messages until there is a reason to end the connection.
LiveFeed::Ending LiveFeed::receive_all(WsTransport& transport) {
  Ending ending;
  Clock::time_point heard = Clock::now();
  std::chrono::milliseconds patience = config_.silence_limit;
  while (true) {
    if (auto sent = tracks_.send(transport, hello_.minor); !sent)
      return ending_of_failure(transport, sent.error().what);
    auto message = transport.receive(patience);
    if (!message) return ending_of_failure(transport, message.error().what);
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
  tracks_.ask(std::move(question));
  const std::lock_guard lock(mutex_);
  if (transport_) transport_->wake();
}

/// Hello and version check. Error: the connection is to be ended; `ending` may say why.
fleet::Result<void> LiveFeed::take_hello(WsTransport& transport, Ending& ending) {
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
  if (hello_.major == kProtocolMajor) return {};
  const std::string fact = "The gateway speaks feed protocol " + std::to_string(hello_.major) +
                           ", this wall " + std::to_string(kProtocolMajor) + ".";
  ending = {FeedHealth::State::refused, FeedReason::version,
            fact + " Install the same version of fleetwall on both.", fact};
  return fleet::Error{ending.why};
}

/// Goes on behind what the queue was given, if the gateway still is in the same epoch.
fleet::Result<void> LiveFeed::subscribe(WsTransport& transport) {
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

void LiveFeed::note_message(std::size_t bytes) {
  failures_ = 0;
  const std::lock_guard lock(mutex_);
  health_.bytes += bytes;
  health_.last_frame_steady_ns = steady_ns();
  health_.state = FeedHealth::State::receiving;
  health_.detail.clear();
  health_.reason = FeedReason::none;
  health_.fact.clear();
}

/// Something that came is of no use: a sentence, and what alone of it. Always false.
bool LiveFeed::unreadable(const std::string& sentence, const std::string& what, Ending& ending) {
  const std::lock_guard lock(mutex_);
  ++health_.bad_frames;
  ending = {FeedHealth::State::lost, FeedReason::unreadable, sentence, what, true};
  return false;
}

/// False: the connection is to be ended, `ending` says why.
bool LiveFeed::take_message(const std::string& message, Ending& ending) {
  note_message(message.size());
  const auto bad = [&](const std::string& what) {
    return unreadable("The gateway sent something unreadable: " + what, what, ending);
  };
  auto decoded = decode_server(std::as_bytes(std::span(message)));
  if (!decoded) return bad(decoded.error().what);
  if (const auto* error = std::get_if<FeedError>(&decoded.value())) {
    ending = ending_of(*error);
    return false;
  }
  if (const auto* beat = std::get_if<Heartbeat>(&decoded.value())) return take_beat(*beat, ending);
  if (auto* track = std::get_if<TrackReply>(&decoded.value())) {
    tracks_.take(std::move(*track));
    return true;
  }
  const auto* chunk = std::get_if<Chunk>(&decoded.value());
  if (!chunk) return bad("a second hello.");
  auto frame = assembler_.add(*chunk);
  if (!frame) return bad(frame.error().what);
  return !frame.value() || take_frame(*frame.value(), ending);
}

bool LiveFeed::take_beat(const Heartbeat& beat, Ending& ending) {
  note_clock(beat.gateway_time);
  if (!beat.has_hash) {
    const std::lock_guard lock(mutex_);
    health_.trouble = beat.trouble;
    health_.trouble_kind = beat.trouble_kind;
  }
  return push(beat, ending);
}

bool LiveFeed::take_frame(const std::string& frame, Ending& ending) {
  auto update = decoder_.decode(std::as_bytes(std::span(frame)));
  if (!update)
    return unreadable("A frame was damaged: " + update.error().what, update.error().what, ending);
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
  const std::string fact = "Tick " + std::to_string(tick->position.number) + " came, expected " +
                           (pushed_ ? std::to_string(pushed_->number + 1) : "a keyframe") + ".";
  return unreadable(fact, fact, ending);
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
