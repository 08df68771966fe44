// All of Beast's server side. How it works: a connection starts as HttpConnection and stays one for
// plain requests; an upgrade moves its socket into a FeedConnection or an IngestConnection. Each
// keeps itself alive through the handlers of the operations it has under way.
#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <optional>
#include <set>
#include <stdexcept>

#include "net/gateway/feed_session.hpp"
#include "net/gateway/origin.hpp"
#include "net/gateway/socket_server.hpp"

namespace net {
namespace {

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

GatewayEngine::Now read_clocks() {
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

std::string name_of(const beast::tcp_stream& stream) {
  Error error;
  const auto peer = stream.socket().remote_endpoint(error);
  return error ? "?" : peer.address().to_string() + ":" + std::to_string(peer.port());
}

beast::string_view path_of(const Request& request) {
  return request.target().substr(0, request.target().find('?'));
}

void set_up(WebSocket& socket, std::size_t largest_message) {
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

/// Plain requests, one after the other, and the upgrade to a WebSocket.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(Hub& hub, tcp::socket socket)
      : hub_(hub),
        place_(hub),
        stream_(std::move(socket)),
        buffer_(kMaxHeaderBytes + (64u << 10)) {}

  void read_header() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(kMaxHeaderBytes));
    parser_->body_limit(kMaxIngestBytes);
    stream_.expires_after(kHeaderTimeout);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](Error error, std::size_t) { self->on_header(error); });
  }

 private:
  void on_header(Error error) {
    if (error) return on_bad_request(error);
    if (parser_->is_done() || websocket::is_upgrade(parser_->get())) return answer_request();
    stream_.expires_after(kBodyTimeout);
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) return say_continue();
    read_body();
  }
  void say_continue() {
    auto go_on = std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
    http::async_write(stream_, *go_on,
                      [self = shared_from_this(), go_on](Error error, std::size_t) {
                        if (!error) self->read_body();
                      });
  }
  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](Error error, std::size_t) {
                       if (error) return self->on_bad_request(error);
                       self->answer_request();
                     });
  }

  void on_bad_request(Error error) {
    if (error == http::error::body_limit)
      return refuse(http::status::payload_too_large,
                    "A message is at most " + std::to_string(kMaxIngestBytes) + " bytes.");
    if (error == http::error::header_limit)
      return refuse(http::status::request_header_fields_too_large, "The header is too large.");
    if (error.category() == make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message)
      return refuse(http::status::bad_request, "Not an HTTP request: " + error.message() + ".");
    Error ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }
  /// An answer after which the connection is closed: what follows on it cannot be trusted.
  void refuse(http::status status, const std::string& why) {
    reply(status, "application/json",
          "{\"status\":" + std::to_string(static_cast<unsigned>(status)) + ",\"error\":\"" + why +
              "\"}\n",
          false);
  }

  void answer_request() {
    const Request& request = parser_->get();
    ++hub_.counters.http_requests;
    const auto text = [](beast::string_view v) { return std::string_view(v.data(), v.size()); };
    if (!origin_allowed(text(request[http::field::origin])) ||
        !host_allowed(text(request[http::field::host]), hub_.engine->config().listen_host)) {
      hub_.log(hub_.refusals, LogLevel::warning,
               "Refused a request from " + name_of(stream_) + " with Origin '" +
                   std::string(text(request[http::field::origin])) + "' and Host '" +
                   std::string(text(request[http::field::host])) + "'.");
      return refuse(http::status::forbidden, "Pages from elsewhere may not talk to this gateway.");
    }
    if (websocket::is_upgrade(request)) return upgrade();
    route(request);
  }

  void upgrade() {
    const Request request = parser_->release();
    const beast::string_view target = path_of(request);
    if (target == "/feed") {
      if (hub_.viewers.size() >= kMaxViewers)
        return refuse(http::status::service_unavailable, "Too many viewers.");
      std::make_shared<FeedConnection>(hub_, std::move(stream_), std::move(place_))
          ->accept(request);
    } else if (target == "/ingest") {
      std::make_shared<IngestConnection>(hub_, std::move(stream_), std::move(place_))
          ->accept(request);
    } else {
      refuse(http::status::not_found, "There is /feed and /ingest.");
    }
  }

  void route(const Request& request) {
    keep_alive_ = request.keep_alive();
    const beast::string_view target = path_of(request);
    const bool get = request.method() == http::verb::get;
    if (target == "/ingest") {
      if (request.method() != http::verb::post) return wrong_method("POST");
      return ingest(parser_->release());
    }
    if (target == "/healthz" || target == "/metrics") {
      if (!get) return wrong_method("GET");
      return page(target == "/healthz");
    }
    reply(http::status::not_found, "application/json",
          "{\"status\":404,\"error\":\"There is /ingest, /healthz, /metrics and /feed.\"}\n",
          keep_alive_);
  }
  void wrong_method(const char* right) {
    reply(http::status::method_not_allowed, "application/json",
          std::string("{\"status\":405,\"error\":\"Use ") + right + ".\"}\n", keep_alive_, right);
  }
  void page(bool health) {
    if (health) {
      int status = 200;
      std::string body = hub_.engine->healthz(read_clocks(), hub_.counters, status);
      return reply(http::int_to_status(static_cast<unsigned>(status)), "application/json",
                   std::move(body), keep_alive_);
    }
    reply(http::status::ok, "text/plain; version=0.0.4; charset=utf-8",
          hub_.engine->metrics(read_clocks(), hub_.counters), keep_alive_);
  }
  void ingest(Request request) {
    stream_.expires_never();  // the commit takes as long as it takes
    ++hub_.owed_answers;
    owes_answer_ = true;
    hub_.engine->ingest(std::move(request.body()), read_clocks(),
                        [self = shared_from_this()](IngestAnswer answer) {
                          self->reply(http::int_to_status(static_cast<unsigned>(answer.status)),
                                      "application/json", answer.body + "\n", self->keep_alive_);
                        });
  }

  void reply(http::status status, const char* type, std::string body, bool keep_alive,
             const char* allow = nullptr) {
    auto response = std::make_shared<Response>(status, 11);
    response->set(http::field::server, "fleetwalld/" FLEETWALL_VERSION);
    response->set(http::field::content_type, type);
    if (allow) response->set(http::field::allow, allow);
    if (status == http::status::service_unavailable || status == http::status::too_many_requests)
      response->set(http::field::retry_after, "1");
    response->keep_alive(keep_alive && !hub_.stopping);
    response->body() = std::move(body);
    response->prepare_payload();
    stream_.expires_after(kWriteTimeout);
    http::async_write(stream_, *response,
                      [self = shared_from_this(), response](Error error, std::size_t) {
                        if (std::exchange(self->owes_answer_, false)) --self->hub_.owed_answers;
                        if (error) return;
                        if (response->keep_alive()) return self->read_header();
                        Error ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                      });
  }

  Hub& hub_;
  Place place_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  bool keep_alive_ = true, owes_answer_ = false;
};

