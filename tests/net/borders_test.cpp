#include "net/borders/borders.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fleet/regions.hpp"
#include "net/borders/arcs.hpp"
#include "net/borders/border_features.hpp"
#include "net/borders/border_shapes.hpp"
#include "net/borders/json_place.hpp"
#include "net/borders/replaced.hpp"
#include "net/borders/ring_check.hpp"
#include "tests/support/temporary_folder.hpp"

namespace net {
namespace {

using fleet::AtlasLayer;
using fleet::GridPoint;

std::string square(double lon, double lat, double side, const std::string& properties) {
  const auto at = [](double x, double y) {
    return "[" + std::to_string(x) + "," + std::to_string(y) + "]";
  };
  return R"({"type":"Feature","properties":{)" + properties +
         R"(},"geometry":{"type":"Polygon","coordinates":[[)" + at(lon, lat) + "," +
         at(lon + side, lat) + "," + at(lon + side, lat + side) + "," + at(lon, lat + side) + "," +
         at(lon, lat) + "]]}}";
}

std::string collection(const std::vector<std::string>& features) {
  std::string text = R"({"type":"FeatureCollection","features":[)";
  for (std::size_t i = 0; i < features.size(); ++i) text += (i ? "," : "") + features[i];
  return text + "]}";
}

BorderFeatures parsed(const std::string& json) {
  auto features = parse_border_features(json, fleet::Datum::wgs84);
  EXPECT_TRUE(features) << features.error().what;
  return features ? std::move(features.value()) : BorderFeatures{};
}

std::string parse_error(const std::string& json) {
  const auto features = parse_border_features(json, fleet::Datum::wgs84);
  return features ? "" : features.error().what;
}

GridPoint grid(double lon, double lat) {
  return fleet::grid_from_lonlat({lon, lat});
}

double area_of(const fleet::AtlasArea& area) {
  double sum = 0;
  for (std::size_t i = 0; i < area.triangles.size(); i += 3) {
    const GridPoint a = area.vertices[area.triangles[i]], b = area.vertices[area.triangles[i + 1]],
                    c = area.vertices[area.triangles[i + 2]];
    sum += std::abs((double(b.x) - a.x) * (double(c.y) - a.y) -
                    (double(c.x) - a.x) * (double(b.y) - a.y)) /
           2;
  }
  return sum;
}

double area_of(const std::vector<GridPoint>& ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const GridPoint a = ring[i], b = ring[(i + 1) % ring.size()];
    sum += double(a.x) * b.y - double(b.x) * a.y;
  }
  return std::abs(sum) / 2;
}

// Arcs.

const std::vector<GridPoint> kLeft{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
const std::vector<GridPoint> kRight{{10, 10}, {10, 0}, {20, 0}, {20, 10}};

TEST(BorderArcs, GiveNeighboursTheBorderThatTheyShare) {
  const Topology topology = build_topology(std::vector<OwnedRing>{{0, kLeft}, {1, kRight}});

  ASSERT_EQ(topology.arcs.size(), 3u);
  const auto shared =
      std::ranges::find_if(topology.arcs, [](const Arc& arc) { return arc.other != kNobody; });
  ASSERT_NE(shared, topology.arcs.end());
  EXPECT_EQ(shared->points.size(), 2u);
  EXPECT_EQ(shared->owner, 0u);
  EXPECT_EQ(shared->other, 1u);
}

TEST(BorderArcs, FindAnIslandInItsHoleWhicheverWayBothRun) {
  const std::vector<GridPoint> island{{5, 5}, {8, 5}, {8, 8}, {5, 8}};
  const std::vector<GridPoint> hole{{8, 8}, {8, 5}, {5, 5}, {5, 8}};

  const Topology topology = build_topology(std::vector<OwnedRing>{{0, hole}, {1, island}});

  ASSERT_EQ(topology.arcs.size(), 1u);
  EXPECT_TRUE(topology.arcs[0].closed());
  EXPECT_EQ(topology.arcs[0].other, 1u);
  EXPECT_NE(topology.rings[0].uses[0].backwards, topology.rings[1].uses[0].backwards);
}

TEST(BorderArcs, MakeTheRingsAgain) {
  const Topology topology = build_topology(std::vector<OwnedRing>{{0, kLeft}, {1, kRight}});

  std::vector<GridPoint> ring;
  for (const ArcUse use : topology.rings[1].uses) {
    std::vector<GridPoint> path = topology.arcs[use.arc].points;
    if (use.backwards) std::ranges::reverse(path);
    EXPECT_TRUE(ring.empty() || ring.back() == path.front());
    ring.insert(ring.end(), path.begin() + !ring.empty(), path.end());
  }

  EXPECT_EQ(ring.front(), ring.back());
  EXPECT_TRUE(std::ranges::is_permutation(std::span(ring).subspan(1), kRight));
}

TEST(BorderArcs, SimplifyALongLineInPiecesThatMeet) {
  std::vector<GridPoint> line;
  for (std::uint32_t i = 0; i < 50'000; ++i) line.push_back({i * 4, i % 2 * 1000});

  EXPECT_EQ(simplified(line, 1), line);
  EXPECT_LE(simplified(line, 2000).size(), 4u);  // the ends, and where pieces meet
}

TEST(BorderArcs, KeepAnIslandUntilItIsSmallerThanTheTolerance) {
  const std::vector<GridPoint> ring{{0, 0}, {100, 2}, {200, 0}, {200, 200}, {0, 200}, {0, 0}};

  EXPECT_EQ(simplified(ring, 10),
            (std::vector<GridPoint>{{0, 0}, {200, 0}, {200, 200}, {0, 200}, {0, 0}}));
  EXPECT_TRUE(simplified(ring, 500).empty());
}

// Shapes.

TEST(BorderShapes, FillWhatOverlapsOnceAndLeaveHolesOut) {
  const FilledRing big{{{0, 0}, {100, 0}, {100, 100}, {0, 100}}, false};
  const FilledRing hole{{{40, 40}, {60, 40}, {60, 60}, {40, 60}}, true};
  const FilledRing half{{{50, 0}, {150, 0}, {150, 40}, {50, 40}}, false};

  const fleet::AtlasArea area = atlas_area(std::vector{big, hole, half}, 24);

  EXPECT_DOUBLE_EQ(area_of(area), 100 * 100 - 20 * 20 + 50 * 40);
  ASSERT_EQ(area.chunks.size(), 1u);
  EXPECT_EQ(area.chunks[0].count, area.triangles.size());
  EXPECT_EQ(area.chunks[0].max.x, 150u);
}

TEST(BorderShapes, CutLongLinesIntoPiecesThatMeet) {
  BorderPath path;
  for (std::uint32_t i = 0; i < 300; ++i) path.push_back({i, 0});

  const fleet::AtlasLines lines = atlas_lines(std::vector<BorderPath>{path, {{5, 5}}}, 24);

  ASSERT_EQ(lines.begin.size(), 4u);
  for (std::size_t i = 1; i + 1 < lines.begin.size(); ++i)
    EXPECT_EQ(lines.vertices[lines.begin[i]], lines.vertices[lines.begin[i] - 1]);
  EXPECT_EQ(lines.vertices.back(), path.back());
}

TEST(Replaced, HoldsTheInsideAndABandAlongTheEdge) {
  const std::uint32_t cell = 1u << kBesideBits, far = 100 * cell;
  const BorderPath edge{{far, far}, {2 * far, far}, {2 * far, 2 * far}, {far, 2 * far}, {far, far}};
  const std::vector<BorderPath> edges{edge};
  const Replaced replaced({{"", {}, {edge}}}, edges);

  EXPECT_TRUE(replaced.holds({far + far / 2, far + far / 2}));
  EXPECT_TRUE(replaced.holds({far + far / 2, far - cell}));
  EXPECT_FALSE(replaced.holds({far + far / 2, far - 3 * cell}));
}

// Features.

TEST(BorderFeatures, TellLevelsByNameOrByTheCodesThereAre) {
  const BorderFeatures features = parsed(collection(
      {square(100, 30, 1, R"("level":"province","name_zh":"甲省","name_en":"A","code":"10")"),
       square(101, 30, 1, R"("iso_3166_2":"CN-JS","name_zh":"江苏省","name_en":"Jiangsu")"),
       square(102, 30, 1, R"("prov_code":"32","prov_zh":"江苏省")"),
       square(103, 30, 1, R"("code":"320500","name_zh":"苏州市","prov_code":"32")"),
       square(104, 30, 1,
              R"("adcode":320100,"name":"南京市","level":"city",)"
              R"("parent":{"adcode":320000})"),
       square(105, 30, 1, R"("name":"","adchar":"JD")")}));

  ASSERT_EQ(features.regions.size(), 6u);
  const auto& r = features.regions;
  EXPECT_EQ(r[0].level, BorderLevel::province);
  EXPECT_EQ(r[0].names.en, "A");
  EXPECT_EQ(r[1].level, BorderLevel::province);
  EXPECT_EQ(r[1].code, "CN-JS");
  EXPECT_EQ(r[2].names.zh, "江苏省");
  EXPECT_EQ(r[3].level, BorderLevel::prefecture);
  EXPECT_EQ(r[3].province_code, "32");
  EXPECT_EQ(r[4].level, BorderLevel::prefecture);
  EXPECT_EQ(r[4].code, "320100");
  EXPECT_EQ(r[4].province_code, "320000");
  EXPECT_EQ(r[5].level, BorderLevel::country);
  EXPECT_EQ(r[5].names.zh, "");
}

TEST(BorderFeatures, ReadBareGeometriesAndLines) {
  const BorderFeatures features = parsed(
      R"({"type":"GeometryCollection","geometries":[)"
      R"({"type":"MultiLineString","coordinates":[[[110,10],[111,10]],[[112,11],[112,11]]]},)"
      R"({"type":"Point","coordinates":[1,1]}]})");

  ASSERT_EQ(features.lines.size(), 1u);  // the second line has no length
  EXPECT_EQ(features.lines[0].points.front(), grid(110, 10));
  EXPECT_EQ(features.lines[0].level, BorderLevel::country);
}

TEST(BorderFeatures, EndAtTheDateLineOnTheSideTheyLieOn) {
  const BorderFeatures east = parsed(square(170, 60, 10, R"("level":"country")"));
  const BorderFeatures west = parsed(square(-180, 60, 10, R"("level":"country")"));

  const auto widest = [](const BorderFeatures& f) {
    const auto [least, most] = std::ranges::minmax(f.regions[0].rings[0].points, {}, &GridPoint::x);
    return most.x - least.x;
  };
  EXPECT_LE(widest(east), fleet::kGridSize / 36 + 1);
  EXPECT_LE(widest(west), fleet::kGridSize / 36 + 1);
}

TEST(BorderFeatures, SkipLabelsWhateverTheySayOfThemselves) {
  const BorderFeatures features =
      parsed(collection({R"({"type":"Feature","properties":{"level":"municipality","name":"A"},)"
                         R"("geometry":{"type":"Point","coordinates":[1,1]}})",
                         square(100, 30, 1, R"("level":"province","name":"A")")}));

  EXPECT_EQ(features.regions.size(), 1u);
}

TEST(BorderFeatures, SayWhichFeatureIsWrongAndHow) {
  const std::string good = square(100, 30, 1, R"("level":"province","name":"A")");

  EXPECT_NE(parse_error("{").find("is not JSON"), std::string::npos);
  EXPECT_NE(parse_error(R"({"type":"FeatureCollection","features":[]})").find("no polygon"),
            std::string::npos);
  EXPECT_NE(parse_error(collection({good, square(100, 30, 1, R"("name_zh":"江苏省")")}))
                .find("feature 2 (江苏省) does not say of what level"),
            std::string::npos);
  EXPECT_NE(parse_error(collection({square(100, 30, 1, R"("level":"street","name":"A")")}))
                .find("feature 1 has the level \"street\"; expected country"),
            std::string::npos);
  EXPECT_NE(parse_error(collection({good, square(30, 120, 1, "")}))
                .find("feature 2 has a corner at 30, 120; expected degrees, longitude before"),
            std::string::npos);
  EXPECT_NE(parse_error(R"({"type":"Feature","geometry":{"type":"Circle","coordinates":[]}})")
                .find("is a Circle; expected Polygon"),
            std::string::npos);
  EXPECT_NE(parse_error(R"({"type":"LineString","coordinates":[[1,2],["a",2]]})")
                .find("no [longitude, latitude]"),
            std::string::npos);
}

TEST(BorderFeatures, SayWhereTheJsonIsBroken) {
  EXPECT_EQ(broken_json_place("{\"type\":\n \"Feature\",\n \"geometry\" nul}"),
            "at line 3, column 16 (byte 37)");
  EXPECT_EQ(broken_json_place("{}"), "");
  EXPECT_EQ(broken_json_place(""), "at line 1, column 1 (byte 1)");

  EXPECT_NE(parse_error("{\n\"features\": [,]}").find("is not JSON, at line 2, column 14"),
            std::string::npos)
      << parse_error("{\n\"features\": [,]}");
}

TEST(BorderFeatures, WarnOfARingThatCrossesItselfAndTakeIt) {
  const std::string crossed =
      R"({"type":"Feature","properties":{"level":"province","name_zh":"甲省"},"geometry":)"
      R"({"type":"Polygon","coordinates":[[[100,30],[101,31],[101,30],[100,31],[100,30]]]}})";

  const BorderFeatures features =
      parsed(collection({square(110, 30, 1, R"("level":"province","name":"A")"), crossed}));

  EXPECT_EQ(features.regions.size(), 2u);
  ASSERT_EQ(features.warnings.size(), 1u);
  EXPECT_EQ(
      features.warnings[0].find("feature 2 (甲省) has a ring that crosses itself near 100.5, 30.5"),
      0u)
      << features.warnings[0];
}

TEST(BorderFeatures, WarnOnlySoOften) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < kBorderWarningsMax + 2; ++i) {
    all.push_back(R"({"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]})");
  }
  std::string text = R"({"type":"GeometryCollection","geometries":[)";
  for (const std::string& each : all) text += (text.ends_with('[') ? "" : ",") + each;

  EXPECT_EQ(parsed(text + "]}").warnings.size(), kBorderWarningsMax);
}

