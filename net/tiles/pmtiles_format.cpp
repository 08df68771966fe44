#include "net/tiles/pmtiles_format.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace net::pmtiles {
namespace {

constexpr std::string_view kMagic = "PMTiles";
constexpr std::uint8_t kVersion = 3;
constexpr std::size_t kVersionAt = 7, kPartsAt = 8, kDirectoryPackingAt = 97, kTilePackingAt = 98,
                      kTypeAt = 99, kZoomMinAt = 100, kZoomMaxAt = 101, kBoundsAt = 102;
/// Tiles of zooms 0 to 31, the last whose numbers fit into 64 bits: (4^32 - 1) / 3.
constexpr std::uint64_t kTileNumberEnd = std::numeric_limits<std::uint64_t>::max() / 3;

std::uint8_t byte_at(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

std::uint64_t little_endian(std::span<const std::byte> bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{byte_at(bytes, at + i)} << (8 * i);
  return value;
}

fleet::Result<Part> part(std::span<const std::byte> bytes, std::size_t which, const char* name,
                         std::uint64_t file_bytes) {
  const std::size_t at = kPartsAt + which * 16;
  const Part part{little_endian(bytes, at, 8), little_endian(bytes, at + 8, 8)};
  if (part.length > file_bytes || part.offset > file_bytes - part.length)
    return fleet::Error{std::string("the ") + name + " are said to be " +
                        std::to_string(part.length) + " bytes at " + std::to_string(part.offset) +
                        ", but the file ends at " + std::to_string(file_bytes)};
  return part;
}

double degrees_at(std::span<const std::byte> bytes, std::size_t at) {
  return static_cast<double>(static_cast<std::int32_t>(little_endian(bytes, at, 4))) / 1e7;
}

const char* packing_name(Packing packing) {
  switch (packing) {
    case Packing::brotli:
      return "brotli";
    case Packing::zstd:
      return "zstd";
    default:
      return "an unknown method";
  }
}

fleet::Result<void> check_kind(const Header& header) {
  for (const auto& [packing, what] : {std::pair{header.directory_packing, "directories"},
                                      std::pair{header.tile_packing, "tiles"}}) {
    if (packing != Packing::none && packing != Packing::gzip)
      return fleet::Error{std::string("its ") + what + " are packed with " + packing_name(packing) +
                          "; expected gzip or none"};
  }
  switch (header.type) {
    case TileType::png:
    case TileType::jpeg:
    case TileType::webp:
    case TileType::unknown:  // each tile is looked at anyway
      return {};
    case TileType::mvt:
      return fleet::Error{"this is a set of vector tiles; expected pictures (PNG, JPEG, WebP)"};
    default:
      return fleet::Error{"its tiles are of a kind that is not known (" +
                          std::to_string(static_cast<int>(header.type)) +
                          "); expected PNG, JPEG or WebP"};
  }
}

/// Reads varints off the front.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> rest) : rest_(rest) {}

  std::size_t left() const { return rest_.size(); }
  /// False: it is cut off, or more than 64 bits.
  bool next(std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(rest_.front());
      rest_ = rest_.subspan(1);
      if (shift == 63 && byte > 1) return false;
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

 private:
  std::span<const std::byte> rest_;
};

/// Columns stand one after the other: tile numbers as differences, runs, lengths, offsets.
bool read_columns(Cursor& in, std::vector<Entry>& entries) {
  constexpr std::uint64_t kWord = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t value = 0, tile = 0;
  for (Entry& entry : entries) {
    if (!in.next(value) || value > kTileNumberEnd - tile) return false;
    entry.tile = tile += value;
  }
  for (Entry& entry : entries) {
    if (!in.next(value) || value > kWord) return false;
    entry.run = static_cast<std::uint32_t>(value);
  }
  for (Entry& entry : entries) {
    if (!in.next(value) || value > kWord || value == 0) return false;
    entry.length = static_cast<std::uint32_t>(value);
  }
  std::uint64_t behind = 0;  // the entry before; 0 stands for "there it goes on"
  for (Entry& entry : entries) {
    if (!in.next(value) || (value == 0 && &entry == &entries.front())) return false;
    entry.offset = value == 0 ? behind : value - 1;
    if (entry.offset > std::numeric_limits<std::uint64_t>::max() - entry.length) return false;
    behind = entry.offset + entry.length;
  }
  return true;
}

}  // namespace

fleet::Result<Header> decode_header(std::span<const std::byte> bytes, std::uint64_t file_bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kMagic))
    return fleet::Error{"this is no PMTiles archive; expected \"PMTiles\" at its beginning"};
  if (bytes.size() <= kVersionAt || byte_at(bytes, kVersionAt) != kVersion)
    return fleet::Error{"this is PMTiles of another version; expected version 3"};
  if (bytes.size() < kHeaderBytes)
    return fleet::Error{"the header has " + std::to_string(bytes.size()) + " bytes; expected " +
                        std::to_string(kHeaderBytes)};
  Header header;
  Part* const parts[] = {&header.root, &header.metadata, &header.leaves, &header.tiles};
  const char* const names[] = {"root directory's entries", "metadata", "leaf directories", "tiles"};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    auto found = part(bytes, i, names[i], file_bytes);
    if (!found) return found.error();
    *parts[i] = *found;
  }
  header.directory_packing = static_cast<Packing>(byte_at(bytes, kDirectoryPackingAt));
  header.tile_packing = static_cast<Packing>(byte_at(bytes, kTilePackingAt));
  header.type = static_cast<TileType>(byte_at(bytes, kTypeAt));
  if (auto kind = check_kind(header); !kind) return kind.error();
  const int zoom_min = byte_at(bytes, kZoomMinAt), zoom_max = byte_at(bytes, kZoomMaxAt);
  if (zoom_min > zoom_max || zoom_min > fleet::kTileZoomMax)
    return fleet::Error{"its zooms are said to be " + std::to_string(zoom_min) + " to " +
                        std::to_string(zoom_max) + "; expected 0 to at most " +
                        std::to_string(fleet::kTileZoomMax)};
  header.zoom_min = zoom_min;
  header.zoom_max = std::min(zoom_max, fleet::kTileZoomMax);
  const TileSet world;
  header.bounds =
      checked_bounds({degrees_at(bytes, kBoundsAt), degrees_at(bytes, kBoundsAt + 4)},
                     {degrees_at(bytes, kBoundsAt + 8), degrees_at(bytes, kBoundsAt + 12)})
          .value_or(Bounds{world.south_west, world.north_east});
  return header;
}

