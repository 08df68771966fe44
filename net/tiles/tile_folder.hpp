// A set of tiles in a folder: Z/X/Y.png (.jpg, .jpeg, .webp), rows from the north.
#pragma once

#include <filesystem>
#include <memory>

#include "net/tiles/tile_source.hpp"

namespace net {

/// Zooms are the folders that are there. A metadata.json beside them, as tools that unpack sets
/// write it, gives name, attribution and bounds. Error: "PATH: ...".
fleet::Result<std::unique_ptr<TileSource>> open_tile_folder(const std::filesystem::path& path);

}  // namespace net
