#include "net/ingest/import.hpp"

#include <algorithm>

#include "fleet/status.hpp"
#include "tests/net/import_support.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
using test::day_bytes;
using test::import_error;
using test::imported;
using test::ImportFolder;
using test::rejected;
using test::state_at;

constexpr std::string_view kHeader = "machine,time,lon,lat,speed_kmh\n";

/// Lines of three machines over two days, some with an extra value, one jump, one island.
std::vector<std::string> sample_lines() {
  std::vector<std::string> lines;
  const auto start = *fleet::parse_time("2026-10-16T10:00:00+08:00");
  for (int i = 0; i < 300; ++i) {
    const auto at = fleet::iso8601(start + i * 5min + (i % 3) * 700ms);
    const double lon = i == 40 ? 120.0 : i == 50 ? 0 : 113 + i * 1e-4;
    const double lat = i == 50 ? 0 : 28.2;
    lines.push_back("m" + std::to_string(i % 3) + "," + at + "," + std::to_string(lon) + "," +
                    std::to_string(lat) + "," + std::to_string(i % 30) + "\n");
  }
  return lines;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text(kHeader);
  for (const std::string& line : lines) text += line;
  return text;
}

double value_at(const fleet::FleetState& state, std::string_view machine, fleet::FieldId field) {
  const auto slot = state.roster().find(machine);
  EXPECT_TRUE(slot.has_value()) << machine;
  if (!slot || !state.has(*slot, field)) return -1;
  return fleet::value_from_raw(state.fields()[field], state.field(*slot, field).raw);
}

TEST(Import, PutsRowsWhereStateFindsThem) {
  const ImportFolder folder;
  const auto file = folder.write("a.csv", std::string(kHeader) +
                                              "A,2026-10-16T10:00:00+08:00,113,28,5\n"
                                              "A,2026-10-16T10:10:00+08:00,113.01,28,7.5\n");

  const ImportReport report = imported(folder.options({file}));

  EXPECT_EQ(report.files[0].counts.used, 2u);
  EXPECT_EQ(report.days.size(), 1u);
  const auto before = state_at(folder.data(), "2026-10-16T02:09:59.999Z");
  EXPECT_EQ(value_at(before, "A", fleet::kSpeedKmh), 5);
  const auto after = state_at(folder.data(), "2026-10-16T02:10:00Z");
  EXPECT_EQ(value_at(after, "A", fleet::kSpeedKmh), 7.5);
  const auto& fix = after.field(0, fleet::kPosition);
  EXPECT_NEAR(fleet::lonlat_from_grid(fleet::unpacked(fix.raw)).lon_deg, 113.01, 1e-6);
  EXPECT_EQ(fleet::iso8601(fix.receive_time), "2026-10-16T02:10:00.000Z");
  EXPECT_TRUE(verify(folder.data()).value().damages.empty());
}

TEST(Import, MakesTheSameStoreOfShuffledDoubledAndSplitFiles) {
  const ImportFolder folder;
  auto lines = sample_lines();
  auto plain = folder.options({folder.write("plain.csv", text_of(lines))});
  imported(plain);
  const auto expected = day_bytes(folder.data());
  ASSERT_EQ(expected.size(), 2u);
  std::reverse(lines.begin(), lines.end());
  std::swap_ranges(lines.begin(), lines.begin() + 100, lines.begin() + 150);
  auto twice = lines;
  twice.insert(twice.end(), lines.begin(), lines.end());
  const std::vector<std::string> first(lines.begin(), lines.begin() + 120);
  const std::vector<std::string> second(lines.begin() + 100, lines.end());
  const std::vector<std::vector<std::filesystem::path>> variants = {
      {folder.write("shuffled.csv", text_of(lines))},
      {folder.write("twice.csv", text_of(twice))},
      {folder.write_gz("2.csv.gz", text_of(second)), folder.write("1.csv", text_of(first))}};

  for (std::size_t i = 0; i < variants.size(); ++i) {
    auto options = folder.options(variants[i]);
    options.data = folder.data("variant" + std::to_string(i));
    imported(options);

    EXPECT_EQ(day_bytes(options.data), expected) << i;
  }
}

TEST(Import, ChangesNothingWhenRepeated) {
  const ImportFolder folder;
  const auto options = folder.options({folder.write("a.csv", text_of(sample_lines()))});
  imported(options);
  const auto expected = day_bytes(folder.data());

  const ImportReport again = imported(options);

  EXPECT_EQ(day_bytes(folder.data()), expected);
  EXPECT_EQ(rejected(again, fleet::Reason::duplicate) > 0, true);
}

