// Who gets in, over real sockets: every path with every kind of token, caps, TLS, tokens taken
// back.
#include <set>

#include "net/feed/ws_client.hpp"
#include "tests/net/certificates.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

const std::string kIngest = "fw_token-of-an-ingest-box-0001";
const std::string kViewer = "fw_token-of-a-viewing-wall-001";
const std::string kOperator = "fw_token-of-an-operator-00001";
const std::string kAdmin = "fw_token-of-the-administrator1";
const std::string kUnknown = "fw_token-that-nobody-ever-made";

GatewayConfig guarded() {
  GatewayConfig config;
  config.core.tick = fleet::Millis(100);
  config.access.tokens = {{"box", Role::ingest, hash_of_token(kIngest)},
                          {"wall", Role::viewer, hash_of_token(kViewer)},
                          {"desk", Role::operator_, hash_of_token(kOperator)},
                          {"root", Role::admin, hash_of_token(kAdmin)}};
  return config;
}

std::string bearer(const std::string& token) {
  return token.empty() ? "" : "Authorization: Bearer " + token + "\r\n";
}
const std::string kUpgrade =
    "Upgrade: websocket\r\nConnection: upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

/// Status of the answer, which may be a WebSocket that stays open.
int status_of(std::uint16_t port, const std::string& method, const std::string& target,
              const std::string& headers) {
  TcpClient client(port);
  const std::string body = method == "POST" ? "{\"machine\":\"M\"}\n" : "";
  client.send(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers +
              (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") +
              "\r\n" + body);
  const std::string answer = client.read_some();
  return answer.size() > 12 ? std::atoi(answer.c_str() + 9) : 0;
}

/// What each kind of visitor is answered, path by path.
struct Row {
  const char* method;
  const char* target;
  bool upgrade;
  int nobody, unknown, ingest, viewer, operator_, admin, open;  ///< open: a gateway without tokens
};
constexpr Row kTable[] = {
    {"POST", "/ingest", false, 401, 401, 200, 403, 403, 200, 200},
    {"GET", "/ingest", true, 401, 401, 101, 403, 403, 101, 101},
    {"GET", "/feed", true, 401, 401, 403, 101, 101, 101, 101},
    {"GET", "/replay", true, 401, 401, 403, 404, 404, 404, 404},  // nothing is recorded
    {"GET", "/replay", false, 401, 401, 403, 426, 426, 426, 426},
    {"GET", "/feed", false, 401, 401, 403, 426, 426, 426, 426},
    {"GET", "/metrics", false, 401, 401, 403, 200, 200, 200, 200},
    {"GET", "/healthz", false, 200, 200, 200, 200, 200, 200, 200},
    {"GET", "/ingest", false, 401, 401, 405, 403, 403, 405, 405},
    {"GET", "/nothing", false, 404, 404, 404, 404, 404, 404, 404},
    {"GET", "/nothing", true, 404, 404, 404, 404, 404, 404, 404},
    {"GET", "/feed/", true, 404, 404, 404, 404, 404, 404, 404},
    {"GET", "/FEED", true, 404, 404, 404, 404, 404, 404, 404},
    {"GET", "/feed?x=1", true, 401, 401, 403, 101, 101, 101, 101},
};

TEST(AccessTable, AnswersEveryPathAsTheRoleMay) {
  TestGateway gateway(guarded()), open{GatewayConfig{}};
  for (const Row& row : kTable) {
    SCOPED_TRACE(std::string(row.method) + " " + row.target + (row.upgrade ? " upgrade" : ""));
    const auto ask = [&](TestGateway& whom, const std::string& token) {
      return status_of(whom.port(), row.method, row.target,
                       bearer(token) + (row.upgrade ? kUpgrade : ""));
    };
    EXPECT_EQ(ask(gateway, ""), row.nobody);
    EXPECT_EQ(ask(gateway, kUnknown), row.unknown);
    EXPECT_EQ(ask(gateway, kIngest), row.ingest);
    EXPECT_EQ(ask(gateway, kViewer), row.viewer);
    EXPECT_EQ(ask(gateway, kOperator), row.operator_);
    EXPECT_EQ(ask(gateway, kAdmin), row.admin);
    EXPECT_EQ(ask(open, ""), row.open);
    EXPECT_EQ(ask(open, kUnknown), row.open) << "nobody asked for a token";
  }
}

TEST(AccessTable, TakesATokenInItsOneFormOnly) {
  const std::pair<std::string, int> table[] = {
      {"Authorization: Bearer " + kViewer, 200},
      {"authorization: bearer " + kViewer, 200},
      {"Authorization: BEARER  " + kViewer, 200},
      {"Authorization: Bearer" + kViewer, 401},
      {"Authorization: Bearer", 401},
      {"Authorization: Bearer ", 401},
      {"Authorization: " + kViewer, 401},
      {"Authorization: Basic " + kViewer, 401},
      {"Authorization: Bearer " + kViewer + "x", 401},
      {"Authorization: Bearer " + kViewer.substr(0, kViewer.size() - 1), 401},
      {"Authorization: Bearer x" + kViewer, 401},
      {"Authorization: Bearer " + kViewer + " " + kViewer, 401},
      {"Authorization: Bearer \"" + kViewer + "\"", 401},
      {"Authorization: Bearer FW_TOKEN-OF-A-VIEWING-WALL-001", 401},
      {"Authorization: Bearer " + hex_of(hash_of_token(kViewer)), 401},
      {"Authorization: Bearer " + std::string(kMaxTokenBytes + 1, 'x'), 401},
      {"Authorization: Bearer wall", 401},
      {"Cookie: token=" + kViewer, 401},
      {"X-Api-Key: " + kViewer, 401},
      {"Sec-WebSocket-Protocol: bearer, " + kViewer, 401},
  };
  TestGateway gateway(guarded());
  for (const auto& [header, status] : table)
    EXPECT_EQ(status_of(gateway.port(), "GET", "/metrics", header + "\r\n"), status) << header;
  for (const char* name : {"token", "access_token", "authorization"})
    EXPECT_EQ(status_of(gateway.port(), "GET", "/metrics?" + std::string(name) + "=" + kViewer, ""),
              401)
        << "never in a URL: " << name;
}

TEST(AccessTable, KeepsPagesFromElsewhereOutEvenWithAToken) {
  GatewayConfig config = guarded();
  config.access.origins = {"https://fleet.example"};
  TestGateway gateway(config), open{GatewayConfig{}};
  struct {
    const char* headers;
    int guarded, open;
  } const table[] = {
      {"Origin: https://fleet.example\r\n", 200, 403},
      {"Origin: http://localhost:3000\r\n", 200, 200},
      {"Origin: https://evil.example\r\n", 403, 403},
      {"Origin: https://fleet.example.evil.example\r\n", 403, 403},
      {"Origin: null\r\n", 403, 403},
  };
  for (const auto& row : table) {
    EXPECT_EQ(status_of(gateway.port(), "GET", "/metrics", row.headers + bearer(kViewer)),
              row.guarded)
        << row.headers;
    EXPECT_EQ(status_of(open.port(), "GET", "/metrics", row.headers), row.open) << row.headers;
  }
  // A name that a page got here by says nothing where a token is asked for.
  const auto by_name = [](TestGateway& whom, const std::string& more) {
    TcpClient client(whom.port());
    client.send("GET /metrics HTTP/1.1\r\nHost: gateway.example\r\n" + more + "\r\n");
    return std::atoi(client.read_some().c_str() + 9);
  };
  EXPECT_EQ(by_name(gateway, bearer(kViewer)), 200);
  EXPECT_EQ(by_name(open, ""), 403);
}

TEST(AccessLoopback, TellsStrangersNoMoreThanTheStatus) {
  TestGateway gateway(guarded());

  EXPECT_EQ(http(gateway.port(), "GET", "/healthz").body, "{\"status\":\"ok\"}\n");
  const auto known = http(gateway.port(), "GET", "/healthz", "", bearer(kIngest));
  EXPECT_NE(known.body.find("\"machines\":"), std::string::npos);
  const auto refused = http(gateway.port(), "GET", "/metrics");
  EXPECT_NE(refused.head.find("WWW-Authenticate: Bearer"), std::string::npos) << refused.head;
}

TEST(AccessLoopback, RefusesALargeBodyBeforeItIsSent) {
  TestGateway gateway(guarded());
  TcpClient client(gateway.port());

  client.send("POST /ingest HTTP/1.1\r\nHost: a\r\nContent-Length: 16000000\r\n\r\n");

  EXPECT_EQ(client.read_some().rfind("HTTP/1.1 401", 0), 0u);
}

TEST(AccessLoopback, ReadsNoBodyThatNobodyAskedFor) {
  TestGateway gateway(guarded());
  const std::pair<const char*, const char*> table[] = {{"POST /healthz", "405"},
                                                       {"POST /nothing", "404"},
                                                       {"GET /healthz", "200"},
                                                       {"PUT /x", "404"}};
  for (const auto& [what, status] : table) {
    TcpClient client(gateway.port());
    client.send(what + std::string(" HTTP/1.1\r\nHost: a\r\nContent-Length: 16000000\r\n\r\n"));

    const std::string answer = client.read_all();

    EXPECT_EQ(answer.rfind("HTTP/1.1 " + std::string(status), 0), 0u) << what << ": " << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << what;
  }
}

/// The log's lines, from any thread.
class Lines {
 public:
  LogSink sink() {
    return [this](LogLevel, std::string_view text) {
      const std::lock_guard lock(mutex_);
      all_ += std::string(text) + "\n";
    };
  }
  std::string all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::string all_;
};

TEST(AccessLoopback, NeverWritesATokenDown) {
  Lines lines;
  GatewayConfig config = guarded();
  config.log = lines.sink();
  std::string answers;
  {
    TestGateway gateway(config);
    for (const std::string& token : {kIngest, kViewer, kUnknown})
      for (const std::string& path :
           {std::string("/ingest"), std::string("/feed"), "/metrics?token=" + token})
        answers += http(gateway.port(), "GET", path, "", bearer(token)).body;
  }
  EXPECT_NE(lines.all().find("(box): its role 'ingest' may not."), std::string::npos)
      << lines.all();
  EXPECT_NE(lines.all().find("no token, or an unknown one."), std::string::npos);
  for (const std::string& token : {kIngest, kViewer, kUnknown}) {
    EXPECT_EQ(lines.all().find(token), std::string::npos);
    EXPECT_EQ(lines.all().find(hex_of(hash_of_token(token))), std::string::npos);
    EXPECT_EQ(answers.find(token), std::string::npos);
  }
}

/// A wall with a token, and what its health panel says.
struct Wall {
  Wall(const std::string& url, const std::string& token,
       const std::filesystem::path& trusted = {}) {
    LiveFeedConfig config;
    config.url = url;
    config.token = token;
    config.trusted = trusted;
    config.first_retry = 2ms;
    config.longest_retry = 20ms;
    auto opened = open_live_feed(config, queue);
    EXPECT_TRUE(opened.ok());
    feed = std::move(opened.value());
  }
  bool reaches(FeedHealth::State state, const std::string& detail = "") {
    return eventually([&] {
      while (queue.try_pop()) {
      }
      const FeedHealth health = feed->health();
      return health.state == state && health.detail.find(detail) != std::string::npos;
    });
  }
  fleet::UpdateQueue queue{64u << 20};
  std::unique_ptr<Feed> feed;
};

TEST(AccessLoopback, TellsTheWallWhatIsWrongWithItsToken) {
  using enum FeedHealth::State;
  TestGateway gateway(guarded());

  EXPECT_TRUE(Wall(gateway.url(), "").reaches(refused, "--token-file"));
  EXPECT_TRUE(Wall(gateway.url(), kUnknown).reaches(refused, "does not know the token"));
  EXPECT_TRUE(Wall(gateway.url(), kIngest).reaches(refused, "does not allow"));
  Wall good(gateway.url(), kOperator);
  ASSERT_TRUE(good.reaches(receiving));
  EXPECT_EQ(good.feed->health().hello.role, "operator");
  EXPECT_EQ(good.feed->health().hello.view, "full");
}

TEST(AccessLoopback, ClosesThoseWhoseTokenWasTakenBack) {
  using enum FeedHealth::State;
  GatewayConfig config = guarded();
  TestGateway gateway(config);
  Wall wall(gateway.url(), kViewer), desk(gateway.url(), kOperator);
  WsClientConfig box;
  box.url = parse_ws_url(gateway.url(), "/ingest").value();
  box.token = kIngest;
  const auto sender = make_ws_client(box);
  ASSERT_TRUE(wall.reaches(receiving) && desk.reaches(receiving) && sender->connect().ok());
  const std::uint64_t connections = desk.feed->health().connections;

  AccessConfig fewer = config.access;
  fewer.tokens = {config.access.tokens[2], config.access.tokens[3]};
  ASSERT_TRUE(gateway->set_access(fewer).ok());

  EXPECT_TRUE(wall.reaches(refused, "does not know the token"));
  EXPECT_FALSE(sender->receive(kDeadline).ok());
  EXPECT_EQ(desk.feed->health().state, receiving);
  EXPECT_EQ(desk.feed->health().connections, connections) << "nothing happened to it";
}

TEST(AccessLoopback, TellsAWallThatItsTokenHasAnotherRole) {
  using enum FeedHealth::State;
  GatewayConfig config = guarded();
  TestGateway gateway(config);
  Wall wall(gateway.url(), kViewer), desk(gateway.url(), kOperator);
  ASSERT_TRUE(wall.reaches(receiving) && desk.reaches(receiving));

  AccessConfig other = config.access;
  for (AccessToken& token : other.tokens) {
    if (token.hash == hash_of_token(kViewer)) token.role = Role::ingest;
    if (token.hash == hash_of_token(kOperator)) token.role = Role::viewer;
  }
  ASSERT_TRUE(gateway->set_access(other).ok());

  EXPECT_TRUE(wall.reaches(refused, "The role of this wall's token was changed"));
  EXPECT_EQ(wall.feed->health().reason, FeedReason::token_changed);
  EXPECT_TRUE(eventually([&] { return desk.feed->health().hello.role == "viewer"; }))
      << "one that may still watch connects anew";
}

TEST(AccessLoopback, TakesARestartToOpenWhatWasGuarded) {
  const GatewayConfig config = guarded();
  TestGateway gateway(config);

  const auto opened = gateway->set_access({});

  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().what.find("takes a restart"), std::string::npos);
  EXPECT_EQ(http(gateway.port(), "GET", "/metrics").status, 401);
}

