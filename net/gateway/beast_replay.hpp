// The WebSocket connection of a viewer in the past. See beast_shared.hpp.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "net/gateway/beast_line.hpp"
#include "net/replay/replay_session.hpp"

namespace net::sockets {

/// One viewer of what is recorded. Everything it is told is decided by its ReplaySession, whose
/// threads read the disk: here nothing waits for it.
template <class Stream>
class ReplayConnection final : public Connection,
                               public std::enable_shared_from_this<ReplayConnection<Stream>> {
 public:
  ReplayConnection(Hub& hub, Stream stream, Place place, Peer peer)
      : hub_(hub),
        place_(std::move(place)),
        line_(std::move(stream), std::move(peer), hub.timeouts(), kMaxClientMessageBytes),
        opened_(Clock::now()) {
    line_.access_version = hub.access_version;
    line_.socket->binary(true);
    bound_sending(beast::get_lowest_layer(*line_.socket));
    hub_.replays.insert(this);
    hub_.counters.replays = hub_.replays.size();
  }
  ~ReplayConnection() override {
    hub_.replays.erase(this);
    hub_.counters.replays = hub_.replays.size();
    hub_.log_safely(hub_.disconnects, LogLevel::info, [this] {
      return "Viewer " + line_.peer.text() +
             " of the past gone: " + (line_.why.empty() && session_ ? session_->why() : line_.why) +
             " It was sent " + std::to_string(sent_bytes_) + " bytes for " +
             std::to_string(session_ ? session_->seeks() : 0) + " jumps.";
    });
    if (!session_) return;
    session_->leave();
    try {
      hub_.left_replays.push_back(std::move(session_));
    } catch (const std::bad_alloc&) {  // then its end is waited for here
    }
  }
  ReplayConnection(const ReplayConnection&) = delete;
  ReplayConnection& operator=(const ReplayConnection&) = delete;

  void accept(const Request& request) {
    session_ = std::make_unique<ReplaySession>(
        hub_.engine->config().data, hub_.engine->hello(read_clocks(), line_.peer.token.role),
        [executor = line_.socket->get_executor(), weak = this->weak_from_this()] {
          asio::post(executor, [weak] {
            if (auto self = weak.lock()) self->line_.or_over([&] { self->pump(); });
          });
        });
    line_.socket->async_accept(request, [self = this->shared_from_this()](Error error) {
      if (error) return self->line_.over("handshake failed: " + error.message() + ".");
      self->line_.open = true;
      self->pump();
      self->read();
    });
  }

  void pump() override {
    if (!line_.may_write()) return;
    const std::shared_ptr<const std::string> message = session_->next();
    if (!message) return;
    line_.write(*message, this->shared_from_this(),
                [this, message](Error error) { on_write(error, message->size()); });
  }

  /// Who does not read, or never subscribes, goes.
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
    } else if (!session_->subscribed() && now - opened_ > limits.subscribe) {
      line_.over("it did not subscribe.");
    } else {
      session_->look_again();
    }
  }

  void shut_down() override {
    session_->fail(FeedError::Code::shutting_down, "The gateway is being shut down.");
    pump();
  }

  void leave() override { session_->leave(); }

 private:
  void read() {
    line_.socket->async_read(line_.buffer,
                             [self = this->shared_from_this()](Error error, std::size_t) {
                               self->line_.or_over([&] { self->on_read(error); });
                             });
  }
  void on_read(Error error) {
    if (error) return line_.over(line_.reason(error));
    const bool before = session_->subscribed();
    session_->receive(
        {static_cast<const std::byte*>(line_.buffer.data().data()), line_.buffer.size()});
    line_.buffer.consume(line_.buffer.size());
    if (!before && session_->subscribed()) {
      ++hub_.counters.replay_sessions;
      hub_.log(hub_.connects, LogLevel::info,
               "Viewer " + line_.peer.text() + " (" + session_->client() +
                   ") goes into the past; " + std::to_string(hub_.replays.size()) + " are there.");
    }
    pump();
    if (!session_->failed()) read();
  }
  void on_write(Error error, std::size_t bytes) {
    if (error) return line_.over(line_.reason(error));
    sent_bytes_ += bytes;
    hub_.counters.replay_bytes += bytes;
    if (!session_->over()) return pump();
    line_.why = session_->why();
    line_.close(session_->error() == FeedError::Code::shutting_down
                    ? websocket::close_code::going_away
                    : websocket::close_code::policy_error,
                this->shared_from_this());
  }
  void lose_token() {
    if (const auto role = hub_.tokens.role_now(line_.peer.token))
      session_->fail(FeedError::Code::token_changed,
                     "The role of this token is now '" + std::string(role_name(*role)) + "'.");
    else
      session_->fail(FeedError::Code::unauthorised, "This token was taken back.");
    pump();
  }

  Hub& hub_;
  Place place_;
  Line<Stream> line_;
  std::unique_ptr<ReplaySession> session_;
  Clock::time_point opened_;
  std::uint64_t sent_bytes_ = 0;
};

}  // namespace net::sockets
