#include "viewer/latency_clock.hpp"

#include <gtest/gtest.h>

namespace viewer {
namespace {

using namespace std::chrono_literals;
const LatencyClock::Steady kStart{1h};
const fleet::Time kFeed = fleet::time_from_ms(1'792'130'400'000);

TEST(LatencyClock, KnowsNothingBeforeTheFirstHeartbeat) {
  EXPECT_FALSE(LatencyClock{}.age_ms(kFeed, kStart));
}

TEST(LatencyClock, MeasuresFromTheFastestHeartbeat) {
  LatencyClock clock;
  clock.heartbeat(kFeed, kStart + 80ms, 1);         // slow: 80 ms on its way
  clock.heartbeat(kFeed + 1s, kStart + 1002ms, 1);  // fast: 2 ms
  clock.heartbeat(kFeed + 2s, kStart + 2050ms, 1);  // slow again: changes nothing

  EXPECT_NEAR(*clock.age_ms(kFeed + 2s, kStart + 2030ms), 28, 0.01);
}

TEST(LatencyClock, CountsRealMillisecondsAtAnySpeed) {
  LatencyClock clock;
  clock.heartbeat(kFeed, kStart, 60);

  EXPECT_NEAR(*clock.age_ms(kFeed + 60s, kStart + 1030ms), 30, 0.01);
}

TEST(LatencyClock, StartsAfreshWhenTheSpeedChanges) {
  LatencyClock clock;
  clock.heartbeat(kFeed, kStart, 1);
  clock.heartbeat(kFeed + 10s, kStart + 1s, 10);

  EXPECT_NEAR(*clock.age_ms(kFeed + 20s, kStart + 2010ms), 10, 0.01);
}

}  // namespace
}  // namespace viewer