fleet::Result<std::vector<Entry>> decode_directory(std::span<const std::byte> bytes) {
  constexpr std::size_t kColumns = 4;  // each entry takes a byte in each at least
  Cursor in(bytes);
  std::uint64_t count = 0;
  if (!in.next(count) || count > in.left() / kColumns)
    return fleet::Error{"a directory is damaged: it is too short for its entries"};
  std::vector<Entry> entries(count);
  if (!read_columns(in, entries)) return fleet::Error{"a directory is damaged or cut off"};
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const Entry& before = entries[i - 1];
    const std::uint64_t end = before.tile + std::max(before.run, std::uint32_t{1});
    if (entries[i].tile < end)
      return fleet::Error{"a directory is damaged: entry " + std::to_string(i) +
                          " begins at tile " + std::to_string(entries[i].tile) +
                          ", before the end of the one before, " + std::to_string(end)};
  }
  return entries;
}

std::optional<Entry> find(std::span<const Entry> directory, std::uint64_t tile) {
  auto after = std::upper_bound(directory.begin(), directory.end(), tile,
                                [](std::uint64_t t, const Entry& entry) { return t < entry.tile; });
  if (after == directory.begin()) return std::nullopt;
  const Entry& entry = *--after;
  if (entry.run != 0 && tile - entry.tile >= entry.run) return std::nullopt;
  return entry;
}

std::uint64_t tile_number(fleet::TileId tile) {
  std::uint64_t number = ((std::uint64_t{1} << (2 * tile.zoom)) - 1) / 3;  // 1 + 4 + 16 + ...
  std::uint32_t x = tile.x, y = tile.y;
  for (std::uint32_t half = (std::uint32_t{1} << tile.zoom) >> 1; half > 0; half >>= 1) {
    const bool right = (x & half) != 0, low = (y & half) != 0;
    number += std::uint64_t{half} * half * ((right ? 3u : 0u) ^ (low ? 1u : 0u));
    // The quarter's own curve begins where the one before ended: turned, or mirrored.
    x &= half - 1;
    y &= half - 1;
    if (low) continue;
    if (right) {
      x = half - 1 - x;
      y = half - 1 - y;
    }
    std::swap(x, y);
  }
  return number;
}

}  // namespace net::pmtiles
