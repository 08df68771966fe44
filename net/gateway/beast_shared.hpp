// What the gateway's connections share. The beast_*.hpp are for server_beast.cpp only, which they
// would make too long: it is the one file that instantiates them, for sockets. A test does it for a
// stream in memory.
//
// A Stream is a SocketStream or offers the same: asynchronous reads and writes, expires_after,
// expires_never, close, and the functions name_of, end_writing, bound_sending and cut (found beside
// it).
#pragma once

#include <utility>  // Asio 1.74 needs it and does not include it

#include <netinet/tcp.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "net/gateway/gateway_engine.hpp"
#include "net/gateway/socket_server.hpp"
#include "net/replay/replay_session.hpp"
#include "net/sockets/certificate_watch.hpp"
#include "net/sockets/socket_stream.hpp"

namespace net::sockets {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using Error = beast::error_code;
using Clock = std::chrono::steady_clock;
// Without permessage-deflate: bodies are compressed already, and Beast 1.74 can be killed by it.
template <class Stream>
using WebSocket = websocket::stream<Stream, false>;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

/// A WebSocket as the server sees it. Once a second: check.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Writes on while there is something to write.
  virtual void pump() = 0;
  /// Ends what takes too long.
  virtual void check(Clock::time_point now) = 0;
  /// Says goodbye once all before it is written.
  virtual void shut_down() = 0;
  /// The server serves no more: threads of its own may not come back to it.
  virtual void leave() {}
};

/// Whose connection it is. Without tokens everybody is admin.
struct Peer {
  std::string address;  ///< with port, for the log
  AccessToken token{.name = "", .role = Role::admin, .hash = {}};

  /// For the log: "127.0.0.1:4711" or "127.0.0.1:4711 (wall-1)".
  std::string text() const {
    return token.name.empty() ? address : address + " (" + token.name + ")";
  }
};

/// What connections share. Outlives them all.
struct Hub {
  GatewayEngine* engine = nullptr;
  ConnectionCounters counters;
  std::set<Connection*> viewers, replays, ingests;
  /// Of viewers that are gone: their threads end soon, and nobody waits for them meanwhile.
  std::vector<std::unique_ptr<ReplaySession>> left_replays;
  LogGate connects, disconnects, refusals, caps, handshakes, memory;  ///< a kind of line each
  std::map<std::string, std::size_t> addresses;                       ///< open sockets of each
  AccessConfig access;
  AccessList tokens;
  SharedTls tls;
  CertificateWatch certificate;
  std::uint64_t access_version = 0;  ///< counts changes of the three
  bool stopping = false;
  std::size_t owed_answers = 0;  ///< HTTP messages of ingest not yet answered

  const SocketTimeouts& timeouts() const { return engine->config().timeouts; }
  /// Whether whoever held this token may still do that.
  bool still_allows(const AccessToken& token, Right right) const {
    return tokens.open() ? true : tokens.still_has(token) && may(token.role, right);
  }
  void log(LogGate& gate, LogLevel level, const std::string& text) {
    gate.write(engine->config().log, level, text, Clock::now());
  }
  /// For where no exception may come from, such as the destructor of a connection: without memory
  /// for what `text()` makes, nothing is logged.
  template <class Text>
  void log_safely(LogGate& gate, LogLevel level, Text text) noexcept {
    try {
      log(gate, level, text());
    } catch (const std::exception&) {
    }
  }
};

/// An answer that the engine owes a connection. If it gets lost, because no memory is left to make
/// it or to bring it, the connection ends: its peer would wait for ever, and on a WebSocket all
/// later answers behind this one.
template <class Asked>
class OwedAnswer {
 public:
  /// number: as `asked` knows it by.
  explicit OwedAnswer(std::shared_ptr<Asked> asked, std::uint64_t number = 0)
      : asked_(std::move(asked)), number_(number) {}
  OwedAnswer(const OwedAnswer&) = delete;
  OwedAnswer& operator=(const OwedAnswer&) = delete;
  ~OwedAnswer() {
    if (asked_) asked_->lose_answer();
  }
  void give(IngestAnswer answer) {
    asked_->take_answer(number_, std::move(answer));
    asked_.reset();
  }

