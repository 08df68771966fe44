// Weighted places: exact sums, levels, and the heat made of them. Without GL.
#include "render/compose/heat_places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "render/compose/heat_grid.hpp"
#include "render/compose/look.hpp"
#include "tests/render/compose/fake_places.hpp"

namespace render {
namespace {

using test::camera_at;
using test::fake_places;
using test::place_at;

MapFrame frame_at(double lat, double zoom, float radius_m, int width = 1920, int height = 1080) {
  MapFrame frame;
  frame.camera = camera_at({118, lat}, zoom, width, height);
  frame.heat = true;
  frame.heat_of = HeatOf::places;
  frame.heat_radius_m = radius_m;
  return frame;
}

HeatGrid grid_of(const MapFrame& frame, const std::vector<HeatPlace>& weights, int threads = 1) {
  Lanes lanes(threads);
  HeatPlaces places;
  places.set(weights);
  HeatGrid grid;
  grid.make(lanes, frame, Projection::of(frame), {}, places);
  return grid;
}

std::int64_t steps_in(const HeatPlaces& places, const HeatPlaces::Level& level) {
  std::int64_t sum = 0;
  for (const auto& entry : places.entries_of(level)) sum += entry.steps;
  return sum;
}

TEST(HeatPlaces, KeepsTheTotalOnEveryLevel) {
  const auto weights = fake_places(50000);
  HeatPlaces places;

  places.set(weights);

  EXPECT_NEAR(places.total() / test::sum_of(weights), 1, 1e-9);
  ASSERT_GE(places.levels().size(), 5u);
  for (const auto& level : places.levels()) {
    EXPECT_EQ(steps_in(places, level), steps_in(places, places.levels()[0])) << level.square_bits;
    EXPECT_LE(level.count, level.square_bits == 0 ? weights.size() : (&level)[-1].count / 2);
  }
}

TEST(HeatPlaces, DoesNotCareForTheOrder) {
  auto weights = fake_places(5000);
  weights.push_back(weights[17]);  // two at one place
  weights.push_back({weights[17].x, weights[17].y, 3});
  HeatPlaces one, other;
  one.set(weights);

  std::reverse(weights.begin(), weights.end());
  other.set(weights);

  EXPECT_TRUE(std::ranges::equal(one.entries(), other.entries()));
  EXPECT_EQ(one.levels()[0].count, 5000u);
}

TEST(HeatPlaces, AreTheSameHoweverTheyCameAbout) {
  auto weights = fake_places(3000);
  test::Dice dice(9);
  HeatPlaces kept;
  const auto any = [&] { return static_cast<std::size_t>(dice.unit() * 2999); };
  for (int round = 0; round < 60; ++round) {
    for (HeatPlace& place : weights) {
      place.weight *= 1.01f;
      if (round % 5 == 1) place.x += 40'000;                        // all move on
      if (round % 5 == 2) place.y = ~place.y, place.x ^= 1u << 30;  // all are elsewhere
    }
    if (round % 5 == 3) weights[any()] = place_at({100 + 20 * dice.unit(), 40}, 0);
    if (round % 5 == 4) weights.push_back(place_at({100 + 20 * dice.unit(), 30}, 2));
    if (round % 7 == 6) weights.erase(weights.begin() + 5);
    if (round % 11 == 10) weights.resize(weights.size() - 100);
    HeatPlaces fresh;

    kept.set(weights);
    fresh.set(weights);

    ASSERT_TRUE(std::ranges::equal(kept.entries(), fresh.entries())) << round;
    ASSERT_EQ(kept.levels().size(), fresh.levels().size()) << round;
    EXPECT_EQ(kept.total(), fresh.total()) << round;
  }
}

TEST(HeatPlaces, HoldsGreatAndTinyWeightsTogether) {
  std::vector<HeatPlace> weights(1000000);
  test::Dice dice(3);
  for (auto& place : weights) {
    place = {static_cast<std::uint32_t>(dice.unit() * 4294967295.0), 1u << 31, 1e-4f};
  }
  weights.push_back({1u << 30, 1u << 31, 1e7f});
  HeatPlaces places;

  places.set(weights);

  const double tiny = places.total() - 1e7;
  EXPECT_NEAR(tiny, 100, 0.01);  // 0.01 % of the tiny ones, beside a hundred thousand times as much
}

TEST(HeatPlaces, LeavesOutWhatIsNoWeight) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  const float above = std::nextafter(kHeatWeightMax, infinite);
  HeatPlaces places;

