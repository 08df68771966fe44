#include "net/tiles/mbtiles.hpp"

#include <gmock/gmock.h>

#include <future>
#include <limits>
#include <thread>

#include "tests/support/temporary_folder.hpp"
#include "tests/support/tile_sets.hpp"

namespace net {
namespace {

using ::testing::HasSubstr;
using testing_support::MbtilesShape;
using testing_support::picture;
using testing_support::text_of;

class Mbtiles : public ::testing::Test {
 protected:
  using Tiles = std::vector<std::pair<fleet::TileId, std::string>>;

  static Tiles all(int zoom_max) {
    Tiles tiles;
    for (const fleet::TileId tile : testing_support::pyramid(zoom_max))
      tiles.emplace_back(tile, picture(tile));
    return tiles;
  }
  fleet::Result<std::unique_ptr<TileSource>> open(const MbtilesShape& shape, const Tiles& tiles) {
    testing_support::write_mbtiles(path, shape, tiles);
    return open_mbtiles(path);
  }
  void change(const char* sql) {
    auto db = sqlite::Database::open(path, sqlite::Database::Mode::write);
    ASSERT_TRUE(db) << db.error().what;
    const auto done = db->run(sql);
    ASSERT_TRUE(done) << done.error().what;
  }

  testing_support::TemporaryFolder folder;
  std::filesystem::path path = folder.path / "set 1 & 2%.mbtiles";
};

TEST_F(Mbtiles, FindsEveryTileInTablesAndViewsWithAndWithoutAnIndex) {
  for (const bool view : {false, true}) {
    for (const bool index : {false, true}) {
      MbtilesShape shape;
      shape.view = view;
      shape.index = index;
      std::filesystem::remove(path);
      auto source = open(shape, all(3));
      ASSERT_TRUE(source) << source.error().what;

      for (const fleet::TileId tile : testing_support::pyramid(3)) {
        const auto bytes = (*source)->load(tile);
        ASSERT_TRUE(bytes) << bytes.error().what;
        EXPECT_EQ(text_of(bytes.value()), picture(tile));
      }
    }
  }
}

TEST_F(Mbtiles, CountsRowsFromTheSouth) {
  auto source = open({}, {{{2, 1, 0}, picture("north")}, {{2, 1, 3}, picture("south")}});
  ASSERT_TRUE(source) << source.error().what;

  auto db = sqlite::Database::open(path, sqlite::Database::Mode::read);
  EXPECT_EQ(
      db->number("SELECT tile_row FROM tiles WHERE hex(tile_data) LIKE '%6E6F727468'").value(), 3);
  EXPECT_EQ(text_of((*source)->load({2, 1, 0}).value()), picture("north"));
  EXPECT_TRUE((*source)->load({2, 1, 1}).value().empty());
}

TEST_F(Mbtiles, SaysWhatItsMetadataSay) {
  MbtilesShape shape;
  shape.words = {{"name", "Streets"},         {"attribution", "&copy; <b>Us</b>"},
                 {"bounds", "100,20,120,45"}, {"minzoom", "1"},
                 {"maxzoom", "14"},           {"format", "png"}};

  auto source = open(shape, all(1));

  ASSERT_TRUE(source) << source.error().what;
  const TileSet& set = (*source)->about();
  EXPECT_EQ(set.name, "Streets");
  EXPECT_EQ(set.attribution, "\u00A9 Us");
  EXPECT_EQ(set.zoom_min, 1);
  EXPECT_EQ(set.zoom_max, 14);
  EXPECT_EQ(set.south_west, (fleet::LonLat{100, 20}));
  EXPECT_EQ(set.north_east, (fleet::LonLat{120, 45}));
}

TEST_F(Mbtiles, MeasuresWhatItsMetadataDoNotSay) {
  for (const bool metadata : {true, false}) {
    MbtilesShape shape;
    shape.metadata = metadata;
    if (metadata) shape.words = {{"bounds", "rubbish"}, {"maxzoom", "9"}, {"minzoom", "x"}};
    std::filesystem::remove(path);

    // The north-east quarter of the world at zoom 3, less its outer ring.
    auto source = open(
        shape, {{{2, 2, 1}, picture("a")}, {{3, 4, 1}, picture("b")}, {{3, 6, 3}, picture("c")}});

    ASSERT_TRUE(source) << source.error().what;
    const TileSet& set = (*source)->about();
    EXPECT_EQ(set.name, "set 1 & 2%");
    EXPECT_EQ(set.zoom_min, 2);
    EXPECT_EQ(set.zoom_max, 3);
    EXPECT_NEAR(set.south_west.lon_deg, 0, 1e-9);
    EXPECT_NEAR(set.south_west.lat_deg, 0, 1e-9);
    EXPECT_NEAR(set.north_east.lon_deg, 135, 1e-9);
    EXPECT_NEAR(set.north_east.lat_deg, 79.17133464, 1e-6);
  }
}

TEST_F(Mbtiles, RefusesVectorsByWordAndByTile) {
  MbtilesShape shape;
  shape.words = {{"format", "pbf"}};
  EXPECT_THAT(open(shape, all(0)).error().what, HasSubstr("vector tiles"));

  std::filesystem::remove(path);
  EXPECT_THAT(open({}, {{{0, 0, 0}, testing_support::gzip("layers")}}).error().what,
              HasSubstr("vector tiles"));

  std::filesystem::remove(path);
  EXPECT_THAT(open({}, {{{0, 0, 0}, "text"}}).error().what, HasSubstr("no pictures"));
}

TEST_F(Mbtiles, RefusesWhatIsNoSetWithASentence) {
  EXPECT_THAT(open_mbtiles(path).error().what, HasSubstr("No such file"));
  EXPECT_THAT(open_mbtiles(folder.path).error().what, HasSubstr("no file"));

  testing_support::write_file(path, "PMTiles and more than sixteen bytes");
  EXPECT_THAT(open_mbtiles(path).error().what, HasSubstr("no MBTiles set"));

  testing_support::write_file(path, "");
  EXPECT_THAT(open_mbtiles(path).error().what, HasSubstr("no MBTiles set"));

  std::filesystem::remove(path);
  EXPECT_THAT(open({}, {}).error().what, HasSubstr("no tiles"));

  std::filesystem::remove(path);
  auto db = sqlite::Database::open(path, sqlite::Database::Mode::create);
  ASSERT_TRUE(db->run("CREATE TABLE other(x)"));
  EXPECT_THAT(open_mbtiles(path).error().what, HasSubstr("\"tiles\""));
}

TEST_F(Mbtiles, RefusesZoomsThatNoMapHas) {
  for (const char* const zoom : {"-1", "23", "9000000000000"}) {
    std::filesystem::remove(path);
    testing_support::write_mbtiles(path, {}, all(0));
    change((std::string("UPDATE tiles SET zoom_level=") + zoom).c_str());

    EXPECT_THAT(open_mbtiles(path).error().what, HasSubstr(zoom));
  }
}

TEST_F(Mbtiles, LosesOneTileWhereItIsNoPicture) {
  auto source = open({}, {{{0, 0, 0}, picture("good")}, {{1, 0, 0}, "<html>"}});
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_THAT((*source)->load({1, 0, 0}).error().what, HasSubstr("1/0/0 is no picture"));
  EXPECT_EQ(text_of((*source)->load({0, 0, 0}).value()), picture("good"));
}

TEST_F(Mbtiles, SaysThatADamagedFileIsDamagedOrReadsPastIt) {
  Mbtiles::Tiles tiles = all(3);
  for (auto& [tile, bytes] : tiles) bytes += std::string(3000, 'x');
  testing_support::write_mbtiles(path, {}, tiles);
  const auto size = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, size / 2);

