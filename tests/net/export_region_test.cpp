// export --region: what was in a province or prefecture.
#include <gmock/gmock.h>

#include <algorithm>

#include "net/borders/shipped_maps.hpp"
#include "net/export/export_tables.hpp"
#include "tests/net/import_support.hpp"

namespace net {
namespace {

using test::imported;
using test::ImportFolder;
using testing::HasSubstr;
using testing::Not;

const fleet::Atlas& map() {
  static const fleet::Atlas atlas = [] {
    auto loaded = load_regions({});
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().what);
    return loaded ? std::move(*loaded) : fleet::Atlas();
  }();
  return atlas;
}

RegionChoice region(std::string_view name) {
  auto found = RegionChoice::find(map(), name);
  EXPECT_TRUE(found.ok()) << (found.ok() ? "" : found.error().what);
  return std::move(found).value();
}

ExportSpan span_of(std::string_view from, std::string_view to) {
  return {*fleet::parse_time(from), *fleet::parse_time(to)};
}

/// A goes from Changsha to Nanjing within a day, B stays in Suzhou and says so once, C is nowhere.
void record(const ImportFolder& folder) {
  const std::string fault = R"("[{""spn"":100,""fmi"":1}]")";
  imported(folder.options({folder.write("a.csv",
                                        "machine,time,lon,lat,engine_hours,faults\n"
                                        "A,2026-10-16T01:00:00Z,112.94,28.23,100," +
                                            fault +
                                            "\n"
                                            "A,2026-10-16T12:00:00Z,118.78,32.04,104,[]\n"
                                            "B,2026-10-16T01:00:00Z,120.62,31.32,50,\n"
                                            "B,2026-10-17T01:00:00Z,,,51," +
                                            fault +
                                            "\n"
                                            "B,2026-10-17T03:00:00Z,,,53,\n"
                                            "C,2026-10-16T01:00:00Z,,,7," +
                                            fault + "\n")}));
}

const ExportSpan kBothDays = span_of("2026-10-16T00:00:00+08:00", "2026-10-18T00:00:00+08:00");

template <class Table>
std::string table_of(Table table, const ImportFolder& folder, const RegionChoice& chosen) {
  std::string text;
  const auto result = table(
      folder.data(), kBothDays, ExportFormat::csv,
      [&](std::string_view bytes) {
        text += bytes;
        return true;
      },
      &chosen);
  EXPECT_TRUE(result.ok() && result->damages.empty());
  return text;
}

std::ptrdiff_t rows_in(const std::string& text) {
  return std::ranges::count(text, '\n') - 1;
}

TEST(ExportRegion, IsFoundByItsCodeAndAllItsNames) {
  for (const char* name : {"CN-HN", "cn-hn", "湖南", "湖南省", "Hunan", "HUNAN"})
    EXPECT_EQ(region(name).region().code, "CN-HN") << name;
  for (const char* name : {"430100", "长沙", "长沙市", "changsha"})
    EXPECT_EQ(region(name).region().code, "430100") << name;
  EXPECT_EQ(region("北京").region().code, "CN-BJ") << "a province before a prefecture of its name";
}

TEST(ExportRegion, ThatNobodyKnowsIsRefusedWithTheNearestNames) {
  const auto found = RegionChoice::find(map(), "Hunann");

  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().what, HasSubstr("No region is called 'Hunann'. Near: "));
  EXPECT_THAT(found.error().what, HasSubstr("CN-HN Hunan 湖南"));
}

TEST(ExportRegion, ThatIsNamedTwiceIsRefusedWithTheCodes) {
  fleet::Atlas twice;
  twice.prefectures = {{"1", {"东区", "East"}, {}}, {"2", {"东城", "East"}, {}}};

  const auto found = RegionChoice::find(twice, "east");

  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().what, HasSubstr("1 East 东区; 2 East 东城"));
}

TEST(ExportRegion, HasTheReportsThatWereMadeThere) {
  const ImportFolder folder;
  record(folder);
  const RegionChoice jiangsu = region("江苏");
  auto rows = StoredRows::open(folder.data());
  ASSERT_TRUE(rows.ok());
  std::string text;

  const auto result = export_fixes(
      *rows.value(), kBothDays, ExportFormat::csv,
      [&](std::string_view bytes) {
        text += bytes;
        return true;
      },
      [&](const StoredRow& row) {
        const auto place = place_of(row);
        return place && jiangsu.holds(*place);
      });

  EXPECT_EQ(result.rows, 4u) << text;
  EXPECT_THAT(text, HasSubstr("\nA,2026-10-16T12:00:00.000Z,"));
  EXPECT_THAT(text, HasSubstr("\nB,2026-10-17T03:00:00.000Z,")) << "it was known to be there";
  EXPECT_THAT(text, Not(HasSubstr("\nA,2026-10-16T01:00:00.000Z,")));
}

TEST(ExportRegion, CountsADayOfAMachineWhereItWasLast) {
  const ImportFolder folder;
  record(folder);

  const std::string jiangsu = table_of(export_hours, folder, region("江苏"));
  const std::string hunan = table_of(export_hours, folder, region("湖南"));

  EXPECT_THAT(jiangsu, HasSubstr("\nA,2026-10-16,4.0000,"));
  EXPECT_THAT(jiangsu, HasSubstr("\nB,2026-10-17,"));
  EXPECT_EQ(rows_in(jiangsu), 3) << jiangsu;
  EXPECT_EQ(rows_in(hunan), 0) << hunan;
}

TEST(ExportRegion, HasTheAlarmsThatOccurredThere) {
  const ImportFolder folder;
  record(folder);

  const std::string hunan = table_of(export_alarms, folder, region("湖南"));
  const std::string suzhou = table_of(export_alarms, folder, region("苏州"));

  EXPECT_EQ(rows_in(hunan), 1) << hunan;
  EXPECT_THAT(hunan, HasSubstr(",A,fault,100,1,"));
  EXPECT_EQ(rows_in(suzhou), 1) << suzhou;
  EXPECT_THAT(suzhou, HasSubstr(",B,fault,100,1,"));
}

}  // namespace
}  // namespace net
