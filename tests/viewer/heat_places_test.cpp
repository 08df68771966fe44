// The places that the heat is drawn from, and what a person chooses of it.
#include "viewer/heat/heat_places.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/viewer/small_fleet.hpp"

namespace viewer {
namespace {

TEST(HeatChoice, ReadsHoursOfTheDay) {
  EXPECT_EQ(parse_hours("7-9"), (HourSpan{7, 9}));
  EXPECT_EQ(parse_hours("20-6"), (HourSpan{20, 6}));
  EXPECT_EQ(parse_hours("0-24"), HourSpan{});
  EXPECT_EQ(parse_hours("23-24"), (HourSpan{23, 24}));
  for (const char* wrong : {"", "7", "7-", "-9", "7-25", "7-7", "24-0", "7-9x", "a-b", "7–9"}) {
    EXPECT_FALSE(parse_hours(wrong)) << wrong;
  }
}

TEST(HeatChoice, CountsTheHoursOfASpanThatGoesOverMidnight) {
  const HourSpan night{20, 6}, morning{7, 9};

  EXPECT_TRUE(night.has(20) && night.has(23) && night.has(0) && night.has(5));
  EXPECT_FALSE(night.has(6) || night.has(19));
  EXPECT_TRUE(morning.has(7) && morning.has(8));
  EXPECT_FALSE(morning.has(6) || morning.has(9));
}

TEST(HeatChoice, GoesThroughMeasuresAndRadii) {
  HeatChoice choice;
  next_measure(choice);
  EXPECT_EQ(choice.measure, HeatMeasure::working);
  next_measure(choice);
  next_measure(choice);
  EXPECT_EQ(choice.measure, HeatMeasure::hours) << "no field was named";

  choice.radius_m = 3000;
  next_radius(choice);
  EXPECT_EQ(choice.radius_m, 5000);
  choice.radius_m = 10'000;
  next_radius(choice);
  EXPECT_EQ(choice.radius_m, 500);
}

/// A fleet shown at SmallFleet::kNow, in whose state hours were worked.
class HeatPlacesTest : public ::testing::Test {
 protected:
  static constexpr std::int32_t kToday = 20'742;

  HeatPlacesTest() {
    working_ = fleet_.add("A", {120.60, 31.30}, fleet::Status::working);
    stopped_ = fleet_.add("B", {121.60, 31.20}, fleet::Status::stopped);
    unplaced_ = fleet_.add("C", {}, fleet::Status::unknown);
    work(working_, 1800, {{2, 0, 8, 600}, {0, 0, 13, 0}});
    work(stopped_, 3600, {{0, 0, 8, 0}});
    fleet_.show(view_);
  }

  void work(fleet::Slot machine, std::int32_t seconds, std::vector<fleet::HeatShare> shares) {
    fleet_.state().set_figures(machine, {.day = kToday, .engine_s = seconds}, shares);
  }
  bool update(const HeatChoice& choice = {}) {
    return places_.update(view_, choice, fleet::LocalDay{std::chrono::days{kToday}});
  }
  double sum() const {
    double sum = 0;
    for (const render::HeatPlace& place : places_.places())
      sum += static_cast<double>(place.weight);
    return sum;
  }

  testing_support::SmallFleet fleet_;
  fleet::Atlas atlas_;
  FleetView view_{atlas_, fleet::shanghai()};
  fleet::Slot working_, stopped_, unplaced_;
  HeatPlaces places_;
};

TEST_F(HeatPlacesTest, HoldTheHoursOfTheDayWhereTheyWereWorked) {
  EXPECT_TRUE(update());

  EXPECT_EQ(places_.places().size(), 3u);
  EXPECT_NEAR(sum(), 1.5, 1e-6);
  EXPECT_DOUBLE_EQ(places_.total(), 1.5);
  EXPECT_DOUBLE_EQ(places_.total(), view_.figures().all.working_h);
  const fleet::GridPoint at = fleet::grid_from_lonlat({121.60, 31.20});
  const auto near = [&](const render::HeatPlace& p) {
    const auto half_cell = std::int64_t{1} << (31 - fleet::kHeatCellBits);
    return p.weight == 1 && std::abs(std::int64_t{p.x} - (std::int64_t{at.x} << 4)) <= half_cell &&
           std::abs(std::int64_t{p.y} - (std::int64_t{at.y} << 4)) <= half_cell;
  };
  EXPECT_TRUE(std::ranges::any_of(places_.places(), near));
}

TEST_F(HeatPlacesTest, ChangeOnlyWithTheFleetOrTheChoice) {
  EXPECT_TRUE(update());
  EXPECT_FALSE(update());

  HeatChoice morning;
  morning.hours = {7, 9};
  EXPECT_TRUE(update(morning));
  EXPECT_DOUBLE_EQ(places_.total(), 1800.0 / 3600 - 1200.0 / 3600 + 1.0);
  EXPECT_FALSE(update(morning));
}

TEST_F(HeatPlacesTest, FollowTheFleetCellByCell) {
  update();
  work(working_, 5400, {{0, 0, 13, 0}});
  fleet_.show(view_);

  EXPECT_TRUE(update());

  EXPECT_EQ(places_.places().size(), 3u);
  EXPECT_DOUBLE_EQ(places_.total(), 2.5);
}

TEST_F(HeatPlacesTest, BeginAnewWithAnotherStateThatCountsTheSame) {
  update();
  testing_support::SmallFleet other;
  const fleet::Slot machine = other.add("Z", {104.07, 30.66}, fleet::Status::working);
  const fleet::HeatShare share{0, 0, 9, 0};
  other.state().set_figures(machine, {.day = kToday, .engine_s = 7200}, {&share, 1});
  FleetView view{atlas_, fleet::shanghai()};
  other.show(view);
  ASSERT_EQ(view.state().heat().generation(), view_.state().heat().generation());
  ASSERT_NE(view.state().heat().version(), view_.state().heat().version());

  EXPECT_TRUE(places_.update(view, {}, fleet::LocalDay{std::chrono::days{kToday}}));

  EXPECT_EQ(places_.places().size(), 1u);
  EXPECT_DOUBLE_EQ(places_.total(), 2);
}

TEST_F(HeatPlacesTest, AreEmptyOnAnotherDay) {
  update();

  const bool changed = places_.update(view_, {}, fleet::LocalDay{std::chrono::days{kToday + 1}});

  EXPECT_TRUE(changed);
  EXPECT_TRUE(places_.places().empty());
  EXPECT_EQ(places_.total(), 0);
  EXPECT_TRUE(update()) << "and come back with their day";
  EXPECT_DOUBLE_EQ(places_.total(), 1.5);
}

TEST_F(HeatPlacesTest, TellHoursThatHaveNoPlace) {
  work(unplaced_, 900, {{0, 0, 8, 0}});
  fleet_.show(view_);

  update();

  EXPECT_DOUBLE_EQ(places_.total(), 1.5);
  EXPECT_DOUBLE_EQ(places_.unplaced(), 0.25);
}

TEST_F(HeatPlacesTest, HoldMachinesOrAFieldWhereTheMachinesAre) {
  HeatChoice machines;
  machines.measure = HeatMeasure::machines;
  update(machines);
  EXPECT_EQ(places_.total(), 2);

  HeatChoice engines;
  engines.measure = HeatMeasure::field;
  engines.field = "engine_on";
  update(engines);
  EXPECT_EQ(places_.total(), 1);

  engines.field = "nothing_of_the_kind";
  update(engines);
  EXPECT_TRUE(places_.places().empty());
}

}  // namespace
}  // namespace viewer
