#include "net/tiles/pmtiles.hpp"

#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "net/tiles/directory_cache.hpp"
#include "net/tiles/pmtiles_format.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tile_sets.hpp"

namespace net {
namespace {

using ::testing::HasSubstr;
using testing_support::picture;
using testing_support::PmtilesShape;
using testing_support::PmtilesWriter;
using testing_support::text_of;

class Pmtiles : public ::testing::Test {
 protected:
  fleet::Result<std::unique_ptr<TileSource>> open(const std::string& bytes) {
    testing_support::write_file(path, bytes);
    return open_pmtiles(path);
  }
  /// A sound archive with one byte of its head another.
  fleet::Result<std::unique_ptr<TileSource>> open_with(std::size_t at, int value) {
    std::string bytes = archive({}, 2);
    bytes[at] = static_cast<char>(value);
    return open(bytes);
  }
  static std::string archive(PmtilesShape shape, int zoom_max) {
    PmtilesWriter writer(std::move(shape));
    for (const fleet::TileId tile : testing_support::pyramid(zoom_max))
      writer.add(tile, picture(tile));
    return writer.bytes();
  }

  testing_support::TemporaryFolder folder;
  std::filesystem::path path = folder.path / "set.pmtiles";
};

TEST(PmtilesNumber, CountsZoomsAndFollowsTheCurve) {
  // The examples of the specification.
  EXPECT_EQ(pmtiles::tile_number({0, 0, 0}), 0u);
  EXPECT_EQ(pmtiles::tile_number({1, 0, 0}), 1u);
  EXPECT_EQ(pmtiles::tile_number({1, 0, 1}), 2u);
  EXPECT_EQ(pmtiles::tile_number({1, 1, 1}), 3u);
  EXPECT_EQ(pmtiles::tile_number({1, 1, 0}), 4u);
  EXPECT_EQ(pmtiles::tile_number({2, 0, 0}), 5u);
  EXPECT_EQ(pmtiles::tile_number({12, 3423, 1763}), 19078479u);
}

TEST(PmtilesNumber, VisitsEachTileOnceAndStepsToANeighbour) {
  std::map<std::uint64_t, fleet::TileId> tiles;
  for (const fleet::TileId tile : testing_support::pyramid(6))
    tiles[pmtiles::tile_number(tile)] = tile;

  EXPECT_EQ(tiles.size(), testing_support::pyramid(6).size());
  EXPECT_EQ(tiles.rbegin()->first, tiles.size() - 1);
  for (auto at = std::next(tiles.begin()); at != tiles.end(); ++at) {
    const fleet::TileId a = std::prev(at)->second, b = at->second;
    if (a.zoom != b.zoom) continue;
    const auto apart = [](std::uint32_t p, std::uint32_t q) { return p > q ? p - q : q - p; };
    EXPECT_EQ(apart(a.x, b.x) + apart(a.y, b.y), 1u) << at->first;
  }
}

TEST(PmtilesNumber, FitsTheDeepestZoom) {
  const std::uint32_t last = (1u << fleet::kTileZoomMax) - 1;

  EXPECT_LT(pmtiles::tile_number({fleet::kTileZoomMax, last, last}),
            pmtiles::tile_number({fleet::kTileZoomMax, last, 0}));
}

TEST_F(Pmtiles, FindsEveryTileInEveryShape) {
  std::vector<PmtilesShape> shapes(6);
  shapes[1].packed = false;
  shapes[2].leaf = 7;
  shapes[3].leaf = 1;
  shapes[3].packed = false;
  shapes[4].clustered = false;
  shapes[5].leaf = 1000;
  shapes[5].clustered = false;
  for (const PmtilesShape& shape : shapes) {
    auto source = open(archive(shape, 4));
    ASSERT_TRUE(source) << source.error().what;

    for (const fleet::TileId tile : testing_support::pyramid(4)) {
      const auto bytes = (*source)->load(tile);
      ASSERT_TRUE(bytes) << bytes.error().what;
      EXPECT_EQ(text_of(bytes.value()), picture(tile));
    }
  }
}

TEST_F(Pmtiles, HasNothingWhereTheSetHasNothing) {
  PmtilesWriter writer;
  writer.add(fleet::TileId{3, 4, 4}, picture("one"));
  auto source = open(writer.bytes());
  ASSERT_TRUE(source) << source.error().what;

  for (const fleet::TileId tile :
       {fleet::TileId{0, 0, 0}, fleet::TileId{3, 4, 5}, fleet::TileId{4, 8, 8},
        fleet::TileId{-1, 0, 0}, fleet::TileId{3, 8, 0},
        fleet::TileId{fleet::kTileZoomMax + 1, 0, 0}}) {
    const auto bytes = (*source)->load(tile);
    ASSERT_TRUE(bytes) << bytes.error().what;
    EXPECT_TRUE(bytes.value().empty());
  }
}

TEST_F(Pmtiles, ShowsOnePictureForARunOfTiles) {
  PmtilesWriter writer;
  for (std::uint64_t number = 5; number < 21; ++number) writer.add(number, picture("sea"));
  writer.add(fleet::TileId{2, 0, 0}, picture("sea"));  // 5: tells the writer of zoom 2
  auto source = open(writer.bytes());
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_EQ(text_of((*source)->load({2, 0, 0}).value()), picture("sea"));
  EXPECT_EQ(text_of((*source)->load({2, 3, 0}).value()), picture("sea"));  // 20
  EXPECT_TRUE((*source)->load({3, 0, 0}).value().empty());                 // 21
  EXPECT_TRUE((*source)->load({1, 1, 0}).value().empty());                 // 4
}

TEST_F(Pmtiles, SaysWhatTheSetIs) {
  PmtilesShape shape;
  shape.metadata = R"({"name": "Roads", "attribution": "<a href='x'>&copy; Roads</a> Ltd",
                       "minzoom": 9, "vector_layers": [{"id": "x"}]})";
  shape.zoom_min = 1;
  shape.bounds_e7[0] = 1000000000;
  shape.bounds_e7[1] = 200000000;
  shape.bounds_e7[2] = 1200000000;
  shape.bounds_e7[3] = 450000000;

