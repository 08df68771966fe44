// TileMap: what the map has to know of a set of raster tiles in order to show it. Plain data.
#pragma once

#include "fleet/mercator.hpp"
#include "fleet/tile.hpp"
#include "render/map_frame.hpp"

namespace render {

/// How the tiles' colours are fitted under machines and heat.
enum class TileLook {
  map,    ///< drawn maps: turned over on the dark theme, paled on the light one
  photo,  ///< pictures from the air: darkened, paled
  plain,  ///< as they are
};

struct TileMap {
  fleet::Datum datum = fleet::Datum::wgs84;
  int zoom_min = 0;
  int zoom_max = fleet::kTileZoomMax;  ///< deeper views show these, larger
  /// What the set covers, in its own datum.
  fleet::LonLat south_west{-180, -fleet::kMaxLatitudeDeg};
  fleet::LonLat north_east{180, fleet::kMaxLatitudeDeg};
  TileLook look = TileLook::map;
  int tile_px = 0;  ///< side of its pictures as the set itself says; 0: it does not
};

/// The wider and higher picture of a tile that is shown: four times the usual side.
inline constexpr int kTileSidePxMax = 1024;

/// What black and white of a tile become, with grey between them, and how much of its colour stays
/// (0..1): shaders/basemap_tile.frag.
struct TileTone {
  Rgb black, white;
  float chroma = 0;
};
TileTone tile_tone(TileLook look, bool dark);

}  // namespace render