TEST(Import, KeepsAnAlarmThatIsOpenSinceLongBeforeTheDaysItReads) {
  const ImportFolder folder;
  const std::string fault = R"({""spn"":100,""fmi"":1})", other = R"({""spn"":96,""fmi"":18})";
  const auto day = [&](const char* name, const std::string& row) {
    imported(folder.options({folder.write(name, "machine,time,rpm,faults\n" + row + "\n")}));
  };
  day("1.csv", "A,2026-10-01T10:00:00Z,900,\"[" + fault + "]\"");
  day("2.csv", "A,2026-10-20T10:00:00Z,900,\"[" + fault + "," + other + "]\"");

  day("3.csv", "A,2026-10-21T10:00:00Z,950,");

  const auto state = state_at(folder.data(), "2026-10-22T00:00:00Z");
  EXPECT_EQ(state.alarms().open().size(), 2u);
}

TEST(Import, LeavesDamagedDaysToBeMendedFirst) {
  for (const char* day : {"2026-10-16", "2026-10-17"}) {
    for (const bool whole : {false, true}) {
      const ImportFolder folder;
      const auto options = folder.options({folder.write("a.csv", text_of(sample_lines()))});
      imported(options);
      const auto file = folder.data() / (std::string(day) + ".fleetday");
      if (whole) {
        std::ofstream(file, std::ios::trunc) << "what a disk left of it";
      } else {
        std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
        bytes.seekp(-4096, std::ios::end);
        bytes << "noise";
      }
      const auto damaged = day_bytes(folder.data());

      const std::string error = import_error(options);

      EXPECT_NE(error.find(file.string()), std::string::npos) << error;
      EXPECT_NE(error.find("`fleetwalld salvage`"), std::string::npos) << error;
      EXPECT_NE(error.find("An import would lose what stood there."), std::string::npos) << error;
      EXPECT_EQ(day_bytes(folder.data()), damaged);
    }
  }
}

TEST(Import, MergesIntoTheDaysThatAreThere) {
  const ImportFolder folder;
  const auto lines = sample_lines();
  const std::vector<std::string> odd = [&] {
    std::vector<std::string> some;
    for (std::size_t i = 1; i < lines.size(); i += 2) some.push_back(lines[i]);
    return some;
  }();
  auto whole = folder.options({folder.write("all.csv", text_of(lines))});
  whole.data = folder.data("whole");
  imported(whole);
  imported(folder.options({folder.write("odd.csv", text_of(odd))}));

  imported(folder.options({folder.write("all.csv", text_of(lines))}));

  EXPECT_EQ(day_bytes(folder.data()), day_bytes(whole.data));
}

TEST(Import, CarriesAnEarlierDayIntoTheDaysBehindIt) {
  const ImportFolder folder;
  imported(folder.options(
      {folder.write("late.csv", std::string(kHeader) + "B,2026-10-18T10:00:00+08:00,113,28,5\n")}));

  imported(folder.options({folder.write(
      "early.csv", std::string(kHeader) + "A,2026-10-16T10:00:00+08:00,113,28,9\n")}));

  const auto state = state_at(folder.data(), "2026-10-18T12:00:00Z");
  EXPECT_EQ(value_at(state, "A", fleet::kSpeedKmh), 9);
  EXPECT_EQ(value_at(state, "B", fleet::kSpeedKmh), 5);
  EXPECT_TRUE(verify(folder.data()).value().damages.empty());
}

TEST(Import, GivesTheSameStateDayByDayAsAtOnce) {
  const ImportFolder folder;
  const auto lines = sample_lines();
  auto whole = folder.options({folder.write("all.csv", text_of(lines))});
  whole.data = folder.data("whole");
  imported(whole);
  const std::vector<std::string> one(lines.begin(), lines.begin() + 168);  // to local midnight
  const std::vector<std::string> two(lines.begin() + 168, lines.end());

  imported(folder.options({folder.write("1.csv", text_of(one))}));
  imported(folder.options({folder.write("2.csv", text_of(two))}));

  constexpr const char* kLate = "2026-10-17T20:00:00Z";
  EXPECT_EQ(state_at(folder.data(), kLate).hash(), state_at(whole.data, kLate).hash());
}

