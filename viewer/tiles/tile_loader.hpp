// TileLoader: reads and decodes the tiles a view wants, on threads of its own.
//
// How it works: the main thread says what is wanted, all of it, whenever that changes or
// something is due; what is no longer wanted is forgotten, and the newest wish is served first.
// Workers sleep while there is nothing to do, or while so many pictures wait to be taken that more
// would only fill memory. Each tile that was answered has a time at which it is asked for again: a
// wall that stands still for weeks gets what its source has now. A picture whose file is the same
// is neither decoded nor handed over again.
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
    same,    ///< asked for again: the picture that was handed over holds on
    absent,  ///< the set has none
    failed,  ///< `error` says why
  };
  fleet::TileId tile;
  Outcome outcome = Outcome::picture;
  render::Image picture;
  std::string error;
  std::size_t file_hash = 0;  ///< of a picture's file
  bool stale = false;         ///< the source could not be asked whether it has a newer one
};

/// Reading waits for disks and servers, decoding for a core: two keep a small machine busy.
inline constexpr int kTileThreads = 2;
/// Decoded pictures that wait to be taken: 4 MiB for usual tiles, 64 MiB at the very most.
inline constexpr std::size_t kTilesReadyMax = 16;
/// Tiles of one wish that are remembered; a view wants fewer.
inline constexpr std::size_t kTilesWantedMax = 4096;
/// Pictures out of view whose times are remembered as well, with those in view: a tour's.
inline constexpr std::size_t kTilesKnownMax = 2 * kTilesWantedMax;
/// A tile that failed is tried again after this, doubled each time. The longest is what a server
/// that came back may be noticed late by.
inline constexpr std::chrono::seconds kTileRetryFirst{5}, kTileRetryMost{60};
/// A picture, and a place where the set has none, are asked for again after this. Cheap where
/// nothing changed: files are read, and a server's tiles that its answer keeps fresh come from the
/// cache.
inline constexpr std::chrono::hours kTileAskAgain{1};

/// All members on the main thread.
class TileLoader {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  /// Answers since the start.
  struct Counts {
    std::uint64_t absent = 0, failed = 0;
  };

  /// `source` must outlive it.
  explicit TileLoader(net::TileSource& source, int threads = kTileThreads);
  /// Stops the source, for good, so that nothing waits for a server that hangs.
  ~TileLoader();
  TileLoader(const TileLoader&) = delete;
  TileLoader& operator=(const TileLoader&) = delete;

  net::TileSource& source() { return source_; }

  /// What is wanted from now on, in this order, in place of all wishes before; then those of
  /// `shown`, which the map has pictures of, that are due.
  void want(std::span<const fleet::TileId> tiles, std::span<const fleet::TileId> shown, Steady now);
  /// Whether a tile is to be asked for again: call want then, unchanged wishes included. Costs
  /// nothing, and is false from then on until the next one is due.
  bool due(Steady now) const { return now >= next_due_; }
  /// The next that is there; nothing when none is.
  std::optional<LoadedTile> take(Steady now);
  /// Nothing is wanted, being read, or ready; tiles that wait to be asked for again aside.
  bool idle() const;
  /// Sleeps until something is ready, all is done, or the time is over.
  void wait(std::chrono::milliseconds most);
  /// Of what is wanted now: tiles that failed and were not read since.
  std::size_t failing() const { return failing_; }
  Counts counts() const { return counts_; }

 private:
  /// What the last answer for a tile was, and when it is asked for again.
  struct Answer {
    LoadedTile::Outcome outcome = LoadedTile::Outcome::picture;
    int failures = 0;  // one after another
    std::size_t file_hash = 0;
    Steady due;
  };
  struct Wish {
    fleet::TileId tile;
    std::optional<std::size_t> shown_hash;  // the map has a picture of this file
  };
  using Tiles = std::unordered_set<fleet::TileId, render::TileHash>;

  std::vector<Wish> wishes(std::span<const fleet::TileId> tiles,
                           std::span<const fleet::TileId> shown, Steady now);
  void forget(const Tiles& wanted, const Tiles& in_view);
  void note(const LoadedTile& taken, Steady now);
  void work();
  LoadedTile load(const Wish& wish);

  net::TileSource& source_;
  // Main thread only.
  std::unordered_map<fleet::TileId, Answer, render::TileHash> answers_;
  Steady next_due_ = Steady::max();
  std::size_t failing_ = 0;
  Counts counts_;

  mutable std::mutex mutex_;
  std::condition_variable work_, news_;
  // Under the mutex.
  std::deque<Wish> queue_;
  Tiles in_view_, reading_;
  std::deque<LoadedTile> ready_;
  bool stop_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace viewer
