// What of the heat is in view: those whose own place is on the screen, alike for every form.
#include "render/compose/heat_view.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "render/compose/soft_canvas.hpp"
#include "tests/render/compose/fake_fleet.hpp"
#include "tests/render/compose/fake_places.hpp"

namespace render {
namespace {

using test::camera_at;
using test::place_at;
using test::point_at;

MapFrame frame_at(double lon, double lat, double zoom, int width = 1920, int height = 1080) {
  MapFrame frame;
  frame.camera = camera_at({lon, lat}, zoom, width, height);
  frame.heat = true;
  return frame;
}

double sum_in(const MapFrame& frame, const std::vector<PointInstance>& points,
              const std::vector<HeatPlace>& weights = {}) {
  HeatPlaces places;
  places.set(weights);
  return HeatInView().update(frame, points, 1, places);
}

TEST(HeatInView, CountsTheWorkingMachinesThatStandOnTheScreen) {
  test::Dice dice(7);
  std::vector<PointInstance> points;
  for (int i = 0; i < 5000; ++i) {
    const auto style = static_cast<std::uint32_t>(i % 5);
    points.push_back(point_at({118 + dice.normal() * 4, 32 + dice.normal() * 4}, style));
  }
  points.push_back(point_at({118, 32}, PointInstance::kHidden));
  points.push_back(point_at({118, 32}, PointInstance::kDimmed));
  for (const double zoom : {0.0, 4.4, 7.0, 9.5}) {
    const MapFrame frame = frame_at(118, 32, zoom);
    int seen = 0;
    for (const PointInstance& p : points) {
      if (p.style != 0) continue;
      const ScreenPoint s =
          frame.camera.screen_from_world({p.x / 4294967296.0, p.y / 4294967296.0});
      seen += s.x >= 0 && s.y >= 0 && s.x < 1920 && s.y < 1080;
    }

    EXPECT_EQ(sum_in(frame, points), seen) << zoom;
  }
}

TEST(HeatInView, AddsTheWeightsOfThePlacesInViewToTheLastOne) {
  MapFrame frame = frame_at(118, 32, 9);
  frame.heat_of = HeatOf::places;
  const std::vector<HeatPlace> weights{place_at({118, 32}, 7), place_at({118.1, 32.1}, 0.25f),
                                       place_at({130, 32}, 100), place_at({118, 10}, 1000)};

  EXPECT_EQ(sum_in(frame, {}, weights), 7.25);
  frame.camera.zoom = 3;
  EXPECT_EQ(sum_in(frame, {}, weights), 1107.25);
  frame.heat = false;
  EXPECT_EQ(sum_in(frame, {}, weights), 0);
}

TEST(HeatInView, GoesRoundTheWorldOnceAtMost) {
  const std::vector<PointInstance> points{point_at({179.9, 0}, 0), point_at({-179.9, 0}, 0),
                                          point_at({0, 0}, 0)};

  EXPECT_EQ(sum_in(frame_at(180, 0, 6), points), 2);
  EXPECT_EQ(sum_in(frame_at(-180, 0, 6), points), 2);
  EXPECT_EQ(sum_in(frame_at(0, 0, 6), points), 1);
  EXPECT_EQ(sum_in(frame_at(100, 0, 0), points), 3);
}

TEST(HeatInView, IsTheSameForSmoothAndHexagonsAtTheViewsEdge) {
  std::vector<HeatPlace> weights = test::fake_places(3000);
  SoftCanvas canvas(1, RowOrder::top_down);
  canvas.set_heat_places(weights);
  for (const double lon : {116.3, 118.0, 119.7}) {
    MapFrame frame = frame_at(lon, 32, 8.3, 640, 360);
    frame.heat_of = HeatOf::places;
    canvas.draw(frame, {});
    const double smooth = canvas.heat_sum();
    frame.heat_form = HeatForm::hexagons;
    canvas.draw(frame, {});

    EXPECT_EQ(canvas.heat_sum(), smooth) << lon;
    EXPECT_EQ(smooth, sum_in(frame, {}, weights)) << lon;
    EXPECT_GT(smooth, 0) << lon;
  }
}

TEST(HeatInView, CountsAgainWhenCameraPlacesOrPointsChange) {
  MapFrame frame = frame_at(118, 32, 9);
  std::vector<PointInstance> points{point_at({118, 32}, 0)};
  HeatPlaces places;
  HeatInView view;
  EXPECT_EQ(view.update(frame, points, 1, places), 1);
  points.push_back(points[0]);
  EXPECT_EQ(view.update(frame, points, 2, places), 2);
  frame.heat_of = HeatOf::places;
  EXPECT_EQ(view.update(frame, points, 2, places), 0);
  places.set(std::vector{place_at({118, 32}, 3)});
  EXPECT_EQ(view.update(frame, points, 2, places), 3);
  frame.camera = camera_at({60, 32}, 9, 1920, 1080);

  EXPECT_EQ(view.update(frame, points, 2, places), 0);
}

TEST(HeatRadius, IsTheSameOnEveryWallOfTheSameFraming) {
  const MapFrame hd = frame_at(104, 36, 4);
  MapFrame uhd = frame_at(104, 36, 4, 3840, 2160);
  uhd.ui_scale = 2;

  EXPECT_NEAR(effective_heat_radius_m(uhd), effective_heat_radius_m(hd), 1e-6);
  EXPECT_NEAR(effective_heat_radius_m(hd), 3 * hd.camera.metres_per_px(), 1e-6);
  EXPECT_GT(effective_heat_radius_m(hd), 2000);
  EXPECT_EQ(effective_heat_radius_m(frame_at(104, 36, 12)), 2000) << "as chosen";
}

}  // namespace
}  // namespace render
