// The WebSocket connections of the gateway: viewers and senders. See beast_shared.hpp.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/gateway/beast_shared.hpp"
#include "net/gateway/feed_session.hpp"

namespace net::sockets {

/// A WebSocket, its one write under way, and how it ends: of viewers and senders alike.
template <class Stream>
struct Line {
  Line(Stream stream, Peer whose, const SocketTimeouts& limits, std::size_t most_bytes)
      : peer(std::move(whose)), socket(std::move(stream)), buffer(most_bytes) {
    set_up(socket, limits, most_bytes);
  }

  bool may_write() const { return open && !writing && !closing; }
  /// done(error), with `keep` held until then.
  template <class Keep, class Done>
  void write(const std::string& message, Keep keep, Done done) {
    writing = true;
    write_begin = Clock::now();
    socket.async_write(asio::buffer(message),
                       [this, keep = std::move(keep), done](Error error, std::size_t) {
                         writing = false;
                         done(error);
                       });
  }
  /// The peer has not taken the message under way in time.
  bool stuck(Clock::time_point now, std::chrono::milliseconds limit) const {
    return writing && now - write_begin > limit;
  }
  /// Says goodbye; nothing is read or written any more.
  template <class Keep>
  void close(websocket::close_code code, Keep keep) {
    closing = true;
    socket.async_close(code, [keep = std::move(keep)](Error) {});
  }
  /// After an error nothing is under way any more: what waits for the peer ends with the socket.
  void over(std::string reason) {
    if (why.empty()) why = std::move(reason);
    closing = true;
    beast::get_lowest_layer(socket).close();
  }
  /// As `over`, for a peer that takes nothing: what was written to it goes, too.
  void cut_off(std::string reason) {
    if (why.empty()) why = std::move(reason);
    closing = true;
    cut(beast::get_lowest_layer(socket));
  }
  static std::string reason(Error error) {
    return error == websocket::error::closed ? "it closed the connection." : error.message() + ".";
  }

  /// Whether the peer's token still is what it was. Cheap as long as no tokens changed.
  bool still_allowed(const Hub& hub, Right right) {
    if (access_version == hub.access_version) return true;
    if (!hub.still_allows(peer.token, right)) return false;
    access_version = hub.access_version;
    return true;
  }

