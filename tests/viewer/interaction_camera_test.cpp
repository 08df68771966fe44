// Moving the map: wheel, drag, arrows, fitting.
#include "tests/support/viewer/interaction_fixture.hpp"

namespace viewer {
namespace {

using namespace interaction_tests;

TEST_F(InteractionTest, ZoomingWithTheWheelKeepsThePlaceUnderThePointer) {
  for (const double steps : {1.0, -1.0, 0.1, 7.0}) {
    Input input;
    input.pointer = {300, 200};
    input.wheel = steps;
    const fleet::WorldPoint before = under(input.pointer);
    const double zoom = wall_.camera.zoom;

    handle(input);

    EXPECT_NEAR(wall_.camera.zoom, zoom + steps * 0.25, 1e-12);
    expect_same(under(input.pointer), before);
    EXPECT_TRUE(changed_);
  }
}

TEST_F(InteractionTest, ZoomStaysWithinItsLimits) {
  Input input;
  input.pointer = kMiddle;
  input.wheel = 1000;
  handle(input);
  EXPECT_EQ(wall_.camera.zoom, 22);
  input.wheel = -1000;

  handle(input);

  EXPECT_EQ(wall_.camera.zoom, 0);
}

TEST_F(InteractionTest, DraggingKeepsThePlaceUnderThePointer) {
  const fleet::WorldPoint held = under({700, 400});
  Input input;
  input.dragging = true;
  input.drag_x = -37.5;
  input.drag_y = 212;
  input.pointer = {700 - 37.5, 400 + 212};

  handle(input);

  expect_same(under(input.pointer), held);
}

TEST_F(InteractionTest, TheMapIgnoresThePointerOverAPanel) {
  ui_.block({0, 0, 400, 1080});
  const render::Camera before = wall_.camera;
  Input input;
  input.pointer = {200, 500};
  input.pointer_inside = input.dragging = true;
  input.wheel = 3;
  input.drag_x = 50;

  handle(input);

  EXPECT_EQ(wall_.camera, before);
  EXPECT_FALSE(wall_.hovered);
}

TEST_F(InteractionTest, ArrowsMoveTheViewTheWayTheyPoint) {
  const fleet::WorldPoint start = wall_.camera.centre;

  handle(keys({{Key::right}}));
  EXPECT_GT(wall_.camera.centre.x, start.x);
  handle(keys({{Key::left}}));
  expect_same(wall_.camera.centre, start);
  handle(keys({{Key::down}}));
  EXPECT_GT(wall_.camera.centre.y, start.y) << "y grows south";
  handle(keys({{Key::up}}));

  expect_same(wall_.camera.centre, start);
}

TEST_F(InteractionTest, PlusAndMinusZoomAboutTheMiddleOfTheFreeMap) {
  const Rect free{400, 200, 1000, 800};
  const render::ScreenPoint middle{700, 500};
  const fleet::WorldPoint before = under(middle);
  bool changed = false;

  interaction_.handle(keys({{Key::plus}}), ui_, free, changed);

  EXPECT_EQ(wall_.camera.zoom, 10.5);
  expect_same(under(middle), before);
  interaction_.handle(keys({{Key::minus}}), ui_, free, changed);
  EXPECT_EQ(wall_.camera.zoom, 10);
}

TEST_F(InteractionTest, FittingPutsTheWholeFleetIntoTheFreePartOfTheMap) {
  interaction_.fit_fleet(kMap);

  for (const fleet::LonLat p : {kSuzhou, kBeijing}) {
    const render::ScreenPoint at = where(p);
    EXPECT_GE(at.x, double{kMap.x0} + 47);
    EXPECT_LE(at.x, double{kMap.x1} - 47);
    EXPECT_GE(at.y, double{kMap.y0} + 47);
    EXPECT_LE(at.y, double{kMap.y1} - 47);
  }
  // The tighter direction is filled: north to south here.
  EXPECT_NEAR(where(kBeijing).y, double{kMap.y0} + 48, 1);
}

TEST_F(InteractionTest, HomeFitsTheFleetIntoTheMapThatIsFreeNow) {
  map_ = kMap;
  interaction_.fit_fleet(kMap);
  const render::Camera fitted = wall_.camera;
  handle(keys({{Key::plus}, {Key::left}}));
  EXPECT_FALSE(wall_.camera == fitted);

  handle(keys({{Key::home}}));

  EXPECT_TRUE(wall_.camera == fitted);
}

TEST_F(InteractionTest, FittingWithoutMachinesOrWithoutAMapChangesNothing) {
  const render::Camera before = wall_.camera;
  FleetView nobody(atlas_, fleet::shanghai());
  Interaction alone(wall_, nobody);

  EXPECT_FALSE(alone.fit_fleet(kMap));
  EXPECT_FALSE(interaction_.fit_fleet({}));

  EXPECT_EQ(wall_.camera, before);
}

}  // namespace
}  // namespace viewer
