// Hexagons: they tile the ground, keep sums, stay where they are, and are drawn where they are hit.
// Without GL.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>
#include <vector>

#include "render/compose/hex_view.hpp"
#include "render/compose/look.hpp"
#include "render/compose/soft_canvas.hpp"
#include "tests/render/compose/fake_places.hpp"

namespace render {
namespace {

using test::camera_at;
using test::place_at;
using test::point_at;

constexpr double kUnits = 4294967296.0;

MapFrame frame_at(double zoom, int width = 1920, int height = 1080) {
  MapFrame frame;
  frame.camera = camera_at({118, 32}, zoom, width, height);
  frame.ui_scale = static_cast<float>(width) / 1920.0f;
  frame.heat = true;
  frame.heat_of = HeatOf::places;
  frame.heat_form = HeatForm::hexagons;
  return frame;
}

HexHeat heat_of(const MapFrame& frame, const std::vector<HeatPlace>& weights) {
  HeatPlaces places;
  places.set(weights);
  HexHeat heat;
  heat.update(frame, {}, 1, places);
  return heat;
}

TEST(HexGrid, GivesEachPlaceToTheHexagonWithTheNearestMiddle) {
  const HexGrid grid(24);
  test::Dice dice(4);
  for (int i = 0; i < 3000; ++i) {
    const double x = dice.unit() * kUnits, y = dice.unit() * kUnits;

    const Hexagon hexagon = grid.at(x, y);

    double least = 1e30;
    Hexagon nearest;
    for (int row = hexagon.row - 2; row <= hexagon.row + 2; ++row) {
      for (int column = 0; column < grid.columns(); ++column) {
        const Hexagon other{row, column};
        const double dx = std::remainder(x - grid.middle_x(other), kUnits);
        const double d = std::hypot(dx, y - grid.middle_y(other));
        if (d < least) least = d, nearest = other;
      }
    }
    ASSERT_EQ(hexagon, nearest) << x << ", " << y;
  }
}

TEST(HexGrid, TilesWithoutOverlapOrHole) {
  // A fine raster over some hexagons: each holds the share of it that a hexagon's area is.
  const HexGrid grid(20);
  const double x0 = 2e9, y0 = 1.5e9, w = grid.width();
  const Hexagon middle = grid.at(x0, y0);
  constexpr int kSide = 1500;
  int inside = 0;
  for (int j = 0; j < kSide; ++j) {
    for (int i = 0; i < kSide; ++i) {
      const double x = grid.middle_x(middle) + (i + 0.5) / kSide * 2 * w - w;
      const double y = grid.middle_y(middle) + (j + 0.5) / kSide * 2 * w - w;
      inside += grid.at(x, y) == middle;
    }
  }

  const double expected = w * grid.row_height() / (4 * w * w);
  EXPECT_NEAR(inside / (1.0 * kSide * kSide), expected, 5e-4);
}

TEST(HexGrid, ChangesFromOneToTheNextAcrossEachOfSixSides) {
  const HexGrid grid(22);
  const Hexagon middle = grid.at(1.7e9, 1.2e9);
  const double x = grid.middle_x(middle), y = grid.middle_y(middle), half = grid.width() / 2;
  std::set<Hexagon> neighbours;
  for (int side = 0; side < 6; ++side) {
    const double angle = side * std::numbers::pi / 3;
    const auto at = [&](double far) {
      return grid.at(x + std::cos(angle) * far, y + std::sin(angle) * far);
    };

    EXPECT_EQ(at(half - 1), middle) << side;
    EXPECT_NE(at(half + 1), middle) << side;
    neighbours.insert(at(half + 1));
  }
  EXPECT_EQ(neighbours.size(), 6u);
}

TEST(HexGrid, GoesRoundTheWorld) {
  const HexGrid grid(26);

  EXPECT_EQ(grid.at(-5, 1e9), grid.at(kUnits - 5, 1e9));
  EXPECT_EQ(grid.at(kUnits + 5, 1e9), grid.at(5, 1e9));
  EXPECT_EQ(grid.at(kUnits - 1, 0).column, 0) << "the first column's middle is the seam";
}

TEST(HexGrid, HasTheGroundAreaOfItsLatitude) {
  // All hexagons of the world together, but for the halves beyond its edges: a sphere's zone.
  const HexGrid grid(24);
  const double km = fleet::metres_per_world(0) / 1000;
  const double radius = km / (2 * std::numbers::pi);
  const auto row_at = [&](double y) {
    return static_cast<int>(std::lround(y / grid.row_height()));
  };
  for (const double lat : {0.0, 31.0, 60.0}) {
    // Rows from one middle to another: half of the first and of the last one.
    const int first = row_at(fleet::world_from_lonlat({0, lat + 5}).y * kUnits);
    const int last = row_at(fleet::world_from_lonlat({0, lat - 5}).y * kUnits);
    double sum = (grid.area_km2(first) + grid.area_km2(last)) / 2;
    for (int row = first + 1; row < last; ++row) sum += grid.area_km2(row);
    sum *= grid.columns();

    const auto sine = [&](int row) {
      return std::tanh(std::numbers::pi * (1 - 2 * row * grid.row_height() / kUnits));
    };
    const double zone = 2 * std::numbers::pi * radius * radius * (sine(first) - sine(last));
    EXPECT_NEAR(sum / zone, 1, 2e-3) << lat;  // halves of a row differ a little in scale
  }
}

TEST(HexGrid, HasHexagonsOf24To48PxAtEveryZoomAndSize) {
  for (double zoom = 2; zoom < 20; zoom += 0.17) {
    for (const int width : {1366, 1920, 3840}) {
      const Camera camera = camera_at({118, 32}, zoom, width, width * 9 / 16);
      const double scale = width / 1920.0;

      const HexGrid grid = HexGrid::for_view(camera, scale);

      const double px = grid.width() * camera.px_per_world() / kUnits / scale;
      EXPECT_GE(px, kHexagonPxMin * 0.999) << zoom;
      EXPECT_LT(px, 2 * kHexagonPxMin * 1.001) << zoom;
    }
  }
}

TEST(HexGrid, KeepsToItsLimits) {
  const Camera whole = camera_at({0, 0}, 0, 320, 180), near = camera_at({0, 0}, 22, 3840, 2160);

  EXPECT_EQ(HexGrid(1).width_bits(), HexGrid::kWidthBitsMin);
  EXPECT_EQ(HexGrid(32).width_bits(), HexGrid::kWidthBitsMax);
  EXPECT_EQ(HexGrid::for_view(whole, 8).width_bits(), HexGrid::kWidthBitsMax);
  EXPECT_GE(HexGrid::for_view(near, 0).width_bits(), HexGrid::kWidthBitsMin);
  EXPECT_EQ(HexGrid::for_view(near, 0), HexGrid::for_view(near, 0.1));
}

TEST(HexBins, KeepTheSumAndTheCount) {
  const auto weights = test::fake_places(30000);
  HeatPlaces places;
  places.set(weights);
  for (const int bits : {14, 20, 26, 31}) {
    HexBins bins;
    bins.count_places(HexGrid(bits), places);

    double sum = 0;
    std::size_t count = 0;
    for (const auto& cell : bins.cells()) sum += bins.value(cell), count += cell.count;
    EXPECT_NEAR(sum / test::sum_of(weights), 1, 1e-9) << bits;
    EXPECT_EQ(count, places.levels()[0].count) << bits;
  }
}

TEST(HexBins, CountMachinesThatWork) {
  std::vector<PointInstance> points{point_at({118, 32}, 0),
                                    point_at({118, 32}, 0),
                                    point_at({118, 32}, 1),
                                    point_at({118, 32}, 2),
                                    point_at({118, 32}, PointInstance::kHidden),
                                    point_at({118, 32}, PointInstance::kDimmed),
                                    point_at({-70, -20}, 0)};
  HexBins bins;

  bins.count_machines(HexGrid(20), points);

  ASSERT_EQ(bins.cells().size(), 2u);
  const auto* cell = bins.find(HexGrid(20).at(points[0].x, points[0].y));
  ASSERT_NE(cell, nullptr);
  EXPECT_EQ(bins.value(*cell), 2);
  EXPECT_EQ(bins.find({3, 3}), nullptr);
}

TEST(HexHeat, TellsValueDensityAreaAndCountAtAPoint) {
  const MapFrame frame = frame_at(8);
  const HexHeat heat = heat_of(frame, {place_at({118, 32}, 7), place_at({118.0001, 32}, 5)});

  const auto hit = heat.at(frame, {960, 540});
  const auto miss = heat.at(frame, {1800, 540});

  ASSERT_TRUE(hit && miss);
  EXPECT_NEAR(hit->value, 12, 1e-6);
  EXPECT_EQ(hit->count, 2u);
  const double metres = hit->width_px * frame.camera.metres_per_px();
  EXPECT_NEAR(hit->area_km2 / (metres * metres * std::sqrt(0.75) / 1e6), 1, 0.02);
  EXPECT_NEAR(hit->per_km2, 12 / hit->area_km2, 1e-9);
  EXPECT_EQ(miss->value, 0);
  EXPECT_EQ(miss->count, 0u);
  EXPECT_GT(miss->area_km2, 0);
}

TEST(HexHeat, IsHitUpToItsCornersAndSides) {
  const MapFrame frame = frame_at(8);
  const HexHeat heat = heat_of(frame, {place_at({118, 32}, 7)});
  const auto hit = heat.at(frame, {960, 540});
  ASSERT_TRUE(hit);
  const ScreenPoint middle = frame.camera.screen_from_world(hit->middle);
  const double apothem = hit->width_px / 2, corner = hit->width_px / std::sqrt(3.0);

  for (int k = 0; k < 6; ++k) {
    const double side = k * std::numbers::pi / 3, tip = side + std::numbers::pi / 6;
    const auto value_at = [&](double angle, double far) {
      return heat.at(frame, {middle.x + std::cos(angle) * far, middle.y + std::sin(angle) * far})
          ->value;
    };
    EXPECT_NEAR(value_at(side, apothem - 0.01), 7, 1e-6) << k;
    EXPECT_EQ(value_at(side, apothem + 0.01), 0) << k;
    EXPECT_NEAR(value_at(tip, corner - 0.02), 7, 1e-6) << k;
    EXPECT_EQ(value_at(tip, corner + 0.02), 0) << k;
  }
}

TEST(HexHeat, HasNothingBeyondTheMapOrBeforeTheFirstFrame) {
  const MapFrame frame = frame_at(0);

  EXPECT_FALSE(HexHeat().at(frame, {960, 540}));
  EXPECT_FALSE(heat_of(frame, {}).at(frame, {960, -1000}));
}

TEST(HexHeat, KeepsItsHexagonsWhilePanning) {
  const auto weights = test::fake_places(5000);
  MapFrame frame = frame_at(6);
  HeatPlaces places;
  places.set(weights);
  HexHeat heat;
  heat.update(frame, {}, 1, places);
  const auto before = heat.at(frame, {700, 500});
  ASSERT_TRUE(before);

  frame.camera.pan_px(123.4, -56.7);
  heat.update(frame, {}, 1, places);
  const auto after = heat.at(frame, {700 + 123.4, 500 - 56.7});

  ASSERT_TRUE(after);
  EXPECT_EQ(after->middle.x, before->middle.x);
  EXPECT_EQ(after->middle.y, before->middle.y);
  EXPECT_EQ(after->value, before->value);
}

TEST(HexHeat, CountsAgainWhenWhatItShowsChanges) {
  MapFrame frame = frame_at(6);
  HeatPlaces places;
  places.set(std::vector{place_at({118, 32}, 3)});
  std::vector<PointInstance> points{point_at({118, 32}, 0)};
  HexHeat heat;
  const auto sum = [&](HeatOf of, std::uint64_t version) {
    frame.heat_of = of;
    heat.update(frame, points, version, places);
    const auto value =
        heat.at(frame, frame.camera.screen_from_world(fleet::world_from_lonlat({118, 32})));
    return value ? value->value : -1;
  };

  EXPECT_EQ(sum(HeatOf::places, 1), 3);
  EXPECT_EQ(sum(HeatOf::working_machines, 1), 1);
  points.push_back(points[0]);
  EXPECT_EQ(sum(HeatOf::working_machines, 2), 2);
  places.set(std::vector{place_at({118, 32}, 9)});
  EXPECT_EQ(sum(HeatOf::places, 2), 9);
  frame.camera.zoom = 7.5;
  EXPECT_EQ(sum(HeatOf::places, 2), 9);
}

TEST(HexPicture, ShowsTheRampsColourInsideAndTheMapInTheGaps) {
  const MapFrame frame = frame_at(8, 640, 360);
  SoftCanvas canvas(1, RowOrder::top_down);
  canvas.set_theme(test::plain_theme());
  canvas.set_heat_places(std::vector{place_at({118, 32}, 1e6f)});
  constexpr std::uint32_t kLand = 0xff22160eu;
  const std::vector<std::uint32_t> base(640 * 360, kLand);

  canvas.draw(frame, {base.data(), 640, 360, 0, 0, 1, 1});

  const auto hit = canvas.hexagon_at(frame, {320, 180});
  ASSERT_TRUE(hit);
  const ScreenPoint m = frame.camera.screen_from_world(hit->middle);
  int coloured = 0;
  for (int y = 0; y < 360; ++y) {
    for (int x = 0; x < 640; ++x) {
      const double dx = std::abs(x + 0.5 - m.x), dy = std::abs(y + 0.5 - m.y);
      const double out = std::max(dx, dx / 2 + dy * std::sqrt(0.75)) - hit->width_px / 2;
      const std::uint32_t pixel = canvas.pixel(x, y);
      ASSERT_TRUE(out <= 1 || pixel == kLand) << x << ", " << y;
      ASSERT_TRUE(out >= -2 || (pixel & 255u) > 200) << x << ", " << y;
      coloured += pixel != kLand;
    }
  }
  const double area = hit->width_px * hit->width_px * std::sqrt(0.75);
  EXPECT_NEAR(coloured / area, 1, 0.2);
}

TEST(HexPicture, HasTheColourOfItsDensityAtEveryZoom) {
  // An even field: each hexagon has the same density, whatever its size.
  std::vector<HeatPlace> weights;
  const fleet::WorldPoint middle = fleet::world_from_lonlat({118, 32});
  const double step = 300 / fleet::metres_per_world(32);
  for (int y = -150; y < 150; ++y) {
    for (int x = -150; x < 150; ++x) {
      weights.push_back({static_cast<std::uint32_t>((middle.x + x * step) * kUnits),
                         static_cast<std::uint32_t>((middle.y + y * step) * kUnits), 0.45f});
    }
  }
  const double expected = 0.45 / 0.09;  // a place each 0.09 km2

  for (const double zoom : {6.0, 7.0, 8.0}) {
    const MapFrame frame = frame_at(zoom);
    const auto hit = heat_of(frame, weights).at(frame, {960, 540});
    ASSERT_TRUE(hit);
    // Whole places only: some hundreds in the smallest hexagon.
    EXPECT_NEAR(hit->per_km2 / expected, 1, 0.02) << zoom;
  }
}

}  // namespace
}  // namespace render