bool crosses(const std::vector<GridPoint>& ring) {
  std::size_t enough = kRingPairsMax;
  return crossing_of(ring, enough).has_value();
}

TEST(RingCheck, FindsSidesThatCrossAndNoneThatOnlyTouch) {
  EXPECT_FALSE(crosses(kLeft));
  EXPECT_TRUE(crosses(std::vector<GridPoint>{{0, 0}, {10, 10}, {10, 0}, {0, 10}}));
  // Far apart on the grid, where products no longer fit into 64 bits.
  constexpr std::uint32_t kFar = fleet::kGridMask;
  EXPECT_TRUE(crosses(std::vector<GridPoint>{{0, 0}, {kFar, kFar}, {kFar, 0}, {0, kFar}}));
  // A spike that goes out and back, and two squares that share a corner.
  EXPECT_FALSE(
      crosses(std::vector<GridPoint>{{0, 0}, {10, 0}, {20, 0}, {10, 0}, {10, 10}, {0, 10}}));
  EXPECT_FALSE(crosses(std::vector<GridPoint>{
      {0, 0}, {10, 0}, {10, 10}, {20, 10}, {20, 20}, {10, 20}, {10, 10}, {0, 10}}));
}

TEST(RingCheck, GivesUpOnARingThatIsMadeToBeSlow) {
  std::vector<GridPoint> comb;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    comb.push_back({0, i * 2});
    comb.push_back({1'000'000, i * 2});
  }
  comb.push_back({500'000, 1});
  comb.push_back({1, 4000});

  EXPECT_TRUE(crosses(comb));
  std::size_t few = 1000;
  EXPECT_FALSE(crossing_of(comb, few));
  EXPECT_EQ(few, 0u) << "for the next rings too";
}

// Laying over the base map.

class LayBorders : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const auto path = folder.path / name;
    if (path.extension() == ".gz") {
      gzFile out = gzopen(path.c_str(), "wb");
      gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
      gzclose(out);
    } else {
      std::ofstream(path, std::ios::binary) << text;
    }
    return path.string();
  }

  /// A coast beside the two squares and one far away, a country border through them.
  static fleet::Atlas base_map() {
    fleet::Atlas atlas;
    const auto lines = [](std::vector<BorderPath> paths) { return atlas_lines(paths, 24); };
    const BorderPath beside{grid(99.99, 30.1), grid(99.99, 30.9)};
    const BorderPath far{grid(90, 30), grid(90, 31)};
    atlas.levels.push_back({AtlasLayer::coast, 0, 99, {}, lines({beside, far})});
    atlas.levels.push_back({AtlasLayer::country_borders,
                            0,
                            99,
                            {},
                            lines({{grid(100.5, 30.5), grid(101.5, 30.5)}, far})});
    atlas.levels.push_back({AtlasLayer::province_borders, 0, 99, {}, lines({far})});
    atlas.provinces = {{"CN-JS", {"江苏", "Jiangsu"}, {{grid(100, 30), grid(101, 31)}}}};
    atlas.attribution = "Base";
    atlas.caveat = "Not approved.";
    return atlas;
  }

  static const fleet::AtlasLevel& level(const fleet::Atlas& atlas, AtlasLayer layer, float zoom) {
    return *std::ranges::find_if(atlas.levels, [&](const fleet::AtlasLevel& l) {
      return l.layer == layer && l.min_zoom <= zoom && zoom < l.max_zoom;
    });
  }

  const std::string two_provinces = collection(
      {square(100, 30, 1, R"("level":"province","code":"32","name_zh":"江苏省")"),
       square(101, 30, 1, R"("level":"province","code":"33","name_zh":"乙省","name_en":"Yi")")});
  testing_support::TemporaryFolder folder;
};

