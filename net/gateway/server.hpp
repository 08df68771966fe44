// The gateway as a server: sockets, timers and files around one GatewayCore.
//
// One thread runs everything but commits (Recorder's own thread). Also embedded in the wall for the
// demo, with a Simulator as its source.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "fleet/sim/simulator.hpp"
#include "net/gateway/access.hpp"
#include "net/gateway/gateway_core.hpp"
#include "net/log.hpp"
#include "net/sockets/tls.hpp"
#include "net/store/retention.hpp"
#include "net/store/track_scan.hpp"

namespace net {

/// How long a peer may take. Tests shorten them.
struct SocketTimeouts {
  /// From connect (or the TLS handshake), or the end of the last answer, to a whole header.
  std::chrono::milliseconds header{20'000};
  /// For a whole body: kMaxIngestBytes at 5 Mbit/s.
  std::chrono::milliseconds body{30'000};
  /// For one write of an HTTP answer or one WebSocket message. WebSockets are looked at once a
  /// second.
  std::chrono::milliseconds write{15'000};
  /// For the handshakes of TLS and of the WebSocket, and for closing.
  std::chrono::milliseconds handshake{10'000};
  /// A WebSocket peer that says nothing for this long, pongs included, is gone; a ping goes out at
  /// half of it. Half-open peers are found within 35 s.
  std::chrono::milliseconds idle{30'000};
  /// From connect to Subscribe.
  std::chrono::milliseconds subscribe{10'000};
  /// A peer that was refused has so long to read the answer and stop sending.
  std::chrono::milliseconds linger{2'000};
  /// Given to peers to take their last messages at shut-down.
  std::chrono::milliseconds stop_grace{2'000};
};

/// Open sockets of all kinds. A further one is closed at once. Devices come through collectors;
/// walls are few: a thousand is far beyond both. What is held of a stranger before it is known is
/// some 80 KiB, within TLS 200 KiB: 200 MiB at worst.
inline constexpr std::size_t kMaxConnections = 1024;
/// Sockets of one address (of one /64 in IPv6) open at the same time: the 200 walls of the largest
/// installation planned behind one NAT, all cut at once and back before their old sockets are known
/// to be dead, and its collectors; but not enough to keep everybody else out.
inline constexpr std::size_t kMaxConnectionsPerAddress = 512;

/// Bytes of ingest messages that are being received, of all connections: sixteen of the largest. A
/// connection that needs more is told to come back (429, 1013).
inline constexpr std::size_t kMaxReadBytes = 256u << 20;

/// An AccessConfig that cannot be: TLS files that are none, or an address for all without tokens.
class AccessError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Who may connect. Can be changed while the gateway serves.
struct AccessConfig {
  std::vector<AccessToken> tokens;   ///< none = loopback only, everybody may do everything
  std::vector<std::string> origins;  ///< pages in browsers that may talk to us, beside our own
  TlsFiles tls;                      ///< none = not encrypted
  std::size_t connections = kMaxConnections;
  std::size_t connections_per_address = kMaxConnectionsPerAddress;
};

struct GatewayConfig {
  std::string listen_host = "127.0.0.1";
  std::uint16_t port = 8686;   ///< 0 = any free one
  std::filesystem::path data;  ///< empty = nothing is recorded
  /// What is recorded is of this run alone: nothing of it is made durable, and of a demo nothing
  /// from before its start is recorded, which takes longer than to simulate it.
  bool scratch = false;
  std::string name = "fleetwall gateway";
  CoreConfig core;
  double ring_seconds = 60;  ///< tick frames kept for resuming viewers
  std::size_t ring_bytes = 64u << 20;
  std::chrono::milliseconds commit_every{20};  ///< group commit: longest wait of an acknowledgement
  std::chrono::milliseconds store_retry{1000};  ///< between two tries to write after an error
  /// Serve walls, and refuse ingest, while the data folder cannot be written at the start; else
  /// that is an error. Folders of other processes and of newer versions always are.
  bool wait_for_store = false;
  Retention retention;                     ///< all days are kept
  std::size_t read_bytes = kMaxReadBytes;  ///< of ingest messages being received
  std::size_t track_bytes = kTrackBytes;   ///< for where machines were; 0 = no tracks
  AccessConfig access;
  LogSink log;  ///< null = silent
  SocketTimeouts timeouts;
};

/// A simulated source inside the gateway: the feed clock runs at `speed` from `now`.
struct DemoSource {
  fleet::sim::SimConfig sim;
  fleet::Time from;  ///< reports from here on are taken in before the first viewer is served
  fleet::Time now;   ///< feed time at start
  double speed = 1;
};

class Gateway {
 public:
  /// Binds and starts its thread; throws with a sentence if the address cannot be had, if it is no
  /// loopback address and there are no tokens, or if a certificate cannot be used.
  /// `on_ready(host, port)` is called once from its thread when connections are served.
  static std::unique_ptr<Gateway> start(GatewayConfig config, std::optional<DemoSource> demo,
                                        std::function<void(std::string, std::uint16_t)> on_ready);
  virtual ~Gateway() = default;
  virtual std::uint16_t port() const = 0;
  /// Puts other tokens, origins, caps and certificates in force: new connections are judged by
  /// them, and those whose token is gone are closed. Any thread. Error: the old ones stay in force;
  /// a certificate that cannot be used, no tokens where there were some at the start or on an
  /// address that needs them, TLS where there was none or the other way round.
  virtual fleet::Result<void> set_access(AccessConfig access) = 0;
  /// Asks for a clean stop: the tick under way is committed, viewers are told. A demo that is not
  /// recorded gives up preparing; on_ready is not called then. Any thread.
  virtual void stop() = 0;
  virtual void join() = 0;
  /// After join: why its thread ended early; empty = it was stopped.
  virtual std::string failure() const = 0;
  /// Demo only: share of the past that was taken in, 0 to 1, while it is not ready yet. Any thread.
  virtual double prepared() const = 0;
  /// Demo only: changes the speed of the feed clock.
  virtual void set_speed(double speed) = 0;
};

}  // namespace net
