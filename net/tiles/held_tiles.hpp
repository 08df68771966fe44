// Tiles that a server is not asked for again for a while, in memory: it has none, or answers badly.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "fleet/tile.hpp"
#include "fleet/time.hpp"

namespace net {

/// A wall of 8K shows some 600 tiles of 256 px; the rest is where it was just before.
inline constexpr std::size_t kHeldTilesMax = 4096;

struct TileIdHash {
  std::size_t operator()(const fleet::TileId& tile) const {
    return (std::size_t{tile.x} * 0x9E3779B97F4A7C15u) ^ (std::size_t{tile.y} << 20) ^
           static_cast<std::size_t>(tile.zoom);
  }
};

/// Any thread.
class HeldTiles {
 public:
  /// Why the tile is held at `now`, empty: there is none; nothing: it is not held.
  std::optional<std::string> why(fleet::TileId tile, fleet::Time now);
  /// A full memory first forgets what is over, and if nothing is, everything.
  void hold(fleet::TileId tile, fleet::Time now, std::chrono::seconds how_long, std::string why);

 private:
  struct Held {
    fleet::Time from, until;
    std::string why;
    /// A clock that was set back ends it.
    bool at(fleet::Time now) const { return from <= now && now < until; }
  };
  std::mutex mutex_;
  std::unordered_map<fleet::TileId, Held, TileIdHash> held_;
};

}  // namespace net
