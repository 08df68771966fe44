// The options --tiles and those that go with it.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "net/tiles/tile_source.hpp"
#include "render/tiles/tile_map.hpp"

namespace viewer {

struct TileOptions {
  net::TileSourceOptions source;  ///< `from` is empty: no tiles
  fleet::Datum datum = fleet::Datum::wgs84;
  render::TileLook look = render::TileLook::map;
  std::string attribution;  ///< in place of the set's own words
};

/// What a disk cache of tiles may be given, MiB: a country's streets, and any disk of today.
inline constexpr std::uint64_t kTileCacheMibMost = 1'048'576;

/// Texts as given, until finish_tiles.
struct RawTileOptions {
  std::string datum = "wgs84", look = "map";
  std::uint64_t cache_mib = 512;
};

void add_tile_options(CLI::App& app, TileOptions& options, RawTileOptions& raw);
/// Returns what is wrong, or nothing.
std::string finish_tiles(const RawTileOptions& raw, TileOptions& options);

/// Null without --tiles. Error: names the option.
fleet::Result<std::unique_ptr<net::TileSource>> open_tiles(const TileOptions& options);

}  // namespace viewer
