#include "render/basemap/geometry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "render/basemap/levels.hpp"

namespace {

using fleet::AtlasLayer;
using render::Chunk;
using render::DrawRange;
using render::GridBox;

// A line of `count` + 1 points along a row.
fleet::AtlasLines row_of(std::uint32_t count) {
  fleet::AtlasLines lines;
  for (std::uint32_t i = 0; i <= count; ++i) lines.vertices.push_back({1000 + i * 10, 500});
  lines.begin = {0, count + 1};
  return lines;
}

TEST(BaseMapGeometry, KeepsEverySegmentOnceAndCutsAtTheChunkSize) {
  for (const std::uint32_t count :
       {render::kChunkSize - 1, render::kChunkSize, render::kChunkSize + 1}) {
    const auto mesh = render::chunked_lines(row_of(count));

    std::set<std::uint32_t> starts;
    for (const auto& segment : mesh.segments) starts.insert(segment.a.x);
    EXPECT_EQ(starts.size(), count);
    EXPECT_EQ(mesh.segments.size(), count);
    EXPECT_EQ(mesh.chunks.size(), count > render::kChunkSize ? 2u : 1u);
  }
}

TEST(BaseMapGeometry, DrawsNoSegmentBetweenTwoLinesAndNoneWithoutLength) {
  fleet::AtlasLines lines;
  lines.vertices = {{1, 1}, {2, 2}, {2, 2}, {100, 100}, {101, 101}};
  lines.begin = {0, 3, 5};

  const auto mesh = render::chunked_lines(lines);

  ASSERT_EQ(mesh.segments.size(), 2u);
  EXPECT_EQ(mesh.segments[0].b, (fleet::GridPoint{2, 2}));
  EXPECT_EQ(mesh.segments[1].a, (fleet::GridPoint{100, 100}));
}

TEST(BaseMapGeometry, LeavesOutTrianglesThatNameAMissingVertex) {
  fleet::AtlasArea area;
  area.vertices = {{0, 0}, {10, 0}, {0, 10}};
  area.triangles = {0, 1, 2, 0, 1, 3};

  const auto mesh = render::chunked_area(area);

  EXPECT_EQ(mesh.indices, (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(BaseMapGeometry, PutsEachTriangleInsideTheBoxOfItsChunk) {
  fleet::AtlasArea area;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const std::uint32_t x = i * 7919u % 100000, y = i * 104729u % 100000;
    area.vertices.insert(area.vertices.end(), {{x, y}, {x + 9, y}, {x, y + 9}});
    area.triangles.insert(area.triangles.end(), {3 * i, 3 * i + 1, 3 * i + 2});
  }

  const auto mesh = render::chunked_area(area);

  std::size_t triangles = 0;
  for (const Chunk& chunk : mesh.chunks) {
    for (std::uint32_t i = chunk.first * 3; i < (chunk.first + chunk.count) * 3; ++i) {
      const auto p = mesh.vertices[mesh.indices[i]];
      EXPECT_TRUE(chunk.box.touches({p.x, p.y, p.x, p.y}));
    }
    triangles += chunk.count;
  }
  EXPECT_EQ(triangles, 3000u);
}

TEST(BaseMapGeometry, DrawsOnlyChunksInViewAndMergesNeighbours) {
  const std::vector<Chunk> chunks{{{0, 0, 9, 9}, 0, 5},
                                  {{10, 0, 19, 9}, 5, 5},
                                  {{50, 50, 59, 59}, 10, 5},
                                  {{5, 5, 30, 30}, 15, 2}};
  std::vector<DrawRange> ranges;

  render::visible_ranges(chunks, {-100, -100, 20, 20}, ranges);
  EXPECT_EQ(ranges, (std::vector<DrawRange>{{0, 10}, {15, 2}}));

  render::visible_ranges(chunks, {1000, 1000, 2000, 2000}, ranges);
  EXPECT_TRUE(ranges.empty());
}

TEST(BaseMapGeometry, CountsATouchingEdgeAsInView) {
  const GridBox box{10, 10, 20, 20};

  EXPECT_TRUE(box.touches({20, 20, 30, 30}));
  EXPECT_FALSE(box.touches({21, 20, 30, 30}));
}

TEST(BaseMapLevels, ChoosesTheLevelOfTheZoomAndNoneOutside) {
  const std::vector<render::LevelRange> levels{{AtlasLayer::coast, 0, 6},
                                               {AtlasLayer::coast, 6, 99},
                                               {AtlasLayer::prefecture_borders, 5, 99}};
  render::Camera camera{.zoom = 5.99};

  EXPECT_EQ(render::level_for(levels, AtlasLayer::coast, camera), 0u);
  camera.zoom = 6;
  EXPECT_EQ(render::level_for(levels, AtlasLayer::coast, camera), 1u);
  camera.zoom = 4.99;
  EXPECT_EQ(render::level_for(levels, AtlasLayer::prefecture_borders, camera), std::nullopt);
}

TEST(BaseMapLevels, TakesTheFinerLevelOnAWallOfMorePixelsButShowsNoMoreLayers) {
  const std::vector<render::LevelRange> levels{{AtlasLayer::coast, 0, 6},
                                               {AtlasLayer::coast, 6, 99},
                                               {AtlasLayer::prefecture_borders, 6, 99}};
  const render::Camera uhd{.zoom = 5, .width_px = 3840, .height_px = 2160};

  EXPECT_EQ(render::level_for(levels, AtlasLayer::coast, uhd), 1u);
  EXPECT_EQ(render::level_for(levels, AtlasLayer::prefecture_borders, uhd), std::nullopt);
}

}  // namespace