TEST(Import, GoesOnFromTheStateOfDaysLongBefore) {
  const ImportFolder folder;
  imported(folder.options({folder.write("a.csv", text_of(sample_lines()))}));
  const auto before = day_bytes(folder.data());

  imported(folder.options(
      {folder.write("b.csv", std::string(kHeader) + "B,2026-11-10T10:00:00+08:00,113,28,9\n")}));

  const auto state = state_at(folder.data(), "2026-11-10T12:00:00Z");
  EXPECT_EQ(value_at(state, "m1", fleet::kSpeedKmh), 28);
  EXPECT_EQ(value_at(state, "B", fleet::kSpeedKmh), 9);
  EXPECT_EQ(day_bytes(folder.data()).at("2026-10-16.fleetday"), before.at("2026-10-16.fleetday"));
  EXPECT_TRUE(verify(folder.data()).value().damages.empty());
}

TEST(Import, LetsTheSmallerTextWinAConflictInWhateverOrder) {
  for (const bool swapped : {false, true}) {
    const ImportFolder folder;
    const std::string a = "A,2026-10-16T10:00:00+08:00,113,28,10\n";
    const std::string b = "A,2026-10-16T10:00:00+08:00,113,28,9\n";

    const ImportReport report = imported(
        folder.options({folder.write("a.csv", std::string(kHeader) + (swapped ? b + a : a + b))}));

    EXPECT_EQ(rejected(report, fleet::Reason::conflict), 1u);
    EXPECT_EQ(value_at(state_at(folder.data(), "2026-10-16T12:00:00Z"), "A", fleet::kSpeedKmh), 10);
  }
}

TEST(Import, CountsWhatItRejectsByReason) {
  const ImportFolder folder;
  const std::string text =
      "machine,time,lon,lat,speed_kmh,engine_on\n"
      "A,2026-10-16T10:00:00+08:00,113,28,5,1\n"       // good
      "A,2026-10-16T10:01:00+08:00,0,0,5,true\n"       // island
      "A,2026-10-16T10:02:00+08:00,200,28,2000,0\n"    // range, twice
      "A,1999-10-16T10:00:00+08:00,113,28,5,1\n"       // ancient
      "A,2026-10-16T10:03:00+08:00,115,28,5,1\n"       // jump
      ",2026-10-16T10:03:00+08:00,113,28,5,1\n"        // no machine
      "A,yesterday,113,28,5,1\n"                       // no time
      "A,2026-10-16T10:04:00+08:00,113,28,fast,yes\n"  // two bad cells
      "A,2026-10-16T10:05:00+08:00,113,28,5\n"         // a cell is missing
      "A,2026-10-16T10:06:00+08:00,113,28,5,1,1\n"     // one too many
      "A,2026-10-16T10:07:00+08:00,113,,5,1\n"         // half a position
      "A\x01,2026-10-16T10:07:00+08:00,113,28,5,1\n";
  const ImportReport report = imported(folder.options({folder.write("a.csv", text)}));

  EXPECT_EQ(report.files[0].counts.rows, 12u);
  EXPECT_EQ(report.files[0].counts.used, 6u);
  EXPECT_EQ(rejected(report, fleet::Reason::zero_island), 1u);
  EXPECT_EQ(rejected(report, fleet::Reason::range), 2u);
  EXPECT_EQ(rejected(report, fleet::Reason::ancient), 1u);
  EXPECT_EQ(rejected(report, fleet::Reason::jump), 1u);
  EXPECT_EQ(rejected(report, fleet::Reason::malformed), 7u);
  EXPECT_EQ(rejected(report, fleet::Reason::bad_machine), 1u);
  EXPECT_EQ(report.files[0].counts.rejected[int(fleet::Reason::jump)].first_line, 6u);
  const std::string told = report_text(report, 1);
  EXPECT_NE(told.find("rows read 12, used 6, rejected 6"), std::string::npos) << told;
  EXPECT_NE(told.find("first at line 6"), std::string::npos) << told;
}

TEST(Import, SaysWhichTimesLackOnlyAnOffset) {
  const ImportFolder folder;
  const auto file = folder.write("a.csv",
                                 "machine,time,speed_kmh\n"
                                 "A,2026-10-16 10:00:00,5\n"
                                 "A,2026-10-16 10:01:00,5\n"
                                 "A,yesterday,5\n"
                                 "A,2026-10-16 10:02:00+08:00,5\n");

  const ImportReport report = imported(folder.options({file}));

  EXPECT_EQ(report.files[0].counts.zoneless, 2u);
  EXPECT_EQ(rejected(report, fleet::Reason::malformed), 3u);
  const std::string told = report_text(report, 1);
  EXPECT_NE(told.find("  2 times have no offset, such as +08:00: say with --time-zone"),
            std::string::npos)
      << told;

  ImportOptions zoned = folder.options({file});
  zoned.intake.time_zone = fleet::shanghai();
  EXPECT_EQ(imported(zoned).files[0].counts.zoneless, 0u);
}

