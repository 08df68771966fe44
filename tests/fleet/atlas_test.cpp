#include "fleet/atlas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <unordered_map>
#include <utility>

#include "tests/fleet/atlas_bytes.hpp"

namespace fleet {
namespace {

using test::asset_of;
using test::BodyWriter;
using test::Bytes;
using test::small_sections;
using testing::HasSubstr;

std::string refusal(const Bytes& bytes) {
  const Result<Atlas> atlas = parse_atlas(bytes);
  return atlas ? "accepted" : atlas.error().what;
}

/// The small asset with one section's body replaced.
Bytes with_body(std::size_t section, const Bytes& body) {
  auto sections = small_sections();
  sections[section].body = body;
  return asset_of(sections);
}

double triangles_area(const AtlasArea& area) {
  double sum = 0;
  for (std::size_t i = 0; i < area.triangles.size(); i += 3) {
    const GridPoint a = area.vertices[area.triangles[i]];
    const GridPoint b = area.vertices[area.triangles[i + 1]];
    const GridPoint c = area.vertices[area.triangles[i + 2]];
    const double ux = static_cast<double>(b.x) - a.x, uy = static_cast<double>(b.y) - a.y;
    const double vx = static_cast<double>(c.x) - a.x, vy = static_cast<double>(c.y) - a.y;
    sum += std::abs(ux * vy - uy * vx) / 2;
  }
  return sum;
}

double ring_area(const std::vector<GridPoint>& ring) {
  double twice = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const GridPoint a = ring[i], b = ring[(i + 1) % ring.size()];
    const double ax = static_cast<double>(a.x) - ring[0].x,
                 ay = static_cast<double>(a.y) - ring[0].y;
    const double bx = static_cast<double>(b.x) - ring[0].x,
                 by = static_cast<double>(b.y) - ring[0].y;
    twice += ax * by - bx * ay;
  }
  return std::abs(twice) / 2;
}

const AtlasLevel* level_at(const Atlas& atlas, AtlasLayer layer, float zoom) {
  for (const AtlasLevel& level : atlas.levels) {
    if (level.layer == layer && level.min_zoom <= zoom && zoom < level.max_zoom) return &level;
  }
  return nullptr;
}

TEST(Atlas, ReadsEveryKindOfSection) {
  const Result<Atlas> parsed = parse_atlas(asset_of(small_sections()));

  ASSERT_TRUE(parsed) << parsed.error().what;
  const Atlas& atlas = parsed.value();
  ASSERT_EQ(atlas.levels.size(), 2u);
  const AtlasArea& area = atlas.levels[0].area;
  EXPECT_EQ(area.vertices[2], (GridPoint{320, 320}));
  EXPECT_EQ(area.triangles, (std::vector<std::uint32_t>{0, 1, 2, 0, 2, 3}));
  ASSERT_EQ(area.chunks.size(), 1u);
  EXPECT_EQ(area.chunks[0].min, (GridPoint{160, 160}));
  EXPECT_EQ(area.chunks[0].max, (GridPoint{320, 320}));
  EXPECT_EQ(area.chunks[0].count, 6u);
  EXPECT_EQ(atlas.levels[1].layer, AtlasLayer::coast);
  EXPECT_EQ(atlas.levels[1].lines.begin, (std::vector<std::uint32_t>{0, 3}));
  ASSERT_EQ(atlas.provinces.size(), 1u);
  EXPECT_EQ(atlas.provinces[0].names.zh, "江苏");
  EXPECT_EQ(atlas.provinces[0].rings[0][1], (GridPoint{400, 0}));
  ASSERT_EQ(atlas.places.size(), 1u);
  EXPECT_EQ(atlas.places[0].population, 12'000'000u);
  EXPECT_EQ(atlas.places[0].where, (GridPoint{1000, 2000}));
  EXPECT_EQ(atlas.caveat, "not an approved map");
}

TEST(Atlas, RefusesAnAssetCutShortAtAnyLength) {
  const Bytes whole = asset_of(small_sections());

  for (std::size_t n = 0; n < whole.size(); ++n) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_FALSE(parse_atlas(cut)) << n;
  }
  EXPECT_TRUE(parse_atlas(whole));
}

