#include "net/store/rollups.hpp"

#include <algorithm>
#include <random>

#include "net/store/day_file.hpp"
#include "net/store/schema.hpp"
#include "tests/net/day_folder.hpp"
#include "tests/net/import_support.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
using test::day_bytes;
using test::imported;
using test::ImportFolder;
using test::state_at;

using Tables = std::map<std::string, fleet::DayTables>;

struct Built {
  Tables tables;
  RollupNews news;
};

/// `learned` alone may differ with the order of arrival.
fleet::DayTables without_learned(fleet::DayTables tables) {
  for (fleet::JournalAlarm& entry : tables.alarms) entry.alarm.learned = fleet::kNever;
  return tables;
}

Built brought_up_to_date(const std::filesystem::path& data, bool store = true,
                         std::optional<fleet::LocalDay> open = {}) {
  Built built;
  RollupRequest request;
  request.path = data;
  request.store = store;
  request.open = open;
  request.show = [&](fleet::LocalDay day, const Rollup& rollup) {
    built.tables[fleet::day_name(day)] = without_learned(*rollup.tables);
  };
  auto news = bring_up_to_date(request);
  EXPECT_TRUE(news.ok()) << (news.ok() ? "" : news.error().what);
  if (news) built.news = std::move(news.value());
  for (const std::string& damage : built.news.damages) ADD_FAILURE() << damage;
  return built;
}

std::int64_t heat_sum(const fleet::DayTables& tables) {
  std::int64_t sum = 0;
  for (const fleet::HeatValue& value : tables.heat) sum += value.seconds;
  return sum;
}

struct Sent {
  fleet::Time device;
  std::string text;  ///< machine,time,lon,... up to the receive time
};

/// A cell of CSV with the faults whose bits are set.
std::string fault_cell(int bits) {
  std::string list;
  for (int k = 0; k < 3; ++k)
    if (bits & 1 << k)
      list += std::string(list.empty() ? "" : ",") + R"({""spn"":)" + std::to_string(100 + k) +
              R"(,""fmi"":1})";
  return "\"[" + list + "]\"";
}

