#include "render/tiles/tile_side.hpp"

#include <gtest/gtest.h>

namespace render {
namespace {

TEST(TileSide, IsTheUsualOneUntilAPictureTells) {
  TileSide side(0);

  EXPECT_EQ(side.px(), 256);
  EXPECT_FALSE(side.add(256)) << "as taken for";
  EXPECT_EQ(side.px(), 256);
}

TEST(TileSide, IsTheFirstPicturesAtFirst) {
  TileSide side(0);

  EXPECT_TRUE(side.add(512));
  EXPECT_EQ(side.px(), 512);
}

TEST(TileSide, IsNotToldByTheBlanksOfEmptyPlaces) {
  TileSide side(0);

  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(side.add(i % kBlankBelowPx));

  EXPECT_EQ(side.px(), 256);
  EXPECT_TRUE(side.add(512));
}

TEST(TileSide, IsThatOfMostPicturesWhereTheFirstWasAnOddOne) {
  TileSide side(0);
  side.add(1024);

  for (std::uint64_t i = 0; i < kTileSideSure + 2; ++i) EXPECT_FALSE(side.add(256)) << i;
  EXPECT_TRUE(side.add(256));

  EXPECT_EQ(side.px(), 256);
}

TEST(TileSide, StaysWhereTwoSizesAreMixed) {
  TileSide side(0);
  side.add(256);

  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(side.add(512));
    EXPECT_FALSE(side.add(256));
  }
}

TEST(TileSide, IsWhatTheSetSaysWhateverComes) {
  TileSide side(512);

  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(side.add(256));

  EXPECT_EQ(side.px(), 512);
}

TEST(TileSide, IsAWholePowerOfTwoWithinBounds) {
  EXPECT_EQ(TileSide(300).px(), 256);
  TileSide small(0);
  EXPECT_TRUE(small.add(64));
  EXPECT_EQ(small.px(), kLeastTilePx);
  EXPECT_EQ(TileSide(64).px(), kLeastTilePx);
  EXPECT_EQ(TileSide(4096).px(), kMostTilePx);
}

}  // namespace
}  // namespace render
