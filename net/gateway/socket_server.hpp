// SocketServer: the gateway's sockets, behind a plain interface (Beast costs 40 s a file).
//
// HTTP: POST /ingest, GET /healthz, GET /metrics. WebSocket: /feed, /replay, /ingest. One thread
// runs it all, that of `run`; only `stop` and `post` may be called from others.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/gateway/gateway_engine.hpp"

namespace net {

/// Of these, viewers: three times the 200 of the largest installation planned, so that all of them,
/// cut at once, are taken back before the gateway has noticed that the old sockets are dead. 600
/// that follow 32,730 moving machines (130 kB/s each) are what a gigabit line carries.
inline constexpr std::size_t kMaxViewers = 600;
/// Viewers in the past at a time: each has a thread and some 10 MB, and plays as fast as it is
/// asked to.
inline constexpr std::size_t kMaxReplays = 16;
/// Largest HTTP header.
inline constexpr std::size_t kMaxHeaderBytes = 16u << 10;
/// Messages of one ingest socket that may wait for their answers; then it is not read.
inline constexpr std::size_t kMaxUnanswered = 64;
/// Bytes of answers that one ingest socket may have left unread; then it is not read either.
inline constexpr std::size_t kMaxSocketAnswerBytes = 256u << 10;
/// Bytes the kernel may hold for one viewer (it takes twice as much for its own records): a second
/// of 32,730 moving machines, and 1.2 MB/s over a line of 100 ms. Without a bound it is up to 4
/// MiB.
inline constexpr int kViewerSendBuffer = 128 << 10;
/// Of these, bytes not sent yet: what waits behind them, heartbeats and pings, reaches a slow
/// viewer in time.
inline constexpr int kViewerUnsent = 16 << 10;
/// A buffer for ingest messages that grew beyond this is given back after the message.
inline constexpr std::size_t kKeptReadBuffer = 64u << 10;

/// The clocks of this machine.
inline GatewayEngine::Now read_clocks() {
  return {std::chrono::time_point_cast<fleet::Millis>(std::chrono::system_clock::now()),
          std::chrono::steady_clock::now()};
}

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
