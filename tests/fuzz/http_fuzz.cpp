// A connection of the gateway, from its first byte to its end: HTTP, the upgrade, WebSockets of
// viewers and senders. In memory, one thread.
// Input: what u8 (0 raw bytes, 1 /feed and 2 /ingest after their upgrade, 3 and 4 the same with the
// input as payloads in good frames), step u8 (bytes a write; 0 = all at once), then the bytes.
#include "net/gateway/beast_http.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/net/memory_stream.hpp"

namespace fuzz {
namespace {

namespace asio = boost::asio;
using net::test::MemoryStream;

/// Connections after which the gateway is made anew, so that its roster stays small.
constexpr int kConnectionsPerGateway = 400;
/// A goodbye that nobody answers ends by this time-out, and everything after a second at most.
constexpr std::chrono::milliseconds kGoodbye{5};
constexpr std::chrono::seconds kMostToEnd{1};

net::GatewayConfig config() {
  net::GatewayConfig config;
  config.timeouts.handshake = kGoodbye;
  config.timeouts.idle = std::chrono::hours(1);
  return config;
}

class Gateway {
 public:
  Gateway()
      : engine_(
            config(), {},
            [this](std::function<void()> function) { posted_.push_back(std::move(function)); },
            net::read_clocks()) {
    engine_.prepare(net::read_clocks);
    hub_.engine = &engine_;
  }
  net::sockets::Hub& hub() { return hub_; }
  void run_posted() {
    std::vector<std::function<void()>> functions;
    functions.swap(posted_);
    for (const auto& function : functions) function();
  }

 private:
  net::sockets::Hub hub_;
  std::vector<std::function<void()>> posted_;
  net::GatewayEngine engine_;
};

Gateway& gateway() {
  static std::unique_ptr<Gateway> gateway;
  static int left = 0;
  if (left-- == 0) {
    gateway = std::make_unique<Gateway>();
    left = kConnectionsPerGateway;
  }
  return *gateway;
}

class Peer {
 public:
  explicit Peer(Gateway& gateway) : gateway_(gateway), client_(io_) {
    MemoryStream server(io_);
    client_.connect(server);
    std::make_shared<net::sockets::HttpConnection<MemoryStream>>(
        gateway.hub(), std::move(server), net::sockets::Place(gateway.hub(), "memory"))
        ->read_header();
    turn();
  }
  void send(std::string_view bytes, std::size_t step) {
    if (step == 0) step = bytes.size();
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
      boost::beast::error_code gone;
      asio::write(client_, asio::buffer(bytes.data(), std::min(step, bytes.size())), gone);
      if (gone) return;
      turn();
    }
  }
  std::string_view received() const {
    const auto text = client_.str();
    return {text.data(), text.size()};
  }
  void hang_up() {
    client_.close();
    const auto begin = net::sockets::Clock::now();
    for (turn(); gateway_.hub().counters.connections > 0; turn()) {
      if (net::sockets::Clock::now() - begin > kMostToEnd) break;
      io_.restart();
      io_.run_one_for(kGoodbye);
    }
    FUZZ_CHECK(gateway_.hub().counters.connections == 0);
    FUZZ_CHECK(gateway_.hub().owed_answers == 0);
    FUZZ_CHECK(gateway_.hub().viewers.empty() && gateway_.hub().ingests.empty());
  }

 private:
  void turn() {
    gateway_.run_posted();
    io_.restart();
    io_.poll();
  }
  asio::io_context io_;
  Gateway& gateway_;
  MemoryStream client_;
};

std::string upgrade_to(const char* path) {
  return std::string("GET ") + path +
         " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
}

/// A whole message of up to 64 KiB, with a mask of zeros.
std::string frame_of(std::uint8_t head, std::string_view payload) {
  std::string frame(1, static_cast<char>(head));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += '\xFE';
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size());
  }
  return frame.append(4, '\0').append(payload);
}

void run(Input in) {
  const std::uint8_t what = in.byte() % 5;
  const std::size_t step = in.byte() % 32;
  Peer peer(gateway());
  const bool raw = what == 0;
  if (!raw) {
    peer.send(upgrade_to(what % 2 ? "/feed" : "/ingest"), 0);
    FUZZ_CHECK(peer.received().starts_with("HTTP/1.1 101 "));
  }
  if (what < 3) {
    peer.send(in.rest(), step);
  } else {
    while (!in.empty()) {
      const std::uint8_t head = in.byte();
      const std::size_t size = in.byte() < 250 ? 64 : 4096;
      peer.send(frame_of(head & 0x80 ? 0x81 + what % 2 : head, in.text(size)), step);
    }
  }
  if (raw && !peer.received().empty()) FUZZ_CHECK(peer.received().starts_with("HTTP/1.1 "));
  peer.hang_up();
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run(fuzz::Input(data, size));
  return 0;
}