TEST(AccessLoopback, MayBeGuardedWhileItServes) {
  TestGateway gateway{GatewayConfig()};
  ASSERT_EQ(http(gateway.port(), "GET", "/metrics").status, 200);

  ASSERT_TRUE(gateway->set_access(guarded().access).ok());

  EXPECT_TRUE(eventually([&] { return http(gateway.port(), "GET", "/metrics").status == 401; }));
}

TEST(AccessLoopback, ListensBeyondLoopbackOnlyWithTokens) {
  GatewayConfig config;
  config.listen_host = "0.0.0.0";
  EXPECT_THROW(TestGateway{config}, std::runtime_error);

  config.access = guarded().access;
  TestGateway gateway(config);
  EXPECT_EQ(http(gateway.port(), "GET", "/healthz").status, 200);
  EXPECT_FALSE(gateway->set_access({}).ok()) << "nor by taking all tokens back";
  EXPECT_EQ(http(gateway.port(), "GET", "/metrics").status, 401) << "what was in force still is";
}

int open_now(TestGateway& gateway, std::vector<std::unique_ptr<TcpClient>>& held,
             const std::string& from) {
  held.push_back(std::make_unique<TcpClient>(gateway.port(), 0, from));
  held.back()->send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = held.back()->read_some();
  return answer.empty() ? 0 : std::atoi(answer.c_str() + 9);
}

