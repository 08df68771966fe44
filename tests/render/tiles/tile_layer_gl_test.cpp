// Raster tiles in the base map's picture: where they lie, what stands in for those that lack, and
// what survives.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "fleet/datum.hpp"
#include "render/basemap/base_map_layer.hpp"
#include "tests/support/base_picture.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/tile_pictures.hpp"

namespace {

using fleet::Datum;
using fleet::TileId;
using render::BaseMapLayer;
using render::Camera;
using render::Image;
using render::TileMap;
using testing_support::numbered_tile;
using testing_support::plain_tile;
using testing_support::screen_of;
using Tiles = testing_support::GlTest;

constexpr fleet::LonLat kSuzhou{120.6, 31.3};
/// Where the made-up atlas has no border; the second within the shifted box.
constexpr fleet::LonLat kNowhere{30, -20}, kUrumqi{87.6, 43.8};

Camera camera_at(fleet::LonLat place, double zoom, int width = 640, int height = 360) {
  return {fleet::world_from_lonlat(place), zoom, width, height};
}

std::unique_ptr<BaseMapLayer> layer_with(const TileMap& map, bool dark = true) {
  auto layer = std::make_unique<BaseMapLayer>(testing_support::shader_dir(),
                                              testing_support::synthetic_atlas(),
                                              dark ? render::dark_theme() : render::light_theme());
  layer->set_tiles(map);
  return layer;
}

TileMap plain_map(Datum datum = Datum::wgs84) {
  TileMap map;
  map.datum = datum;
  map.look = render::TileLook::plain;
  return map;
}

/// Gives the layer every tile it wants, made by `make`, until it wants none; then its screen.
template <class Make>
Image filled(BaseMapLayer& layer, const Camera& camera, Make make) {
  layer.update(camera, false);
  for (int round = 0; round < 8 && !layer.tiles()->wanted().empty(); ++round) {
    for (const TileId tile : std::vector(layer.tiles()->wanted())) {
      layer.tiles()->add(tile, make(tile));
    }
    layer.show_new_tiles();
    layer.update(camera, false);
  }
  EXPECT_TRUE(layer.tiles()->wanted().empty());
  layer.update(camera, false);
  return screen_of(layer.update(camera, true), camera);
}

bool is(std::span<const std::uint8_t, 4> pixel, int r, int g, int b, int by = 1) {
  return std::abs(pixel[0] - r) <= by && std::abs(pixel[1] - g) <= by &&
         std::abs(pixel[2] - b) <= by;
}

int count(const Image& image, int r, int g, int b, int by = 1) {
  int n = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) n += is(image.at(x, y), r, g, b, by);
  }
  return n;
}

TEST_F(Tiles, FillThePictureOverLandAndSea) {
  const auto owned = layer_with(plain_map());
  BaseMapLayer& layer = *owned;
  const Camera camera = camera_at({120, 31}, 9);

  const Image image = filled(layer, camera, [](TileId) { return plain_tile(200, 100, 50); });

  EXPECT_EQ(count(image, 200, 100, 50), image.width * image.height);
}

TEST_F(Tiles, LeaveBordersOfCountriesAndProvincesOnTop) {
  const auto owned = layer_with(plain_map());
  BaseMapLayer& layer = *owned;
  const Camera camera{{0.81, 0.4025}, 5, 640, 360};  // the made-up province border runs across

  const Image image = filled(layer, camera, [](TileId) { return plain_tile(200, 100, 50); });

  EXPECT_GT(image.width * image.height - count(image, 200, 100, 50), 200);
}