TEST_F(LayBorders, PutTheFilesRegionsInPlaceOfTheMapsOwn) {
  fleet::Atlas atlas = base_map();

  const auto counts = lay_borders({{write("b.geojson.gz", two_provinces)}, {}, "GS(2026)1"}, atlas);

  ASSERT_TRUE(counts) << counts.error().what;
  EXPECT_EQ(counts->provinces, 2u);
  ASSERT_EQ(atlas.provinces.size(), 2u);
  const fleet::RegionMap map(atlas.provinces);
  EXPECT_EQ(atlas.provinces[static_cast<std::size_t>(map.find(grid(101.5, 30.5)))].names.en, "Yi");
  // The English name was the base map's to know.
  EXPECT_EQ(atlas.provinces[static_cast<std::size_t>(map.find(grid(100.5, 30.5)))].names.en,
            "Jiangsu");
  EXPECT_EQ(atlas.attribution, "Base | GS(2026)1");
  EXPECT_EQ(atlas.caveat, "");
}

TEST_F(LayBorders, DropTheMapsLinesInsideAndBesideAndKeepTheOthers) {
  fleet::Atlas atlas = base_map();

  ASSERT_TRUE(lay_borders({{write("b.geojson", two_provinces)}, {}, ""}, atlas));

  const auto& coast = level(atlas, AtlasLayer::coast, 9).lines;
  EXPECT_EQ(coast.vertices, (std::vector{grid(90, 30), grid(90, 31)}));
  const auto& countries = level(atlas, AtlasLayer::country_borders, 9).lines;
  EXPECT_TRUE(std::ranges::count(countries.vertices, grid(90, 31)));
  EXPECT_TRUE(std::ranges::count(countries.vertices, grid(100, 30)));       // the outline
  EXPECT_FALSE(std::ranges::count(countries.vertices, grid(100.5, 30.5)));  // the map's, inside
  const auto& provinces = level(atlas, AtlasLayer::province_borders, 9).lines;
  EXPECT_TRUE(
      std::ranges::is_permutation(provinces.vertices, std::vector{grid(101, 30), grid(101, 31)}));
  const double side = double(grid(102, 30).x) - grid(100, 30).x;
  EXPECT_NEAR(area_of(level(atlas, AtlasLayer::focus, 9).area),
              side * (double(grid(100, 30).y) - grid(100, 31).y), side);
}

