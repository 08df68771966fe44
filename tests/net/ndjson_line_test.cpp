// What stands in one line.
#include "fleet/sim/simulator.hpp"
#include "net/ingest/ndjson_writer.hpp"
#include "tests/net/ndjson_support.hpp"

namespace net::test {
namespace {

TEST_F(Ndjson, ReadsEveryFieldOfTheContract) {
  parse(R"({"machine":"SY0121","time":"2026-10-16T14:32:07.5+08:00","lon":113.25,"lat":-23.5,)"
        R"("heading_deg":271.5,"speed_kmh":3.25,"engine_on":true,"working":0,"gear":-1,"rpm":1850,)"
        R"("load_pct":63.5,"fuel_level_pct":41,"fuel_used_l":10234.5,"engine_hours":5120.25,)"
        R"("idle_hours":1200,"oil_pressure_kpa":310,"coolant_c":84.5,"hydraulic_c":62,)"
        R"("battery_v":27.35,"def_level_pct":77,"faults":[{"spn":100,"fmi":1,"sa":0,"count":3,)"
        R"("lamp":"red_stop"},{"spn":524287,"fmi":31}]})");

  EXPECT_EQ(rejections(), "");
  ASSERT_EQ(batch_.reports.size(), 1u);
  const fleet::Report& report = batch_.reports[0];
  EXPECT_EQ(report.line, 1u);
  EXPECT_EQ(report.device_time, *fleet::parse_time("2026-10-16T06:32:07.500Z"));
  EXPECT_EQ(report.receive_time, kNow);
  EXPECT_TRUE(report.has_position);
  EXPECT_EQ(report.position, (fleet::LonLat{113.25, -23.5}));
  EXPECT_EQ(value(fleet::kHeadingDeg), 271.5);
  EXPECT_EQ(value(fleet::kEngineOn), 1);
  EXPECT_EQ(value(fleet::kWorking), 0);
  EXPECT_EQ(value(fleet::kGear), -1);
  EXPECT_EQ(value(fleet::kDefLevelPct), 77);
  EXPECT_EQ(batch_.values_of(report).size(), 16u);
  ASSERT_TRUE(report.has_faults);
  const auto faults = batch_.faults_of(report);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0], (fleet::Fault{100, 1, 0, 3, fleet::Lamp::red_stop}));
  EXPECT_EQ(faults[1], (fleet::Fault{524287, 31, 0, 0, fleet::Lamp::off}));
  EXPECT_EQ(state_.roster()[report.machine].id, "SY0121");
}

TEST_F(Ndjson, ReadsTimeAsTextAsSecondsAndAsMilliseconds) {
  parse(
      "{\"machine\":\"A\",\"time\":\"2026-10-16T06:32:07Z\"}\n"
      "{\"machine\":\"A\",\"time\":1792132327}\n"
      "{\"machine\":\"A\",\"time\":1792132327.25}\n"
      "{\"machine\":\"A\",\"time\":1792132327250}\n"
      "{\"machine\":\"A\",\"time\":-62135596800}\n");

  ASSERT_EQ(batch_.reports.size(), 5u) << rejections();
  EXPECT_EQ(fleet::ms_from_time(batch_.reports[0].device_time), 1'792'132'327'000);
  EXPECT_EQ(fleet::ms_from_time(batch_.reports[1].device_time), 1'792'132'327'000);
  EXPECT_EQ(fleet::ms_from_time(batch_.reports[2].device_time), 1'792'132'327'250);
  EXPECT_EQ(fleet::ms_from_time(batch_.reports[3].device_time), 1'792'132'327'250);
  EXPECT_EQ(fleet::ms_from_time(batch_.reports[4].device_time), -62'135'596'800'000);
}