TEST_F(Tiles, LieWhereTheirNumbersSay) {
  for (const double zoom : {3.2, 8.7, 15.0, 19.9}) {
    const auto owned = layer_with(plain_map());
    BaseMapLayer& layer = *owned;
    const Camera camera = camera_at(kNowhere, zoom);
    const auto colour = [](TileId t) {
      return std::array<int, 3>{static_cast<int>(40 + t.x % 5 * 40),
                                static_cast<int>(40 + t.y % 5 * 40), 40 + t.zoom * 8};
    };
    const Image image = filled(layer, camera, [&](TileId t) {
      const auto c = colour(t);
      return plain_tile(static_cast<std::uint8_t>(c[0]), static_cast<std::uint8_t>(c[1]),
                        static_cast<std::uint8_t>(c[2]));
    });
    const int tile_zoom = render::tile_zoom(render::CacheView(camera), 256);
    const double side = std::exp2(tile_zoom);

    int wrong = 0;
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        const auto p = camera.world_from_screen({x + 0.5, y + 0.5});
        const TileId tile{tile_zoom, static_cast<std::uint32_t>(p.x * side),
                          static_cast<std::uint32_t>(p.y * side)};
        // Half a pixel on either side of an edge belongs to either.
        const double edge_px = 0.51 * side / camera.px_per_world();
        const double fx = p.x * side - std::floor(p.x * side),
                     fy = p.y * side - std::floor(p.y * side);
        if (std::min({fx, 1 - fx, fy, 1 - fy}) < edge_px) continue;
        const auto c = colour(tile);
        wrong += !is(image.at(x, y), c[0], c[1], c[2]);
      }
    }
    EXPECT_EQ(wrong, 0) << "zoom " << zoom;
  }
}

TEST_F(Tiles, OfAShiftedDatumStandAtTheirPlaceInWgs84ToAPixel) {
  const fleet::LonLat mark{120.6213, 31.3057};
  for (const Datum datum : {Datum::gcj02, Datum::bd09}) {
    for (const double zoom : {12.4, 15.0, 17.7}) {
      const Camera camera = camera_at({mark.lon_deg + 40 / std::exp2(zoom), mark.lat_deg}, zoom);
      const auto there = fleet::world_from_lonlat(fleet::from_wgs84(mark, datum));
      const auto owned = layer_with(plain_map(datum));
      BaseMapLayer& layer = *owned;

      // A disc of 9 px at the place as the shifted map has it, on the tiles of any zoom.
      const Image image = filled(layer, camera, [&](TileId tile) {
        Image picture = plain_tile(0, 0, 0);
        const double side = std::exp2(tile.zoom) * 256;
        const double cx = there.x * side - tile.x * 256.0, cy = there.y * side - tile.y * 256.0;
        for (int y = 0; y < 256; ++y) {
          for (int x = 0; x < 256; ++x) {
            if (std::hypot(x + 0.5 - cx, y + 0.5 - cy) < 9) picture.at(x, y)[0] = 255;
          }
        }
        return picture;
      });

      double sum = 0, sum_x = 0, sum_y = 0;
      for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
          const double red = image.at(x, y)[0];
          sum += red;
          sum_x += red * (x + 0.5);
          sum_y += red * (y + 0.5);
        }
      }
      const auto expected = camera.screen_from_world(fleet::world_from_lonlat(mark));
      ASSERT_GT(sum, 0);
      EXPECT_LT(std::hypot(sum_x / sum - expected.x, sum_y / sum - expected.y), 1) << zoom;
      const auto unmoved = camera.screen_from_world(there);
      EXPECT_GT(std::hypot(unmoved.x - expected.x, unmoved.y - expected.y), 5) << "a test at all";
    }
  }
}

TEST_F(Tiles, MeetWithoutCracks) {
  for (const Datum datum : {Datum::wgs84, Datum::gcj02, Datum::bd09}) {
    for (const double zoom : {6.37, 11.73, 13.2}) {
      const auto owned = layer_with(plain_map(datum));
      BaseMapLayer& layer = *owned;
      const Camera camera = camera_at(kUrumqi, zoom);
      const double period = 1500 / camera.px_per_world();

      const Image image = filled(layer, camera, [period](TileId tile) {
        return testing_support::ramp_tile(tile, period);
      });

      int steps = 0;
      for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
          const auto here = image.at(x, y);
          EXPECT_NEAR(here[2], 128, 1) << "the land below shows at " << x << ", " << y;
          if (x == 0 || y == 0) continue;
          steps += std::abs(here[0] - image.at(x - 1, y)[0]) > 2;
          steps += std::abs(here[1] - image.at(x, y - 1)[1]) > 2;
        }
      }
      EXPECT_EQ(steps, 0) << "zoom " << zoom;
    }
  }
}

