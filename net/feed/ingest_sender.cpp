#include "net/feed/ingest_sender.hpp"

#include <algorithm>
#include <charconv>

namespace net {

namespace {

constexpr std::size_t kWindow = 16;
constexpr std::chrono::seconds kLongestAnswer{60};

/// "retry later, nothing was accepted": the store is not to be written, or there is too much.
bool is_passing(const std::string& answer) {
  return answer.starts_with("{\"status\":503,") || answer.starts_with("{\"status\":429,");
}

}  // namespace

fleet::Result<void> IngestSender::connect() {
  socket_ = options_.make();
  auto connected = socket_->connect();
  refusal_ = connected ? HttpRefusal{} : socket_->refusal();
  if (!connected) socket_.reset();
  return connected;
}

fleet::Result<void> IngestSender::connect_again() {
  if (auto connected = connect(); !connected) {
    // Waiting gives nobody a right.
    refused_ = refusal_.status == 401 || refusal_.status == 403;
    return connected;
  }
  under_way_ = 0;
  std::erase_if(unanswered_, [](const Message& message) { return message.roster; });
  unanswered_.insert(unanswered_.begin(), roster_.begin(), roster_.end());
  return pump();
}

fleet::Result<void> IngestSender::drive(const Step& step) {
  for (;;) {
    auto done = socket_ ? fleet::Result<void>() : connect_again();
    if (done) done = step();
    if (done && lost_) options_.tell("The gateway is back.");
    if (done) {
      lost_ = false;
      wait_ = kFirstPause;
      return done;
    }
    socket_.reset();
    if (!options_.patient || refused_) return done;
    if (!lost_) options_.tell(done.error().what + " Trying again until the gateway takes it.");
    lost_ = true;
    options_.pause(wait_);
    wait_ = std::min<std::chrono::milliseconds>(wait_ * 2, kLongestPause);
  }
}

fleet::Result<void> IngestSender::send(Message message) {
  sent_ += message.count;
  if (options_.patient && message.roster) roster_.push_back(message);
  unanswered_.push_back(std::move(message));
  return drive([this] { return pump(); });
}

fleet::Result<void> IngestSender::pump() {
  while (under_way_ < unanswered_.size()) {
    if (under_way_ >= kWindow) {
      if (auto taken = take_answer(); !taken) return taken;
      continue;
    }
    if (auto put = socket_->send(unanswered_[under_way_].lines, false); !put) return put;
    ++under_way_;
  }
  return {};
}

fleet::Result<void> IngestSender::rest_until(std::chrono::system_clock::time_point then) {
  using std::chrono::system_clock;
  return drive([this, then]() -> fleet::Result<void> {
    for (auto now = system_clock::now(); now < then; now = system_clock::now()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(then - now);
      auto answer = socket_->receive(left);
      if (!answer) return answer.error();
      if (!answer.value()) continue;
      if (auto counted = count(*answer.value()); !counted) return counted;
    }
    return {};
  });
}

fleet::Result<void> IngestSender::finish() {
  auto done = drive([this]() -> fleet::Result<void> {
    while (under_way_ > 0)
      if (auto taken = take_answer(); !taken) return taken;
    return {};
  });
  if (socket_) socket_->close();
  return done;
}

fleet::Result<void> IngestSender::take_answer() {
  auto answer = socket_->receive(kLongestAnswer);
  if (!answer) return answer.error();
  if (!answer.value()) return fleet::Error{"The gateway did not answer for a minute."};
  return count(*answer.value());
}

fleet::Result<void> IngestSender::count(const std::string& answer) {
  constexpr std::string_view kAccepted = "{\"accepted\":";
  std::uint64_t accepted = 0;
  const bool good =
      answer.starts_with(kAccepted) && under_way_ > 0 &&
      std::from_chars(answer.data() + kAccepted.size(), answer.data() + answer.size(), accepted)
              .ec == std::errc();
  if (!good) {
    refused_ = !is_passing(answer);
    return fleet::Error{"The gateway refused a message: " + answer};
  }
  accepted_ += accepted;
  --under_way_;
  unanswered_.pop_front();
  return {};
}

}  // namespace net
