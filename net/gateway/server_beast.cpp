// All of Beast's server side. How it works: a connection starts as HttpConnection and stays one for
// plain requests; an upgrade moves its socket into a FeedConnection or an IngestConnection
// (beast_connections.hpp). Each keeps itself alive through the handlers of the operations it has
// under way.
#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <optional>
#include <stdexcept>

#include "net/gateway/beast_connections.hpp"
#include "net/gateway/origin.hpp"
#include "net/gateway/socket_server.hpp"

namespace net::sockets {
namespace {

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

/// Time for sockets between two turns of a feed that is behind: some 50 messages.
constexpr std::chrono::nanoseconds kSocketShare = std::chrono::milliseconds(1);

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
    // A feed that runs as fast as it can leaves sockets their time: each write takes a round.
    if (more && hub_.viewers.empty()) return asio::post(io_, [this] { turn(); });
    tick_.expires_after(more ? kSocketShare : hub_.engine->until_due(read_clocks()));
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
}  // namespace net::sockets

namespace net {

std::unique_ptr<SocketServer> SocketServer::listen(const std::string& host, std::uint16_t port) {
  return std::make_unique<sockets::BeastServer>(host, port);
}

}  // namespace net
