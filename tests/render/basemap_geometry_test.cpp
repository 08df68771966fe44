#include "render/basemap/geometry.hpp"

#include <gtest/gtest.h>

#include "render/basemap/levels.hpp"

namespace {

using fleet::AtlasLayer;
using render::Chunk;
using render::DrawRange;
using render::GridBox;

TEST(BaseMapGeometry, DrawsNoSegmentBetweenTwoLinesAndNoneWithoutLength) {
  fleet::AtlasLines lines;
  lines.vertices = {{1, 1}, {2, 2}, {2, 2}, {100, 100}, {101, 101}};
  lines.begin = {0, 3, 5};
  lines.chunks = {{{1, 1}, {101, 101}, 0, 2}};

  const auto mesh = render::line_mesh(lines);

  ASSERT_EQ(mesh.segments.size(), 2u);
  EXPECT_EQ(mesh.segments[0].b, (fleet::GridPoint{2, 2}));
  EXPECT_EQ(mesh.segments[1].a, (fleet::GridPoint{100, 100}));
}

TEST(BaseMapGeometry, KeepsTheChunksOfLinesAsRunsOfSegments) {
  fleet::AtlasLines lines;
  lines.vertices = {{0, 0}, {1, 0}, {2, 0}, {2, 0}, {2, 9}, {5, 5}, {5, 5}};
  lines.begin = {0, 3, 5, 7};
  lines.chunks = {{{0, 0}, {2, 0}, 0, 1}, {{2, 0}, {2, 9}, 1, 1}, {{5, 5}, {5, 5}, 2, 1}};

  const auto mesh = render::line_mesh(lines);

  // The third line has no length: no chunk is left of it.
  ASSERT_EQ(mesh.chunks.size(), 2u);
  EXPECT_EQ(mesh.chunks[0].count, 2u);
  EXPECT_EQ(mesh.chunks[1].first, 2u);
  EXPECT_EQ(mesh.chunks[1].count, 1u);
  EXPECT_TRUE(mesh.chunks[1].box.touches({2, 9, 2, 9}));
}

TEST(BaseMapGeometry, CountsTheChunksOfAreasInTriangles) {
  fleet::AtlasArea area;
  area.vertices = {{0, 0}, {10, 0}, {0, 10}, {10, 10}};
  area.triangles = {0, 1, 2, 1, 2, 3};
  area.chunks = {{{0, 0}, {10, 10}, 0, 3}, {{0, 0}, {10, 10}, 3, 3}};

  const auto mesh = render::area_mesh(area);

  EXPECT_EQ(mesh.indices, area.triangles);
  ASSERT_EQ(mesh.chunks.size(), 2u);
  EXPECT_EQ(mesh.chunks[1].first, 1u);
  EXPECT_EQ(mesh.chunks[1].count, 1u);
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

TEST(RimMesh, HoldsTheSidesOfOneTriangleOnly) {
  // A square of two triangles in two chunks; vertices are repeated where chunks meet.
  render::AreaMesh area;
  area.vertices = {{0, 0}, {9, 0}, {9, 9}, {0, 0}, {9, 9}, {0, 9}};
  area.indices = {0, 1, 2, 3, 4, 5};
  area.chunks = {{{0, 0, 9, 9}, 0, 1}, {{0, 0, 9, 9}, 1, 1}};

  const render::LineMesh rim = render::rim_mesh(area);

  EXPECT_EQ(rim.segments.size(), 4u) << "the diagonal is no rim";
  for (const auto& segment : rim.segments) {
    EXPECT_TRUE(segment.a.x == segment.b.x || segment.a.y == segment.b.y);
  }
  ASSERT_EQ(rim.chunks.size(), 2u);
  EXPECT_EQ(rim.chunks[0].count, 2u);
  EXPECT_EQ(rim.chunks[1].first, 2u);
  EXPECT_EQ(rim.chunks[1].count, 2u);
  EXPECT_TRUE(render::rim_mesh({}).segments.empty());
}

}  // namespace
