// The boundaries that --borders lays over the map, by name or as files.
#include "viewer/files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace viewer {
namespace {

const std::string kAssets = std::string(FLEETWALL_SOURCE_DIR) + "/assets";

fleet::Atlas laid(std::vector<std::string> files) {
  Options options;
  options.border_files = std::move(files);
  std::vector<std::string> warnings;
  auto atlas = with_borders(load_atlas(kAssets).value(), options, kAssets, warnings);
  EXPECT_TRUE(warnings.empty());
  EXPECT_TRUE(atlas) << atlas.error().what;
  return std::move(atlas).value();
}

bool has_county_borders(const fleet::Atlas& atlas) {
  return std::ranges::any_of(atlas.levels, [](const fleet::AtlasLevel& level) {
    return level.layer == fleet::AtlasLayer::county_borders;
  });
}

TEST(Borders, CountiesBringThePrefecturesAlong) {
  const fleet::Atlas atlas = laid({"counties"});

  EXPECT_TRUE(has_county_borders(atlas));
  EXPECT_FALSE(atlas.counties.empty());
  EXPECT_FALSE(atlas.prefectures.empty());
}

TEST(Borders, WithoutTheOptionThereAreNoCounties) {
  for (const fleet::Atlas& atlas : {laid({}), laid({"prefectures"})}) {
    EXPECT_FALSE(has_county_borders(atlas));
    EXPECT_TRUE(atlas.counties.empty());
  }
}

TEST(Borders, ShippedOnesAreLaidOnceHoweverOftenNamed) {
  EXPECT_EQ(laid({"prefectures", "counties", "prefectures", "counties"}).caveat,
            laid({"counties"}).caveat);
}

}  // namespace
}  // namespace viewer
