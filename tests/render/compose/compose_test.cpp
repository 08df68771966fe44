// The CPU composer's maths and picture, without GL.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "render/compose/gpu_points.hpp"
#include "render/compose/look.hpp"
#include "render/compose/soft_canvas.hpp"
#include "tests/render/compose/fake_fleet.hpp"

namespace render {
namespace {

using test::camera_at;
using test::fake_fleet;
using test::point_at;

constexpr std::uint32_t kLand = 0xff22160eu;  // #0E1622
constexpr std::uint32_t kWorking = 0, kIdling = 1, kStopped = 2, kSilent = 3;

int red(std::uint32_t pixel) {
  return static_cast<int>(pixel & 255u);
}

/// A canvas over a plain base map.
struct Stage {
  explicit Stage(int width = 640, int height = 360, int threads = 1)
      : canvas(threads, RowOrder::top_down),
        base_pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), kLand) {
    canvas.set_theme(test::plain_theme());
    base = {base_pixels.data(), width, height, 0, 0, 1, 1};
    frame.camera = camera_at({118, 32}, 6, width, height);
    frame.glide_s = 0.4f;
  }
  void draw(const std::vector<PointInstance>& points) {
    canvas.set_points(points, {}, true);
    canvas.draw(frame, base);
  }
  long light() const {
    long sum = 0;
    for (const std::uint32_t pixel : canvas.pixels()) sum += red(pixel) - red(kLand);
    return sum;
  }
  /// Middle of the light, px.
  ScreenPoint middle() const {
    double x = 0, y = 0, sum = 0;
    for (int row = 0; row < canvas.height(); ++row) {
      for (int column = 0; column < canvas.width(); ++column) {
        const double w = red(canvas.pixel(column, row)) - red(kLand);
        x += w * (column + 0.5);
        y += w * (row + 0.5);
        sum += w;
      }
    }
    return {x / sum, y / sum};
  }

  SoftCanvas canvas;
  std::vector<std::uint32_t> base_pixels;
  BaseView base;
  MapFrame frame;
};

PointInstance point_in_units(std::uint32_t x, std::uint32_t y, std::uint32_t style = kWorking) {
  PointInstance point;
  point.x = point.from_x = x;
  point.y = point.from_y = y;
  point.style = style;
  return point;
}

TEST(ComposeLook, ToneRisesWithLightAndStaysBelowOne) {
  float last = -1;
  for (float light = 0; light < 5000; light = light * 1.3f + 0.001f) {
    const float now = tone(light, 2);
    EXPECT_GT(now, last);
    EXPECT_LT(now, 1.0f);
    last = now;
  }
  EXPECT_EQ(tone(0, 2), 0.0f);
}

TEST(ComposeLook, LightOfToneInvertsTone) {
  for (const double opacity : {0.01, 0.3, 0.5, 0.9, 0.99}) {
    const double light = light_of_tone(opacity, 3);

    EXPECT_NEAR(static_cast<double>(tone(static_cast<float>(light), 3)), opacity, 1e-5);
  }
}

TEST(ComposeLook, LegendInvertsTheHeatScale) {
  EXPECT_EQ(heat_scale(0), 0.0f);
  EXPECT_FLOAT_EQ(heat_scale(1), 1.0f);
  EXPECT_FLOAT_EQ(heat_scale(7), 1.0f);
  for (const double t : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    EXPECT_NEAR(static_cast<double>(heat_scale(static_cast<float>(heat_share_at(t)))), t, 1e-5);
  }
}

TEST(ComposeLook, OneHeatScaleTellsCountryCityAndWorksiteApart) {
  // Hours worked per km2 of 60: a country's clusters, a city, a packed worksite, its double.
  const float country = heat_scale(0.3f / 60), city = heat_scale(3.f / 60);
  const float site = heat_scale(20.f / 60), packed = heat_scale(40.f / 60);

  EXPECT_GT(country, 0.15f) << "not faint";
  EXPECT_GT(city - country, 0.2f);
  EXPECT_GT(site - city, 0.2f);
  EXPECT_GT(packed - site, 0.05f) << "not saturated";
  EXPECT_LT(packed, 1.0f);
}

