#include "net/tiles/host_health.hpp"

#include <algorithm>

namespace net {

bool HostHealth::may_ask(fleet::Time now) {
  const std::lock_guard lock(mutex_);
  if (!down_) return true;
  // A clock that was set back must not make the rest longer than any can be.
  const bool resting = now < rests_until_ && rests_until_ - now <= kHostRestAskedMax;
  if (resting || trying_) return false;
  trying_ = true;
  return true;
}

bool HostHealth::succeeded() {
  const std::lock_guard lock(mutex_);
  const bool was_down = down_;
  down_ = trying_ = false;
  rest_ = kHostRestMin;
  return was_down;
}

bool HostHealth::failed(fleet::Time now, std::optional<std::chrono::seconds> asked_for) {
  const std::lock_guard lock(mutex_);
  const bool first = !down_;
  // Of several requests under way when the server went, one counts.
  if (first || trying_) {
    const std::chrono::seconds least{0};
    rests_until_ =
        now + std::max(rest_, std::clamp(asked_for.value_or(least), least, kHostRestAskedMax));
    rest_ = std::min(rest_ * 2, kHostRestMax);
  }
  down_ = true;
  trying_ = false;
  return first;
}

}  // namespace net