/// Six machines over four days: with counters, with one of them, with none; reports now and then,
/// values now and then; some twice. Their lists of faults change now and then, and mostly do not.
std::vector<Sent> sample(std::mt19937& random) {
  const auto pick = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  std::vector<Sent> rows;
  for (int machine = 0; machine < 6; ++machine) {
    auto now = *fleet::parse_time("2026-10-16T00:10:00+08:00") + pick(0, 3000) * 1s;
    double engine_h = 1000 + machine, idle_h = 300, fuel_l = 5000, lon = 113 + machine;
    bool runs = false;
    int faults = 0;  // bit k: fault k is active
    for (;;) {
      const int step_s = pick(0, 9) == 0 ? pick(3600, 20'000) : pick(200, 900);
      now += step_s * 1s;
      if (now >= *fleet::parse_time("2026-10-20T00:00:00+08:00")) break;
      if (runs) {
        engine_h += step_s / 3600.0;
        idle_h += pick(0, 1) * step_s / 7200.0;
        fuel_l += step_s / 3600.0 * 15;
        lon += pick(-40, 40) * 1e-4;
      }
      if (pick(0, 5) == 0) runs = !runs;
      std::string text = "m" + std::to_string(machine) + "," + fleet::iso8601(now) + ",";
      text += pick(0, 3) ? std::to_string(lon) + ",28.5," : ",,";
      text += (pick(0, 2) ? (runs ? "1" : "0") : "") + std::string(",");
      text += (pick(0, 1) ? std::to_string(pick(0, 1)) : "") + ",";
      text += (machine % 3 != 2 ? std::to_string(engine_h) : "") + ",";
      text += (machine % 3 == 0 ? std::to_string(idle_h) : "") + ",";
      text += (pick(0, 1) ? std::to_string(fuel_l) : "") + ",";
      if (pick(0, 9) == 0) faults ^= 1 << pick(0, 2);
      text += (pick(0, 2) ? fault_cell(faults) : "") + ",";
      rows.push_back({now, text});
      if (pick(0, 15) == 0) rows.push_back(rows.back());
    }
  }
  return rows;
}

ImportOptions as_received(const ImportFolder& folder, const std::string& name,
                          const std::vector<Sent>& rows, const std::vector<fleet::Millis>& lag) {
  std::string text =
      "machine,time,lon,lat,engine_on,working,engine_hours,idle_hours,fuel_used_l,faults,got\n";
  for (std::size_t i = 0; i < rows.size(); ++i)
    text += rows[i].text + fleet::iso8601(rows[i].device + lag[i]) + "\n";
  auto options = folder.options({folder.write(name + ".csv", text)});
  options.intake.receive = IntakeRules::Receive::column;
  options.receive_column = "got";
  options.data = folder.data(name);
  return options;
}

void forget_tables(const std::filesystem::path& file) {
  auto db = sqlite::Database::open(file, sqlite::Database::Mode::write);
  ASSERT_TRUE(db.ok());
  ASSERT_TRUE(db->run("DELETE FROM rollups; DELETE FROM meta WHERE key = 'rollup_frames'").ok());
}

TEST(Rollups, AreThoseOfSortedReportsWhateverTheOrderOfArrival) {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    std::mt19937 random(seed);
    const ImportFolder folder;
    const auto rows = sample(random);
    std::vector<fleet::Millis> none(rows.size(), 0ms), some = none;
    for (fleet::Millis& lag : some) {
      const auto kind = random() % 10;
      lag = kind < 5 ? 0ms : fleet::Millis(random() % (kind < 9 ? 3'600'000 : 200'000'000));
    }
    imported(as_received(folder, "sorted", rows, none));
    imported(as_received(folder, "shuffled", rows, some));

    const Built expected = brought_up_to_date(folder.data("sorted"));
    Built got = brought_up_to_date(folder.data("shuffled"));

    ASSERT_EQ(expected.tables.size(), 4u);
    for (const auto& [day, tables] : expected.tables) {
      EXPECT_EQ(got.tables[day].hours, tables.hours) << day << ", seed " << seed;
      EXPECT_EQ(got.tables[day].heat, tables.heat) << day << ", seed " << seed;
      EXPECT_EQ(got.tables[day].alarms, tables.alarms) << day << ", seed " << seed;
      EXPECT_GT(tables.alarms.size(), 3u);
    }
  }
}

TEST(Rollups, OfReportsInOrderAreWhatTheGatewayPublished) {
  std::mt19937 random(7);
  const ImportFolder folder;
  std::string text =
      "machine,time,lon,lat,engine_on,working,engine_hours,idle_hours,fuel_used_l,faults\n";
  for (const Sent& row : sample(random))
    if (row.text[1] == '0' || row.text[1] == '3')  // with both counters
      text += row.text.substr(0, row.text.size() - 1) + "\n";
  imported(folder.options({folder.write("a.csv", text)}));

  const Built built = brought_up_to_date(folder.data());

  for (const auto& [day, tables] : built.tables) {
    const auto state = state_at(folder.data(), day + "T15:59:59.999Z");
    std::int64_t working_s = 0;
    EXPECT_EQ(tables.hours.size(), 2u);
    for (const fleet::MachineDay& machine : tables.hours) {
      EXPECT_EQ(machine.figures, state.figures(*state.roster().find(machine.machine)))
          << day << ' ' << machine.machine;
      EXPECT_GT(machine.figures.engine_s, 0);
      working_s += machine.figures.working_s();
    }
    EXPECT_EQ(heat_sum(tables), working_s);
    EXPECT_EQ(state.heat().total_s(), working_s);
  }
}

