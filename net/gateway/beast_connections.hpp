// The WebSocket connections of the gateway, and what all its connections share. Only for
// server_beast.cpp, which they would make too long: Beast is instantiated there and nowhere else.
#pragma once

#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "net/gateway/feed_session.hpp"
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
using WebSocket = websocket::stream<beast::tcp_stream, false>;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

inline GatewayEngine::Now read_clocks() {
  return {std::chrono::time_point_cast<fleet::Millis>(std::chrono::system_clock::now()),
          Clock::now()};
}

class FeedConnection;
class IngestConnection;

/// What connections share. Outlives them all.
struct Hub {
  GatewayEngine* engine = nullptr;
  ConnectionCounters counters;
  std::set<FeedConnection*> viewers;
  std::set<IngestConnection*> ingests;
  LogGate connects, disconnects, refusals;
  bool stopping = false;
  std::size_t owed_answers = 0;  ///< HTTP messages of ingest not yet answered

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

inline beast::string_view path_of(const Request& request) {
  return request.target().substr(0, request.target().find('?'));
}

inline void set_up(WebSocket& socket, std::size_t largest_message) {
  websocket::stream_base::timeout timeouts{};
  timeouts.handshake_timeout = kHandshakeTimeout;
  timeouts.idle_timeout = kIdleTimeout;
  timeouts.keep_alive_pings = true;
  socket.set_option(timeouts);
  socket.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
    response.set(http::field::server, "fleetwalld/" FLEETWALL_VERSION);
  }));
  socket.read_message_max(largest_message);
  socket.auto_fragment(false);
  beast::get_lowest_layer(socket).expires_never();
}

/// One viewer. Everything it is told is decided by its FeedSession.
class FeedConnection : public std::enable_shared_from_this<FeedConnection> {
 public:
  FeedConnection(Hub& hub, beast::tcp_stream stream, Place place)
      : hub_(hub),
        place_(std::move(place)),
        peer_(name_of(stream)),
        socket_(std::move(stream)),
        buffer_(kMaxClientMessageBytes),
        session_(hub.engine->publisher(), hub.engine->hello(read_clocks())),
        opened_(Clock::now()) {
    set_up(socket_, kMaxClientMessageBytes);
    socket_.binary(true);
    hub_.viewers.insert(this);
    hub_.counters.viewers = hub_.viewers.size();
  }
  ~FeedConnection() {
    hub_.viewers.erase(this);
    hub_.counters.viewers = hub_.viewers.size();
    hub_.log(hub_.disconnects, LogLevel::info,
             "Viewer " + peer_ + " gone: " + (why_.empty() ? session_.why() : why_) +
                 " It was sent " + std::to_string(sent_messages_) + " messages, " +
                 std::to_string(sent_bytes_) + " bytes, " + std::to_string(session_.catch_ups()) +
                 " catch-ups.");
  }
  FeedConnection(const FeedConnection&) = delete;
  FeedConnection& operator=(const FeedConnection&) = delete;

  void accept(const Request& request) {
    socket_.async_accept(request, [self = shared_from_this()](Error error) {
      if (error) return self->over("handshake failed: " + error.message() + ".");
      self->open_ = true;
      self->pump();
      self->read();
    });
  }

  /// Writes on while there is something to write.
  void pump() {
    if (!open_ || writing_ || closing_) return;
    std::shared_ptr<const std::string> message = session_.next();
    if (!message) return;
    writing_ = true;
    write_begin_ = Clock::now();
    const auto bytes = asio::buffer(*message);
    socket_.async_write(bytes, [self = shared_from_this(), message](Error error, std::size_t) {
      self->on_write(error, message->size());
    });
  }

  /// Once a second: who does not read, or never subscribes, goes.
  void check(Clock::time_point now) {
    if (writing_ && now - write_begin_ > kWriteTimeout) {
      ++hub_.counters.slow_closed;
      drop("it did not read for " + std::to_string(kWriteTimeout.count()) + " s.");
    } else if (!session_.subscribed() && now - opened_ > kSubscribeTimeout) {
      drop("it did not subscribe.");
    }
  }

  void shut_down() {
    session_.shut_down();
    pump();
  }

 private:
  void read() {
    socket_.async_read(buffer_, [self = shared_from_this()](Error error, std::size_t) {
      if (error) return self->over(self->reason(error));
      self->on_read();
    });
  }
  void on_read() {
    const bool before = session_.subscribed();
    session_.receive({static_cast<const std::byte*>(buffer_.data().data()), buffer_.size()});
    buffer_.consume(buffer_.size());
    if (!before && session_.subscribed()) {
      ++hub_.counters.feed_sessions;
      hub_.log(hub_.connects, LogLevel::info,
               "Viewer " + peer_ + " (" + session_.client() + ") connected, " + session_.start() +
                   "; " + std::to_string(hub_.viewers.size()) + " viewers.");
    }
    pump();
    read();
  }
  void on_write(Error error, std::size_t bytes) {
    writing_ = false;
    if (error) return over(reason(error));
    ++sent_messages_;
    sent_bytes_ += bytes;
    ++hub_.counters.sent_messages;
    hub_.counters.sent_bytes += bytes;
    if (session_.catch_ups() != counted_catch_ups_) {
      counted_catch_ups_ = session_.catch_ups();
      ++hub_.counters.catch_ups;
    }
    if (session_.over()) return close();
    pump();
  }
  void close() {
    closing_ = true;
    const auto code =
        hub_.stopping ? websocket::close_code::going_away : websocket::close_code::policy_error;
    socket_.async_close(code, [self = shared_from_this()](Error) {});
  }
  static std::string reason(Error error) {
    return error == websocket::error::closed ? "it closed the connection." : error.message() + ".";
  }
  void over(std::string why) {
    if (why_.empty()) why_ = std::move(why);
    closing_ = true;
  }
  void drop(std::string why) {
    over(std::move(why));
    beast::get_lowest_layer(socket_).close();
  }

