#include <algorithm>
#include <filesystem>

#include "net/export/export_tables.hpp"
#include "net/store/rollups.hpp"
#include "net/store/sqlite.hpp"
#include "tests/net/import_support.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
using test::imported;
using test::ImportFolder;
using test::state_at;

ExportResult exported(const std::filesystem::path& data, ExportFormat format, std::string& text,
                      ExportSpan span = {}) {
  auto rows = StoredRows::open(data);
  EXPECT_TRUE(rows.ok()) << (rows.ok() ? "" : rows.error().what);
  if (!rows) return {};
  return export_fixes(*rows.value(), span, format, [&](std::string_view bytes) {
    text += bytes;
    return true;
  });
}

fleet::Time at(std::string_view text) {
  return *fleet::parse_time(text);
}

/// Two machines over two days: values of every kind, a row without a position, faults that come,
/// change and go, an extra field, a machine whose id needs quotes.
std::string sample() {
  std::string text =
      "machine,time,lon,lat,heading_deg,speed_kmh,engine_on,rpm,engine_hours,"
      "boom_angle_deg,faults\n";
  const auto start = at("2026-10-16T20:00:00+08:00");
  for (int i = 0; i < 100; ++i) {
    const std::string faults = i == 10   ? R"("[{""spn"":100,""fmi"":1,""lamp"":""amber""}]")"
                               : i == 30 ? R"("[{""spn"":100,""fmi"":1,""lamp"":""red_stop""}]")"
                               : i == 50 ? "[]"
                                         : "";
    const std::string place = i == 20 ? "," : "-0.5,-33.9" + std::to_string(1000 + i);
    text += (i % 2 ? "m1," : "\"m,\"\"2\",") + fleet::iso8601(start + i * 4min + 17ms * i) + "," +
            place + "," + std::to_string(i * 3.5) + "," + std::to_string(i % 40) + ".5," +
            (i % 3 ? "true" : "false") + "," + (i % 5 ? std::to_string(900 + i) : "") + "," +
            std::to_string(1000 + i * 0.05) + "," + std::to_string(i * -0.125) + "," + faults +
            "\n";
  }
  return text;
}

TEST(Export, ImportedAgainGivesTheSameStateInEveryFormat) {
  const ImportFolder folder;
  imported(folder.options({folder.write("a.csv", sample())}));
  const std::pair<ExportFormat, const char*> formats[] = {{ExportFormat::csv, "out.csv"},
                                                          {ExportFormat::ndjson, "out.ndjson"},
                                                          {ExportFormat::geojson, "out.geojson"}};
  for (const auto& [format, name] : formats) {
    std::string text;
    const ExportResult result = exported(folder.data(), format, text);
    EXPECT_EQ(result.rows, 100u) << name;
    EXPECT_TRUE(result.damages.empty()) << name;

    auto options = folder.options({folder.write(name, text)});
    options.data = folder.data(std::string("from ") + name);
    const ImportReport report = imported(options);

    EXPECT_EQ(report.files[0].counts.used, 100u) << name << text.substr(0, 1000);
    for (const char* instant : {"2026-10-16T12:41:00Z", "2026-10-16T14:30:00Z",
                                "2026-10-16T15:59:59Z", "2026-10-16T23:00:00Z"})
      EXPECT_EQ(state_at(options.data, instant).hash(), state_at(folder.data(), instant).hash())
          << name << " at " << instant;
  }
}

TEST(Export, WritesTheSameBytesEveryTime) {
  const ImportFolder folder;
  imported(folder.options({folder.write("a.csv", sample())}));

  std::string first, second;
  exported(folder.data(), ExportFormat::geojson, first);
  exported(folder.data(), ExportFormat::geojson, second);

  EXPECT_EQ(first, second);
}

