// Both composers on OpenGL: the same picture, whatever draws it.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "render/compose/gpu_points.hpp"
#include "render/compose/map_composer.hpp"
#include "tests/render/compose/fake_fleet.hpp"
#include "tests/render/compose/fake_places.hpp"
#include "tests/support/gl_test.hpp"

namespace render {
namespace {

using test::camera_at;
using test::fake_fleet;
using test::point_at;

/// A base map with some structure, in memory and as a texture.
struct Base {
  Base(int width, int height) : texture("test base", GL_RGBA8, width, height) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const bool line = x % 97 == 0 || y % 61 == 0;
        pixels.push_back(line ? 0xff473222u : 0xff22160eu);
      }
    }
    texture.update(GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
    image = {texture.id(), pixels.data(), width, height, 0, 0, 1, 1};
  }
  Texture texture;
  std::vector<std::uint32_t> pixels;
  BaseImage image;
};

struct Difference {
  double mean = 0;   // of a channel, in levels of 255
  double share = 0;  // of the pixels that differ by more than 10 levels
  int most = 0;
};

Difference difference(const Image& a, const Image& b) {
  Difference d;
  std::size_t far = 0;
  for (std::size_t i = 0; i < a.rgba.size(); i += 4) {
    int worst = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const int way = std::abs(int{a.rgba[i + c]} - int{b.rgba[i + c]});
      d.mean += way;
      worst = std::max(worst, way);
    }
    far += worst > 10;
    d.most = std::max(d.most, worst);
  }
  d.mean /= static_cast<double>(a.rgba.size()) * 3 / 4;
  d.share = static_cast<double>(far) / (static_cast<double>(a.rgba.size()) / 4);
  return d;
}

class ComposeGl : public testing_support::GlTest {
 protected:
  static std::vector<std::unique_ptr<MapComposer>> both() {
    std::vector<std::unique_ptr<MapComposer>> composers;
    composers.push_back(make_cpu_composer(testing_support::shader_dir()));
    composers.push_back(make_gpu_composer(testing_support::shader_dir()));
    for (auto& composer : composers) composer->set_theme(test::plain_theme());
    return composers;
  }
  static Image picture(MapComposer& composer, const MapFrame& frame, const BaseImage& base) {
    testing_support::Target target(frame.camera.width_px, frame.camera.height_px);
    composer.compose(frame, base, target.framebuffer());
    return target.image();
  }
  static MapFrame frame_at(double zoom, int width = 960, int height = 540) {
    MapFrame frame;
    frame.camera = camera_at({118, 32}, zoom, width, height);
    frame.ui_scale = static_cast<float>(height) / 1080.0f;
    frame.heat = true;
    frame.heat_full_per_km2 = 0.5f;
    return frame;
  }
};

TEST_F(ComposeGl, BothComposersDrawTheSamePicture) {
  auto composers = both();
  Base base(960, 540);
  auto points = fake_fleet(20000);
  for (std::size_t i = 0; i < 300; ++i) {
    test::Dice dice(static_cast<std::uint32_t>(i + 1));
    const auto status = static_cast<std::uint32_t>(i % 5);
    points.push_back(point_at({118 + dice.normal() * 0.01, 32 + dice.normal() * 0.01},
                              status | 77u << 8 | PointInstance::kHasHeading));
    points.back().from_x -= 3000;
    points.back().moved_at_s = 4.9f;
  }
  for (const double zoom : {0.0, 4.4, 7.5, 11.5, 15.0}) {
    MapFrame frame = frame_at(zoom);
    frame.playhead_s = 5;
    std::vector<Image> pictures;
    for (auto& composer : composers) {
      composer->set_points(points, {}, true);
      pictures.push_back(picture(*composer, frame, base.image));
    }

    const Difference d = difference(pictures[0], pictures[1]);
    RecordProperty("mean_" + std::to_string(zoom), std::to_string(d.mean));

    // Half a level of rounding in each of three steps; single edge pixels of discs may fall on
    // either side of a quarter pixel.
    EXPECT_LT(d.mean, 0.1) << "zoom " << zoom;
    EXPECT_LT(d.share, 0.002) << "zoom " << zoom << ", worst " << d.most;
    glFinish();  // the GPU's sum has arrived then
    EXPECT_NEAR(composers[0]->heat_sum(), composers[1]->heat_sum(),
                0.01 + composers[0]->heat_sum() * 1e-3);
  }
}