TEST(Import, TakesAnotherSpeedLimitForJumps) {
  const ImportFolder folder;
  auto options = folder.options(
      {folder.write("a.csv", std::string(kHeader) + "A,2026-10-16T10:00:00+08:00,113,28,5\n"
                                                    "A,2026-10-16T10:10:00+08:00,114,28,800\n")});
  options.intake.quality.max_speed_kmh = 1000;

  EXPECT_EQ(rejected(imported(options), fleet::Reason::jump), 0u);
}

TEST(Import, ReadsStampsWithoutOffsetInTheGivenZone) {
  const ImportFolder folder;
  const auto file =
      folder.write("a.csv", std::string(kHeader) + "A,2026-10-16 10:00:00,113,28,5\n");
  auto options = folder.options({file});
  EXPECT_EQ(rejected(imported(options), fleet::Reason::malformed), 1u);

  options.intake.time_zone = fleet::shanghai();
  imported(options);

  const auto state = state_at(folder.data(), "2026-10-16T12:00:00Z");
  EXPECT_EQ(fleet::iso8601(state.head(0).device_time), "2026-10-16T02:00:00.000Z");
}

TEST(Import, CutsDaysInTheDayZone) {
  const ImportFolder folder;
  auto options = folder.options(
      {folder.write("a.csv", std::string(kHeader) + "A,2026-10-16T23:30:00Z,113,28,5\n")});
  options.day_zone = fleet::TimeZone::fixed("UTC", 0s);

  EXPECT_EQ(fleet::day_name(imported(options).days.at(0)), "2026-10-16");

  options.day_zone = fleet::shanghai();
  EXPECT_NE(import_error(options).find("leave --day-zone out"), std::string::npos);
  options.data = folder.data("other");
  EXPECT_EQ(fleet::day_name(imported(options).days.at(0)), "2026-10-17");
}

TEST(Import, ReceivesRowsNowInTheirOwnOrder) {
  const ImportFolder folder;
  auto options = folder.options(
      {folder.write("a.csv", std::string(kHeader) + "A,2026-10-16T10:10:00+08:00,113,28,7\n"
                                                    "A,2026-10-16T10:00:00+08:00,113,28,5\n"
                                                    "A,2026-11-20T12:05:00Z,113,28,8\n"
                                                    "A,2026-11-20T12:05:00.001Z,113,28,9\n")});
  options.intake.receive = IntakeRules::Receive::now;

  const ImportReport report = imported(options);

  EXPECT_EQ(rejected(report, fleet::Reason::future), 1u);
  EXPECT_EQ(fleet::day_name(report.days.at(0)), "2026-11-20");
  const auto state = state_at(folder.data(), "2026-11-20T12:00:00Z");
  EXPECT_EQ(value_at(state, "A", fleet::kSpeedKmh), 8);
  EXPECT_EQ(fleet::iso8601(state.head(0).receive_time), "2026-11-20T12:00:00.000Z");
}

TEST(Import, ReadsTheReceiveTimeFromAColumn) {
  const ImportFolder folder;
  const auto file = folder.write("a.csv",
                                 "machine,time,lon,lat,got\n"
                                 "A,2026-10-16T10:00:00+08:00,113,28,2026-10-16T10:30:00+08:00\n"
                                 "A,2026-10-16T10:01:00+08:00,113,28,\n");
  auto options = folder.options({file});
  options.intake.receive = IntakeRules::Receive::column;
  options.receive_column = "got";

  const ImportReport report = imported(options);

  EXPECT_EQ(rejected(report, fleet::Reason::malformed), 1u);
  EXPECT_EQ(state_at(folder.data(), "2026-10-16T02:29:00Z").machine_count(), 0u);
  EXPECT_EQ(state_at(folder.data(), "2026-10-16T02:30:00Z").machine_count(), 1u);
  options.receive_column = "gone";
  EXPECT_NE(import_error(options).find("no column 'gone'"), std::string::npos);
}

