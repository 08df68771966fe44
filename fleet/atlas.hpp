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

/// A run of an area's triangles or of lines that lie close together, to be drawn or skipped as one.
struct AtlasChunk {
  GridPoint min;  ///< bounding box, both corners inside
  GridPoint max;
  std::uint32_t first = 0;  ///< area: first position in `triangles`; lines: first line
  std::uint32_t count = 0;  ///< area: number of indices (a multiple of 3); lines: number of lines
};

/// Filled areas at one level of detail: triangles over shared vertices.
struct AtlasArea {
  std::vector<GridPoint> vertices;
  std::vector<std::uint32_t> triangles;  ///< three indices each
  std::vector<AtlasChunk> chunks;        ///< cover all triangles, in order
};

/// Lines at one level of detail. Line i = vertices[begin[i] .. begin[i+1]), two points at least;
/// `begin` has one more entry than there are lines (empty: no lines). A long border is cut into
/// several lines; the pieces share their end point.
struct AtlasLines {
  std::vector<GridPoint> vertices;
  std::vector<std::uint32_t> begin;
  std::vector<AtlasChunk> chunks;  ///< cover all lines, in order
};

enum class AtlasLayer : std::uint8_t {
  land,                ///< area: the world's land
  focus,               ///< area: the fleet's own country, drawn a shade lighter
  lakes,               ///< area
  coast,               ///< lines
  country_borders,     ///< lines
  province_borders,    ///< lines
  prefecture_borders,  ///< lines
  rivers,              ///< lines (may be empty)
  county_borders,      ///< lines
};

struct AtlasLevel {
  AtlasLayer layer;
  float min_zoom = 0;   ///< drawn from this zoom (MapLibre zoom at 1920 px) ...
  float max_zoom = 99;  ///< ... to below this one
  AtlasArea area;       ///< for area layers
  AtlasLines lines;     ///< for line layers
};

struct Atlas {
  std::vector<AtlasLevel> levels;
  std::vector<Region> provinces;
  std::vector<Region> prefectures;
  std::vector<Place> places;
  std::vector<Place> counties;  ///< names of areas, each at a point well inside; to label only
  std::string attribution;      ///< one line for the picture
  std::string caveat;           ///< one line: not an approved map
};

/// Largest asset that is read: ten times the one shipped, far below what could exhaust memory.
inline constexpr std::size_t kAtlasBytesMax = 64u << 20;
/// Largest text in an asset, in bytes: names are short, a caveat is a sentence or two.
inline constexpr std::size_t kAtlasTextBytesMax = 1024;

/// Error: not an atlas, newer version, cut short, an index out of range, a checksum that differs.
Result<Atlas> parse_atlas(std::span<const std::byte> bytes);

/// Lays `extra` (e.g. assets/prefectures.fwm) over `base`. A layer, the provinces, the
/// prefectures, the places or the counties that `extra` has replace those of `base`; attribution
/// and caveat are joined. Layers of zooms that `extra` does not cover stay as they are in `base`.
void overlay_atlas(Atlas& base, Atlas extra);

}  // namespace fleet
