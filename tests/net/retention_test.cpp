// Which days go, when, and what is said of the disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "net/gateway/store_keeper.hpp"
#include "net/store/day_store.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

constexpr std::uint64_t kMiB = 1u << 20;

/// Days of 2026-10, one MiB each unless said.
std::vector<StoredDay> october(std::initializer_list<unsigned> days, std::uint64_t bytes = kMiB) {
  std::vector<StoredDay> stored;
  for (const unsigned d : days)
    stored.push_back({*fleet::parse_day("2026-10-0" + std::to_string(d)), "", bytes});
  return stored;
}

Retention keep(int days, std::uint64_t bytes, std::uint64_t min_free = 0) {
  return {days, bytes, min_free};
}

TEST(Retention, CountsDaysOfTheCalendarBackFromTheNewest) {
  const auto days = october({1, 2, 5, 6});

  EXPECT_EQ(days_over(days, keep(0, 0)), 0u);
  EXPECT_EQ(days_over(days, keep(6, 0)), 0u);
  EXPECT_EQ(days_over(days, keep(5, 0)), 1u);
  EXPECT_EQ(days_over(days, keep(2, 0)), 2u);
  EXPECT_EQ(days_over(days, keep(1, 0)), 3u);
}

TEST(Retention, CountsBytesOfAllDaysAndSparesTheNewest) {
  const auto days = october({1, 2, 3});

  EXPECT_EQ(days_over(days, keep(0, 3 * kMiB)), 0u);
  EXPECT_EQ(days_over(days, keep(0, 3 * kMiB - 1)), 1u);
  EXPECT_EQ(days_over(days, keep(0, 1)), 2u) << "never the newest";
  EXPECT_EQ(days_over({}, keep(1, 1)), 0u);
}

TEST(Retention, MakesRoomOnlyIfSomeOtherBoundIsSet) {
  const auto days = october({1, 2, 3});

  EXPECT_EQ(days_for_room(days, keep(0, 0, 100 * kMiB), 0), 0u) << "all days are to be kept";
  EXPECT_EQ(days_for_room(days, keep(90, 0, 2 * kMiB), 2 * kMiB), 0u);
  EXPECT_EQ(days_for_room(days, keep(90, 0, 2 * kMiB), 2 * kMiB - 1), 1u);
  EXPECT_EQ(days_for_room(days, keep(90, 0, 100 * kMiB), 0), 2u) << "never the newest";
}

TEST(DiskForecast, GoesByTheDaysBeforeTheNewest) {
  auto days = october({1, 2, 3, 4});
  days.back().bytes = 0;  // today has just begun, and takes what a day takes

  const DiskForecast none = forecast_disk(october({1}), keep(0, 0), 10 * kMiB);
  const DiskForecast all = forecast_disk(days, keep(0, 0), 10 * kMiB);
  const DiskForecast by_days = forecast_disk(days, keep(10, 0), 10 * kMiB);
  const DiskForecast by_bytes = forecast_disk(days, keep(10, 6 * kMiB), 10 * kMiB);
  const DiskForecast by_room = forecast_disk(days, keep(10, 0, 8 * kMiB), 10 * kMiB);

  EXPECT_FALSE(none.bytes_a_day || none.days_until_full);
  EXPECT_EQ(all.bytes_a_day, kMiB);
  EXPECT_EQ(all.days_until_full, 9.0);
  EXPECT_FALSE(all.days_until_removal);
  EXPECT_EQ(by_days.days_until_removal, 6.0);
  EXPECT_EQ(by_bytes.days_until_removal, 2.0);
  EXPECT_EQ(by_room.days_until_removal, 1.0);
}

class StoreKeeperTest : public ::testing::Test {
 protected:
  void put(const std::string& name, std::size_t bytes = kMiB) {
    std::ofstream(folder_.path / name) << std::string(bytes, 'x');
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path))
      found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
  }
  StoreKeeper keeper(Retention retention) {
    return StoreKeeper(
        folder_.path, retention,
        [this](LogLevel, std::string_view text) { log_ += std::string(text) + "\n"; },
        [this] {
          return StoreKeeper::Space{free_, 1000 * kMiB};
        });
  }

  TemporaryFolder folder_;
  std::uint64_t free_ = 500 * kMiB;
  std::string log_;
  const StoreKeeper::Steady start_{};
};

TEST_F(StoreKeeperTest, RemovesWholeDaysWithWhatBelongsToThemAndSaysSo) {
  for (const char* name : {"2026-10-01.fleetday", "2026-10-01.fleetday-wal", "2026-10-02.fleetday",
                           "2026-10-03.fleetday", "2026-10-03.fleetday-wal",
                           "2026-09-01.damaged.fleetday", "notes.txt"})
    put(name);
  StoreKeeper keeper = this->keeper(keep(2, 0));

  keeper.check(start_);

  EXPECT_THAT(names(), ElementsAre("2026-09-01.damaged.fleetday", "2026-10-02.fleetday",
                                   "2026-10-03.fleetday", "2026-10-03.fleetday-wal", "notes.txt"));
  EXPECT_THAT(log_, testing::HasSubstr("removed the day 2026-10-01, 2097152 bytes"));
  const StoreKeeper::Status status = keeper.status();
  EXPECT_EQ(status.removed_days, 1u);
  EXPECT_EQ(status.removed_bytes, 2 * kMiB);
  EXPECT_EQ(status.days, 2u);
  EXPECT_EQ(status.bytes, 3 * kMiB);
  EXPECT_EQ(status.free_bytes, 500 * kMiB);
  EXPECT_EQ(status.forecast.bytes_a_day, kMiB);
}

TEST_F(StoreKeeperTest, KeepsAllDaysOnAFullDiskIfNothingElseWasSaid) {
  put("2026-10-01.fleetday");
  put("2026-10-02.fleetday");
  free_ = 0;
  StoreKeeper keeper = this->keeper(Retention{});

  keeper.check(start_);

  EXPECT_EQ(names().size(), 2u);
}

TEST_F(StoreKeeperTest, DoesNotRemoveDayAfterDayWhileAReaderHoldsTheRoom) {
  for (int d = 1; d <= 5; ++d) put("2026-10-0" + std::to_string(d) + ".fleetday");
  free_ = 10 * kMiB;
  StoreKeeper keeper = this->keeper(keep(90, 0, 11 * kMiB));

  keeper.check(start_);
  keeper.check(start_ + 1min);
  EXPECT_EQ(keeper.status().removed_days, 1u) << "the space has not come back yet";
  keeper.check(start_ + StoreKeeper::kPatience);

  EXPECT_EQ(keeper.status().removed_days, 2u);
}

TEST_F(StoreKeeperTest, LetsWhoReadsADayReadItToItsEnd) {
  put("2026-10-01.fleetday");
  put("2026-10-02.fleetday");
  std::ifstream reader(folder_.path / "2026-10-01.fleetday");
  StoreKeeper keeper = this->keeper(keep(1, 0));

  keeper.check(start_);

  EXPECT_FALSE(fs::exists(folder_.path / "2026-10-01.fleetday"));
  const std::string content{std::istreambuf_iterator<char>(reader), {}};
  EXPECT_EQ(content.size(), kMiB);
}

TEST_F(StoreKeeperTest, SaysWhatItCannotLookInto) {
  StoreKeeper keeper(folder_.path / "gone", keep(1, 0), nullptr);

  keeper.check(start_);

  EXPECT_THAT(keeper.status().problem, testing::HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace net::test