 private:
  std::shared_ptr<Asked> asked_;
  std::uint64_t number_;
};

/// Counts an open socket for as long as it lives.
class Place {
 public:
  /// address: as address_key makes it.
  Place(Hub& hub, std::string address) : hub_(&hub), address_(std::move(address)) {
    ++hub.counters.connections;
    ++hub.addresses[address_];
  }
  Place(Place&& other) noexcept
      : hub_(std::exchange(other.hub_, nullptr)), address_(std::move(other.address_)) {}
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (!hub_) return;
    --hub_->counters.connections;
    if (--hub_->addresses[address_] == 0) hub_->addresses.erase(address_);
  }

 private:
  Hub* hub_;
  std::string address_;
};

/// By what connections are counted as one peer's: the address, or in IPv6 its first 64 bits, of
/// which one customer has all. An IPv4 address within IPv6 is itself.
inline std::string address_key(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const asio::ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string() + "/64";
}

/// Bytes that a connection holds of a message under way, counted in the hub.
class ReadShare {
 public:
  explicit ReadShare(Hub& hub) : hub_(hub) {}
  ReadShare(const ReadShare&) = delete;
  ReadShare& operator=(const ReadShare&) = delete;
  ~ReadShare() { release(); }

  /// It holds so many now. False: that is too much for the gateway, and is not counted.
  bool hold(std::size_t bytes) {
    const std::uint64_t others = hub_.counters.read_bytes - bytes_;
    if (bytes > bytes_ && others + bytes > hub_.engine->config().read_bytes) return false;
    hub_.counters.read_bytes = others + bytes;
    bytes_ = bytes;
    return true;
  }
  void release() { hold(0); }

 private:
  Hub& hub_;
  std::size_t bytes_ = 0;
};

/// Bounds what the kernel holds for a viewer.
inline void bound_sending(SocketStream& stream) {
  using Unsent = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
  Error ignored;
  auto& socket = stream.tcp().socket();
  socket.set_option(asio::socket_base::send_buffer_size(kViewerSendBuffer), ignored);
  socket.set_option(Unsent(kViewerUnsent), ignored);
}

/// Closes without a word: what was written and not read is gone.
inline void cut(SocketStream& stream) {
  Error ignored;
  stream.tcp().socket().set_option(asio::socket_base::linger(true, 0), ignored);
  stream.close();
}

inline std::string name_of(const SocketStream& stream) {
  Error error;
  const auto peer = stream.tcp().socket().remote_endpoint(error);
  return error ? "?" : peer.address().to_string() + ":" + std::to_string(peer.port());
}

/// Nothing more will be written; what was, arrives. done(whether the peer may still be writing):
/// within TLS both sides have ended then, or are given up.
template <class Done>
void end_writing(SocketStream& stream, Done done) {
  if (stream.tls()) return stream.tls()->shut_down([done](Error) mutable { done(false); });
  Error ignored;
  stream.tcp().socket().shutdown(tcp::socket::shutdown_send, ignored);
  done(true);
}

inline beast::string_view path_of(const Request& request) {
  return request.target().substr(0, request.target().find('?'));
}

template <class Stream>
void set_up(WebSocket<Stream>& socket, const SocketTimeouts& limits, std::size_t largest_message) {
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = limits.handshake;
  timeouts.idle_timeout = limits.idle;
  timeouts.keep_alive_pings = true;
  socket.set_option(timeouts);
  socket.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
    response.set(http::field::server, "fleetwalld/" FLEETWALL_VERSION);
  }));
  socket.read_message_max(largest_message);
  socket.auto_fragment(false);
  beast::get_lowest_layer(socket).expires_never();
}

}  // namespace net::sockets
