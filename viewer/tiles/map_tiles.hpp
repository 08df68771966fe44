// MapTiles: brings the tiles that a loader reads onto the map. Main thread, GL context current.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "net/tiles/tile_source.hpp"
#include "render/map_renderer.hpp"
#include "viewer/tiles/tile_loader.hpp"

namespace viewer {

/// Uploads in a frame: 2 ms of it for usual tiles.
inline constexpr int kTileUploadsAtOnce = 8;
/// Redraws of the base map while tiles come, at most one in this time.
inline constexpr std::chrono::milliseconds kTileRedrawEvery{250};

/// What a tile set's own words mean for the map.
render::TileMap tile_map(const net::TileSet& set, fleet::Datum datum, render::TileLook look);

class MapTiles {
 public:
  using Steady = TileLoader::Steady;

  /// `loader` must outlive it. What an earlier map had of it is asked for again.
  explicit MapTiles(TileLoader& loader) : loader_(loader) {}

  /// Takes in what came and asks for what lacks. True: the map is to be drawn anew.
  bool update(render::MapRenderer& map, Steady now);
  /// Every tile of the last picture is there, or is known not to be; and it shows them.
  bool settled(const render::MapRenderer& map) const;
  /// Sleeps until there is something to take in, nothing is under way, or the time is over.
  void wait(std::chrono::milliseconds most) { loader_.wait(most); }

  /// Answers since the start: tiles that the set does not have, and that could not be read.
  std::uint64_t absent() const { return loader_.counts().absent; }
  std::uint64_t failed() const { return loader_.counts().failed; }
  /// Of the view: tiles that could not be read (yet).
  std::size_t failing() const { return loader_.failing(); }
  /// False: whoever has the tiles did not answer when last asked.
  bool reachable() const { return loader_.source().reachable(); }
  /// Why the first tile failed, once; else empty.
  std::string take_trouble() { return std::exchange(trouble_, {}); }

 private:
  TileLoader& loader_;
  std::uint64_t wanted_version_ = 0;
  bool unseen_ = false;  // tiles came that no picture shows yet
  Steady shown_at_{};
  std::string trouble_;
};

}  // namespace viewer
