// All of Beast's server side. How it works: a connection starts as HttpConnection (beast_http.hpp)
// and stays one for plain requests; an upgrade moves its stream into a FeedConnection, a
// ReplayConnection or IngestConnection (beast_feed.hpp, beast_replay.hpp, beast_ingest.hpp). Each
// keeps itself alive through the handlers of the operations it has under way.
#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <new>
#include <stdexcept>

#include "net/gateway/beast_http.hpp"
#include "net/gateway/socket_server.hpp"

namespace net::sockets {
namespace {

/// Time for sockets between two turns of a feed that is behind: some 50 messages.
constexpr std::chrono::nanoseconds kSocketShare = std::chrono::milliseconds(1);
/// Between two tries to go on without memory.
constexpr std::chrono::milliseconds kShortOfMemory{10};

class BeastServer final : public SocketServer {
 public:
  BeastServer(const std::string& host, std::uint16_t port)
      : acceptor_(io_), pause_(io_), tick_(io_), second_(io_), grace_(io_) {
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

  ~BeastServer() override {
    // Their threads post to io_, which goes before the hub.
    for (Connection* viewer : hub_.replays) viewer->leave();
  }

  std::uint16_t port() const override { return port_; }
  void set_access(AccessConfig access, SharedTls tls) override {
    hub_.tokens = AccessList(access.tokens);
    hub_.access = std::move(access);
    hub_.certificate = CertificateWatch(hub_.access.tls);
    set_tls(std::move(tls));
    ++hub_.access_version;
  }
  void post(std::function<void()> function) override { asio::post(io_, std::move(function)); }
  void stop() override {
    asio::post(io_, [this] { begin_stop(); });
  }

  void run(GatewayEngine& engine) override {
    hub_.engine = &engine;
    on_second();
    turn();
    while (!over_) serve_until_over();
    // Connections still open refer to the hub: they go before it, with the handlers that hold them.
    io_.restart();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](Error error, tcp::socket socket) {
      accepting_ = false;
      if (!acceptor_.is_open()) return;
      if (error) return retry_accept();
      serve(std::move(socket));
      accept();
    });
    accepting_ = true;
  }
  void serve(tcp::socket socket) {
    Error gone;
    const tcp::endpoint peer = socket.remote_endpoint(gone);
    if (gone) return;
    std::string address = address_key(peer.address());
    if (hub_.counters.connections >= hub_.access.connections) {
      ++hub_.counters.refused;
      return hub_.log(
          hub_.caps, LogLevel::warning,
          "Refused a connection: " + std::to_string(hub_.access.connections) + " are open.");
    }
    const auto open = hub_.addresses.find(address);
    if (open != hub_.addresses.end() && open->second >= hub_.access.connections_per_address) {
      ++hub_.counters.refused_address;
      return hub_.log(hub_.caps, LogLevel::warning,
                      "Refused a connection: " + address + " has " + std::to_string(open->second) +
                          " open already.");
    }
    ++hub_.counters.accepted;
    Error ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto connection = std::make_shared<HttpConnection<SocketStream>>(
        hub_, SocketStream(beast::tcp_stream(std::move(socket)), hub_.tls),
        Place(hub_, std::move(address)));
    TlsLayer* const tls = connection->stream().tls();
    if (!tls) return connection->read_header();
    connection->stream().expires_after(hub_.timeouts().handshake);
    tls->accept([this, connection](Error error) {
      if (!error) return connection->read_header();
      ++hub_.counters.tls_failures;
      hub_.log(hub_.handshakes, LogLevel::info,
               "No TLS with " + name_of(connection->stream()) + ": " + error.message() + ".");
    });
  }
  /// Out of file descriptors, for example: a pause, not a busy loop.
  void retry_accept() {
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this](Error) {
      accepting_ = false;
      if (acceptor_.is_open()) accept();
    });
    accepting_ = true;
  }

  void set_tls(SharedTls tls) {
    hub_.tls = std::move(tls);
    hub_.counters.certificate_end = hub_.tls ? certificate_end(*hub_.tls) : fleet::kNever;
  }
  /// Connections go on with the certificate they began with.
  void renew_certificate(Clock::time_point now) {
    const auto renewed = hub_.certificate.changed_lately(now, read_clocks().system);
    if (!renewed) return;
    const LogSink& log = hub_.engine->config().log;
    if (renewed->ok()) set_tls(renewed->value());
    if (!log) return;
    if (renewed->ok())
      log(LogLevel::info, "The certificate was renewed; it is good until " +
                              fleet::iso8601(hub_.counters.certificate_end) + ".");
    else
      log(LogLevel::error,
          "The certificate in use stays, for the new one is no good: " + renewed->error().what);
  }

  /// Until it is over, or a connection asks for more memory than there is. That one is gone with
  /// the handler that asked; the others go on. The gateway's own work is not given up like that.
  void serve_until_over() {
    try {
      if (go_on())
        io_.run();
      else
        io_.run_one_for(kShortOfMemory);  // what ends gives memory back
    } catch (const std::bad_alloc&) {
      if (own_work_) throw;
      hub_.log_safely(hub_.memory, LogLevel::error,
                      [] { return "Out of memory: a connection was dropped."; });
    }
  }
  /// What comes again and again waits to come again, even if the last time ended amid its work.
  /// False: there is no memory for that now; once more, soon.
  bool go_on() {
    try {
      if (stopped_) {
        if (!goodbyes_wait_) wait_for_goodbyes();
        return true;
      }
      if (!accepting_) accept();
      if (!second_waits_) wait_a_second();
      if (!turn_waits_) wait_for_turn(kSocketShare);
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

  /// Ticks that are due, then everybody gets what is new, then sleep until the next is due.
  void turn() {
    turn_waits_ = false;
    if (stopped_) return;
    own_work_ = true;
    const bool more = hub_.engine->advance(read_clocks());
    for (Connection* viewer : hub_.viewers) viewer->pump();
    own_work_ = false;
    if (hub_.engine->store_is_back()) return begin_stop();
    // A feed that runs as fast as it can leaves sockets their time: each write takes a round.
    if (!more || !hub_.viewers.empty())
      return wait_for_turn(more ? kSocketShare : hub_.engine->until_due(read_clocks()));
    asio::post(io_, [this] { turn(); });
    turn_waits_ = true;
  }
  void wait_for_turn(std::chrono::nanoseconds time) {
    tick_.expires_after(time);
    tick_.async_wait([this](Error) { turn(); });
    turn_waits_ = true;
  }
  void on_second() {
    second_waits_ = false;
    if (stopped_) return;
    wait_a_second();
    const auto now = Clock::now();
    for (Connection* viewer : hub_.viewers) viewer->check(now);
    for (Connection* viewer : hub_.replays) viewer->check(now);
    std::erase_if(hub_.left_replays, [](const auto& session) { return session->gone(); });
    for (Connection* sender : hub_.ingests) sender->check(now);
    renew_certificate(now);
  }
  void wait_a_second() {
    second_.expires_after(std::chrono::seconds(1));
    second_.async_wait([this](Error) { on_second(); });
    second_waits_ = true;
  }

  void begin_stop() {
    if (stopped_) return;
    stopped_ = true;
    hub_.stopping = true;
    Error ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    tick_.cancel();
    second_.cancel();
    own_work_ = true;
    hub_.engine->finish(read_clocks());
    own_work_ = false;
    goodbye_deadline_ = Clock::now() + hub_.timeouts().stop_grace;
    const auto viewers = hub_.viewers;
    for (Connection* viewer : viewers) viewer->shut_down();
    const auto replays = hub_.replays;
    for (Connection* viewer : replays) viewer->shut_down();
    const auto senders = hub_.ingests;
    for (Connection* sender : senders) sender->shut_down();
    wait_for_goodbyes();
  }
  void wait_for_goodbyes() {
    goodbyes_wait_ = false;
    if ((hub_.viewers.empty() && hub_.replays.empty() && hub_.ingests.empty() &&
         hub_.owed_answers == 0) ||
        Clock::now() > goodbye_deadline_) {
      over_ = true;
      io_.stop();
      return;
    }
    grace_.expires_after(std::chrono::milliseconds(10));
    grace_.async_wait([this](Error) { wait_for_goodbyes(); });
    goodbyes_wait_ = true;
  }

  Hub hub_;  // before io_: connections that die with io_ still count themselves off
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_, tick_, second_, grace_;
  Clock::time_point goodbye_deadline_;
  std::uint16_t port_ = 0;
  bool stopped_ = false, over_ = false, own_work_ = false;
  /// What is under way, of all that comes again and again; see go_on.
  bool accepting_ = false, second_waits_ = false, turn_waits_ = false, goodbyes_wait_ = false;
};

}  // namespace
}  // namespace net::sockets

namespace net {

std::unique_ptr<SocketServer> SocketServer::listen(const std::string& host, std::uint16_t port) {
  return std::make_unique<sockets::BeastServer>(host, port);
}

}  // namespace net
