// What the heat's panel and the hexagon under the pointer say.
#include <gtest/gtest.h>

#include "viewer/heat/heat_choice.hpp"
#include "viewer/heat/heat_field.hpp"
#include "viewer/labels/hexagon_tip.hpp"
#include "viewer/panels/panels.hpp"

namespace viewer {
namespace {

TEST(HeatPanel, HasARowForEachChoiceThatMeansSomething) {
  HeatModel heat;
  constexpr float kRow = 34, kRadiusLabel = 20;
  EXPECT_EQ(heat_choices(heat), 0);
  heat.on = true;
  heat.radius_m = 500;
  EXPECT_EQ(heat_choices(heat), 4 * kRow + kRadiusLabel);
  heat.radius_m = 2000;
  EXPECT_EQ(heat_choices(heat), 4 * kRow + kRadiusLabel);
  heat.radius_m = 3000;
  EXPECT_EQ(heat_choices(heat), 5 * kRow + kRadiusLabel) << "a radius of one's own";
  heat.from_hour = 7;
  heat.to_hour = 11;
  EXPECT_EQ(heat_choices(heat), 6 * kRow + kRadiusLabel) << "and hours";
  heat.from_hour = 0;
  heat.to_hour = 24;
  heat.hexagons = true;
  EXPECT_EQ(heat_choices(heat), 3 * kRow) << "no radius";
  heat.measure = HeatMeasure::working;
  EXPECT_EQ(heat_choices(heat), 2 * kRow) << "no hours of the day";
  heat.measure = HeatMeasure::field;
  EXPECT_EQ(heat_choices(heat), 3 * kRow) << "two above two";
}

TEST(HourSpan, HasBegunWithItsFirstHourOfTheDay) {
  EXPECT_FALSE((HourSpan{16, 18}.begun_by(15)));
  EXPECT_TRUE((HourSpan{16, 18}.begun_by(16)));
  EXPECT_TRUE((HourSpan{16, 18}.begun_by(23)));
  EXPECT_TRUE((HourSpan{20, 6}.begun_by(0))) << "its end comes first in the day";
  EXPECT_TRUE((HourSpan{0, 24}.begun_by(0)));
  EXPECT_FALSE((HourSpan{20, 24}.begun_by(19)));
}

TEST(HeatField, CountersAreNamedAsWhatTheyAre) {
  EXPECT_EQ(summed_field_label(Lang::en, "fuel_used_l"), "Lifetime fuel used");
  EXPECT_EQ(summed_field_label(Lang::zh, "fuel_used_l"), "累计油耗");
  EXPECT_EQ(summed_field_label(Lang::en, "working"), "Working");
  EXPECT_EQ(summed_field_label(Lang::en, "payload_t"), "payload_t");
}

TEST(HeatPanel, SaysThatARadiusIsWidenedOnlyWhereItIs) {
  HeatModel heat;
  heat.radius_m = heat.drawn_radius_m = 2000;
  EXPECT_FALSE(widened(heat));
  heat.drawn_radius_m = 2040;
  EXPECT_FALSE(widened(heat)) << "printed it is 2 km";
  heat.drawn_radius_m = 12'000;
  EXPECT_TRUE(widened(heat));
  heat.hexagons = true;
  EXPECT_FALSE(widened(heat)) << "hexagons have none";
}

TEST(HeatChoice, ReachesItsLastColourAtTheDensityOfAPackedWorksite) {
  HeatChoice choice;
  EXPECT_EQ(full_of(choice), 60);
  choice.measure = HeatMeasure::working;
  EXPECT_EQ(full_of(choice), 15);
  choice.measure = HeatMeasure::field;
  EXPECT_EQ(full_of(choice, 0), 100);
  EXPECT_EQ(full_of(choice, 6.6), 100) << "a power of ten";
  EXPECT_EQ(full_of(choice, 6.7), 1000);
  EXPECT_EQ(full_of(choice, 12'345), 1e6);
  EXPECT_EQ(full_of(choice, 6.7, 100), 100) << "what was said stays ...";
  EXPECT_EQ(full_of(choice, 6.6, 1000), 1000);
  EXPECT_EQ(full_of(choice, 10.1, 100), 1000) << "... until it is clearly another";
  EXPECT_EQ(full_of(choice, 4.4, 1000), 100);
  choice.full_per_km2 = 7;
  EXPECT_EQ(full_of(choice, 12'345), 7) << "as the call says";
}

TEST(HeatField, SumsAmountsAndCountersAndNothingElse) {
  fleet::FieldCatalog fields;
  for (const char* extra :
       {"payload_t", "boom_pressure_mpa", "altitude_m", "passengers", "odometer_km"}) {
    ASSERT_TRUE(fields.add(extra));
  }
  for (const char* name : {"fuel_used_l", "engine_hours", "idle_hours", "working", "engine_on",
                           "payload_t", "passengers", "odometer_km"}) {
    EXPECT_EQ(heat_field_problem(fields, name), "") << name;
  }
  for (const char* name : {"coolant_c", "fuel_level_pct", "rpm", "speed_kmh", "gear", "position",
                           "heading_deg", "battery_v", "boom_pressure_mpa", "altitude_m"}) {
    const std::string problem = heat_field_problem(fields, name);
    EXPECT_NE(problem.find("make no sum"), std::string::npos) << name << problem;
    EXPECT_NE(problem.find("engine_hours, idle_hours, payload_t"), std::string::npos) << problem;
  }
  const std::string unknown = heat_field_problem(fields, "fuel");
  EXPECT_NE(unknown.find("--heat-of fuel: there is no such field"), std::string::npos) << unknown;
  EXPECT_NE(unknown.find("fuel_used_l"), std::string::npos) << unknown;
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

TEST(HexagonTip, TellsTheSignsOfADifference) {
  HeatModel heat;
  heat.difference.state = DifferenceModel::State::ready;
  render::HexagonValue hexagon;
  hexagon.area_km2 = 10.6;
  const auto texts = [&](double value) {
    hexagon.value = value;
    hexagon.per_km2 = value / hexagon.area_km2;
    return hexagon_texts(hexagon, heat, Lang::en);
  };

  EXPECT_EQ(texts(131.04).density, "+12.4 h/km²");
  EXPECT_EQ(texts(131.04).value, "+131 h · 10.6 km²");
  EXPECT_EQ(texts(-131.04).density, "−12.4 h/km²");
  EXPECT_EQ(texts(-0.5).value, "−0.5 h · 10.6 km²");
  EXPECT_EQ(texts(0).density, "0 h/km²");
}

TEST(HeatPanel, HasARowForTheOtherDayWhereSomebodyAsksForIt) {
  HeatModel heat;
  heat.on = true;
  heat.radius_m = 2000;
  const float alone = heat_choices(heat);

  for (const auto state :
       {DifferenceModel::State::ready, DifferenceModel::State::needs_recording}) {
    heat.difference.state = state;
    EXPECT_EQ(heat_choices(heat), alone + 34);
  }
}

TEST(HeatPanel, SaysUntilWhenBothDaysCount) {
  DifferenceModel difference;
  difference.until = "14:32";
  EXPECT_EQ(until_text(difference, Lang::en), "until 14:32");
  EXPECT_EQ(until_text(difference, Lang::zh), "截至 14:32");
  difference.until.clear();
  EXPECT_EQ(until_text(difference, Lang::en), "whole days");
}

}  // namespace
}  // namespace viewer
