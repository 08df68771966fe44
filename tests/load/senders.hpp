// A sender of ingest messages under load: some in flight, the rest waits for acknowledgements.
#pragma once

#include <chrono>
#include <deque>
#include <vector>

#include "tests/load/fleet_text.hpp"
#include "tests/load/web_socket.hpp"

namespace load {

class Sender {
 public:
  using Clock = std::chrono::steady_clock;

  Sender(std::uint16_t port, FleetText text, std::uint32_t window);

  WebSocket& socket() { return socket_; }
  /// Sends as long as fewer than `window` messages are unanswered and fewer than `most_lines` lines
  /// were sent.
  void push(std::uint64_t most_lines);
  void read();
  bool answered() const { return in_flight_.empty(); }
  /// Every machine's first line, so that all are known.
  std::uint64_t lines_of_a_round() const { return round_lines_; }

  struct Counters {
    std::uint64_t messages = 0, lines = 0, accepted = 0, rejected_messages = 0, refused = 0;
    std::vector<float> ack_ms;
    std::string last_problem;
  };
  const Counters& counters() const { return counters_; }
  /// Forgets the times taken so far.
  void start_measuring() { counters_.ack_ms.clear(); }

 private:
  void take_answer(std::string_view answer);

  WebSocket socket_;
  FleetText text_;
  const std::uint32_t window_;
  std::uint64_t round_lines_;
  std::deque<Clock::time_point> in_flight_;
  std::int64_t last_ms_ = 0;
  std::uint32_t messages_of_round_ = 0;
  Counters counters_;
};

}  // namespace load
