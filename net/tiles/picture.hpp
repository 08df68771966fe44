// What all sources of tiles share: how a tile is named, and what a picture looks like from outside.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "fleet/result.hpp"
#include "fleet/tile.hpp"

namespace net {

/// Largest picture of a tile: 1,024 x 1,024 pixels of noise are a PNG of 4 MiB.
inline constexpr std::size_t kTileBytesMax = 8u << 20;

/// By the first bytes of the file. packed: gzip, which is what tiles of vectors are kept in.
enum class PictureKind { png, jpeg, webp, packed, other };
PictureKind picture_kind(std::span<const std::byte> bytes);

/// "5/26/12": zoom, column, row from the north.
std::string tile_name(fleet::TileId tile);

/// Is it a tile of the pyramid at all, down to kTileZoomMax?
bool tile_exists(fleet::TileId tile);

/// The row counted from the south, as TMS and MBTiles do.
inline std::uint32_t row_from_south(fleet::TileId tile) {
  return (std::uint32_t{1} << tile.zoom) - 1 - tile.y;
}

/// Nothing, if the bytes are a picture of at most kTileBytesMax; else an Error that starts with
/// `where` and names the tile.
fleet::Result<void> check_picture(std::span<const std::byte> bytes, const std::string& where,
                                  fleet::TileId tile);

}  // namespace net