class BeastServer final : public SocketServer {
 public:
  BeastServer(const std::string& host, std::uint16_t port)
      : acceptor_(io_), tick_(io_), second_(io_), grace_(io_) {
    try {
      tcp::resolver resolver(io_);
      const auto found = resolver.resolve(host, std::to_string(port),
                                          tcp::resolver::passive | tcp::resolver::numeric_service);
      const tcp::endpoint endpoint = found.begin()->endpoint();
      acceptor_.open(endpoint.protocol());
      acceptor_.set_option(tcp::acceptor::reuse_address(true));
      acceptor_.bind(endpoint);
      acceptor_.listen();
      port_ = acceptor_.local_endpoint().port();
    } catch (const boost::system::system_error& error) {
      throw std::runtime_error("Cannot listen on " + host + ":" + std::to_string(port) + ": " +
                               error.code().message() + ".");
    }
  }

  std::uint16_t port() const override { return port_; }
  void post(std::function<void()> function) override { asio::post(io_, std::move(function)); }
  void stop() override {
    asio::post(io_, [this] { begin_stop(); });
  }

  void run(GatewayEngine& engine) override {
    hub_.engine = &engine;
    accept();
    on_second();
    turn();
    io_.run();
    // Connections still open refer to the hub: they go before it, with the handlers that hold them.
    io_.restart();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](Error error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return retry_accept();
      if (hub_.counters.connections >= kMaxConnections) {
        ++hub_.counters.refused;
        hub_.log(hub_.refusals, LogLevel::warning,
                 "Refused a connection: " + std::to_string(kMaxConnections) + " are open.");
      } else {
        ++hub_.counters.accepted;
        Error ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        std::make_shared<HttpConnection>(hub_, std::move(socket))->read_header();
      }
      accept();
    });
  }
  /// Out of file descriptors, for example: a pause, not a busy loop.
  void retry_accept() {
    auto pause = std::make_shared<asio::steady_timer>(io_, std::chrono::milliseconds(100));
    pause->async_wait([this, pause](Error) {
      if (acceptor_.is_open()) accept();
    });
  }

  /// Ticks that are due, then everybody gets what is new, then sleep until the next is due.
  void turn() {
    if (stopped_) return;
    const bool more = hub_.engine->advance(read_clocks());
    for (FeedConnection* viewer : hub_.viewers) viewer->pump();
    if (more) return asio::post(io_, [this] { turn(); });
    tick_.expires_after(hub_.engine->until_due(read_clocks()));
    tick_.async_wait([this](Error) { turn(); });
  }
  void on_second() {
    if (stopped_) return;
    const auto now = Clock::now();
    for (FeedConnection* viewer : hub_.viewers) viewer->check(now);
    for (IngestConnection* sender : hub_.ingests) sender->check(now);
    second_.expires_after(std::chrono::seconds(1));
    second_.async_wait([this](Error) { on_second(); });
  }

  void begin_stop() {
    if (stopped_) return;
    stopped_ = true;
    hub_.stopping = true;
    Error ignored;
    acceptor_.close(ignored);
    tick_.cancel();
    second_.cancel();
    hub_.engine->finish(read_clocks());
    const auto viewers = hub_.viewers;
    for (FeedConnection* viewer : viewers) viewer->shut_down();
    const auto senders = hub_.ingests;
    for (IngestConnection* sender : senders) sender->shut_down();
    wait_for_goodbyes(Clock::now() + kStopGrace);
  }
  void wait_for_goodbyes(Clock::time_point deadline) {
    if ((hub_.viewers.empty() && hub_.ingests.empty() && hub_.owed_answers == 0) ||
        Clock::now() > deadline) {
      io_.stop();
      return;
    }
    grace_.expires_after(std::chrono::milliseconds(10));
    grace_.async_wait([this, deadline](Error) { wait_for_goodbyes(deadline); });
  }

  Hub hub_;  // before io_: connections that die with io_ still count themselves off
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer tick_, second_, grace_;
  std::uint16_t port_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::unique_ptr<SocketServer> SocketServer::listen(const std::string& host, std::uint16_t port) {
  return std::make_unique<BeastServer>(host, port);
}

}  // namespace net