  Peer peer;
  std::uint64_t access_version = 0;  ///< of the hub, when the peer was judged last
  WebSocket<Stream> socket;
  beast::flat_buffer buffer;
  Clock::time_point write_begin{};
  bool open = false, writing = false, closing = false;
  std::string why;
};

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
    line_.socket.binary(true);
    bound_sending(beast::get_lowest_layer(line_.socket));
    hub_.viewers.insert(this);
    hub_.counters.viewers = hub_.viewers.size();
  }
  ~FeedConnection() override {
    hub_.viewers.erase(this);
    hub_.counters.viewers = hub_.viewers.size();
    hub_.log(hub_.disconnects, LogLevel::info,
             "Viewer " + line_.peer.text() +
                 " gone: " + (line_.why.empty() ? session_.why() : line_.why) + " It was sent " +
                 std::to_string(sent_messages_) + " messages, " + std::to_string(sent_bytes_) +
                 " bytes, " + std::to_string(session_.catch_ups()) + " catch-ups.");
  }
  FeedConnection(const FeedConnection&) = delete;
  FeedConnection& operator=(const FeedConnection&) = delete;

  void accept(const Request& request) {
    line_.socket.async_accept(request, [self = this->shared_from_this()](Error error) {
      if (error) return self->line_.over("handshake failed: " + error.message() + ".");
      self->line_.open = true;
      self->pump();
      self->read();
    });
  }

  void pump() override {
    if (!line_.may_write()) return;
    const std::shared_ptr<const std::string> message = session_.next();
    if (!message) return;
    line_.write(*message, this->shared_from_this(),
                [this, message](Error error) { on_write(error, message->size()); });
  }

  /// Who does not read, reads too slowly, or never subscribes, goes.
  void check(Clock::time_point now) override {
    if (line_.closing) return;
    const SocketTimeouts& limits = hub_.timeouts();
    if (line_.stuck(now, limits.write)) {
      ++hub_.counters.slow_closed;
      line_.cut_off("it did not read for " +
                    std::to_string(std::chrono::ceil<std::chrono::seconds>(limits.write).count()) +
                    " s.");
    } else if (!line_.still_allowed(hub_, Right::watch)) {
      session_.fail(FeedError::Code::unauthorised, "This token was taken back.");
      pump();
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
  void read() {
    line_.socket.async_read(line_.buffer,
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
  std::uint64_t sent_messages_ = 0, sent_bytes_ = 0, counted_catch_ups_ = 0;
};

/// One sender of ingest messages; answers in the order of the messages.
template <class Stream>
class IngestConnection final : public Connection,
                               public std::enable_shared_from_this<IngestConnection<Stream>> {
 public:
  IngestConnection(Hub& hub, Stream stream, Place place, Peer peer)
      : hub_(hub),
        place_(std::move(place)),
        line_(std::move(stream), std::move(peer), hub.timeouts(), kMaxIngestBytes),
        share_(hub) {
    line_.access_version = hub.access_version;
    line_.socket.text(true);
    hub_.ingests.insert(this);
    hub_.counters.ingest_sockets = hub_.ingests.size();
  }
  ~IngestConnection() override {
    hub_.ingests.erase(this);
    hub_.counters.answer_bytes -= answer_bytes_;
    hub_.counters.ingest_sockets = hub_.ingests.size();
    hub_.log(hub_.disconnects, LogLevel::info,
             "Sender " + line_.peer.text() + " gone after " + std::to_string(messages_) +
                 " messages: " + line_.why);
  }
  IngestConnection(const IngestConnection&) = delete;
  IngestConnection& operator=(const IngestConnection&) = delete;

  void accept(const Request& request) {
    line_.socket.async_accept(request, [self = this->shared_from_this()](Error error) {
      if (error) return self->line_.over("handshake failed: " + error.message() + ".");
      self->hub_.log(self->hub_.connects, LogLevel::info,
                     "Sender " + self->line_.peer.text() + " connected.");
      self->line_.open = true;
      self->read();
    });
  }
  void shut_down() override {
    stopping_ = true;
    pump();
  }
  void check(Clock::time_point now) override {
    if (line_.closing || !line_.open) return;
    if (line_.stuck(now, hub_.timeouts().write))
      return line_.cut_off("it did not read its answers.");
    if (begun_ && now - *begun_ > hub_.timeouts().body)
      return line_.over("a message of its was not whole in time.");
    if (!line_.still_allowed(hub_, Right::send)) {
      line_.why = "its token was taken back.";
      line_.close(websocket::close_code::policy_error, this->shared_from_this());
    }
  }

 private:
  void read() {
    if (reading_ || line_.closing || stopping_ || answers_.size() >= kMaxUnanswered ||
        answer_bytes_ > kMaxSocketAnswerBytes)
      return;
    reading_ = true;
    read_part();
  }
  void read_part() {
    line_.socket.async_read_some(
        line_.buffer, 0,
        [self = this->shared_from_this()](Error error, std::size_t) { self->on_part(error); });
  }
  void on_part(Error error) {
    if (error) {
      reading_ = false;
      return line_.over(line_.reason(error));
    }
    if (!begun_) begun_ = Clock::now();
    if (!share_.hold(line_.buffer.size())) {
      line_.why = "too much is being received at once.";
      return line_.close(websocket::close_code::try_again_later, this->shared_from_this());
    }
    if (!line_.socket.is_message_done()) return read_part();
    reading_ = false;
    begun_.reset();
    on_read();
  }
  void on_read() {
    ++messages_;
    std::string body(static_cast<const char*>(line_.buffer.data().data()), line_.buffer.size());
    line_.buffer.consume(line_.buffer.size());
    if (line_.buffer.capacity() > kKeptReadBuffer) line_.buffer.shrink_to_fit();
    const std::uint64_t number = first_answer_ + answers_.size();
    answers_.emplace_back();
    const std::size_t waiting =
        hub_.engine->ingest(std::move(body), read_clocks(),
                            [self = this->shared_from_this(), number](IngestAnswer answer) {
                              Answer& mine = self->answers_[number - self->first_answer_];
                              self->hold_answer(answer.body.size(), mine.held);
                              mine.held = answer.body.size();
                              mine.body = std::move(answer.body);
                              self->pump();
                            });
    // One that waits for its commit counts from now on: many of them come with one commit.
    if (waiting > 0) {
      hold_answer(waiting, 0);
      answers_.back().held = waiting;
    }
    share_.release();
    read();
  }
  void pump() override {
    if (!line_.may_write()) return;
    if (answers_.empty() || !answers_.front().body) {
      if (stopping_ && answers_.empty()) close();
      return;
    }
    line_.write(*answers_.front().body, this->shared_from_this(), [this](Error error) {
      if (error) return line_.over(line_.reason(error));
      hold_answer(0, answers_.front().held);
      answers_.pop_front();
      ++first_answer_;
      pump();
      read();
    });
  }
  void hold_answer(std::size_t more, std::size_t less) {
    answer_bytes_ += more - less;
    hub_.counters.answer_bytes += more - less;
  }
  void close() {
    line_.why = "the gateway goes down.";
    line_.close(websocket::close_code::going_away, this->shared_from_this());
  }

  Hub& hub_;
  Place place_;
  Line<Stream> line_;
  ReadShare share_;
  struct Answer {
    std::optional<std::string> body;  ///< nothing: it waits for its commit
    std::size_t held = 0;             ///< bytes it counts for
  };
  std::deque<Answer> answers_;
  std::size_t answer_bytes_ = 0;            ///< of those not yet written
  std::optional<Clock::time_point> begun_;  ///< when the message being received began
  std::uint64_t first_answer_ = 0, messages_ = 0;
  bool reading_ = false, stopping_ = false;
};

}  // namespace net::sockets
