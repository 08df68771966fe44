// How long a server's answer holds, by its Cache-Control and Age.
#pragma once

#include <chrono>
#include <string_view>

namespace net {

/// Where the server says nothing: a week, as tile servers ask of their guests.
inline constexpr std::chrono::seconds kFreshUnsaid = std::chrono::hours(24 * 7);
/// Where it says more: a map that nobody asks about for longer is never mended.
inline constexpr std::chrono::seconds kFreshMax = std::chrono::hours(24 * 30);

struct CacheRules {
  std::chrono::seconds fresh = kFreshUnsaid;  ///< 0: ask each time
  bool keep = true;                           ///< on disk at all (no-store: not)
};

/// cache_control and age as the headers' values; empty: not sent. What is not understood is
/// skipped.
CacheRules cache_rules(std::string_view cache_control, std::string_view age);

/// A whole number of seconds from 0 on, at most kFreshMax; -1: it is none.
std::chrono::seconds parse_seconds(std::string_view text);

}  // namespace net
