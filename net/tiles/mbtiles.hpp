// A set of tiles in one MBTiles file: an SQLite database with the table or view `tiles`.
#pragma once

#include <filesystem>
#include <memory>

#include "net/tiles/tile_source.hpp"

namespace net {

/// Read-only; each thread that loads has a connection of its own while it does. What metadata does
/// not say (zooms, bounds) is measured from the tiles, which reads a file without an index once.
/// Error: "PATH: ...".
fleet::Result<std::unique_ptr<TileSource>> open_mbtiles(const std::filesystem::path& path);

}  // namespace net
