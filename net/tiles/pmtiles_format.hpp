// The bytes of a PMTiles archive, version 3: header, directories, numbers of tiles.
// Source: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
//
// An archive is five parts: header (127 bytes), root directory, JSON metadata, leaf directories,
// tile data. A directory lists entries by tile number, which counts the tiles of all zooms along
// Hilbert curves; an entry is a run of equal tiles, or leads to a leaf directory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fleet/result.hpp"
#include "fleet/tile.hpp"
#include "net/tiles/set_words.hpp"

namespace net::pmtiles {

inline constexpr std::size_t kHeaderBytes = 127;
/// Largest directory, unpacked. Writers aim at leaves of some 4,000 entries; this one has room for
/// a million, which take 32 MiB in memory.
inline constexpr std::size_t kDirectoryBytesMax = 4u << 20;
/// Directories from the root to a tile, both ends included. Writers make two; a circle ends here.
inline constexpr int kDirectoryDepthMax = 4;

enum class Packing : std::uint8_t { unknown = 0, none = 1, gzip = 2, brotli = 3, zstd = 4 };
enum class TileType : std::uint8_t { unknown = 0, mvt = 1, png = 2, jpeg = 3, webp = 4, avif = 5 };

/// Within the file.
struct Part {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct Header {
  Part root, metadata, leaves, tiles;
  Packing directory_packing = Packing::none;  ///< of directories and metadata
  Packing tile_packing = Packing::none;
  TileType type = TileType::unknown;
  int zoom_min = 0;
  int zoom_max = 0;  ///< at most kTileZoomMax: what is deeper is not asked for
  Bounds bounds;
};

/// bytes: the first kHeaderBytes of a file of file_bytes. Everything named lies within the file,
/// the set is one of pictures, its packing known. Error: a sentence without the file's name.
fleet::Result<Header> decode_header(std::span<const std::byte> bytes, std::uint64_t file_bytes);

struct Entry {
  std::uint64_t tile = 0;    ///< first tile number
  std::uint64_t offset = 0;  ///< within the tile data, or within the leaves
  std::uint32_t length = 0;  ///< bytes, at least 1
  std::uint32_t run = 0;     ///< tiles from `tile` on that look like this; 0: a leaf directory
  bool operator==(const Entry&) const = default;
};

/// bytes: a directory, unpacked. Entries ascend by tile, and no run reaches into the next one.
/// Error: a sentence without the file's name.
fleet::Result<std::vector<Entry>> decode_directory(std::span<const std::byte> bytes);

/// The entry that holds the tile, or the leaf that may; nothing: the set has no such tile.
std::optional<Entry> find(std::span<const Entry> directory, std::uint64_t tile);

/// Tiles of all zooms before it, and along the Hilbert curve of its own.
std::uint64_t tile_number(fleet::TileId tile);

}  // namespace net::pmtiles
