#include "net/tiles/host_health.hpp"

#include <algorithm>
#include <utility>

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

bool HostHealth::succeeded(fleet::TileId tile) {
  const std::lock_guard lock(mutex_);
  refused_.erase(tile);
  refusals_ = 0;
  down_ = trying_ = false;
  rest_ = kHostRestMin;
  return std::exchange(gone_, false);
}

bool HostHealth::failed(fleet::Time now) {
  const std::lock_guard lock(mutex_);
  rest(now, std::chrono::seconds(0));
  return !std::exchange(gone_, true);
}

bool HostHealth::refused(fleet::TileId tile, fleet::Time now, std::chrono::seconds asked_for) {
  const std::lock_guard lock(mutex_);
  rest(now, asked_for);
  if (refused_.size() >= kHeldTilesMax) refused_.clear();
  refusals_ += refused_.insert(tile).second;
  return refusals_ >= 2 && !std::exchange(gone_, true);
}

bool HostHealth::gone() const {
  const std::lock_guard lock(mutex_);
  return gone_;
}

void HostHealth::rest(fleet::Time now, std::chrono::seconds asked_for) {
  // Of several requests under way when the server went, one counts.
  if (!down_ || trying_) {
    const std::chrono::seconds least{0};
    rests_until_ = now + std::max(rest_, std::clamp(asked_for, least, kHostRestAskedMax));
    rest_ = std::min(rest_ * 2, kHostRestMax);
  }
  down_ = true;
  trying_ = false;
}

}  // namespace net