TEST(AccessLoopback, CapsTheConnectionsOfOneAddressAndOfAll) {
  GatewayConfig config = guarded();
  config.access.connections_per_address = 3;
  config.access.connections = 5;
  TestGateway gateway(config);
  std::vector<std::unique_ptr<TcpClient>> held;

  for (int i = 0; i < 3; ++i) EXPECT_EQ(open_now(gateway, held, "127.0.0.1"), 200) << i;
  EXPECT_EQ(open_now(gateway, held, "127.0.0.1"), 0) << "the fourth of one address";
  for (int i = 0; i < 2; ++i) EXPECT_EQ(open_now(gateway, held, "127.0.0.2"), 200) << i;
  EXPECT_EQ(open_now(gateway, held, "127.0.0.2"), 0) << "the sixth of all";

  held.erase(held.begin());
  EXPECT_TRUE(eventually([&] { return open_now(gateway, held, "127.0.0.1") == 200; }));
  held.clear();
  std::string page;
  EXPECT_TRUE(eventually([&] {
    page = http(gateway.port(), "GET", "/metrics", "", bearer(kAdmin)).body;
    return !page.empty();
  }));
  EXPECT_GE(metric(page, "fleetwall_connections_refused_address_total"), 1);
  EXPECT_GE(metric(page, "fleetwall_connections_refused_total"), 1);
}

