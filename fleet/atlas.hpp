// The atlas: land, lakes, borders, regions and place names of the base map, from one packed asset.
//
// Plain data after parsing: `render` draws it, `fleet::RegionMap` and `fleet::PlaceIndex` are made
// from it. Layout of the asset: assets/README.md. Bytes in, no file here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fleet/regions.hpp"
#include "fleet/result.hpp"

namespace fleet {

/// Filled areas at one level of detail: triangles over shared vertices.
struct AtlasArea {
  std::vector<GridPoint> vertices;
  std::vector<std::uint32_t> triangles;  ///< three indices each
};

/// Lines at one level of detail. Line i = vertices[begin[i] .. begin[i+1]).
struct AtlasLines {
  std::vector<GridPoint> vertices;
  std::vector<std::uint32_t> begin;
};

enum class AtlasLayer : std::uint8_t {
  land,               ///< area: the world's land
  focus,              ///< area: the fleet's own country, drawn a shade lighter
  lakes,              ///< area
  coast,              ///< lines
  country_borders,    ///< lines
  province_borders,   ///< lines
  prefecture_borders, ///< lines
  rivers,             ///< lines (may be empty)
};

struct AtlasLevel {
  AtlasLayer layer;
  float min_zoom = 0;  ///< drawn from this zoom (MapLibre zoom at 1920 px) ...
  float max_zoom = 99; ///< ... to below this one
  AtlasArea area;      ///< for area layers
  AtlasLines lines;    ///< for line layers
};

struct Atlas {
  std::vector<AtlasLevel> levels;
  std::vector<Region> provinces;
  std::vector<Region> prefectures;
  std::vector<Place> places;
  std::string attribution;  ///< one line for the picture
  std::string caveat;       ///< one line: not an approved map
};

/// Error: not an atlas, newer version, cut short, an index out of range, a checksum that differs.
Result<Atlas> parse_atlas(std::span<const std::byte> bytes);

}  // namespace fleet
