#include "viewer/tiles/map_tiles.hpp"

namespace viewer {

render::TileMap tile_map(const net::TileSet& set, fleet::Datum datum, render::TileLook look) {
  return {datum, set.zoom_min, set.zoom_max, set.south_west, set.north_east, look, set.tile_px};
}

bool MapTiles::update(render::MapRenderer& map, Steady now) {
  for (int i = 0; i < kTileUploadsAtOnce; ++i) {
    const auto loaded = loader_.take(now);
    if (!loaded) break;
    switch (loaded->outcome) {
      case LoadedTile::Outcome::picture:
        map.add_tile(loaded->tile, loaded->picture);
        unseen_ = true;
        break;
      case LoadedTile::Outcome::same:
        break;
      case LoadedTile::Outcome::failed:
        if (loader_.counts().failed == 1) trouble_ = loaded->error;
        [[fallthrough]];
      case LoadedTile::Outcome::absent:
        map.set_tile_absent(loaded->tile);
        break;
    }
  }
  if (map.wanted_tiles_version() != wanted_version_ || loader_.due(now)) {
    loader_.want(map.wanted_tiles(), map.shown_tiles(), now);
    wanted_version_ = map.wanted_tiles_version();
  }
  if (!unseen_) return false;
  if (now - shown_at_ < kTileRedrawEvery && !loader_.idle()) return false;
  unseen_ = false;
  shown_at_ = now;
  return map.show_new_tiles();
}

bool MapTiles::settled(const render::MapRenderer& map) const {
  return !unseen_ && loader_.idle() && map.wanted_tiles_version() == wanted_version_;
}

}  // namespace viewer