TEST_F(LayBorders, MakeProvincesOfPrefecturesThatNameThem) {
  fleet::Atlas atlas = base_map();
  const auto prefecture = [](double lon, const char* code, const char* province) {
    return square(lon, 30, 1,
                  std::string(R"("level":"prefecture","code":")") + code + R"(","name_zh":")" +
                      code + R"(市","prov_code":")" + province + R"(","prov_zh":")" + province +
                      R"(省")");
  };

  ASSERT_TRUE(lay_borders(
      {{write("p.geojson", collection({prefecture(100, "1", "A"), prefecture(101, "2", "A"),
                                       prefecture(102, "3", "B")}))},
       {},
       ""},
      atlas));

  EXPECT_EQ(atlas.prefectures.size(), 3u);
  const fleet::RegionMap provinces(atlas.provinces);
  const auto province = [&](double lon) {
    return atlas.provinces[static_cast<std::size_t>(provinces.find(grid(lon, 30.5)))].names.zh;
  };
  EXPECT_EQ(province(100.5), "A省");
  EXPECT_EQ(province(101.5), "A省");
  EXPECT_EQ(province(102.5), "B省");
  EXPECT_EQ(level(atlas, AtlasLayer::province_borders, 9).lines.vertices[0].x, grid(102, 30).x);
  EXPECT_EQ(level(atlas, AtlasLayer::prefecture_borders, 9).lines.vertices[0].x, grid(101, 30).x);
}

