// What the heat's panel and the hexagon under the pointer say.
#include <gtest/gtest.h>

#include "viewer/labels/hexagon_tip.hpp"
#include "viewer/panels/panels.hpp"

namespace viewer {
namespace {

TEST(HeatPanel, HasARowForEachChoiceThatMeansSomething) {
  HeatModel heat;
  EXPECT_EQ(heat_rows(heat), 0);
  heat.on = true;
  EXPECT_EQ(heat_rows(heat), 4);
  heat.hexagons = true;
  EXPECT_EQ(heat_rows(heat), 3) << "no radius";
  heat.measure = HeatMeasure::working;
  EXPECT_EQ(heat_rows(heat), 2) << "no hours of the day";
}

TEST(HexagonTip, TellsDensityAndSumWithTheirUnits) {
  HeatModel heat;
  render::HexagonValue hexagon;
  hexagon.value = 131.04;
  hexagon.per_km2 = 12.36;
  hexagon.area_km2 = 10.6;

  EXPECT_EQ(hexagon_texts(hexagon, heat, Lang::zh).density, "12.4 台时/km²");
  EXPECT_EQ(hexagon_texts(hexagon, heat, Lang::zh).value, "131 台时 · 10.6 km²");
  heat.measure = HeatMeasure::working;
  hexagon.value = 3;
  hexagon.per_km2 = 0.0031;
  EXPECT_EQ(hexagon_texts(hexagon, heat, Lang::en).density, "0.003 machines/km²");
  EXPECT_EQ(hexagon_texts(hexagon, heat, Lang::en).value, "3 machines · 10.6 km²");
  heat.measure = HeatMeasure::field;
  heat.field_unit = "L";
  EXPECT_EQ(hexagon_texts(hexagon, heat, Lang::en).value, "3 L · 10.6 km²");
}

}  // namespace
}  // namespace viewer
