#include "render/map_renderer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/base_picture.hpp"
#include "tests/support/gl_test.hpp"

namespace {

using render::ComposerChoice;
using render::Image;
using render::MapFrame;
using render::MapRenderer;
using render::PointInstance;
using testing_support::Target;

constexpr int kWidth = 640;
constexpr int kHeight = 360;

// A ring of machines around the middle of the synthetic focus, all statuses.
std::vector<PointInstance> ring_of_machines() {
  std::vector<PointInstance> points(60);
  for (std::uint32_t i = 0; i < points.size(); ++i) {
    const double angle = i * 0.1047;
    PointInstance& p = points[i];
    p.x = static_cast<std::uint32_t>((0.81 + 0.012 * std::cos(angle)) * 4294967296.0);
    p.y = static_cast<std::uint32_t>((0.40 + 0.012 * std::sin(angle)) * 4294967296.0);
    p.from_x = p.x;
    p.from_y = p.y;
    p.style = i % 5;
  }
  return points;
}

MapFrame frame_at(double zoom) {
  MapFrame frame;
  frame.camera = {.centre = {0.81, 0.40}, .zoom = zoom, .width_px = kWidth, .height_px = kHeight};
  frame.playhead_s = 100;
  return frame;
}

// Of both composers: what is promised here does not depend on who composes.
class MapRendererGl : public testing_support::GlTest,
                      public ::testing::WithParamInterface<ComposerChoice> {
 protected:
  void SetUp() override {
    GlTest::SetUp();
    if (IsSkipped()) return;
    target_ = std::make_unique<Target>(kWidth, kHeight);
    renderer_ = std::make_unique<MapRenderer>(testing_support::shader_dir(),
                                              testing_support::synthetic_atlas(),
                                              render::dark_theme(), GetParam());
    renderer_->set_points(ring_of_machines(), {}, true);
  }
  void TearDown() override {
    renderer_.reset();
    target_.reset();
    GlTest::TearDown();
  }
  Image drawn(const MapFrame& frame) {
    renderer_->draw(frame, target_->framebuffer());
    return target_->image();
  }

  std::unique_ptr<Target> target_;
  std::unique_ptr<MapRenderer> renderer_;
};

TEST_P(MapRendererGl, DrawsTheSamePictureAfterEverythingWasRebuilt) {
  const Image before = drawn(frame_at(6));
  const auto bytes = renderer_->stats().gpu_bytes;

  renderer_->rebuild();
  const Image after = drawn(frame_at(6));

  EXPECT_EQ(before, after);
  EXPECT_EQ(renderer_->stats().gpu_bytes, bytes);
}

TEST_P(MapRendererGl, DrawsTheSameHeatAfterEverythingWasRebuilt) {
  std::vector<render::HeatPlace> places;
  for (const PointInstance& p : ring_of_machines()) places.push_back({p.x, p.y, 3.5f});
  renderer_->set_heat_places(places);
  renderer_->set_theme(render::light_theme());
  MapFrame frame = frame_at(6);
  frame.heat = true;
  frame.heat_full_per_km2 = 0.01f;
  for (const auto heat_of : {render::HeatOf::working_machines, render::HeatOf::places}) {
    for (const auto form : {render::HeatForm::smooth, render::HeatForm::hexagons}) {
      frame.heat_of = heat_of;
      frame.heat_form = form;
      const Image before = drawn(frame);

      renderer_->rebuild();

      EXPECT_EQ(drawn(frame), before);
    }
  }
}

TEST_P(MapRendererGl, DrawsTheMapTheRightWayUp) {
  const auto points = std::vector<PointInstance>();
  renderer_->set_points(points, {}, true);

  const Image image = drawn(frame_at(4));

  // Sea lies west of world x 0.75 and land north of the focus.
  EXPECT_NEAR(image.at(2, 180)[2], 0x12, 3);
  EXPECT_NEAR(image.at(320, 100)[2], 0x1E, 3);
}

TEST_P(MapRendererGl, ChangesItsThemeWhileItRuns) {
  const Image dark = drawn(frame_at(6));

  renderer_->set_theme(render::light_theme());
  const Image light = drawn(frame_at(6));
  renderer_->set_theme(render::dark_theme());

  // Ink on pale land, light on dark land.
  EXPECT_GT(light.at(320, 180)[1], dark.at(320, 180)[1] + 100);
  EXPECT_EQ(drawn(frame_at(6)), dark);
}

TEST_P(MapRendererGl, SaysWhenOneMoreFrameWouldSharpenTheMap) {
  MapFrame frame = frame_at(6);
  drawn(frame);
  EXPECT_TRUE(renderer_->stats().base_exact);

  frame.camera.zoom += 0.02;
  drawn(frame);
  EXPECT_FALSE(renderer_->stats().base_exact);
  EXPECT_EQ(renderer_->stats().base_redraws, 1u);

  drawn(frame);
  EXPECT_TRUE(renderer_->stats().base_exact);
  EXPECT_EQ(renderer_->stats().base_redraws, 2u);
}

TEST_P(MapRendererGl, ReportsWhatItHolds) {
  drawn(frame_at(5));

  EXPECT_STREQ(renderer_->stats().composer, GetParam() == ComposerChoice::cpu ? "cpu" : "gpu");
  // The cached picture alone: 640 x 360 and 54 px on each side.
  EXPECT_GE(renderer_->stats().gpu_bytes, 748u * 468u * 4u);
}

INSTANTIATE_TEST_SUITE_P(Composers, MapRendererGl,
                         ::testing::Values(ComposerChoice::cpu, ComposerChoice::gpu),
                         [](const auto& tested) {
                           return tested.param == ComposerChoice::cpu ? "Cpu" : "Gpu";
                         });

using MapRendererChoice = testing_support::GlTest;

TEST_F(MapRendererChoice, TakesTheComposerThatSuitsTheMachine) {
  if (testing_support::on_real_gpu()) GTEST_SKIP() << "asks for the software rasteriser";

  const MapRenderer automatic(testing_support::shader_dir(), testing_support::synthetic_atlas(),
                              render::dark_theme());

  EXPECT_STREQ(automatic.stats().composer, "cpu");
}

}  // namespace
