// Whether a server is asked at all: one that does not answer is left alone, longer each time.
#pragma once

#include <mutex>
#include <unordered_set>

#include "fleet/tile.hpp"
#include "fleet/time.hpp"
#include "net/tiles/held_tiles.hpp"

namespace net {

/// A wall finds its server again within a minute of its coming back.
inline constexpr std::chrono::seconds kHostRestMin{1};
inline constexpr std::chrono::seconds kHostRestMax{60};
/// Of what a server asks for itself (Retry-After).
inline constexpr std::chrono::seconds kHostRestAskedMax{600};

/// Any thread. After a failure the server rests 1, 2, 4 ... 60 s; then one request alone may try.
/// A server is gone when it does not answer, or answers two tiles one after another that it cannot:
/// one may be what it always fails at. What it failed at before tells nothing new.
class HostHealth {
 public:
  /// True: ask, and then say how it went, once.
  bool may_ask(fleet::Time now);
  /// It answered, and well but perhaps for `tile` alone. True: it had been gone.
  bool succeeded(fleet::TileId tile);
  /// It did not answer. True: it had not been gone before.
  bool failed(fleet::Time now);
  /// It answered that it cannot. asked_for: how long it wants to be left alone. True: it is gone,
  /// and had not been.
  bool refused(fleet::TileId tile, fleet::Time now, std::chrono::seconds asked_for);
  bool gone() const;

 private:
  void rest(fleet::Time now, std::chrono::seconds asked_for);

  mutable std::mutex mutex_;
  bool down_ = false;
  bool gone_ = false;
  int refusals_ = 0;  // one after another, each of a tile that it had not refused before
  std::unordered_set<fleet::TileId, TileIdHash> refused_;
  bool trying_ = false;  // the one request after a rest is under way
  std::chrono::seconds rest_ = kHostRestMin;
  fleet::Time rests_until_ = fleet::kNever;
};

}  // namespace net