TEST(Import, RefusesADirectoryThatAnotherHolds) {
  const ImportFolder folder;
  const auto options = folder.options({folder.write("a.csv", text_of(sample_lines()))});
  const auto lock = DirectoryLock::take(folder.data());
  ASSERT_TRUE(lock.ok());

  EXPECT_NE(import_error(options).find("another fleetwall process is writing here"),
            std::string::npos);
  EXPECT_TRUE(day_bytes(folder.data()).empty());
}

TEST(Import, LeavesTheDirectoryAsItWasAfterAnError) {
  const ImportFolder folder;
  auto options = folder.options(
      {folder.write("a.csv", text_of(sample_lines())), folder.write("b.csv", "a,b\n1,2\n")});

  const std::string error = import_error(options);

  EXPECT_NE(error.find("b.csv, line 1: no column names the machine; the columns are a, b"),
            std::string::npos)
      << error;
  EXPECT_FALSE(std::filesystem::exists(folder.data()));
  options.files.pop_back();
  imported(options);
  const auto before = day_bytes(folder.data());
  options.rules.push_back(parse_map_rule("rpm=gone").value());
  EXPECT_NE(import_error(options).find("no file has a column 'gone'"), std::string::npos);
  EXPECT_EQ(day_bytes(folder.data()), before);
}

TEST(Import, LaysARosterUnderTheDaysThatAreThere) {
  const ImportFolder folder;
  imported(folder.options({folder.write("a.csv", text_of(sample_lines()))}));

  const ImportReport report = imported(folder.options({folder.write(
      "roster.csv", "machine,serial,model,loan_monthly\nm1,SY0001,SY75C,1200.5\nm9,SY0009,,\n")}));

  EXPECT_EQ(report.files[0].counts.roster_rows, 2u);
  EXPECT_TRUE(report.files[0].notes.roster);
  const auto state = state_at(folder.data(), "2026-10-17T20:00:00Z");
  const fleet::Machine& record = state.roster()[*state.roster().find("m1")];
  EXPECT_EQ(record.model, "SY75C");
  EXPECT_EQ(record.loan_monthly, 1200.5);
  EXPECT_TRUE(state.roster().find("m9").has_value());
  EXPECT_EQ(value_at(state, "m1", fleet::kSpeedKmh), 28);
}

TEST(Import, KeepsARosterThatCameFirst) {
  const ImportFolder folder;
  imported(folder.options({folder.write("roster.csv", "machine,model\nm1,SY75C\n")}));

  imported(folder.options({folder.write("a.csv", text_of(sample_lines()))}));
  imported(folder.options({folder.write("roster2.csv", "machine,customer\nm1,Li\n")}));

  const auto state = state_at(folder.data(), "2026-11-21T00:00:00Z");
  const fleet::Machine& record = state.roster()[*state.roster().find("m1")];
  EXPECT_EQ(record.model, "SY75C");
  EXPECT_EQ(record.customer, "Li");
  EXPECT_EQ(value_at(state, "m1", fleet::kSpeedKmh), 28);
}

TEST(Import, ReadsGeoJsonPointsAndLines) {
  const ImportFolder folder;
  const auto file = folder.write("a.geojson", R"({"type":"FeatureCollection","features":[
    {"type":"Feature","geometry":{"type":"Point","coordinates":[113,28,60.5]},
     "properties":{"machine":"A","time":"2026-10-16T10:00:00+08:00","rpm":1500,"note":null}},
    {"type":"Feature","geometry":{"type":"LineString","coordinates":[[114,29],[114.001,29]]},
     "properties":{"machine":7,"coordTimes":["2026-10-16T10:00:00+08:00",1792116300]}},
    {"type":"Feature","geometry":{"type":"LineString","coordinates":[[114,29],[114.001,29]]},
     "properties":{"machine":"B","coordTimes":["2026-10-16T10:00:00+08:00"]}},
    {"type":"Feature","geometry":null,"properties":{"machine":"C"}},
    {"type":"Feature","properties":{"machine":"D","time":"2026-10-16T10:00:00+08:00"}},
    {"type":"Feature","geometry":5,"properties":{"machine":"D"}}, 6]})");

  const ImportReport report = imported(folder.options({file}));

  EXPECT_EQ(report.files[0].counts.used, 3u);
  EXPECT_EQ(rejected(report, fleet::Reason::malformed), 5u);
  const auto state = state_at(folder.data(), "2026-10-16T12:00:00Z");
  EXPECT_EQ(value_at(state, "A", fleet::kRpm), 1500);
  const auto& fix = state.field(*state.roster().find("7"), fleet::kPosition);
  EXPECT_NEAR(fleet::lonlat_from_grid(fleet::unpacked(fix.raw)).lon_deg, 114.001, 1e-6);
}

