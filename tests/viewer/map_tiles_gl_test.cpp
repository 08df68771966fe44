#include "viewer/tiles/map_tiles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "tests/support/base_picture.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/tile_pictures.hpp"
#include "tests/viewer/fake_tiles.hpp"

namespace {

using namespace std::chrono_literals;
using fleet::TileId;
using render::ComposerChoice;
using render::Image;
using render::MapFrame;
using render::MapRenderer;
using testing_support::FakeTiles;
using viewer::MapTiles;
using viewer::TileLoader;

std::vector<std::byte> file_of(int r, int g, int b) {
  return render::encode_png(testing_support::plain_tile(static_cast<std::uint8_t>(r),
                                                        static_cast<std::uint8_t>(g),
                                                        static_cast<std::uint8_t>(b), 64))
      .value();
}

class MapTilesGl : public testing_support::GlTest {
 protected:
  static MapFrame frame() {
    MapFrame frame;
    frame.camera = {fleet::world_from_lonlat({120, 31}), 9, 320, 180};
    frame.points = false;
    return frame;
  }

  static std::unique_ptr<MapRenderer> map_with(const net::TileSource& source,
                                               ComposerChoice composer) {
    auto map = std::make_unique<MapRenderer>(testing_support::shader_dir(),
                                             testing_support::synthetic_atlas(),
                                             render::dark_theme(), composer);
    map->set_tiles(viewer::tile_map(source.about(), fleet::Datum::wgs84, render::TileLook::plain));
    return map;
  }

  /// Draws until all tiles are there; time goes on by `step` with each picture.
  Image settled(MapRenderer& map, MapTiles& tiles, std::chrono::milliseconds step = 10ms) {
    testing_support::Target target(320, 180);
    for (int i = 0; i < 2000; ++i) {
      tiles.update(map, now_);
      map.draw(frame(), target.framebuffer());
      if (tiles.settled(map) && i > 1) return target.image();
      tiles.wait(10s);
      now_ += step;
    }
    ADD_FAILURE() << "never settles";
    return target.image();
  }

  MapTiles::Steady now_{1h};
};

int count(const Image& image, int r, int g, int b) {
  int n = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const auto p = image.at(x, y);
      n += std::abs(p[0] - r) <= 1 && std::abs(p[1] - g) <= 1 && std::abs(p[2] - b) <= 1;
    }
  }
  return n;
}

TEST_F(MapTilesGl, BringsEveryTileOfTheViewOntoTheMapWithBothComposers) {
  for (const ComposerChoice composer : {ComposerChoice::cpu, ComposerChoice::gpu}) {
    FakeTiles source([](TileId) { return file_of(90, 140, 60); });
    const auto owned = map_with(source, composer);
    MapRenderer& map = *owned;
    TileLoader loader(source);
    MapTiles tiles(loader);

    const Image image = settled(map, tiles);

    EXPECT_EQ(count(image, 90, 140, 60), 320 * 180) << map.stats().composer;
    EXPECT_GT(map.stats().tiles_drawn, 4u);
    EXPECT_GT(map.stats().tile_bytes, 4u * 64 * 64 * 4);
    EXPECT_EQ(tiles.failed() + tiles.absent(), 0u);
  }
}

TEST_F(MapTilesGl, ShowsTheOthersAndTellsTheFirstTroubleOnce) {
  FakeTiles source([](TileId tile) -> fleet::Result<std::vector<std::byte>> {
    if (tile.zoom == 8 && tile.x % 2 == 0) return fleet::Error{"tile gone"};
    if (tile.zoom == 8 && tile.y % 2 == 0) return std::vector<std::byte>();
    return file_of(90, 140, 60);
  });
  const auto owned = map_with(source, ComposerChoice::cpu);
  MapRenderer& map = *owned;
  TileLoader loader(source);
  MapTiles tiles(loader);

  const Image image = settled(map, tiles);

  EXPECT_EQ(count(image, 90, 140, 60), 320 * 180) << "parents in the place of those that lack";
  EXPECT_GT(tiles.failed(), 0u);
  EXPECT_EQ(tiles.failing(), tiles.failed());
  EXPECT_GT(tiles.absent(), 0u);
  EXPECT_EQ(tiles.take_trouble(), "tile gone");
  EXPECT_EQ(tiles.take_trouble(), "");
}