TEST(Rollups, AreTheSameWhenTheyAreSortedBitByBit) {
  std::mt19937 random(8);
  const ImportFolder folder;
  const auto rows = sample(random);
  std::vector<fleet::Millis> lag(rows.size());
  for (fleet::Millis& each : lag) each = fleet::Millis(random() % 7'200'000);
  imported(as_received(folder, "data", rows, lag));
  RollupSource source;
  source.file = folder.data() / "2026-10-17.fleetday";
  source.before = folder.data() / "2026-10-16.fleetday";
  std::vector<std::string> damages;
  const auto at_once = build_rollup(source, damages);

  source.most_sorted = 10;
  const auto bit_by_bit = build_rollup(source, damages);

  ASSERT_TRUE(at_once.ok() && bit_by_bit.ok());
  EXPECT_EQ(*(**at_once).tables, *(**bit_by_bit).tables);
  EXPECT_EQ((**at_once).tables->hours.size(), 6u);
  EXPECT_TRUE(damages.empty());
}

TEST(Rollups, AreKeptBesideTheFramesAndBuiltOnce) {
  std::mt19937 random(9);
  const ImportFolder folder;
  const auto rows = sample(random);
  imported(as_received(folder, "data", rows, std::vector<fleet::Millis>(rows.size())));

  const Built first = brought_up_to_date(folder.data());
  EXPECT_TRUE(first.news.built.empty()) << "the import has built them";
  forget_tables(folder.data() / "2026-10-16.fleetday");
  const Built second = brought_up_to_date(folder.data());
  const Built third = brought_up_to_date(folder.data());

  EXPECT_EQ(first.tables, second.tables);
  EXPECT_EQ(second.news.built.size(), 4u);
  EXPECT_EQ(first.tables, third.tables);
  EXPECT_TRUE(third.news.built.empty());
  EXPECT_TRUE(verify(folder.data())->damages.empty());
}

TEST(Rollups, OfAnOpenDayAreNotStored) {
  std::mt19937 random(10);
  const ImportFolder folder;
  const auto rows = sample(random);
  imported(as_received(folder, "data", rows, std::vector<fleet::Millis>(rows.size())));
  const auto today = *fleet::parse_day("2026-10-19");
  forget_tables(folder.data() / "2026-10-19.fleetday");

  const Built first = brought_up_to_date(folder.data(), true, today);
  const Built second = brought_up_to_date(folder.data(), true, today);

  EXPECT_EQ(first.tables, second.tables);
  ASSERT_EQ(second.news.built.size(), 1u);
  EXPECT_EQ(second.news.built[0], today);
}

TEST(Rollups, OfADayAreCorrectedByWhatComesDaysLater) {
  const ImportFolder folder;
  const std::string header = "machine,time,engine_hours,got\n";
  const auto bring = [&](const char* name, const std::string& rows) {
    auto options = folder.options({folder.write(name, header + rows)});
    options.intake.receive = IntakeRules::Receive::column;
    options.receive_column = "got";
    imported(options);
    return brought_up_to_date(folder.data());
  };
  const std::string on_time =
      "A,2026-10-16T02:00:00Z,100,2026-10-16T02:00:01Z\n"
      "A,2026-10-17T02:00:00Z,110,2026-10-17T02:00:01Z\n"
      "B,2026-10-18T02:00:00Z,5,2026-10-18T02:00:01Z\n";
  Built before = bring("1.csv", on_time);
  const auto engine_s = [](Built& built, const char* day) {
    return built.tables[day].hours.at(0).figures.engine_s;
  };
  EXPECT_EQ(engine_s(before, "2026-10-16"), 0);
  EXPECT_EQ(engine_s(before, "2026-10-17"), 36000);

  Built after = bring("2.csv", "A,2026-10-16T08:00:00Z,104,2026-10-18T05:00:00Z\n");

  EXPECT_EQ(engine_s(after, "2026-10-16"), 4 * 3600);
  EXPECT_EQ(engine_s(after, "2026-10-17"), 6 * 3600);
  EXPECT_EQ(after.tables["2026-10-18"].hours.size(), 1u) << "only B reported on it";
  EXPECT_TRUE(after.news.built.empty()) << "the import knew of what came late";
}

