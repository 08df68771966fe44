#include "render/camera.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using fleet::WorldPoint;
using render::Camera;
using render::ScreenPoint;

Camera view_of(WorldPoint centre, double zoom, int width = 1920, int height = 1080) {
  return {.centre = centre, .zoom = zoom, .width_px = width, .height_px = height};
}

TEST(Camera, ShowsTheWorldFiveHundredAndTwelvePixelsWideAtZoomZero) {
  const Camera at_zero = view_of({0.5, 0.5}, 0);
  const Camera at_three = view_of({0.5, 0.5}, 3);

  EXPECT_DOUBLE_EQ(at_zero.px_per_world(), 512);
  EXPECT_DOUBLE_EQ(at_three.px_per_world(), 4096);
}

TEST(Camera, KeepsTheFramingWhenTheViewIsTwiceAsWide) {
  const Camera hd = view_of({0.8, 0.4}, 5);
  const Camera uhd = view_of({0.8, 0.4}, 5, 3840, 2160);

  const ScreenPoint a = hd.screen_from_world({0.81, 0.41});
  const ScreenPoint b = uhd.screen_from_world({0.81, 0.41});

  EXPECT_NEAR(b.x, 2 * a.x, 1e-9);
  EXPECT_NEAR(b.y, 2 * a.y, 1e-9);
}

TEST(Camera, PutsItsCentreInTheMiddleOfTheScreen) {
  const Camera camera = view_of({0.7, 0.3}, 12);

  const ScreenPoint middle = camera.screen_from_world(camera.centre);

  EXPECT_DOUBLE_EQ(middle.x, 960);
  EXPECT_DOUBLE_EQ(middle.y, 540);
}

TEST(Camera, ReturnsToTheSamePixelThroughTheWorldAtEveryZoom) {
  for (double zoom = 0; zoom <= 22; zoom += 1) {
    const Camera camera = view_of({0.8421, 0.4017}, zoom);

    const ScreenPoint there = camera.screen_from_world(camera.world_from_screen({1000, 300}));

    EXPECT_NEAR(there.x, 1000, 1e-5) << "zoom " << zoom;
    EXPECT_NEAR(there.y, 300, 1e-5) << "zoom " << zoom;
  }
}

TEST(Camera, ShowsTheNearestCopyOfAPointAcrossTheSeamOfTheWorld) {
  const Camera camera = view_of({0.99, 0.5}, 4);

  const ScreenPoint east = camera.screen_from_world({0.01, 0.5});

  EXPECT_NEAR(east.x, 960 + 0.02 * 8192, 1e-6);
}

TEST(Camera, ZoomsAboutAPointThatStaysWhereItIs) {
  Camera camera = view_of({0.8, 0.4}, 5);
  const ScreenPoint held{300, 900};
  const WorldPoint before = camera.world_from_screen(held);

  camera.zoom_about(held, 1.5);

  EXPECT_DOUBLE_EQ(camera.zoom, 6.5);
  EXPECT_NEAR(camera.screen_from_world(before).x, held.x, 1e-6);
  EXPECT_NEAR(camera.screen_from_world(before).y, held.y, 1e-6);
}

TEST(Camera, KeepsZoomBetweenZeroAndTwentyTwo) {
  Camera out = view_of({0.5, 0.5}, 0.5);
  Camera in = view_of({0.5, 0.5}, 21.5);

  out.zoom_about({960, 540}, -1);
  in.zoom_about({960, 540}, 1);

  EXPECT_EQ(out.zoom, 0);
  EXPECT_EQ(in.zoom, 22);
}

TEST(Camera, PansAsDraggingDoes) {
  Camera camera = view_of({0.8, 0.4}, 5);
  const WorldPoint held = camera.world_from_screen({500, 500});

  camera.pan_px(120, -40);

  EXPECT_NEAR(camera.screen_from_world(held).x, 620, 1e-6);
  EXPECT_NEAR(camera.screen_from_world(held).y, 460, 1e-6);
}

TEST(Camera, GoesRoundTheWorldWhenPannedPastTheSeamAndStopsAtThePoles) {
  Camera east = view_of({0.999, 0.5}, 3);
  Camera north = view_of({0.5, 0.01}, 3);

  east.pan_px(-0.002 * 4096, 0);
  north.pan_px(0, 4096);

  EXPECT_NEAR(east.centre.x, 0.001, 1e-12);
  EXPECT_EQ(north.centre.y, 0);
}

TEST(Camera, FitsABoxIntoTheViewWithItsMargin) {
  Camera camera = view_of({0.1, 0.1}, 3);

  camera.fit({0.80, 0.40}, {0.82, 0.44}, 100);

  // The box is higher than wide: top and bottom touch the margin.
  EXPECT_NEAR(camera.screen_from_world({0.81, 0.40}).y, 100, 1e-6);
  EXPECT_NEAR(camera.screen_from_world({0.81, 0.44}).y, 980, 1e-6);
  EXPECT_NEAR(camera.centre.x, 0.81, 1e-12);
}

TEST(Camera, FitsASinglePointAtTheClosestZoom) {
  Camera camera = view_of({0.1, 0.1}, 3);

  camera.fit({0.8, 0.4}, {0.8, 0.4}, 50);

  EXPECT_EQ(camera.zoom, 22);
  EXPECT_TRUE(std::isfinite(camera.px_per_world()));
}

TEST(Camera, MeasuresGroundMetresThatShrinkWithLatitude) {
  const Camera equator = view_of({0.5, 0.5}, 10);
  const Camera at_60_north = view_of(fleet::world_from_lonlat({0, 60}), 10);

  // 40,075,017 m over 512 * 2^10 px; half of it at 60 degrees.
  EXPECT_NEAR(equator.metres_per_px(), 40075016.69 / 524288, 0.2);
  EXPECT_NEAR(at_60_north.metres_per_px() / equator.metres_per_px(), 0.5, 1e-3);
}

}  // namespace
