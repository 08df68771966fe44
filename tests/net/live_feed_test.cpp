// LiveFeed against a connection made by hand: what it makes of odd gateways.
#include "net/feed/live_feed.hpp"

#include <deque>

#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

/// One connection after the other, each a list of messages and then an end.
class Script {
 public:
  struct Connection {
    std::vector<std::string> messages;
    bool fails = false;        ///< cannot be opened
    bool stays_open = false;   ///< after the messages, until interrupted
    bool goes_silent = false;  ///< after the messages, nothing comes, for ever
    int status = 0;            ///< of HTTP, when it cannot be opened
    WsFailure failure = {};    ///< when it cannot be opened, or ends
    std::string words = {};    ///< of a gateway, with the status
  };
  std::mutex mutex;
  std::deque<Connection> connections;
  std::vector<Subscribe> subscribed;
  std::vector<TrackRequest> tracks;
  std::condition_variable wake;
  bool interrupted = false;
  std::vector<std::chrono::milliseconds> silences;  ///< how long the feed waited for nothing

  LiveFeed::Connect connect() {
    return [this](const WsClientConfig&) { return std::make_unique<Transport>(*this); };
  }
  std::optional<Subscribe> subscription(std::size_t index) {
    const std::lock_guard lock(mutex);
    return index < subscribed.size() ? std::optional(subscribed[index]) : std::nullopt;
  }

 private:
  class Transport final : public WsTransport {
   public:
    explicit Transport(Script& script) : script_(script) {
      const std::lock_guard lock(script_.mutex);
      script_.interrupted = false;
      if (script_.connections.empty()) {
        connection_.fails = true;
        return;
      }
      connection_ = script_.connections.front();
      script_.connections.pop_front();
    }
    fleet::Result<void> connect() override {
      if (connection_.fails) return fleet::Error{"Nobody there."};
      return {};
    }
    fleet::Result<void> send(std::string_view message, bool) override {
      auto decoded = decode_client(std::as_bytes(std::span(message)));
      const std::lock_guard lock(script_.mutex);
      if (const auto* asked = std::get_if<TrackRequest>(&decoded.value()))
        script_.tracks.push_back(*asked);
      else
        script_.subscribed.push_back(std::get<Subscribe>(decoded.value()));
      return {};
    }
    fleet::Result<std::optional<std::string>> receive(std::chrono::milliseconds wait) override {
      if (next_ < connection_.messages.size())
        return std::optional<std::string>(connection_.messages[next_++]);
      std::unique_lock lock(script_.mutex);
      if (connection_.goes_silent) {
        script_.silences.push_back(wait);
        return std::optional<std::string>();
      }
      if (connection_.stays_open)
        script_.wake.wait(lock, [this] { return script_.interrupted || wanted_; });
      woken_ = std::exchange(wanted_, false) && !script_.interrupted;
      if (woken_) return std::optional<std::string>();
      return fleet::Error{"The end."};
    }
    void wake() override {
      const std::lock_guard lock(script_.mutex);
      wanted_ = true;
      script_.wake.notify_all();
    }
    bool woken() const override { return woken_; }
    HttpRefusal refusal() const override { return {connection_.status, connection_.words}; }
    WsFailure failure() const override { return connection_.failure; }
    void close() override {}
    void interrupt() override {
      const std::lock_guard lock(script_.mutex);
      script_.interrupted = true;
      script_.wake.notify_all();
    }

   private:
    Script& script_;
    Connection connection_;
    std::size_t next_ = 0;
    bool wanted_ = false, woken_ = false;
  };
};

std::string hello(std::uint64_t epoch = 1, std::uint32_t major = kProtocolMajor) {
  Hello message;
  message.epoch = epoch;
  message.major = major;
  return encode(ServerMessage(message));
}

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

