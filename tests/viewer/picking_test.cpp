#include "viewer/picking.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace viewer {
namespace {

constexpr double kWorld = 4294967296.0;

render::Camera test_camera() {
  render::Camera camera;
  camera.centre = {0.8, 0.4};
  camera.zoom = 10;
  return camera;
}

/// A point `dx`, `dy` pixels from the middle of the view.
render::PointInstance at_px(const render::Camera& camera, double dx, double dy,
                            unsigned style = 0) {
  const fleet::WorldPoint p =
      camera.world_from_screen({camera.width_px / 2.0 + dx, camera.height_px / 2.0 + dy});
  render::PointInstance point;
  point.x = point.from_x = static_cast<std::uint32_t>(p.x * kWorld);
  point.y = point.from_y = static_cast<std::uint32_t>(p.y * kWorld);
  point.style = style;
  return point;
}

TEST(Picking, FindsTheNearestMachineWithinReach) {
  const render::Camera camera = test_camera();
  const std::vector<render::PointInstance> points{at_px(camera, 10, 0), at_px(camera, 4, 0),
                                                  at_px(camera, -6, 0)};

  EXPECT_EQ(pick(points, camera, {960, 540}, 14), 1u);
  EXPECT_EQ(pick(points, camera, {960 - 6, 540}, 14), 2u);
}

TEST(Picking, FindsNothingBeyondReachAndJustAboveIt) {
  const render::Camera camera = test_camera();
  const std::vector<render::PointInstance> points{at_px(camera, 14.5, 0)};

  EXPECT_FALSE(pick(points, camera, {960, 540}, 14));
  EXPECT_TRUE(pick(points, camera, {960, 540}, 15));
  EXPECT_FALSE(pick({}, camera, {960, 540}, 15));
}

TEST(Picking, PassesOverHiddenAndDimmedMachines) {
  const render::Camera camera = test_camera();
  const std::vector<render::PointInstance> points{
      at_px(camera, 0, 0, render::PointInstance::kHidden),
      at_px(camera, 0, 0, render::PointInstance::kDimmed), at_px(camera, 3, 0)};

  EXPECT_EQ(pick(points, camera, {960, 540}, 14), 2u);
}

TEST(PickStack, CountsAllThatLieOnTheNearestAndListsTheBusiestFirst) {
  const render::Camera camera = test_camera();
  const std::vector<render::PointInstance> points{at_px(camera, 3, 0, 2), at_px(camera, 4, 0, 0),
                                                  at_px(camera, 6, 1, 1), at_px(camera, 13, 0, 0)};

  const Stack stack = pick_stack(points, camera, {960, 540}, 14, 5);

  EXPECT_EQ(stack.total, 3u);
  EXPECT_EQ(stack.machines, (std::vector<fleet::Slot>{1, 2, 0}));
}

TEST(PickStack, ReachesFromTheNearestMachineNotFromThePointer) {
  const render::Camera camera = test_camera();
  const std::vector<render::PointInstance> points{at_px(camera, 13, 0), at_px(camera, 17, 0)};

  EXPECT_EQ(pick_stack(points, camera, {960, 540}, 14, 5).total, 2u);
  EXPECT_EQ(pick_stack(points, camera, {960, 540}, 14, 3).total, 1u);
  EXPECT_EQ(pick_stack(points, camera, {960, 540}, 12, 5).total, 0u);
  EXPECT_EQ(pick_stack({}, camera, {960, 540}, 12, 5).total, 0u);
}

TEST(PickStack, ListsTwelveAndCountsTheRest) {
  const render::Camera camera = test_camera();
  for (const std::size_t count :
       {kMostListed - 1, kMostListed, kMostListed + 1, std::size_t{500}}) {
    std::vector<render::PointInstance> points(count, at_px(camera, 2, 0));

    const Stack stack = pick_stack(points, camera, {960, 540}, 14, 5);

    EXPECT_EQ(stack.total, count);
    EXPECT_EQ(stack.machines.size(), std::min(count, kMostListed));
  }
}

TEST(PickStack, PassesOverHiddenAndDimmedMachines) {
  const render::Camera camera = test_camera();
  const std::vector<render::PointInstance> points{
      at_px(camera, 0, 0, render::PointInstance::kHidden),
      at_px(camera, 0, 0, render::PointInstance::kDimmed), at_px(camera, 1, 0)};

  EXPECT_EQ(pick_stack(points, camera, {960, 540}, 14, 5).total, 1u);
}

TEST(Picking, PrefersAWorkingMachineAmongStackedOnes) {
  const render::Camera camera = test_camera();
  const std::vector<render::PointInstance> points{at_px(camera, 0, 0, 2), at_px(camera, 0, 0, 0),
                                                  at_px(camera, 0, 0, 1)};

  EXPECT_EQ(pick(points, camera, {960, 540}, 14), 1u);
}

TEST(FleetBox, IsNotDecidedByOneWildMachine) {
  std::vector<render::PointInstance> points;
  for (unsigned i = 0; i < 1000; ++i) {
    render::PointInstance p;
    p.x = 3'000'000'000u + i * 1000;
    p.y = 1'500'000'000u + i * 1000;
    p.style = 0;
    points.push_back(p);
  }
  points[7].x = 0;

  const auto box = fleet_box(points);

  ASSERT_TRUE(box);
  EXPECT_GT(box->a.x, 3e9 / kWorld - 1e-6);
  EXPECT_LT(box->b.x, (3e9 + 1e6) / kWorld + 1e-6);
}

TEST(FleetBox, IsNothingForAnEmptyFleetAndAPointForOneMachine) {
  EXPECT_FALSE(fleet_box({}));
  render::PointInstance p;
  p.x = p.y = 1u << 31;
  p.style = 0;

  const auto box = fleet_box(std::span(&p, 1));

  ASSERT_TRUE(box);
  EXPECT_DOUBLE_EQ(box->a.x, 0.5);
  EXPECT_DOUBLE_EQ(box->b.x, 0.5);
}

}  // namespace
}  // namespace viewer
