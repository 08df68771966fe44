// TileSource: where the pictures of a tiled base map come from: a file, a folder, a server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fleet/mercator.hpp"
#include "fleet/result.hpp"
#include "fleet/tile.hpp"
#include "net/log.hpp"

namespace net {

/// What a tile set says of itself, or was told of it.
struct TileSet {
  std::string name;
  std::string attribution;  ///< plain text, to be shown beside the map; may be empty
  int tile_px = 0;          ///< side of its pictures; 0: it does not say
  int zoom_min = 0;
  int zoom_max = fleet::kTileZoomMax;  ///< deeper views show these, larger
  fleet::LonLat south_west{-180, -fleet::kMaxLatitudeDeg};
  fleet::LonLat north_east{180, fleet::kMaxLatitudeDeg};
};

class TileSource {
 public:
  virtual ~TileSource() = default;
  virtual const TileSet& about() const = 0;
  /// The tile's picture file (PNG, JPEG or WebP) as it is stored; empty where the set has none.
  /// May take long; may be called from several threads at once. Error: a sentence that names the
  /// tile and what is wrong with it. An error is of this tile alone: others may still load.
  virtual fleet::Result<std::vector<std::byte>> load(fleet::TileId tile) = 0;
  /// False while a server does not answer, so that tiles come from its cache, however old, or not
  /// at all. From any thread.
  virtual bool reachable() const { return true; }
  /// Ends loads under way within a second or so, and all later ones at once, with an error: for a
  /// program that ends. From any thread. What reads small parts of files just goes on.
  virtual void stop() {}
};

struct TileSourceOptions {
  /// FILE.mbtiles, FILE.pmtiles, a folder of Z/X/Y.png (.jpg, .webp), or a template
  /// http(s)://HOST/.../{z}/{x}/{y}.png ({-y} counts from the south).
  std::string from;
  std::string cache_dir;  ///< of a server's tiles; empty: keep none on disk
  std::uint64_t cache_bytes_max = 512ull << 20;
  LogSink log;  ///< of a server and its cache: goes, comes back; from any thread, may be empty
};

/// Error: a sentence that names `from`, what was expected and what was found.
fleet::Result<std::unique_ptr<TileSource>> open_tile_source(const TileSourceOptions& options);

}  // namespace net