class LiveFeedTest : public ::testing::Test {
 protected:
  void open(std::size_t queue_bytes = 64u << 20) {
    queue_ = std::make_unique<fleet::UpdateQueue>(queue_bytes);
    LiveFeedConfig config = config_;
    if (config.first_retry < longest_retry_) config.first_retry = 1ms;
    config.longest_retry = longest_retry_;
    feed_ =
        std::make_unique<LiveFeed>(config, WsUrl{"test", 1, "/feed"}, *queue_, script_.connect());
  }
  /// Roster and keyframe of the gateway as it stands.
  std::vector<std::string> start() {
    return {chunk_messages(gateway_.core.full_roster()->bytes) +
            chunk_messages(gateway_.core.keyframe()->bytes)};
  }
  std::vector<std::string> tick() { return chunk_messages(gateway_.tick().tick->bytes); }
  bool popped(std::size_t count) {
    return eventually([&] {
      while (auto update = queue_->try_pop()) updates_.push_back(std::move(*update));
      return updates_.size() >= count;
    });
  }
  std::string sequence() const {
    std::string text;
    for (const auto& update : updates_) text += "RSTH"[update.index()];
    return text;
  }

  SimulatedGateway gateway_{10};
  Script script_;
  LiveFeedConfig config_;
  std::chrono::milliseconds longest_retry_ = 1h;  ///< the test looks at what stands there
  std::vector<fleet::Update> updates_;
  std::unique_ptr<fleet::UpdateQueue> queue_;
  std::unique_ptr<LiveFeed> feed_;
};

TEST_F(LiveFeedTest, SaysByACodeWhyTheGatewayEndedIt) {
  using enum FeedHealth::State;
  using Code = FeedError::Code;
  struct Case {
    Code code;
    FeedHealth::State state;
    FeedReason reason;
    std::string fact;
  };
  const Case cases[] = {{Code::internal, lost, FeedReason::gateway_fault, "Its words."},
                        {Code::version_mismatch, refused, FeedReason::version, "Its words."},
                        {Code::bad_message, lost, FeedReason::bad_request, "Its words."},
                        {Code::unauthorised, refused, FeedReason::token_withdrawn, ""},
                        {Code::too_slow, lost, FeedReason::too_slow, ""},
                        {Code::shutting_down, lost, FeedReason::stopping, ""},
                        {Code::token_changed, lost, FeedReason::token_changed, ""}};
  config_.first_retry = longest_retry_;
  for (const Case& c : cases) {
    script_.connections = {{{hello(), encode(ServerMessage(FeedError{c.code, "Its words."}))}}};
    open();
    ASSERT_TRUE(eventually([&] { return feed_->health().reason == c.reason; }))
        << static_cast<int>(c.code);
    EXPECT_EQ(feed_->health().state, c.state) << static_cast<int>(c.code);
    EXPECT_EQ(feed_->health().detail, "Its words.");
    EXPECT_EQ(feed_->health().fact, c.fact);
  }
}

TEST_F(LiveFeedTest, SaysByACodeWhyItCannotConnect) {
  using enum FeedReason;
  struct Case {
    int status;
    WsFailure failure;
    FeedReason reason;
    std::string fact;
    FeedHealth::State state;
    std::string words = {};
    std::string token = {};
  };
  constexpr auto kRefused = FeedHealth::State::refused, kLost = FeedHealth::State::lost;
  const Case cases[] = {{401, {}, token_wanted, "", kRefused},
                        {403, {}, address_refused, "No.", kRefused, "No."},
                        {403, {}, address_refused, "HTTP 403", kRefused},
                        {403, {}, token_forbidden, "No.", kRefused, "No.", "secret"},
                        {426, {}, no_upgrade, "HTTP 426", kLost},
                        {429, {}, full, "HTTP 429", kLost},
                        {503, {}, full, "HTTP 503", kLost, "Too many viewers."},
                        {501, {}, no_gateway, "HTTP 501", kLost},
                        {502, {}, unreachable, "HTTP 502", kLost},
                        {503, {}, unreachable, "HTTP 503", kLost},
                        {504, {}, unreachable, "HTTP 504", kLost},
                        {505, {}, no_gateway, "HTTP 505", kLost},
                        {404, {}, no_gateway, "HTTP 404", kLost},
                        {0, {unreachable, "Host not found"}, unreachable, "Host not found", kLost},
                        {0, {certificate, "expired"}, certificate, "expired", kRefused}};
  config_.first_retry = longest_retry_;
  for (const Case& c : cases) {
    script_.connections = {{{}, true, false, false, c.status, c.failure, c.words}};
    config_.token = c.token;
    open();
    ASSERT_TRUE(eventually([&] { return feed_->health().reason != none; })) << c.status;
    EXPECT_EQ(feed_->health().reason, c.reason) << c.status;
    EXPECT_EQ(feed_->health().state, c.state) << c.status;
    EXPECT_EQ(feed_->health().fact, c.fact) << c.status;
  }
}