TEST_F(ComposeGl, BothComposersDrawTheSameHeatOfPlaces) {
  auto composers = both();
  Base base(960, 540);
  auto places = test::fake_places(60000);
  places.push_back(test::place_at({118, 32}, 1e5f));  // sums beyond 32 bits
  for (const double zoom : {0.0, 4.4, 7.5, 11.5, 15.0}) {
    MapFrame frame = frame_at(zoom);
    frame.heat_of = HeatOf::places;
    frame.heat_full_per_km2 = 40;
    std::vector<Image> pictures;
    for (auto& composer : composers) {
      composer->set_heat_places(places);
      pictures.push_back(picture(*composer, frame, base.image));
    }

    const Difference d = difference(pictures[0], pictures[1]);

    EXPECT_LT(d.mean, 0.1) << "zoom " << zoom;
    EXPECT_LT(d.share, 0.002) << "zoom " << zoom << ", worst " << d.most;
    glFinish();
    EXPECT_GT(composers[0]->heat_sum(), 1e4);
    EXPECT_NEAR(composers[0]->heat_sum() / composers[1]->heat_sum(), 1, 1e-4) << "zoom " << zoom;
  }
}

TEST_F(ComposeGl, BothComposersDrawTheSameDifference) {
  auto composers = both();
  Base base(960, 540);
  auto places = test::fake_places(60000);
  for (HeatPlace& place : places) place.weight -= 5;
  places.push_back(test::place_at({118, 32}, -1e5f));  // sums beyond 32 bits
  for (const double zoom : {0.0, 4.4, 7.5, 11.5, 15.0}) {
    for (const HeatForm form : {HeatForm::smooth, HeatForm::hexagons}) {
      MapFrame frame = frame_at(zoom);
      frame.heat_of = HeatOf::places;
      frame.heat_form = form;
      frame.heat_difference = true;
      frame.heat_full_per_km2 = 40;
      std::vector<Image> pictures;
      for (auto& composer : composers) {
        composer->set_heat_places(places);
        pictures.push_back(picture(*composer, frame, base.image));
      }

      const Difference d = difference(pictures[0], pictures[1]);

      // One colour over the whole screen may be rounded to either side in one channel.
      EXPECT_LT(d.mean, 0.4) << "zoom " << zoom;
      EXPECT_LT(d.share, 0.002) << "zoom " << zoom << ", worst " << d.most;
      EXPECT_EQ(composers[0]->heat_sum(), composers[1]->heat_sum()) << "zoom " << zoom;
      EXPECT_LT(composers[0]->heat_sum(), -9e4);
    }
  }
}

TEST_F(ComposeGl, BothComposersDrawTheSameHexagons) {
  auto composers = both();
  Base base(960, 540);
  const auto places = test::fake_places(20000);
  for (const double zoom : {0.0, 1.2, 4.4, 7.5}) {
    for (const double lon : {118.0, 179.0}) {
      MapFrame frame = frame_at(zoom);
      frame.camera.centre = fleet::world_from_lonlat({lon, 32});
      frame.heat_of = HeatOf::places;
      frame.heat_form = HeatForm::hexagons;
      frame.heat_full_per_km2 = 10;
      std::vector<Image> pictures;
      for (auto& composer : composers) {
        composer->set_heat_places(places);
        pictures.push_back(picture(*composer, frame, base.image));
      }

      const Difference d = difference(pictures[0], pictures[1]);

      EXPECT_LT(d.mean, 0.1) << "zoom " << zoom;
      EXPECT_LT(d.share, 0.002) << "zoom " << zoom << ", worst " << d.most;
      EXPECT_EQ(composers[0]->heat_sum(), composers[1]->heat_sum()) << "zoom " << zoom;
      for (const ScreenPoint at : {ScreenPoint{480, 270}, ScreenPoint{13, 500}}) {
        const auto a = composers[0]->hexagon_at(frame, at), b = composers[1]->hexagon_at(frame, at);
        ASSERT_EQ(a.has_value(), b.has_value());
        EXPECT_EQ(a ? a->value : 0, b ? b->value : 0);
      }
    }
  }
}

