// A set of tiles in one MBTiles file: an SQLite database with the table or view `tiles`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "net/tiles/tile_source.hpp"

namespace net {

/// What looking into a file may cost, in steps of SQLite's machine, some 50 million a second: a
/// file may be made to be slow. Ten million tiles without an index cost 100 million for one of
/// them, and three times that for what metadata do not say.
struct MbtilesBounds {
  std::int64_t open_steps = 1'000'000'000;
  std::int64_t tile_steps = 300'000'000;
};

/// Read-only; each thread that loads has a connection of its own while it does. What metadata does
/// not say (zooms, bounds) is measured from the tiles, which reads a file without an index once.
/// Error: "PATH: ...".
fleet::Result<std::unique_ptr<TileSource>> open_mbtiles(const std::filesystem::path& path,
                                                        const MbtilesBounds& bounds = {});

}  // namespace net