TEST_F(LiveFeedTest, TellsAHelloThatCannotBeReadFromOneThatWasCut) {
  config_.first_retry = longest_retry_;
  const WsFailure cut = {FeedReason::cut, "WebSocket 1011"};
  const std::pair<Script::Connection, FeedReason> cases[] = {
      {{{"\xff no hello"}}, FeedReason::unreadable},
      {{{encode(ServerMessage(Heartbeat{}))}}, FeedReason::unreadable},
      {{{}, false, false, false, 0, cut}, FeedReason::cut}};
  for (const auto& [connection, reason] : cases) {
    script_.connections = {connection};
    open();
    ASSERT_TRUE(eventually([&] { return feed_->health().reason != FeedReason::none; }));
    EXPECT_EQ(feed_->health().reason, reason);
    EXPECT_FALSE(feed_->health().fact.empty());
  }
}

TEST_F(LiveFeedTest, RemembersThatARoleWasChangedWhenTheNewOneMayNotWatch) {
  const auto changed = encode(ServerMessage(FeedError{FeedError::Code::token_changed, "Changed."}));
  script_.connections = {{{hello(), changed}}, {{}, true, false, false, 403}};
  config_.token = "secret";

  open();

  ASSERT_TRUE(eventually([&] { return feed_->health().state == FeedHealth::State::refused; }));
  EXPECT_EQ(feed_->health().reason, FeedReason::token_changed);
  EXPECT_NE(feed_->health().detail.find("role"), std::string::npos);
}

TEST_F(LiveFeedTest, ResumesBehindTheLastUpdateItQueued) {
  gateway_.tick();
  auto first = std::vector{hello()} + start();
  first = first + tick();
  script_.connections = {{first, false, false}, {{hello()}, false, true}};

  open();

  ASSERT_TRUE(popped(3));
  ASSERT_TRUE(eventually([&] { return script_.subscription(1).has_value(); }));
  EXPECT_FALSE(script_.subscription(0)->resume);
  EXPECT_EQ(script_.subscription(1)->resume, (fleet::FramePosition{1, 2}));
  EXPECT_GT(script_.subscription(1)->roster_version, 0u);
  EXPECT_EQ(feed_->health().connections, 2u);
}

TEST_F(LiveFeedTest, StartsAfreshWithAnotherEpoch) {
  gateway_.tick();
  const auto first = std::vector{hello()} + start();
  script_.connections = {{first, false, false}, {{hello(2)}, false, true}};

  open();

  ASSERT_TRUE(eventually([&] { return script_.subscription(1).has_value(); }));
  EXPECT_FALSE(script_.subscription(1)->resume);
}

