#include "fleet/regions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "fleet/atlas.hpp"
#include "fleet/regions_border.hpp"
#include "tests/fleet/atlas_bytes.hpp"

namespace fleet {
namespace {

using Ring = std::vector<GridPoint>;

Region region_of(std::string code, std::vector<Ring> rings) {
  return {std::move(code), {}, std::move(rings)};
}

Ring square(std::uint32_t x, std::uint32_t y, std::uint32_t side) {
  return {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
}

/// Even-odd over all borders, by the same rule for points on them, without a grid.
bool holds(const Region& region, GridPoint p) {
  bool inside = false;
  for (const Ring& ring : region.rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      GridPoint a = ring[i], b = ring[(i + 1) % ring.size()];
      if (b.y < a.y) std::swap(a, b);
      if (a.y <= p.y && p.y < b.y) inside ^= is_east(a, b, p);
    }
  }
  return inside;
}

RegionIndex brute_force(std::span<const Region> regions, GridPoint p) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (holds(regions[i], p)) return static_cast<RegionIndex>(i);
  }
  return kNoRegion;
}

const Atlas& shipped_atlas() {
  static const Atlas atlas = [] {
    Result<Atlas> parsed = parse_atlas(test::shipped("atlas.fwm"));
    return parsed ? std::move(parsed).value() : Atlas{};
  }();
  return atlas;
}

const RegionMap& provinces() {
  static const RegionMap map(shipped_atlas().provinces);
  return map;
}

std::string province_at(double lon, double lat) {
  const RegionIndex i = provinces().find(grid_from_lonlat({lon, lat}));
  return i == kNoRegion ? "-" : provinces().regions()[static_cast<std::size_t>(i)].names.zh;
}

TEST(RegionMap, KnowsTheProvincesOfKnownPlaces) {
  EXPECT_EQ(province_at(120.6230, 31.3230), "江苏");  // Humble Administrator's Garden
  EXPECT_EQ(province_at(120.9500, 31.3900), "江苏");  // Kunshan station
  EXPECT_EQ(province_at(116.3913, 39.9055), "北京");  // Tiananmen
  EXPECT_EQ(province_at(121.4850, 31.2370), "上海");  // the Bund
  EXPECT_EQ(province_at(87.6168, 43.8256), "新疆");   // Urumqi
  EXPECT_EQ(province_at(91.1170, 29.6560), "西藏");   // Lhasa
  EXPECT_EQ(province_at(121.5170, 25.0478), "台湾");  // Taipei station
  EXPECT_EQ(province_at(110.1990, 20.0200), "海南");  // Haikou
  EXPECT_EQ(province_at(113.3245, 23.1064), "广东");  // Canton Tower
  EXPECT_EQ(province_at(114.1720, 22.3200), "香港");  // Kowloon
  EXPECT_EQ(province_at(106.5516, 29.5630), "重庆");
  EXPECT_EQ(province_at(126.5350, 45.8030), "黑龙江");  // Harbin
}

TEST(RegionMap, FindsNothingAtSeaOrAbroad) {
  EXPECT_EQ(province_at(124.0, 30.0), "-");    // East China Sea
  EXPECT_EQ(province_at(139.69, 35.69), "-");  // Tokyo
  EXPECT_EQ(province_at(-0.13, 51.5), "-");
  EXPECT_EQ(provinces().find({0, 0}), kNoRegion);
  EXPECT_EQ(provinces().find({kGridMask, kGridMask}), kNoRegion);
}

TEST(RegionMap, AgreesWithBruteForceAtRandomPoints) {
  std::mt19937_64 random(7);
  const GridPoint low = grid_from_lonlat({72, 55}), high = grid_from_lonlat({136, 15});

  for (int i = 0; i < 2'000; ++i) {
    const GridPoint p{low.x + static_cast<std::uint32_t>(random() % (high.x - low.x)),
                      low.y + static_cast<std::uint32_t>(random() % (high.y - low.y))};
    ASSERT_EQ(provinces().find(p), brute_force(provinces().regions(), p)) << p.x << " " << p.y;
  }
}

