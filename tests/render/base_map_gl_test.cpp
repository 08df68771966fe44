#include "render/basemap/base_map_layer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/base_picture.hpp"
#include "tests/support/gl_test.hpp"

namespace {

using render::BaseImage;
using render::BaseMapLayer;
using render::Camera;
using render::Image;
using testing_support::screen_of;
using BaseMap = testing_support::GlTest;

Camera view_at(double x, double y, double zoom) {
  return {.centre = {x, y}, .zoom = zoom, .width_px = 320, .height_px = 180};
}

BaseMapLayer layer() {
  return BaseMapLayer(testing_support::shader_dir(), testing_support::synthetic_atlas(),
                      render::dark_theme());
}

bool is_colour(std::span<const std::uint8_t, 4> pixel, render::Rgb colour) {
  const auto close = [](std::uint8_t level, float wanted) {
    return std::abs(static_cast<float>(level) - wanted * 255) <= 1;
  };
  return close(pixel[0], colour.r) && close(pixel[1], colour.g) && close(pixel[2], colour.b);
}

// Whether the place shows the colour, at the pixel that holds it.
bool shows(const Image& image, const Camera& camera, fleet::WorldPoint place, render::Rgb colour) {
  const auto p = camera.screen_from_world(place);
  return is_colour(image.at(static_cast<int>(p.x), static_cast<int>(p.y)), colour);
}

TEST_F(BaseMap, PutsEveryAreaWhereTheCameraSaysNorthUp) {
  auto base_map = layer();
  const Camera camera = view_at(0.80, 0.40, 4);
  const auto theme = render::dark_theme();

  const Image image = screen_of(base_map.update(camera, true), camera);

  EXPECT_TRUE(shows(image, camera, {0.73, 0.40}, theme.sea));
  EXPECT_TRUE(shows(image, camera, {0.77, 0.37}, theme.land));
  EXPECT_TRUE(shows(image, camera, {0.82, 0.415}, theme.focus_land));
  EXPECT_TRUE(shows(image, camera, {0.8025, 0.3925}, theme.lake));
  EXPECT_TRUE(shows(image, camera, {0.8025, 0.4075}, theme.focus_land));
}

TEST_F(BaseMap, DrawsACoastOfAboutItsWidthOverTheRimOfTheLand) {
  auto base_map = layer();
  const Camera camera = view_at(0.85, 0.40, 6);  // the coast runs down the middle
  const auto theme = render::dark_theme();

  const Image image = screen_of(base_map.update(camera, true), camera);

  double coverage = 0;
  for (int x = 140; x < 180; ++x) {
    const double red = image.at(x, 90)[0];
    const double below = 255 * static_cast<double>(x < 160 ? theme.land.r : theme.sea.r);
    coverage += (red - below) / (255 * static_cast<double>(theme.coast.r) - below);
  }
  EXPECT_NEAR(coverage, 0.95, 0.2);  // px: 1.2 at 1920, x 0.75 in a small view, x 1.06 at zoom 6
}

TEST_F(BaseMap, IsTheSamePictureAtTheSeamAsElsewhere) {
  auto atlas = testing_support::synthetic_atlas();
  const auto shifted_by = [&atlas](double dx) {
    auto moved = atlas;
    const auto step = static_cast<std::uint32_t>(std::llround(dx * fleet::kGridSize));
    for (auto& level : moved.levels) {
      for (auto& p : level.area.vertices) p.x = (p.x + step) & fleet::kGridMask;
      for (auto& p : level.lines.vertices) p.x = (p.x + step) & fleet::kGridMask;
      for (auto* chunks : {&level.area.chunks, &level.lines.chunks}) {
        for (auto& chunk : *chunks) {
          chunk.min.x = (chunk.min.x + step) & fleet::kGridMask;
          chunk.max.x = (chunk.max.x + step) & fleet::kGridMask;
        }
      }
    }
    return moved;
  };
  // The land's east coast ends 1/64 of the world before the seam; the view reaches over it.
  BaseMapLayer moved(testing_support::shader_dir(), shifted_by(0.125), render::dark_theme());
  const Camera near_seam = view_at(0.99, 0.40, 2);
  const Camera beyond_seam = view_at(0.02, 0.40, 2);

  const Image a = screen_of(moved.update(near_seam, true), near_seam);
  const Image b = screen_of(moved.update(beyond_seam, true), beyond_seam);

  EXPECT_TRUE(shows(a, near_seam, {0.90, 0.36}, render::dark_theme().land));
  EXPECT_TRUE(shows(b, beyond_seam, {0.90, 0.36}, render::dark_theme().land));
}

TEST_F(BaseMap, MovesByAWholePixelExactlyEvenAtTheClosestZoom) {
  auto a = layer(), b = layer();
  // On the corner of the focus, where border lines and areas meet.
  Camera camera = view_at(0.79, 0.38, 22);
  const Image before = screen_of(a.update(camera, true), camera);

  camera.pan_px(5, 3);
  const Image after = screen_of(b.update(camera, true), camera);

  int differing = 0;
  for (int y = 10; y < 170; ++y) {
    for (int x = 10; x < 310; ++x) {
      const auto p = before.at(x, y);
      const auto q = after.at(x + 5, y + 3);
      differing += std::equal(p.begin(), p.end(), q.begin()) ? 0 : 1;
    }
  }
  EXPECT_LE(differing, 48000 / 200);
}

TEST_F(BaseMap, IsDrawnOnceForAViewThatStaysAndForSmallMoves) {
  auto base_map = layer();
  Camera camera = view_at(0.80, 0.40, 5);

  base_map.update(camera, false);
  base_map.update(camera, false);
  camera.pan_px(3, 0);
  base_map.update(camera, false);
  base_map.update(camera, false);

  EXPECT_EQ(base_map.redraws(), 1u);
  EXPECT_TRUE(base_map.exact());
}

TEST_F(BaseMap, IsResampledWhileMovingAndSharpenedAtRest) {
  auto base_map = layer();
  Camera camera = view_at(0.80, 0.40, 5);
  base_map.update(camera, false);

  camera.zoom += 0.01;
  const BaseImage moving = base_map.update(camera, false);
  EXPECT_EQ(base_map.redraws(), 1u);
  EXPECT_FALSE(base_map.exact());
  EXPECT_NE(moving.scale, 1);

  const BaseImage still = base_map.update(camera, false);
  EXPECT_EQ(base_map.redraws(), 2u);
  EXPECT_TRUE(base_map.exact());
  EXPECT_EQ(still.scale, 1);
  EXPECT_GT(still.version, moving.version);
}

TEST_F(BaseMap, ShowsTheNewThemeAtOnce) {
  auto base_map = layer();
  const Camera camera = view_at(0.80, 0.40, 4);
  base_map.update(camera, true);
  auto theme = render::dark_theme();
  theme.sea = {1, 0, 0};

  base_map.set_theme(theme);
  const Image image = screen_of(base_map.update(camera, true), camera);

  EXPECT_TRUE(shows(image, camera, {0.73, 0.40}, theme.sea));
}

TEST_F(BaseMap, IsTheSameAfterARebuild) {
  auto base_map = layer();
  const Camera camera = view_at(0.80, 0.40, 5.5);
  const Image before = screen_of(base_map.update(camera, true), camera);
  const auto bytes = base_map.gpu_bytes();

  base_map.rebuild();
  const Image after = screen_of(base_map.update(camera, true), camera);

  EXPECT_EQ(before, after);
  EXPECT_EQ(base_map.gpu_bytes(), bytes);
}

TEST_F(BaseMap, DrawsOnlyWhatIsInView) {
  auto base_map = layer();

  base_map.update(view_at(0.80, 0.40, 4), false);
  const auto country = base_map.primitives();
  base_map.update(view_at(0.20, 0.70, 8), false);

  EXPECT_GE(country, 12u);
  EXPECT_EQ(base_map.primitives(), 0u);
}

TEST_F(BaseMap, FollowsAViewThatChangesItsSize) {
  auto base_map = layer();
  Camera camera = view_at(0.80, 0.40, 4);
  base_map.update(camera, true);

  camera.width_px = 400;
  camera.height_px = 300;
  const BaseImage base = base_map.update(camera, true);

  EXPECT_GE(base.width, 400);
  EXPECT_TRUE(shows(screen_of(base, camera), camera, {0.77, 0.37}, render::dark_theme().land));
}

}  // namespace
