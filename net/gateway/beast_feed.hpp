// The WebSocket connection of a viewer. See beast_shared.hpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "net/gateway/beast_line.hpp"
#include "net/gateway/feed_session.hpp"

namespace net::sockets {

/// One viewer. Everything it is told is decided by its FeedSession.
template <class Stream>
class FeedConnection final : public Connection,
                             public std::enable_shared_from_this<FeedConnection<Stream>> {
 public:
  FeedConnection(Hub& hub, Stream stream, Place place, Peer peer)
      : hub_(hub),
        place_(std::move(place)),
        line_(std::move(stream), std::move(peer), hub.timeouts(), kMaxClientMessageBytes),
        session_(hub.engine->publisher(), hub.engine->hello(read_clocks(), line_.peer.token.role)),
        opened_(Clock::now()) {
    line_.access_version = hub.access_version;
    line_.socket->binary(true);
    bound_sending(beast::get_lowest_layer(*line_.socket));
    hub_.viewers.insert(this);
    hub_.counters.viewers = hub_.viewers.size();
  }
  ~FeedConnection() override {
    hub_.viewers.erase(this);
    hub_.counters.viewers = hub_.viewers.size();
    hub_.log_safely(hub_.disconnects, LogLevel::info, [this] {
      return "Viewer " + line_.peer.text() +
             " gone: " + (line_.why.empty() ? session_.why() : line_.why) + " It was sent " +
             std::to_string(sent_messages_) + " messages, " + std::to_string(sent_bytes_) +
             " bytes, " + std::to_string(session_.catch_ups()) + " catch-ups.";
    });
  }
  FeedConnection(const FeedConnection&) = delete;
  FeedConnection& operator=(const FeedConnection&) = delete;

  void accept(const Request& request) {
    line_.socket->async_accept(request, [self = this->shared_from_this()](Error error) {
      if (error) return self->line_.over("handshake failed: " + error.message() + ".");
      self->line_.open = true;
      self->pump();
      self->read();
    });
  }

  void pump() override {
    if (!line_.may_write()) return;
    const std::shared_ptr<const std::string> message = session_.next();
    if (!message) return go_on_later();
    line_.write(*message, this->shared_from_this(),
                [this, message](Error error) { on_write(error, message->size()); });
  }

  /// Who does not read, reads too slowly, or never subscribes, goes.
  void check(Clock::time_point now) override {
    const SocketTimeouts& limits = hub_.timeouts();
    if (line_.closing) return line_.check_goodbye(now, limits, this->shared_from_this());
    if (line_.stuck(now, limits.write)) {
      ++hub_.counters.slow_closed;
      line_.cut_off("it did not read for " +
                    std::to_string(std::chrono::ceil<std::chrono::seconds>(limits.write).count()) +
                    " s.");
    } else if (!line_.still_allowed(hub_, Right::watch)) {
      lose_token();
    } else if (session_.check(now); session_.error() == FeedError::Code::too_slow) {
      pump();
    } else if (!session_.subscribed() && now - opened_ > limits.subscribe) {
      line_.over("it did not subscribe.");
    }
  }

  void shut_down() override {
    session_.shut_down();
    pump();
  }

 private:
  /// Ticks and other connections come first.
  void go_on_later() {
    if (!session_.busy() || std::exchange(goes_on_, true)) return;
    asio::post(line_.socket->get_executor(), [self = this->shared_from_this()] {
      self->goes_on_ = false;
      self->line_.or_over([&] { self->pump(); });
    });
  }
  void read() {
    line_.socket->async_read(line_.buffer,
                             [self = this->shared_from_this()](Error error, std::size_t) {
                               if (error) return self->line_.over(self->line_.reason(error));
                               self->on_read();
                             });
  }
  void on_read() {
    const bool before = session_.subscribed();
    session_.receive(
        {static_cast<const std::byte*>(line_.buffer.data().data()), line_.buffer.size()});
    line_.buffer.consume(line_.buffer.size());
    if (!before && session_.subscribed()) {
      ++hub_.counters.feed_sessions;
      hub_.log(hub_.connects, LogLevel::info,
               "Viewer " + line_.peer.text() + " (" + session_.client() + ") connected, " +
                   session_.start() + "; " + std::to_string(hub_.viewers.size()) + " viewers.");
    }
    pump();
    // Beast may wait for ever when a goodbye and a read that answers pings wait for each other.
    if (!session_.failed()) read();
  }
  void on_write(Error error, std::size_t bytes) {
    if (error) return line_.over(line_.reason(error));
    ++sent_messages_;
    sent_bytes_ += bytes;
    ++hub_.counters.sent_messages;
    hub_.counters.sent_bytes += bytes;
    if (session_.catch_ups() != counted_catch_ups_) {
      counted_catch_ups_ = session_.catch_ups();
      ++hub_.counters.catch_ups;
    }
    if (!session_.over()) return pump();
    if (session_.error() == FeedError::Code::too_slow) ++hub_.counters.too_slow_closed;
    line_.why = session_.why();
    line_.close(hub_.stopping ? websocket::close_code::going_away : close_code(session_.error()),
                this->shared_from_this());
  }
  /// Taken back, or its entry in the configuration changed: with the new role one connects anew.
  void lose_token() {
    if (const auto role = hub_.tokens.role_now(line_.peer.token))
      session_.fail(FeedError::Code::token_changed,
                    "The role of this token is now '" + std::string(role_name(*role)) + "'.");
    else
      session_.fail(FeedError::Code::unauthorised, "This token was taken back.");
    pump();
  }
  /// As net/README.md lists them.
  static websocket::close_code close_code(std::optional<FeedError::Code> error) {
    if (error == FeedError::Code::too_slow) return websocket::close_code::try_again_later;
    if (error == FeedError::Code::shutting_down) return websocket::close_code::going_away;
    return websocket::close_code::policy_error;
  }

  Hub& hub_;
  Place place_;
  Line<Stream> line_;
  FeedSession session_;
  Clock::time_point opened_;
  bool goes_on_ = false;  ///< `pump` is to be called again
  std::uint64_t sent_messages_ = 0, sent_bytes_ = 0, counted_catch_ups_ = 0;
};

}  // namespace net::sockets