TEST(Rollups, AreThereOfDaysThatOnlyOtherDaysFilesKnowOf) {
  const ImportFolder folder;
  auto options = folder.options(
      {folder.write("a.csv",
                    "machine,time,engine_hours,lon,lat,faults,got\n"
                    "A,2026-10-15T02:00:00Z,100,113,28,[],2026-10-15T02:00:01Z\n"
                    "A,2026-10-16T02:00:00Z,101,113,28,[],2026-10-18T05:00:00Z\n"
                    R"(A,2026-10-16T08:00:00Z,104,113,28,"[{""spn"":100,""fmi"":1}]",)"
                    "2026-10-18T05:00:01Z\n"
                    "B,2026-10-10T02:00:00Z,7,113,28,[],2026-10-18T05:00:00Z\n"
                    "B,2026-10-10T04:00:00Z,9,113,28,[],2026-10-18T05:00:01Z\n"
                    "B,2026-10-18T06:00:00Z,20,113,28,[],2026-10-18T06:00:00Z\n")});
  options.intake.receive = IntakeRules::Receive::column;
  options.receive_column = "got";
  imported(options);
  ASSERT_EQ(day_files(folder.data())->size(), 2u);

  Built built = brought_up_to_date(folder.data());

  ASSERT_EQ(built.tables.size(), 4u);
  const fleet::DayTables& gap = built.tables["2026-10-16"];
  ASSERT_EQ(gap.hours.size(), 1u);
  EXPECT_EQ(gap.hours[0].machine, "A");
  EXPECT_EQ(gap.hours[0].reports, 2);
  EXPECT_EQ(gap.hours[0].figures.engine_s, 4 * 3600);
  EXPECT_EQ(heat_sum(gap), 4 * 3600);
  ASSERT_EQ(gap.alarms.size(), 1u);
  EXPECT_EQ(gap.alarms[0].alarm.occurred, *fleet::parse_time("2026-10-16T08:00:00Z"));
  const fleet::DayTables& first = built.tables["2026-10-10"];
  ASSERT_EQ(first.hours.size(), 1u) << "no file is older";
  EXPECT_EQ(first.hours[0].figures.engine_s, 2 * 3600);
  EXPECT_EQ(built.tables["2026-10-15"].hours.at(0).figures.engine_s, 0);
  EXPECT_EQ(built.tables, brought_up_to_date(folder.data()).tables);
  EXPECT_EQ(day_files(folder.data())->size(), 2u);
}

TEST(Rollups, JournalAlarmsThatAreToldDaysLater) {
  const ImportFolder folder;
  const auto bring = [&](const char* name, const std::string& rows) {
    auto options = folder.options({folder.write(name, "machine,time,faults,got\n" + rows)});
    options.intake.receive = IntakeRules::Receive::column;
    options.receive_column = "got";
    imported(options);
    return brought_up_to_date(folder.data());
  };
  const std::string stopped = R"("[{""spn"":100,""fmi"":1}]")";
  bring("1.csv",
        "A,2026-10-16T02:00:00Z,[],2026-10-16T02:00:01Z\n"
        "A,2026-10-16T08:00:00Z,[],2026-10-16T08:00:01Z\n"
        "A,2026-10-18T02:00:00Z,[],2026-10-18T02:00:01Z\n");

  Built after = bring("2.csv", "A,2026-10-16T05:00:00Z," + stopped + ",2026-10-18T05:00:00Z\n");

  ASSERT_EQ(after.tables["2026-10-16"].alarms.size(), 1u);
  const fleet::JournalAlarm& alarm = after.tables["2026-10-16"].alarms[0];
  EXPECT_EQ(alarm.alarm.occurred, *fleet::parse_time("2026-10-16T05:00:00Z"));
  EXPECT_EQ(alarm.cleared, *fleet::parse_time("2026-10-16T08:00:00Z"))
      << "the list of that time changed nothing when it came, and ends the alarm all the same";
  EXPECT_TRUE(after.tables["2026-10-18"].alarms.empty());
  const fleet::FleetState state = state_at(folder.data(), "2026-10-19T00:00:00Z");
  EXPECT_TRUE(state.alarms().open().empty()) << "what is known now stays as it is";
}

