#include "net/tiles/held_tiles.hpp"

#include <utility>

namespace net {

std::optional<std::string> HeldTiles::why(fleet::TileId tile, fleet::Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(tile);
  if (found == held_.end()) return std::nullopt;
  if (found->second.at(now)) return found->second.why;
  held_.erase(found);
  return std::nullopt;
}

void HeldTiles::hold(fleet::TileId tile, fleet::Time now, std::chrono::seconds how_long,
                     std::string why) {
  const std::lock_guard lock(mutex_);
  if (held_.size() >= kHeldTilesMax)
    std::erase_if(held_, [&](const auto& entry) { return !entry.second.at(now); });
  if (held_.size() >= kHeldTilesMax) held_.clear();
  held_[tile] = {now, now + how_long, std::move(why)};
}

}  // namespace net
