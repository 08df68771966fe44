// What a tile set says of itself in words: the keys of MBTiles, PMTiles and metadata.json alike.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fleet/result.hpp"
#include "net/tiles/tile_source.hpp"

namespace net {

/// Longest name and attribution, in bytes; what is longer is cut. Sources are named in a line or
/// two.
inline constexpr std::size_t kSetWordsMax = 512;
/// Largest metadata.json, unpacked: a raster set needs a kilobyte.
inline constexpr std::size_t kSetJsonMax = 4u << 20;

struct Bounds {
  fleet::LonLat south_west;
  fleet::LonLat north_east;
};

/// "west,south,east,north" in degrees; nothing if it is not that, or encloses nothing. Latitudes
/// are clamped to the Web Mercator square.
std::optional<Bounds> parse_bounds(std::string_view text);
std::optional<Bounds> checked_bounds(fleet::LonLat south_west, fleet::LonLat north_east);

/// Attributions are written for browsers: tags go, entities become characters, blanks are folded.
/// Valid UTF-8 without control characters, at most kSetWordsMax bytes.
std::string plain_text(std::string_view html);

/// Words by key; texts and numbers of the top level of a JSON object. Error: why it is none.
using SetWords = std::map<std::string, std::string>;
fleet::Result<SetWords> parse_set_json(std::string_view json);

/// Takes name, attribution, bounds, minzoom, maxzoom and the tiles' size (tilesize, tileSize or
/// tile_size, 64 to 4096 px) as far as they are there and sound.
void describe(TileSet& set, const SetWords& words);

/// A zoom that a set names under `key`: nothing if it names none, or no number of a zoom.
std::optional<int> zoom_of(const SetWords& words, const std::string& key);

/// The part of the square that columns and rows of one zoom cover, both ends included.
Bounds bounds_of(int zoom, std::uint32_t x_first, std::uint32_t x_last, std::uint32_t y_first,
                 std::uint32_t y_last);

}  // namespace net