  auto source = open(archive(shape, 3));

  ASSERT_TRUE(source) << source.error().what;
  const TileSet& set = (*source)->about();
  EXPECT_EQ(set.name, "Roads");
  EXPECT_EQ(set.attribution, "\u00A9 Roads Ltd");
  EXPECT_EQ(set.zoom_min, 1);
  EXPECT_EQ(set.zoom_max, 3);
  EXPECT_EQ(set.south_west, (fleet::LonLat{100, 20}));
  EXPECT_EQ(set.north_east, (fleet::LonLat{120, 45}));
}

TEST_F(Pmtiles, IsNamedByItsFileAndCoversTheWorldUnlessItSaysOtherwise) {
  PmtilesShape shape;
  for (std::int32_t& edge : shape.bounds_e7) edge = 0;

  auto source = open(archive(shape, 0));

  ASSERT_TRUE(source) << source.error().what;
  EXPECT_EQ((*source)->about().name, "set");
  EXPECT_EQ((*source)->about().south_west, TileSet().south_west);
  EXPECT_EQ((*source)->about().north_east, TileSet().north_east);
}

TEST_F(Pmtiles, RefusesWhatItCannotShowWithASentence) {
  EXPECT_THAT(open_with(99, 1).error().what, HasSubstr("vector tiles"));
  EXPECT_THAT(open_with(99, 5).error().what, HasSubstr("PNG, JPEG or WebP"));
  EXPECT_THAT(open_with(97, 3).error().what, HasSubstr("directories are packed with brotli"));
  EXPECT_THAT(open_with(97, 0).error().what, HasSubstr("unknown"));
  EXPECT_THAT(open_with(98, 4).error().what, HasSubstr("tiles are packed with zstd"));
  EXPECT_THAT(open_with(98, 9).error().what, HasSubstr("unknown"));
  EXPECT_THAT(open_with(7, 2).error().what, HasSubstr("version 3"));
  EXPECT_THAT(open_with(0, 'Q').error().what, HasSubstr("no PMTiles"));
  EXPECT_THAT(open_with(100, 3).error().what, HasSubstr("zooms"));
  EXPECT_THAT(open("").error().what, HasSubstr("no PMTiles"));
  EXPECT_THAT(open(archive({}, 1).substr(0, 126)).error().what, HasSubstr("126"));
  EXPECT_THAT(open(PmtilesWriter().bytes()).error().what, HasSubstr("no tiles"));
  EXPECT_THAT(open_pmtiles(folder.path / "gone").error().what, HasSubstr("gone"));
}

