// Counts on the map: exact at every zoom, on a grid that lies on the ground, and never one over
// another.
#include "viewer/labels/count_chips.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "viewer/picking.hpp"

namespace {

using namespace viewer;

/// Machines around some cities and a few anywhere on the globe, every tenth without a position.
std::vector<render::PointInstance> fleet_of(std::size_t count) {
  std::mt19937 random(3);
  std::normal_distribution<double> near(0, 0.004);
  std::uniform_real_distribution<double> anywhere(0, 0.99999);
  const std::vector<fleet::WorldPoint> cities{{0.835, 0.407}, {0.822, 0.38}, {0.788, 0.42}};
  std::vector<render::PointInstance> points(count);
  for (std::size_t i = 0; i < count; ++i) {
    const fleet::WorldPoint city = cities[i % cities.size()];
    const double x = i % 50 == 0 ? anywhere(random) : city.x + near(random);
    const double y = i % 50 == 0 ? anywhere(random) : city.y + near(random);
    points[i].x = static_cast<std::uint32_t>(x * kPointSteps);
    points[i].y = static_cast<std::uint32_t>(y * kPointSteps);
    points[i].style = i % 10 == 9 ? render::PointInstance::kHidden : 0;
  }
  return points;
}

render::Camera camera_at(double zoom, int width = 1920, int height = 1080) {
  render::Camera camera;
  camera.centre = {0.834, 0.406};
  camera.zoom = zoom;
  camera.width_px = width;
  camera.height_px = height;
  return camera;
}

TEST(Counts, SumUpToAllMachinesWithAPositionAtEveryZoom) {
  const std::vector<render::PointInstance> points = fleet_of(20'000);
  for (double zoom = 0; zoom <= 22; zoom += 0.37) {
    for (const auto& [width, height] : {std::pair{1920, 1080}, {7680, 2160}, {1080, 1920}}) {
      const render::Camera camera = camera_at(zoom, width, height);

      const CellCounts counts = count_cells(points, camera, 1);

      std::uint64_t sum = 0;
      for (const CellCount& cell : counts.cells) sum += cell.machines;
      EXPECT_EQ(sum, counts.in_view) << zoom;
      EXPECT_EQ(counts.in_view + counts.elsewhere, 18'000u) << zoom;
    }
  }
}

TEST(Counts, HoldEveryMachineThatIsOnTheScreen) {
  const std::vector<render::PointInstance> points = fleet_of(5'000);
  for (double zoom = 2; zoom <= 14; zoom += 0.61) {
    const render::Camera camera = camera_at(zoom);
    std::uint64_t on_screen = 0;
    for (const render::PointInstance& p : points) {
      if (p.style & render::PointInstance::kHidden) continue;
      const render::ScreenPoint s = camera.screen_from_world(place_of(p));
      on_screen += s.x >= 0 && s.y >= 0 && s.x < camera.width_px && s.y < camera.height_px;
    }

    EXPECT_GE(count_cells(points, camera, 1).in_view, on_screen) << zoom;
  }
}

TEST(Counts, OfACellAreThoseOfTheMachinesThatStandInIt) {
  const std::vector<render::PointInstance> points = fleet_of(3'000);
  const render::Camera camera = camera_at(7.3);

  const CellCounts counts = count_cells(points, camera, 1);

  ASSERT_GT(counts.cells.size(), 3u);
  for (const CellCount& cell : counts.cells) {
    std::uint32_t inside = 0;
    for (const render::PointInstance& p : points) {
      if (p.style & render::PointInstance::kHidden) continue;
      const render::ScreenPoint s = camera.screen_from_world(place_of(p));
      inside += cell.cell.contains({static_cast<float>(s.x), static_cast<float>(s.y)});
    }
    EXPECT_EQ(cell.machines, inside);
    EXPECT_TRUE(cell.cell.shrunk(-0.01f).contains(cell.middle));
  }
}

TEST(Counts, TheGridLiesOnTheGround) {
  const std::vector<render::PointInstance> points = fleet_of(3'000);
  render::Camera camera = camera_at(6.5);
  std::map<std::pair<long, long>, std::uint32_t> before;
  const auto place = [&](const CellCount& cell) {
    const fleet::WorldPoint w = camera.world_from_screen(
        {static_cast<double>(cell.cell.x0), static_cast<double>(cell.cell.y0)});
    return std::pair{std::lround(w.x * 1e5), std::lround(w.y * 1e5)};
  };
  for (const CellCount& cell : count_cells(points, camera, 1).cells)
    before[place(cell)] = cell.machines;

  camera.pan_px(137, -61);

  std::size_t met = 0;
  for (const CellCount& cell : count_cells(points, camera, 1).cells) {
    const auto known = before.find(place(cell));
    if (known == before.end()) continue;
    ++met;
    EXPECT_EQ(known->second, cell.machines);
  }
  EXPECT_GT(met, 3u);
}

TEST(Counts, ChipsNeverOverlapAtAnyZoom) {
  const std::vector<render::PointInstance> points = fleet_of(20'000);
  for (double zoom = 0; zoom <= 18; zoom += 0.43) {
    for (const float scale : {0.85f, 1.f, 2.f}) {
      const CellCounts counts = count_cells(points, camera_at(zoom, 3840, 2160), scale);
      // As wide as the chip of a million.
      const std::vector<Point> sizes(counts.cells.size(), {84 * scale, 22 * scale});
      std::vector<Rect> chips = chip_rects(counts.cells, sizes, {}, {0, 0, 3840, 2160});
      for (Rect& chip : chips) chip = chip.shrunk(0.01f);
      for (std::size_t a = 0; a < chips.size(); ++a) {
        for (std::size_t b = a + 1; b < chips.size(); ++b) {
          ASSERT_FALSE(chips[a].overlaps(chips[b])) << zoom << " x" << scale;
        }
      }
    }
  }
}

TEST(Counts, AChipMakesWayForAMarkWithinItsCell) {
  const CellCount count{7, {150, 150}, {100, 100, 220, 220}};
  const std::vector<Rect> mark{{140, 140, 160, 160}}, everywhere{{0, 0, 999, 999}};

  const Rect view{0, 0, 1920, 1080};
  const Rect free = chip_rect(count, {40, 22}, {}, view);
  const Rect moved = chip_rect(count, {40, 22}, mark, view);

  EXPECT_EQ(free, (Rect{130, 139, 170, 161}));
  EXPECT_FALSE(moved.overlaps(mark[0]));
  EXPECT_TRUE(moved.x0 >= 100 && moved.y0 >= 100 && moved.x1 <= 220 && moved.y1 <= 220);
  EXPECT_EQ(chip_rect(count, {40, 22}, everywhere, view), free);
}

TEST(Counts, AChipIsNeverCutByTheScreensEdgeNorFarFromWhatItCounts) {
  const std::vector<render::PointInstance> points = fleet_of(20'000);
  const Rect view{0, 0, 1366, 768};
  std::size_t cut_cells = 0;
  for (double zoom = 3; zoom <= 16; zoom += 0.21) {
    const CellCounts counts = count_cells(points, camera_at(zoom, 1366, 768), 1);
    const std::vector<Point> sizes(counts.cells.size(), {60, 22});
    const std::vector<Rect> chips = chip_rects(counts.cells, sizes, {}, view);
    for (std::size_t i = 0; i < chips.size(); ++i) {
      const Rect& cell = counts.cells[i].cell;
      cut_cells += cell.x0 < 0 || cell.y0 < 0 || cell.x1 > 1366 || cell.y1 > 768;
      if (chips[i].empty()) continue;
      EXPECT_TRUE(chips[i].x0 >= 0 && chips[i].y0 >= 0) << zoom;
      EXPECT_TRUE(chips[i].x1 <= 1366 && chips[i].y1 <= 768) << zoom;
      const Point middle = counts.cells[i].middle;
      const Rect reach = chips[i].shrunk(-61);
      EXPECT_TRUE(reach.contains(middle)) << zoom;
      EXPECT_TRUE(view.contains(middle)) << zoom;
    }
  }
  EXPECT_GT(cut_cells, 100u);
}

TEST(Counts, AChipWhoseCellHardlyReachesIntoTheViewStaysWhole) {
  const CellCount left{3, {4, 60}, {-100, 0, 10, 110}}, out{3, {-4, 60}, {-100, 0, 10, 110}};
  const Rect view{0, 0, 500, 300};

  EXPECT_EQ(chip_rect(left, {40, 22}, {}, view), (Rect{0, 49, 40, 71}));
  EXPECT_TRUE(chip_rect(out, {40, 22}, {}, view).empty());
}

TEST(Counts, AreNoneWithoutMachines) {
  const CellCounts counts = count_cells({}, camera_at(5), 1);

  EXPECT_TRUE(counts.cells.empty());
  EXPECT_EQ(counts.in_view + counts.elsewhere, 0u);
}

}  // namespace
