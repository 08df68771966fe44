#include "fleet/utilisation.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace fleet {
namespace {

using test::at_ms;
using test::at_s;
using test::report;
using test::state_with;

constexpr std::int32_t kToday = 20'742;  // 2026-10-16
const LocalDay kTodayDay{std::chrono::days{kToday}};

TEST(Utilisation, SumsTheFiguresOfToday) {
  FleetState state = state_with(4);
  state.set_figures(0, {kToday, 7200, 1800, 300, at_s(0)});
  state.set_figures(1, {kToday, 3600, 0, 105, at_s(0)});
  state.set_figures(2, {kToday - 1, 9999, 9999, 9999, at_s(0)});
  for (Slot m = 0; m < 3; ++m) report(state, m, at_s(0), {});
  const std::vector<Status> statuses = {Status::working, Status::working, Status::silent,
                                        Status::unknown};
  const std::vector<Slot> all = {0, 1, 2, 3};

  const Utilisation u = summarise(state, statuses, all, kTodayDay, at_s(60));

  EXPECT_EQ(u.machines, 4u);
  EXPECT_EQ(u.by_status, (std::array<std::uint32_t, kStatusCount>{2, 0, 0, 1, 1}));
  EXPECT_EQ(u.reported_today, 2u);
  EXPECT_EQ(u.connected, 3u);
  EXPECT_EQ(u.engine_h, 3.0);
  EXPECT_EQ(u.idle_h, 0.5);
  EXPECT_EQ(u.fuel_l, 40.5);
  EXPECT_EQ(u.operating_rate(), 2.0 / 3);
  EXPECT_EQ(u.average_h(), 1.5);
  EXPECT_EQ(u.idle_share(), 0.5 / 3);
}

TEST(Utilisation, CountsAsOperatingFromHalfAnHourOn) {
  FleetState state = state_with(3);
  for (Slot m = 0; m < 3; ++m) {
    state.set_figures(m, {kToday, 1799 + static_cast<std::int32_t>(m), 0, 0, at_s(0)});
  }
  const std::vector<Status> statuses(3, Status::working);
  const std::vector<Slot> all = {0, 1, 2};

  EXPECT_EQ(summarise(state, statuses, all, kTodayDay, at_s(0)).operating, 2u);
  EXPECT_EQ(summarise(state, statuses, all, kTodayDay, at_s(0)).worked, 3u);
  const UtilisationRules none{.operating_min_engine_h = 0};
  EXPECT_EQ(summarise(state, statuses, all, kTodayDay, at_s(0), none).operating, 3u);
}

TEST(Utilisation, CountsAsConnectedForThirtyDays) {
  FleetState state = state_with(1);
  report(state, 0, at_s(0), {});
  const std::vector<Status> statuses(1, Status::silent);
  const std::vector<Slot> all = {0};
  const Time last = at_s(0) + std::chrono::days{30};

  EXPECT_EQ(summarise(state, statuses, all, kTodayDay, last).connected, 1u);
  EXPECT_EQ(summarise(state, statuses, all, kTodayDay, last + Millis{1}).connected, 0u);
}

TEST(Utilisation, HasNoRatesOfNothing) {
  const Utilisation none = summarise(state_with(0), {}, {}, kTodayDay, at_s(0));

  EXPECT_EQ(none.operating_rate(), 0);
  EXPECT_EQ(none.average_h(), 0);
  EXPECT_EQ(none.idle_share(), 0);
}

TEST(Utilisation, AddsUpByRegion) {
  FleetState state = state_with(4);
  for (Slot m = 0; m < 4; ++m) {
    report(state, m, at_s(0), {});
    state.set_figures(m, {kToday, 3600 * (1 + static_cast<std::int32_t>(m)), 0, 0, at_s(0)});
  }
  const std::vector<Status> statuses(4, Status::working);
  const std::vector<RegionIndex> region_of = {1, kNoRegion, 1, 0};

  const auto u = summarise_by_region(state, statuses, region_of, 3, kTodayDay, at_s(0));

  ASSERT_EQ(u.by_region.size(), 3u);
  EXPECT_EQ(u.by_region[0].engine_h, 4);
  EXPECT_EQ(u.by_region[1].engine_h, 1 + 3);
  EXPECT_EQ(u.by_region[2].machines, 0u);
  EXPECT_EQ(u.all.engine_h, 10);
  EXPECT_EQ(u.all.machines, 4u);
}

TEST(Utilisation, OfTheFleetIsTheSameWithAndWithoutRegions) {
  FleetState state = state_with(6);
  for (Slot m = 0; m < 5; ++m) {
    report(state, m, at_s(0), {});
    const auto n = static_cast<std::int32_t>(m);
    state.set_figures(m, {kToday, 1000 * n, 300 * n, 7 * n, at_s(0)});
  }
  const std::vector<Status> statuses = {Status::working, Status::idling,  Status::stopped,
                                        Status::silent,  Status::working, Status::unknown};
  const std::vector<RegionIndex> region_of = {1, kNoRegion, 1, 0, kNoRegion, kNoRegion};

  const auto by_region = summarise_by_region(state, statuses, region_of, 3, kTodayDay, at_s(0)).all;
  const auto whole =
      summarise(state, statuses, std::vector<Slot>{0, 1, 2, 3, 4, 5}, kTodayDay, at_s(0));

  EXPECT_EQ(by_region.machines, whole.machines);
  EXPECT_EQ(by_region.by_status, whole.by_status);
  EXPECT_EQ(by_region.connected, whole.connected);
  EXPECT_EQ(by_region.operating, whole.operating);
  EXPECT_EQ(by_region.worked, whole.worked);
  EXPECT_EQ(by_region.reported_today, whole.reported_today);
  EXPECT_EQ(by_region.engine_h, whole.engine_h);
  EXPECT_EQ(by_region.idle_h, whole.idle_h);
  EXPECT_EQ(by_region.fuel_l, whole.fuel_l);
}

}  // namespace
}  // namespace fleet