TEST_F(LiveFeedTest, NeverQueuesATickThatDoesNotFollow) {
  gateway_.tick();
  const auto begin = std::vector{hello()} + start();
  gateway_.tick();  // lost on the way
  script_.connections = {{begin + tick(), false, false}, {{hello()}, false, true}};

  open();

  ASSERT_TRUE(eventually([&] { return script_.subscription(1).has_value(); }));
  popped(2);
  EXPECT_EQ(sequence(), "RS");
  EXPECT_EQ(feed_->health().bad_frames, 1u);
  EXPECT_FALSE(script_.subscription(1)->resume) << "what we have is no use";
}

TEST_F(LiveFeedTest, DropsAConnectionThatSendsRubbish) {
  gateway_.tick();
  std::string damaged = start().back();
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x40);
  script_.connections = {{{hello(), "\xff rubbish"}, false, false},
                         {{hello(), damaged}, false, false},
                         {{"no hello"}, false, false},
                         {{hello(), hello()}, false, false},
                         {{hello()}, false, true}};

  open();

  ASSERT_TRUE(eventually([&] { return feed_->health().connections == 4; }));
  EXPECT_EQ(feed_->health().bad_frames, 3u);
  EXPECT_EQ(queue_->count(), 0u);
}

TEST_F(LiveFeedTest, SaysPlainlyThatTheGatewayIsOfAnotherVersion) {
  script_.connections = {{{hello(1, kProtocolMajor + 1)}, false, false}};

  open();

  ASSERT_TRUE(eventually([&] { return feed_->health().state == FeedHealth::State::refused; }));
  EXPECT_NE(feed_->health().detail.find("same version"), std::string::npos);
}

TEST_F(LiveFeedTest, TellsTheGatewaysOwnWords) {
  script_.connections = {
      {{hello(), encode(ServerMessage(FeedError{FeedError::Code::unauthorised, "No token."}))},
       false,
       false}};

  open();

  ASSERT_TRUE(eventually([&] { return feed_->health().state == FeedHealth::State::refused; }));
  EXPECT_EQ(feed_->health().detail, "No token.");
}

std::string too_slow() {
  return encode(ServerMessage(FeedError{FeedError::Code::too_slow, "This wall is too slow."}));
}

TEST_F(LiveFeedTest, SaysThatItIsTooSlowAndComesBackAfterTheLongestWait) {
  script_.connections = {{{hello(), too_slow()}}, {{hello()}, false, true}};

  open();

  ASSERT_TRUE(eventually([&] { return feed_->health().state == FeedHealth::State::lost; }));
  EXPECT_EQ(feed_->health().detail, "This wall is too slow.");
  feed_.reset();
  EXPECT_FALSE(script_.subscription(1)) << "not after the first, short wait";
}

TEST_F(LiveFeedTest, ResumesBehindWhatItHasAfterItWasTooSlow) {
  const auto first = start();
  const auto second = tick();
  script_.connections = {{std::vector{hello()} + first + second + std::vector{too_slow()}},
                         {{hello()}, false, true}};
  longest_retry_ = 2ms;

  open();

  ASSERT_TRUE(eventually([&] { return script_.subscription(1).has_value(); }));
  EXPECT_EQ(script_.subscription(1)->resume, gateway_.core.position());
}

TEST_F(LiveFeedTest, KeepsTryingAndSaysWhatIsWrong) {
  script_.connections = {{{}, true, false}, {{}, true, false}, {{hello()}, false, true}};

  open();

  ASSERT_TRUE(eventually([&] { return feed_->health().connections == 1; }));
}

TEST_F(LiveFeedTest, WaitsWhileTheQueueIsFullAndLosesNothing) {
  gateway_.tick();
  auto messages = std::vector{hello()} + start();
  for (int i = 0; i < 50; ++i) messages = messages + tick();
  script_.connections = {{messages, false, true}};

  open(1);  // an update at a time

  ASSERT_TRUE(popped(52));
  EXPECT_EQ(sequence(), "RS" + std::string(50, 'T'));
}