TEST_F(MapTilesGl, DrawsTheBaseMapAtMostFourTimesASecondWhileTilesCome) {
  FakeTiles source([](TileId) { return file_of(90, 140, 60); });
  const auto owned = map_with(source, ComposerChoice::cpu);
  MapRenderer& map = *owned;
  TileLoader loader(source);
  MapTiles tiles(loader);
  const auto begin = now_;

  settled(map, tiles, 20ms);

  const auto quarters = static_cast<std::uint64_t>((now_ - begin) / viewer::kTileRedrawEvery);
  // The first, one that becomes exact, the first tiles at once, the last at once.
  EXPECT_LE(map.stats().base_redraws, quarters + 4);
  const auto redraws = map.stats().base_redraws;
  settled(map, tiles, 1s);
  EXPECT_EQ(map.stats().base_redraws, redraws) << "a wall that stands still rests";
}

TEST_F(MapTilesGl, BringsThemAgainAfterTheMapWasMadeAnew) {
  FakeTiles source([](TileId) { return file_of(90, 140, 60); });
  const auto owned = map_with(source, ComposerChoice::cpu);
  MapRenderer& map = *owned;
  TileLoader loader(source);
  MapTiles tiles(loader);
  const Image before = settled(map, tiles);

  map.rebuild();
  const Image after = settled(map, tiles);

  EXPECT_EQ(before, after);
}

TEST_F(MapTilesGl, EndsWithoutWaitingForATileAndLeavesTheLoaderToTheNextMap) {
  FakeTiles source([](TileId) { return file_of(90, 140, 60); });
  TileLoader loader(source);
  Image before = Image::blank(1, 1);
  {
    const auto first = map_with(source, ComposerChoice::cpu);
    MapTiles tiles(loader);
    before = settled(*first, tiles);
    const auto asked = source.asked().size();
    source.hold();
    now_ += 1h;
    tiles.update(*first, now_);
    source.wait_for(asked + 1);
  }  // would hang here until the source answers

  const auto second = map_with(source, ComposerChoice::cpu);
  MapTiles tiles(loader);
  source.let_go();

  EXPECT_EQ(settled(*second, tiles), before);
}

TEST_F(MapTilesGl, ShowsWhatChangedAtTheSourceToAWallThatStandsStill) {
  std::atomic<int> green = 140;
  FakeTiles source([&](TileId) { return file_of(90, green, 60); });
  const auto owned = map_with(source, ComposerChoice::cpu);
  MapRenderer& map = *owned;
  TileLoader loader(source);
  MapTiles tiles(loader);
  settled(map, tiles);
  const auto redraws = map.stats().base_redraws;
  const auto asked = source.asked().size();

  now_ += 1h;
  settled(map, tiles);
  EXPECT_GT(source.asked().size(), asked);
  EXPECT_EQ(map.stats().base_redraws, redraws) << "nothing changed";
  green = 70;
  now_ += 1h;
  const Image image = settled(map, tiles, 300ms);

  EXPECT_EQ(count(image, 90, 70, 60), 320 * 180);
}

TEST_F(MapTilesGl, CountsPlacesThatShowOtherTilesInTheStead) {
  FakeTiles source([](TileId tile) -> fleet::Result<std::vector<std::byte>> {
    if (tile.zoom > 5) return std::vector<std::byte>();
    return file_of(90, 140, 60);
  });
  const auto owned = map_with(source, ComposerChoice::cpu);
  TileLoader loader(source);
  MapTiles tiles(loader);

  settled(*owned, tiles);

  EXPECT_EQ(owned->stats().tiles_drawn, 0u);
  EXPECT_GT(owned->stats().tiles_stand_in, 3u);
}

}  // namespace
