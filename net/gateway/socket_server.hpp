// SocketServer: the gateway's sockets, behind a plain interface (Beast costs 40 s a file).
//
// HTTP: POST /ingest, GET /healthz, GET /metrics. WebSocket: /feed, /ingest. One thread runs it
// all, that of `run`; only `stop` and `post` may be called from others.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/gateway/gateway_engine.hpp"

namespace net {

/// Of these, viewers: at 60 kB/s each this is the limit of a 100 Mbit/s line.
inline constexpr std::size_t kMaxViewers = 200;
/// Largest HTTP header.
inline constexpr std::size_t kMaxHeaderBytes = 16u << 10;
/// Messages of one ingest socket that may wait for their answers; then it is not read.
inline constexpr std::size_t kMaxUnanswered = 64;

class SocketServer {
 public:
  /// Binds and listens; throws std::runtime_error with a sentence if the address cannot be had.
  static std::unique_ptr<SocketServer> listen(const std::string& host, std::uint16_t port);
  virtual ~SocketServer() = default;
  virtual std::uint16_t port() const = 0;
  /// From the next connection on. Before `run`, or on its thread.
  virtual void set_access(AccessConfig access, SharedTls tls) = 0;
  /// Serves until `stop`. Returns when everything is closed.
  virtual void run(GatewayEngine& engine) = 0;
  virtual void stop() = 0;
  /// Runs a function on the thread of `run`, soon.
  virtual void post(std::function<void()> function) = 0;
};

}  // namespace net