TEST_F(LayBorders, ReadAllFilesFirstAndLayThemOnce) {
  fleet::Atlas atlas = base_map();
  const auto prefecture = [](double lon, const char* code, const char* province) {
    return square(lon, 30, 1,
                  std::string(R"("level":"prefecture","name_zh":"P","code":")") + code +
                      R"(","prov_code":")" + province + R"(","prov_zh":"made of parts")");
  };

  const auto counts = lay_borders(
      {{write("a.geojson", two_provinces),
        write("b.geojson",
              collection({prefecture(100, "3201", "32"), prefecture(101, "3301", "33")}))},
       {},
       "both"},
      atlas);

  ASSERT_TRUE(counts) << counts.error().what;
  EXPECT_EQ(counts->provinces, 2u);
  EXPECT_EQ(counts->prefectures, 2u);
  ASSERT_EQ(atlas.provinces.size(), 2u);
  EXPECT_EQ(atlas.provinces[0].names.zh, "江苏省") << "of the first file, not made of the second's";
  EXPECT_EQ(atlas.attribution, "Base | both");
}

TEST_F(LayBorders, ReadAllFilesBeforeTheMapIsTouched) {
  fleet::Atlas atlas = base_map();

  EXPECT_FALSE(
      lay_borders({{write("a.geojson", two_provinces), "/nowhere/b.geojson"}, {}, "x"}, atlas));

  EXPECT_EQ(atlas.provinces[0].code, "CN-JS");
  EXPECT_EQ(atlas.attribution, "Base");
}

