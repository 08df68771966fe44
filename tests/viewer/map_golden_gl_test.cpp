// The composed map with machines, marks and names, by either composer, against the same goldens.
// The CPU composer makes them; the GPU composer, here on the software rasteriser, has to agree.
#include <gtest/gtest.h>

#include "render/map_renderer.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/map_marks.hpp"
#include "viewer/ui/ui_renderer.hpp"

namespace {

using render::ComposerChoice;
using testing_support::GoldenLimits;
using testing_support::kSuzhou;

constexpr int kWidth = 800, kHeight = 450;
/// Rims of discs fall on either side of a quarter pixel in one composer and the other.
constexpr GoldenLimits kOtherComposer{.channel_max = 10, .differing_max = 0.002};

struct Shown {
  double zoom = 8;
  bool heat = false;
  bool selected = false;
};

class MapGolden : public testing_support::GlTest,
                  public ::testing::WithParamInterface<ComposerChoice> {
 protected:
  render::Image picture(const Shown& shown) {
    const fleet::Atlas atlas = testing_support::shipped_atlas();
    viewer::FleetView view(atlas, fleet::shanghai());
    testing_support::suzhou_fleet().show(view);
    viewer::WallState wall;
    wall.camera = {fleet::world_from_lonlat(kSuzhou), shown.zoom, kWidth, kHeight};
    wall.heat = shown.heat;
    if (shown.selected) wall.selected = view.state().roster().find("SY0121");

    testing_support::Target target(kWidth, kHeight);
    render::MapRenderer map(testing_support::shader_dir(), atlas, render::dark_theme(), GetParam());
    map.set_points(view.points(), {}, true);
    render::MapFrame frame;
    frame.camera = wall.camera;
    frame.playhead_s = view.seconds(testing_support::SmallFleet::kNow);
    frame.heat = shown.heat;
    frame.heat_full_per_km2 = 0.5f;
    frame.ui_scale = viewer::kLeastScale;
    map.draw(frame, target.framebuffer());
    draw_marks(view, wall, target.framebuffer());
    return target.image();
  }

  /// Two frames, since characters first seen in one are there in the next.
  static void draw_marks(const viewer::FleetView& view, const viewer::WallState& wall,
                         unsigned framebuffer) {
    viewer::Ui ui(wall.lang);
    viewer::UiRenderer renderer(ui, testing_support::shader_dir());
    viewer::MapMarks marks;
    viewer::Layout layout;
    layout.scale = viewer::kLeastScale;
    for (int i = 0; i < 2; ++i) {
      ui.begin_frame(kWidth, kHeight, layout.scale, 100.25, 1.0 / 60);
      renderer.begin_frame();
      marks.draw(view, wall, layout, {}, ui);
      renderer.finish();
    }
    renderer.draw(framebuffer);
  }

  void expect_golden(const std::string& name, const Shown& shown) {
    const bool makes_them = GetParam() == ComposerChoice::cpu;
    if (testing_support::updating_goldens() && !makes_them)
      GTEST_SKIP() << "the CPU composer makes the goldens";
    EXPECT_TRUE(testing_support::matches_golden(name, picture(shown),
                                                makes_them ? GoldenLimits{} : kOtherComposer));
  }
};

TEST_P(MapGolden, ShowsMachinesByStatusAndAlarmsByShapeInTheCountry) {
  expect_golden("map_country_points", {.zoom = 8.5});
}

TEST_P(MapGolden, ShowsHeatUnderThePointsInTheCountry) {
  expect_golden("map_country_heat", {.zoom = 8.5, .heat = true});
}

TEST_P(MapGolden, ShowsHeadingsAndTheSelectedMachineInTown) {
  expect_golden("map_town_selected", {.zoom = 12.5, .selected = true});
}

TEST_P(MapGolden, ShowsHeatInTown) {
  expect_golden("map_town_heat", {.zoom = 12.5, .heat = true, .selected = true});
}

INSTANTIATE_TEST_SUITE_P(Composers, MapGolden,
                         ::testing::Values(ComposerChoice::cpu, ComposerChoice::gpu),
                         [](const auto& tested) {
                           return tested.param == ComposerChoice::cpu ? "Cpu" : "Gpu";
                         });

/// What a golden cannot tell: that the pictures differ for the reasons they are named for.
TEST_P(MapGolden, DiffersWithHeatAndWithTheSelection) {
  const render::Image plain = picture({.zoom = 12.5});
  const render::Image heat = picture({.zoom = 12.5, .heat = true});
  const render::Image selected = picture({.zoom = 12.5, .selected = true});

  EXPECT_GT(testing_support::difference(heat, plain, 10).differing, 2000u);
  EXPECT_GT(testing_support::difference(selected, plain, 10).differing, 100u);
}

}  // namespace
