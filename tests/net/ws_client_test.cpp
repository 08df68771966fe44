// What the WebSocket client makes of peers that open none: over real sockets, peers made by hand.
#include "net/feed/ws_client.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "tests/net/listener.hpp"

namespace net::test {
namespace {

using ::testing::HasSubstr;

/// Takes one connection, reads a request, answers and hangs up.
class Peer {
 public:
  explicit Peer(std::string answer)
      : thread_([this, answer = std::move(answer)] {
          const int fd = listener_.accept();
          char request[4096];
          if (fd < 0 || ::read(fd, request, sizeof request) < 0) return;
          if (::write(fd, answer.data(), answer.size()) < 0) return;
          ::close(fd);
        }) {}
  ~Peer() {
    listener_.stop();
    thread_.join();
  }
  std::unique_ptr<WsTransport> client(const std::string& scheme = "ws") {
    WsClientConfig config;
    config.url =
        parse_ws_url(scheme + "://127.0.0.1:" + std::to_string(listener_.port()), "/feed").value();
    return make_ws_client(config);
  }

 private:
  Listener listener_;
  std::thread thread_;
};

std::string answer(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

TEST(WsClient, SaysThatAPeerHungUpButNotWhichOfItsReasonsItWas) {
  for (const std::string scheme : {"ws", "wss"}) {
    Peer peer("");
    const auto client = peer.client(scheme);

    const auto done = client->connect();

    ASSERT_FALSE(done);
    EXPECT_EQ(client->failure().reason, FeedReason::hung_up) << done.error().what;
    EXPECT_THAT(done.error().what, HasSubstr("It may be full, or speak"));
  }
}

TEST(WsClient, TellsAGatewaysRefusalFromAProxys) {
  Peer gateway(answer("503 No room", "{\"status\":503,\"error\":\"Too many viewers.\"}\n"));
  Peer proxy(answer("503 Unavailable", "<html>Service unavailable</html>"));
  const auto ours = gateway.client(), other = proxy.client();

  EXPECT_FALSE(ours->connect());
  EXPECT_FALSE(other->connect());

  EXPECT_EQ(ours->refusal().status, 503);
  EXPECT_EQ(ours->refusal().words, "Too many viewers.");
  EXPECT_EQ(other->refusal().status, 503);
  EXPECT_EQ(other->refusal().words, "");
}

TEST(HttpRefusal, TakesWordsOnlyFromAGatewaysAnswerAndBoundsThem) {
  const auto body = [](const std::string& words) {
    return "{\"status\":403,\"error\":\"" + words + "\"}\n";
  };
  EXPECT_EQ(http_refusal(403, body("No.")).words, "No.");
  EXPECT_EQ(http_refusal(403, "").words, "");
  EXPECT_EQ(http_refusal(401, body("No.")).words, "") << "another status than HTTP's";
  EXPECT_EQ(http_refusal(403, "{\"status\":403,\"error\":\"No").words, "") << "cut off";
  EXPECT_EQ(http_refusal(403, "{\"error\":\"No.\"}").words, "");
  EXPECT_EQ(http_refusal(403, body("N\xffo.")).words, "N?o.");
  for (const std::size_t size : {kMaxRefusalWords - 1, kMaxRefusalWords, kMaxRefusalWords + 1})
    EXPECT_EQ(http_refusal(403, body(std::string(size, 'w'))).words.size(),
              std::min(size, kMaxRefusalWords));
}

}  // namespace
}  // namespace net::test
