// The WebSocket connections of the gateway: viewers and senders. See beast_shared.hpp.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/gateway/beast_shared.hpp"
#include "net/gateway/feed_session.hpp"

namespace net::sockets {

/// One viewer. Everything it is told is decided by its FeedSession.
template <class Stream>
class FeedConnection final : public Connection,
                             public std::enable_shared_from_this<FeedConnection<Stream>> {
 public:
  FeedConnection(Hub& hub, Stream stream, Place place)
      : hub_(hub),
        place_(std::move(place)),
        peer_(name_of(stream)),
        socket_(std::move(stream)),
        buffer_(kMaxClientMessageBytes),
        session_(hub.engine->publisher(), hub.engine->hello(read_clocks())),
        opened_(Clock::now()) {
    set_up(socket_, hub.timeouts(), kMaxClientMessageBytes);
    socket_.binary(true);
    hub_.viewers.insert(this);
    hub_.counters.viewers = hub_.viewers.size();
  }
  ~FeedConnection() override {
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
    socket_.async_accept(request, [self = this->shared_from_this()](Error error) {
      if (error) return self->over("handshake failed: " + error.message() + ".");
      self->open_ = true;
      self->pump();
      self->read();
    });
  }

  void pump() override {
    if (!open_ || writing_ || closing_) return;
    std::shared_ptr<const std::string> message = session_.next();
    if (!message) return;
    writing_ = true;
    write_begin_ = Clock::now();
    const auto bytes = asio::buffer(*message);
    socket_.async_write(bytes,
                        [self = this->shared_from_this(), message](Error error, std::size_t) {
                          self->on_write(error, message->size());
                        });
  }

  /// Who does not read, or never subscribes, goes.
  void check(Clock::time_point now) override {
    if (closing_) return;
    const SocketTimeouts& limits = hub_.timeouts();
    if (writing_ && now - write_begin_ > limits.write) {
      ++hub_.counters.slow_closed;
      over("it did not read for " +
           std::to_string(std::chrono::ceil<std::chrono::seconds>(limits.write).count()) + " s.");
    } else if (!session_.subscribed() && now - opened_ > limits.subscribe) {
      over("it did not subscribe.");
    }
  }

  void shut_down() override {
    session_.shut_down();
    pump();
  }

 private:
  void read() {
    socket_.async_read(buffer_, [self = this->shared_from_this()](Error error, std::size_t) {
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
    socket_.async_close(code, [self = this->shared_from_this()](Error) {});
  }
  static std::string reason(Error error) {
    return error == websocket::error::closed ? "it closed the connection." : error.message() + ".";
  }
  /// After an error nothing is under way any more: what waits for the peer ends with the socket.
  void over(std::string why) {
    if (why_.empty()) why_ = std::move(why);
    closing_ = true;
    beast::get_lowest_layer(socket_).close();
  }

  Hub& hub_;
  Place place_;
  std::string peer_;
  WebSocket<Stream> socket_;
  beast::flat_buffer buffer_;
  FeedSession session_;
  Clock::time_point opened_, write_begin_{};
  bool open_ = false, writing_ = false, closing_ = false;
  std::uint64_t sent_messages_ = 0, sent_bytes_ = 0, counted_catch_ups_ = 0;
  std::string why_;
};

/// One sender of ingest messages; answers in the order of the messages.
template <class Stream>
class IngestConnection final : public Connection,
                               public std::enable_shared_from_this<IngestConnection<Stream>> {
 public:
  IngestConnection(Hub& hub, Stream stream, Place place)
      : hub_(hub),
        place_(std::move(place)),
        peer_(name_of(stream)),
        socket_(std::move(stream)),
        buffer_(kMaxIngestBytes) {
    set_up(socket_, hub.timeouts(), kMaxIngestBytes);
    socket_.text(true);
    hub_.ingests.insert(this);
    hub_.counters.ingest_sockets = hub_.ingests.size();
  }
  ~IngestConnection() override {
    hub_.ingests.erase(this);
    hub_.counters.ingest_sockets = hub_.ingests.size();
    hub_.log(hub_.disconnects, LogLevel::info,
             "Sender " + peer_ + " gone after " + std::to_string(messages_) + " messages: " + why_);
  }
  IngestConnection(const IngestConnection&) = delete;
  IngestConnection& operator=(const IngestConnection&) = delete;

  void accept(const Request& request) {
    socket_.async_accept(request, [self = this->shared_from_this()](Error error) {
      if (error) return self->over("handshake failed: " + error.message() + ".");
      self->hub_.log(self->hub_.connects, LogLevel::info, "Sender " + self->peer_ + " connected.");
      self->open_ = true;
      self->read();
    });
  }
  void shut_down() override {
    stopping_ = true;
    pump();
  }
  void check(Clock::time_point now) override {
    if (closing_ || !writing_ || now - write_begin_ <= hub_.timeouts().write) return;
    over("it did not read its answers.");
  }

 private:
  void read() {
    if (reading_ || closing_ || stopping_ || answers_.size() >= kMaxUnanswered) return;
    reading_ = true;
    socket_.async_read(buffer_, [self = this->shared_from_this()](Error error, std::size_t) {
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
                        [self = this->shared_from_this(), number](IngestAnswer answer) {
                          self->answers_[number - self->first_answer_] = std::move(answer.body);
                          self->pump();
                        });
    read();
  }
  void pump() override {
    if (!open_ || writing_ || closing_) return;
    if (answers_.empty() || !answers_.front()) {
      if (stopping_ && answers_.empty()) close();
      return;
    }
    writing_ = true;
    write_begin_ = Clock::now();
    socket_.async_write(asio::buffer(*answers_.front()),
                        [self = this->shared_from_this()](Error error, std::size_t) {
                          self->writing_ = false;
                          if (error) return self->over(error.message() + ".");
                          self->answers_.pop_front();
                          ++self->first_answer_;
                          self->pump();
                          self->read();
                        });
  }
  void close() {
    why_ = "the gateway goes down.";
    closing_ = true;
    socket_.async_close(websocket::close_code::going_away,
                        [self = this->shared_from_this()](Error) {});
  }
  void over(std::string why) {
    if (why_.empty()) why_ = std::move(why);
    closing_ = true;
    beast::get_lowest_layer(socket_).close();
  }

  Hub& hub_;
  Place place_;
  std::string peer_;
  WebSocket<Stream> socket_;
  beast::flat_buffer buffer_;
  std::deque<std::optional<std::string>> answers_;
  std::uint64_t first_answer_ = 0, messages_ = 0;
  bool open_ = false, reading_ = false, writing_ = false, closing_ = false, stopping_ = false;
  Clock::time_point write_begin_{};
  std::string why_;
};

}  // namespace net::sockets
