// FeedNews: what standard error is told of a connection. Every trouble once, and its end.
#pragma once

#include <optional>
#include <string>

#include "net/feed/feed.hpp"

namespace viewer {

class FeedNews {
 public:
  /// A sentence when the connection came, or went, or fails for another reason than at the call
  /// before, or when the gateway's own trouble began, changed or ended; else nothing. A first
  /// connection that simply works is no news.
  std::optional<std::string> take(const std::string& address, const net::FeedHealth& health);

 private:
  std::string address_;
  net::FeedHealth::State told_ = net::FeedHealth::State::receiving;
  std::string told_why_, told_trouble_;
};

}  // namespace viewer
