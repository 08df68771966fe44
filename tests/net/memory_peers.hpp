// Gateways, clients and a peer by hand for the tests of sockets in memory.
#pragma once

#include <string>
#include <string_view>

#include "tests/net/memory_sockets.hpp"

namespace net::test {

/// An operation that hangs is one that takes this long.
inline constexpr std::chrono::seconds kHang{10};

inline DemoSource few_machines() {
  DemoSource demo;
  demo.sim.machines = 60;
  demo.sim.moving = true;
  demo.sim.start = demo.from = kStart;
  demo.now = kStart + 2min;
  return demo;
}

inline GatewayConfig recording(const TemporaryFolder& folder) {
  GatewayConfig config;
  config.data = folder.path;
  config.commit_every = 1ms;
  return config;
}

inline WsClientConfig ingest_client() {
  WsClientConfig config;
  config.url = {"localhost", 1, "/ingest"};
  config.connect_timeout = config.idle_timeout = kHang;
  return config;
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

/// A message of ingest.
inline std::string one_line_message() {
  return "{\"machine\":\"M0\",\"time\":" + now_ms() + ",\"rpm\":1500}\n";
}

inline std::string web_socket_request(const std::string& path) {
  return "GET " + path +
         " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}
/// Begins a WebSocket by hand; true once the gateway agreed.
inline bool upgrade(RawPeer& peer, const std::string& path) {
  peer.send(web_socket_request(path));
  return peer.until([&] { return peer.received().find("\r\n\r\n") != std::string::npos; });
}

/// A message of at most 65,535 bytes, masked with zeros.
inline std::string web_socket_frame(int opcode, const std::string& payload) {
  std::string frame{static_cast<char>(0x80 | opcode)};
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += {static_cast<char>(0x80 | 126), static_cast<char>(payload.size() >> 8),
              static_cast<char>(payload.size() & 255)};
  }
  return frame + std::string(4, '\0') + payload;
}

/// The gateway's close frames with code 1001, going away, 1008, policy, and 1013, try again later.
inline constexpr std::string_view kGoingAway = "\x88\x02\x03\xe9";
inline constexpr std::string_view kPolicy = "\x88\x02\x03\xf0";
inline constexpr std::string_view kTryAgainLater = "\x88\x02\x03\xf5";

}  // namespace net::test
