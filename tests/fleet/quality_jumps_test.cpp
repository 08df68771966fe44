// Positions that jump and counters that go back: what is believed only when it is repeated.
#include "quality_support.hpp"

namespace fleet::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Quality, RefusesAJumpFasterThanTheLimit) {
  // 200 km/h for 36 s is 2000 m; the grid rounds by up to 0.13 m there.
  EXPECT_THAT(
      [] {
        Judging j;
        j.take(at_s(0), kSite);
        return j.take(at_s(36), north(1999));
      }(),
      IsEmpty());
  EXPECT_THAT(
      [] {
        Judging j;
        j.take(at_s(0), kSite);
        return j.take(at_s(36), north(2001));
      }(),
      ElementsAre(of(Reason::jump, kPosition)));
}

TEST(Quality, AllowsExactlyTheSpeedLimit) {
  const GridPoint a = grid_from_lonlat(kSite), b{a.x, a.y + 100'000};
  const double metres = distance_m(lonlat_from_grid(a), lonlat_from_grid(b));
  const auto rejections = [&](double factor) {
    QualityRules rules;
    rules.max_speed_kmh = metres / 100 * 3.6 * factor;
    Judging j(rules);
    j.take(at_s(0), lonlat_from_grid(a));
    return j.take(at_s(100), lonlat_from_grid(b)).size();
  };

  EXPECT_EQ(rejections(1 + 1e-12), 0u);
  EXPECT_EQ(rejections(1 - 1e-9), 1u);
}

TEST(Quality, KeepsTheRestOfAReportThatJumps) {
  Judging j;
  j.take(at_s(0), kSite);

  EXPECT_THAT(j.take({.device = at_s(1), .position = north(9000), .values = {{kRpm, 900}}}),
              ElementsAre(of(Reason::jump, kPosition)));
  EXPECT_EQ(j.raw(kRpm), 900);
  EXPECT_EQ(j.raw(kPosition), packed(grid_from_lonlat(kSite)));
}

TEST(Quality, BelievesTheThirdOfThreeFixesThatAgree) {
  Judging j;
  j.take(at_s(0), kSite);
  const auto jump = ElementsAre(of(Reason::jump, kPosition));

  EXPECT_THAT(j.take(at_s(10), north(500'000)), jump);
  EXPECT_THAT(j.take(at_s(20), north(500'100)), jump);
  EXPECT_THAT(j.take(at_s(30), north(500'200)), IsEmpty());
  EXPECT_THAT(j.take(at_s(40), north(500'300)), IsEmpty());
  EXPECT_THAT(j.take(at_s(50), kSite), jump);
}

TEST(Quality, CountsOnlyConsecutiveFixesThatAgree) {
  Judging j;
  j.take(at_s(0), kSite);
  const auto jump = ElementsAre(of(Reason::jump, kPosition));

  EXPECT_THAT(j.take(at_s(10), north(500'000)), jump);
  EXPECT_THAT(j.take(at_s(20), north(500'100)), jump);
  EXPECT_THAT(j.take(at_s(30), north(900'000)), jump);  // another place: starts again
  EXPECT_THAT(j.take(at_s(40), north(900'100)), jump);
  EXPECT_THAT(j.take(at_s(50), north(100)), IsEmpty());  // the known place: they were wrong
  EXPECT_THAT(j.take(at_s(60), north(900'200)), jump);
  EXPECT_THAT(j.take(at_s(60), north(900'200)), jump);  // told twice is not two fixes
  EXPECT_THAT(j.take(at_s(70), north(900'300)), jump);
  EXPECT_THAT(j.take(at_s(65), north(900'250)), jump);  // out of order
  EXPECT_THAT(j.take(at_s(80), north(900'400)), IsEmpty());
}

TEST(Quality, MeasuresAJumpOfALateFixOverTheTimeBetween) {
  Judging j;
  j.take(at_s(3600), kSite);

  EXPECT_THAT(j.take(at_s(0), north(199'000)), IsEmpty());
  EXPECT_THAT(j.take(at_s(1), north(201'000)), ElementsAre(of(Reason::jump, kPosition)));
  EXPECT_EQ(j.noted(Reason::late), 1u);
}

TEST(Quality, SeesNoJumpAcrossTheDateLine) {
  Judging j;
  j.take(at_s(0), LonLat{179.9999, 10});

  EXPECT_THAT(j.take(at_s(10), LonLat{-179.9999, 10}), IsEmpty());
}

TEST(Quality, AgreesWithTheExactDistanceAtAnyLatitude) {
  // The quick test on the grid may only say yes where the sphere does.
  for (double lat = -80; lat <= 80; lat += 10) {
    for (double bearing = 0; bearing < 6.2; bearing += 0.5) {
      for (double metres : {1990.0, 2010.0}) {
        const double deg = metres / kEarthRadiusM * 180 / std::acos(-1.0);
        const LonLat a{100, lat};
        const LonLat b{100 + deg * std::sin(bearing) / std::cos(lat * std::acos(-1.0) / 180),
                       lat + deg * std::cos(bearing)};
        Judging j;
        j.take(at_s(0), a);

        EXPECT_EQ(j.take(at_s(36), b).size(), metres < 2000 ? 0u : 1u) << lat << " " << bearing;
      }
    }
  }
}

TEST(Quality, TakesACounterThatStaysOrGrows) {
  Judging j;
  j.take(at_s(0), kEngineHours, 1234.5);

  EXPECT_THAT(j.take(at_s(60), kEngineHours, 1234.5), IsEmpty());
  EXPECT_THAT(j.take(at_s(120), kEngineHours, 1234.51), IsEmpty());
  EXPECT_THAT(j.take(at_s(180), kEngineHours, 1234.50),
              ElementsAre(of(Reason::counter_back, kEngineHours)));
}

TEST(Quality, TakesTheThirdLowSampleOfACounterAsAReset) {
  for (FieldId counter : {kFuelUsedL, kEngineHours, kIdleHours}) {
    Judging j;
    const auto back = ElementsAre(of(Reason::counter_back, counter));
    j.take(at_s(0), counter, 5000);

    EXPECT_THAT(j.take(at_s(60), counter, 1), back);
    EXPECT_THAT(j.take(at_s(120), counter, 1), back);
    EXPECT_THAT(j.take(at_s(180), counter, 2), IsEmpty());
    EXPECT_THAT(j.take(at_s(240), counter, 3), IsEmpty());
  }
}

TEST(Quality, CountsOnlyConsecutiveLowSamplesThatGrow) {
  Judging j;
  const auto back = ElementsAre(of(Reason::counter_back, kEngineHours));
  j.take(at_s(0), kEngineHours, 5000);

  EXPECT_THAT(j.take(at_s(10), kEngineHours, 20), back);
  EXPECT_THAT(j.take(at_s(20), kEngineHours, 30), back);
  EXPECT_THAT(j.take(at_s(30), kEngineHours, 10), back);  // fell again: starts again
  EXPECT_THAT(j.take(at_s(40), kEngineHours, 10), back);
  EXPECT_THAT(j.take(at_s(50), kEngineHours, 5000), IsEmpty());  // they were wrong
  EXPECT_THAT(j.take(at_s(60), kEngineHours, 10), back);
  EXPECT_THAT(j.take(at_s(60), kEngineHours, 10), back);  // told twice is not two samples
  EXPECT_THAT(j.take(at_s(70), kEngineHours, 10), back);
  EXPECT_THAT(j.take(at_s(80), kEngineHours, 10), IsEmpty());
}

TEST(Quality, TakesALateCounterThoughItIsLower) {
  Judging j;
  j.take(at_s(60), kEngineHours, 5000);

  EXPECT_THAT(j.take(at_s(0), kEngineHours, 4999), IsEmpty());
  EXPECT_EQ(j.noted(Reason::late), 1u);
  EXPECT_EQ(j.raw(kEngineHours), 500'000);
}

TEST(Quality, LetsOtherValuesFall) {
  Judging j;
  j.take(at_s(0), kFuelLevelPct, 80);

  EXPECT_THAT(j.take(at_s(60), kFuelLevelPct, 10), IsEmpty());
}

}  // namespace
}  // namespace fleet::test
