#include "render/tiles/tile_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace {

using fleet::TileId;
using render::CacheView;
using render::Camera;
using render::TileMap;
using render::TilePlan;
using render::TileShelf;
using render::TileShown;

using Shelf = std::vector<TileId>;

TilePlan::Has in(const Shelf& shelf) {
  return [&shelf](TileId tile) { return std::ranges::count(shelf, tile) > 0; };
}

CacheView view_at(double zoom) {
  return CacheView(Camera{{0.8, 0.4}, zoom, 640, 360});
}

TilePlan plan_at(double zoom, TileMap map = {}) {
  TilePlan plan(map);
  plan.look_at(view_at(zoom), 256);
  return plan;
}

TEST(TilePlan, WantsAFewThatStandInForAllFirstThenEachFromTheMiddle) {
  const TilePlan plan = plan_at(9);
  const Shelf none;

  const auto wanted = plan.wanted(in(none));

  const int zoom = plan.patches().front().tile.zoom;
  ASSERT_GT(wanted.size(), plan.patches().size());
  EXPECT_EQ(wanted.front().zoom, zoom - render::kOverviewSteps);
  const auto first = std::ranges::find(wanted, plan.patches().front().tile);
  EXPECT_LE(first - wanted.begin(), 4) << "few before the first of its own zoom";
  EXPECT_EQ(std::set(wanted.begin(), wanted.end(),
                     [](TileId a, TileId b) {
                       return std::tuple(a.zoom, a.x, a.y) < std::tuple(b.zoom, b.x, b.y);
                     })
                .size(),
            wanted.size())
      << "each once";
}

TEST(TilePlan, WantsTheParentOfATileThatIsNotThereUpToTheLeastZoom) {
  TileMap map;
  map.zoom_min = 6;
  TilePlan plan = plan_at(9, map);
  const TileId lost = plan.patches().front().tile;
  const TileId parent = render::ancestor_at(lost, lost.zoom - 1);
  const Shelf none;

  EXPECT_EQ(std::ranges::count(plan.wanted(in(none)), parent), 0);
  plan.set_absent(lost);
  EXPECT_EQ(std::ranges::count(plan.wanted(in(none)), parent), 1);
  EXPECT_EQ(std::ranges::count(plan.wanted(in(none)), lost), 1) << "it may come yet";
  for (int zoom = lost.zoom; zoom >= 6; --zoom) plan.set_absent(render::ancestor_at(lost, zoom));
  for (const TileId tile : plan.wanted(in(none))) EXPECT_GE(tile.zoom, 6);
}

TEST(TilePlan, WantsNothingMoreOfWhatThereIsNoRoomForUntilTheNextView) {
  TilePlan plan = plan_at(9);
  const TileId tile = plan.patches().front().tile;
  const Shelf none;

  plan.set_refused(tile);
  EXPECT_EQ(std::ranges::count(plan.wanted(in(none)), tile), 0);

  plan.look_at(view_at(9), 256);
  EXPECT_EQ(std::ranges::count(plan.wanted(in(none)), tile), 1);
}

TEST(TilePlan, ForgetsAbsentTilesThatLeaveTheView) {
  TilePlan plan = plan_at(9);
  const TileId lost = plan.patches().front().tile;
  const TileId parent = render::ancestor_at(lost, lost.zoom - 1);
  const Shelf none;
  plan.set_absent(lost);

  plan.look_at(CacheView(Camera{{0.2, 0.7}, 9, 640, 360}), 256);
  plan.look_at(view_at(9), 256);

  EXPECT_EQ(std::ranges::count(plan.wanted(in(none)), parent), 0);
}

