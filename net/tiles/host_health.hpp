// Whether a server is asked at all: one that does not answer is left alone, longer each time.
#pragma once

#include <mutex>
#include <optional>

#include "fleet/time.hpp"

namespace net {

/// A wall finds its server again within a minute of its coming back.
inline constexpr std::chrono::seconds kHostRestMin{1};
inline constexpr std::chrono::seconds kHostRestMax{60};
/// Of what a server asks for itself (Retry-After).
inline constexpr std::chrono::seconds kHostRestAskedMax{600};

/// Any thread. After a failure the server rests 1, 2, 4 ... 60 s; then one request alone may try.
class HostHealth {
 public:
  /// True: ask, and then say how it went, once.
  bool may_ask(fleet::Time now);
  /// True: it had failed before.
  bool succeeded();
  /// True: it had not failed before. asked_for: how long the server itself wants to be left alone.
  bool failed(fleet::Time now, std::optional<std::chrono::seconds> asked_for = {});

 private:
  std::mutex mutex_;
  bool down_ = false;
  bool trying_ = false;  // the one request after a rest is under way
  std::chrono::seconds rest_ = kHostRestMin;
  fleet::Time rests_until_ = fleet::kNever;
};

}  // namespace net