TEST(ComposeLook, ExposureGrowsSmoothlyWithZoom) {
  for (double zoom = 0; zoom < 22; zoom += 0.01) {
    const double ratio = exposure_at(zoom + 0.01) / exposure_at(zoom);
    EXPECT_GE(ratio, 1.0);
    EXPECT_LT(ratio, 1.01);
  }
}

TEST(ComposeLook, HeatCellsKeepTheRadiusBelowEightCells) {
  EXPECT_EQ(heat_cell_px(3), 2);
  EXPECT_EQ(heat_cell_px(16), 2);
  EXPECT_EQ(heat_cell_px(16.01), 4);
  EXPECT_EQ(heat_cell_px(1700), 256);
}

TEST(SoftCanvas, DrawsAPointWhereTheCameraSaysAtEveryZoom) {
  for (const double zoom : {0.0, 4.0, 9.5, 16.0, 22.0}) {
    Stage stage;
    const std::uint32_t x = 3600000001u, y = 1700000003u;
    constexpr double kUnits = 4294967296.0;
    stage.frame.camera.zoom = zoom;
    // Off the middle by whole pixels and a half, which the quarter-pixel places can hold.
    const double unit = stage.frame.camera.px_per_world() / kUnits;
    stage.frame.camera.centre = {(x + 40.5 / unit) / kUnits, (y - 25.0 / unit) / kUnits};

    stage.draw({point_in_units(x, y)});

    const ScreenPoint expected = stage.frame.camera.screen_from_world({x / kUnits, y / kUnits});
    EXPECT_NEAR(stage.middle().x, expected.x, 0.15) << "zoom " << zoom;
    EXPECT_NEAR(stage.middle().y, expected.y, 0.15) << "zoom " << zoom;
  }
}

TEST(SoftCanvas, TellsApartMachinesOneUnitApartAtTheDeepestZoom) {
  Stage stage(1920, 1080);  // 1 unit is half a pixel then
  stage.frame.camera.zoom = 22;
  stage.frame.camera.centre = {3600000000.0 / 4294967296.0, 1700000000.0 / 4294967296.0};

  stage.draw({point_in_units(3600000000u, 1700000000u)});
  const double first = stage.middle().x;
  stage.draw({point_in_units(3600000001u, 1700000000u)});

  EXPECT_NEAR(stage.middle().x - first, 0.5, 0.02);
}

TEST(SoftCanvas, GlidesFromTheOldPlaceToTheNewOne) {
  Stage stage;
  stage.frame.camera.centre = {0.8, 0.4};
  const double unit = stage.frame.camera.px_per_world() / 4294967296.0;
  const auto cx = static_cast<std::uint32_t>(0.8 * 4294967296.0);
  const auto cy = static_cast<std::uint32_t>(0.4 * 4294967296.0);
  PointInstance point = point_in_units(cx, cy);
  point.from_x = cx - static_cast<std::uint32_t>(100 / unit);
  point.moved_at_s = 10;
  const auto x_at = [&](double playhead_s, float glide_s) {
    stage.frame.playhead_s = playhead_s;
    stage.frame.glide_s = glide_s;
    stage.draw({point});
    return stage.middle().x;
  };

  EXPECT_NEAR(x_at(9, 0.4f), 220, 0.2);     // not left yet
  EXPECT_NEAR(x_at(10.2, 0.4f), 270, 0.5);  // half way
  EXPECT_NEAR(x_at(10.4, 0.4f), 320, 0.2);  // there
  EXPECT_NEAR(x_at(99, 0.4f), 320, 0.2);
  EXPECT_NEAR(x_at(9, 0), 320, 0.2);  // no gliding: jumps
}

TEST(SoftCanvas, GlidesAcrossTheAntimeridianTheShortWay) {
  Stage stage;
  stage.frame.camera.centre = {0.0, 0.4};
  const auto cy = static_cast<std::uint32_t>(0.4 * 4294967296.0);
  const double unit = stage.frame.camera.px_per_world() / 4294967296.0;
  const auto step = static_cast<std::uint32_t>(40 / unit);
  PointInstance point = point_in_units(step, cy);
  point.from_x = 0u - step;
  point.moved_at_s = 10;
  stage.frame.playhead_s = 10.2;

  stage.draw({point});

  EXPECT_NEAR(stage.middle().x, 320, 0.5);
}

