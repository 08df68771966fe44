#include "fleet/field.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "fleet/mercator.hpp"

namespace fleet {
namespace {

TEST(FieldCatalog, KnowsTheCoreFieldsByTheirNumbers) {
  const FieldCatalog catalog;

  EXPECT_EQ(catalog.size(), std::size_t{kCoreFieldCount});
  EXPECT_EQ(catalog.find("position"), kPosition);
  EXPECT_EQ(catalog.find("heading_deg"), kHeadingDeg);
  EXPECT_EQ(catalog.find("fuel_used_l"), kFuelUsedL);
  EXPECT_EQ(catalog.find("def_level_pct"), kDefLevelPct);
  EXPECT_FALSE(catalog.find("payload_kg"));
  EXPECT_TRUE(catalog[kEngineHours].counter && catalog[kIdleHours].counter &&
              catalog[kFuelUsedL].counter);
}

TEST(FieldCatalog, HasStepsWhoseInverseIsExactlyWhole) {
  const FieldCatalog catalog;
  for (std::size_t f = 0; f < catalog.size(); ++f) {
    const double per_unit = 1 / catalog[static_cast<FieldId>(f)].step;

    EXPECT_EQ(per_unit, std::round(per_unit)) << catalog[static_cast<FieldId>(f)].name;
  }
}

TEST(FieldCatalog, AddsExtraFieldsInOrderAndOnce) {
  FieldCatalog catalog;

  EXPECT_EQ(catalog.add("payload_kg").value(), kCoreFieldCount);
  EXPECT_EQ(catalog.add("boom_deg").value(), kCoreFieldCount + 1);
  EXPECT_EQ(catalog.add("payload_kg").value(), kCoreFieldCount);
  EXPECT_EQ(catalog.add("rpm").value(), kRpm);
  EXPECT_EQ(catalog[kCoreFieldCount].unit, "kg");
  EXPECT_EQ(catalog[kCoreFieldCount].step, 0.001);
}

TEST(FieldCatalog, RefusesWhatIsNoFieldName) {
  FieldCatalog catalog;
  for (const char* name : {"", "Payload", "1st_kg", "_kg", "kg_", "a__b", "a-b", "名称", "machine",
                           "time", "lon", "lat", "position", "faults", "class", "last_service_time",
                           "receive_time", "loan_monthly"}) {
    EXPECT_FALSE(catalog.add(name)) << name;
  }
  EXPECT_TRUE(catalog.add(std::string(48, 'a')));
  EXPECT_FALSE(catalog.add(std::string(49, 'a')));
  EXPECT_EQ(catalog.size(), std::size_t{kCoreFieldCount} + 1);
}

TEST(FieldCatalog, HoldsSixtyFourFields) {
  FieldCatalog catalog;
  for (int i = kCoreFieldCount; i < kMaxFields; ++i) {
    ASSERT_TRUE(catalog.add("extra_" + std::to_string(i)));
  }

  const auto one_more = catalog.add("too_much");

  ASSERT_FALSE(one_more);
  EXPECT_NE(one_more.error().what.find("64"), std::string::npos);
  EXPECT_TRUE(catalog.add("extra_63"));
}

TEST(RawValues, TakeTheNearestStepHalvesAwayFromZero) {
  const FieldCatalog catalog;

  EXPECT_EQ(raw_from_value(catalog[kSpeedKmh], 63.1), 631);
  EXPECT_EQ(raw_from_value(catalog[kSpeedKmh], 0.35), 4);
  EXPECT_EQ(raw_from_value(catalog[kCoolantC], -0.25), -3);
  EXPECT_EQ(raw_from_value(catalog[kBatteryV], 27.85), 2785);
  EXPECT_EQ(raw_from_value(catalog[kRpm], 1799.5), 1800);
}

TEST(RawValues, RoundLikeTheLibrary) {
  FieldCatalog catalog;
  const FieldInfo& whole = catalog[kRpm];
  for (double v : {0.0, 0.49999999999999994, 0.5, 1.5, 2.5, -0.49999999999999994, -0.5, -2.5,
                   1e15 - 0.5, 1e15, -1e15, 2251799813685247.5, 7.999999999999999}) {
    EXPECT_EQ(raw_from_value(whole, v), std::llround(v)) << v;
  }
}

TEST(RawValues, ReturnToTheSameDecimal) {
  const FieldCatalog catalog;
  for (std::int64_t raw = -400; raw < 20'000; ++raw) {
    const double value = value_from_raw(catalog[kCoolantC], raw);

    ASSERT_EQ(raw_from_value(catalog[kCoolantC], value), raw);
  }
  EXPECT_EQ(value_from_raw(catalog[kSpeedKmh], 631), 63.1);
  EXPECT_EQ(value_from_raw(catalog[kEngineHours], 1), 0.01);
}

TEST(RawValues, HaveTheShortestText) {
  FieldCatalog catalog;
  const FieldInfo& extra = catalog[catalog.add("tilt_deg").value()];

  EXPECT_EQ(text_from_raw(catalog[kSpeedKmh], 631), "63.1");
  EXPECT_EQ(text_from_raw(catalog[kSpeedKmh], 630), "63");
  EXPECT_EQ(text_from_raw(catalog[kSpeedKmh], 0), "0");
  EXPECT_EQ(text_from_raw(catalog[kCoolantC], -50), "-5");
  EXPECT_EQ(text_from_raw(catalog[kCoolantC], -5), "-0.5");
  EXPECT_EQ(text_from_raw(catalog[kBatteryV], 25), "0.25");
  EXPECT_EQ(text_from_raw(catalog[kRpm], 1800), "1800");
  EXPECT_EQ(text_from_raw(extra, 1), "0.001");
  EXPECT_EQ(text_from_raw(catalog[kRpm], INT64_MIN), "-9223372036854775808");
}

TEST(RawValues, WriteAPositionAsLonAndLat) {
  const FieldCatalog catalog;
  const std::int64_t raw = packed(grid_from_lonlat({121.4737, 31.2304}));

  const std::string text = text_from_raw(catalog[kPosition], raw);

  EXPECT_EQ(text.substr(0, 7), "121.473");
  EXPECT_NE(text.find(" 31.230"), std::string::npos);
}

}  // namespace
}  // namespace fleet