TEST_F(ComposeGl, SwitchesBetweenMachinesAndPlacesAndTheirNewWeights) {
  Base base(640, 360);
  MapFrame frame = frame_at(3, 640, 360);
  for (auto& composer : both()) {
    composer->set_points({{point_at({118, 32}, 0)}}, {}, true);
    const auto sum = [&](HeatOf heat_of) {
      frame.heat_of = heat_of;
      picture(*composer, frame, base.image);
      glFinish();
      return composer->heat_sum();
    };

    EXPECT_NEAR(sum(HeatOf::working_machines), 1, 1e-3) << composer->name();
    EXPECT_EQ(sum(HeatOf::places), 0) << composer->name();
    composer->set_heat_places({{test::place_at({118, 32}, 8)}});
    EXPECT_NEAR(sum(HeatOf::places), 8, 1e-3) << composer->name();
    composer->set_heat_places({{test::place_at({118, 32}, 8), test::place_at({110, 32}, 3)}});
    EXPECT_NEAR(sum(HeatOf::places), 11, 1e-3) << composer->name();
    composer->rebuild();
    EXPECT_NEAR(sum(HeatOf::places), 11, 1e-3) << composer->name();
    EXPECT_NEAR(sum(HeatOf::working_machines), 1, 1e-3) << composer->name();
    composer->set_heat_places({});
    EXPECT_EQ(sum(HeatOf::places), 0) << composer->name();
  }
}

TEST_F(ComposeGl, BothComposersMoveAndScaleTheBaseMapAlike) {
  auto composers = both();
  Base base(700, 420);
  MapFrame frame = frame_at(5, 640, 360);
  for (const double scale : {1.0, 0.93, 1.07}) {
    base.image.scale = scale;
    base.image.origin_x = scale == 1.0 ? 20.25 : 5.5;
    base.image.origin_y = 10.75;

    const Image cpu = picture(*composers[0], frame, base.image);
    const Image gpu = picture(*composers[1], frame, base.image);

    // Eighth-bit weights on both sides, rounded apart.
    const Difference d = difference(cpu, gpu);
    EXPECT_LT(d.mean, 0.7) << scale;
    EXPECT_LE(d.most, 3) << scale;
  }
}

TEST_F(ComposeGl, TheBaseMapAtRestIsCopiedExactly) {
  Base base(640, 360);
  MapFrame frame = frame_at(5, 640, 360);
  for (auto& composer : both()) {
    const Image image = picture(*composer, frame, base.image);

    for (int i = 0; i < 640 * 360; ++i) {
      const auto at = static_cast<std::size_t>(i);
      ASSERT_EQ(image.rgba[at * 4 + 2], base.pixels[at] >> 16 & 255u) << composer->name();
    }
  }
}

TEST_F(ComposeGl, ChangedSlotsGiveTheSamePictureAsAllPoints) {
  Base base(640, 360);
  const MapFrame frame = frame_at(6, 640, 360);
  for (const int which : {0, 1}) {
    auto points = fake_fleet(4000);
    auto composers = both();
    MapComposer& changed = *composers[static_cast<std::size_t>(which)];
    changed.set_points(points, {}, true);
    picture(changed, frame, base.image);
    std::vector<std::uint32_t> slots;
    for (std::uint32_t slot = 3; slot < points.size(); slot += 41) {
      points[slot] = point_at({117 + slot * 5e-4, 32.5}, 0);
      slots.push_back(slot);
    }
    changed.set_points(points, slots, false);
    const Image some = picture(changed, frame, base.image);

    changed.set_points(points, {}, true);
    const Image all = picture(changed, frame, base.image);

    EXPECT_EQ(some, all) << changed.name();
  }
}

TEST_F(ComposeGl, ARebuildGivesTheSamePicture) {
  Base base(640, 360);
  const MapFrame frame = frame_at(6, 640, 360);
  for (auto& composer : both()) {
    composer->set_points(fake_fleet(4000), {}, true);
    const Image before = picture(*composer, frame, base.image);

    composer->rebuild();

    EXPECT_EQ(picture(*composer, frame, base.image), before) << composer->name();
    EXPECT_GT(composer->gpu_bytes(), 0u);
  }
}

TEST_F(ComposeGl, DrawsWithoutPointsAndWithoutABaseMap) {
  const MapFrame frame = frame_at(6, 129, 65);
  for (auto& composer : both()) {
    const Image image = picture(*composer, frame, {});

    EXPECT_EQ(image.rgba[0], 0) << composer->name();
    EXPECT_EQ(image.rgba[3], 255) << composer->name();
    EXPECT_EQ(composer->heat_sum(), 0) << composer->name();
  }
}

}  // namespace
}  // namespace render