TEST(Rollups, AreBuiltAnewWhereTheyAreDamaged) {
  std::mt19937 random(11);
  const ImportFolder folder;
  const auto rows = sample(random);
  imported(as_received(folder, "data", rows, std::vector<fleet::Millis>(rows.size())));
  const Built first = brought_up_to_date(folder.data());
  {
    auto db = sqlite::Database::open(folder.data() / "2026-10-17.fleetday",
                                     sqlite::Database::Mode::write);
    ASSERT_TRUE(db.ok());
    ASSERT_TRUE(db->run("UPDATE rollups SET bytes = zeroblob(9) WHERE kind = 'hours'").ok());
  }

  const Built second = brought_up_to_date(folder.data());

  EXPECT_EQ(first.tables, second.tables);
  EXPECT_EQ(second.news.built.front(), *fleet::parse_day("2026-10-17"));
  EXPECT_TRUE(brought_up_to_date(folder.data()).news.built.empty());
}

/// The days built anew, and what was told.
RollupNews news_of(const std::filesystem::path& data) {
  RollupRequest request;
  request.path = data;
  request.store = true;
  auto news = bring_up_to_date(request);
  EXPECT_TRUE(news.ok()) << (news.ok() ? "" : news.error().what);
  return news.ok() ? std::move(news.value()) : RollupNews{};
}

bool is_among(const char* day, const std::vector<fleet::LocalDay>& days) {
  return std::ranges::find(days, *fleet::parse_day(day)) != days.end();
}