TEST_F(LiveFeedTest, StopsAtOnceWhileTheQueueIsFull) {
  gateway_.tick();
  auto messages = std::vector{hello()} + start();
  messages = messages + tick();
  script_.connections = {{messages, false, true}};
  open(1);
  ASSERT_TRUE(eventually([&] { return queue_->count() == 1; }));

  feed_.reset();  // hangs if it does not

  EXPECT_EQ(queue_->count(), 1u);
}

TEST_F(LiveFeedTest, ReconnectsToAGatewayThatIsSilentForFifteenSecondsAndResumes) {
  gateway_.tick();
  script_.connections = {{std::vector{hello()} + start(), false, false, true},
                         {{}, false, false, true},  // not even a hello
                         {{hello()}, false, true}};

  open();

  ASSERT_TRUE(eventually([&] { return script_.subscription(1).has_value(); }));
  EXPECT_EQ(script_.silences, (std::vector<std::chrono::milliseconds>{15s, 10s}));
  EXPECT_EQ(script_.subscription(1)->resume, (fleet::FramePosition{1, 1}));
  EXPECT_EQ(feed_->health().bad_frames, 0u);
}

TEST_F(LiveFeedTest, DisconnectsItselfWhenTheWallTakesNothingAndLosesNothing) {
  EXPECT_EQ(config_.stall_limit, 15s) << "half of what the gateway gives it";
  config_.stall_limit = 20ms;
  gateway_.tick();
  const auto messages = std::vector{hello()} + start();
  const auto first_tick = tick(), second_tick = tick();
  script_.connections = {{messages, false, true},
                         {std::vector{hello()} + first_tick + second_tick, false, true}};
  open(1);  // an update at a time
  ASSERT_TRUE(eventually([&] { return feed_->health().state == FeedHealth::State::lost; }));
  EXPECT_NE(feed_->health().detail.find("too busy"), std::string::npos);
  EXPECT_FALSE(script_.subscription(1)) << "nothing is asked for while there is no room";

  ASSERT_TRUE(popped(4));

  EXPECT_EQ(sequence(), "RSTT");
  ASSERT_TRUE(script_.subscription(1));
  EXPECT_EQ(script_.subscription(1)->resume, (fleet::FramePosition{1, 1}));
  EXPECT_EQ(feed_->health().bad_frames, 0u);
}

TEST_F(LiveFeedTest, AsksFromScratchAfterResync) {
  gateway_.tick();
  script_.connections = {{std::vector{hello()} + start(), false, true}, {{hello()}, false, true}};
  open();
  ASSERT_TRUE(popped(2));

  feed_->resync();

  ASSERT_TRUE(eventually([&] { return script_.subscription(1).has_value(); }));
  EXPECT_FALSE(script_.subscription(1)->resume);
}

TEST_F(LiveFeedTest, AsksForTracksOnlyOfAGatewayThatKnowsThem) {
  Hello old;
  old.epoch = 1;
  old.minor = kTracksSinceMinor - 1;
  for (const bool knows : {false, true}) {
    feed_.reset();
    if (knows) ++old.minor;
    script_.connections.push_back(
        {.messages = std::vector{encode(ServerMessage(old))} + start(), .stays_open = true});
    open();
    ASSERT_TRUE(popped(2));
    updates_.clear();

    feed_->ask({7, 3, "x", kStart, kStart + 1h});

    if (knows) {
      EXPECT_TRUE(eventually([&] {
        const std::lock_guard lock(script_.mutex);
        return script_.tracks.size() == 1;
      }));
      EXPECT_EQ(script_.tracks[0].machines, std::vector<fleet::Slot>{3});
    } else {
      std::optional<TrackAnswer> answer;
      EXPECT_TRUE(eventually([&] { return (answer = feed_->take_track()).has_value(); }));
      EXPECT_TRUE(answer->failed);
      EXPECT_TRUE(script_.tracks.empty());
    }
  }
}

}  // namespace
}  // namespace net::test