TEST_F(Pmtiles, RefusesPartsThatAreNotInTheFile) {
  for (const std::size_t part : {0u, 1u, 2u, 3u}) {
    for (const std::size_t number : {0u, 8u}) {
      const auto refused = open_with(8 + part * 16 + number + 7, 0x7F);
      ASSERT_FALSE(refused) << part;
      EXPECT_THAT(refused.error().what, HasSubstr("the file ends at")) << part;
    }
  }
}

TEST_F(Pmtiles, TellsOfACutFileWhichTileIsLost) {
  const std::string whole = archive({}, 3);
  // Cut behind the directories; then the header's tile data is said to be shorter, and fits again.
  std::string cut = whole.substr(0, whole.size() - 5);
  EXPECT_THAT(open(cut).error().what, HasSubstr("the file ends at"));
  const auto length = static_cast<unsigned char>(cut[8 + 3 * 16 + 8]);
  ASSERT_GE(length, 5);
  cut[8 + 3 * 16 + 8] = static_cast<char>(length - 5);
  auto source = open(cut);
  ASSERT_TRUE(source) << source.error().what;

  int lost = 0;
  for (const fleet::TileId tile : testing_support::pyramid(3)) {
    const auto bytes = (*source)->load(tile);
    if (bytes) continue;
    ++lost;
    EXPECT_THAT(bytes.error().what, HasSubstr("directory is damaged"));
  }
  EXPECT_EQ(lost, 1);
}

TEST_F(Pmtiles, RefusesATileThatIsNoPicture) {
  PmtilesWriter writer;
  writer.add(fleet::TileId{0, 0, 0}, "<html>");
  writer.add(fleet::TileId{1, 0, 0}, testing_support::gzip("layers"));
  auto source = open(writer.bytes());
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_THAT((*source)->load({0, 0, 0}).error().what, HasSubstr("0/0/0 is no picture"));
  EXPECT_THAT((*source)->load({1, 0, 0}).error().what, HasSubstr("vector"));
}

TEST_F(Pmtiles, UnpacksTilesThatArePacked) {
  PmtilesShape shape;
  shape.tile_packing = 2;
  PmtilesWriter writer(shape);
  writer.add(fleet::TileId{0, 0, 0}, testing_support::gzip(picture("whole")));
  auto source = open(writer.bytes());
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_EQ(text_of((*source)->load({0, 0, 0}).value()), picture("whole"));
}

TEST_F(Pmtiles, TakesTilesUpToTheLimitAndNoLarger) {
  PmtilesWriter writer;
  const std::string full(kTileBytesMax - 8, 'x');
  writer.add(fleet::TileId{0, 0, 0}, picture(full));
  writer.add(fleet::TileId{1, 0, 0}, picture(full + "x"));
  auto source = open(writer.bytes());
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_EQ((*source)->load({0, 0, 0}).value().size(), kTileBytesMax);
  EXPECT_THAT((*source)->load({1, 0, 0}).error().what, HasSubstr("bytes"));
}

TEST_F(Pmtiles, RefusesADirectoryThatUnpacksToMoreThanTheLimit) {
  // A gzip of zeros: small in the file, as large as one likes outside.
  for (const std::size_t more : {0u, 1u}) {
    std::string bytes = archive({}, 0);
    const std::string bomb =
        testing_support::gzip(std::string(pmtiles::kDirectoryBytesMax + more, '\0'));
    const std::uint64_t offset = bytes.size(), length = bomb.size();
    for (int i = 0; i < 8; ++i) {
      bytes[8 + static_cast<std::size_t>(i)] = static_cast<char>(offset >> (8 * i));
      bytes[16 + static_cast<std::size_t>(i)] = static_cast<char>(length >> (8 * i));
    }
    const auto opened = open(bytes + bomb);
    ASSERT_FALSE(opened);
    // Zeros are a directory of no entries; one byte more, and it is not even looked at.
    EXPECT_THAT(opened.error().what, HasSubstr(more ? "gzip of more than" : "no tiles"));
  }
}

