#include "render/basemap/simplify.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "render/basemap/geometry.hpp"
#include "render/basemap/prepare.hpp"

namespace {

using fleet::AtlasLines;
using fleet::GridPoint;

AtlasLines one_line(std::vector<GridPoint> points) {
  AtlasLines lines;
  lines.begin = {0, static_cast<std::uint32_t>(points.size())};
  lines.vertices = std::move(points);
  lines.chunks = {{{0, 0}, {100000, 100000}, 0, 1}};
  return lines;
}

TEST(Simplify, KeepsAVertexJustBeyondTheToleranceAndDropsOneAtIt) {
  const auto line = one_line({{0, 1000}, {500, 1010}, {1000, 1000}});

  EXPECT_EQ(render::simplified(line, 9.99).vertices.size(), 3u);
  EXPECT_EQ(render::simplified(line, 10).vertices.size(), 2u);
}

TEST(Simplify, KeepsTheEndsAndTheNumbersOfLinesAndChunks) {
  AtlasLines lines;
  lines.vertices = {{0, 0}, {5, 1}, {10, 0}, {10, 0}, {20, 1}, {30, 0}};
  lines.begin = {0, 3, 6};
  lines.chunks = {{{0, 0}, {10, 1}, 0, 1}, {{10, 0}, {30, 1}, 1, 1}};

  const auto out = render::simplified(lines, 100);

  EXPECT_EQ(out.begin, (std::vector<std::uint32_t>{0, 2, 4}));
  EXPECT_EQ(out.vertices, (std::vector<GridPoint>{{0, 0}, {10, 0}, {10, 0}, {30, 0}}));
  EXPECT_EQ(out.chunks.size(), 2u);
}

TEST(Simplify, MakesARingBelowTheToleranceVanishAndKeepsALargerOne) {
  const auto ring = one_line({{100, 100}, {120, 100}, {120, 120}, {100, 120}, {100, 100}});

  EXPECT_EQ(render::line_mesh(render::simplified(ring, 50)).segments.size(), 0u);
  EXPECT_EQ(render::line_mesh(render::simplified(ring, 5)).segments.size(), 4u);
}

TEST(Simplify, LeavesNoVertexFartherFromTheLineThanTheTolerance) {
  std::vector<GridPoint> wave;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const double y = 50000 + 3000 * std::sin(i * 0.01) + 40 * std::sin(i * 1.7);
    wave.push_back({i * 20, static_cast<std::uint32_t>(y)});
  }

  const auto out = render::simplified(one_line(wave), 60);

  EXPECT_LT(out.vertices.size(), 200u);
  // x grows along the wave, so the kept line is a function of x: compare heights, an upper bound.
  std::size_t next = 1;
  for (const GridPoint p : wave) {
    while (out.vertices[next].x < p.x) ++next;
    const GridPoint a = out.vertices[next - 1], b = out.vertices[next];
    const double t = (double(p.x) - a.x) / (double(b.x) - a.x);
    const double slope = (double(b.y) - a.y) / (double(b.x) - a.x);
    const double off = std::abs(a.y + t * (double(b.y) - a.y) - p.y);
    EXPECT_LE(off / std::sqrt(1 + slope * slope), 60.001);
  }
}

TEST(Simplify, KnowsHowManyGridStepsAPixelHolds) {
  EXPECT_EQ(render::grid_steps_per_px(0), 524288);
  EXPECT_EQ(render::grid_steps_per_px(19), 1);
}

TEST(PreparedLevels, CoverTheZoomsOfTheAtlasWithoutGapsAndGrowInDetail) {
  fleet::Atlas atlas;
  std::vector<GridPoint> wave;
  // Detail of three sizes: above a pixel at zoom 3, at zoom 4, and only beyond.
  for (std::uint32_t i = 0; i < 20000; ++i) {
    const double y =
        90000 * std::sin(i * 0.03) + 20000 * std::sin(i * 0.3) + 6000 * std::sin(i * 1.9);
    wave.push_back({i * 4000, static_cast<std::uint32_t>(5e7 + y)});
  }
  fleet::AtlasLevel level;
  level.layer = fleet::AtlasLayer::coast;
  level.max_zoom = 5;
  level.lines = one_line(wave);
  atlas.levels = {level};

  const auto prepared = render::prepared_levels(atlas);

  ASSERT_GT(prepared.size(), 1u);
  EXPECT_EQ(prepared.front().range.min_zoom, 0);
  EXPECT_EQ(prepared.back().range.max_zoom, 5);
  EXPECT_EQ(prepared.back().lines.segments.size(), wave.size() - 1);
  for (std::size_t i = 1; i < prepared.size(); ++i) {
    EXPECT_EQ(prepared[i].range.min_zoom, prepared[i - 1].range.max_zoom);
    EXPECT_GT(prepared[i].lines.segments.size(), prepared[i - 1].lines.segments.size());
  }
}

}  // namespace
