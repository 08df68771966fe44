// The whole gateway over real sockets on loopback.
#include <csignal>

#include "net/feed/ws_client.hpp"
#include "net/gateway/socket_server.hpp"
#include "net/ingest/ndjson.hpp"
#include "tests/net/import_support.hpp"
#include "tests/net/listener.hpp"
#include "tests/net/loopback_support.hpp"
#include "tests/net/proxy.hpp"

namespace net::test {
namespace {

GatewayConfig fast() {
  GatewayConfig config;
  config.core.tick = fleet::Millis(100);
  return config;
}

std::string line(const std::string& machine, double lon, std::int64_t offset_ms = 0) {
  return "{\"machine\":\"" + machine + "\",\"time\":" + now_ms(offset_ms) +
         ",\"lon\":" + std::to_string(lon) + ",\"lat\":30,\"rpm\":1500}\n";
}

TEST(GatewayLoopback, ShowsAWallWhatWasPosted) {
  TestGateway gateway(fast());
  TestWall wall(gateway.url());

  const auto answer =
      http(gateway.port(), "POST", "/ingest", line("EX-1", 104) + line("EX-2", 105));

  EXPECT_EQ(answer.status, 200) << answer.head;
  EXPECT_EQ(answer.body, "{\"accepted\":2,\"rejected\":[]}\n");
  ASSERT_TRUE(wall.until([&] { return wall.reader.state().machine_count() == 2; }));
  EXPECT_TRUE(wall.until([&] { return wall.reader.state().has(1, fleet::kRpm); }));
  EXPECT_EQ(wall.reader.state().roster()[1].id, "EX-2");
}

TEST(GatewayLoopback, AnswersEachMessageOfAnIngestSocketInOrder) {
  TestGateway gateway(fast());
  WsClientConfig config;
  config.url = parse_ws_url(gateway.url(), "/ingest").value();
  auto socket = make_ws_client(config);
  ASSERT_TRUE(socket->connect().ok());

  const std::string messages[] = {line("A", 104), "rubbish", line("B", 104) + "{}\n", ""};
  for (const auto& message : messages) ASSERT_TRUE(socket->send(message, false).ok());

  const char* expected[] = {"{\"accepted\":1,\"rejected\":[]}", "{\"status\":400,",
                            "{\"accepted\":1,\"rejected\":[{\"line\":2,", "{\"accepted\":0,"};
  for (const char* start : expected) {
    const auto answer = socket->receive(kDeadline);
    ASSERT_TRUE(answer.ok()) << answer.error().what;
    ASSERT_TRUE(answer->has_value());
    EXPECT_EQ((*answer)->rfind(start, 0), 0u) << **answer;
  }
  socket->close();
}

TEST(GatewayLoopback, CountsReceivedAsStoredPlusRejectedPlusPending) {
  TestGateway gateway(fast());
  http(gateway.port(), "POST", "/ingest",
       line("EX-1", 104) + "broken\n{\"machine\":\"EX-1\",\"time\":1,\"rpm\":5}\n" +
           line("EX-1", 104, 600'000) + line("", 1));

  const auto page = http(gateway.port(), "GET", "/metrics");

  ASSERT_EQ(page.status, 200);
  double rejected = 0;
  for (int r = 0; r < fleet::kReasonCount; ++r)
    rejected += metric(page.body, std::string("fleetwall_rejected_total{reason=\"") +
                                      fleet::reason_name(static_cast<fleet::Reason>(r)) + "\"}");
  EXPECT_GT(rejected, 3);
  EXPECT_EQ(metric(page.body, "fleetwall_received_total"),
            metric(page.body, "fleetwall_stored_total") + rejected +
                metric(page.body, "fleetwall_pending"));
  EXPECT_EQ(metric(page.body, "fleetwall_ingest_lines_total"), 5);
}

TEST(GatewayLoopback, RefusesWhatIsNoRequestForIt) {
  TestGateway gateway(fast());
  const std::uint16_t port = gateway.port();

  EXPECT_EQ(http(port, "POST", "/ingest", "no json").status, 400);
  EXPECT_EQ(http(port, "GET", "/ingest").status, 405);
  EXPECT_EQ(http(port, "POST", "/healthz", "x").status, 405);
  EXPECT_EQ(http(port, "GET", "/nothing").status, 404);
  EXPECT_EQ(http(port, "GET", "/feed").status, 426);
  EXPECT_EQ(http(port, "GET", "/healthz", "", "Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(http(port, "POST", "/ingest", line("A", 1), "Origin: http://evil.example\r\n").status,
            403);
  EXPECT_EQ(http(port, "GET", "/feed", "",
                 "Origin: http://evil.example\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n")
                .status,
            403);
  EXPECT_EQ(
      http(port, "GET", "/healthz", "", "X: " + std::string(kMaxHeaderBytes, 'x') + "\r\n").status,
      431);
  TcpClient rubbish(port);
  rubbish.send("\x16\x03\x01 this is no HTTP\r\n\r\n");
  EXPECT_EQ(rubbish.read_all().rfind("HTTP/1.1 400", 0), 0u);
  EXPECT_EQ(http(port, "GET", "/healthz").status, 200) << "and it still serves";
}

TEST(GatewayLoopback, TakesBodiesUpToTheLimitAndRefusesLargerOnesWith413) {
  TestGateway gateway(fast());
  std::string body = line("EX-1", 104);
  body.resize(kMaxIngestBytes, '\n');
  // Blank lines count as lines: few long ones instead.
  std::fill(body.begin() + static_cast<std::ptrdiff_t>(line("EX-1", 104).size()), body.end(), ' ');

  EXPECT_EQ(http(gateway.port(), "POST", "/ingest", body).status, 200);
  EXPECT_EQ(http(gateway.port(), "POST", "/ingest", body + " ").status, 413);
}

/// Sends a new machine a message without waiting for answers, until the gateway is gone; counts
/// what was acknowledged.
std::uint64_t send_until_it_is_gone(std::uint16_t port, const std::string& prefix,
                                    std::atomic<int>& begun) {
  WsClientConfig config;
  config.url = parse_ws_url("ws://127.0.0.1:" + std::to_string(port), "/ingest").value();
  const auto socket = make_ws_client(config);
  if (!socket->connect().ok()) return 0;
  std::uint64_t accepted = 0;
  for (int i = 0;; ++i) {
    if (!socket->send(line(prefix + std::to_string(i), 104), false).ok()) break;
    if (i == 100) ++begun;
    if (i < 30) continue;  // so many are always under way
    const auto answer = socket->receive(kDeadline);
    if (!answer.ok() || !answer->has_value()) return accepted;
    accepted += (*answer)->rfind("{\"accepted\":1", 0) == 0;
  }
  while (true) {
    const auto answer = socket->receive(kDeadline);
    if (!answer.ok() || !answer->has_value()) return accepted;
    accepted += (*answer)->rfind("{\"accepted\":1", 0) == 0;
  }
}

TEST(GatewayLoopback, StopsUnderIngestWithoutLosingWhatItAcknowledged) {
  const TemporaryFolder folder;
  GatewayConfig config = fast();
  config.data = folder.path;
  std::atomic<int> begun{0};
  std::atomic<std::uint64_t> accepted{0};
  {
    TestGateway gateway(config);
    std::vector<std::jthread> senders;
    for (const char* prefix : {"a", "b", "c"})
      senders.emplace_back(
          [&, prefix] { accepted += send_until_it_is_gone(gateway.port(), prefix, begun); });
    ASSERT_TRUE(eventually([&] { return begun == 3; }));

    gateway->stop();
    gateway->join();
  }
  EXPECT_GE(accepted, 200u);
  TestGateway again(config);
  EXPECT_GE(metric(http(again.port(), "GET", "/metrics").body, "fleetwall_machines"),
            static_cast<double>(accepted));
}

TEST(GatewayLoopback, CutsASenderWhoseMessageIsNotWholeInTime) {
  GatewayConfig config = fast();
  config.timeouts.body = 50ms;
  TestGateway gateway(config);
  TcpClient sender(gateway.port());
  sender.send(
      "GET /ingest HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  ASSERT_NE(sender.read_some().find("101"), std::string::npos);

  sender.send(std::string("\x81\xfe\x00\xc8\0\0\0\0abc", 11));  // 3 of 200 bytes

  EXPECT_EQ(sender.read_all(), "") << "closed without a code";
}

TEST(GatewayLoopback, AsksForTheBodyWhenTheSenderExpectsThat) {
  TestGateway gateway(fast());
  TcpClient client(gateway.port());
  const std::string body = line("EX-1", 104);

  client.send(
      "POST /ingest HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
      "Connection: close\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  EXPECT_EQ(client.read_some().rfind("HTTP/1.1 100", 0), 0u);
  client.send(body);

  EXPECT_NE(client.read_all().find("\"accepted\":1"), std::string::npos);
}

DemoSource small_demo(double speed) {
  DemoSource demo;
  demo.sim.machines = 500;
  demo.sim.start = kStart;
  demo.from = kStart;
  demo.now = kStart + 10min;
  demo.speed = speed;
  return demo;
}

TEST(GatewayLoopback, ServesADemoWhoseMorningIsKnownAndHashesAgree) {
  TestGateway gateway({}, small_demo(120));
  TestWall wall(gateway.url());

  ASSERT_TRUE(wall.until([&] { return wall.hashes_compared >= 1; }));

  EXPECT_TRUE(wall.feed->health().hello.demo);
  EXPECT_EQ(wall.keyframes, 1);
  EXPECT_EQ(wall.reader.state().roster().size(), 500u);
  EXPECT_GT(wall.reader.state().time(), kStart + 10min);
  for (std::size_t i = 1; i < wall.ticks.size(); ++i)
    ASSERT_EQ(wall.ticks[i].number, wall.ticks[i - 1].number + 1);
}

TEST(GatewayLoopback, GivesTheFirstFullPictureWithoutWaitingForATick) {
  TestGateway gateway({}, small_demo(0));  // a feed that stands still: no tick ever comes
  TestWall wall(gateway.url());

  EXPECT_TRUE(wall.until([&] { return wall.keyframes == 1; }));
  EXPECT_TRUE(wall.ticks.empty());
}

TEST(GatewayLoopback, GivesUpPreparingADemoWhenStopped) {
  DemoSource demo = small_demo(1);
  demo.sim.machines = 20'000;
  demo.from = demo.sim.start = demo.now - std::chrono::hours(14);
  std::atomic<bool> ready{false};
  GatewayConfig config;
  config.port = 0;

  auto gateway = Gateway::start(config, demo, [&](std::string, std::uint16_t) { ready = true; });
  gateway->stop();
  gateway->join();

  EXPECT_FALSE(ready);
  EXPECT_LT(gateway->prepared(), 1);
  EXPECT_EQ(gateway->failure(), "");
}

TEST(GatewayLoopback, ChangesTheSpeedOfADemo) {
  TestGateway gateway({}, small_demo(0));
  TestWall wall(gateway.url());
  ASSERT_TRUE(wall.until([&] { return wall.keyframes == 1; }));

  gateway->set_speed(1440);

  EXPECT_TRUE(wall.until([&] { return wall.reader.state().time() > kStart + 30min; }));
}

TEST(GatewayLoopback, ComesBackTwentyTimesWithoutMissingOrRepeatingATick) {
  TestGateway gateway({}, small_demo(60));
  Proxy proxy(gateway.port());
  TestWall wall("ws://127.0.0.1:" + std::to_string(proxy.port()));

  for (std::uint64_t i = 1; i <= 20; ++i) {
    const std::size_t seen = wall.ticks.size();
    ASSERT_TRUE(wall.until(
        [&] { return wall.feed->health().connections >= i && wall.ticks.size() > seen + 3; }));
    proxy.cut();
    ASSERT_TRUE(wall.until([&] { return wall.feed->health().connections > i; }));
  }
  ASSERT_TRUE(wall.until([&] { return wall.hashes_compared >= 1; }));

  EXPECT_EQ(wall.keyframes, 1);
  EXPECT_EQ(wall.catch_ups, 0);
  for (std::size_t i = 1; i < wall.ticks.size(); ++i)
    ASSERT_EQ(wall.ticks[i].number, wall.ticks[i - 1].number + 1);
}

TEST(GatewayLoopback, CatchesUpAWallThatComesBackAfterTheRing) {
  GatewayConfig config;
  config.ring_seconds = 0.5;
  TestGateway gateway(std::move(config), small_demo(100));
  Proxy proxy(gateway.port());
  TestWall wall("ws://127.0.0.1:" + std::to_string(proxy.port()));
  ASSERT_TRUE(wall.until([&] { return wall.ticks.size() > 5; }));
  const auto tick_frames = [&] {
    return metric(http(gateway.port(), "GET", "/metrics").body, "fleetwall_tick_frames_total");
  };

  proxy.pause(true);
  proxy.cut();
  const double then = tick_frames();
  ASSERT_TRUE(eventually([&] { return tick_frames() > then + 100; }));  // the ring holds 50
  proxy.pause(false);

  ASSERT_TRUE(wall.until([&] { return wall.catch_ups > 0; }));
  EXPECT_EQ(wall.catch_ups, 1);
  EXPECT_EQ(wall.keyframes, 1);
  EXPECT_TRUE(wall.until([&] { return wall.hashes_compared >= 1; }));
}

TEST(GatewayLoopback, StartsAWallAfreshWhenTheGatewayWasStartedAnew) {
  auto first = std::make_unique<TestGateway>(GatewayConfig{}, small_demo(10));
  const std::uint16_t port = first->port();
  TestWall wall(first->url());
  ASSERT_TRUE(wall.until([&] { return wall.ticks.size() > 3; }));
  const std::uint64_t epoch = wall.reader.state().position().epoch;

  first.reset();
  GatewayConfig again;
  again.port = port;
  TestGateway second(std::move(again), small_demo(10));

  ASSERT_TRUE(wall.until([&] { return wall.reader.state().position().epoch > epoch; }));
  EXPECT_EQ(wall.keyframes, 2);
  const std::size_t seen = wall.ticks.size();
  EXPECT_TRUE(wall.until([&] { return wall.ticks.size() > seen + 3; }));
}

/// Upgrades and subscribes, by hand; from there on nobody answers pings.
void subscribe_by_hand(TcpClient& client) {
  client.send(
      "GET /feed HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  ASSERT_NE(client.read_some().find("101"), std::string::npos);
  const std::string subscribe = encode(ClientMessage(Subscribe{}));
  std::string frame = "\x82";
  frame += static_cast<char>(0x80 | subscribe.size());
  frame += std::string(4, '\0') + subscribe;  // a mask of zeros
  client.send(frame);
}

TEST(GatewayLoopback, ServesOthersWhileOneWallDoesNotRead) {
  TestGateway gateway({}, small_demo(600));
  TcpClient stuck(gateway.port(), 4096);
  subscribe_by_hand(stuck);  // then it never reads again
  TestWall wall(gateway.url());

  ASSERT_TRUE(wall.until([&] { return wall.hashes_compared >= 2; }));

  const std::string page = http(gateway.port(), "GET", "/metrics").body;
  EXPECT_EQ(metric(page, "fleetwall_viewers"), 2);
  EXPECT_EQ(wall.catch_ups, 0);
}

TEST(GatewayLoopback, ClosesAWallThatDoesNotReadAndGoesOn) {
  GatewayConfig config;
  config.timeouts.write = 300ms;
  DemoSource demo = small_demo(600);  // fills the kernel's buffers in no time
  demo.sim.machines = 3000;
  demo.sim.moving = true;
  TestGateway gateway(std::move(config), std::move(demo));
  TcpClient stuck(gateway.port(), 4096);
  subscribe_by_hand(stuck);

  ASSERT_TRUE(eventually([&] {
    return metric(http(gateway.port(), "GET", "/metrics").body,
                  "fleetwall_feed_slow_closed_total") == 1;
  }));

  EXPECT_EQ(metric(http(gateway.port(), "GET", "/metrics").body, "fleetwall_viewers"), 0);
}

TEST(GatewayLoopback, FindsAHalfOpenWallWithinItsIdleTime) {
  EXPECT_LE(GatewayConfig().timeouts.idle, 35s);
  GatewayConfig config;
  config.timeouts.idle = 400ms;
  TestGateway gateway(std::move(config), small_demo(0));
  TcpClient mute(gateway.port());
  TestWall wall(gateway.url());  // answers pings
  const auto begin = std::chrono::steady_clock::now();
  subscribe_by_hand(mute);

  const std::string all = mute.read_all();  // returns when the gateway gives it up

  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_NE(all.find(std::string("\x89\x00", 2)), std::string::npos) << "it was asked";
  EXPECT_LT(took, kDeadline / 2);
  ASSERT_TRUE(eventually([&] {
    return metric(http(gateway.port(), "GET", "/metrics").body, "fleetwall_viewers") == 1;
  }));
  EXPECT_EQ(wall.feed->health().connections, 1u) << "who answers pings stays";
}

TEST(WsClient, GivesUpAServerThatDoesNotAnswer) {
  const Listener mute;
  WsClientConfig config;
  config.url = {"127.0.0.1", mute.port(), "/feed"};
  config.connect_timeout = 100ms;

  const auto connected = make_ws_client(config)->connect();

  ASSERT_FALSE(connected.ok());
  EXPECT_NE(connected.error().what.find("in time"), std::string::npos) << connected.error().what;
}

TEST(WsClient, FindsAHalfOpenServerWithinItsIdleTime) {
  EXPECT_LE(WsClientConfig().idle_timeout, 35s);
  TestGateway gateway(fast());
  Proxy proxy(gateway.port());
  WsClientConfig config;
  config.url = {"127.0.0.1", proxy.port(), "/ingest"};
  config.idle_timeout = 400ms;
  const auto client = make_ws_client(config);
  ASSERT_TRUE(client->connect().ok());
  proxy.freeze();

  const auto message = client->receive(kDeadline);

  ASSERT_FALSE(message.ok()) << "found by itself, not by our waiting";
  EXPECT_EQ(message.error().what, "The gateway fell silent.");
}

TEST(GatewayLoopback, AsksForAKeyframeAgainOnResync) {
  TestGateway gateway({}, small_demo(30));
  TestWall wall(gateway.url());
  ASSERT_TRUE(wall.until([&] { return wall.ticks.size() > 3; }));

  wall.feed->resync();

  EXPECT_TRUE(wall.until([&] { return wall.keyframes == 2; }));
  EXPECT_TRUE(wall.until([&] { return wall.hashes_compared >= 1; }));
}

/// What starting a gateway fails with; empty: it started.
std::string start_error(GatewayConfig config) {
  try {
    Gateway::start(std::move(config), std::nullopt, nullptr);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST(GatewayLoopback, SaysWhyItCannotListen) {
  TestGateway gateway(fast());
  GatewayConfig same;
  same.port = gateway.port();
  GatewayConfig open = fast();
  open.listen_host = "0.0.0.0";

  EXPECT_NE(start_error(same).find("Cannot listen on 127.0.0.1:"), std::string::npos);
  EXPECT_NE(start_error(open).find("without tokens"), std::string::npos);
}

TEST(GatewayLoopback, RefusesToRecordBehindWhatIsRecordedAlready) {
  const auto start_after_rows_ahead_by = [](std::chrono::minutes ahead) {
    const ImportFolder folder;
    const auto newest = std::chrono::floor<fleet::Millis>(std::chrono::system_clock::now()) + ahead;
    imported(folder.options({folder.write(
        "a.csv", "machine,time,lon,lat\nEX-1," + fleet::iso8601(newest) + ",104,30\n")}));
    GatewayConfig config = fast();
    config.data = folder.data();
    return start_error(config);
  };

  EXPECT_EQ(start_after_rows_ahead_by(std::chrono::minutes(4)), "");
  const std::string refusal = start_after_rows_ahead_by(std::chrono::minutes(60));
  EXPECT_NE(refusal.find("what is recorded goes up to"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("Set the clock right"), std::string::npos) << refusal;
}

TEST(GatewayLoopback, RecordsWhatItAcceptsAndGoesOnFromItUnderANewEpoch) {
  TemporaryFolder folder;
  GatewayConfig config = fast();
  config.data = folder.path;
  std::uint64_t hash = 0;
  {
    TestGateway gateway(config);
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(http(gateway.port(), "POST", "/ingest", line("EX-1", 104 + i * 2e-6)).body,
                "{\"accepted\":1,\"rejected\":[]}\n");
    TestWall wall(gateway.url());
    ASSERT_TRUE(wall.until([&] { return wall.reader.state().machine_count() == 1; }));
    gateway->stop();
    gateway->join();
    ASSERT_TRUE(wall.until([&] { return wall.feed->health().state == FeedHealth::State::lost; }));
    hash = wall.reader.state().hash();
  }

  TestGateway again(config);
  TestWall wall(again.url());
  ASSERT_TRUE(wall.until([&] { return wall.keyframes == 1; }));

  EXPECT_EQ(wall.reader.state().hash(), hash);
  EXPECT_NE(http(again.port(), "GET", "/healthz").body.find("\"recording\":true"),
            std::string::npos);
}

TEST(GatewayLoopback, DoesNotReadASenderThatLeavesItsAnswersUnread) {
  TestGateway gateway;
  TcpClient sender(gateway.port(), 4096);
  sender.send(
      "GET /ingest HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  ASSERT_EQ(sender.read_some().rfind("HTTP/1.1 101", 0), 0u);
  // Each is answered with some 55 KB; what the kernel takes of that is a few MiB at most.
  std::string bad;
  for (std::size_t i = 0; i < kMaxListedRejections; ++i) bad += "{}\n";
  const std::string frame = std::string("\x81\xfe", 2) + static_cast<char>(bad.size() >> 8) +
                            static_cast<char>(bad.size() & 255) + std::string(4, '\0') + bad;
  constexpr int kMessages = 200;
  for (int i = 0; i < kMessages; ++i) ASSERT_TRUE(sender.send(frame));
  const auto page = [&] { return http(gateway.port(), "GET", "/metrics").body; };
  const std::string bytes = "fleetwall_buffer_bytes{what=\"answers\"}";

  ASSERT_TRUE(eventually([&] { return metric(page(), bytes) > double(kMaxSocketAnswerBytes); }));

  EXPECT_LE(metric(page(), bytes), double(kMaxSocketAnswerBytes) + 64 * 1024) << "one answer more";
  EXPECT_LT(metric(page(), "fleetwall_ingest_messages_total"), kMessages);
}

}  // namespace
}  // namespace net::test
