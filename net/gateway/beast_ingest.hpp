// The WebSocket connection of a sender of samples. See beast_shared.hpp.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/gateway/beast_line.hpp"

namespace net::sockets {

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
    line_.socket->text(true);
    hub_.ingests.insert(this);
    hub_.counters.ingest_sockets = hub_.ingests.size();
  }
  ~IngestConnection() override {
    hub_.ingests.erase(this);
    hub_.counters.answer_bytes -= made_bytes_;
    hub_.counters.ingest_sockets = hub_.ingests.size();
    hub_.log_safely(hub_.disconnects, LogLevel::info, [this] {
      return "Sender " + line_.peer.text() + " gone after " + std::to_string(messages_) +
             " messages: " + line_.why;
    });
  }
  IngestConnection(const IngestConnection&) = delete;
  IngestConnection& operator=(const IngestConnection&) = delete;

  void accept(const Request& request) {
    line_.socket->async_accept(request, [self = this->shared_from_this()](Error error) {
      if (error) return self->line_.over("handshake failed: " + error.message() + ".");
      self->hub_.log(self->hub_.connects, LogLevel::info,
                     "Sender " + self->line_.peer.text() + " connected.");
      self->line_.open = true;
      self->pump();  // the goodbye, if the gateway went down meanwhile
      self->read();
    });
  }
  void shut_down() override {
    stopping_ = true;
    pump();
  }
  void check(Clock::time_point now) override {
    if (line_.closing) return line_.check_goodbye(now, hub_.timeouts(), this->shared_from_this());
    if (!line_.open) return;
    if (line_.stuck(now, hub_.timeouts().write))
      return line_.cut_off("it did not read its answers.");
    if (begun_ && now - *begun_ > hub_.timeouts().body)
      return line_.over("a message of its was not whole in time.");
    if (!line_.still_allowed(hub_, Right::send)) {
      line_.why = hub_.tokens.role_now(line_.peer.token) ? "the role of its token was changed."
                                                         : "its token was taken back.";
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
    line_.socket->async_read_some(line_.buffer, 0,
                                  [self = this->shared_from_this()](Error error, std::size_t) {
                                    self->line_.or_over([&] { self->on_part(error); });
                                  });
  }
  void on_part(Error error) {
    if (error) {
      reading_ = false;
      return line_.over(line_.reason(error));
    }
    // The goodbye waited for this read, and reads what still comes. None of it is taken.
    if (line_.closing) return share_.release();
    if (!begun_) begun_ = Clock::now();
    if (!share_.hold(line_.buffer.size())) {
      line_.why = "too much is being received at once.";
      return line_.close(websocket::close_code::try_again_later, this->shared_from_this());
    }
    if (!line_.socket->is_message_done()) return read_part();
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
    const auto owed =
        std::make_shared<OwedAnswer<IngestConnection>>(this->shared_from_this(), number);
    const std::size_t waiting =
        hub_.engine->ingest(std::move(body), read_clocks(),
                            [owed](IngestAnswer answer) { owed->give(std::move(answer)); });
    // One that waits for its commit counts here from now on: many of them come with one commit. For
    // the gateway it is the engine that counts it until then.
    if (waiting > 0) {
      answer_bytes_ += waiting;
      answers_.back().held = waiting;
    }
    share_.release();
    read();
  }
  friend class OwedAnswer<IngestConnection>;
  void take_answer(std::uint64_t number, IngestAnswer answer) {
    Answer& mine = answers_[number - first_answer_];
    const std::size_t bytes = answer.body.size();
    answer_bytes_ += bytes - mine.held;
    made_bytes_ += bytes;
    hub_.counters.answer_bytes += bytes;
    mine.held = bytes;
    mine.body = std::move(answer.body);
    pump();
  }
  void lose_answer() { line_.over("out of memory."); }
  void pump() override {
    if (!line_.may_write()) return;
    if (answers_.empty() || !answers_.front().body) {
      if (stopping_ && answers_.empty()) close();
      return;
    }
    line_.write(*answers_.front().body, this->shared_from_this(), [this](Error error) {
      if (error) return line_.over(line_.reason(error));
      const std::size_t bytes = answers_.front().held;
      answer_bytes_ -= bytes;
      made_bytes_ -= bytes;
      hub_.counters.answer_bytes -= bytes;
      answers_.pop_front();
      ++first_answer_;
      pump();
      read();
    });
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
  std::size_t made_bytes_ = 0;              ///< of these, what no longer waits for its commit
  std::optional<Clock::time_point> begun_;  ///< when the message being received began
  std::uint64_t first_answer_ = 0, messages_ = 0;
  bool reading_ = false, stopping_ = false;
};

}  // namespace net::sockets