TEST_F(Ndjson, RejectsALineWithoutAUsableTime) {
  parse(
      "{\"machine\":\"A\"}\n"
      "{\"machine\":\"A\",\"time\":\"yesterday\"}\n"
      "{\"machine\":\"A\",\"time\":\"2026-10-16T06:32:07\"}\n"
      "{\"machine\":\"A\",\"time\":null,\"rpm\":1}\n"
      "{\"machine\":\"A\",\"time\":true}\n"
      "{\"machine\":\"A\",\"time\":1e17}\n");

  EXPECT_EQ(rejections(),
            "1 malformed time;2 malformed time;3 malformed time;4 malformed time;"
            "5 malformed time;6 malformed time;");
  EXPECT_TRUE(batch_.reports.empty());
  EXPECT_EQ(state_.roster().size(), 0u) << "a rejected line makes no machine";
}

TEST_F(Ndjson, RejectsALineWithoutAGoodMachine) {
  const std::string longest(fleet::kMaxMachineIdBytes, 'x');

  parse("{\"time\":1792132327}\n{\"machine\":7,\"time\":1792132327}\n" +
        std::string("{\"machine\":\"\",\"time\":1792132327}\n") + "{\"machine\":\"" + longest +
        "\",\"time\":1792132327}\n" + "{\"machine\":\"" + longest + "x\",\"time\":1792132327}\n" +
        "{\"machine\":\"a\\u0007b\",\"time\":1792132327}\n");

  EXPECT_EQ(rejections(),
            "1 malformed machine;2 malformed machine;3 bad_machine machine;5 bad_machine machine;"
            "6 bad_machine machine;");
  EXPECT_EQ(batch_.reports.size(), 1u);
}

TEST_F(Ndjson, DropsABadFieldAndKeepsTheRestOfTheLine) {
  parse(R"({"machine":"A","time":1792132327,"rpm":"fast","speed_kmh":3,"engine_on":"yes",)"
        R"("coolant_c":[1],"battery_v":{"v":1},"gear":1e999,"load_pct":true,"lon":1})");

  EXPECT_EQ(rejections(),
            "1 malformed rpm;1 malformed engine_on;1 malformed coolant_c;1 malformed battery_v;"
            "1 range gear;1 malformed load_pct;1 malformed lat;");
  ASSERT_EQ(batch_.reports.size(), 1u);
  EXPECT_FALSE(batch_.reports[0].has_position);
  EXPECT_EQ(batch_.values_of(batch_.reports[0]).size(), 1u);
  EXPECT_EQ(value(fleet::kSpeedKmh), 3);
}

TEST_F(Ndjson, CutsALongKeyThatItNamesAtTheEdgeOfACharacter) {
  std::string characters;
  for (int i = 0; i < 22; ++i) characters += "\u53d1";
  for (const std::size_t bytes : {63u, 64u, 65u, 66u}) {
    const std::string key = std::string(bytes % 3, 'a') + characters.substr(0, bytes - bytes % 3);
    ASSERT_EQ(key.size(), bytes);

    parse("{\"machine\":\"A\",\"time\":1792132327,\"" + key + "\":1}");

    ASSERT_EQ(outcome_.rejected.size(), 1u);
    const std::string& named = outcome_.rejected[0].field;
    EXPECT_TRUE(valid_utf8(named)) << bytes;
    EXPECT_EQ(named.size(), bytes == 65 ? 62 : bytes == 66 ? 63 : bytes);
    EXPECT_TRUE(key.starts_with(named));
  }
}

TEST_F(Ndjson, LeavesAnImpossiblePositionToTheQualityRules) {
  parse(R"({"machine":"A","time":1792132327,"lon":1e999,"lat":95.5})");

  ASSERT_EQ(batch_.reports.size(), 1u);
  EXPECT_TRUE(batch_.reports[0].has_position);
  EXPECT_TRUE(std::isinf(batch_.reports[0].position.lon_deg));
}

TEST_F(Ndjson, TakesNullAsNotReported) {
  parse(R"({"machine":"A","time":1792132327,"rpm":null,"lon":null,"lat":null,"odd":null})");

  EXPECT_EQ(rejections(), "");
  EXPECT_TRUE(batch_.values.empty());
}

TEST_F(Ndjson, KeepsTheFirstOfAKeyThatStandsTwice) {
  parse(R"({"machine":"A","time":1792132327,"rpm":1000,"rpm":2000,"x_c":1,"x_c":2})");

  EXPECT_EQ(rejections(), "1 malformed rpm;1 malformed x_c;");
  EXPECT_EQ(value(fleet::kRpm), 1000);
}