TEST(SoftCanvas, DrawsBothSidesOfTheAntimeridianInOneView) {
  Stage stage;
  stage.frame.camera.centre = {0.0, 0.4};
  const auto cy = static_cast<std::uint32_t>(0.4 * 4294967296.0);

  stage.draw({point_in_units(0xffffffffu, cy), point_in_units(0, cy)});

  EXPECT_NEAR(stage.middle().x, 320, 0.3);
  EXPECT_GT(red(stage.canvas.pixel(320, 180)), 60);
}

TEST(SoftCanvas, DrawsNothingForHiddenAndFarPoints) {
  Stage stage;
  PointInstance hidden = point_at({118, 32}, kWorking | PointInstance::kHidden);

  stage.draw({hidden, point_at({-60, -30}, kWorking), point_at({118, 85}, kWorking)});

  EXPECT_EQ(stage.light(), 0);
}

TEST(SoftCanvas, DrawsThePartOfAPointThatReachesOverTheEdge) {
  Stage stage;
  const fleet::WorldPoint corner = stage.frame.camera.world_from_screen({-1, -1});
  const auto unit = [](double world) { return static_cast<std::uint32_t>(world * 4294967296.0); };

  stage.draw({point_in_units(unit(corner.x), unit(corner.y))});

  EXPECT_GT(stage.light(), 0);
  EXPECT_GT(red(stage.canvas.pixel(0, 0)), red(kLand));
}

TEST(SoftCanvas, TellsStatusesApartByLightAndDimsTheFiltered) {
  const auto light_of = [](std::uint32_t style) {
    Stage stage;
    stage.draw({point_at({118, 32}, style)});
    return stage.light();
  };

  EXPECT_GT(light_of(kWorking), light_of(kIdling));
  EXPECT_GT(light_of(kIdling), light_of(kStopped));
  EXPECT_GT(light_of(kStopped), light_of(kSilent));
  EXPECT_GT(light_of(kSilent), 0);
  EXPECT_GT(light_of(kWorking), 3 * light_of(kWorking | PointInstance::kDimmed));
}

TEST(SoftCanvas, DrawsSilentMachinesHollowAtAWorksite) {
  Stage stage(1920, 1080);
  stage.frame.camera.zoom = 15.5;

  stage.draw({point_at({118, 32}, kSilent)});

  const auto ring = static_cast<int>(point_look(15.5, 1).shapes[kSilent].ring_radius);
  EXPECT_LT(red(stage.canvas.pixel(960, 540)), red(kLand) + 6);
  EXPECT_GT(red(stage.canvas.pixel(960 + ring, 540)), red(kLand) + 20);
}

TEST(SoftCanvas, PointsTheTickWhereTheMachineHeads) {
  Stage stage(1920, 1080);
  stage.frame.camera.zoom = 15.5;
  const auto east = kIdling | 90u << 8 | PointInstance::kHasHeading;

  stage.draw({point_at({118, 32}, east)});

  const float radius = point_look(15.5, 1).tick_radius;
  const int reach = static_cast<int>(2 * radius);
  EXPECT_GT(red(stage.canvas.pixel(960 + reach, 540)),
            red(stage.canvas.pixel(960 - reach, 540)) + 20);
}

TEST(SoftCanvas, NeverTurnsACrowdedCityIntoAWhiteBlot) {
  Stage stage(1920, 1080);
  stage.frame.camera = camera_at({119.5, 32.2}, 4.4, 1920, 1080);
  std::vector<PointInstance> points;
  test::Dice dice(3);
  for (int i = 0; i < 11000; ++i) {
    const double spread = dice.unit() < 0.5 ? 0.1 : 1.0;
    points.push_back(point_at({119.5 + dice.normal() * spread, 32.2 + dice.normal() * spread},
                              dice.unit() < 0.4 ? kWorking : kStopped));
  }

  stage.draw(points);

  int white = 0, counted = 0;
  for (int y = 490; y < 590; ++y) {
    for (int x = 910; x < 1010; ++x, ++counted) white += red(stage.canvas.pixel(x, y)) >= 250;
  }
  EXPECT_LT(white, counted / 200);
  EXPECT_GT(red(stage.canvas.pixel(960, 540)), 200);  // and it is bright
}

