// What the gateway's connections share. The beast_*.hpp are for server_beast.cpp only, which they
// would make too long: it is the one file that instantiates them, for TCP. A test does it for a
// stream in memory.
//
// A Stream is Beast's tcp_stream or offers the same: asynchronous reads and writes, expires_after,
// expires_never, close, and the two functions below (found beside it).
#pragma once

#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <memory>
#include <set>
#include <string>

#include "net/gateway/gateway_engine.hpp"
#include "net/gateway/socket_server.hpp"

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

inline GatewayEngine::Now read_clocks() {
  return {std::chrono::time_point_cast<fleet::Millis>(std::chrono::system_clock::now()),
          Clock::now()};
}

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
};

/// What connections share. Outlives them all.
struct Hub {
  GatewayEngine* engine = nullptr;
  ConnectionCounters counters;
  std::set<Connection*> viewers, ingests;
  LogGate connects, disconnects, refusals;
  bool stopping = false;
  std::size_t owed_answers = 0;  ///< HTTP messages of ingest not yet answered

  const SocketTimeouts& timeouts() const { return engine->config().timeouts; }
  void log(LogGate& gate, LogLevel level, const std::string& text) {
    gate.write(engine->config().log, level, text, Clock::now());
  }
};

/// Counts an open socket for as long as it lives.
class Place {
 public:
  explicit Place(Hub& hub) : hub_(&hub) { ++hub.counters.connections; }
  Place(Place&& other) noexcept : hub_(std::exchange(other.hub_, nullptr)) {}
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (hub_) --hub_->counters.connections;
  }

 private:
  Hub* hub_;
};

inline std::string name_of(const beast::tcp_stream& stream) {
  Error error;
  const auto peer = stream.socket().remote_endpoint(error);
  return error ? "?" : peer.address().to_string() + ":" + std::to_string(peer.port());
}

/// Nothing more will be written; what was, arrives.
inline void end_writing(beast::tcp_stream& stream) {
  Error ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
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