class TlsLoopback : public ::testing::Test {
 protected:
  GatewayConfig config(const CertificateWish& wish = {}) {
    GatewayConfig made = guarded();
    made.access.tls = files = make_certificate(folder.path, "server", wish);
    return made;
  }
  static std::string secure_url(const TestGateway& gateway, const std::string& host) {
    return "wss://" + host + ":" + std::to_string(gateway.port());
  }
  TemporaryFolder folder;
  TlsFiles files;
  const std::string request = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
};

TEST_F(TlsLoopback, SpeaksVersions12And13OnlyAndSaysGoodbye) {
  TestGateway gateway(config());

  for (const auto& [version, name] :
       {std::pair(TLS1_2_VERSION, "TLSv1.2"), std::pair(TLS1_3_VERSION, "TLSv1.3")}) {
    TlsClient client(gateway.port(), version);
    ASSERT_TRUE(client.connected()) << name;
    EXPECT_EQ(client.version(), name);
    EXPECT_NE(client.ask(request).find("{\"status\":\"ok\"}"), std::string::npos);
    EXPECT_TRUE(client.ended_well()) << "a cut must be told from an end";
  }
  EXPECT_FALSE(TlsClient(gateway.port(), TLS1_1_VERSION).connected());
  EXPECT_FALSE(TlsClient(gateway.port(), TLS1_VERSION).connected());
  TcpClient plain(gateway.port());
  plain.send(request);
  EXPECT_EQ(plain.read_all().find("HTTP/"), std::string::npos) << "nothing goes out readable";
  EXPECT_TRUE(eventually([&] {
    TlsClient admin(gateway.port(), TLS1_3_VERSION);
    return metric(admin.ask("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
                            bearer(kAdmin) + "\r\n"),
                  "fleetwall_tls_failures_total") >= 3;
  }));
}

