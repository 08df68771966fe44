#include <gtest/gtest.h>

#include "net/ingest/columns.hpp"

namespace net {
namespace {

using Names = std::vector<std::string>;

fleet::Result<ColumnPlan> plan(const Names& header, std::vector<std::string> maps = {},
                               std::string_view receive = "") {
  std::vector<MapRule> rules;
  for (const std::string& text : maps) rules.push_back(parse_map_rule(text).value());
  fleet::FleetState state;
  return plan_columns(header, rules, receive, state);
}

TEST(MapRule, ReadsFieldColumnAndFactor) {
  const MapRule rule = parse_map_rule("speed_kmh=speed*3.6").value();

  EXPECT_EQ(rule.field, "speed_kmh");
  EXPECT_EQ(rule.column, "speed");
  EXPECT_EQ(rule.factor, 3.6);
  EXPECT_EQ(parse_map_rule("lon=a=b").value().column, "a=b");
  EXPECT_EQ(parse_map_rule("payload_kg=load").value().field, "payload_kg");
}

TEST(MapRule, RefusesWhatMapsNothing) {
  for (const char* text : {"", "lon", "=x", "lon=", "lon=x*", "lon=x*two", "lon=x*0", "lon=x*inf",
                           "Speed=x", "machine=x*2", "status=x"})
    EXPECT_FALSE(parse_map_rule(text)) << text;
}

TEST(Columns, GuessesContractNamesAndPlainSynonyms) {
  const auto p = plan({"Vehicle ID", "timestamp", "LATITUDE", "lng", "fuel_level_pct"});

  ASSERT_TRUE(p) << p.error().what;
  EXPECT_EQ(p.value().used, (Names{"fuel_level_pct = fuel_level_pct", "machine = Vehicle ID",
                                   "time = timestamp", "lon = lng", "lat = LATITUDE"}));
  EXPECT_TRUE(p.value().has_time);
}

TEST(Columns, PrefersTheContractsNameToASynonym) {
  const auto p = plan({"device_id", "machine", "time", "timestamp"});

  EXPECT_EQ(p.value().used, (Names{"machine = machine", "time = time"}));
  EXPECT_EQ(p.value().ignored, (Names{"device_id", "timestamp"}));
}

TEST(Columns, DoNotGuessASpeedWithoutAUnitButSayHowToMapIt) {
  const auto p = plan({"machine", "time", "speed"});

  ASSERT_EQ(p.value().hints.size(), 1u);
  EXPECT_NE(p.value().hints[0].find("speed: --map speed_kmh=speed (km/h), speed_kmh=speed*3.6"),
            std::string::npos)
      << p.value().hints[0];
}

TEST(Columns, ScaleASpeedWhoseUnitIsInItsName) {
  EXPECT_EQ(plan({"machine", "time", "speed_mps"}).value().columns[2].factor, 3.6);
  EXPECT_EQ(plan({"machine", "time", "speed_knots"}).value().columns[2].factor, 1.852);
  EXPECT_EQ(plan({"machine", "time", "speed_kmh"}).value().columns[2].factor, 1);
}

TEST(Columns, FollowAMappingBeforeAnyGuess) {
  const auto p =
      plan({"machine", "plate", "speed", "time"}, {"machine=plate", "speed_kmh=speed*3.6"});

  EXPECT_EQ(p.value().used, (Names{"machine = plate", "speed_kmh = speed * 3.6", "time = time"}));
  EXPECT_EQ(p.value().ignored, (Names{"machine"}));
  EXPECT_EQ(p.value().rules_used, (std::vector<bool>{true, true}));
}

TEST(Columns, TellWhichMappingHasNoColumn) {
  const auto p = plan({"machine"}, {"lon=x", "lat=y"});

  EXPECT_EQ(p.value().rules_used, (std::vector<bool>{false, false}));
}

TEST(Columns, KeepFurtherNumbersThatNameTheirUnit) {
  const auto p = plan({"machine", "payload_kg", "route_id", "note", "time"});

  EXPECT_EQ(p.value().columns[1].key, Key::value);
  EXPECT_EQ(p.value().ignored, (Names{"route_id", "note"}));
}

TEST(Columns, AreARosterWithoutATime) {
  EXPECT_FALSE(plan({"machine", "serial", "model"}).value().has_time);
}

TEST(Columns, MustNameTheMachineAndBothCoordinates) {
  EXPECT_NE(plan({"time", "lon", "lat"}).error().what.find("the columns are time, lon, lat"),
            std::string::npos);
  EXPECT_NE(plan({"machine", "lon"}).error().what.find("lon but none for lat"), std::string::npos);
}

TEST(Columns, MustNameTheTimeOfValuesThatAreNoRoster) {
  EXPECT_NE(plan({"machine", "lon", "lat", "seen"}).error().what.find("--map time=COLUMN"),
            std::string::npos);
  EXPECT_NE(plan({"machine", "rpm"}).error().what.find("no column names the time"),
            std::string::npos);
  EXPECT_TRUE(plan({"machine", "lon", "lat", "model"}));
  EXPECT_TRUE(plan({"machine"}));
}

TEST(Columns, TakeOneColumnForBothTimes) {
  const auto p = plan({"machine", "time"}, {}, "time");

  EXPECT_TRUE(p.value().columns[1].receive_time);
  EXPECT_EQ(p.value().columns[1].key, Key::time);
}

}  // namespace
}  // namespace net
