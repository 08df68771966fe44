// Which tiles a picture of the base map shows, and where their corners lie on the ground. Pure
// maths, no GL.
//
// A tile set drawn in a shifted datum (GCJ-02, BD-09) has a place up to 1.5 km aside of where the
// map has it. So the box of the view is moved into the datum to choose tiles, and the corners of
// what is drawn are moved back: each tile is a small lattice, because the shift varies inside it.
#pragma once

#include <optional>
#include <vector>

#include "fleet/mercator.hpp"
#include "fleet/tile.hpp"
#include "render/basemap/cache_view.hpp"
#include "render/tiles/tile_map.hpp"

namespace render {

/// World units of the tiles' datum or of WGS 84; x may reach beyond [0, 1) over the world's seam.
struct WorldBox {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};

/// A place of the picture that one tile fills. Its zoom may be deeper than the set's: then an
/// ancestor shows there, larger.
struct TilePatch {
  fleet::TileId tile;
  int world = 0;  ///< copy of the world it lies in: 0, or one to the west or east
  bool operator==(const TilePatch&) const = default;
};

/// More than a wall of 3840 px needs; wider ones show larger tiles.
inline constexpr std::size_t kTilePatchesMax = 1024;

/// Zoom whose tiles of tile_px pixels come nearest to pixel on pixel. Views wider than 1920 px go
/// at most one deeper than that one would: the type that is drawn into tiles stays legible, and
/// their number bounded.
int tile_zoom(const CacheView& view, int tile_px);

/// What the picture holds.
WorldBox box_of(const CacheView& view);
/// A box that holds every place of `wgs84` as a map in `datum` has it, and little more.
WorldBox box_in_datum(const WorldBox& wgs84, fleet::Datum datum);

/// Patches that fill the part of the picture the set covers, all of one zoom, those nearest to its
/// middle first; empty where the set has nothing, or would need more than kTilePatchesMax.
std::vector<TilePatch> tile_cover(const CacheView& view, const TileMap& map, int tile_px);

/// The tile that holds `tile` at a zoom not above its own.
fleet::TileId ancestor_at(fleet::TileId tile, int zoom);

/// Steps of the lattice along a side of a tile: a power of two, so that neighbours share corners
/// exactly. Inside a cell the straight line is off by less than half a pixel of a tile of 256 px,
/// or a metre.
int lattice_steps(fleet::Datum datum, int zoom);
/// The (steps + 1)^2 corners of a tile's lattice, row by row from the north-west, in world units of
/// WGS 84.
std::vector<fleet::WorldPoint> tile_lattice(fleet::TileId tile, fleet::Datum datum, int steps);

}  // namespace render
