#include "tests/load/senders.hpp"

#include <algorithm>
#include <cstdlib>

namespace load {

Sender::Sender(std::uint16_t port, FleetText text, std::uint32_t window)
    : socket_(port, "/ingest"),
      text_(std::move(text)),
      window_(window),
      round_lines_(text_.machines()) {}

void Sender::push(std::uint64_t most_lines) {
  while (socket_.is_open() && in_flight_.size() < window_ && counters_.lines < most_lines) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    // A machine never says the same time twice, however fast the rounds are.
    if (messages_of_round_ == 0) last_ms_ = std::max<std::int64_t>(last_ms_ + 1, now);
    last_ms_ = std::max<std::int64_t>(last_ms_, now);
    const FleetText::Message message = text_.next(last_ms_);
    if (++messages_of_round_ == text_.messages_a_round()) messages_of_round_ = 0;
    in_flight_.push_back(Clock::now());
    ++counters_.messages;
    counters_.lines += message.lines;
    socket_.send(*message.text, false);
  }
}

void Sender::read() {
  socket_.read([this](std::string_view answer) { take_answer(answer); });
}

void Sender::take_answer(std::string_view answer) {
  if (in_flight_.empty()) return;
  counters_.ack_ms.push_back(
      std::chrono::duration<float, std::milli>(Clock::now() - in_flight_.front()).count());
  in_flight_.pop_front();
  constexpr std::string_view kAccepted = "{\"accepted\":";
  if (answer.rfind(kAccepted, 0) != 0) {
    ++counters_.refused;
    counters_.last_problem = answer.substr(0, 200);
    return;
  }
  counters_.accepted += std::strtoull(answer.data() + kAccepted.size(), nullptr, 10);
  if (answer.find("\"rejected\":[{") == std::string_view::npos) return;
  ++counters_.rejected_messages;
  counters_.last_problem = answer.substr(0, 200);
}

}  // namespace load