TEST_F(Pmtiles, EndsACircleOfLeaves) {
  PmtilesShape shape;
  shape.packed = false;
  shape.leaf = 1;
  PmtilesWriter writer(shape);
  writer.add(fleet::TileId{0, 0, 0}, picture("x"));
  std::string bytes = writer.bytes();
  // The leaf's entry leads to a leaf, itself: its run becomes 0.
  const std::string leaf = testing_support::pmtiles_directory({{0, 0, 9, 1}});
  const auto at = bytes.find(leaf, pmtiles::kHeaderBytes);
  ASSERT_NE(at, std::string::npos);
  bytes[at + 2] = 0;
  bytes[at + 3] = static_cast<char>(leaf.size());
  auto source = open(bytes);
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_THAT((*source)->load({0, 0, 0}).error().what, HasSubstr("directories"));
}

TEST_F(Pmtiles, AnswersSeveralThreadsAtOnce) {
  PmtilesShape shape;
  shape.leaf = 50;
  auto source = open(archive(shape, 5));
  ASSERT_TRUE(source) << source.error().what;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;

  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (const fleet::TileId tile : testing_support::pyramid(5)) {
        const auto bytes = (*source)->load(tile);
        if (!bytes || text_of(bytes.value()) != picture(tile)) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, 0);
}

TEST(PmtilesDirectory, RefusesEntriesThatOverlapOrRunBackwards) {
  const auto decode = [](const std::vector<pmtiles::Entry>& entries) {
    const std::string bytes = testing_support::pmtiles_directory(entries);
    return pmtiles::decode_directory(std::as_bytes(std::span(bytes)));
  };

  EXPECT_TRUE(decode({{0, 0, 5, 3}, {3, 5, 5, 1}}));
  EXPECT_THAT(decode({{0, 0, 5, 4}, {3, 5, 5, 1}}).error().what, HasSubstr("entry 1"));
  EXPECT_FALSE(decode({{3, 0, 5, 0}, {3, 5, 5, 1}}));
  EXPECT_FALSE(decode({{3, 0, 5, 1}, {1, 5, 5, 1}}));
  EXPECT_FALSE(decode({{0, 0, 0, 1}})) << "an entry of no bytes";
}

TEST(PmtilesDirectory, RefusesEveryCutOfADirectory) {
  const std::string whole =
      testing_support::pmtiles_directory({{0, 0, 500, 1}, {300, 500, 70000, 2}, {90000, 9, 1, 0}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = std::as_bytes(std::span(whole)).first(size);
    EXPECT_FALSE(pmtiles::decode_directory(cut)) << size;
  }
  EXPECT_TRUE(pmtiles::decode_directory(std::as_bytes(std::span(whole))));
}

TEST(PmtilesDirectory, RefusesMoreEntriesThanBytes) {
  std::string bytes;
  testing_support::put_varint(bytes, std::uint64_t{1} << 62);
  EXPECT_FALSE(pmtiles::decode_directory(std::as_bytes(std::span(bytes))));
}

TEST(PmtilesCache, KeepsTheLeavesUsedLastWithinItsBytes) {
  const std::vector<pmtiles::Entry> leaf(10, pmtiles::Entry{0, 0, 1, 1});
  const std::size_t size = leaf.size() * sizeof(pmtiles::Entry);
  pmtiles::DirectoryCache cache(2 * size);

  cache.put(1, leaf);
  cache.put(2, leaf);
  EXPECT_EQ(cache.bytes(), 2 * size);
  EXPECT_TRUE(cache.find(1, 0).held);  // 2 is now the one used longest ago
  cache.put(3, leaf);

  EXPECT_EQ(cache.bytes(), 2 * size);
  EXPECT_TRUE(cache.find(1, 0).held);
  EXPECT_FALSE(cache.find(2, 0).held);
  EXPECT_TRUE(cache.find(3, 0).held);
}

TEST(PmtilesCache, DoesNotKeepALeafLargerThanItself) {
  const std::vector<pmtiles::Entry> leaf(10, pmtiles::Entry{0, 0, 1, 1});
  pmtiles::DirectoryCache cache(10 * sizeof(pmtiles::Entry) - 1);

  cache.put(1, leaf);

  EXPECT_FALSE(cache.find(1, 0).held);
  EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace net