  places.set(std::vector<HeatPlace>{
      {1, 1, 0}, {2, 2, -above}, {3, 3, nan}, {4, 4, infinite}, {5, 5, above}});
  EXPECT_EQ(places.total(), 0);
  EXPECT_TRUE(places.entries().empty());
  places.set(std::vector<HeatPlace>{{5, 5, kHeatWeightMax}});

  EXPECT_EQ(places.total(), static_cast<double>(kHeatWeightMax));
}

/// What was worked on one day less what was on another, at the same places.
std::vector<HeatPlace> fake_difference(std::size_t count) {
  auto weights = fake_places(count);
  for (HeatPlace& place : weights) place.weight -= 5;
  return weights;
}

TEST(HeatPlaces, KeepsTheTotalOfADifferenceOnEveryLevel) {
  const auto weights = fake_difference(50000);
  HeatPlaces places;

  places.set(weights);

  EXPECT_NEAR(places.total(), test::sum_of(weights), 1e-6);
  ASSERT_GE(places.levels().size(), 5u);
  for (const auto& level : places.levels())
    EXPECT_EQ(steps_in(places, level), steps_in(places, places.levels()[0])) << level.square_bits;
}

TEST(HeatPlaces, PutsWhatCancelsOutWhereItIs) {
  HeatPlaces places;
  std::vector<HeatPlace> weights;
  for (std::uint32_t i = 0; i < 8; ++i) weights.push_back({5000 + i, 7000, i % 2 ? -2.5f : 2.5f});

  places.set(weights);

  EXPECT_EQ(places.total(), 0);
  ASSERT_GT(places.levels().size(), 1u);
  const auto last = places.entries_of(places.levels().back());
  for (const auto& entry : last) {
    EXPECT_EQ(entry.steps, 0);
    EXPECT_EQ(entry.y, 7000u);
    EXPECT_NEAR(entry.x, 5003.5, 4);
  }
}

TEST(HeatPlaces, IsEmptyAgainWhenSetToNothing) {
  HeatPlaces places;
  places.set(fake_places(1000));

  places.set({});

  EXPECT_EQ(places.total(), 0);
  EXPECT_EQ(places.level_for(1e6).count, 0u);
}

TEST(HeatPlaces, TakesSquaresOfHalfACellAtMost) {
  HeatPlaces places;
  places.set(fake_places(100000));

  EXPECT_EQ(places.level_for(1).square_bits, 0);
  for (double cell = 4; cell < 4e9; cell *= 1.7) {
    const auto& level = places.level_for(cell);
    if (level.square_bits > 0) {
      EXPECT_LE(std::exp2(level.square_bits), cell / 2);
    }
  }
  // Country zoom: a cell of 2 px is 800,000 units.
  EXPECT_LT(places.level_for(8e5).count, 50000u);
}

TEST(HeatOfPlaces, SumsToTheWeightsInView) {
  // Zoom 1 shows everything; the others what fake_fleet's country is.
  const auto weights = fake_places(30000);
  const double total = test::sum_of(weights);

  for (const double zoom : {0.0, 1.0, 2.5, 3.5}) {
    const double sum = grid_of(frame_at(32, zoom, 2000), weights).sum();
    EXPECT_NEAR(sum / total, 1, 1e-4) << "zoom " << zoom;
  }
}

TEST(HeatOfPlaces, SumsGreatAndTinyWeightsTogether) {
  std::vector<HeatPlace> weights(1000000, HeatPlace{0, 0, 1e-3f});
  test::Dice dice(9);
  for (auto& place : weights) {
    place = test::place_at({100 + 30 * dice.unit(), 20 + 25 * dice.unit()}, 1e-3f);
  }
  weights.push_back(place_at({118, 32}, 1e7f));

  const double sum = grid_of(frame_at(32, 3.5, 2000), weights).sum();

  EXPECT_NEAR(sum / (1e7 + 1e3), 1, 1e-5);
}

TEST(HeatOfPlaces, IsTheSameOnOneThreadAndOnTwoInAnyOrder) {
  auto weights = fake_places(40000);
  const MapFrame frame = frame_at(32, 6, 2000);
  const HeatGrid one = grid_of(frame, weights, 1);

  std::reverse(weights.begin(), weights.end());
  const HeatGrid two = grid_of(frame, weights, 2);

  ASSERT_GT(one.sum(), 0);
  for (int row = 0; row < one.layout().rows; ++row) {
    for (int column = 0; column < one.layout().columns; ++column) {
      ASSERT_EQ(one.density(column, row), two.density(column, row)) << column << ", " << row;
    }
  }
}

TEST(HeatOfPlaces, SkipsNothingThatIsInViewWhereverTheCameraIs) {
  // Single places all over the world: blocks of them are skipped by their bounds.
  std::vector<HeatPlace> weights;
  test::Dice dice(21);
  for (int i = 0; i < 20000; ++i) {
    weights.push_back(place_at({-180 + 360 * dice.unit(), -70 + 140 * dice.unit()}, 1));
  }
  for (const double lon : {-179.9, -60.0, 118.0, 179.9}) {
    MapFrame frame = frame_at(20, 3, 1);
    frame.camera.centre = fleet::world_from_lonlat({lon, 20});
    const Projection projection = Projection::of(frame);
    double expected = 0;
    for (const HeatPlace& place : weights) {
      PointInstance point;
      point.x = point.from_x = place.x, point.y = point.from_y = place.y;
      const auto px = projection.pixel_of(point);
      expected += px.x >= 0 && px.x < 1920 && px.y >= 0 && px.y < 1080;
    }

    const double sum = grid_of(frame, weights).sum();

    // Kernels of 3 px that stand across the screen's edge.
    EXPECT_NEAR(sum / expected, 1, 0.005) << lon;
  }
}

/// Distance from a place's middle to where its kernel has half of its height, metres on the ground.
double half_value_m(const MapFrame& frame, const HeatGrid& grid, int dx, int dy) {
  const HeatLayout& layout = grid.layout();
  int column = 0, row = 0;
  for (int r = 0; r < layout.rows; ++r) {
    for (int c = 0; c < layout.columns; ++c) {
      if (grid.density(c, r) > grid.density(column, row)) column = c, row = r;
    }
  }
  // The place stands between cells: both ways out are measured and averaged.
  const double half = grid.density(column, row) / 2;
  double cells = 0;
  for (const int way : {-1, 1}) {
    int k = 0;
    const auto value = [&](int i) {
      return grid.density(column + way * i * dx, row + way * i * dy);
    };
    while (value(k + 1) > half) ++k;
    cells += k + (value(k) - half) / (value(k) - value(k + 1));
  }
  return cells / 2 * layout.cell_px * frame.camera.metres_per_px();
}

TEST(HeatOfPlaces, HasItsRadiusInMetresAtEveryLatitude) {
  for (const double lat : {0.0, 31.0, 60.0}) {
    const MapFrame frame = frame_at(lat, 9, 4000);
    const HeatGrid grid = grid_of(frame, {place_at({118, lat}, 7)});

    // A Gaussian of sigma = radius / 2 falls to a half at sigma * sqrt(2 ln 2).
    const double expected = 2000 * std::sqrt(2 * std::log(2.0));
    EXPECT_NEAR(half_value_m(frame, grid, 1, 0) / expected, 1, 0.03) << lat;
    EXPECT_NEAR(half_value_m(frame, grid, 0, 1) / expected, 1, 0.03) << lat;
  }
}

TEST(HeatOfPlaces, HasTheSameColourForTheSameDensityAtEveryZoomAndSize) {
  // A field of places 400 m apart around 31 N: 5 h/km2 everywhere.
  constexpr double kPerKm2 = 5, kStepM = 400;
  const fleet::WorldPoint middle = fleet::world_from_lonlat({118, 31});
  const double step = kStepM / fleet::metres_per_world(31);
  std::vector<HeatPlace> weights;
  for (int y = -200; y < 200; ++y) {
    for (int x = -200; x < 200; ++x) {
      const double wy = middle.y + (y + 0.5) * step;
      // A step is shorter on the ground away from the middle's latitude.
      const double m = kStepM * cos_latitude_at(wy) / cos_latitude_at(middle.y);
      weights.push_back({static_cast<std::uint32_t>((middle.x + (x + 0.5) * step) * 4294967296.0),
                         static_cast<std::uint32_t>(wy * 4294967296.0),
                         static_cast<float>(kPerKm2 * m * m / 1e6)});
    }
  }
  const double expected = static_cast<double>(heat_scale(0.25f));
  const auto colour_at = [&](double zoom, int width, int height) {
    MapFrame frame = frame_at(31, zoom, 3000, width, height);
    frame.heat_full_per_km2 = 20;
    const HeatGrid grid = grid_of(frame, weights);
    std::vector<float> scratch;
    const float* row = grid.row(height / 2, width / 2, 1, scratch);
    return row ? static_cast<double>(row[0]) : 0.0;
  };

  for (const double zoom : {6.5, 7.0, 8.3, 9.0, 10.6, 12.0}) {
    EXPECT_NEAR(colour_at(zoom, 1920, 1080), expected, 1.0 / 255) << "zoom " << zoom;
  }
  EXPECT_NEAR(colour_at(8, 640, 360), expected, 1.0 / 255);
  EXPECT_NEAR(colour_at(8, 1366, 768), expected, 1.0 / 255);
  EXPECT_NEAR(colour_at(8, 3840, 2160), expected, 1.0 / 255);
}

TEST(HeatOfPlaces, OfADifferenceIsTheDifferenceOfBoth) {
  auto more = fake_places(20000), less = more;
  for (std::size_t i = 0; i < less.size(); ++i) less[i].weight = static_cast<float>(i % 17);
  auto weights = more;
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i].weight -= less[i].weight;
  const MapFrame frame = frame_at(32, 7, 5000);