TEST_F(LayBorders, DrawNothingBetweenTwoPartsOfOneRegion) {
  const std::string named = R"("level":"province","code":"32","name_zh":"江苏省")";
  const auto ring = [](double lon) {
    const std::string w = std::to_string(lon), e = std::to_string(lon + 1);
    return "[[[" + w + ",30],[" + e + ",30],[" + e + ",31],[" + w + ",31],[" + w + ",30]]]";
  };
  const std::string one = R"({"type":"Feature","properties":{)" + named +
                          R"(},"geometry":{"type":"MultiPolygon","coordinates":[)" + ring(100) +
                          "," + ring(101) + "]}}";
  const std::string two =
      square(100, 30, 1, named) + "," + square(101, 30, 1, named);  // one code, two features
  for (const std::string& features : {one, two}) {
    fleet::Atlas atlas = base_map();
    ASSERT_TRUE(lay_borders({{write("b.geojson", collection({features}))}, {}, ""}, atlas));

    EXPECT_TRUE(level(atlas, AtlasLayer::province_borders, 9).lines.vertices.empty());
    const auto& outline = level(atlas, AtlasLayer::country_borders, 9).lines;
    for (std::size_t line = 0; line + 1 < outline.begin.size(); ++line) {
      for (std::uint32_t v = outline.begin[line] + 1; v < outline.begin[line + 1]; ++v) {
        EXPECT_FALSE(outline.vertices[v - 1].x == grid(101, 30).x &&
                     outline.vertices[v].x == grid(101, 30).x)
            << "the side that both parts share";
      }
    }
  }
}

TEST_F(LayBorders, NameTheFileAndTheFeatureThatWillLookWrong) {
  fleet::Atlas atlas = base_map();

  const auto counts =
      lay_borders({{write("x.geojson",
                          R"({"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]})")},
                   {},
                   ""},
                  atlas);

  ASSERT_TRUE(counts) << counts.error().what;
  ASSERT_EQ(counts->warnings.size(), 1u);
  EXPECT_NE(counts->warnings[0].find("x.geojson: feature 1 has a ring"), std::string::npos);
}

