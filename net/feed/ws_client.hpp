// WsClient: one WebSocket connection as a client, for a thread that wants straight-line code.
//
// Calls return when they are done or their time is up; in between, pings are answered. Only
// `interrupt` may be called from another thread: it makes the call under way, and all later ones,
// fail. Used by LiveFeed and by `simulate --to`.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fleet/result.hpp"
#include "net/feed/feed_reason.hpp"
#include "net/sockets/tls.hpp"

namespace net {

/// ws://host[:port][/path], or wss:// within TLS
struct WsUrl {
  std::string host;
  std::uint16_t port = 8686;
  std::string path;
  bool secure = false;
  /// "host:port", an IPv6 address in brackets.
  std::string authority() const;
};
/// default_path: where the URL has none. Error: not ws:// or wss://, no host, a bad port (with the
/// remedy).
fleet::Result<WsUrl> parse_ws_url(std::string_view text, std::string_view default_path);

struct WsClientConfig {
  WsUrl url;
  std::string token;  ///< bearer token, may be empty
  SharedTls tls;      ///< for wss://; null = the system's certificates are trusted
  std::string agent;
  std::size_t max_message_bytes = 64u << 10;
  std::chrono::milliseconds connect_timeout{10'000};
  /// Silence after which the peer is gone; half of it, and we ask with a ping.
  std::chrono::milliseconds idle_timeout{30'000};
};

/// What the last error of a connection was, for readers that have words of their own.
struct WsFailure {
  FeedReason reason = FeedReason::none;
  /// What the reason does not say: the system's, TLS's or the peer's own words. May be empty.
  std::string fact;
};

/// What a server answered that did not open a WebSocket.
struct HttpRefusal {
  int status = 0;     ///< 0 = no such answer
  std::string words;  ///< a fleetwall gateway's reason; empty: somebody else answered, e.g. a proxy
};
/// A reason is cut to this, for it is shown in a line.
inline constexpr std::size_t kMaxRefusalWords = 256;
/// body: of the answer; a gateway's is {"status":STATUS,"error":"WORDS"}.
HttpRefusal http_refusal(int status, std::string_view body);

class WsTransport {
 public:
  virtual ~WsTransport() = default;
  virtual fleet::Result<void> connect() = 0;
  virtual HttpRefusal refusal() const { return {}; }
  virtual WsFailure failure() const { return {}; }
  virtual fleet::Result<void> send(std::string_view message, bool binary) = 0;
  /// Nothing: no message came in time, or `wake` was called. Error: the connection is over.
  virtual fleet::Result<std::optional<std::string>> receive(std::chrono::milliseconds wait) = 0;
  /// Any thread: the `receive` under way, or the next one, comes back soon.
  virtual void wake() {}
  /// Whether the last `receive` came back with nothing because of that.
  virtual bool woken() const { return false; }
  /// Says goodbye, waiting a second at most.
  virtual void close() = 0;
  /// Any thread.
  virtual void interrupt() = 0;
};

std::unique_ptr<WsTransport> make_ws_client(WsClientConfig config);

/// First line of a file, for `Authorization: Bearer`. path empty: no token, an empty text.
/// Error: it cannot be read, or its first line is no token; names option and file, never the token.
fleet::Result<std::string> read_token_file(const std::filesystem::path& path);

}  // namespace net
