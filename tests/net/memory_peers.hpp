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

}  // namespace net::test