TEST(SoftCanvas, ChangedSlotsGiveTheSamePictureAsAllPoints) {
  Stage changed, whole;
  std::vector<PointInstance> points = fake_fleet(5000);
  changed.canvas.set_points(points, {}, true);
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < points.size(); slot += 7) {
    points[slot] = point_at({117.0 + slot * 1e-4, 33}, kWorking);
    slots.push_back(slot);
  }
  points.push_back(point_at({118.5, 32.5}, kWorking));
  slots.push_back(static_cast<std::uint32_t>(points.size() - 1));

  changed.canvas.set_points(points, slots, false);
  changed.canvas.draw(changed.frame, changed.base);
  whole.draw(points);

  EXPECT_TRUE(std::ranges::equal(changed.canvas.pixels(), whole.canvas.pixels()));
}

TEST(SoftCanvas, IgnoresChangedSlotsBeyondTheEnd) {
  Stage stage;
  const std::vector<PointInstance> points = fake_fleet(10);
  const std::uint32_t beyond[] = {10, 4000000000u};

  stage.canvas.set_points(points, beyond, false);
  stage.canvas.draw(stage.frame, stage.base);

  EXPECT_EQ(stage.canvas.width(), 640);
}

TEST(SoftCanvas, TwoThreadsDrawWhatOneDraws) {
  Stage one(1366, 768, 1), two(1366, 768, 2);
  const auto points = fake_fleet(20000);
  for (Stage* stage : {&one, &two}) {
    stage->frame.heat = true;
    stage->draw(points);
  }

  EXPECT_TRUE(std::ranges::equal(one.canvas.pixels(), two.canvas.pixels()));
  EXPECT_DOUBLE_EQ(one.canvas.heat_sum(), two.canvas.heat_sum());
}

TEST(SoftCanvas, DrawsAnySize) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, {1, 700}, {129, 65}, {1366, 768}, {3840, 2160}}) {
    Stage stage(width, height, 2);
    stage.frame.heat = true;
    stage.frame.ui_scale = static_cast<float>(height) / 1080.0f;

    stage.draw(fake_fleet(3000));

    EXPECT_EQ(stage.canvas.pixels().size(), static_cast<std::size_t>(width * height));
  }
}

TEST(SoftCanvas, LeavesBareTilesAloneWhileTheBaseMapStays) {
  Stage stage;
  stage.draw({point_at({118, 32}, kWorking)});
  const int first = stage.canvas.tiles_drawn();

  stage.draw({point_at({118, 32}, kWorking)});
  const int again = stage.canvas.tiles_drawn();
  stage.base_pixels.assign(stage.base_pixels.size(), 0xff102030u);
  stage.base.version = 2;
  stage.draw({});

  EXPECT_EQ(first, 30);  // 640x360 in tiles of 128x64
  EXPECT_LE(again, 4);
  for (const std::uint32_t pixel : stage.canvas.pixels()) ASSERT_EQ(pixel, 0xff102030u);
}

TEST(SoftCanvas, BottomUpIsTheSamePictureTurnedOver) {
  Stage down;
  SoftCanvas up(1, RowOrder::bottom_up);
  up.set_theme(test::plain_theme());
  const auto points = fake_fleet(3000);
  down.frame.heat = true;
  down.draw(points);
  up.set_points(points, {}, true);

  up.draw(down.frame, down.base);

  EXPECT_EQ(up.pixels()[0], down.canvas.pixel(0, 359));
  for (int y = 0; y < 360; ++y) {
    for (int x = 0; x < 640; ++x) ASSERT_EQ(up.pixel(x, y), down.canvas.pixel(x, y));
  }
}

TEST(SlotRanges, JoinNeighboursAndCloseSmallGaps) {
  const std::uint32_t changed[] = {9, 1, 2, 2, 5, 40};

  EXPECT_EQ(slot_ranges(changed, 100, 3), (std::vector<SlotRange>{{1, 9}, {40, 1}}));
  EXPECT_EQ(slot_ranges(changed, 100, 0),
            (std::vector<SlotRange>{{1, 2}, {5, 1}, {9, 1}, {40, 1}}));
  EXPECT_EQ(slot_ranges(changed, 40, 0).size(), 3u);  // slots beyond the end are left out
  EXPECT_TRUE(slot_ranges({}, 100).empty());
}

}  // namespace
}  // namespace render