TEST(RegionMap, AgreesWithBruteForceOnAndBesideTheBorders) {
  std::mt19937_64 random(8);
  const auto regions = provinces().regions();

  for (int i = 0; i < 2'000; ++i) {
    const Region& region = regions[random() % regions.size()];
    const Ring& ring = region.rings[random() % region.rings.size()];
    const GridPoint vertex = ring[random() % ring.size()];
    const GridPoint p{vertex.x + static_cast<std::uint32_t>(random() % 3) - 1,
                      vertex.y + static_cast<std::uint32_t>(random() % 3) - 1};
    ASSERT_EQ(provinces().find(p), brute_force(regions, p)) << p.x << " " << p.y;
  }
}

TEST(RegionMap, GivesAPointOnASharedBorderToExactlyOneNeighbour) {
  std::mt19937_64 random(9);
  const Ring left{{0, 0}, {50'000, 0}, {70'000, 100'000}, {40'000, 200'000}, {0, 200'000}};
  const Ring right{
      {50'000, 0}, {200'000, 0}, {200'000, 200'000}, {40'000, 200'000}, {70'000, 100'000}};
  const RegionMap map({region_of("L", {left}), region_of("R", {right})});
  const auto on = [&](GridPoint p) {
    return int(holds(map.regions()[0], p)) + int(holds(map.regions()[1], p));
  };

  for (std::uint32_t y = 1; y < 200'000; y += 7) {
    const std::uint32_t x = y <= 100'000 ? 50'000 + y / 5 : 70'000 - (y - 100'000) * 3 / 10;
    ASSERT_EQ(on({x, y}), 1) << x << " " << y;
    ASSERT_EQ(map.find({x, y}), brute_force(map.regions(), {x, y})) << x << " " << y;
    ASSERT_NE(map.find({x, y}), kNoRegion) << x << " " << y;
  }
}

TEST(RegionMap, SquaresTileWithoutGapOrOverlap) {
  std::vector<Region> regions;
  for (std::uint32_t i = 0; i < 9; ++i) {
    regions.push_back(region_of("r", {square(i % 3 * 4096, i / 3 * 4096, 4096)}));
  }
  const RegionMap map(regions);

  for (std::uint32_t y = 0; y < 3 * 4096; y += 512) {
    for (std::uint32_t x = 0; x < 3 * 4096; x += 512) {
      ASSERT_EQ(map.find({x, y}), static_cast<RegionIndex>(y / 4096 * 3 + x / 4096));
    }
  }
  EXPECT_EQ(map.find({3 * 4096, 0}), kNoRegion);
}

