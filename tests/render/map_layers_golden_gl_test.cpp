// Each layer of the map in both themes, at two zooms and two scales, against goldens. The CPU
// composer makes them; the GPU composer, here on the software rasteriser, has to agree.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "render/map_renderer.hpp"
#include "tests/render/compose/fake_places.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/golden.hpp"

namespace {

using render::ComposerChoice;
using render::MapFrame;
using testing_support::GoldenLimits;

/// Rims of discs and hexagons fall on either side of a step in one composer and the other.
constexpr GoldenLimits kOtherComposer{.channel_max = 10, .differing_max = 0.002};

/// The last one is smooth in town, and hexagons in the country.
enum class Layer { base, points, heat, hexagons, difference };
struct View {
  const char* name;
  double zoom;
  float heat_full_per_km2;
};
constexpr View kCountry{"country", 4.6, 3}, kTown{"town", 9.2, 20};

const fleet::Atlas& shipped_atlas() {
  static const fleet::Atlas atlas = [] {
    std::ifstream file(std::string(FLEETWALL_SOURCE_DIR) + "/assets/atlas.fwm", std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    auto parsed = fleet::parse_atlas(std::as_bytes(std::span(bytes)));
    EXPECT_TRUE(parsed.ok());
    return parsed.ok() ? std::move(parsed).value() : fleet::Atlas{};
  }();
  return atlas;
}

// Layer, dark, twice the pixels.
using Case = std::tuple<Layer, bool, bool>;

std::string name_of(const Case& c) {
  constexpr const char* kNames[] = {"base", "points", "heat", "hexagons", "difference"};
  return std::string(kNames[static_cast<int>(std::get<0>(c))]) +
         (std::get<1>(c) ? "_dark" : "_light") + (std::get<2>(c) ? "_2x" : "_1x");
}

class MapLayers : public testing_support::GlTest, public ::testing::WithParamInterface<Case> {
 protected:
  static MapFrame frame_of(const Case& c, const View& view) {
    const auto [layer, dark, doubled] = c;
    MapFrame frame;
    frame.camera = render::test::camera_at({120.2, 31.6}, view.zoom, doubled ? 1280 : 640,
                                           doubled ? 720 : 360);
    frame.ui_scale = doubled ? 2 : 1;
    frame.playhead_s = 100;
    frame.points = layer == Layer::points;
    frame.heat_difference = layer == Layer::difference;
    frame.heat = layer == Layer::heat || layer == Layer::hexagons || frame.heat_difference;
    frame.heat_of = render::HeatOf::places;
    const bool hexagons =
        layer == Layer::hexagons || (frame.heat_difference && view.zoom == kCountry.zoom);
    frame.heat_form = hexagons ? render::HeatForm::hexagons : render::HeatForm::smooth;
    frame.heat_radius_m = 4000;
    frame.heat_full_per_km2 = view.heat_full_per_km2;
    return frame;
  }

  void expect_goldens(ComposerChoice composer) {
    const bool makes_them = composer == ComposerChoice::cpu;
    if (testing_support::updating_goldens() && !makes_them) return;
    render::MapRenderer map(testing_support::shader_dir(), shipped_atlas(),
                            std::get<1>(GetParam()) ? render::dark_theme() : render::light_theme(),
                            composer);
    map.set_points(render::test::fake_fleet(6000), {}, true);
    auto places = render::test::fake_places(20000);
    if (std::get<0>(GetParam()) == Layer::difference) {
      for (render::HeatPlace& place : places) place.weight -= 5;
    }
    map.set_heat_places(places);
    for (const View& view : {kCountry, kTown}) {
      const MapFrame frame = frame_of(GetParam(), view);
      testing_support::Target target(frame.camera.width_px, frame.camera.height_px);
      map.draw(frame, target.framebuffer());
      EXPECT_TRUE(testing_support::matches_golden("layer_" + name_of(GetParam()) + "_" + view.name,
                                                  target.image(),
                                                  makes_them ? GoldenLimits{} : kOtherComposer))
          << map.stats().composer;
    }
  }
};

TEST_P(MapLayers, AreDrawnAsTheyWereByTheCpu) {
  expect_goldens(ComposerChoice::cpu);
}

TEST_P(MapLayers, AreDrawnAsTheyWereByTheGpu) {
  expect_goldens(ComposerChoice::gpu);
}

INSTANTIATE_TEST_SUITE_P(Layers, MapLayers,
                         ::testing::Combine(::testing::Values(Layer::base, Layer::points,
                                                              Layer::heat, Layer::hexagons,
                                                              Layer::difference),
                                            ::testing::Bool(), ::testing::Bool()),
                         [](const auto& tested) { return name_of(tested.param); });

}  // namespace
