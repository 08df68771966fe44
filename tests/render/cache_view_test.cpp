#include "render/basemap/cache_view.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using render::CacheView;
using render::Camera;

Camera view_at(double x, double y, double zoom) {
  return {.centre = {x, y}, .zoom = zoom, .width_px = 1200, .height_px = 700};
}

TEST(CacheView, HasAMarginOfATwelfthOfTheLongerSide) {
  const CacheView view(view_at(0.8, 0.4, 5));

  EXPECT_EQ(view.margin_px(), 100);
  EXPECT_EQ(view.width_px(), 1400);
  EXPECT_EQ(view.height_px(), 900);
}

TEST(CacheView, MapsItsOwnCameraPixelOnPixel) {
  for (const double zoom : {0.0, 4.37, 11.9, 22.0}) {
    const CacheView view(view_at(0.8123456, 0.4123456, zoom));

    const auto mapping = view.mapping(view.camera());

    ASSERT_TRUE(mapping);
    EXPECT_TRUE(mapping->exact());
    EXPECT_EQ(mapping->origin_x, 100);
    EXPECT_EQ(mapping->origin_y, 100);
  }
}

TEST(CacheView, StaysExactWhenPannedByWholePixels) {
  const CacheView view(view_at(0.8, 0.4, 7));
  Camera camera = view.camera();

  camera.pan_px(-30, 12);
  const auto whole = view.mapping(camera);
  camera.pan_px(0.5, 0);
  const auto half = view.mapping(camera);

  ASSERT_TRUE(whole && half);
  EXPECT_TRUE(whole->exact());
  EXPECT_EQ(whole->origin_x, 130);
  EXPECT_EQ(whole->origin_y, 88);
  EXPECT_FALSE(half->exact());
}

TEST(CacheView, IsLeftWhenPannedPastItsMargin) {
  const CacheView view(view_at(0.8, 0.4, 7));
  Camera inside = view.camera(), outside = view.camera();

  inside.pan_px(99.9, 0);
  outside.pan_px(100.1, 0);

  EXPECT_TRUE(view.mapping(inside));
  EXPECT_FALSE(view.mapping(outside));
}

TEST(CacheView, IsLeftWhenZoomedBeyondSixPerCent) {
  const CacheView view(view_at(0.8, 0.4, 7));
  const double steps = std::log2(render::kScaleChangeMax);

  for (const double sign : {-1.0, 1.0}) {
    Camera inside = view.camera(), outside = view.camera();
    inside.zoom += sign * steps * 0.99;
    outside.zoom += sign * steps * 1.01;
    EXPECT_TRUE(view.mapping(inside)) << sign;
    EXPECT_FALSE(view.mapping(inside)->exact()) << sign;
    EXPECT_FALSE(view.mapping(outside)) << sign;
  }
}

TEST(CacheView, MapsEachScreenPointToThePixelThatShowsItsPlace) {
  const CacheView view(view_at(0.8, 0.4, 7));
  Camera camera = view.camera();
  camera.zoom_about({200, 600}, 0.05);
  camera.pan_px(13.3, -7.7);

  const auto mapping = view.mapping(camera);

  ASSERT_TRUE(mapping);
  const render::ScreenPoint screen{333, 444};
  const auto in_cache = view.camera().screen_from_world(camera.world_from_screen(screen));
  EXPECT_NEAR(mapping->origin_x + screen.x * mapping->scale, in_cache.x + view.margin_px(), 1e-6);
  EXPECT_NEAR(mapping->origin_y + screen.y * mapping->scale, in_cache.y + view.margin_px(), 1e-6);
}

TEST(CacheView, HoldsAcrossTheSeamOfTheWorld) {
  const CacheView view(view_at(0.9999999, 0.4, 7));
  Camera camera = view.camera();

  camera.pan_px(-40, 0);

  ASSERT_LT(camera.centre.x, 0.1);
  ASSERT_TRUE(view.mapping(camera));
  EXPECT_NEAR(view.mapping(camera)->origin_x, 140, 1e-3);
}

TEST(CacheView, IsLeftWhenTheViewChangesItsSize) {
  const CacheView view(view_at(0.8, 0.4, 7));
  Camera camera = view.camera();
  camera.width_px += 1;

  EXPECT_FALSE(view.mapping(camera));
}

}  // namespace