TEST_F(Ndjson, KeepsFurtherNumericKeysAsExtraFields) {
  parse(R"({"machine":"A","time":1792132327,"boom_angle_deg":12.5,"Bad Key":1,"note":"x"})");

  EXPECT_EQ(rejections(), "1 malformed Bad Key;1 malformed note;");
  const auto field = state_.fields().find("boom_angle_deg");
  ASSERT_TRUE(field);
  EXPECT_EQ(value(*field), 12.5);
}

TEST_F(Ndjson, AddsNoFieldForALineThatIsRefused) {
  parse(
      "{\"machine\":\"A1\",\"time\":1792130400,\"cut_off_m\":1\n"
      "{\"machine\":\"\",\"time\":1792130400,\"bad_machine_m\":1}\n"
      "{\"machine\":\"A1\",\"time\":\"now\",\"bad_time_m\":1}\n"
      "{\"machine\":\"A1\",\"model\":\"x\",\"roster_only_m\":1}\n");

  EXPECT_EQ(rejections(), "1 malformed;2 bad_machine machine;3 malformed time;");
  EXPECT_EQ(state_.fields().size(), fleet::kCoreFieldCount);
  EXPECT_TRUE(refused("{\"never_closed_m\":1"));
  EXPECT_EQ(state_.fields().size(), fleet::kCoreFieldCount);
}

TEST_F(Ndjson, KeepsTheFirstOfTwoValuesOfANewField) {
  parse(R"({"machine":"A1","time":1792130400,"boom_deg":1,"arm_deg":2,"boom_deg":3})");

  EXPECT_EQ(rejections(), "1 malformed boom_deg;");
  ASSERT_EQ(batch_.reports.size(), 1u);
  EXPECT_EQ(value(*state_.fields().find("boom_deg")), 1);
  EXPECT_EQ(value(*state_.fields().find("arm_deg")), 2);
}

TEST_F(Ndjson, TakesExtraFieldsUpToSixtyFour) {
  std::string line = R"({"machine":"A","time":1792132327)";
  for (int i = fleet::kCoreFieldCount; i <= fleet::kMaxFields; ++i)
    line += ",\"extra" + std::to_string(i) + "_c\":1";

  parse(line + "}");

  EXPECT_EQ(state_.fields().size(), static_cast<std::size_t>(fleet::kMaxFields));
  EXPECT_EQ(rejections(), "1 malformed extra64_c;");
}

TEST_F(Ndjson, TakesRosterKeysInAnyLine) {
  parse(R"({"machine":"A","serial":"SY1","class":"medium","loan_monthly":20000})"
        "\n"
        R"({"machine":"A","time":1792132327,"rpm":900,"model":"SY195C","hours_offset_h":-2.5})");

  EXPECT_EQ(rejections(), "");
  EXPECT_EQ(outcome_.roster_only, 1u);
  EXPECT_EQ(batch_.reports.size(), 1u);
  const fleet::Machine& machine = state_.roster()[0];
  EXPECT_EQ(machine.serial, "SY1");
  EXPECT_EQ(machine.machine_class, "medium");
  EXPECT_EQ(machine.model, "SY195C");
  EXPECT_EQ(machine.loan_monthly, 20000);
  EXPECT_EQ(machine.hours_offset_h, -2.5);
}

TEST_F(Ndjson, RefusesRosterTextThatIsTooLongOrHasControlCharacters) {
  const std::string longest(fleet::kMaxRosterTextBytes, 'c');

  parse("{\"machine\":\"A\",\"customer\":\"" + longest + "\"}\n{\"machine\":\"A\",\"branch\":\"" +
        longest + "x\",\"model\":\"a\\nb\",\"maker\":\"m\"}\n");

  EXPECT_EQ(rejections(), "2 malformed branch;2 malformed model;");
  EXPECT_EQ(state_.roster()[0].customer, longest);
  EXPECT_EQ(state_.roster()[0].maker, "m");
}

