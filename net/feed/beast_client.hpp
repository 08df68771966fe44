// The WebSocket client on any stream. Only for ws_client_beast.cpp, which instantiates it for TCP;
// a test does it for a stream in memory. How it works: each call starts its operation and runs the
// io_context until that is done or the time is up. A read that is not done stays under way across
// calls, for only then does Beast answer pings.
//
// A Dialer makes the stream and connects it:
//   Dialer(io_context&, ...), Stream make_stream(), dial(Stream&, WsUrl, handler(Error)), cancel(),
//   explain(Stream&, Error): what is behind an error, as Explained; an empty text = nothing more.
#pragma once

#include <utility>  // Asio 1.74 needs it and does not include it

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "net/feed/ws_client.hpp"

namespace net::sockets {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using Error = beast::error_code;
using Clock = std::chrono::steady_clock;

/// what: of a sentence that names the peer. failure: the same as a code.
struct Explained {
  std::string what;
  WsFailure failure;
};

template <class Dialer>
class BeastClient final : public WsTransport {
 public:
  /// more: for the dialer, behind the io_context.
  template <class... More>
  explicit BeastClient(WsClientConfig config, More&&... more)
      : config_(std::move(config)),
        dialer_(io_, std::forward<More>(more)...),
        socket_(dialer_.make_stream()),
        buffer_(config_.max_message_bytes) {}

  fleet::Result<void> connect() override {
    const Clock::time_point deadline = Clock::now() + config_.connect_timeout;
    Done done;
    begin(done);
    dialer_.dial(beast::get_lowest_layer(socket_), config_.url,
                 [&done](Error error) { finish(done, error); });
    if (auto failed = wait(done, deadline, "connect to")) return *failed;
    set_up();
    begin(done);
    socket_.async_handshake(response_, config_.url.authority(), config_.url.path,
                            [this, &done](Error error) { finish(done, error); });
    if (auto failed = wait(done, deadline, "open a WebSocket with")) {
      if (response_.result_int() >= 300)
        failed->what += " It answered with HTTP " + std::to_string(response_.result_int()) + ".";
      return *failed;
    }
    opened_ = true;
    return {};
  }

  HttpRefusal refusal() const override {
    if (response_.result_int() < 300) return {};
    return http_refusal(static_cast<int>(response_.result_int()), response_.body());
  }

  WsFailure failure() const override { return failure_; }

  fleet::Result<void> send(std::string_view message, bool binary) override {
    Done done;
    begin(done);
    socket_.binary(binary);
    socket_.async_write(asio::buffer(message.data(), message.size()),
                        [this, &done](Error error, std::size_t) { finish(done, error); });
    if (auto failed = wait(done, Clock::now() + config_.idle_timeout, "write to")) return *failed;
    return {};
  }

