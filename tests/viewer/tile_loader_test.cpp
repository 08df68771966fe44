#include "viewer/tiles/tile_loader.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "render/tiles/tile_map.hpp"
#include "tests/support/tile_server.hpp"
#include "tests/viewer/fake_tiles.hpp"

namespace {

using namespace std::chrono_literals;
using fleet::TileId;
using testing_support::FakeTiles;
using viewer::LoadedTile;
using viewer::TileLoader;
using Outcome = viewer::LoadedTile::Outcome;

const TileLoader::Steady kStart{1h};

std::vector<std::byte> picture_file() {
  static const auto bytes = [] {
    render::Image image = render::Image::blank(2, 2);
    return render::encode_png(image).value();
  }();
  return bytes;
}

FakeTiles::Answer pictures() {
  return [](TileId) { return picture_file(); };
}

std::vector<TileId> row(std::uint32_t count, int zoom = 9) {
  std::vector<TileId> tiles;
  for (std::uint32_t x = 0; x < count; ++x) tiles.push_back({zoom, x, 1});
  return tiles;
}

/// Everything that is under way, in the order it came.
std::vector<LoadedTile> all_of(TileLoader& loader, TileLoader::Steady now = kStart) {
  std::vector<LoadedTile> all;
  while (!loader.idle()) {
    loader.wait(10s);
    while (auto loaded = loader.take(now)) all.push_back(std::move(*loaded));
  }
  return all;
}

TEST(TileLoader, LoadsWhatIsWantedInThatOrder) {
  FakeTiles source(pictures());
  TileLoader loader(source, 1);

  loader.want(row(40), {}, kStart);
  const auto all = all_of(loader);

  ASSERT_EQ(all.size(), 40u);
  for (std::uint32_t x = 0; x < 40; ++x) {
    EXPECT_EQ(all[x].tile, (TileId{9, x, 1}));
    EXPECT_EQ(all[x].outcome, Outcome::picture);
    EXPECT_EQ(all[x].picture.width, 2);
  }
}

TEST(TileLoader, ForgetsWhatIsNoLongerWanted) {
  FakeTiles source(pictures());
  source.hold();
  TileLoader loader(source, 1);
  loader.want(row(30, 9), {}, kStart);
  source.wait_for(1);

  loader.want(row(3, 10), {}, kStart);
  source.let_go();
  const auto all = all_of(loader);

  EXPECT_EQ(source.asked().size(), 4u) << "the one being read, and the new ones";
  ASSERT_EQ(all.size(), 3u) << "what was read too late is dropped";
  for (const LoadedTile& loaded : all) EXPECT_EQ(loaded.tile.zoom, 10);
}

TEST(TileLoader, AsksForEachTileOnceHoweverOftenItIsWanted) {
  FakeTiles source(pictures());
  source.hold();
  TileLoader loader(source, 2);
  for (int i = 0; i < 5; ++i) loader.want(row(6), {}, kStart);
  source.wait_for(2);
  for (int i = 0; i < 5; ++i) loader.want(row(6), {}, kStart);
  source.let_go();

  while (!loader.idle()) {
    loader.wait(10s);
    loader.want(row(6), {}, kStart);
    if (source.asked().size() == 6) all_of(loader);
  }

  EXPECT_EQ(source.asked().size(), 6u);
}

TEST(TileLoader, ReadsNoFurtherThanItsPicturesAreTaken) {
  FakeTiles source(pictures());
  TileLoader loader(source, 2);

  loader.want(row(100), {}, kStart);
  source.wait_for(viewer::kTilesReadyMax);
  // All hundred are there in a millisecond where nothing bounds them.
  EXPECT_FALSE(source.comes_to(viewer::kTilesReadyMax + 1, 200ms));
  ASSERT_TRUE(loader.take(kStart).has_value());
  source.wait_for(viewer::kTilesReadyMax + 1);
  EXPECT_FALSE(source.comes_to(viewer::kTilesReadyMax + 2, 200ms));

  EXPECT_EQ(all_of(loader).size(), 99u);
}

TEST(TileLoader, AsksAfterAnHourAgainForWhatTheSetDidNotHave) {
  std::atomic<bool> built = false;
  FakeTiles source([&](TileId) { return built ? picture_file() : std::vector<std::byte>(); });
  TileLoader loader(source, 1);

  loader.want(row(1), {}, kStart);
  EXPECT_EQ(all_of(loader).at(0).outcome, Outcome::absent);
  loader.want(row(1), {}, kStart + 1h - 1ms);
  EXPECT_TRUE(loader.idle());
  EXPECT_FALSE(loader.due(kStart + 1h - 1ms));
  built = true;
  EXPECT_TRUE(loader.due(kStart + 1h));
  loader.want(row(1), {}, kStart + 1h);

  EXPECT_EQ(all_of(loader, kStart + 1h).at(0).outcome, Outcome::picture);
  EXPECT_EQ(loader.counts().absent, 1u);
}

TEST(TileLoader, AsksAtOnceForWhatTheSetDidNotHaveWhenItComesBackIntoView) {
  FakeTiles source([](TileId) { return std::vector<std::byte>(); });
  TileLoader loader(source, 1);
  loader.want(row(1), {}, kStart);
  all_of(loader);

  loader.want({}, {}, kStart);
  loader.want(row(1), {}, kStart);

  EXPECT_EQ(all_of(loader).size(), 1u);
}

TEST(TileLoader, HandsAShownPictureOverAgainOnlyIfItsFileIsAnother) {
  std::atomic<int> side = 2;
  FakeTiles source(
      [&](TileId) { return render::encode_png(render::Image::blank(side, side)).value(); });
  TileLoader loader(source, 1);
  loader.want(row(1), {}, kStart);
  all_of(loader);
  loader.want({}, row(1), kStart);
  EXPECT_TRUE(loader.idle()) << "not due";

  EXPECT_TRUE(loader.due(kStart + 1h));
  loader.want({}, row(1), kStart + 1h);
  EXPECT_EQ(all_of(loader, kStart + 1h).at(0).outcome, Outcome::same);
  EXPECT_FALSE(loader.due(kStart + 2h - 1ms));
  side = 3;
  EXPECT_TRUE(loader.due(kStart + 2h));
  loader.want({}, row(1), kStart + 2h);
  const auto all = all_of(loader, kStart + 2h);

  EXPECT_EQ(all.at(0).outcome, Outcome::picture);
  EXPECT_EQ(all.at(0).picture.width, 3);
}

TEST(TileLoader, KeepsAShownPictureThatCannotBeReadAnyMoreAndAsksSoon) {
  std::atomic<bool> gone = false;
  FakeTiles source([&](TileId) -> fleet::Result<std::vector<std::byte>> {
    if (gone) return fleet::Error{"gone"};
    return picture_file();
  });
  TileLoader loader(source, 1);
  loader.want(row(1), {}, kStart);
  all_of(loader);
  gone = true;

  loader.want({}, row(1), kStart + 1h);

  EXPECT_EQ(all_of(loader, kStart + 1h).at(0).outcome, Outcome::same);
  EXPECT_EQ(loader.counts().failed, 0u);
  EXPECT_TRUE(loader.due(kStart + 1h + viewer::kTileRetryMost));
}

TEST(TileLoader, KeepsAShownPictureWhoseNewFileIsBroken) {
  std::atomic<bool> broken = false;
  FakeTiles source(
      [&](TileId) { return broken ? std::vector<std::byte>(20, std::byte{7}) : picture_file(); });
  TileLoader loader(source, 1);
  loader.want(row(1), {}, kStart);
  all_of(loader);
  broken = true;

  loader.want({}, row(1), kStart);  // remembers that it is shown
  loader.want({}, row(1), kStart + 1h);

  EXPECT_EQ(all_of(loader, kStart + 1h).at(0).outcome, Outcome::same);
  EXPECT_TRUE(loader.due(kStart + 1h + viewer::kTileRetryMost)) << "not for another hour";
}

TEST(TileLoader, AsksSoonForWhatCameWhileTheServerWasAway) {
  FakeTiles source(pictures());
  source.away = true;
  TileLoader loader(source, 1);
  loader.want(row(1), {}, kStart);
  all_of(loader);
  source.away = false;

  EXPECT_FALSE(loader.due(kStart + 59s));
  EXPECT_TRUE(loader.due(kStart + 60s));
  loader.want({}, row(1), kStart + 60s);

  EXPECT_EQ(all_of(loader, kStart + 60s).size(), 1u);
  EXPECT_FALSE(loader.due(kStart + 60s + 1h - 1ms));
}

TEST(TileLoader, IsNotDueWhileWhatWasDueIsUnderWay) {
  FakeTiles source(
      [](TileId) -> fleet::Result<std::vector<std::byte>> { return fleet::Error{"tired"}; });
  TileLoader loader(source, 1);
  loader.want(row(3), {}, kStart);
  all_of(loader);
  source.hold();

  EXPECT_TRUE(loader.due(kStart + 5s));
  loader.want(row(3), {}, kStart + 5s);
  EXPECT_FALSE(loader.due(kStart + 5s)) << "would be asked for in each frame";
  source.let_go();

  EXPECT_EQ(all_of(loader, kStart + 6s).size(), 3u);
  EXPECT_TRUE(loader.due(kStart + 16s));
}

TEST(TileLoader, AsksForAShownPictureThatTheMapLostMeanwhile) {
  FakeTiles source(pictures());
  TileLoader loader(source, 1);
  loader.want(row(1), {}, kStart);
  all_of(loader);
  source.hold();
  loader.want({}, row(1), kStart + 1h);
  source.wait_for(2);

  loader.want(row(1), {}, kStart + 1h);
  source.let_go();
  EXPECT_EQ(all_of(loader, kStart + 1h).at(0).outcome, Outcome::same);
  EXPECT_TRUE(loader.due(kStart + 1h));
  loader.want(row(1), {}, kStart + 1h);

  EXPECT_EQ(all_of(loader, kStart + 1h).at(0).outcome, Outcome::picture);
}

TEST(TileLoader, DoesNotWaitForAServerThatHangsWhenItEnds) {
  std::promise<void> asked;
  testing_support::TileServer server([&](const testing_support::TileRequest&) {
    asked.set_value();
    return std::nullopt;
  });
  ::setenv("no_proxy", "127.0.0.1", 1);
  net::TileSourceOptions options;
  options.from = server.tiles();
  auto source = std::move(net::open_tile_source(options).value());
  auto loader = std::make_unique<TileLoader>(*source, 1);
  loader->want(row(1), {}, kStart);
  asked.get_future().wait();

  auto ending = std::async(std::launch::async, [&] { loader.reset(); });

  // A server that answers nothing is given up after 15 s.
  EXPECT_EQ(ending.wait_for(8s), std::future_status::ready);
}

TEST(TileLoader, TriesAFailedTileAgainAfterAWhileThatDoubles) {
  FakeTiles source([](TileId) -> fleet::Result<std::vector<std::byte>> {
    return fleet::Error{"tile 9/0/1: the server is tired"};
  });
  TileLoader loader(source, 1);
  auto now = kStart;

  loader.want(row(1), {}, now);
  EXPECT_EQ(all_of(loader, now).at(0).error, "tile 9/0/1: the server is tired");
  for (const auto after : {5s, 10s, 20s, 40s, 60s, 60s, 60s}) {
    EXPECT_FALSE(loader.due(now + after - 1ms));
    loader.want(row(1), {}, now + after - 1ms);
    EXPECT_TRUE(loader.idle());
    now += after;
    EXPECT_TRUE(loader.due(now));
    loader.want(row(1), {}, now);
    EXPECT_EQ(all_of(loader, now).size(), 1u);
    EXPECT_EQ(loader.failing(), 1u);
  }
}

TEST(TileLoader, CountsATileThatCameAfterAllAsFailingNoMore) {
  bool tired = true;
  FakeTiles source([&tired](TileId) -> fleet::Result<std::vector<std::byte>> {
    if (tired) return fleet::Error{"tired"};
    return picture_file();
  });
  TileLoader loader(source, 1);
  loader.want(row(2), {}, kStart);
  all_of(loader);
  EXPECT_EQ(loader.failing(), 2u);
  tired = false;

  loader.want(row(2), {}, kStart + 5s);
  all_of(loader, kStart + 5s);

  EXPECT_EQ(loader.failing(), 0u);
  EXPECT_FALSE(loader.due(kStart + 1h)) << "as for any picture";
}

TEST(TileLoader, NamesTheTileThatIsNoPicture) {
  FakeTiles source([](TileId) { return std::vector<std::byte>(3, std::byte{'?'}); });
  TileLoader loader(source, 1);

  loader.want(row(1), {}, kStart);
  const auto all = all_of(loader);

  EXPECT_EQ(all.at(0).outcome, Outcome::failed);
  EXPECT_EQ(all.at(0).error,
            "tile 9/0/1: not a picture: expected PNG, JPEG or WebP, found 3f 3f 3f ...");
}

TEST(TileLoader, RefusesATileLargerThanTheMapTakes) {
  const auto sized = [](int side) {
    return [side](TileId) { return render::encode_png(render::Image::blank(side, 1)).value(); };
  };
  FakeTiles fits(sized(render::kTileSidePxMax)), large(sized(render::kTileSidePxMax + 1));
  TileLoader one(fits, 1), other(large, 1);

  one.want(row(1), {}, kStart);
  other.want(row(1), {}, kStart);

  EXPECT_EQ(all_of(one).at(0).outcome, Outcome::picture);
  EXPECT_EQ(all_of(other).at(0).outcome, Outcome::failed);
}

TEST(TileLoader, RemembersOnlySoManyWishes) {
  FakeTiles source(pictures());
  TileLoader loader(source, 2);
  std::vector<TileId> many;
  for (std::uint32_t x = 0; x <= viewer::kTilesWantedMax; ++x) many.push_back({20, x, 0});

  loader.want(many, {}, kStart);

  EXPECT_EQ(all_of(loader).size(), viewer::kTilesWantedMax);
}

TEST(TileLoader, EndsWhileMuchIsWanted) {
  FakeTiles source(pictures());
  source.hold();
  {
    TileLoader loader(source, 2);
    loader.want(row(1000), {}, kStart);
    source.wait_for(2);
    source.let_go();
  }
  EXPECT_LT(source.asked().size(), 1000u);
}

}  // namespace