TEST_F(TlsLoopback, CarriesFeedAndIngest) {
  TestGateway gateway(config());
  const auto tls = client_tls(files.certificate);
  WsClientConfig box;
  box.url = parse_ws_url(secure_url(gateway, "127.0.0.1"), "/ingest").value();
  box.token = kIngest;
  box.tls = tls.value();
  const auto sender = make_ws_client(box);
  ASSERT_TRUE(sender->connect().ok());
  Wall wall(secure_url(gateway, "localhost"), kViewer, files.certificate);
  // Larger than many records of TLS.
  std::string lines;
  for (int i = 0; i < 5000; ++i)
    lines += "{\"machine\":\"M" + std::to_string(i) + "\",\"time\":" + now_ms() + ",\"rpm\":1}\n";

  ASSERT_TRUE(sender->send(lines, false).ok());

  const auto answer = sender->receive(kDeadline);
  ASSERT_TRUE(answer.ok() && answer->has_value());
  EXPECT_EQ(**answer, "{\"accepted\":5000,\"rejected\":[]}");
  // In one roster or in two: the wall may have connected while they were taken in.
  std::set<fleet::Slot> known;
  EXPECT_TRUE(eventually([&] {
    while (auto update = wall.queue.try_pop())
      if (const auto* roster = std::get_if<fleet::RosterBatch>(&*update))
        for (const auto& each : roster->machines) known.insert(each.first);
    return known.size() == 5000;
  })) << known.size();
  EXPECT_EQ(wall.feed->health().state, FeedHealth::State::receiving);
}