TEST(RegionMap, LeavesOutHolesAndFindsWhatLiesInThem) {
  const RegionMap map({region_of("around", {square(0, 0, 100'000), square(30'000, 30'000, 40'000)}),
                       region_of("within", {square(30'000, 30'000, 20'000)})});

  EXPECT_EQ(map.find({10'000, 10'000}), 0);
  EXPECT_EQ(map.find({40'000, 40'000}), 1);
  EXPECT_EQ(map.find({60'000, 60'000}), kNoRegion);
}

TEST(RegionMap, PrefersTheFirstOfRegionsThatOverlap) {
  const RegionMap map({region_of("small", {square(40'000, 40'000, 20'000)}),
                       region_of("large", {square(0, 0, 100'000)}),
                       region_of("hidden", {square(10'000, 10'000, 80'000)})});

  EXPECT_EQ(map.find({50'000, 50'000}), 0);
  EXPECT_EQ(map.find({20'000, 20'000}), 1);
  EXPECT_EQ(map.find({40'000, 39'999}), 1);
}

TEST(RegionMap, TakesLongEdgesDegenerateRingsAndNothing) {
  const RegionMap nothing;
  const RegionMap empty(std::vector<Region>{region_of("none", {})});
  const RegionMap odd(
      {region_of("point", {Ring(5, GridPoint{7, 7})}),
       region_of("needle", {Ring{{0, 0}, {kGridMask, 1}, {kGridMask, kGridMask}}})});
  std::mt19937_64 random(3);

  EXPECT_EQ(nothing.find({1, 1}), kNoRegion);
  EXPECT_EQ(nothing.find_near({1, 1}, 10), kNoRegion);
  EXPECT_EQ(empty.find({1, 1}), kNoRegion);
  for (int i = 0; i < 1'000; ++i) {
    const GridPoint p{static_cast<std::uint32_t>(random()) & kGridMask,
                      static_cast<std::uint32_t>(random()) & kGridMask};
    ASSERT_EQ(odd.find(p), brute_force(odd.regions(), p)) << p.x << " " << p.y;
  }
}

TEST(RegionMap, FindsTheNearestRegionWithinTheDistanceOnly) {
  const GridPoint offshore = grid_from_lonlat({122.12, 31.0});  // 10 to 20 km off Shanghai
  ASSERT_EQ(provinces().find(offshore), kNoRegion);

  const RegionIndex near = provinces().find_near(offshore, 40);

  ASSERT_NE(near, kNoRegion);
  EXPECT_EQ(provinces().regions()[static_cast<std::size_t>(near)].names.zh, "上海");
  EXPECT_EQ(provinces().find_near(offshore, 1), kNoRegion);
  EXPECT_EQ(provinces().find_near(offshore, 0), kNoRegion);
  EXPECT_EQ(provinces().find_near(grid_from_lonlat({139.69, 35.69}), 1'000), kNoRegion);
}

TEST(RegionMap, KnowsThePrefecturesOfKnownPlaces) {
  const Result<Atlas> extra = parse_atlas(test::shipped("prefectures.fwm"));
  ASSERT_TRUE(extra) << extra.error().what;
  const RegionMap map(extra.value().prefectures);
  const auto at = [&](double lon, double lat) {
    const RegionIndex i = map.find(grid_from_lonlat({lon, lat}));
    return i == kNoRegion ? "-" : map.regions()[static_cast<std::size_t>(i)].names.zh;
  };

  EXPECT_EQ(at(120.6230, 31.3230), "苏州");
  EXPECT_EQ(at(120.9500, 31.3900), "苏州");  // Kunshan station
  EXPECT_EQ(at(118.7780, 32.0430), "南京");  // Xinjiekou
  EXPECT_EQ(at(120.2960, 31.5750), "无锡");  // Sanyang Plaza
  EXPECT_EQ(at(116.3913, 39.9055), "北京");
  EXPECT_EQ(at(121.5170, 25.0478), "台湾");
}

TEST(PlaceIndex, FindsTheNearestAsBruteForceDoes) {
  const PlaceIndex index(shipped_atlas().places);
  std::mt19937_64 random(5);

  for (int i = 0; i < 2'000; ++i) {
    const GridPoint p{static_cast<std::uint32_t>(random()) & kGridMask,
                      static_cast<std::uint32_t>(random()) & kGridMask};
    double best_m = 2'000'000;
    const LonLat at = lonlat_from_grid(p);
    for (const Place& place : index.places()) {
      best_m = std::min(best_m, distance_m(at, lonlat_from_grid(place.where)));
    }
    const Place* nearest = index.nearest(p, 2'000);
    ASSERT_EQ(nearest != nullptr, best_m < 2'000'000);
    if (nearest) {
      ASSERT_NEAR(distance_m(at, lonlat_from_grid(nearest->where)), best_m, 0.1);
    }
  }
}

TEST(PlaceIndex, KnowsKunshanIsNearSuzhouAndHasItsNames) {
  const PlaceIndex index(shipped_atlas().places);

  const Place* place = index.nearest(grid_from_lonlat({120.70, 31.33}));

  ASSERT_NE(place, nullptr);
  EXPECT_EQ(place->names.zh, "苏州");
  EXPECT_EQ(place->names.en, "Suzhou");
  EXPECT_EQ(place->rank, 2);
}

TEST(PlaceIndex, LooksAcrossTheDateLineAndNoFurtherThanAsked) {
  const PlaceIndex index({{{"岛", "Island"}, grid_from_lonlat({-179.9, 10}), 3, 0}});
  const GridPoint west = grid_from_lonlat({179.9, 10});  // 21.9 km away

  EXPECT_NE(index.nearest(west, 22), nullptr);
  EXPECT_EQ(index.nearest(west, 21.8), nullptr);
  EXPECT_EQ(PlaceIndex().nearest(west), nullptr);
}

}  // namespace
}  // namespace fleet
