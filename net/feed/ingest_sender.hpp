// IngestSender: sends lines to a gateway over one WebSocket connection and sums the answers.
//
// A few messages are under way unanswered, which keeps the gateway's group commits filled. A
// patient sender outlives its gateway: it connects again, with growing pauses, tells the roster
// again and sends again what had no answer; what had come through is a duplicate there. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/feed/ws_client.hpp"

namespace net {

class IngestSender {
 public:
  struct Message {
    std::string lines;
    std::uint64_t count = 0;  ///< of these
    bool roster = false;      ///< told again to every new connection
  };
  struct Options {
    std::function<std::unique_ptr<WsTransport>()> make;  ///< a connection, not yet connected
    bool patient = false;
    // Both only of a patient sender.
    std::function<void(std::chrono::milliseconds)> pause;  ///< waits
    std::function<void(const std::string&)> tell;          ///< the gateway is lost, or back
  };
  static constexpr std::chrono::seconds kFirstPause{1}, kLongestPause{30};

  explicit IngestSender(Options options) : options_(std::move(options)) {}

  /// Error: also of a patient sender, since a wrong address would be tried for ever.
  fleet::Result<void> connect();
  /// Returns when the message is under way. Error of a patient sender: the gateway refuses the
  /// message itself, or the sender's token.
  fleet::Result<void> send(Message message);
  /// Until then answers are taken, and pings answered.
  fleet::Result<void> rest_until(std::chrono::system_clock::time_point then);
  /// Waits for all answers, and says goodbye.
  fleet::Result<void> finish();

  /// What the last `connect` was answered.
  HttpRefusal refusal() const { return refusal_; }
  std::uint64_t sent() const { return sent_; }          ///< lines, once however often they went
  std::uint64_t accepted() const { return accepted_; }  ///< of these, by the gateway's answers

 private:
  using Step = std::function<fleet::Result<void>()>;
  fleet::Result<void> drive(const Step& step);
  fleet::Result<void> connect_again();
  fleet::Result<void> pump();
  fleet::Result<void> take_answer();
  fleet::Result<void> count(const std::string& answer);

  Options options_;
  std::unique_ptr<WsTransport> socket_;
  HttpRefusal refusal_;
  std::vector<Message> roster_;
  std::deque<Message> unanswered_;  ///< the first `under_way_` of them were sent
  std::size_t under_way_ = 0;
  bool lost_ = false, refused_ = false;
  std::chrono::milliseconds wait_ = kFirstPause;
  std::uint64_t sent_ = 0, accepted_ = 0;
};

}  // namespace net