  auto source = open_mbtiles(path);

  int lost = 0;
  if (!source) {
    EXPECT_THAT(source.error().what, HasSubstr("damaged"));
    return;
  }
  for (const fleet::TileId tile : testing_support::pyramid(3)) {
    const auto bytes = (*source)->load(tile);
    if (bytes) continue;
    ++lost;
    EXPECT_THAT(bytes.error().what, HasSubstr("damaged"));
    EXPECT_THAT(bytes.error().what, HasSubstr("set 1 & 2%"));
  }
  EXPECT_GT(lost, 0);
}

TEST_F(Mbtiles, TakesTilesUpToTheLimitAndNoLarger) {
  const std::string full(kTileBytesMax - 8, 'x');
  auto source = open({}, {{{0, 0, 0}, picture(full)}, {{1, 0, 0}, picture(full + "x")}});
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_EQ((*source)->load({0, 0, 0}).value().size(), kTileBytesMax);
  EXPECT_THAT((*source)->load({1, 0, 0}).error().what, HasSubstr("at most"));
}

/// A set whose one tile has no end of rows before it, and whose rows are `data`.
void write_endless(const std::filesystem::path& path, const std::string& data) {
  MbtilesShape shape;
  shape.words = {{"minzoom", "0"}, {"maxzoom", "5"}, {"bounds", "0,0,10,10"}};
  testing_support::write_mbtiles(path, shape, {});
  auto db = sqlite::Database::open(path, sqlite::Database::Mode::write);
  const std::string sql =
      "DROP TABLE tiles; CREATE VIEW tiles AS WITH RECURSIVE n(i) AS"
      " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 0 AS zoom_level, i AS tile_column,"
      " 0 AS tile_row, " +
      data + " AS tile_data FROM n";
  testing_support::must(db->run(sql.c_str()));
}

TEST_F(Mbtiles, GivesUpAQueryThatDoesNotEnd) {
  write_endless(path, "x'89504E470D0A1A0A'");
  auto source = open_mbtiles(path, {1'000'000, 1'000'000});
  ASSERT_TRUE(source) << source.error().what;

  for (int i = 0; i < 2; ++i)
    EXPECT_THAT((*source)->load({0, 0, 0}).error().what, HasSubstr("takes too long"));

  change("DELETE FROM metadata");
  EXPECT_THAT(open_mbtiles(path, {1'000'000, 1'000'000}).error().what, HasSubstr("takes too long"));
}

TEST_F(Mbtiles, StopsAQueryThatIsUnderWay) {
  write_endless(path, "x'89504E470D0A1A0A'");
  constexpr auto kNever = std::numeric_limits<std::int64_t>::max();
  auto source = open_mbtiles(path, {kNever, kNever});
  ASSERT_TRUE(source) << source.error().what;
  std::promise<void> begins;
  auto loading = std::async(std::launch::async, [&] {
    begins.set_value();
    return (*source)->load({0, 0, 0});
  });
  begins.get_future().wait();

  (*source)->stop();

  EXPECT_THAT(loading.get().error().what, HasSubstr("stopped"));
  EXPECT_THAT((*source)->load({0, 0, 0}).error().what, HasSubstr("stopped"));
}

TEST_F(Mbtiles, ReadsNoValueThatIsTooLarge) {
  MbtilesShape shape;
  shape.words = {{"minzoom", "0"}, {"maxzoom", "1"}, {"bounds", "0,0,10,10"}};
  testing_support::write_mbtiles(path, shape, {});
  change(
      "DROP TABLE tiles; CREATE VIEW tiles AS SELECT 0 AS zoom_level, 0 AS tile_column,"
      " 0 AS tile_row, x'89504E470D0A1A0A' AS tile_data"
      " UNION ALL SELECT 1, 0, 0, zeroblob(1000000000 + abs(random() % 10))");
  auto source = open_mbtiles(path);
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_TRUE((*source)->load({0, 0, 0}));
  EXPECT_THAT((*source)->load({1, 0, 1}).error().what, HasSubstr("too large"));
}

TEST_F(Mbtiles, SeesWhatAnotherProgramWritesMeanwhile) {
  auto source = open({}, all(1));
  ASSERT_TRUE(source) << source.error().what;
  ASSERT_TRUE((*source)->load({1, 0, 0}));

  // Would fail, or go unseen, were the file held open as one that nobody writes.
  change("UPDATE tiles SET tile_data=CAST(x'89504E470D0A1A0A' || 'new' AS BLOB)");

  EXPECT_EQ(text_of((*source)->load({1, 0, 0}).value()), picture("new"));
}

TEST_F(Mbtiles, ReadsASetLeftInWalForm) {
  testing_support::write_mbtiles(path, {}, all(1));
  change("PRAGMA journal_mode=WAL");

  auto source = open_mbtiles(path);

  ASSERT_TRUE(source) << source.error().what;
  EXPECT_EQ(text_of((*source)->load({1, 1, 0}).value()), picture(fleet::TileId{1, 1, 0}));
}

TEST_F(Mbtiles, ReadsAFrozenFileWhateverItsName) {
  testing_support::write_mbtiles(path, {}, all(1));

  auto db = sqlite::Database::open(path, sqlite::Database::Mode::frozen);

  ASSERT_TRUE(db) << db.error().what;
  EXPECT_EQ(db->number("SELECT count(*) FROM tiles").value(), 5);
}

TEST_F(Mbtiles, AnswersSeveralThreadsAtOnce) {
  auto source = open({}, all(4));
  ASSERT_TRUE(source) << source.error().what;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;

  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (const fleet::TileId tile : testing_support::pyramid(4)) {
        const auto bytes = (*source)->load(tile);
        if (!bytes || text_of(bytes.value()) != picture(tile)) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace net