TEST_F(TlsLoopback, IsTrustedOnlyByThoseWhoKnowItsCertificateAndForItsName) {
  using enum FeedHealth::State;
  CertificateWish wish;
  wish.names = "DNS:gateway.example";
  TestGateway gateway(config(wish));

  EXPECT_TRUE(Wall(secure_url(gateway, "127.0.0.1"), kViewer)
                  .reaches(refused, "its certificate is not to be trusted: self-signed"));
  EXPECT_TRUE(Wall(secure_url(gateway, "127.0.0.1"), kViewer, files.certificate)
                  .reaches(refused, "IP address mismatch"));
  EXPECT_TRUE(Wall(secure_url(gateway, "localhost"), kViewer, files.certificate)
                  .reaches(refused, "hostname mismatch"));
}

TEST_F(TlsLoopback, ChangesItsCertificateWhileItServes) {
  GatewayConfig made = config();
  TestGateway gateway(made);
  Wall wall(secure_url(gateway, "127.0.0.1"), kViewer, files.certificate);
  ASSERT_TRUE(wall.reaches(FeedHealth::State::receiving));
  EXPECT_EQ(TlsClient(gateway.port(), TLS1_3_VERSION).serial(), 1);

  AccessConfig plain = made.access;
  plain.tls = {};
  EXPECT_FALSE(gateway->set_access(plain).ok()) << "that takes a restart";
  std::ofstream(files.key) << "rubbish";
  EXPECT_FALSE(gateway->set_access(made.access).ok());
  EXPECT_EQ(TlsClient(gateway.port(), TLS1_3_VERSION).serial(), 1) << "the old one stays";
  CertificateWish next;
  next.serial = 2;
  make_certificate(folder.path, "server", next);
  ASSERT_TRUE(gateway->set_access(made.access).ok());

  EXPECT_TRUE(eventually([&] { return TlsClient(gateway.port(), TLS1_3_VERSION).serial() == 2; }));
  EXPECT_EQ(wall.feed->health().connections, 1u) << "who is connected stays connected";
}

TEST_F(TlsLoopback, OutlivesViewersThatVanishWhileTheyArePinged) {
  GatewayConfig made = config();
  made.timeouts.idle = 4ms;  // a ping every 2 ms
  TestGateway gateway(made);
  for (int i = 0; i < 100; ++i) {
    TlsClient viewer(gateway.port(), TLS1_3_VERSION);
    ASSERT_TRUE(viewer.connected());
    viewer.say("GET /feed HTTP/1.1\r\nHost: a\r\n" + bearer(kViewer) + kUpgrade + "\r\n");
    viewer.hear();  // the upgrade's answer; a ping is on its way soon
  }
  EXPECT_TRUE(TlsClient(gateway.port(), TLS1_3_VERSION).connected());
}

TEST_F(TlsLoopback, ClosesAVisitorWhoDoesNotShakeHandsInTime) {
  GatewayConfig made = config();
  made.timeouts.handshake = 50ms;
  TestGateway gateway(made);
  TcpClient silent(gateway.port());

  EXPECT_EQ(silent.read_all(), "");
  EXPECT_TRUE(TlsClient(gateway.port(), TLS1_3_VERSION).connected());
}

}  // namespace
}  // namespace net::test