TEST(Atlas, RefusesEverySingleFlippedBit) {
  const Bytes whole = asset_of(small_sections());

  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Bytes damaged = whole;
    damaged[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    EXPECT_FALSE(parse_atlas(damaged)) << "bit " << bit;
  }
}

TEST(Atlas, SurvivesDamageThatTheChecksumDoesNotShow) {
  const Bytes whole = asset_of(small_sections());
  std::mt19937 random(1);
  int refused = 0;

  for (int i = 0; i < 20'000; ++i) {
    Bytes damaged = whole;
    for (int j = 0; j < 3; ++j) {
      damaged[24 + random() % (whole.size() - 24)] = static_cast<std::byte>(random());
    }
    test::seal(damaged);
    const Result<Atlas> atlas = parse_atlas(damaged);
    if (!atlas) {
      ++refused;
      continue;
    }
    for (const AtlasLevel& level : atlas.value().levels) {
      for (const std::uint32_t v : level.area.triangles) ASSERT_LT(v, level.area.vertices.size());
    }
  }

  EXPECT_GT(refused, 5'000);
}

TEST(Atlas, SaysWhatIsWrongWithTheHeader) {
  Bytes other = asset_of(small_sections()), newer = other, cut = other, damaged = other;
  other[0] = std::byte{'X'};
  newer[4] = std::byte{2};
  cut.pop_back();
  damaged.back() ^= std::byte{1};

  EXPECT_THAT(refusal(other), HasSubstr("does not begin with FWMA"));
  EXPECT_THAT(refusal(newer), HasSubstr("version 2; expected 1"));
  EXPECT_THAT(refusal(cut), HasSubstr("bytes after its header; expected"));
  EXPECT_THAT(refusal(damaged), HasSubstr("checksum differs"));
  EXPECT_THAT(refusal({}), HasSubstr("does not begin with FWMA"));
}

TEST(Atlas, RefusesATriangleIndexBeyondTheVertices) {
  BodyWriter area;
  area.varint(4).varint(1).varint(4).varint(2);
  area.point(10, 10).point(20, 10).point(20, 20).point(10, 20);
  for (const int difference : {0, 1, 1, -2, 2, 2}) area.zigzag(difference);

  EXPECT_THAT(refusal(with_body(0, area.bytes)), HasSubstr("triangle index 4 of 4 vertices"));
}

TEST(Atlas, RefusesACountThatDoesNotFitIntoTheRest) {
  BodyWriter area;
  area.varint(4).varint(1).varint(4'000'000'000).varint(2).point(1, 1);
  area.bytes.resize(20);

  EXPECT_THAT(refusal(with_body(0, area.bytes)), HasSubstr("a count of 4000000000 vertices"));
}

TEST(Atlas, TakesAPointAtTheMapsEndAndRefusesOneBeyond) {
  const auto line_to = [](std::int64_t x) {
    BodyWriter lines;
    lines.varint(8).varint(1).varint(1).varint(2).point(0, 0).point(x, 0);
    return with_body(1, lines.bytes);
  };

  const Result<Atlas> last = parse_atlas(line_to((1 << 20)));

  ASSERT_TRUE(last) << last.error().what;
  EXPECT_EQ(last.value().levels[1].lines.vertices[1].x, kGridMask);
  EXPECT_THAT(refusal(line_to((1 << 20) + 1)), HasSubstr("a point outside of the map"));
  EXPECT_THAT(refusal(line_to(-1)), HasSubstr("a point outside of the map"));
}

TEST(Atlas, LimitsATextAtItsLongest) {
  const auto caveat_of = [](std::size_t n) {
    return with_body(4, BodyWriter().text("").text(std::string(n, 'a')).bytes);
  };

  EXPECT_EQ(refusal(caveat_of(kAtlasTextBytesMax - 1)), "accepted");
  EXPECT_EQ(refusal(caveat_of(kAtlasTextBytesMax)), "accepted");
  EXPECT_THAT(refusal(caveat_of(kAtlasTextBytesMax + 1)), HasSubstr("a text of 1025 bytes"));
}

TEST(Atlas, RefusesUnknownLayersKindsZoomsAndBytesTooMany) {
  auto layer = small_sections(), kind = layer, zooms = layer, mixed = layer, longer = layer;
  auto places = layer;
  layer[1].layer = 9;
  places[3].layer = 2;
  kind[3].kind = 6;
  zooms[0].max_zoom = 0;
  mixed[0].layer = 3;
  longer[4].body.push_back({});

  EXPECT_THAT(refusal(asset_of(layer)), HasSubstr("section 1: unknown layer 9"));
  EXPECT_THAT(refusal(asset_of(places)), HasSubstr("section 3: unknown set of places 2"));
  EXPECT_THAT(refusal(asset_of(kind)), HasSubstr("section 3: unknown kind 6"));
  EXPECT_THAT(refusal(asset_of(zooms)), HasSubstr("zooms that are no range"));
  EXPECT_THAT(refusal(asset_of(mixed)), HasSubstr("of the other kind"));
  EXPECT_THAT(refusal(asset_of(longer)), HasSubstr("1 bytes too many"));
}

TEST(Atlas, ReadsCountyBordersAndTheirNamesApartFromPlaces) {
  auto sections = small_sections();
  sections[1].layer = 8;
  sections[3].layer = 1;

  const Result<Atlas> parsed = parse_atlas(asset_of(sections));

  ASSERT_TRUE(parsed) << parsed.error().what;
  EXPECT_EQ(parsed.value().levels[1].layer, AtlasLayer::county_borders);
  EXPECT_EQ(parsed.value().counties.size(), 1u);
  EXPECT_TRUE(parsed.value().places.empty());
}

TEST(Atlas, OverlayReplacesWhatItHasAndKeepsTheRest) {
  Atlas base, extra;
  base.levels = {{AtlasLayer::land, 0, 99, {}, {}},
                 {AtlasLayer::province_borders, 0, 5, {}, {}},
                 {AtlasLayer::province_borders, 5, 99, {}, {}}};
  base.provinces.resize(2);
  base.places.resize(3);
  base.attribution = "A";
  extra.levels = {{AtlasLayer::province_borders, 5, 8, {}, {}},
                  {AtlasLayer::prefecture_borders, 5, 99, {}, {}}};
  extra.provinces.resize(1);
  extra.attribution = "B";

  overlay_atlas(base, extra);

  ASSERT_EQ(base.levels.size(), 4u);
  EXPECT_EQ(base.levels[1].max_zoom, 5);
  EXPECT_EQ(base.levels[2].max_zoom, 8);
  EXPECT_EQ(base.provinces.size(), 1u);
  EXPECT_EQ(base.places.size(), 3u);
  EXPECT_EQ(base.attribution, "A | B");
}

TEST(ShippedAtlas, ParsesWithAllLayersAtEveryZoom) {
  const Result<Atlas> parsed = parse_atlas(test::shipped("atlas.fwm"));

  ASSERT_TRUE(parsed) << parsed.error().what;
  for (const auto layer :
       {AtlasLayer::land, AtlasLayer::focus, AtlasLayer::lakes, AtlasLayer::coast,
        AtlasLayer::country_borders, AtlasLayer::province_borders}) {
    for (const float zoom : {0.f, 4.9f, 5.f, 7.f, 8.f, 14.f}) {
      EXPECT_NE(level_at(parsed.value(), layer, zoom), nullptr) << int(layer) << " " << zoom;
    }
  }
  EXPECT_EQ(parsed.value().provinces.size(), 34u);
  EXPECT_GT(parsed.value().places.size(), 400u);
  EXPECT_THAT(parsed.value().caveat, HasSubstr("not an approved map"));
}

TEST(ShippedAtlas, ChunksCoverAllTrianglesAndHoldTheirVertices) {
  const Result<Atlas> parsed = parse_atlas(test::shipped("atlas.fwm"));
  ASSERT_TRUE(parsed) << parsed.error().what;

  for (const AtlasLevel& level : parsed.value().levels) {
    std::size_t next = 0;
    for (const AtlasChunk& chunk : level.area.chunks) {
      ASSERT_EQ(chunk.first, next);
      next += chunk.count;
      for (std::size_t i = chunk.first; i < next; ++i) {
        const GridPoint p = level.area.vertices[level.area.triangles[i]];
        ASSERT_TRUE(chunk.min.x <= p.x && p.x <= chunk.max.x);
        ASSERT_TRUE(chunk.min.y <= p.y && p.y <= chunk.max.y);
      }
    }
    EXPECT_EQ(next, level.area.triangles.size());
  }
}

// The fill was cut into cells and triangles, the provinces were not: both must be as large. The
// coarser levels leave out small islands and straighten coasts.
TEST(ShippedAtlas, FocusTrianglesAreAsLargeAsTheProvinces) {
  const Result<Atlas> parsed = parse_atlas(test::shipped("atlas.fwm"));
  ASSERT_TRUE(parsed) << parsed.error().what;
  double provinces = 0;
  for (const Region& region : parsed.value().provinces) {
    for (const auto& ring : region.rings) provinces += ring_area(ring);
  }

  const auto share = [&](float zoom) {
    return triangles_area(level_at(parsed.value(), AtlasLayer::focus, zoom)->area) / provinces;
  };

  EXPECT_NEAR(share(9), 1, 2e-4);
  EXPECT_NEAR(share(6), 1, 1e-3);
  EXPECT_NEAR(share(3), 1, 3e-3);
}

TEST(ShippedAtlas, PrefecturesParseAndLieOverTheAtlas) {
  Result<Atlas> base = parse_atlas(test::shipped("atlas.fwm"));
  Result<Atlas> extra = parse_atlas(test::shipped("prefectures.fwm"));
  ASSERT_TRUE(base) << base.error().what;
  ASSERT_TRUE(extra) << extra.error().what;

  overlay_atlas(base.value(), std::move(extra).value());

  EXPECT_EQ(base.value().provinces.size(), 34u);
  EXPECT_GT(base.value().prefectures.size(), 350u);
  EXPECT_NE(level_at(base.value(), AtlasLayer::prefecture_borders, 7), nullptr);
  EXPECT_NE(level_at(base.value(), AtlasLayer::province_borders, 3), nullptr);
}

/// All three, as "--borders counties" lays them.
Atlas with_counties() {
  Atlas atlas = parse_atlas(test::shipped("atlas.fwm")).value();
  overlay_atlas(atlas, parse_atlas(test::shipped("prefectures.fwm")).value());
  overlay_atlas(atlas, parse_atlas(test::shipped("counties.fwm")).value());
  return atlas;
}

using Edge = std::pair<std::uint64_t, std::uint64_t>;

/// The edges of a level's lines, each with its ends in order.
std::vector<Edge> edges_of(const AtlasLines& lines) {
  const auto key = [](GridPoint p) { return std::uint64_t{p.x} << 32 | std::uint64_t{p.y}; };
  std::vector<Edge> edges;
  for (std::size_t line = 0; line + 1 < lines.begin.size(); ++line) {
    for (std::uint32_t i = lines.begin[line] + 1; i < lines.begin[line + 1]; ++i) {
      edges.push_back(std::minmax(key(lines.vertices[i - 1]), key(lines.vertices[i])));
    }
  }
  return edges;
}

TEST(ShippedAtlas, CountiesAddToThePrefecturesAndLeaveTheFiguresAlone) {
  const Atlas atlas = with_counties();

  EXPECT_EQ(level_at(atlas, AtlasLayer::county_borders, 8.4f), nullptr);
  EXPECT_NE(level_at(atlas, AtlasLayer::county_borders, 8.5f), nullptr);
  for (const auto layer :
       {AtlasLayer::land, AtlasLayer::focus, AtlasLayer::coast, AtlasLayer::country_borders,
        AtlasLayer::province_borders, AtlasLayer::prefecture_borders}) {
    for (const float zoom : {5.f, 7.9f, 8.f, 14.f}) {
      EXPECT_NE(level_at(atlas, layer, zoom), nullptr) << int(layer) << " " << zoom;
    }
  }
  EXPECT_GT(atlas.prefectures.size(), 350u);
  EXPECT_GT(atlas.places.size(), 400u);
  EXPECT_GT(atlas.counties.size(), 2'700u);
  EXPECT_THAT(atlas.caveat, HasSubstr("Counties"));
}

// Borders of every rank are cut from one set of arcs, each drawn as the highest it is.
TEST(ShippedAtlas, NoBorderIsDrawnTwiceWithTheCounties) {
  const Atlas atlas = with_counties();
  std::vector<Edge> edges;
  for (const auto layer : {AtlasLayer::country_borders, AtlasLayer::province_borders,
                           AtlasLayer::prefecture_borders, AtlasLayer::county_borders}) {
    const std::vector<Edge> more = edges_of(level_at(atlas, layer, 9)->lines);
    edges.insert(edges.end(), more.begin(), more.end());
  }
  ASSERT_GT(edges.size(), 400'000u);
  std::ranges::sort(edges);

  const auto twice = std::ranges::adjacent_find(edges);

  EXPECT_EQ(twice, edges.end());
}

TEST(ShippedAtlas, CountyBordersEndWhereOthersBegin) {
  const Atlas atlas = with_counties();
  const auto key = [](GridPoint p) { return std::uint64_t{p.x} << 32 | std::uint64_t{p.y}; };
  std::unordered_map<std::uint64_t, int> degree;
  for (const AtlasLevel& level : atlas.levels) {
    if (level.layer < AtlasLayer::coast || level.layer == AtlasLayer::rivers ||
        level.max_zoom < 99) {
      continue;
    }
    for (const auto& [a, b] : edges_of(level.lines)) ++degree[a], ++degree[b];
  }
  const AtlasLines& counties = level_at(atlas, AtlasLayer::county_borders, 9)->lines;
  std::size_t ends = 0, loose = 0;
  for (std::size_t line = 0; line + 1 < counties.begin.size(); ++line) {
    for (const std::uint32_t i : {counties.begin[line], counties.begin[line + 1] - 1}) {
      ++ends;
      loose += degree[key(counties.vertices[i])] < 2;
    }
  }

  EXPECT_GT(ends, 10'000u);
  EXPECT_LT(loose, ends / 500);
}

TEST(ShippedAtlas, KunshanIsNamedInsideItsBorders) {
  const Atlas atlas = with_counties();
  const GridPoint station = grid_from_lonlat({120.954, 31.388});
  const auto steps = [&](GridPoint p) {
    return std::hypot(static_cast<double>(p.x) - station.x, static_cast<double>(p.y) - station.y);
  };
  const auto nearest = std::ranges::min_element(
      atlas.counties, {}, [&](const Place& county) { return steps(county.where); });
  const AtlasLines& borders = level_at(atlas, AtlasLayer::county_borders, 9)->lines;

  const auto border = std::ranges::min_element(borders.vertices, {}, steps);

  EXPECT_EQ(nearest->names.zh, "昆山");
  EXPECT_EQ(nearest->names.en, "");
  EXPECT_EQ(nearest->rank, 4);
  // A step is 13 cm on the ground there: Kunshan is some 30 km wide.
  EXPECT_LT(steps(*border) * 0.128, 20'000);
}

TEST(ShippedAtlas, TheCountysCountryHasTheAreaOfTheBaseMaps) {
  const Atlas base = parse_atlas(test::shipped("atlas.fwm")).value(), counties = with_counties();
  const auto focus = [](const Atlas& atlas) {
    return triangles_area(level_at(atlas, AtlasLayer::focus, 9)->area);
  };

  EXPECT_NEAR(focus(counties) / focus(base), 1, 0.02);
}

}  // namespace
}  // namespace fleet
