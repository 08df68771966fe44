#include "net/gateway/rollup_keeper.hpp"

#include "net/store/rollups.hpp"
#include "tests/net/import_support.hpp"
#include "tests/net/loopback_support.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::imported;
using test::ImportFolder;

constexpr auto kDay = [](const char* name) { return *fleet::parse_day(name); };

/// Three days of a machine, without tables.
void make_days(const ImportFolder& folder) {
  imported(folder.options({folder.write("a.csv",
                                        "machine,time,engine_hours\n"
                                        "A,2026-10-16T02:00:00Z,100\n"
                                        "A,2026-10-17T02:00:00Z,104\n"
                                        "A,2026-10-18T02:00:00Z,105\n")}));
  for (const auto& entry : std::filesystem::directory_iterator(folder.data())) {
    if (entry.path().extension() != kDayFileExtension) continue;
    auto db = sqlite::Database::open(entry.path(), sqlite::Database::Mode::write);
    ASSERT_TRUE(db.ok());
    ASSERT_TRUE(db->run("DELETE FROM rollups; DELETE FROM meta WHERE key = 'rollup_frames'").ok());
  }
}

bool has_tables(const std::filesystem::path& path) {
  auto file = DayFile::open(path, sqlite::Database::Mode::read);
  if (!file) return false;
  const auto rollup = read_rollup(*file);
  return rollup.ok() && *rollup && (*rollup)->tables;
}

TEST(RollupKeeper, AddsUpTheDaysThatAreOverAMinuteAfterTheStart) {
  const ImportFolder folder;
  make_days(folder);
  RollupKeeper keeper(folder.data(), {}, nullptr);
  const RollupKeeper::Steady start{};

  keeper.look(kDay("2026-10-18"), false, start);
  keeper.look(kDay("2026-10-18"), false, start + 59s);
  EXPECT_EQ(keeper.runs(), 0u);
  keeper.look(kDay("2026-10-18"), false, start + 60s);

  ASSERT_TRUE(eventually([&] { return keeper.runs() == 1; }));
  EXPECT_TRUE(has_tables(folder.data() / "2026-10-16.fleetday"));
  EXPECT_TRUE(has_tables(folder.data() / "2026-10-17.fleetday"));
  EXPECT_FALSE(has_tables(folder.data() / "2026-10-18.fleetday")) << "is being written";
}

TEST(RollupKeeper, GoesAgainWhenADayIsOverOrReportsCameLate) {
  const ImportFolder folder;
  make_days(folder);
  RollupKeeper keeper(folder.data(), {60s, 600s}, nullptr);
  const RollupKeeper::Steady start{};
  const auto run_at = [&](const char* today, std::chrono::seconds at) {
    keeper.look(kDay(today), false, start + at - 1s);
    const auto runs = keeper.runs();
    keeper.look(kDay(today), false, start + at);
    return eventually([&] { return keeper.runs() == runs + 1; });
  };
  keeper.look(kDay("2026-10-18"), false, start);
  ASSERT_TRUE(run_at("2026-10-18", 60s));

  keeper.look(kDay("2026-10-18"), true, start + 100s);
  keeper.look(kDay("2026-10-18"), true, start + 200s);
  EXPECT_TRUE(run_at("2026-10-18", 700s)) << "ten minutes behind the first";
  EXPECT_EQ(keeper.runs(), 2u);
  keeper.look(kDay("2026-10-19"), false, start + 1000s);
  EXPECT_TRUE(run_at("2026-10-19", 1060s));
  EXPECT_TRUE(has_tables(folder.data() / "2026-10-18.fleetday"));
}

TEST(RollupKeeper, SaysWhatIsInItsWay) {
  const ImportFolder folder;
  std::filesystem::create_directory(folder.data());
  folder.write("data/2026-10-16.fleetday", "this is no database, but long enough to be one");
  std::mutex mutex;
  std::string lines;
  RollupKeeper keeper(folder.data(), {0s, 0s}, [&](LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex);
    lines += line;
  });

  keeper.look(kDay("2026-10-18"), false, {});

  ASSERT_TRUE(eventually([&] { return keeper.runs() == 1; }));
  const std::lock_guard lock(mutex);
  EXPECT_NE(lines.find("2026-10-16.fleetday"), std::string::npos) << lines;
}

}  // namespace
}  // namespace net