TEST(Export, SaysEachValueWithTheDigitsOfItsStep) {
  const ImportFolder folder;
  imported(folder.options({
      folder.write("a.csv",
                   "machine,time,received,lon,lat,speed_kmh,engine_on,boom_angle_deg\n"
                   "A,2026-10-16T10:00:00.5Z,2026-10-16T10:00:07Z,113,28,7.25,true,-1.5\n"),
  }));

  std::string csv, ndjson, geojson;
  exported(folder.data(), ExportFormat::csv, csv);
  exported(folder.data(), ExportFormat::ndjson, ndjson);
  exported(folder.data(), ExportFormat::geojson, geojson);

  EXPECT_EQ(csv,
            "machine,time,receive_time,lon,lat,heading_deg,speed_kmh,engine_on,working,gear,rpm,"
            "load_pct,fuel_level_pct,fuel_used_l,engine_hours,idle_hours,oil_pressure_kpa,"
            "coolant_c,hydraulic_c,battery_v,def_level_pct,boom_angle_deg,faults\n"
            "A,2026-10-16T10:00:00.500Z,2026-10-16T10:00:00.500Z,113.0000000,28.0000001,,7.3,1,"
            ",,,,,,,,,,,,,-1.5,\n");
  EXPECT_EQ(ndjson,
            "{\"machine\":\"A\",\"time\":\"2026-10-16T10:00:00.500Z\","
            "\"receive_time\":\"2026-10-16T10:00:00.500Z\",\"lon\":113.0000000,"
            "\"lat\":28.0000001,\"speed_kmh\":7.3,\"engine_on\":true,\"boom_angle_deg\":-1.5}\n");
  EXPECT_EQ(geojson,
            "{\"type\":\"FeatureCollection\",\"features\":[\n"
            "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":"
            "[113.0000000,28.0000001]},\"properties\":{\"machine\":\"A\","
            "\"time\":\"2026-10-16T10:00:00.500Z\",\"receive_time\":\"2026-10-16T10:00:00.500Z\","
            "\"speed_kmh\":7.3,\"engine_on\":true,\"boom_angle_deg\":-1.5}}\n]}\n");
}

TEST(Export, SelectsByDeviceTimeWhateverDayReceivedIt) {
  const ImportFolder folder;
  auto options =
      folder.options({folder.write("a.csv",
                                   "machine,time,lon,lat,got\n"
                                   "A,2026-10-16T09:59:59.999Z,113,28,2026-10-16T10:00:00Z\n"
                                   "B,2026-10-16T10:00:00Z,113,28,2026-10-19T08:00:00Z\n"
                                   "A,2026-10-16T10:59:59.999Z,113,28,2026-10-16T11:00:00Z\n"
                                   "A,2026-10-16T11:00:00Z,113,28,2026-10-16T11:00:01Z\n"
                                   "A,2026-10-18T11:00:00Z,113,28,2026-10-18T11:00:01Z\n")});
  options.intake.receive = IntakeRules::Receive::column;
  options.receive_column = "got";
  imported(options);

  std::string text;
  const ExportSpan hour{at("2026-10-16T10:00:00Z"), at("2026-10-16T11:00:00Z")};
  const ExportResult result = exported(folder.data(), ExportFormat::csv, text, hour);

  EXPECT_EQ(result.rows, 2u) << text;
  const auto in_time = text.find("\nA,2026-10-16T10:59:59.999Z,2026-10-16T11:00:00.000Z,");
  const auto late = text.find("\nB,2026-10-16T10:00:00.000Z,2026-10-19T08:00:00.000Z,");
  EXPECT_NE(in_time, text.npos) << text;
  EXPECT_NE(late, text.npos) << text;
  EXPECT_LT(in_time, late) << "as received";
}

