#include "fleet/activity.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace fleet {
namespace {

using test::at_s;
using test::report;
using test::state_with;
using test::tick_at;

const TimeZone kZone = TimeZone::fixed("UTC", std::chrono::seconds{0});

/// Three machines, of which two work.
FleetState two_at_work() {
  FleetState state = state_with(3);
  report(state, 0, at_s(0), {{kEngineOn, 1}, {kWorking, 1}});
  report(state, 1, at_s(0), {{kEngineOn, 1}, {kWorking, 0}});
  report(state, 2, at_s(0), {{kEngineOn, 1}, {kWorking, 1}});
  return state;
}

TEST(ActivitySampler, CountsMachinesAtWorkOnceInFiveMinutes) {
  const FleetState state = two_at_work();
  ActivitySampler sampler;

  const auto first = sampler.sample(state, at_s(10), kZone);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->step, 0);
  EXPECT_EQ(first->working, 2);
  EXPECT_EQ(first->day, 20'742);
  EXPECT_FALSE(sampler.sample(state, at_s(299), kZone));
  const auto second = sampler.sample(state, at_s(300), kZone);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->step, 1);
}

TEST(ActivitySampler, GoesByTheLocalDayOfItsZone) {
  const FleetState state = two_at_work();
  ActivitySampler sampler;

  const auto sample = sampler.sample(state, at_s(-1), kZone);
  EXPECT_EQ(sample->step, kActivitySteps - 1);
  EXPECT_EQ(sample->day, 20'741);
  EXPECT_EQ(sampler.sample(state, at_s(0), shanghai())->step, 8 * 12);
}

TEST(DayActivity, StartsAfreshWithAnotherDay) {
  DayActivity activity;
  activity.add(ActivitySample{20'742, 5, 17});
  activity.add(ActivitySample{20'742, 287, 0});
  EXPECT_EQ(activity.working[5], 17);
  EXPECT_EQ(activity.working[287], 0);
  EXPECT_EQ(activity.working[6], DayActivity::kNotKnown);

  activity.add(ActivitySample{20'743, 0, 3});
  EXPECT_EQ(activity.day, 20'743);
  EXPECT_EQ(activity.working[0], 3);
  EXPECT_EQ(activity.working[5], DayActivity::kNotKnown);
}

TEST(DayActivity, TravelsInTicksAndKeyframes) {
  FleetState gateway = two_at_work(), reader = state_with(3);
  TickBatch tick = tick_at(at_s(600), 2);
  tick.activity = ActivitySample{20'742, 2, 2};
  gateway.note_activity(*tick.activity);

  ASSERT_TRUE(reader.apply(tick).ok());
  EXPECT_EQ(reader.activity(), gateway.activity());
  FleetState late = state_with(3);
  ASSERT_TRUE(late.apply(gateway.keyframe()).ok());
  EXPECT_EQ(late.activity(), gateway.activity());
}

TEST(DayActivity, IsLeftOutAtAnInstantInsideTheTick) {
  FleetState reader = state_with(3);
  TickBatch tick = tick_at(at_s(600), 2);
  tick.activity = ActivitySample{20'742, 2, 2};

  ASSERT_TRUE(reader.apply(tick, nullptr, nullptr, tick.begin).ok());

  EXPECT_EQ(reader.activity().day, 0);
}

TEST(DayActivity, RefusesASampleOutsideTheDay) {
  FleetState reader = state_with(3);
  TickBatch tick = tick_at(at_s(600), 2);
  for (const int step : {-1, kActivitySteps}) {
    tick.activity = ActivitySample{20'742, step, 2};
    const auto applied = reader.apply(tick);
    ASSERT_FALSE(applied.ok());
    EXPECT_NE(applied.error().what.find("expected 0 to 287"), std::string::npos);
  }
  EXPECT_EQ(reader.activity().day, 0);
}

}  // namespace
}  // namespace fleet