  Hub& hub_;
  Place place_;
  std::string peer_;
  WebSocket socket_;
  beast::flat_buffer buffer_;
  FeedSession session_;
  Clock::time_point opened_, write_begin_{};
  bool open_ = false, writing_ = false, closing_ = false;
  std::uint64_t sent_messages_ = 0, sent_bytes_ = 0, counted_catch_ups_ = 0;
  std::string why_;
};

/// One sender of ingest messages; answers in the order of the messages.
class IngestConnection : public std::enable_shared_from_this<IngestConnection> {
 public:
  IngestConnection(Hub& hub, beast::tcp_stream stream, Place place)
      : hub_(hub),
        place_(std::move(place)),
        peer_(name_of(stream)),
        socket_(std::move(stream)),
        buffer_(kMaxIngestBytes) {
    set_up(socket_, kMaxIngestBytes);
    socket_.text(true);
    hub_.ingests.insert(this);
    hub_.counters.ingest_sockets = hub_.ingests.size();
  }
  ~IngestConnection() {
    hub_.ingests.erase(this);
    hub_.counters.ingest_sockets = hub_.ingests.size();
    hub_.log(hub_.disconnects, LogLevel::info,
             "Sender " + peer_ + " gone after " + std::to_string(messages_) + " messages: " + why_);
  }
  IngestConnection(const IngestConnection&) = delete;
  IngestConnection& operator=(const IngestConnection&) = delete;

  void accept(const Request& request) {
    socket_.async_accept(request, [self = shared_from_this()](Error error) {
      if (error) return self->over("handshake failed: " + error.message() + ".");
      self->hub_.log(self->hub_.connects, LogLevel::info, "Sender " + self->peer_ + " connected.");
      self->open_ = true;
      self->read();
    });
  }
  void shut_down() {
    stopping_ = true;
    pump();
  }
  /// Once a second.
  void check(Clock::time_point now) {
    if (!writing_ || now - write_begin_ <= kWriteTimeout) return;
    over("it did not read its answers.");
    beast::get_lowest_layer(socket_).close();
  }

 private:
  void read() {
    if (reading_ || closing_ || stopping_ || answers_.size() >= kMaxUnanswered) return;
    reading_ = true;
    socket_.async_read(buffer_, [self = shared_from_this()](Error error, std::size_t) {
      self->reading_ = false;
      if (error)
        return self->over(error == websocket::error::closed ? "it closed the connection."
                                                            : error.message() + ".");
      self->on_read();
    });
  }
  void on_read() {
    ++messages_;
    std::string body(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    buffer_.consume(buffer_.size());
    const std::uint64_t number = first_answer_ + answers_.size();
    answers_.emplace_back();
    hub_.engine->ingest(std::move(body), read_clocks(),
                        [self = shared_from_this(), number](IngestAnswer answer) {
                          self->answers_[number - self->first_answer_] = std::move(answer.body);
                          self->pump();
                        });
    read();
  }
  void pump() {
    if (!open_ || writing_ || closing_) return;
    if (answers_.empty() || !answers_.front()) {
      if (stopping_ && answers_.empty()) close();
      return;
    }
    writing_ = true;
    write_begin_ = Clock::now();
    socket_.async_write(asio::buffer(*answers_.front()),
                        [self = shared_from_this()](Error error, std::size_t) {
                          self->writing_ = false;
                          if (error) return self->over(error.message() + ".");
                          self->answers_.pop_front();
                          ++self->first_answer_;
                          self->pump();
                          self->read();
                        });
  }
  void close() {
    over("the gateway goes down.");
    socket_.async_close(websocket::close_code::going_away, [self = shared_from_this()](Error) {});
  }
  void over(std::string why) {
    if (why_.empty()) why_ = std::move(why);
    closing_ = true;
  }

  Hub& hub_;
  Place place_;
  std::string peer_;
  WebSocket socket_;
  beast::flat_buffer buffer_;
  std::deque<std::optional<std::string>> answers_;
  std::uint64_t first_answer_ = 0, messages_ = 0;
  bool open_ = false, reading_ = false, writing_ = false, closing_ = false, stopping_ = false;
  Clock::time_point write_begin_{};
  std::string why_;
};

}  // namespace net::sockets
