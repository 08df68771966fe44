// SocketServer: the gateway's sockets, behind a plain interface (Beast costs 40 s a file).
//
// HTTP: POST /ingest, GET /healthz, GET /metrics. WebSocket: /feed, /ingest. One thread runs it
// all, that of `run`; only `stop` and `post` may be called from others.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/gateway/gateway_engine.hpp"

namespace net {

/// Open sockets of all kinds. A further one is closed at once. Devices come through collectors;
/// walls are few: a thousand is far beyond both, and 64 MiB of buffers at worst.
inline constexpr std::size_t kMaxConnections = 1024;
/// Of these, viewers: at 60 kB/s each this is the limit of a 100 Mbit/s line.
inline constexpr std::size_t kMaxViewers = 200;
/// Largest HTTP header.
inline constexpr std::size_t kMaxHeaderBytes = 16u << 10;
/// From connect, or the end of the last answer, to a whole header.
inline constexpr std::chrono::seconds kHeaderTimeout{20};
/// For a whole body: kMaxIngestBytes at 5 Mbit/s.
inline constexpr std::chrono::seconds kBodyTimeout{30};
/// For one write of an HTTP answer or one WebSocket message.
inline constexpr std::chrono::seconds kWriteTimeout{15};
/// For the WebSocket handshake and closing.
inline constexpr std::chrono::seconds kHandshakeTimeout{10};
/// A WebSocket peer that says nothing for this long, pongs included, is gone; a ping goes out at
/// half of it. Half-open peers are found within 35 s.
inline constexpr std::chrono::seconds kIdleTimeout{30};
/// From connect to Subscribe.
inline constexpr std::chrono::seconds kSubscribeTimeout{10};
/// Messages of one ingest socket that may wait for their answers; then it is not read.
inline constexpr std::size_t kMaxUnanswered = 64;
/// Time given to peers to take their last messages at shut-down.
inline constexpr std::chrono::seconds kStopGrace{2};

class SocketServer {
 public:
  /// Binds and listens; throws std::runtime_error with a sentence if the address cannot be had.
  static std::unique_ptr<SocketServer> listen(const std::string& host, std::uint16_t port);
  virtual ~SocketServer() = default;
  virtual std::uint16_t port() const = 0;
  /// Serves until `stop`. Returns when everything is closed.
  virtual void run(GatewayEngine& engine) = 0;
  virtual void stop() = 0;
  /// Runs a function on the thread of `run`, soon.
  virtual void post(std::function<void()> function) = 0;
};

}  // namespace net
