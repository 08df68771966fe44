#include "fleet/sim/simulator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "fleet/sim/crew.hpp"

namespace fleet::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Time kMorning = time_from_ms(1792108800000);  // 2026-10-16T08:00+08:00

SimConfig small(std::uint32_t machines = 400, std::uint64_t seed = 7) {
  SimConfig config;
  config.machines = machines;
  config.seed = seed;
  config.start = kMorning;
  return config;
}

/// Compares as bytes, so that NaN equals NaN.
bool same_values(const ReportBatch& a, const ReportBatch& b) {
  if (a.values.size() != b.values.size()) return false;
  for (std::size_t i = 0; i < a.values.size(); ++i)
    if (a.values[i].field != b.values[i].field ||
        std::memcmp(&a.values[i].value, &b.values[i].value, sizeof(double)) != 0)
      return false;
  return true;
}

void expect_same(const ReportBatch& a, const ReportBatch& b) {
  ASSERT_EQ(a.reports.size(), b.reports.size());
  for (std::size_t i = 0; i < a.reports.size(); ++i) {
    const Report &x = a.reports[i], &y = b.reports[i];
    ASSERT_EQ(x.machine, y.machine) << i;
    ASSERT_EQ(x.device_time, y.device_time) << i;
    ASSERT_EQ(x.receive_time, y.receive_time) << i;
    ASSERT_EQ(x.position, y.position) << i;
    ASSERT_EQ(x.has_faults, y.has_faults) << i;
    ASSERT_EQ(x.value_begin, y.value_begin) << i;
    ASSERT_EQ(x.fault_end, y.fault_end) << i;
  }
  EXPECT_TRUE(same_values(a, b));
  EXPECT_EQ(a.faults, b.faults);
}

