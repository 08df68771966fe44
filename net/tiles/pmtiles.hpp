// A set of tiles in one PMTiles archive (version 3).
#pragma once

#include <filesystem>
#include <memory>

#include "net/tiles/tile_source.hpp"

namespace net {

/// Memory for leaf directories that were read: those of a view of one zoom are one or two, each of
/// some 4,000 entries of 24 bytes.
inline constexpr std::size_t kPmtilesCacheBytes = 32u << 20;

/// Reads with pread, keeps root and leaf directories, the least recently used leaves go. Lookups
/// are done under a lock, reading and unpacking are not. Error: "PATH: ...".
fleet::Result<std::unique_ptr<TileSource>> open_pmtiles(const std::filesystem::path& path);

}  // namespace net