TEST(Export, ReadsOnlyTheDaysThatHoldReportsOfTheSpan) {
  const ImportFolder folder;
  std::string rows = "machine,time,lon,lat,got\n";
  for (int day = 10; day < 20; ++day) {
    const std::string date = "2026-10-" + std::to_string(day);
    rows += "A," + date + "T04:00:00Z,113,28," + date + "T04:00:01Z\n";
  }
  rows += "B,2026-10-12T05:00:00Z,113,28,2026-10-17T06:00:00Z\n";  // five days late
  rows += "B,2026-10-16T05:00:00Z,113,28,2026-10-17T08:00:00Z\n";
  auto options = folder.options({folder.write("a.csv", rows)});
  options.intake.receive = IntakeRules::Receive::column;
  options.receive_column = "got";
  imported(options);
  const ExportSpan day{at("2026-10-12T00:00:00+08:00"), at("2026-10-13T00:00:00+08:00")};
  const auto read_day = [&] {
    auto stored = StoredRows::open(folder.data());
    EXPECT_TRUE(stored.ok());
    std::string text;
    const auto result = export_fixes(*stored.value(), day, ExportFormat::csv, [&](auto bytes) {
      text += bytes;
      return true;
    });
    EXPECT_EQ(result.rows, 2u) << text;
    return std::pair(text, stored.value()->files_read());
  };
  RollupRequest request;
  request.path = folder.data();
  request.store = true;
  ASSERT_TRUE(bring_up_to_date(request).ok());
  const auto [with_tables, files] = read_day();
  const auto day_paths = day_files(folder.data());
  ASSERT_TRUE(day_paths.ok());
  for (const std::filesystem::path& file : *day_paths) {
    auto db = sqlite::Database::open(file, sqlite::Database::Mode::write);
    ASSERT_TRUE(db.ok() && db->run("DELETE FROM meta WHERE key = 'rollup_frames'").ok());
  }

  const auto [without, all_files] = read_day();

  EXPECT_EQ(with_tables, without);
  EXPECT_EQ(files, 2u) << "its own day, and the one with the late report";
  EXPECT_EQ(all_files, 9u) << "from the day before it on, since clocks may be a day ahead";
}

TEST(Export, LeavesOutWhatIsDamagedAndSaysSo) {
  const ImportFolder folder;
  auto options = folder.options({folder.write("a.csv", sample())});
  imported(options);
  {
    auto db = sqlite::Database::open(folder.data() / "2026-10-16.fleetday",
                                     sqlite::Database::Mode::write);
    ASSERT_TRUE(db.ok());
    const auto hurt = db->run(
        "UPDATE pack_parts SET bytes = zeroblob(20) WHERE id = (SELECT min(id) FROM pack_parts)");
    ASSERT_TRUE(hurt.ok());
  }

  std::string text;
  const ExportResult result = exported(folder.data(), ExportFormat::csv, text);

  ASSERT_EQ(result.damages.size(), 1u);
  EXPECT_NE(result.damages[0].find("2026-10-16.fleetday, packed rows"), std::string::npos);
  EXPECT_LT(result.rows, 100u);
}

std::string table_of(decltype(&export_hours) what, const std::filesystem::path& data,
                     ExportSpan span) {
  std::string text;
  const auto take = [&](std::string_view bytes) {
    text += bytes;
    return true;
  };
  const auto result = what(data, span, ExportFormat::csv, take, nullptr);
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().what);
  return text;
}

TEST(Export, TellsHoursOfMachinesByLocalDay) {
  const ImportFolder folder;
  imported(
      folder.options({folder.write("a.csv",
                                   "machine,time,engine_on,engine_hours,idle_hours,fuel_used_l\n"
                                   "B,2026-10-16T02:00:00Z,1,100,40,1000\n"
                                   "B,2026-10-16T04:00:00Z,1,102,40.5,1030.5\n"
                                   "A,2026-10-16T03:00:00Z,0,7,,\n"
                                   "B,2026-10-16T16:30:00Z,1,103,40.5,1030.5\n")}));

  const std::string text =
      table_of(export_hours, folder.data(),
               {at("2026-10-16T10:00:00+08:00"), at("2026-10-17T01:00:00+08:00")});

  EXPECT_EQ(text,
            "machine,date,engine_h,working_h,idle_h,fuel_l,first_start,first_report,last_report,"
            "reports\n"
            "A,2026-10-16,0.0000,0.0000,0.0000,0,,2026-10-16T03:00:00.000Z,"
            "2026-10-16T03:00:00.000Z,1\n"
            "B,2026-10-16,2.0000,1.5000,0.5000,30.5,2026-10-16T02:00:00.000Z,"
            "2026-10-16T02:00:00.000Z,2026-10-16T04:00:00.000Z,2\n"
            "B,2026-10-17,1.0000,1.0000,0.0000,0,2026-10-16T16:30:00.000Z,"
            "2026-10-16T16:30:00.000Z,2026-10-16T16:30:00.000Z,1\n");
}