TEST_F(Tiles, ThatLackShowTheirParentOrTheLandNeverNothing) {
  const auto owned = layer_with(plain_map());
  BaseMapLayer& layer = *owned;
  const Camera camera = camera_at({120, 31}, 9);
  const Image land = screen_of(layer.update(camera, true), camera);
  const auto wanted = layer.tiles()->wanted();
  const int zoom = wanted.back().zoom;

  // Every third is broken, and so are half of their parents.
  std::vector<TileId> broken;
  for (const TileId tile : wanted) {
    if (tile.zoom < zoom) {
      layer.tiles()->set_absent(tile);
    } else if ((tile.x + tile.y) % 3 == 0) {
      layer.tiles()->set_absent(tile);
      broken.push_back(tile);
    } else {
      layer.tiles()->add(tile, plain_tile(200, 100, 50));
    }
  }
  for (const TileId tile : std::vector(layer.tiles()->wanted())) {
    if (tile.zoom == zoom - 1 && tile.x % 2 == 0) {
      layer.tiles()->add(tile, plain_tile(20, 200, 90));
    }
  }
  EXPECT_TRUE(layer.show_new_tiles());
  const Image image = screen_of(layer.update(camera, true), camera);

  const int good = count(image, 200, 100, 50), parents = count(image, 20, 200, 90);
  int bare = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) bare += std::ranges::equal(image.at(x, y), land.at(x, y));
  }
  ASSERT_FALSE(broken.empty());
  EXPECT_GT(good, 0);
  EXPECT_GT(parents, 0);
  EXPECT_GT(bare, 0);
  EXPECT_EQ(good + parents + bare, image.width * image.height);
}

TEST_F(Tiles, LetTheLandShowWhereTheyAreTransparent) {
  const auto owned = layer_with(plain_map());
  BaseMapLayer& layer = *owned;
  const Camera camera = camera_at({120, 31}, 9);
  const Image land = screen_of(layer.update(camera, true), camera);

  const Image image = filled(layer, camera, [](TileId) { return plain_tile(255, 0, 0, 256, 0); });

  EXPECT_EQ(image, land);
}

TEST_F(Tiles, AreDrawnOnceTheyMayBeAndThenNoMore) {
  const auto owned = layer_with(plain_map());
  BaseMapLayer& layer = *owned;
  const Camera camera = camera_at({120, 31}, 9);
  filled(layer, camera, [](TileId) { return plain_tile(200, 100, 50); });
  const auto redraws = layer.redraws();

  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(layer.show_new_tiles());
    layer.update(camera, true);
  }

  EXPECT_EQ(layer.redraws(), redraws);
  EXPECT_TRUE(layer.exact());
  layer.tiles()->add({0, 0, 0}, plain_tile(1, 2, 3));
  layer.update(camera, true);
  EXPECT_EQ(layer.redraws(), redraws) << "not before it is said";
}

TEST_F(Tiles, AreTheSameAfterARebuildOnceTheyCameAgain) {
  const auto owned = layer_with(plain_map(Datum::gcj02));
  BaseMapLayer& layer = *owned;
  const Camera camera = camera_at(kSuzhou, 11.5);
  const auto make = [](TileId tile) { return numbered_tile(tile); };
  const Image before = filled(layer, camera, make);
  const auto bytes = layer.gpu_bytes();

  layer.rebuild();
  const Image after = filled(layer, camera, make);

  EXPECT_EQ(before, after);
  EXPECT_EQ(layer.gpu_bytes(), bytes);
}

