// A trail drawn for real: every kind of line, fading with age, over flat ground.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/gl_test.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/trails/trail_draw.hpp"
#include "viewer/ui/ui_renderer.hpp"

namespace {

using namespace std::chrono_literals;
using fleet::Stretch;
using viewer::Lang;

constexpr int kWidth = 480, kHeight = 270;
constexpr fleet::Time kNow = testing_support::SmallFleet::kNow;

class TrailGl : public testing_support::GlTest {
 protected:
  /// Three waves one below the other, the oldest on top; a sharp turn back at the end of each.
  static fleet::TrackPicture waves(const render::Camera& camera) {
    fleet::TrackPicture picture;
    const Stretch::Kind kinds[] = {Stretch::Kind::hauled, Stretch::Kind::gap,
                                   Stretch::Kind::driven};
    fleet::Time t = kNow - 119min;
    for (int wave = 0; wave < 3; ++wave) {
      const std::size_t first = picture.vertices.empty() ? 0 : picture.vertices.size() - 1;
      for (int i = 0; i <= 38; ++i, t += 1min) {
        const double x = wave % 2 == 0 ? 40 + i * 10 : 420 - i * 10;
        const double y = 60 + wave * 75 + 22 * std::sin(i / 4.0);
        picture.vertices.push_back({t, camera.world_from_screen({x, y})});
      }
      picture.stretches.push_back({kinds[wave], first, picture.vertices.size() - 1});
    }
    return picture;
  }

  static render::Image picture(viewer::ThemeName theme, double span_h) {
    viewer::Ui ui(Lang::en);
    ui.set_theme(theme);
    viewer::UiRenderer renderer(ui, testing_support::shader_dir());
    testing_support::Target target(kWidth, kHeight);
    const render::Camera camera{fleet::world_from_lonlat(testing_support::kSuzhou), 13, kWidth,
                                kHeight};
    const fleet::TrackPicture way = waves(camera);
    const auto span = fleet::Millis{std::llround(span_h * 3'600'000)};
    for (int i = 0; i < 2; ++i) {
      const bool dark = theme == viewer::ThemeName::dark;
      const float ground[] = {dark ? 0.055f : 0.93f, dark ? 0.086f : 0.94f, dark ? 0.133f : 0.95f,
                              1};
      glClearNamedFramebufferfv(target.framebuffer(), GL_COLOR, 0, ground);
      ui.begin_frame(kWidth, kHeight, 1, 100.25, 1.0 / 60);
      renderer.begin_frame();
      const viewer::TrailProjection trail{way, camera, kNow - span, kNow};
      draw_trail(trail, ui);
      if (const auto spot = spot_near(trail, {200, 212}, 40))
        draw_trail_spot(*spot, "", fleet::shanghai(), {}, ui);
      renderer.finish();
      renderer.draw(target.framebuffer());
    }
    return target.image();
  }
};

TEST_F(TrailGl, ShowsEveryKindInTheDark) {
  EXPECT_TRUE(testing_support::matches_golden("trail_dark", picture(viewer::ThemeName::dark, 2)));
}

TEST_F(TrailGl, ShowsEveryKindInTheLight) {
  EXPECT_TRUE(testing_support::matches_golden("trail_light", picture(viewer::ThemeName::light, 2)));
}

/// What a golden cannot tell: that it differs for the reason it is named for.
TEST_F(TrailGl, IsFainterTheOlderItIs) {
  const render::Image old = picture(viewer::ThemeName::dark, 2);
  const render::Image young = picture(viewer::ThemeName::dark, 48);

  EXPECT_GT(testing_support::difference(old, young, 10).differing, 500u);
}

}  // namespace