TEST(Export, TellsWhereHoursWereWorkedByDeviceTime) {
  const ImportFolder folder;
  imported(folder.options({folder.write("a.csv",
                                        "machine,time,lon,lat,engine_on,engine_hours,idle_hours\n"
                                        "B,2026-10-16T02:00:00Z,113,28,1,100,40\n"
                                        "B,2026-10-16T02:30:00Z,113,28,1,100.5,40\n"
                                        "C,2026-10-16T03:00:00Z,,,1,7,0\n"
                                        "C,2026-10-16T04:00:00Z,,,1,8,0\n")}));
  imported(folder.options({folder.write("b.csv",
                                        "machine,time,lon,lat,engine_on,engine_hours,idle_hours\n"
                                        "B,2026-10-16T02:15:00Z,113.1,28,1,100.25,40\n")}));

  const std::string text =
      table_of(export_heat, folder.data(),
               {at("2026-10-16T10:00:00+08:00"), at("2026-10-16T11:00:00+08:00")});
  const std::string hours =
      table_of(export_hours, folder.data(),
               {at("2026-10-16T10:00:00+08:00"), at("2026-10-16T11:00:00+08:00")});

  EXPECT_EQ(text,
            "date,hour,working_h,lon,lat\n"
            "2026-10-16,10,0.2500,113.0002213,28.0001611\n"
            "2026-10-16,10,0.2500,113.0997849,28.0001611\n"
            "2026-10-16,11,1.0000,,\n");
  EXPECT_THAT(hours, testing::HasSubstr("B,2026-10-16,0.5000,0.5000"));
}

TEST(Export, TellsAlarmsThatWereOpenInTheSpanAndWhatBecameOfThem) {
  const ImportFolder folder;
  imported(folder.options({folder.write(
      "a.csv",
      "machine,time,lon,lat,faults\n"
      R"(A,2026-10-16T02:00:00Z,113,28,"[{""spn"":100,""fmi"":1,""lamp"":""amber""}]")"
      "\n"
      R"(B,2026-10-17T02:00:00Z,,,"[{""spn"":96,""fmi"":18,""sa"":3,""count"":2}]")"
      "\n"
      "A,2026-10-18T02:00:00Z,114,28,[]\n"
      R"(C,2026-10-18T02:00:00Z,,,"[{""spn"":96,""fmi"":18}]")"
      "\n")}));

  const std::string text =
      table_of(export_alarms, folder.data(),
               {at("2026-10-17T00:00:00+08:00"), at("2026-10-18T00:00:00+08:00")});

  const auto lines = std::ranges::count(text, '\n');
  EXPECT_EQ(lines, 3) << text;
  EXPECT_NE(text.find(",A,fault,100,1,critical,2026-10-16T02:00:00.000Z,2026-10-16T02:00:00.000Z,"
                      "2026-10-18T02:00:00.000Z,cleared,0,0,amber,113.0000000,28.0000001\n"),
            text.npos)
      << text;
  EXPECT_NE(text.find(",B,fault,96,18,medium,2026-10-17T02:00:00.000Z,2026-10-17T02:00:00.000Z,,"
                      "active,3,2,off,,\n"),
            text.npos)
      << text;
}

TEST(Export, StopsWhenNobodyTakesTheBytes) {
  const ImportFolder folder;
  imported(folder.options({folder.write("a.csv", sample())}));
  auto rows = StoredRows::open(folder.data());
  ASSERT_TRUE(rows.ok());

  const ExportResult result =
      export_fixes(*rows.value(), {}, ExportFormat::csv, [](std::string_view) { return false; });

  EXPECT_FALSE(result.written);
}

TEST(Export, QuotesWhatATableMustQuote) {
  std::string csv, json;
  for (const char* text : {"plain", "a,b", "say \"so\"", "two\nlines", ""}) {
    append_csv_cell(csv, text);
    csv += ';';
    append_json_cell(json, text, CellKind::text);
    json += ';';
  }

  EXPECT_EQ(csv, "plain;\"a,b\";\"say \"\"so\"\"\";\"two\nlines\";;");
  EXPECT_EQ(json, "\"plain\";\"a,b\";\"say \\\"so\\\"\";\"two\\u000alines\";null;");
}

}  // namespace
}  // namespace net