  fleet::Result<std::optional<std::string>> receive(std::chrono::milliseconds limit) override {
    if (!reading_) {
      begin(read_);
      reading_ = true;
      socket_.async_read(buffer_, [this](Error error, std::size_t) { finish(read_, error); });
    }
    const Clock::time_point deadline = Clock::now() + limit;
    run_until(read_, deadline, &wanted_);
    if (interrupted_) return stopped();
    woken_ = !read_.over && wanted_.exchange(false);
    if (!read_.over) return std::optional<std::string>();
    reading_ = false;
    if (read_.error) {
      failure_ = failure_of(read_.error);
      return fleet::Error{reason(read_.error)};
    }
    std::string message(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    buffer_.consume(buffer_.size());
    return std::optional<std::string>(std::move(message));
  }

  void close() override {
    if (interrupted_ || !socket_.is_open()) return;
    Done done;
    begin(done);
    socket_.async_close(websocket::close_code::normal,
                        [this, &done](Error error) { finish(done, error); });
    run_until(done, Clock::now() + std::chrono::seconds(1));
    abandon(done);
  }

  void wake() override {
    wanted_ = true;
    asio::post(io_, [] {});  // wakes run_until
  }
  bool woken() const override { return woken_; }

  void interrupt() override {
    interrupted_ = true;
    asio::post(io_, [] {});  // wakes run_until
  }

 private:
  struct Done {
    bool over = true;
    Error error;
  };

  static void begin(Done& done) { done = {false, {}}; }
  static void finish(Done& done, Error error) { done = {true, error}; }
  static fleet::Error stopped() { return {"The connection was ended by this side."}; }

  void set_up() {
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = config_.connect_timeout;
    timeouts.idle_timeout = config_.idle_timeout;
    timeouts.keep_alive_pings = true;
    socket_.set_option(timeouts);
    socket_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      request.set(beast::http::field::user_agent, config_.agent);
      if (!config_.token.empty())
        request.set(beast::http::field::authorization, "Bearer " + config_.token);
    }));
    socket_.read_message_max(config_.max_message_bytes);
    socket_.auto_fragment(false);
  }

  /// wanted: ends it, too.
  void run_until(const Done& done, Clock::time_point deadline,
                 const std::atomic<bool>* wanted = nullptr) {
    io_.restart();
    while (!done.over && !interrupted_ && !(wanted && *wanted) && Clock::now() < deadline)
      if (io_.run_one_until(deadline) == 0) break;
  }

  /// Handlers refer to `done`, which is about to go: let them end first.
  void abandon(Done& done) {
    if (done.over) return;
    dialer_.cancel();
    beast::get_lowest_layer(socket_).close();
    io_.restart();
    while (!done.over && io_.run_one() > 0) {
    }
  }

  std::optional<fleet::Error> wait(Done& done, Clock::time_point deadline, const char* what) {
    run_until(done, deadline);
    const std::string head =
        std::string("Could not ") + what + " " + config_.url.authority() + ": ";
    const bool in_time = done.over;
    abandon(done);
    if (interrupted_) return stopped();
    failure_ = {FeedReason::no_answer, ""};
    if (!in_time) return fleet::Error{head + "it did not answer in time."};
    failure_ = {};
    if (!done.error) return std::nullopt;
    Explained explained = dialer_.explain(beast::get_lowest_layer(socket_), done.error);
    if (explained.what.empty()) explained = {reason(done.error), failure_of(done.error)};
    failure_ = std::move(explained.failure);
    return fleet::Error{head + explained.what};
  }

  /// The peer closed before it said anything.
  bool hung_up(Error error) const {
    return !opened_ &&
           (error == asio::error::eof || error == asio::error::connection_reset ||
            error == asio::error::broken_pipe || error == asio::ssl::error::stream_truncated ||
            error == beast::http::error::end_of_stream);
  }

  WsFailure failure_of(Error error) const {
    if (hung_up(error)) return {FeedReason::hung_up, ""};
    if (error == beast::error::timeout) return {FeedReason::no_answer, ""};
    if (error == websocket::error::closed) {
      const auto& why = socket_.reason();
      std::string fact = "WebSocket " + std::to_string(why.code);
      if (!why.reason.empty()) fact += ": " + std::string(why.reason.data(), why.reason.size());
      return {FeedReason::cut, fact};
    }
    if (error == asio::error::eof || error == asio::error::connection_reset)
      return {FeedReason::cut, ""};
    return {opened_ ? FeedReason::cut : FeedReason::unreachable, error.message()};
  }

  std::string reason(Error error) const {
    if (hung_up(error))
      return "it hung up without an answer. It may be full, or " +
             std::string(config_.url.secure ? "speak no TLS, and want ws://."
                                            : "speak TLS, and want wss://.");
    if (error == websocket::error::closed) {
      const auto& why = socket_.reason();
      std::string text = "The gateway closed the connection (code " + std::to_string(why.code);
      if (!why.reason.empty()) text += ", " + std::string(why.reason.data(), why.reason.size());
      return text + ").";
    }
    if (error == beast::error::timeout) return "The gateway fell silent.";
    if (error == asio::error::eof || error == asio::error::connection_reset)
      return "The gateway went away without closing the connection.";
    return error.message() + ".";
  }

  WsClientConfig config_;
  Done read_;  // before io_, whose handlers refer to it
  asio::io_context io_{1};
  Dialer dialer_;
  websocket::stream<typename Dialer::Stream, false> socket_;
  beast::flat_buffer buffer_;
  websocket::response_type response_;
  WsFailure failure_;
  bool opened_ = false, reading_ = false;
  bool woken_ = false;
  std::atomic<bool> interrupted_{false}, wanted_{false};
};

}  // namespace net::sockets
