// Every operation of a connection fails once, on either side: nothing hangs, nothing leaks (the
// sanitizers look), nothing is missing or doubled afterwards.
#include <algorithm>
#include <set>

#include "net/feed/live_feed.hpp"
#include "tests/net/memory_sockets.hpp"

namespace net::test {
namespace {

/// Far above what any of these connections needs; reached only if a failure never takes effect.
constexpr std::size_t kMostOperations = 500;
/// Connecting, the handshake and some messages: with fewer a failure was not injected at all.
constexpr std::size_t kLeastOperations = 8;
/// An operation that hangs is one that takes this long.
constexpr std::chrono::seconds kHang{10};

enum class Side { client, server };

Faults failing(Side side, std::size_t operation) {
  Faults faults;
  (side == Side::client ? faults.client : faults.server) = operation;
  return faults;
}

/// Calls run(n, failed) for n = 0, 1, ... until no operation failed any more: `failed` comes as
/// true and is made false by a run that came through whole.
template <class Run>
void with_each_operation_failing(Run run) {
  std::size_t n = 0;
  for (bool failed = true; failed; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    ASSERT_LT(n, kMostOperations);
    run(n, failed);
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(n, kLeastOperations);
}

class EverySocketOperation : public ::testing::TestWithParam<Side> {};
INSTANTIATE_TEST_SUITE_P(Sides, EverySocketOperation, ::testing::Values(Side::client, Side::server),
                         [](const auto& side) {
                           return side.param == Side::client ? "OfTheClient" : "OfTheGateway";
                         });

DemoSource few_machines() {
  DemoSource demo;
  demo.sim.machines = 60;
  demo.sim.moving = true;
  demo.sim.start = demo.from = kStart;
  demo.now = kStart + 2min;
  return demo;
}

/// A wall that connects to a gateway in memory; its first connection has faults.
class FaultyWall {
 public:
  FaultyWall(MemoryGateway& gateway, Faults faults) {
    LiveFeedConfig config;
    config.first_retry = config.longest_retry = 1ms;
    config.hello_limit = config.silence_limit = kHang;
    feed_ = std::make_unique<LiveFeed>(config, WsUrl{"localhost", 1, "/feed"}, queue_,
                                       [this, &gateway, faults](const WsClientConfig& client) {
                                         return memory_client(client, gateway,
                                                              attempts_++ == 0 ? faults : Faults());
                                       });
  }
  bool reaches(std::uint64_t number) {
    return eventually([&] {
      while (auto update = queue_.try_pop()) take(*update);
      return reader_.state().position().number >= number;
    });
  }
  /// Waits for the feed's thread; then everything else may be looked at.
  void stop() { feed_.reset(); }
  int attempts() const { return attempts_; }
  FeedHealth health() const { return feed_->health(); }
  Reader& reader() { return reader_; }
  const std::vector<std::uint64_t>& ticks() const { return ticks_; }

 private:
  void take(const fleet::Update& update) {
    if (const auto* tick = std::get_if<fleet::TickBatch>(&update))
      ticks_.push_back(tick->position.number);
    reader_.apply(update);
  }

  fleet::UpdateQueue queue_{64u << 20};
  std::atomic<int> attempts_{0};
  Reader reader_;
  std::vector<std::uint64_t> ticks_;
  std::unique_ptr<LiveFeed> feed_;
};

TEST_P(EverySocketOperation, OfAFeedFailsAndTheWallComesBackWithTheWholePicture) {
  MemoryGateway gateway({}, few_machines());
  GatewayEngine& engine = gateway.engine();
  engine.advance({read_clocks().system, sockets::Clock::now() + 8s});
  const std::uint64_t number = engine.publisher().last_number();
  ASSERT_GT(number, 3u) << "some ticks behind the keyframe";
  FaultyWall whole(gateway, {});
  ASSERT_TRUE(whole.reaches(number));
  whole.stop();
  const std::uint64_t hash = whole.reader().state().hash();

  with_each_operation_failing([&](std::size_t n, bool& failed) {
    FaultyWall wall(gateway, failing(GetParam(), n));

    ASSERT_TRUE(wall.reaches(number));
    EXPECT_EQ(wall.health().bad_frames, 0u);
    wall.stop();

    failed = wall.attempts() > 1;
    EXPECT_LE(wall.attempts(), 2) << "the second connection has no faults";
    for (std::size_t i = 1; i < wall.ticks().size(); ++i)
      ASSERT_EQ(wall.ticks()[i], wall.ticks()[i - 1] + 1);
    EXPECT_EQ(wall.reader().state().position().epoch, engine.publisher().epoch());
    EXPECT_TRUE(gateway.hub().viewers.empty());
    EXPECT_EQ(gateway.hub().counters.connections, 0u);
    EXPECT_EQ(wall.reader().state().hash(), hash) << "the same picture whatever failed";
  });
}

GatewayConfig recording(const TemporaryFolder& folder) {
  GatewayConfig config;
  config.data = folder.path;
  config.commit_every = 1ms;
  return config;
}

/// What a sender knows: its lines, and which of them were acknowledged.
class Sender {
 public:
  static constexpr int kLines = 4;
  Sender() {
    for (int i = 0; i < kLines; ++i)
      lines_.push_back("{\"machine\":\"M" + std::to_string(i) + "\",\"time\":" + now_ms() +
                       ",\"rpm\":1500}\n");
  }
  /// Sends what is not acknowledged yet, until all is or the connection ends.
  void send_on(WsTransport& transport, MemoryGateway& gateway) {
    if (!transport.connect()) return;
    for (int i = 0; i < kLines; ++i) {
      if (acknowledged_.contains(i)) continue;
      if (!transport.send(lines_[static_cast<std::size_t>(i)], false)) return;
      const auto answer = transport.receive(kHang);
      if (!answer) return;
      ASSERT_TRUE(answer->has_value()) << "an answer that never comes";
      ASSERT_EQ((*answer)->rfind("{\"accepted\":", 0), 0u) << **answer;
      acknowledged_.insert(i);
      EXPECT_EQ(gateway.metric_now("fleetwall_pending"), 0) << "acknowledged, not durable";
    }
    transport.close();
  }
  const std::string& line(int i) const { return lines_[static_cast<std::size_t>(i)]; }
  const std::set<int>& acknowledged() const { return acknowledged_; }
  bool done() const { return acknowledged_.size() == kLines; }

 private:
  std::vector<std::string> lines_;
  std::set<int> acknowledged_;
};

/// Machines with a value that a restart would find. Takes a copy: as after a power cut.
std::set<int> stored_in(const std::filesystem::path& folder) {
  TemporaryFolder copy;
  std::filesystem::copy(folder, copy.path, std::filesystem::copy_options::recursive);
  auto opened = open_store(copy.path, DayStoreOptions{});
  EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().what);
  std::set<int> stored;
  if (!opened) return stored;
  const fleet::FleetState& state = opened->state;
  for (fleet::Slot slot = 0; slot < state.roster().size(); ++slot)
    if (state.has(slot, fleet::kRpm)) stored.insert(std::atoi(state.roster()[slot].id.c_str() + 1));
  return stored;
}

bool has_all(const std::set<int>& all, const std::set<int>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

WsClientConfig ingest_client() {
  WsClientConfig config;
  config.url = {"localhost", 1, "/ingest"};
  config.connect_timeout = config.idle_timeout = kHang;
  return config;
}

TEST_P(EverySocketOperation, OfAnIngestSocketFailsAndWhatWasAcknowledgedIsStored) {
  with_each_operation_failing([&](std::size_t n, bool& failed) {
    TemporaryFolder folder;
    MemoryGateway gateway(recording(folder));
    Sender sender;

    sender.send_on(*memory_client(ingest_client(), gateway, failing(GetParam(), n)), gateway);

    EXPECT_TRUE(has_all(stored_in(folder.path), sender.acknowledged()));
    EXPECT_EQ(gateway.hub().counters.connections, 0u);
    EXPECT_TRUE(gateway.hub().ingests.empty());
    failed = !sender.done();
    if (failed) sender.send_on(*memory_client(ingest_client(), gateway, {}), gateway);
    EXPECT_TRUE(sender.done()) << "the second connection has no faults";
    EXPECT_EQ(gateway.metric_now("fleetwall_stored_total"), Sender::kLines) << "none twice";
    EXPECT_EQ(stored_in(folder.path).size(), std::size_t{Sender::kLines});
  });
}

/// The other end of a connection, by hand.
class RawPeer {
 public:
  RawPeer(MemoryGateway& gateway, std::size_t failing_operation)
      : gateway_(gateway), faults_(failing_operation), stream_(io_) {
    gateway_.accept(io_, stream_, faults_);
  }
  ~RawPeer() { hang_up(); }
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  void send(std::string_view text) {
    beast::error_code gone;
    asio::write(stream_, asio::buffer(text.data(), text.size()), gone);
  }
  std::string received() const { return std::string(stream_.str().data(), stream_.str().size()); }
  /// Serves until it is so.
  bool until(const std::function<bool()>& so) {
    const auto deadline = sockets::Clock::now() + kHang;
    // With nothing under way here we wait for the recorder's thread, and do not spin beside it.
    const auto waiting = asio::make_work_guard(io_);
    while (!so()) {
      if (sockets::Clock::now() > deadline) return false;
      io_.restart();
      io_.run_one_for(5ms);
    }
    return true;
  }
  /// Does what can be done just now.
  void serve() {
    io_.restart();
    io_.poll();
  }
  void hang_up() {
    stream_.close();
    EXPECT_TRUE(gateway_.settles(io_)) << "a connection hangs";
  }

 private:
  asio::io_context io_;
  MemoryGateway& gateway_;
  beast::test::fail_count faults_;
  MemoryStream stream_;
};

TEST(EveryHttpOperation, FailsAndWhatWasAcknowledgedIsStored) {
  with_each_operation_failing([&](std::size_t n, bool& failed) {
    TemporaryFolder folder;
    MemoryGateway gateway(recording(folder));
    const Sender sender;
    const auto gone = [&] { return gateway.hub().counters.connections == 0; };
    RawPeer peer(gateway, n);
    std::set<int> acknowledged;

    for (int i = 0; i < Sender::kLines && !gone(); ++i) {
      peer.send("POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                std::to_string(sender.line(i).size()) + "\r\n\r\n" + sender.line(i));
      const auto answers = [&] {
        const std::string text = peer.received();
        int count = 0;
        for (std::size_t at = 0; (at = text.find("{\"accepted\":1", at)) != text.npos; ++at)
          ++count;
        return count;
      };
      ASSERT_TRUE(peer.until([&] { return answers() > i || gone(); }));
      if (answers() > i) acknowledged.insert(i);
    }

    EXPECT_TRUE(has_all(stored_in(folder.path), acknowledged));
    failed = gone();
    peer.hang_up();
    EXPECT_TRUE(gone());
    EXPECT_EQ(gateway.hub().owed_answers, 0u);
  });
}

WsClientConfig viewer_client() {
  WsClientConfig config = ingest_client();
  config.url.path = "/feed";
  config.max_message_bytes = kMaxServerMessageBytes;
  return config;
}

/// A viewer in memory that has read all there is.
std::unique_ptr<WsTransport> viewer_of(MemoryGateway& gateway, bool subscribes) {
  auto viewer = memory_client(viewer_client(), gateway, {});
  EXPECT_TRUE(viewer->connect().ok());
  if (subscribes) {
    EXPECT_TRUE(viewer->send(encode(ClientMessage(Subscribe{})), true).ok());
  }
  while (true) {
    const auto message = viewer->receive(20ms);
    EXPECT_TRUE(message.ok());
    if (!message || !message->has_value()) return viewer;
  }
}

TEST(SocketTimeouts, EndAViewerWhoseMessageIsNotWrittenInFifteenSeconds) {
  MemoryGateway gateway({}, few_machines());
  auto viewer = viewer_of(gateway, true);
  ASSERT_EQ(gateway.hub().viewers.size(), 1u);
  sockets::Connection& connection = **gateway.hub().viewers.begin();
  gateway.engine().advance({read_clocks().system, sockets::Clock::now() + 8s});
  connection.pump();  // begins to write; nobody serves the socket
  const auto begin = sockets::Clock::now();

  connection.check(begin + 14s);
  EXPECT_EQ(gateway.hub().counters.slow_closed, 0u);
  connection.check(begin + 16s);

  EXPECT_EQ(gateway.hub().counters.slow_closed, 1u);
  while (true) {
    const auto message = viewer->receive(kHang);
    if (!message) break;
    ASSERT_TRUE(message->has_value()) << "the viewer learns that it is over";
  }
  EXPECT_TRUE(gateway.hub().viewers.empty());
}

TEST(SocketTimeouts, EndAViewerThatDoesNotSubscribeInTenSeconds) {
  MemoryGateway gateway({}, few_machines());
  auto viewer = viewer_of(gateway, false);
  ASSERT_EQ(gateway.hub().viewers.size(), 1u);
  const auto now = sockets::Clock::now();

  (*gateway.hub().viewers.begin())->check(now + 9s);
  EXPECT_TRUE(viewer->receive(5ms).ok());
  (*gateway.hub().viewers.begin())->check(now + 11s);

  EXPECT_FALSE(viewer->receive(kHang).ok());
  EXPECT_TRUE(gateway.hub().viewers.empty());
}

TEST(SocketTimeouts, EndASenderThatDoesNotTakeItsAnswer) {
  TemporaryFolder folder;
  MemoryGateway gateway(recording(folder));
  auto sender = memory_client(ingest_client(), gateway, {});
  ASSERT_TRUE(sender->connect().ok());
  gateway.serve_posted_on(nullptr);
  ASSERT_TRUE(sender->send(Sender().line(0), false).ok());
  ASSERT_TRUE(eventually([&] {
    EXPECT_TRUE(sender->receive(1ms).ok());
    return gateway.posted() > 0;
  }));
  gateway.run_posted();  // begins to write the answer; nobody serves the socket
  const auto now = sockets::Clock::now();

  (*gateway.hub().ingests.begin())->check(now + 14s);
  ASSERT_EQ(gateway.hub().ingests.size(), 1u);
  (*gateway.hub().ingests.begin())->check(now + 16s);

  while (true) {
    const auto message = sender->receive(kHang);
    if (!message) break;
    ASSERT_TRUE(message->has_value());
  }
  EXPECT_TRUE(gateway.hub().ingests.empty());
}

/// Begins a WebSocket by hand; true once the gateway agreed.
bool upgrade(RawPeer& peer, const std::string& path) {
  peer.send("GET " + path +
            " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  return peer.until([&] { return peer.received().find("\r\n\r\n") != std::string::npos; });
}

/// A message of at most 65,535 bytes, masked with zeros.
std::string web_socket_frame(int opcode, const std::string& payload) {
  std::string frame{static_cast<char>(0x80 | opcode)};
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += {static_cast<char>(0x80 | 126), static_cast<char>(payload.size() >> 8),
              static_cast<char>(payload.size() & 255)};
  }
  return frame + std::string(4, '\0') + payload;
}

/// The gateway's close frames with code 1001, going away, and 1013, try again later.
constexpr std::string_view kGoingAway = "\x88\x02\x03\xe9";
constexpr std::string_view kTryAgainLater = "\x88\x02\x03\xf5";

TEST(SlowViewerSocket, IsToldSoAndClosedWithTryAgainLaterWhenItTakesNoFrameInThirtySeconds) {
  DemoSource demo = few_machines();
  demo.sim.machines = 8'000;  // a roster of several messages
  demo.now = kStart + 1s;
  GatewayConfig config;
  config.timeouts.write = 1h;  // each of its writes is done in time
  MemoryGateway gateway(config, demo);
  RawPeer peer(gateway, Faults::kNone);
  ASSERT_TRUE(upgrade(peer, "/feed"));
  peer.send(web_socket_frame(2, encode(ClientMessage(Subscribe{}))));
  ASSERT_TRUE(peer.until([&] { return gateway.hub().counters.sent_messages == 2; }))
      << "hello, and the first part of the roster";
  sockets::Connection& connection = **gateway.hub().viewers.begin();
  const auto begin = sockets::Clock::now();
  connection.check(begin);

  connection.check(begin + kLongestFrame);
  EXPECT_EQ(gateway.hub().counters.too_slow_closed, 0u);
  connection.check(begin + kLongestFrame + 1ms);

  ASSERT_TRUE(peer.until([&] { return peer.received().ends_with(kTryAgainLater); }));
  EXPECT_NE(peer.received().find("This wall reads too slowly"), std::string::npos);
  EXPECT_EQ(gateway.hub().counters.too_slow_closed, 1u);
  EXPECT_EQ(gateway.hub().counters.slow_closed, 0u);
}

TEST(GoodbyeToAViewer, ThatMeetsAReadWhichFailsEndsAllTheSame) {
  MemoryGateway gateway({}, few_machines());
  RawPeer peer(gateway, Faults::kNone);
  ASSERT_TRUE(upgrade(peer, "/feed"));
  peer.send(web_socket_frame(2, encode(ClientMessage(Subscribe{}))));
  ASSERT_TRUE(peer.until([&] { return gateway.hub().counters.feed_sessions == 1; }));
  const std::string text = web_socket_frame(1, "ab\xff\xff");
  peer.send(text.substr(0, text.size() - 2));  // the read waits for the rest, which is no UTF-8
  sockets::Connection& connection = **gateway.hub().viewers.begin();
  connection.shut_down();
  ASSERT_TRUE(peer.until([&] { return peer.received().ends_with(kGoingAway); }));
  peer.send(text.substr(text.size() - 2));
  const auto check_after = [&](std::chrono::milliseconds time) {
    connection.check(sockets::Clock::now() + time);
    for (int i = 0; i < 100; ++i) gateway.run_posted(), peer.serve();
  };
  const SocketTimeouts limits;

  check_after(limits.handshake + limits.linger - 1s);
  EXPECT_EQ(gateway.hub().viewers.size(), 1u) << "Beast has cured it: check_goodbye can go";
  check_after(limits.handshake + limits.linger + 1s);
  ASSERT_EQ(gateway.hub().viewers.size(), 1u);
  check_after(limits.handshake + limits.linger + 2s);

  EXPECT_EQ(gateway.hub().viewers.size(), 0u);
  EXPECT_EQ(gateway.hub().counters.connections, 0u);
}

std::string post(std::size_t announced, std::size_t sent) {
  return "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
         std::to_string(announced) + "\r\n\r\n" + std::string(sent, '\n');
}

GatewayConfig small_messages() {
  GatewayConfig config;
  config.read_bytes = 1'000;
  return config;
}

TEST(ReceivedBytes, OfAllConnectionsAreBoundedAndTheNextRequestIsAskedToComeBack) {
  for (const std::size_t size : {600u, 601u}) {
    MemoryGateway gateway(small_messages());
    gateway.hub().counters.read_bytes = 400;  // of other connections
    RawPeer peer(gateway, Faults::kNone);

    peer.send(post(size, size));

    ASSERT_TRUE(peer.until([&] { return peer.received().find("HTTP/1.1 ") == 0; }));
    EXPECT_EQ(peer.received().find("HTTP/1.1 429") == 0, size > 600) << peer.received();
    peer.hang_up();
    EXPECT_EQ(gateway.hub().counters.read_bytes, 400u);
  }
}

TEST(ReceivedBytes, AreGivenBackWhenAConnectionEnds) {
  MemoryGateway gateway(small_messages());
  {
    RawPeer under_way(gateway, Faults::kNone);
    under_way.send(post(900, 400));
    ASSERT_TRUE(under_way.until([&] { return gateway.hub().counters.read_bytes == 400; }));
  }

  EXPECT_EQ(gateway.hub().counters.read_bytes, 0u);
}

TEST(ReceivedBytes, BeyondTheBoundEndAWebSocketWithTryAgainLater) {
  MemoryGateway gateway(small_messages());
  RawPeer peer(gateway, Faults::kNone);
  ASSERT_TRUE(upgrade(peer, "/ingest"));
  peer.send(web_socket_frame(1, std::string(1'000, '\n')));
  ASSERT_TRUE(peer.until([&] { return peer.received().find("accepted") != std::string::npos; }));

  peer.send(web_socket_frame(1, std::string(1'001, '\n')));

  EXPECT_TRUE(peer.until([&] { return peer.received().ends_with(kTryAgainLater); }));
  EXPECT_EQ(gateway.hub().counters.read_bytes, 0u);
}

/// A viewer that only takes up a place.
class Sitting final : public sockets::Connection {
 public:
  void pump() override {}
  void check(sockets::Clock::time_point) override {}
  void shut_down() override {}
};

TEST(Viewers, AreTakenUpToTheirNumberAndTheNextOneIsToldThatThereAreTooMany) {
  for (const std::size_t there : {kMaxViewers - 1, kMaxViewers}) {
    MemoryGateway gateway({}, few_machines());
    std::vector<Sitting> viewers(there);
    for (Sitting& viewer : viewers) gateway.hub().viewers.insert(&viewer);
    {
      RawPeer peer(gateway, Faults::kNone);

      ASSERT_TRUE(upgrade(peer, "/feed"));

      EXPECT_EQ(peer.received().find(there < kMaxViewers ? "HTTP/1.1 101" : "HTTP/1.1 503"), 0u);
    }
    gateway.hub().viewers.clear();
  }
}

}  // namespace
}  // namespace net::test
