#include "viewer/feed_news.hpp"

namespace viewer {

std::optional<std::string> FeedNews::take(const std::string& address,
                                          const net::FeedHealth& health) {
  using State = net::FeedHealth::State;
  if (address != address_) *this = {};
  address_ = address;
  const bool trouble = health.state == State::lost || health.state == State::refused;
  if (trouble && (health.state != told_ || health.detail != told_why_)) {
    told_ = health.state;
    told_why_ = health.detail;
    // What is recorded cannot be read: nothing was lost on the way.
    const bool damaged = health.reason == net::FeedReason::none && health.bad_frames > 0;
    return address + ": " +
           (damaged                          ? "damaged. "
            : health.state == State::refused ? "refused. "
                                             : "not connected. ") +
           health.detail;
  }
  if (health.state == State::receiving && told_ != State::receiving) {
    told_ = State::receiving;
    told_why_.clear();
    return address + ": connected.";
  }
  if (health.state == State::receiving && health.trouble != told_trouble_) {
    told_trouble_ = health.trouble;
    return address + (told_trouble_.empty() ? ": the gateway records again."
                                            : ": the gateway does not record. " + told_trouble_);
  }
  return std::nullopt;
}

}  // namespace viewer
