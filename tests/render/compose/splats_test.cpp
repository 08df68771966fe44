// Splats sorted into tiles, and the blocks of a tile that their light touches.
#include "render/compose/splats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "render/compose/light_tile.hpp"
#include "render/compose/look.hpp"
#include "tests/render/compose/fake_fleet.hpp"

namespace render {
namespace {

Splat splat_at(int x, int y) {
  return {4 * x, 4 * y, 0, -1};
}

std::vector<int> listed(const TileLists& lists, std::size_t tile) {
  std::vector<int> numbers;
  lists.visit(tile, [&](std::span<const Splat> splats) {
    EXPECT_FALSE(splats.empty());
    for (const Splat& splat : splats) numbers.push_back(splat.qx);
  });
  return numbers;
}

TEST(TileLists, KeepTheOrderOfEveryTileAcrossRuns) {
  // Around the length of a run, and several of them.
  for (const int count : {0, 1, 63, 64, 65, 127, 128, 129, 1000}) {
    TileLists lists;
    lists.clear(3);
    std::vector<int> expected;
    for (int i = 0; i < count; ++i) {
      lists.add(0, {i, 0, 0, -1});
      lists.add(2, {-i, 0, 0, -1});
      expected.push_back(i);
    }

    EXPECT_EQ(listed(lists, 0), expected);
    EXPECT_TRUE(lists.empty(1));
    EXPECT_EQ(lists.empty(2), count == 0);
    EXPECT_EQ(listed(lists, 2).size(), expected.size());
  }
}

TEST(TileLists, AreEmptyAgainAfterBeingCleared) {
  TileLists lists;
  lists.clear(2);
  for (int i = 0; i < 500; ++i) lists.add(1, {i, 0, 0, -1});

  lists.clear(2);
  EXPECT_TRUE(lists.empty(1));
  lists.add(1, {7, 0, 0, -1});
  EXPECT_THAT(listed(lists, 1), testing::ElementsAre(7));
  lists.clear(0);

  EXPECT_TRUE(lists.empty(1)) << "beyond the tiles there are";
}

TEST(LightTile, TonesAndClearsAllThatAKernelTouches) {
  SplatKernels kernels;
  PointLook look = point_look(12, 1);
  look.tick_gain = 0;
  kernels.set_look(look);
  kernels.make(0);
  const KindLight light = kind_light_of(test::plain_theme());
  LightTile tile;
  tile.set_reach(kernels.reach());
  const int reach = kernels.reach();
  constexpr int kWidth = TileGrid::kWidth, kHeight = TileGrid::kHeight;
  std::vector<std::uint32_t> out(static_cast<std::size_t>(kWidth) * kHeight);

  bool seen = false;
  // Over the edges and corners of the tile as far as a point reaches, and each block's edge.
  for (int y = -reach; y < kHeight + reach; y += 3) {
    for (int x = -reach; x < kWidth + reach; x += 3) {
      const Splat splat = splat_at(x, y);
      tile.add({&splat, 1}, kernels, light, 0, 0);
      seen = seen || tile.red_at(std::clamp(x, 0, kWidth - 1), std::clamp(y, 0, kHeight - 1)) > 0;
      tile.tone_over(out.data(), kWidth, kWidth, kHeight, 1);
      float left = 0;
      for (int py = 0; py < kHeight; ++py) {
        for (int px = 0; px < kWidth; ++px) left += std::abs(tile.red_at(px, py));
      }
      ASSERT_EQ(left, 0) << "after a point at " << x << ", " << y;
    }
  }
  EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace render