TEST(TilePlan, ShowsTheNearestAncestorWhereATileLacks) {
  const TilePlan plan = plan_at(9);
  const TileId lost = plan.patches().front().tile;
  const Shelf shelf{render::ancestor_at(lost, lost.zoom - 2), render::ancestor_at(lost, 2)};

  const auto shown = plan.shown(in(shelf));

  const TileShown& first = shown.front();
  EXPECT_EQ(first.patch.tile, lost);
  EXPECT_EQ(first.source, shelf[0]);
  EXPECT_FLOAT_EQ(first.u0, static_cast<float>(lost.x % 4) / 4);
  EXPECT_FLOAT_EQ(first.v0, static_cast<float>(lost.y % 4) / 4);
  EXPECT_FLOAT_EQ(first.u1 - first.u0, 0.25f);
  EXPECT_EQ(shown.size(), plan.patches().size()) << "the other covers all that is left";
}

TEST(TilePlan, ShowsChildrenOverTheAncestorAfterZoomingOut) {
  const TilePlan plan = plan_at(9);
  const TileId lost = plan.patches().front().tile;
  const TileId child{lost.zoom + 1, lost.x * 2 + 1, lost.y * 2};
  const Shelf shelf{child, render::ancestor_at(lost, lost.zoom - 1)};

  const auto shown = plan.shown(in(shelf));

  const auto at = std::ranges::find(shown, child, &TileShown::source);
  ASSERT_NE(at, shown.end());
  EXPECT_EQ(at->patch.tile, child);
  EXPECT_EQ((at - 1)->source, shelf[1]) << "over it";
}

TEST(TilePlan, ShowsTheDeepestTilesLargerInDeeperViews) {
  TileMap map;
  map.zoom_max = 6;
  const TilePlan plan = plan_at(9, map);
  const Shelf none;

  for (const TileId tile : plan.wanted(in(none))) EXPECT_LE(tile.zoom, 6);
  const Shelf shelf{render::ancestor_at(plan.patches().front().tile, 6)};
  EXPECT_EQ(plan.shown(in(shelf)).front().source, shelf[0]);
}

TEST(TilePlan, LeavesPlacesOutThatNothingStandsInFor) {
  const TilePlan plan = plan_at(9);
  const Shelf none;

  EXPECT_TRUE(plan.shown(in(none)).empty());
}

TEST(TileShelf, KeepsWithinItsBytesAndDropsWhatWasLongestOutOfThePicture) {
  TileShelf<int> shelf(300);
  for (std::uint32_t x = 0; x < 3; ++x) {
    shelf.begin_picture();
    EXPECT_TRUE(shelf.put({4, x, 0}, 1, 100));
  }
  shelf.begin_picture();
  EXPECT_NE(shelf.use({4, 0, 0}), nullptr);

  EXPECT_TRUE(shelf.put({4, 3, 0}, 1, 100));

  EXPECT_EQ(shelf.bytes(), 300u);
  EXPECT_TRUE(shelf.has({4, 0, 0}));
  EXPECT_FALSE(shelf.has({4, 1, 0}));
  EXPECT_TRUE(shelf.has({4, 2, 0}));
}

TEST(TileShelf, RefusesWhatDoesNotFitBesideThePicture) {
  TileShelf<int> shelf(300);
  shelf.begin_picture();
  EXPECT_TRUE(shelf.put({4, 0, 0}, 1, 300));

  EXPECT_FALSE(shelf.put({4, 1, 0}, 1, 1));
  shelf.begin_picture();
  EXPECT_TRUE(shelf.put({4, 1, 0}, 1, 1));

  EXPECT_FALSE(shelf.has({4, 0, 0}));
  EXPECT_EQ(shelf.bytes(), 1u);
  shelf.begin_picture();
  EXPECT_FALSE(shelf.put({4, 2, 0}, 1, 301));
}

TEST(TileShelf, CountsATileThatComesAgainOnce) {
  TileShelf<int> shelf(300);
  shelf.put({4, 0, 0}, 1, 100);
  shelf.put({4, 0, 0}, 2, 50);

  EXPECT_EQ(shelf.bytes(), 50u);
  EXPECT_EQ(shelf.size(), 1u);
  EXPECT_EQ(*shelf.use({4, 0, 0}), 2);
}

}  // namespace
