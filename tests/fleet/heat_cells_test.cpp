// The working time of a day by cell, and what of it differs between two days.
#include "fleet/heat_cells.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace fleet {
namespace {

constexpr LocalDay kDay{std::chrono::days{20'742}};

HeatHours heat_of(std::vector<HeatValue> values, LocalDay day = kDay) {
  std::ranges::sort(values, {}, &HeatValue::key);
  HeatHours heat;
  heat.replace({static_cast<std::int32_t>(day.time_since_epoch().count()), std::move(values)}, 1);
  return heat;
}

HeatValue at(std::uint32_t x, std::uint32_t y, std::uint8_t hour, std::int32_t seconds) {
  return {HeatKey::of_cell(x, y, hour), seconds};
}
HeatValue unplaced(std::uint8_t hour, std::int32_t seconds) {
  return {HeatKey::unplaced(hour), seconds};
}
HeatCells::Cell cell(std::uint32_t x, std::uint32_t y, std::int64_t seconds) {
  return {std::uint64_t{y} << kHeatCellBits | x, seconds};
}

/// Any working time in a thousand cells.
HeatHours some_heat(unsigned seed) {
  std::mt19937 random(seed);
  std::map<HeatKey, std::int32_t> all;
  for (int i = 0; i < 5000; ++i) {
    const auto hour = static_cast<std::uint8_t>(random() % 25);
    const bool placed = random() % 50 != 0;
    const HeatKey key = placed ? HeatKey::of_cell(random() % 40 + 300'000, random() % 25 + 7, hour)
                               : HeatKey::unplaced(hour);
    all[key] = static_cast<std::int32_t>(random() % 3600) - 20;
  }
  std::vector<HeatValue> values;
  for (const auto& [key, seconds] : all) values.push_back({key, seconds});
  return heat_of(std::move(values));
}

TEST(HeatCells, AddUpTheHoursOfACell) {
  const HeatHours heat = heat_of(
      {at(9, 3, 8, 100), at(9, 3, 9, 50), at(4, 3, 9, 7), at(2, 9, 24, 5), unplaced(8, 30)});

  const HeatCells cells = heat_cells(heat, kDay, kEveryHour);

  EXPECT_EQ(cells.cells, (std::vector{cell(4, 3, 7), cell(9, 3, 150), cell(2, 9, 5)}));
  EXPECT_EQ(cells.cells[2].x(), 2u);
  EXPECT_EQ(cells.cells[2].y(), 9u);
  EXPECT_EQ(cells.placed_s, 162);
  EXPECT_EQ(cells.unplaced_s, 30);
}

TEST(HeatCells, CountOnlyTheHoursAskedFor) {
  const HeatHours heat = heat_of(
      {at(9, 3, 8, 100), at(9, 3, 9, 50), at(4, 3, 24, 7), unplaced(8, 30), unplaced(9, 4)});

  const HeatCells cells = heat_cells(heat, kDay, HourBits{1} << 9);

  EXPECT_EQ(cells.cells, std::vector{cell(9, 3, 50)});
  EXPECT_EQ(cells.unplaced_s, 4);
}

TEST(HeatCells, AreNoneOfAnotherDay) {
  const HeatHours heat = heat_of({at(9, 3, 8, 100), unplaced(8, 30)});

  EXPECT_EQ(heat_cells(heat, kDay + std::chrono::days{1}, kEveryHour), HeatCells{});
  EXPECT_EQ(heat_cells(HeatHours{}, kDay, kEveryHour), HeatCells{}) << "before all data";
}

TEST(HeatCells, OfADayDifferFromThemselvesInNothing) {
  const HeatCells day = heat_cells(some_heat(1), kDay, kEveryHour);

  EXPECT_EQ(difference(day, day), HeatCells{});
}

TEST(HeatCells, DifferCellByCell) {
  const HeatCells more{{cell(1, 0, 10), cell(5, 0, 20), cell(6, 0, 5)}, 35, 3};
  const HeatCells less{{cell(0, 0, 4), cell(5, 0, 25), cell(6, 0, 5), cell(9, 0, 1)}, 35, 8};

  const HeatCells d = difference(more, less);

  EXPECT_EQ(d.cells, (std::vector{cell(0, 0, -4), cell(1, 0, 10), cell(5, 0, -5), cell(9, 0, -1)}));
  EXPECT_EQ(d.placed_s, 0);
  EXPECT_EQ(d.unplaced_s, -5);
}

TEST(HeatCells, DifferBySumsExactly) {
  const HeatHours a = some_heat(1), b = some_heat(2);

  const HeatCells d = difference(heat_cells(a, kDay, kEveryHour), heat_cells(b, kDay, kEveryHour));

  std::int64_t sum = 0;
  for (const HeatCells::Cell& each : d.cells) sum += each.seconds;
  EXPECT_EQ(sum, d.placed_s);
  EXPECT_EQ(d.placed_s + d.unplaced_s, a.total_s() - b.total_s());
  EXPECT_TRUE(std::ranges::is_sorted(d.cells, {}, &HeatCells::Cell::place));
}

TEST(HeatCells, OfNothingLeaveTheOtherDayWhole) {
  const HeatCells day = heat_cells(some_heat(3), kDay, kEveryHour);

  EXPECT_EQ(difference(day, {}), day);
  EXPECT_EQ(difference({}, day).placed_s, -day.placed_s);
}

}  // namespace
}  // namespace fleet
