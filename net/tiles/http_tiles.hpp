// Tiles of a server, by a template of addresses, with a cache on disk.
//
// A tile is looked for in the cache first. One that is fresh by the server's own word is taken as
// it is; else the server is asked, with the ETag of what is held. What the server does not answer,
// or answers badly, is taken from the cache however old it is. A server that does not answer is
// left alone (HostHealth); meanwhile every tile is answered at once, from the cache or with an
// error.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "fleet/time.hpp"
#include "net/log.hpp"
#include "net/tiles/http_client.hpp"
#include "net/tiles/tile_source.hpp"
#include "net/tiles/url_template.hpp"

namespace net {

/// "No such tile" (204, 404, 410) without a word about how long: the map may grow.
inline constexpr std::chrono::hours kEmptyFresh{24};
/// Longest that an empty tile is held without looking into the cache, and an answer that is no tile
/// without asking again.
inline constexpr std::chrono::seconds kTileHeld{60};

struct HttpTileOptions {
  UrlTemplate address;
  std::filesystem::path cache_dir;  ///< empty: none
  std::uint64_t cache_bytes_max = 0;
  HttpBounds bounds;
  std::function<fleet::Time()> clock;  ///< UTC, from any thread
  LogSink log;                         ///< one line when the server goes, comes back, or the disk
};

/// Asks nobody yet: a server that is down may come back. Error: the cache's folder.
fleet::Result<std::unique_ptr<TileSource>> open_http_tiles(HttpTileOptions options);

}  // namespace net