TEST_F(Ndjson, DropsAFaultListWithAnythingWrongInIt) {
  for (const char* list :
       {R"([{"spn":524288,"fmi":1}])", R"([{"spn":1,"fmi":32}])", R"([{"spn":1}])",
        R"([{"spn":1,"fmi":1,"lamp":"green"}])", R"([{"spn":1,"fmi":1},7])", R"({"spn":1})",
        R"([{"spn":1,"fmi":1,"count":127}])", R"([{"spn":1,"fmi":-1}])"}) {
    parse(std::string(R"({"machine":"A","time":1792132327,"faults":)") + list + R"(,"rpm":900})");

    EXPECT_EQ(rejections(), "1 malformed faults;") << list;
    ASSERT_EQ(batch_.reports.size(), 1u) << list;
    EXPECT_FALSE(batch_.reports[0].has_faults) << list;
    EXPECT_EQ(value(fleet::kRpm), 900) << list;
  }
}

TEST_F(Ndjson, TakesAnEmptyFaultListAsNoFaults) {
  parse(R"({"machine":"A","time":1792132327,"faults":[]})");

  ASSERT_EQ(batch_.reports.size(), 1u);
  EXPECT_TRUE(batch_.reports[0].has_faults);
}

TEST_F(Ndjson, TakesAsManyFaultsAsTheLimit) {
  const auto list = [](std::size_t n) {
    std::string text = R"({"machine":"A","time":1792132327,"faults":[)";
    for (std::size_t i = 0; i < n; ++i)
      text += (i ? "," : "") + std::string("{\"spn\":") + std::to_string(i) + ",\"fmi\":1}";
    return text + "]}";
  };

  parse(list(kMaxFaultsPerReport));
  EXPECT_EQ(batch_.faults.size(), kMaxFaultsPerReport);
  parse(list(kMaxFaultsPerReport + 1));
  EXPECT_EQ(rejections(), "1 malformed faults;");
}

TEST_F(Ndjson, SurvivesDeepNesting) {
  const std::string deep = std::string(20'000, '[') + std::string(20'000, ']');

  parse("{\"machine\":\"A\",\"time\":1792132327,\"x\":" + deep + ",\"rpm\":900}\n" +
        "{\"machine\":\"B\",\"time\":1792132327}\n");

  ASSERT_EQ(batch_.reports.size(), 2u) << rejections();
  EXPECT_EQ(value(fleet::kRpm), 900);
}

TEST_F(Ndjson, ReadsBackWhatTheWriterWrites) {
  fleet::sim::Simulator simulator({200, 5, kNow - std::chrono::hours(1), false});
  fleet::ReportBatch sent;
  simulator.advance(kNow, sent);
  std::string lines;
  for (const auto& machine : simulator.machines()) append_roster_line(machine, lines);
  const std::size_t first_line = simulator.machines().size() + 1;
  for (const auto& report : sent.reports)
    append_report_line(report, sent, state_.fields(), simulator.machines()[report.machine].id,
                       lines);

  parse(lines);

  EXPECT_EQ(outcome_.roster_only, simulator.machines().size());
  ASSERT_EQ(batch_.reports.size(), sent.reports.size()) << rejections().substr(0, 500);
  for (std::size_t i = 0; i < sent.reports.size(); ++i) {
    const fleet::Report &a = sent.reports[i], &b = batch_.reports[i];
    ASSERT_EQ(b.machine, a.machine);
    ASSERT_EQ(b.line, first_line + i);
    ASSERT_EQ(b.device_time, a.device_time);
    ASSERT_EQ(b.has_position, a.has_position);
    ASSERT_NEAR(b.position.lon_deg, a.position.lon_deg, 1e-7);
    ASSERT_EQ(b.has_faults, a.has_faults);
    const auto values = sent.values_of(a);
    for (const auto& v : values) {
      if (std::isnan(v.value)) continue;
      ASSERT_NEAR(value(v.field, i), v.value, state_.fields()[v.field].step) << i;
    }
  }
  const auto& machine = simulator.machines()[0];
  EXPECT_EQ(state_.roster()[0].customer, machine.customer);
  EXPECT_EQ(state_.roster()[0].model, machine.model);
}

}  // namespace
}  // namespace net::test