  const HeatGrid difference = grid_of(frame, weights), a = grid_of(frame, more),
                 b = grid_of(frame, less);

  EXPECT_NEAR(difference.sum(), a.sum() - b.sum(), 1e-3 * a.sum());
  int below = 0;
  for (int row = 8; row < a.layout().rows - 8; row += 9) {
    for (int column = 8; column < a.layout().columns - 8; column += 7) {
      const double expected = a.density(column, row) - b.density(column, row);
      ASSERT_NEAR(difference.density(column, row), expected, 1e-3 * a.density(column, row) + 1e-6);
      below += expected < 0;
    }
  }
  EXPECT_GT(below, 100) << "some of it lies below zero";
}

TEST(HeatOfPlaces, HasTheMirroredColourOfTheOppositeDifference) {
  auto weights = fake_difference(20000);
  const MapFrame frame = frame_at(32, 7, 5000);
  const HeatGrid one = grid_of(frame, weights, 2);
  for (HeatPlace& place : weights) place.weight = -place.weight;
  const HeatGrid other = grid_of(frame, weights, 2);
  std::vector<float> scratch, scratch_other;
  int coloured = 0;
  for (int y = 0; y < 1080; y += 50) {
    const float* a = one.row(y, 0, 1920, scratch);
    const float* b = other.row(y, 0, 1920, scratch_other);
    ASSERT_EQ(a == nullptr, b == nullptr);
    for (int x = 0; a && x < 1920; ++x) {
      ASSERT_EQ(a[x], -b[x]) << x << ", " << y;
      coloured += a[x] != 0;
    }
  }
  EXPECT_GT(coloured, 1000);
}

