// A sender's connection: what it may still do, what it holds, and how it ends without memory.
#include <new>

#include "tests/net/memory_peers.hpp"

namespace net::test {
namespace {

sockets::Connection& sender_of(MemoryGateway& gateway) {
  return **gateway.hub().ingests.begin();
}

TEST(SenderWhoseTokenWasTakenBack, IsToldSoAndNothingItSendsIsStoredAnyMore) {
  MemoryGateway gateway({});
  RawPeer peer(gateway, Faults::kNone);
  ASSERT_TRUE(upgrade(peer, "/ingest"));
  peer.send(web_socket_frame(1, one_line_message()));
  ASSERT_TRUE(peer.until([&] { return peer.received().find("accepted") != std::string::npos; }));
  gateway.hub().tokens = AccessList({{.name = "another", .role = Role::ingest, .hash = {}}});
  ++gateway.hub().access_version;

  sender_of(gateway).check(sockets::Clock::now());
  peer.send(web_socket_frame(1, one_line_message()));
  peer.serve();

  EXPECT_TRUE(peer.received().ends_with(kPolicy));
  EXPECT_EQ(gateway.metric_now("fleetwall_ingest_messages_total"), 1);
  EXPECT_EQ(gateway.metric_now("fleetwall_reports_total"), 1);
  EXPECT_EQ(gateway.hub().counters.read_bytes, 0u);
}

TEST(SenderThatIsBeingAnswered, WhenTheGatewayGoesDownIsToldSo) {
  MemoryGateway gateway({});
  RawPeer peer(gateway, Faults::kNone);
  peer.send(web_socket_request("/ingest"));
  ASSERT_TRUE(peer.until([&] { return gateway.hub().ingests.size() == 1; }));
  ASSERT_EQ(peer.received().find("accepted"), std::string::npos);

  sender_of(gateway).shut_down();

  EXPECT_TRUE(peer.until([&] { return peer.received().ends_with(kGoingAway); }));
}

/// A gateway with one answer that is committed, and whose way to its sender stands still.
class AnswerUnderWay : public ::testing::Test {
 protected:
  void stop_posting(RawPeer& peer, const std::string& message) {
    gateway.serve_posted_on(nullptr);
    peer.send(message);
    peer.serve();
    ASSERT_TRUE(eventually([&] { return gateway.posted() > 0; }));
  }
  double held() { return gateway.metric_now("fleetwall_buffer_bytes{what=\"answers\"}"); }

  const std::string answer = R"({"accepted":1,"rejected":[]})";
  TemporaryFolder folder;
  MemoryGateway gateway{recording(folder)};
};

TEST_F(AnswerUnderWay, IsCountedOnceFromItsMakingToItsWriting) {
  RawPeer peer(gateway, Faults::kNone);
  ASSERT_TRUE(upgrade(peer, "/ingest"));
  stop_posting(peer, web_socket_frame(1, one_line_message()));

  EXPECT_EQ(held(), static_cast<double>(answer.size() + 256)) << "while it waits for the disk";
  gateway.run_posted();
  EXPECT_EQ(held(), static_cast<double>(answer.size())) << "while it is written";
  peer.serve();
  EXPECT_EQ(held(), 0);
  EXPECT_TRUE(peer.received().ends_with(answer));
}

TEST_F(AnswerUnderWay, EndsTheWebSocketThatWouldWaitForItIfItIsLost) {
  RawPeer peer(gateway, Faults::kNone);
  ASSERT_TRUE(upgrade(peer, "/ingest"));
  stop_posting(peer, web_socket_frame(1, one_line_message()));

  gateway.lose_posted();

  EXPECT_TRUE(peer.until([&] { return gateway.hub().ingests.empty(); }));
  EXPECT_EQ(held(), 0);
}

TEST_F(AnswerUnderWay, EndsTheRequestThatWouldWaitForItIfItIsLost) {
  RawPeer peer(gateway, Faults::kNone);
  const std::string line = one_line_message();
  stop_posting(peer, "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                         std::to_string(line.size()) + "\r\n\r\n" + line);
  ASSERT_EQ(gateway.hub().owed_answers, 1u);

  gateway.lose_posted();

  EXPECT_TRUE(peer.until([&] { return gateway.hub().counters.connections == 0; }));
  EXPECT_EQ(gateway.hub().owed_answers, 0u) << "a stop would wait for it";
  EXPECT_EQ(held(), 0);
}

TEST(OutOfMemory, AmidAnAcceptedConnectionDoesNotKeepTheNextOneOut) {
  std::atomic<int> thrown{0};
  GatewayConfig config;
  config.access.connections = 1;
  config.log = [&](LogLevel, std::string_view text) {
    if (!text.starts_with("Refused a connection")) return;
    ++thrown;
    throw std::bad_alloc();
  };
  TestGateway gateway(config);
  {
    TcpClient first(gateway.port());
    TcpClient second(gateway.port());
    ASSERT_EQ(second.read_all(), "");
    ASSERT_EQ(thrown, 1);
  }

  EXPECT_TRUE(eventually([&] { return http(gateway.port(), "GET", "/healthz").status == 200; }));
}

}  // namespace
}  // namespace net::test