TEST(Import, SaysThatAFileIsNotWhatItClaims) {
  const ImportFolder folder;
  const std::pair<std::filesystem::path, const char*> cases[] = {
      {folder.write("a.geojson", "{\"type\":"), "is no GeoJSON"},
      {folder.write("b.geojson", "{\"type\":\"Point\"}"), "no list of features"},
      {folder.write("c.ndjson", "machine,time\nA,1\n"), "not one of its 2 lines"},
      {folder.write("d.csv", ""), "d.csv, line 1: the file is empty"}};

  for (const auto& [path, expected] : cases)
    EXPECT_NE(import_error(folder.options({path})).find(expected), std::string::npos) << path;
}

TEST(Import, ReadsIngestLinesWithRosterAndFaults) {
  const ImportFolder folder;
  const std::string lines =
      "{\"machine\":\"A\",\"model\":\"SY75C\"}\n"
      "{\"machine\":\"A\",\"time\":\"2026-10-16T10:00:00+08:00\",\"rpm\":900,\"payload_kg\":5,"
      "\"faults\":[{\"spn\":100,\"fmi\":1}]}\n"
      "not json\n"
      "{\"machine\":\"A\",\"time\":\"2026-10-16T10:01:00+08:00\",\"model\":\"SY70\"}\n";
  const auto options = folder.options({folder.write("a.ndjson", lines)});

  const ImportReport report = imported(options);
  const auto once = day_bytes(folder.data());
  imported(options);

  EXPECT_EQ(report.files[0].counts.rows, 4u);
  EXPECT_EQ(report.files[0].counts.used, 2u);
  EXPECT_EQ(rejected(report, fleet::Reason::malformed), 1u);
  EXPECT_EQ(report.files[0].counts.rejected[int(fleet::Reason::malformed)].first_line, 3u);
  const auto state = state_at(folder.data(), "2026-10-16T12:00:00Z");
  EXPECT_EQ(state.roster()[0].model, "SY70");  // of two, the smaller
  EXPECT_EQ(state.alarms().open().size(), 1u);
  EXPECT_EQ(value_at(state, "A", *state.fields().find("payload_kg")), 5);
  EXPECT_EQ(day_bytes(folder.data()), once);
}

TEST(Import, ReadsOverAByteOrderMarkBeforeTheFirstLineOfAFileAndNowhereElse) {
  const ImportFolder folder;
  const std::string mark = "\xEF\xBB\xBF", line = "{\"machine\":\"A\",\"model\":\"SY75C\"}\n";

  for (const char* name : {"a.ndjson", "content_tells"}) {
    const ImportReport report =
        imported(folder.options({folder.write(name, mark + line + mark + line)}));

    EXPECT_EQ(report.files[0].counts.roster_rows, 1u) << name;
    EXPECT_EQ(report.files[0].counts.rejected[int(fleet::Reason::malformed)].first_line, 2u);
  }
}

TEST(Import, ReadsAListOfFaultsInACell) {
  const ImportFolder folder;
  const auto file = folder.write("a.csv",
                                 "machine,time,faults\n"
                                 "A,2026-10-16T02:00:00Z,\"[{\"\"spn\"\":100,\"\"fmi\"\":1}]\"\n"
                                 "A,2026-10-16T03:00:00Z,[}\n"
                                 "A,2026-10-16T04:00:00Z,[]\n");

  const ImportReport report = imported(folder.options({file}));

  EXPECT_EQ(rejected(report, fleet::Reason::malformed), 1u);
  EXPECT_EQ(state_at(folder.data(), "2026-10-16T03:30:00Z").alarms().open().size(), 1u);
  EXPECT_EQ(state_at(folder.data(), "2026-10-16T04:30:00Z").alarms().open().size(), 0u);
}

TEST(Import, SpreadsManyRowsOfOneInstantOverTicks) {
  const ImportFolder folder;
  std::string text = "machine,time,rpm\n";
  for (int i = 0; i <= kRowsPerTickNow; ++i)
    text += "A," + std::to_string(1'792'000'000 + i) + ",900\n";
  auto options = folder.options({folder.write("a.csv", text)});
  options.intake.receive = IntakeRules::Receive::now;

  EXPECT_EQ(imported(options).ticks, 2u);
}

}  // namespace
}  // namespace net
