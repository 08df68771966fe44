// How long the gateway waits for a peer that is to go. Real sockets.
#include "tests/net/abuse_support.hpp"

namespace net::test {
namespace {

/// A peer that was refused, has the answer, and neither sends more nor goes.
class Refused : public ::testing::Test {
 protected:
  void refuse(std::chrono::milliseconds linger) {
    GatewayConfig config;
    config.timeouts.linger = linger;
    gateway.emplace(std::move(config));
    peer.emplace(gateway->port());
    peer->send("BREW\r\n\r\n");
    ASSERT_TRUE(peer->read_all().starts_with("HTTP/1.1 400 ")) << "read to its end";
  }
  /// Beside the one that asks.
  double connections() const {
    return metric(http(gateway->port(), "GET", "/metrics").body, "fleetwall_connections") - 1;
  }

  std::optional<TestGateway> gateway;
  std::optional<TcpClient> peer;
};

TEST_F(Refused, HasTimeToGoByItself) {
  refuse(1h);

  EXPECT_TRUE(peer->send("what it had on the way")) << "it is read and forgotten";
  EXPECT_TRUE(eventually([&] { return connections() == 1; }));
  peer->finish_sending();
  EXPECT_TRUE(eventually([&] { return connections() == 0; }));
}

TEST_F(Refused, IsCutOffWhenItsTimeIsOver) {
  refuse(20ms);

  EXPECT_TRUE(eventually([&] { return connections() == 0; }));
}

/// Stops a gateway with a viewer that is told so; how long that took.
std::chrono::nanoseconds stop_with_a_viewer(std::chrono::milliseconds grace, bool it_goes) {
  GatewayConfig config;
  config.timeouts.stop_grace = grace;
  TestGateway gateway(config);
  TcpClient viewer(gateway.port());
  viewer.send(upgrade_request("/feed"));
  std::string received;
  const auto read_until = [&](const std::function<bool()>& so) {
    for (std::string part = " "; !so() && !part.empty(); received += part)
      part = viewer.read_some();
  };
  const auto header_end = [&] { return received.find("\r\n\r\n"); };
  read_until([&] { return header_end() != received.npos; });
  EXPECT_TRUE(received.starts_with("HTTP/1.1 101 ")) << received;
  received.erase(0, header_end() + 4);
  const auto begin = std::chrono::steady_clock::now();
  gateway->stop();
  if (it_goes) {
    read_until([&] { return read_frames(received).code.has_value(); });
    EXPECT_EQ(read_frames(received).code, 1001);
    viewer.send(close_frame(1001));
    viewer.finish_sending();
  }
  gateway->join();
  return std::chrono::steady_clock::now() - begin;
}

TEST(StopGrace, IsGivenToAPeerThatDoesNotAnswerTheGoodbyeAndNoMore) {
  const auto took = stop_with_a_viewer(300ms, false);

  EXPECT_GE(took, 300ms);
  EXPECT_LT(took, SocketTimeouts().handshake) << "what a closing handshake may take";
}

TEST(StopGrace, IsNotWaitedForOnceEverybodyIsGone) {
  EXPECT_LT(stop_with_a_viewer(1h, true), SocketTimeouts().handshake);
}

}  // namespace
}  // namespace net::test
