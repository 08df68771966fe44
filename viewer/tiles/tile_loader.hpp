// TileLoader: reads and decodes the tiles a view wants, on threads of its own.
//
// How it works: the main thread says what is wanted, all of it, whenever that changes; what is no
// longer wanted is forgotten, and the newest wish is served first. Workers sleep while there is
// nothing to do, or while so many pictures wait to be taken that more would only fill memory.
// A tile that failed is tried again after a while that doubles; one that the set does not have is
// not, as long as it stays in view.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "net/tiles/tile_source.hpp"
#include "render/image.hpp"
#include "render/tiles/tile_shelf.hpp"

namespace viewer {

struct LoadedTile {
  enum class Outcome : std::uint8_t {
    picture,
    absent,  ///< the set has none
    failed,  ///< `error` says why
  };
  fleet::TileId tile;
  Outcome outcome = Outcome::picture;
  render::Image picture;
  std::string error;
};

/// Reading waits for disks and servers, decoding for a core: two keep a small machine busy.
inline constexpr int kTileThreads = 2;
/// Decoded pictures that wait to be taken: 4 MiB for usual tiles, 64 MiB at the very most.
inline constexpr std::size_t kTilesReadyMax = 16;
/// Tiles of one wish that are remembered; a view wants fewer.
inline constexpr std::size_t kTilesWantedMax = 4096;
/// A tile that failed is tried again after this, doubled each time.
inline constexpr std::chrono::seconds kTileRetryFirst{5}, kTileRetryMost{300};

/// All members on the main thread.
class TileLoader {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  /// `source` must outlive it.
  explicit TileLoader(net::TileSource& source, int threads = kTileThreads);
  /// Waits for the tiles that are being read.
  ~TileLoader();
  TileLoader(const TileLoader&) = delete;
  TileLoader& operator=(const TileLoader&) = delete;

  /// What is wanted from now on, in this order, in place of all wishes before.
  void want(std::span<const fleet::TileId> tiles, Steady now);
  /// Whether a tile that failed may be tried again: call want then, unchanged wishes included.
  bool retry_due(Steady now) const;
  /// The next that is there; nothing when none is.
  std::optional<LoadedTile> take(Steady now);
  /// Nothing is wanted, being read, or ready; tiles that wait to be tried again aside.
  bool idle() const;
  /// Sleeps until something is ready, all is done, or the time is over.
  void wait(std::chrono::milliseconds most);
  /// Of what is wanted now: tiles that failed and were not read since.
  std::size_t failing() const { return failed_.size(); }

 private:
  struct Failure {
    int times = 0;
    Steady again;
  };
  using Tiles = std::unordered_set<fleet::TileId, render::TileHash>;

  void work();
  LoadedTile load(fleet::TileId tile);

  net::TileSource& source_;
  // Main thread only.
  Tiles absent_;
  std::unordered_map<fleet::TileId, Failure, render::TileHash> failed_;

  mutable std::mutex mutex_;
  std::condition_variable work_, news_;
  // Under the mutex.
  std::deque<fleet::TileId> queue_;
  Tiles wanted_, reading_;
  std::deque<LoadedTile> ready_;
  bool stop_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace viewer
