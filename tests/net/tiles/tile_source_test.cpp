// What is opened for what, folders of tiles, and the words of sets.
#include "net/tiles/tile_source.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "net/tiles/picture.hpp"
#include "net/tiles/set_words.hpp"
#include "net/tiles/url_template.hpp"
#include "tests/support/shared_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tile_sets.hpp"

namespace net {
namespace {

using ::testing::HasSubstr;
using testing_support::picture;
using testing_support::text_of;
using testing_support::write_file;

fleet::Result<std::unique_ptr<TileSource>> open(const std::filesystem::path& from) {
  TileSourceOptions options;
  options.from = from.string();
  return open_tile_source(options);
}

TEST(TileSource, OpensASetByWhatItIsNotByItsName) {
  const testing_support::TemporaryFolder folder;
  testing_support::PmtilesWriter writer;
  writer.add(fleet::TileId{0, 0, 0}, picture("pm"));
  write_file(folder.path / "a.tiles", writer.bytes());
  testing_support::write_mbtiles(folder.path / "b.tiles", {}, {{{0, 0, 0}, picture("mb")}});

  auto pm = open(folder.path / "a.tiles"), mb = open(folder.path / "b.tiles");

  ASSERT_TRUE(pm) << pm.error().what;
  ASSERT_TRUE(mb) << mb.error().what;
  EXPECT_EQ(text_of((*pm)->load({0, 0, 0}).value()), picture("pm"));
  EXPECT_EQ(text_of((*mb)->load({0, 0, 0}).value()), picture("mb"));
}

TEST(TileSource, NamesWhatWasExpectedAndWhatWasFound) {
  const testing_support::TemporaryFolder folder;
  write_file(folder.path / "short", "x");
  write_file(folder.path / "picture.png", picture("just one"));

  EXPECT_THAT(open("").error().what, HasSubstr("found nothing"));
  EXPECT_THAT(open(folder.path / "gone.mbtiles").error().what, HasSubstr("gone.mbtiles"));
  EXPECT_THAT(open(folder.path / "gone.mbtiles").error().what, HasSubstr("nothing of this name"));
  EXPECT_THAT(open(folder.path / "short").error().what, HasSubstr("begins like neither"));
  EXPECT_THAT(open(folder.path / "picture.png").error().what, HasSubstr("begins like neither"));
  EXPECT_THAT(open("/dev/null").error().what, HasSubstr("neither file nor folder"));
  EXPECT_THAT(open("ftp://host/{z}/{x}/{y}").error().what, HasSubstr("another kind of address"));
}

TEST(TileSource, OpensAServerWithoutAskingIt) {
  TileSourceOptions options;
  options.from = "https://nobody.invalid/{z}/{x}/{y}.png";

  auto source = open_tile_source(options);

  ASSERT_TRUE(source) << source.error().what;
  EXPECT_EQ((*source)->about().name, "https://nobody.invalid");
  EXPECT_EQ((*source)->about().zoom_min, 0);
  EXPECT_EQ((*source)->about().zoom_max, fleet::kTileZoomMax);
}

TEST(TileSource, SaysWhenTheCacheCannotBeMade) {
  const testing_support::TemporaryFolder folder;
  write_file(folder.path / "file", "x");
  TileSourceOptions options;
  options.from = "https://nobody.invalid/{z}/{x}/{y}.png";
  options.cache_dir = (folder.path / "file" / "cache").string();

  EXPECT_THAT(open_tile_source(options).error().what, HasSubstr("file/cache"));
}

TEST(TileFolder, LoadsTilesOfEveryEnding) {
  const testing_support::TemporaryFolder folder;
  write_file(folder.path / "3/1/2.png", picture("png"));
  write_file(folder.path / "3/1/3.jpg", "\xff\xd8\xff jpg");
  write_file(folder.path / "3/1/4.jpeg", "\xff\xd8\xff jpeg");
  write_file(folder.path / "5/0/0.webp", "RIFF1234WEBP");
  auto source = open(folder.path);
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_EQ(text_of((*source)->load({3, 1, 2}).value()), picture("png"));
  EXPECT_EQ(text_of((*source)->load({3, 1, 3}).value()), "\xff\xd8\xff jpg");
  EXPECT_EQ(text_of((*source)->load({3, 1, 4}).value()), "\xff\xd8\xff jpeg");
  EXPECT_EQ(text_of((*source)->load({5, 0, 0}).value()), "RIFF1234WEBP");
  EXPECT_EQ(text_of((*source)->load({3, 1, 2}).value()), picture("png"));
  EXPECT_TRUE((*source)->load({3, 2, 2}).value().empty());
  EXPECT_TRUE((*source)->load({4, 0, 0}).value().empty());
}

TEST(TileFolder, FindsItsZoomsAmongOtherThings) {
  const testing_support::TemporaryFolder folder;
  write_file(folder.path / "4/1/2.png", picture("a"));
  write_file(folder.path / "11/1/2.png", picture("b"));
  write_file(folder.path / "13/readme.txt", "no columns");
  write_file(folder.path / "023/1/2.png", picture("no zoom"));
  write_file(folder.path / "23/1/2.png", picture("too deep"));
  write_file(folder.path / "notes/1/2.png", picture("no zoom"));
  write_file(folder.path / "2", "a file");

  auto source = open(folder.path / "");

  ASSERT_TRUE(source) << source.error().what;
  EXPECT_EQ((*source)->about().zoom_min, 4);
  EXPECT_EQ((*source)->about().zoom_max, 11);
  EXPECT_EQ((*source)->about().name, folder.path.filename().string());
}

TEST(TileFolder, TakesTheWordsOfMetadataBesideIt) {
  const testing_support::TemporaryFolder folder;
  write_file(folder.path / "4/1/2.png", picture("a"));
  write_file(folder.path / "metadata.json",
             R"({"name": "Site", "attribution": "Survey 2026", "bounds": [113, 22, 114, 23]})");

  auto source = open(folder.path);

  ASSERT_TRUE(source) << source.error().what;
  EXPECT_EQ((*source)->about().name, "Site");
  EXPECT_EQ((*source)->about().attribution, "Survey 2026");
  EXPECT_EQ((*source)->about().north_east, (fleet::LonLat{114, 23}));

  write_file(folder.path / "metadata.json", "[1]");
  EXPECT_THAT(open(folder.path).error().what, HasSubstr("metadata.json"));
}

TEST(TileFolder, RefusesAFolderOfOtherThings) {
  const testing_support::TemporaryFolder folder;
  EXPECT_THAT(open(folder.path).error().what, HasSubstr("found nothing"));

  write_file(folder.path / "photos/1.png", picture("a"));
  EXPECT_THAT(open(folder.path).error().what, HasSubstr("\"photos\""));
}

TEST(TileFolder, LosesATileThatIsNoPictureOrTooLarge) {
  const testing_support::TemporaryFolder folder;
  write_file(folder.path / "1/0/0.png", "<html>");
  write_file(folder.path / "1/0/1.png", picture(std::string(kTileBytesMax - 8, 'x')));
  write_file(folder.path / "1/1/0.png", picture(std::string(kTileBytesMax - 7, 'x')));
  write_file(folder.path / "1/1/1.png", "");
  auto source = open(folder.path);
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_THAT((*source)->load({1, 0, 0}).error().what, HasSubstr("1/0/0 is no picture"));
  EXPECT_EQ((*source)->load({1, 0, 1}).value().size(), kTileBytesMax);
  EXPECT_THAT((*source)->load({1, 1, 0}).error().what, HasSubstr("at most"));
  EXPECT_TRUE((*source)->load({1, 1, 1}).value().empty());
}

TEST(TileWords, BecomePlainText) {
  EXPECT_EQ(plain_text("&copy; <a href=\"https://x.y/z\">OpenStreetMap</a> contributors"),
            "\u00A9 OpenStreetMap contributors");
  EXPECT_EQ(plain_text("a<br/>b\n\t c &amp;&#169;&#xA9;&lt;&nbsp;&unknown; &"),
            "a b c &\u00A9\u00A9< &unknown; &");
  EXPECT_EQ(plain_text("1 < 2 > 0 <unclosed"), "1 < 2 > 0 <unclosed");
  EXPECT_EQ(plain_text("<!-- x --> \x01 "), "");
  EXPECT_EQ(plain_text("bad \xff byte &#xD800; &#x110000;"), "bad ? byte ??? &#x110000;");
}

TEST(TileWords, AreCutAtTheirLimitByCharacters) {
  EXPECT_EQ(plain_text(std::string(kSetWordsMax, 'x')).size(), kSetWordsMax);
  EXPECT_EQ(plain_text(std::string(kSetWordsMax + 1, 'x')).size(), kSetWordsMax);
  EXPECT_EQ(plain_text(std::string(kSetWordsMax - 1, 'x') + "\u00A9").size(), kSetWordsMax - 1);
}

TEST(TileWords, BoundsAreFourNumbersThatEncloseSomething) {
  const auto bounds = parse_bounds(" -180.0, -90 ,180,90");
  ASSERT_TRUE(bounds);
  EXPECT_EQ(bounds->south_west, TileSet().south_west);
  EXPECT_EQ(bounds->north_east, TileSet().north_east);

  for (const char* const wrong : {"", "1,2,3", "1,2,3,4,5", "3,2,1,4", "1,4,3,2", "1,1,1,1",
                                  "a,b,c,d", "nan,0,1,1", "1,2,3,", "2000,0,3000,1"})
    EXPECT_FALSE(parse_bounds(wrong)) << wrong;
}

TEST(TileWords, AreReadFromJsonOfAnyShape) {
  const auto words = parse_set_json(
      R"({"name":"x","maxzoom":5,"deep":{"name":"y","more":[[1]]},"bounds":[1,2,3,4.5],"no":null})");
  ASSERT_TRUE(words) << words.error().what;
  EXPECT_EQ(words.value().at("name"), "x");
  EXPECT_EQ(words.value().at("maxzoom"), "5");
  EXPECT_EQ(words.value().at("bounds"), "1,2,3,4.5");
  EXPECT_FALSE(words.value().contains("no"));

  for (const char* const wrong : {"", "[]", "5", "{\"a\":", "{} x"})
    EXPECT_FALSE(parse_set_json(wrong));
  EXPECT_TRUE(
      parse_set_json("{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}"));
}

TEST(TileAddress, FillsInZoomColumnAndRow) {
  const auto both = UrlTemplate::parse("https://u:p@t.example:8443/{z}/{x}/{y}.png?k=a&f={-y}");
  ASSERT_TRUE(both) << both.error().what;

  EXPECT_EQ(both.value().url({3, 5, 1}), "https://u:p@t.example:8443/3/5/1.png?k=a&f=6");
  EXPECT_EQ(both.value().host(), "https://t.example:8443");
}

TEST(TileAddress, IsRefusedWithWhatIsWrong) {
  const auto what = [](const std::string& text) {
    const auto parsed = UrlTemplate::parse(text);
    return parsed ? std::string("taken") : parsed.error().what;
  };

  EXPECT_THAT(what("https://h/{x}/{y}"), HasSubstr("found no {z}"));
  EXPECT_THAT(what("https://h/{z}/{y}"), HasSubstr("found no {x}"));
  EXPECT_THAT(what("https://h/{z}/{x}"), HasSubstr("found no {y}"));
  EXPECT_THAT(what("https://{s}.h/{z}/{x}/{y}"), HasSubstr("no host"));
  EXPECT_THAT(what("https://h/{z}/{x}/{y}{r}.png"), HasSubstr("found {r}"));
  EXPECT_THAT(what("https://h/{z}/{x}/{y"), HasSubstr("a brace"));
  EXPECT_THAT(what("https://h/}{z}/{x}/{y}"), HasSubstr("a brace"));
  EXPECT_THAT(what("file:///etc/{z}/{x}/{y}"), HasSubstr("another kind"));
  EXPECT_THAT(what("https:///{z}/{x}/{y}"), HasSubstr("no host"));
  EXPECT_THAT(what("https://h/a b/{z}/{x}/{y}"), HasSubstr("a blank"));
  EXPECT_THAT(what("https://h/\r\nX: y/{z}/{x}/{y}"), HasSubstr("a blank"));
  const std::string fits = "https://h/{z}/{x}/{y}";
  EXPECT_EQ(what(fits + std::string(kUrlTemplateMax - fits.size(), 'a')), "taken");
  EXPECT_THAT(what(fits + std::string(kUrlTemplateMax - fits.size() + 1, 'a')), HasSubstr("2049"));
}

/// Sets that other programs wrote.
int pictures_in(TileSource& source) {
  int count = 0;
  for (const fleet::TileId tile : testing_support::pyramid(source.about().zoom_max)) {
    const auto bytes = source.load(tile);
    EXPECT_TRUE(bytes) << bytes.error().what;
    if (bytes && picture_kind(bytes.value()) == PictureKind::png) ++count;
  }
  return count;
}

TEST(TileFixtures, EdgesOfTilesAreThoseOfAnotherProgram) {
  SHARED_OR_SKIP(path, "data/geo/tile_mercator_vectors.json");
  std::ifstream in(path);
  int compared = 0;
  for (const auto& vector : nlohmann::json::parse(in)) {
    if (vector["op"] != "tile_bounds_wsen") continue;
    const auto& tile = vector["tile"];
    const auto bounds = bounds_of(tile[2], tile[0], tile[0], tile[1], tile[1]);

    EXPECT_NEAR(bounds.south_west.lon_deg, vector["expect"][0], vector["tol"]);
    EXPECT_NEAR(bounds.south_west.lat_deg, vector["expect"][1], vector["tol"]);
    EXPECT_NEAR(bounds.north_east.lon_deg, vector["expect"][2], vector["tol"]);
    EXPECT_NEAR(bounds.north_east.lat_deg, vector["expect"][3], vector["tol"]);
    ++compared;
  }
  EXPECT_GT(compared, 0);
}

TEST(TileFixtures, MbtilesOfAnotherProgram) {
  SHARED_OR_SKIP(path, "basemap/tile-fixtures/plain_1.mbtiles");
  auto source = open(path);
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_EQ((*source)->about().name, "plain_1");
  EXPECT_EQ((*source)->about().zoom_min, 0);
  EXPECT_EQ((*source)->about().zoom_max, 4);
  EXPECT_NEAR((*source)->about().south_west.lat_deg, -70, 1e-6);
  EXPECT_EQ(pictures_in(**source), 285);
}

TEST(TileFixtures, PmtilesOfAnotherProgram) {
  SHARED_OR_SKIP(path, "basemap/tile-fixtures/stamen_toner_z3.pmtiles");
  auto source = open(path);
  ASSERT_TRUE(source) << source.error().what;

  EXPECT_EQ((*source)->about().zoom_max, 3);
  EXPECT_EQ(pictures_in(**source), 85);
}

TEST(TileFixtures, VectorsOfAnotherProgramAreRefused) {
  SHARED_OR_SKIP(path, "basemap/tile-fixtures/test_fixture_1.pmtiles");

  EXPECT_THAT(open(path).error().what, HasSubstr("vector tiles"));
}

}  // namespace
}  // namespace net
