// Bounds and time-outs of connections, at, below and above them; sockets in memory, clocks by hand.
#include "net/gateway/feed_session.hpp"
#include "tests/net/memory_peers.hpp"

namespace net::test {
namespace {

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
  ASSERT_TRUE(sender->send(one_line_message(), false).ok());
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

TEST(UnansweredMessages, AreReadUpToTheirNumberAndTheNextOneOnceThereIsAnAnswer) {
  for (const std::size_t sent : {kMaxUnanswered - 1, kMaxUnanswered, kMaxUnanswered + 1}) {
    TemporaryFolder folder;
    MemoryGateway gateway(recording(folder));
    RawPeer peer(gateway, Faults::kNone);
    ASSERT_TRUE(upgrade(peer, "/ingest"));
    gateway.serve_posted_on(nullptr);  // what is committed is not answered yet
    const auto read = [&] { return gateway.metric_now("fleetwall_ingest_messages_total"); };

    for (std::size_t i = 0; i < sent; ++i) peer.send(web_socket_frame(1, one_line_message()));
    peer.serve();

    EXPECT_EQ(read(), std::min(sent, kMaxUnanswered));
    EXPECT_TRUE(peer.until([&] {
      gateway.run_posted();
      return read() == sent;
    }));
  }
}

TEST(ViewerSocket, HoldsNoMoreInTheKernelThanItsBound) {
  using Unsent = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
  asio::io_context io;
  sockets::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  beast::tcp_stream connected(io);
  connected.socket().connect(acceptor.local_endpoint());
  sockets::SocketStream stream(std::move(connected));

  sockets::bound_sending(stream);

  asio::socket_base::send_buffer_size held;
  Unsent unsent;
  stream.tcp().socket().get_option(held);
  stream.tcp().socket().get_option(unsent);
  EXPECT_EQ(held.value(), kViewerSendBuffer);
  EXPECT_EQ(unsent.value(), kViewerUnsent);
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