TEST(Rollups, LeaveOutADayThatCannotBeReadAndKeepNothingThatBuildsOnIt) {
  std::mt19937 random(13);
  const ImportFolder folder;
  const auto rows = sample(random);
  imported(as_received(folder, "data", rows, std::vector<fleet::Millis>(rows.size())));
  for (const char* day : {"2026-10-16", "2026-10-18", "2026-10-19"})
    forget_tables(folder.data() / (std::string(day) + ".fleetday"));
  const auto lost = folder.data() / "2026-10-17.fleetday";
  std::filesystem::copy_file(lost, folder.path() / "kept");
  folder.write("data/2026-10-17.fleetday", "what a disk left of it");

  const RollupNews first = news_of(folder.data()), second = news_of(folder.data());

  ASSERT_EQ(first.damages.size(), 1u);
  EXPECT_NE(first.damages[0].find("2026-10-17.fleetday"), std::string::npos);
  EXPECT_EQ(first.built.size(), 3u);
  EXPECT_FALSE(is_among("2026-10-16", second.built));
  EXPECT_TRUE(is_among("2026-10-18", second.built)) << "the day before it is not there";
  std::filesystem::copy_file(folder.path() / "kept", lost,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(is_among("2026-10-18", news_of(folder.data()).built));
  EXPECT_TRUE(news_of(folder.data()).built.empty());
}

TEST(Rollups, BehindADamagedDayAreKeptOnceItIsMended) {
  std::mt19937 random(14);
  const ImportFolder folder;
  const auto rows = sample(random);
  imported(as_received(folder, "data", rows, std::vector<fleet::Millis>(rows.size())));
  forget_tables(folder.data() / "2026-10-17.fleetday");
  const auto damaged = folder.data() / "2026-10-16.fleetday";
  const auto before = day_bytes(folder.data());
  const auto flip = [&] {
    std::fstream file(damaged, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(-100, std::ios::end);
    const int byte = file.get();
    file.seekp(-100, std::ios::end);
    file.put(static_cast<char>(byte ^ 1));
  };

  flip();
  const RollupNews first = news_of(folder.data()), second = news_of(folder.data());
  EXPECT_TRUE(is_among("2026-10-17", first.built) && is_among("2026-10-17", second.built));
  EXPECT_TRUE(std::ranges::any_of(second.damages, [](const std::string& damage) {
    return damage.find("salvage` restores it") != std::string::npos;
  }));
  flip();

  EXPECT_TRUE(is_among("2026-10-17", news_of(folder.data()).built));
  EXPECT_TRUE(news_of(folder.data()).built.empty());
  EXPECT_EQ(day_bytes(folder.data()).at("2026-10-16.fleetday"), before.at("2026-10-16.fleetday"));
}

TEST(Rollups, GiveTheSameOverviewAsTheFrames) {
  std::mt19937 random(12);
  const ImportFolder folder;
  const auto rows = sample(random);
  imported(as_received(folder, "data", rows, std::vector<fleet::Millis>(rows.size(), 90s)));
  const auto data = folder.data();
  forget_tables(data / "2026-10-17.fleetday");
  const auto from_frames = read_overviews(data);
  brought_up_to_date(data);

  const auto from_tables = read_overviews(data);

  ASSERT_TRUE(from_frames.ok() && from_tables.ok());
  EXPECT_EQ(*from_frames, *from_tables);
  EXPECT_GT(std::ranges::count(from_tables->at(1).working, DayOverview::kNotKnown), 0);
  EXPECT_FALSE(from_tables->at(1).gaps.empty());
}

/// Makes a file what the first version wrote.
void make_version_1(const std::filesystem::path& file) {
  auto db = sqlite::Database::open(file, sqlite::Database::Mode::write);
  ASSERT_TRUE(db.ok());
  auto tables = db->prepare("SELECT name FROM sqlite_master WHERE type = 'table'");
  ASSERT_TRUE(tables.ok());
  std::string drop;
  for (auto row = tables->step(); row && *row; row = tables->step()) {
    const std::string name = tables->text(0);
    if (name != "meta" && name != "frames" && name != "journal" && !name.starts_with("sqlite_"))
      drop += "DROP TABLE " + name + ";";
  }
  tables->rewind();
  ASSERT_TRUE(db->run((drop + "PRAGMA user_version=1").c_str()).ok());
}

TEST(Schema, ReadersTakeAFileOfTheFirstVersionAsItIs) {
  samples::DayFolder folder;
  folder.record(50);
  make_version_1(folder.day("2026-10-16"));
  const auto before = test::day_bytes(folder.directory_);

  const auto overviews = read_overviews(folder.directory_);
  const Built built = brought_up_to_date(folder.directory_, false);

  ASSERT_TRUE(overviews.ok());
  EXPECT_EQ(overviews->at(0).reports[14 * 12], 150u);
  EXPECT_EQ(built.tables.size(), 1u);
  EXPECT_TRUE(verify(folder.directory_)->damages.empty());
  EXPECT_EQ(test::day_bytes(folder.directory_), before);
}

TEST(Schema, AWriterMakesAFileOfTheFirstVersionWhatANewOneIs) {
  samples::DayFolder folder;
  folder.record(50);
  const auto schema = [&] {
    auto db = sqlite::Database::open(folder.day("2026-10-16"), sqlite::Database::Mode::read);
    auto select = db->prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name");
    std::string text = std::to_string(schema_version(*db).value());
    for (auto row = select->step(); row && *row; row = select->step()) text += select->text(0);
    return text;
  };
  const std::string of_a_new_one = schema();
  make_version_1(folder.day("2026-10-16"));
  ASSERT_NE(schema(), of_a_new_one);

  { auto writer = folder.writer(); }

  EXPECT_EQ(schema(), of_a_new_one);
  EXPECT_TRUE(verify(folder.directory_)->damages.empty());
}

TEST(Schema, AMigrationThatFailsLeavesTheFileAsItWas) {
  samples::DayFolder folder;
  folder.record(5);
  make_version_1(folder.day("2026-10-16"));
  folder.run_sql(folder.day("2026-10-16"), "CREATE TABLE late(x)");  // in the way of the last one
  auto db = sqlite::Database::open(folder.day("2026-10-16"), sqlite::Database::Mode::write);
  ASSERT_TRUE(db.ok());

  EXPECT_FALSE(migrate(*db).ok());

  EXPECT_EQ(schema_version(*db).value(), 1);
  EXPECT_EQ(db->number("SELECT count(*) FROM sqlite_master WHERE name = 'rollups'").value(), 0);
}

}  // namespace
}  // namespace net
