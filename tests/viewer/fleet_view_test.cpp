#include "viewer/fleet_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/fleet/builders.hpp"
#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using fleet::Status;
using render::PointInstance;
using testing::ElementsAre;
using testing_support::kSuzhou;
using testing_support::SmallFleet;

constexpr fleet::Time kNow = SmallFleet::kNow;
constexpr fleet::LonLat kWuxi{120.30, 31.55};

/// A square of a province around Suzhou, and a town in it.
fleet::Atlas one_province() {
  fleet::Atlas atlas;
  fleet::Region region;
  region.names = {"江苏", "Jiangsu"};
  const auto corner = [](double lon, double lat) { return fleet::grid_from_lonlat({lon, lat}); };
  region.rings = {{corner(119, 33), corner(122, 33), corner(122, 30), corner(119, 30)}};
  atlas.provinces.push_back(region);
  fleet::Place place;
  place.names = {"苏州", "Suzhou"};
  place.where = fleet::grid_from_lonlat(kSuzhou);
  atlas.places.push_back(place);
  return atlas;
}

struct View {
  fleet::Atlas atlas = one_province();
  FleetView view{atlas, fleet::shanghai()};
};

std::uint32_t grid_x(fleet::LonLat p) {
  return fleet::grid_from_lonlat(p).x << 4;
}

TEST(FleetView, HasAPointOfTheRightStatusForEveryMachine) {
  SmallFleet fleet;
  fleet.add("A", kSuzhou, Status::working, 247);
  fleet.add("B", kSuzhou, Status::idling);
  fleet.add("C", kSuzhou, Status::stopped);
  fleet.add("D", kSuzhou, Status::silent);
  View v;

  fleet.show(v.view);

  EXPECT_THAT(std::vector(v.view.statuses().begin(), v.view.statuses().end()),
              ElementsAre(Status::working, Status::idling, Status::stopped, Status::silent));
  for (fleet::Slot slot = 0; slot < 4; ++slot) {
    const PointInstance& p = v.view.points()[slot];
    EXPECT_EQ(p.style & 7u, slot) << "statuses are numbered as the styles are";
    EXPECT_EQ(p.style & PointInstance::kHidden, 0u);
    EXPECT_EQ(p.x, grid_x(kSuzhou));
    EXPECT_EQ(p.from_x, p.x) << "nothing glides into a first picture";
  }
  EXPECT_NE(v.view.points()[0].style & PointInstance::kHasHeading, 0u);
  EXPECT_EQ(v.view.points()[0].style >> 8 & 511u, 247u);
  EXPECT_EQ(v.view.points()[1].style & PointInstance::kHasHeading, 0u);
  EXPECT_TRUE(v.view.has_engine_data());
}