TEST_F(Tiles, StayWithinTheirBytesAndTheViewIsFilledAllTheSame) {
  constexpr std::size_t kBytes = 4 << 20;  // a dozen tiles of 256 px
  render::TileLayer tiles(testing_support::shader_dir(), plain_map(), true, kBytes);
  for (int step = 0; step < 20; ++step) {
    tiles.look_at(render::CacheView(camera_at({100 + step * 0.7, 31}, 9)));
    std::size_t rounds = 0;
    while (!tiles.wanted().empty() && ++rounds < 500) {
      tiles.add(tiles.wanted().front(), plain_tile(200, 100, 50));
      ASSERT_LE(tiles.tile_bytes(), kBytes);
    }
    EXPECT_LT(rounds, 500u) << "what does not fit is not asked for for ever";
  }
  EXPECT_GT(tiles.tile_bytes(), kBytes / 2);
}

TEST_F(Tiles, TakeTilesOfAnySize) {
  for (const auto& [width, height] : {std::pair{512, 512}, {1, 1}, {300, 200}, {1024, 1024}}) {
    const auto owned = layer_with(plain_map());
    BaseMapLayer& layer = *owned;
    const Camera camera = camera_at({120, 31}, 9);

    const Image image = filled(layer, camera, [&](TileId) {
      Image tile = plain_tile(200, 100, 50, std::max(width, height));
      tile.rgba.resize(static_cast<std::size_t>(width * height * 4));
      tile.width = width;
      tile.height = height;
      return tile;
    });

    EXPECT_EQ(count(image, 200, 100, 50), image.width * image.height) << width;
  }
}

TEST_F(Tiles, AskForALowerZoomOnceTheyProveTwiceAsLarge) {
  const auto owned = layer_with(plain_map());
  BaseMapLayer& layer = *owned;
  const Camera camera = camera_at({120, 31}, 9);
  layer.update(camera, false);
  const TileId before = layer.tiles()->wanted().back();

  layer.tiles()->add(layer.tiles()->wanted().front(), plain_tile(200, 100, 50, 512));

  EXPECT_EQ(layer.tiles()->wanted().back().zoom, before.zoom - 1);
}

TEST_F(Tiles, NeverShineBrighterThanAMachineAtWork) {
  for (const render::TileLook look : {render::TileLook::map, render::TileLook::photo}) {
    TileMap map;
    map.look = look;
    for (const bool dark : {true, false}) {
      const auto owned = layer_with(map, dark);
      BaseMapLayer& layer = *owned;
      const Camera camera = camera_at({120, 31}, 9);
      for (const auto& [r, g, b] :
           {std::tuple{255, 255, 255}, {0, 0, 0}, {255, 0, 0}, {0, 0, 255}}) {
        layer.rebuild();
        const Image image = filled(layer, camera, [&](TileId) {
          return plain_tile(static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g),
                            static_cast<std::uint8_t>(b));
        });
        const auto p = image.at(320, 180);
        const double light = (0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2]) / 255;
        if (dark) {
          EXPECT_LT(light, 0.42);
        } else {
          EXPECT_GT(light, 0.5);
        }
      }
    }
  }
}

/// Theme and look at two zooms: numbered tiles, one of them broken, one only there as its parent.
TEST_F(Tiles, LookAsTheyDid) {
  for (const bool dark : {true, false}) {
    for (const auto& [name, zoom] : {std::pair{"country", 4.6}, {"town", 9.2}}) {
      TileMap map;
      map.datum = Datum::gcj02;
      const auto owned = layer_with(map, dark);
      BaseMapLayer& layer = *owned;
      const Camera camera = camera_at({120.2, 31.6}, zoom);
      layer.update(camera, false);
      const auto wanted = layer.tiles()->wanted();
      const int own_zoom = wanted.back().zoom;  // the first of it is nearest the middle
      const TileId broken = *std::ranges::find(wanted, own_zoom, &TileId::zoom);
      for (int round = 0; round < 3; ++round) {
        for (const TileId tile : std::vector(layer.tiles()->wanted())) {
          if (tile == broken) {
            layer.tiles()->set_absent(tile);
          } else {
            layer.tiles()->add(tile, numbered_tile(tile));
          }
        }
      }
      layer.show_new_tiles();
      layer.update(camera, false);

      const Image image = screen_of(layer.update(camera, true), camera);

      EXPECT_TRUE(testing_support::matches_golden(
          std::string("tiles_") + (dark ? "dark_" : "light_") + name, image));
    }
  }
}

}  // namespace
