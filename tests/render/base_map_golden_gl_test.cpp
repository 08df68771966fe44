// The base map of the shipped atlas at the three scales it is looked at.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <span>
#include <vector>

#include "render/basemap/base_map_layer.hpp"
#include "tests/support/base_picture.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/golden.hpp"

namespace {

fleet::Atlas shipped_atlas() {
  const std::string path = std::string(FLEETWALL_SOURCE_DIR) + "/assets/atlas.fwm";
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  auto atlas = fleet::parse_atlas(std::as_bytes(std::span(bytes)));
  EXPECT_TRUE(atlas.ok()) << path << ": " << (atlas.ok() ? "" : atlas.error().what);
  return atlas.ok() ? std::move(atlas).value() : fleet::Atlas{};
}

class BaseMapGolden : public testing_support::GlTest {
 protected:
  render::Image drawn(fleet::LonLat centre, double zoom) {
    render::BaseMapLayer layer(testing_support::shader_dir(), shipped_atlas(),
                               render::dark_theme());
    const render::Camera camera{.centre = fleet::world_from_lonlat(centre),
                                .zoom = zoom,
                                .width_px = 640,
                                .height_px = 360};
    return testing_support::screen_of(layer.update(camera, true), camera);
  }
};

TEST_F(BaseMapGolden, ShowsTheCountry) {
  EXPECT_TRUE(testing_support::matches_golden("base_country", drawn({104.5, 35.5}, 4)));
}

TEST_F(BaseMapGolden, ShowsAProvince) {
  EXPECT_TRUE(testing_support::matches_golden("base_province", drawn({119.5, 32.5}, 7)));
}

TEST_F(BaseMapGolden, ShowsACity) {
  EXPECT_TRUE(testing_support::matches_golden("base_city", drawn({120.9, 31.5}, 10)));
}

}  // namespace