TEST(HeatOfPlaces, IsNotChangedByCoarserLevels) {
  // Both places and the level made of them, in cells they are meant for.
  const auto weights = fake_places(60000);
  const MapFrame frame = frame_at(32, 3.5, 2000);
  HeatPlaces places;
  places.set(weights);
  const auto& level = places.level_for(2 * 4294967296.0 / frame.camera.px_per_world());
  ASSERT_GT(level.square_bits, 0);
  std::vector<PointInstance> points;  // machines have no levels
  for (const HeatPlace& place : weights) {
    PointInstance point;
    point.x = point.from_x = place.x, point.y = point.from_y = place.y, point.style = 0;
    points.push_back(point);
  }
  std::vector<HeatPlace> ones = weights;
  for (HeatPlace& place : ones) place.weight = 1;
  Lanes lanes(1);
  HeatGrid exact;
  MapFrame of_machines = frame;
  of_machines.heat_of = HeatOf::working_machines;
  exact.make(lanes, of_machines, Projection::of(frame), points, {});

  const HeatGrid coarse = grid_of(frame, ones);

  double most = 0, off = 0;
  for (int row = 0; row < exact.layout().rows; ++row) {
    for (int column = 0; column < exact.layout().columns; ++column) {
      most = std::max(most, exact.density(column, row));
      off = std::max(off, std::abs(exact.density(column, row) - coarse.density(column, row)));
    }
  }
  // At this zoom the kernel is its narrowest: squares of half a cell widen it by 2 %, and less
  // where what they hold does not fill them.
  EXPECT_LT(off / most, 0.03);
  EXPECT_NEAR(coarse.sum() / exact.sum(), 1, 1e-4);
}

}  // namespace
}  // namespace render