TEST(Simulator, SaysTheSameForTheSameArguments) {
  Simulator one(small()), two(small());
  ReportBatch a, b;

  one.advance(kMorning + hours{3}, a);
  two.advance(kMorning + hours{3}, b);

  EXPECT_GT(a.reports.size(), 10'000u);
  expect_same(a, b);
}

TEST(Simulator, SaysSomethingElseForAnotherSeed) {
  Simulator one(small(400, 7)), two(small(400, 8));
  ReportBatch a, b;

  one.advance(kMorning + minutes{10}, a);
  two.advance(kMorning + minutes{10}, b);

  EXPECT_FALSE(same_values(a, b));
  EXPECT_NE(one.machines()[5].customer, two.machines()[5].customer);
}

TEST(Simulator, SaysTheSameInOneStepAndInManyUnevenOnes) {
  Simulator one(small()), many(small());
  ReportBatch a, b;

  one.advance(kMorning + hours{20}, a);
  for (int i = 0; many.now() < kMorning + hours{20}; ++i)
    many.advance(
        std::min(many.now() + milliseconds{1 + (i * 7919) % 240'000}, kMorning + hours{20}), b);

  expect_same(a, b);
}

/// Reports of one batch in the order that `advance` promises, values and faults in that order too.
ReportBatch in_order(const ReportBatch& batch) {
  std::vector<const Report*> order;
  for (const Report& r : batch.reports) order.push_back(&r);
  std::ranges::stable_sort(order, {},
                           [](const Report* r) { return std::pair(r->receive_time, r->machine); });
  ReportBatch sorted;
  for (const Report* r : order) {
    const auto values = batch.values_of(*r);
    const auto faults = batch.faults_of(*r);
    Report& copy = sorted.reports.emplace_back(*r);
    copy.value_begin = static_cast<std::uint32_t>(sorted.values.size());
    copy.fault_begin = static_cast<std::uint32_t>(sorted.faults.size());
    sorted.values.insert(sorted.values.end(), values.begin(), values.end());
    sorted.faults.insert(sorted.faults.end(), faults.begin(), faults.end());
    copy.value_end = static_cast<std::uint32_t>(sorted.values.size());
    copy.fault_end = static_cast<std::uint32_t>(sorted.faults.size());
  }
  return sorted;
}

/// From 08:00 to 02:30 of the next day plus `rest`, group after group by uneven steps, then on
/// together; against one advance of everything.
void expect_groups_say_the_same(milliseconds rest) {
  Simulator whole(small(kCrewMachines + 300)), apart(small(kCrewMachines + 300));
  const Time until = kMorning + hours{18} + minutes{30} + rest;
  ReportBatch a, b, after_a, after_b;

  whole.advance(until, a);
  ASSERT_EQ(apart.group_count(), 2u);
  for (std::size_t g = apart.group_count(); g-- > 0;) {
    EXPECT_EQ(apart.now(), kMorning) << "as far as the group that is behind";
    for (Time t = kMorning; t < until;)
      apart.advance_group(g, t = std::min(until, t + minutes{61} + milliseconds{17}), b);
  }
  EXPECT_EQ(apart.now(), until);
  whole.advance(until + minutes{5}, after_a);
  apart.advance(until + minutes{5}, after_b);

  expect_same(a, in_order(b));
  expect_same(after_a, after_b);
}

TEST(Simulator, GroupsByThemselvesSayTheSameAndGoOnTogether) {
  expect_groups_say_the_same(milliseconds{12'345});
}

TEST(Simulator, GroupsGoOnTogetherFromTheEdgesOfAMinute) {
  expect_groups_say_the_same(milliseconds{-1});
  expect_groups_say_the_same(milliseconds{0});
}

TEST(Simulator, GroupsShareOutAllMachines) {
  for (const Slot machines : {Slot{1}, kCrewMachines - 1, kCrewMachines, kCrewMachines + 1}) {
    const Simulator sim(small(machines));
    Slot next = 0;
    for (std::size_t g = 0; g < sim.group_count(); ++g) {
      EXPECT_EQ(sim.group(g).begin, next);
      EXPECT_GT(sim.group(g).end, next);
      next = sim.group(g).end;
    }
    EXPECT_EQ(next, machines);
  }
}

TEST(Simulator, AFleetWokenLaterOnTheSameDayGoesOnAsIfItHadRunSinceMidnight) {
  // Machines with a dead modem speak once after the start, so they are left out.
  SimConfig early = small(), late = small();
  early.start = kMorning - hours{8};
  late.start = kMorning + hours{6};
  Simulator one(early), two(late);
  ReportBatch skipped, a, b;

  one.advance(late.start, skipped);
  one.advance(late.start + hours{1}, a);
  two.advance(late.start + hours{1}, b);

  std::set<Slot> alive;
  for (const Report& r : a.reports) alive.insert(r.machine);
  const auto keep = [&](const ReportBatch& batch) {
    ReportBatch kept;
    for (const Report& r : batch.reports) {
      if (!alive.count(r.machine)) continue;
      const auto values = batch.values_of(r);
      kept.reports.push_back(r);
      kept.reports.back().value_begin = static_cast<std::uint32_t>(kept.values.size());
      kept.values.insert(kept.values.end(), values.begin(), values.end());
    }
    return kept;
  };
  const ReportBatch kept_a = keep(a), kept_b = keep(b);
  ASSERT_GT(kept_a.reports.size(), 1000u);
  ASSERT_EQ(kept_a.reports.size(), kept_b.reports.size());
  EXPECT_TRUE(same_values(kept_a, kept_b));
}

TEST(Simulator, SortsByReceiveTimeThenMachineAndNeverReceivesBeforeNow) {
  Simulator sim(small());
  ReportBatch batch;

  sim.advance(kMorning + hours{2}, batch);

  ASSERT_FALSE(batch.reports.empty());
  EXPECT_GT(batch.reports.front().receive_time, kMorning);
  EXPECT_LE(batch.reports.back().receive_time, kMorning + hours{2});
  for (std::size_t i = 1; i < batch.reports.size(); ++i) {
    const Report &x = batch.reports[i - 1], &y = batch.reports[i];
    ASSERT_LE(std::pair(x.receive_time, x.machine), std::pair(y.receive_time, y.machine));
  }
}

TEST(Simulator, MakesFleetsOfOneAndClampsBeyondTheLimits) {
  Simulator one(small(1)), none(small(0));
  ReportBatch batch;

  one.advance(kMorning + hours{24}, batch);

  EXPECT_EQ(one.machines().size(), 1u);
  EXPECT_EQ(none.machines().size(), 1u);
  EXPECT_FALSE(batch.reports.empty());
}

TEST(Simulator, MovingMachinesReportEverySecondInOrder) {
  SimConfig config = small(50);
  config.moving = true;
  Simulator one(config), many(config);
  ReportBatch a, b;

  one.advance(kMorning + seconds{60}, a);
  for (int i = 1; i <= 120; ++i) many.advance(kMorning + milliseconds{500 * i}, b);

  EXPECT_EQ(a.reports.size(), 50u * 60u);
  expect_same(a, b);
}

}  // namespace
}  // namespace fleet::sim