TEST_F(LayBorders, AddLinesAloneAndLeaveAllElse) {
  fleet::Atlas atlas = base_map();
  const std::size_t levels = atlas.levels.size();

  ASSERT_TRUE(lay_borders(
      {{write("dash.geojson", R"({"type":"LineString","coordinates":[[110,10],[111,10]]})")},
       {},
       ""},
      atlas));

  EXPECT_EQ(atlas.levels.size(), levels);
  EXPECT_EQ(atlas.provinces.size(), 1u);
  EXPECT_EQ(atlas.caveat, "Not approved.") << "the country is the base map's";
  EXPECT_EQ(level(atlas, AtlasLayer::coast, 9).lines.vertices.size(), 4u);
  EXPECT_TRUE(std::ranges::count(level(atlas, AtlasLayer::country_borders, 9).lines.vertices,
                                 grid(110, 10)));
}

TEST_F(LayBorders, NameTheFileThatCannotBeReadAndLeaveTheMapAsItWas) {
  fleet::Atlas atlas = base_map();
  const auto error_of = [&](const std::string& path) {
    const auto counts = lay_borders({{path}, {}, "x"}, atlas);
    return counts ? "" : counts.error().what;
  };

  EXPECT_NE(error_of("/nowhere/b.geojson").find("/nowhere/b.geojson"), std::string::npos);
  ASSERT_EQ(::mkfifo((folder.path / "pipe").c_str(), 0600), 0);
  EXPECT_NE(error_of((folder.path / "pipe").string()).find("pipe: is no file"), std::string::npos);
  EXPECT_NE(error_of(write("bad.geojson", "[1,")).find("bad.geojson: is not JSON"),
            std::string::npos);
  EXPECT_NE(error_of(write("bad.fwm", "no map")).find("bad.fwm: "), std::string::npos);
  EXPECT_NE(error_of(write("bad.geojson.gz", "")).find("bad.geojson.gz"), std::string::npos);
  EXPECT_EQ(atlas.attribution, "Base");
  EXPECT_EQ(atlas.caveat, "Not approved.");
  EXPECT_EQ(atlas.provinces[0].code, "CN-JS");
}

/// ../shared/basemap beside the project, or where FLEETWALL_SHARED says; empty: there is none.
std::filesystem::path shared_base_maps() {
  const char* given = std::getenv("FLEETWALL_SHARED");
  const std::filesystem::path root =
      given ? given : std::filesystem::path(FLEETWALL_SOURCE_DIR) / ".." / "shared";
  return std::filesystem::is_directory(root / "basemap") ? root / "basemap" : "";
}

TEST_F(LayBorders, TakeRealProvincesAndFillAllOfThem) {
  const auto maps = shared_base_maps();
  if (maps.empty()) GTEST_SKIP() << "no real boundaries in ../shared; set FLEETWALL_SHARED";
  fleet::Atlas atlas = base_map();

  const auto counts = lay_borders({{maps / "cn_province_500m.geojson.gz"}, {}, ""}, atlas);

  ASSERT_TRUE(counts) << counts.error().what;
  EXPECT_EQ(counts->provinces, 34u);
  double rings = 0;
  for (const fleet::Region& region : atlas.provinces) {
    for (const auto& ring : region.rings) rings += area_of(ring);
  }
  const double filled = area_of(level(atlas, AtlasLayer::focus, 9).area);
  EXPECT_NEAR(filled / rings, 1, 2e-3);  // holes are few and small
  const fleet::RegionMap map(atlas.provinces);
  const auto suzhou = map.find(grid(120.62, 31.30));
  ASSERT_NE(suzhou, fleet::kNoRegion);
  EXPECT_EQ(atlas.provinces[static_cast<std::size_t>(suzhou)].names.en, "Jiangsu");
}

TEST_F(LayBorders, TakeRealPrefecturesAndTellTheirProvinces) {
  const auto maps = shared_base_maps();
  if (maps.empty()) GTEST_SKIP() << "no real boundaries in ../shared; set FLEETWALL_SHARED";
  fleet::Atlas atlas = base_map();

  ASSERT_TRUE(lay_borders({{maps / "cn_prefecture_500m.geojson.gz"}, {}, ""}, atlas));

  const fleet::RegionMap provinces(atlas.provinces), prefectures(atlas.prefectures);
  const auto at = grid(120.62, 31.30);
  EXPECT_EQ(atlas.prefectures[static_cast<std::size_t>(prefectures.find(at))].names.zh, "苏州市");
  EXPECT_EQ(atlas.provinces[static_cast<std::size_t>(provinces.find(at))].names.zh, "江苏省");
}

}  // namespace
}  // namespace net
