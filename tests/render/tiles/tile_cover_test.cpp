#include "render/tiles/tile_cover.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "fleet/datum.hpp"

namespace {

using fleet::Datum;
using fleet::TileId;
using fleet::WorldPoint;
using render::CacheView;
using render::Camera;
using render::TileMap;
using render::TilePatch;

constexpr fleet::LonLat kSuzhou{120.6, 31.3};

Camera camera_at(fleet::LonLat place, double zoom, int width = 1920, int height = 1080) {
  return {fleet::world_from_lonlat(place), zoom, width, height};
}

double size_px(const CacheView& view, int zoom) {
  return view.camera().px_per_world() / std::exp2(zoom);
}

/// Whether the patches hold a place of their datum, given in world units.
bool covers(const std::vector<TilePatch>& patches, WorldPoint p) {
  return std::ranges::any_of(patches, [p](const TilePatch& patch) {
    const double side = std::exp2(patch.tile.zoom);
    const double x = p.x * side - patch.tile.x - patch.world * side;
    const double y = p.y * side - patch.tile.y;
    return x >= 0 && x <= 1 && y >= 0 && y <= 1;
  });
}

TEST(TileCover, TakesTheZoomWhoseTilesComeNearestToPixelOnPixel) {
  for (double zoom = 2; zoom < 20; zoom += 0.13) {
    const CacheView view(camera_at(kSuzhou, zoom));

    EXPECT_LE(std::abs(std::log2(size_px(view, tile_zoom(view, 256)) / 256)), 0.5 + 1e-9);
    EXPECT_EQ(tile_zoom(view, 512), tile_zoom(view, 256) - 1);
  }
}

TEST(TileCover, GoesAtMostOneZoomDeeperOnAWiderWallAndKeepsTheirNumber) {
  const CacheView hd(camera_at(kSuzhou, 10.2)), uhd(camera_at(kSuzhou, 10.2, 3840, 2160)),
      wall(camera_at(kSuzhou, 10.2, 15360, 8640));

  EXPECT_EQ(tile_zoom(uhd, 256), tile_zoom(hd, 256) + 1);
  EXPECT_EQ(tile_zoom(wall, 256), tile_zoom(hd, 256) + 1);
  EXPECT_LE(tile_cover(wall, {}, 256).size(), tile_cover(uhd, {}, 256).size() + 60);
}

TEST(TileCover, HoldsEveryPlaceOfThePictureInEachDatum) {
  for (const Datum datum : {Datum::wgs84, Datum::gcj02, Datum::bd09}) {
    for (const double zoom : {4.0, 9.3, 14.0, 18.6}) {
      const CacheView view(camera_at(kSuzhou, zoom));
      TileMap map;
      map.datum = datum;

      const auto patches = tile_cover(view, map, 256);

      const auto box = box_of(view);
      for (int i = 0; i <= 40; ++i) {
        for (int j = 0; j <= 40; ++j) {
          const WorldPoint place{std::lerp(box.x0, box.x1, i / 40.0),
                                 std::lerp(box.y0, box.y1, j / 40.0)};
          const auto drawn =
              fleet::world_from_lonlat(from_wgs84(fleet::lonlat_from_world(place), datum));
          ASSERT_TRUE(covers(patches, drawn)) << zoom << ": " << i << ", " << j;
        }
      }
    }
  }
}

TEST(TileCover, TakesTilesASideOfTheViewThatTheDatumMovesIntoIt) {
  // 60 m across: the shifted map has none of this place in the tiles of its own number.
  const CacheView view(camera_at(kSuzhou, 20));
  TileMap map;
  map.datum = Datum::gcj02;

  const auto moved = tile_cover(view, map, 256);

  const auto same_place = tile_cover(view, {}, 256);
  for (const TilePatch& patch : moved) EXPECT_EQ(std::ranges::count(same_place, patch), 0);
}

TEST(TileCover, TellsNeighboursOverTheDateLineApart) {
  const CacheView view(camera_at({179.9, 0}, 3));

  const auto patches = tile_cover(view, {}, 256);

  std::set<int> worlds;
  std::set<std::tuple<int, std::uint32_t, std::uint32_t>> places;
  for (const TilePatch& p : patches) {
    worlds.insert(p.world);
    EXPECT_TRUE(places.insert({p.world, p.tile.x, p.tile.y}).second);
    EXPECT_LT(p.tile.x, 1u << p.tile.zoom);
    EXPECT_LT(p.tile.y, 1u << p.tile.zoom);
  }
  EXPECT_EQ(worlds, (std::set{0, 1}));
}

TEST(TileCover, StartsInTheMiddle) {
  const CacheView view(camera_at(kSuzhou, 12));

  const auto patches = tile_cover(view, {}, 256);

  ASSERT_GT(patches.size(), 20u);
  EXPECT_TRUE(covers({patches.front()}, view.camera().centre));
  EXPECT_FALSE(covers({patches.back()}, view.camera().centre));
}

TEST(TileCover, KeepsToWhatTheSetCovers) {
  TileMap map;
  map.south_west = {120.5, 31.2};
  map.north_east = {120.7, 31.4};

  const auto near = tile_cover(CacheView(camera_at(kSuzhou, 9)), map, 256);
  const auto far = tile_cover(CacheView(camera_at({100, 40}, 9)), map, 256);

  const double side = std::exp2(near.front().tile.zoom);
  EXPECT_LE(static_cast<double>(near.size()), (side * 0.2 / 360 + 2) * (side * 0.25 / 360 + 2));
  EXPECT_TRUE(far.empty());
}

TEST(TileCover, ShowsASetOfDeepZoomsOnlyWhereItNeedsFewOfThem) {
  TileMap map;
  map.zoom_min = 10;

  EXPECT_TRUE(tile_cover(CacheView(camera_at(kSuzhou, 4)), map, 256).empty());
  EXPECT_EQ(tile_cover(CacheView(camera_at(kSuzhou, 8)), map, 256).front().tile.zoom, 10);
  map.south_west = {120.5, 31.2};
  map.north_east = {120.7, 31.4};
  EXPECT_FALSE(tile_cover(CacheView(camera_at(kSuzhou, 4)), map, 256).empty());
}

TEST(TileCover, NeverAsksForMoreThanItsLimit) {
  for (const auto& [width, height] :
       {std::pair{16, 16384}, {16384, 16}, {16384, 16384}, {1080, 1920}, {16, 16}}) {
    for (double zoom = 0; zoom <= 22; zoom += 0.5) {
      const CacheView view(camera_at(kSuzhou, zoom, width, height));
      const auto patches = tile_cover(view, {}, 256);
      EXPECT_LE(patches.size(), render::kTilePatchesMax);
      EXPECT_FALSE(patches.empty());
      EXPECT_LE(patches.front().tile.zoom, fleet::kTileZoomMax);
    }
  }
}

TEST(TileLattice, SharesCornersWithItsNeighboursExactly) {
  for (const Datum datum : {Datum::wgs84, Datum::gcj02, Datum::bd09}) {
    for (const int zoom : {3, 9, 13, 16}) {
      const int n = render::lattice_steps(datum, zoom);
      const auto world = fleet::world_from_lonlat(kSuzhou);
      const TileId tile{zoom, static_cast<std::uint32_t>(world.x * std::exp2(zoom)),
                        static_cast<std::uint32_t>(world.y * std::exp2(zoom))};
      const auto here = render::tile_lattice(tile, datum, n);
      const auto east = render::tile_lattice({zoom, tile.x + 1, tile.y}, datum, n);
      const auto south = render::tile_lattice({zoom, tile.x, tile.y + 1}, datum, n);
      const auto at = [n](const std::vector<WorldPoint>& lattice, int column, int row) {
        return lattice[static_cast<std::size_t>(row * (n + 1) + column)];
      };

      for (int i = 0; i <= n; ++i) {
        EXPECT_EQ(at(here, n, i).x, at(east, 0, i).x);
        EXPECT_EQ(at(here, n, i).y, at(east, 0, i).y);
        EXPECT_EQ(at(here, i, n).x, at(south, i, 0).x);
        EXPECT_EQ(at(here, i, n).y, at(south, i, 0).y);
      }
    }
  }
}

TEST(TileLattice, IsStraightInsideItsCellsToHalfAPixelOrAMetre) {
  for (const Datum datum : {Datum::gcj02, Datum::bd09}) {
    for (int zoom = 3; zoom <= 20; ++zoom) {
      const int n = render::lattice_steps(datum, zoom);
      double worst_px = 0, worst_m = 0;
      for (const fleet::LonLat place :
           {kSuzhou, fleet::LonLat{116.4, 39.9}, {104.07, 30.67}, {87.6, 43.8}, {110.3, 20.0}}) {
        const auto world = fleet::world_from_lonlat(place);
        const double side = std::exp2(zoom);
        const TileId tile{zoom, static_cast<std::uint32_t>(world.x * side),
                          static_cast<std::uint32_t>(world.y * side)};
        const auto lattice = render::tile_lattice(tile, datum, n);
        // A few cells, the middle of each and of its diagonal.
        for (int cell = 0; cell < n * n; cell += std::max(n * n / 5, 1)) {
          const int row = cell / n, column = cell % n;
          const auto corner = [&](int x, int y) {
            return lattice[static_cast<std::size_t>((row + y) * (n + 1) + column + x)];
          };
          for (const double t : {0.2, 0.5, 0.8}) {
            // On the diagonal from south-west to north-east, where both triangles meet.
            const WorldPoint drawn{std::lerp(corner(0, 1).x, corner(1, 0).x, t),
                                   std::lerp(corner(0, 1).y, corner(1, 0).y, t)};
            const WorldPoint on_tile{(tile.x + (column + t) / n) / side,
                                     (tile.y + (row + 1 - t) / n) / side};
            const auto drawn_place = fleet::lonlat_from_world(on_tile);
            // A tile that reaches out of the shifted box tears there; what is outside is no map.
            if (drawn_place.lon_deg < 74 || drawn_place.lon_deg > 135) continue;
            if (drawn_place.lat_deg < 3 || drawn_place.lat_deg > 53) continue;
            const auto true_place = fleet::to_wgs84(drawn_place, datum);
            const auto truth = fleet::world_from_lonlat(true_place);
            const double off = std::hypot(drawn.x - truth.x, drawn.y - truth.y);
            worst_px = std::max(worst_px, off * side * 256);
            worst_m = std::max(worst_m, off * fleet::metres_per_world(true_place.lat_deg));
          }
        }
      }
      EXPECT_TRUE(worst_px < 0.5 || worst_m < 1)
          << "zoom " << zoom << ": " << worst_px << " px, " << worst_m << " m";
    }
  }
}

TEST(TileCover, FindsAncestors) {
  EXPECT_EQ(render::ancestor_at({5, 27, 13}, 5), (TileId{5, 27, 13}));
  EXPECT_EQ(render::ancestor_at({5, 27, 13}, 3), (TileId{3, 6, 3}));
  EXPECT_EQ(render::ancestor_at({22, 4194303, 0}, 0), (TileId{0, 0, 0}));
}

}  // namespace