TEST(FleetView, HidesAMachineThatNeverReportedUntilItDoes) {
  SmallFleet fleet;
  const fleet::Slot slot = fleet.add("A", {}, Status::unknown);
  fleet.add("B", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  EXPECT_NE(v.view.points()[slot].style & PointInstance::kHidden, 0u);
  EXPECT_EQ(v.view.place_name(slot, true), "");

  ASSERT_TRUE(v.view.apply(fleet.move(slot, kSuzhou, kNow + 1s), kNow + 1s));

  EXPECT_EQ(v.view.points()[slot].style & PointInstance::kHidden, 0u);
  EXPECT_EQ(v.view.points()[slot].from_x, grid_x(kSuzhou)) << "it appears, it does not fly in";
}

TEST(FleetView, WhatAJumpInTimePassesOverGlidesNoMore) {
  SmallFleet fleet;
  const fleet::Slot slot = fleet.add("A", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);

  ASSERT_TRUE(v.view.apply(fleet.move(slot, kWuxi, kNow + 5s), kNow + 60s));

  EXPECT_FLOAT_EQ(v.view.points()[slot].moved_at_s, static_cast<float>(v.view.seconds(kNow + 5s)));
  EXPECT_EQ(v.view.last_move(), kNow + 5s);
}

TEST(FleetView, LetsAPointGlideFromWhereItWasAndTellsTheRendererAlone) {
  SmallFleet fleet;
  const fleet::Slot still = fleet.add("A", kSuzhou, Status::working);
  const fleet::Slot moves = fleet.add("B", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  v.view.clear_changed();

  ASSERT_TRUE(v.view.apply(fleet.move(moves, kWuxi, kNow + 5s), kNow + 5s));

  const PointInstance& p = v.view.points()[moves];
  EXPECT_EQ(p.from_x, grid_x(kSuzhou));
  EXPECT_EQ(p.x, grid_x(kWuxi));
  EXPECT_FLOAT_EQ(p.moved_at_s, static_cast<float>(v.view.seconds(kNow + 5s)));
  EXPECT_EQ(v.view.last_move(), kNow + 5s);
  EXPECT_THAT(std::vector(v.view.changed().begin(), v.view.changed().end()), ElementsAre(moves));
  EXPECT_FALSE(v.view.all_changed());
  EXPECT_EQ(v.view.points()[still].moved_at_s, -1e9f);
  v.view.clear_changed();
  EXPECT_TRUE(v.view.changed().empty());
}

TEST(FleetView, ListsAMachineOnceHoweverOftenItReports) {
  SmallFleet fleet;
  const fleet::Slot slot = fleet.add("A", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  v.view.clear_changed();

  ASSERT_TRUE(v.view.apply(fleet.move(slot, kWuxi, kNow + 1s), kNow + 1s));
  ASSERT_TRUE(v.view.apply(fleet.move(slot, kSuzhou, kNow + 2s), kNow + 2s));

  EXPECT_EQ(v.view.changed().size(), 1u);
  EXPECT_EQ(v.view.updates_applied(), 3u) << "one machine of the keyframe, two reports";
}

TEST(FleetView, TurnsAMachineSilentOnlyAfterItsThirdMissedReport) {
  SmallFleet fleet;
  const fleet::Slot slot = fleet.add("A", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  const fleet::Time last = fleet::silent_after(fleet.state().head(slot));

  v.view.update(last);
  EXPECT_EQ(v.view.statuses()[slot], Status::working);
  v.view.clear_changed();
  v.view.update(last + 1ms);

  EXPECT_EQ(v.view.statuses()[slot], Status::silent);
  EXPECT_EQ(v.view.points()[slot].style & 7u, static_cast<unsigned>(Status::silent));
  EXPECT_EQ(v.view.changed().size() + (v.view.all_changed() ? 1 : 0), 1u);
}

/// Statuses as they would be if every machine were looked at at `t`.
std::vector<Status> statuses_at(const fleet::FleetState& state, fleet::Time t) {
  std::vector<Status> statuses;
  for (fleet::Slot slot = 0; slot < state.machine_count(); ++slot) {
    statuses.push_back(fleet::status_of(state, slot, t));
  }
  return statuses;
}

std::vector<Status> shown(const FleetView& view) {
  return {view.statuses().begin(), view.statuses().end()};
}

TEST(FleetView, BringsASilentMachineBackWithItsNextReportAndLosesItAgain) {
  SmallFleet fleet;
  const fleet::Slot slot = fleet.add("A", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  const fleet::Time back = fleet::silent_after(fleet.state().head(slot)) + 1h;
  v.view.update(back);
  ASSERT_EQ(v.view.statuses()[slot], Status::silent);

  ASSERT_TRUE(v.view.apply(fleet.move(slot, kWuxi, back), back));
  EXPECT_EQ(v.view.statuses()[slot], Status::working);
  const fleet::Time last = fleet::silent_after(fleet.state().head(slot));
  v.view.update(last);
  EXPECT_EQ(v.view.statuses()[slot], Status::working);
  v.view.update(last + 1ms);

  EXPECT_EQ(v.view.statuses()[slot], Status::silent);
}

TEST(FleetView, TakesSilenceBackWhenTimeRunsBackward) {
  SmallFleet fleet;
  const fleet::Slot slot = fleet.add("A", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  const fleet::Time last = fleet::silent_after(fleet.state().head(slot));
  v.view.update(last + 1ms);
  ASSERT_EQ(v.view.statuses()[slot], Status::silent);

  v.view.update(last);
  EXPECT_EQ(v.view.statuses()[slot], Status::working);
  v.view.update(last + 1ms);

  EXPECT_EQ(v.view.statuses()[slot], Status::silent);
}

TEST(FleetView, FollowsAChangeOfTheExpectedPeriodAtOnce) {
  SmallFleet fleet;
  const fleet::Slot slot = fleet.add("A", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  const fleet::Time heard = fleet.state().head(slot).receive_time;
  fleet::TickBatch tick;
  tick.begin = kNow;
  tick.end = kNow + 1s;
  tick.position = {1, 1000};
  tick.periods = {{slot, 60'000}};

  ASSERT_TRUE(v.view.apply(tick, kNow + 1s));
  v.view.update(heard + 3min);
  EXPECT_EQ(v.view.statuses()[slot], Status::working);
  v.view.update(heard + 3min + 1ms);

  EXPECT_EQ(v.view.statuses()[slot], Status::silent);
}

TEST(FleetView, ShowsEveryMachineAsIfItWereLookedAtEachFrameAtAnySpeed) {
  for (const std::chrono::milliseconds frame : {16ms, 1440 * 16ms, -1440 * 16ms, 180'000ms}) {
    SmallFleet fleet = testing_support::suzhou_fleet();
    View v;
    fleet.show(v.view);
    fleet::Time t = kNow;
    for (int i = 0; i < 2000; ++i) {
      t += frame;
      if (frame > 0ms && i % 50 == 7) {
        const auto slot = static_cast<fleet::Slot>(i) % 100;
        ASSERT_TRUE(v.view.apply(fleet.move(slot, kWuxi, t), t));
      }
      v.view.update(t);
      ASSERT_EQ(shown(v.view), statuses_at(v.view.state(), t))
          << "frame " << i << " of " << frame.count() << " ms";
    }
  }
}

TEST(FleetView, SumsFiguresOnceAFeedSecondAndAtOnceAfterAJumpBack) {
  SmallFleet fleet;
  fleet.add("A", kSuzhou, Status::working);
  fleet.add("B", kSuzhou, Status::stopped);
  View v;
  fleet.show(v.view);
  const auto version = v.view.figures_version();
  EXPECT_EQ(v.view.figures().all.by_status[0], 1u);
  EXPECT_EQ(v.view.figures().all.machines, 2u);

  v.view.update(kNow + 999ms);
  EXPECT_EQ(v.view.figures_version(), version);
  v.view.update(kNow + 1s);
  EXPECT_EQ(v.view.figures_version(), version + 1);
  v.view.update(kNow);

  EXPECT_EQ(v.view.figures_version(), version + 2);
}

TEST(FleetView, KeepsPlacesExactAndGlidesSmoothAfterHours) {
  SmallFleet fleet;
  const fleet::Slot slot = fleet.add("A", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  v.view.update(kNow + 3h);  // far beyond what a float of seconds holds to the millisecond

  ASSERT_TRUE(v.view.apply(fleet.move(slot, kWuxi, kNow + 3h), kNow + 3h));

  const double since =
      v.view.seconds(kNow + 3h + 250ms) - static_cast<double>(v.view.points()[slot].moved_at_s);
  EXPECT_NEAR(since, 0.25, 1e-3);
}

TEST(FleetView, NamesThePlaceOfAMachineInBothLanguages) {
  SmallFleet fleet;
  const fleet::Slot town = fleet.add("A", kSuzhou, Status::working);
  View v;

  fleet.show(v.view);

  EXPECT_EQ(v.view.place_name(town, false), "江苏 苏州");
  EXPECT_EQ(v.view.place_name(town, true), "Suzhou, Jiangsu");
  EXPECT_EQ(v.view.place_name(99, true), "") << "no such machine";
  EXPECT_EQ(v.view.region_of()[town], 0);
}

TEST(FleetView, RefusesATickOfAMachineItDoesNotKnowAndStaysAsItWas) {
  SmallFleet fleet;
  fleet.add("A", kSuzhou, Status::working);
  View v;
  fleet.show(v.view);
  const auto hash = v.view.state().hash();
  fleet::TickBatch bad = fleet.move(0, kWuxi, kNow + 1s);
  bad.rows[0].machine = 7;

  EXPECT_FALSE(v.view.apply(bad, kNow + 1s));

  EXPECT_EQ(v.view.state().hash(), hash);
  EXPECT_EQ(v.view.points()[0].x, grid_x(kSuzhou));
}

TEST(FleetView, ForgetsChangesOfMachinesThatAreGone) {
  SmallFleet large, small;
  for (const char* id : {"A", "B", "C"}) large.add(id, kSuzhou, Status::working);
  small.add("X", kSuzhou, Status::working);
  View v;
  large.show(v.view);
  v.view.clear_changed();
  ASSERT_TRUE(v.view.apply(large.move(2, kWuxi, kNow + 1s), kNow + 1s));
  ASSERT_EQ(v.view.changed().size(), 1u);

  small.show(v.view);

  EXPECT_TRUE(v.view.all_changed());
  EXPECT_TRUE(v.view.changed().empty());
  v.view.clear_changed();
}

TEST(KnownSince, IsWhenTheRecordOfTheDayBegins) {
  constexpr std::int32_t kToday = 20'742;  // 2026-10-16
  const auto since = [](std::vector<int> steps) {
    SmallFleet fleet;
    fleet.add("A", kSuzhou, Status::working);
    for (const int step : steps) fleet.state().note_activity({kToday, step, 1});
    View v;
    fleet.show(v.view);
    return known_since(v.view);
  };

  EXPECT_EQ(since({96, 97, 120}), "08:00");
  EXPECT_EQ(since({2, 3}), "00:10");
  EXPECT_EQ(since({1, 2, 3}), "") << "the day's first minutes are the day";
  EXPECT_EQ(since({0, 100}), "");
  EXPECT_EQ(since({}), "") << "the step under way alone says nothing";
}

TEST(FleetView, HasAnOperatingRateWhereAnEngineOrAnHourCounterIsKnown) {
  const auto rate_of = [](std::map<fleet::FieldId, std::int64_t> values) {
    SmallFleet fleet;
    const fleet::Slot slot = fleet.add("A", kSuzhou, Status::unknown);
    fleet::TickBatch tick = fleet::test::tick_at(kNow - 2s, 1);
    fleet::test::RowOf{slot, kNow - 1s, kNow - 1s, std::move(values)}.accept_into(fleet.state(),
                                                                                  tick);
    fleet.state().finish_tick(tick.position, tick.end);
    View v;
    fleet.show(v.view);
    return utilisation_model(v.view).operating_rate;
  };

  EXPECT_TRUE(std::isnan(rate_of({{fleet::kSpeedKmh, 40}}))) << "0 % would be no figure";
  EXPECT_EQ(rate_of({{fleet::kEngineOn, 0}}), 0);
  EXPECT_EQ(rate_of({{fleet::kEngineHours, 12'345}}), 0);
}

TEST(FleetView, IsEmptyBeforeAnythingCame) {
  View v;

  v.view.update(kNow);

  EXPECT_TRUE(v.view.points().empty());
  EXPECT_EQ(v.view.figures_version(), 0u);
  EXPECT_FALSE(v.view.has_engine_data());
}

TEST(FleetView, TheEndOfARecordingAtMidnightIsOfTheDayBefore) {
  const fleet::Atlas atlas;
  FleetView view(atlas, fleet::shanghai());
  const fleet::LocalDay friday = *fleet::parse_day("2026-10-16");
  const fleet::Time midnight = fleet::shanghai().start_of(friday + std::chrono::days{1});
  EXPECT_EQ(view.day_of(midnight), friday + std::chrono::days{1}) << "live";
  view.set_end(midnight);
  EXPECT_EQ(view.day_of(midnight), friday);
  EXPECT_EQ(view.day_of(midnight - fleet::Millis{1}), friday);
  view.set_end(midnight + fleet::Millis{1});
  EXPECT_EQ(view.day_of(midnight), friday + std::chrono::days{1}) << "it goes on";
  EXPECT_EQ(view.day_of(midnight + fleet::Millis{1}), friday + std::chrono::days{1});
}

}  // namespace
}  // namespace viewer
