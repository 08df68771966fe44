// Which values of a report are taken, and of which the judge says why not.
#include <limits>

#include "quality_support.hpp"

namespace fleet::test {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Quality, KeepsAGoodReportWhole) {
  Judging j;

  const auto rejected = j.take({.position = kSite, .values = {{kSpeedKmh, 4.2}, {kRpm, 1800}}});

  EXPECT_THAT(rejected, IsEmpty());
  EXPECT_TRUE(j.accepted());
  EXPECT_EQ(j.raw(kSpeedKmh), 42);
  EXPECT_EQ(j.raw(kPosition), packed(grid_from_lonlat(kSite)));
  EXPECT_EQ(j.counters().received, 3u);
  EXPECT_EQ(j.counters().stored, 3u);
}

TEST(Quality, AcceptsAReportOfNothingButItsTime) {
  Judging j;

  EXPECT_THAT(j.take(Line{}), IsEmpty());

  EXPECT_TRUE(j.accepted());
  EXPECT_EQ(j.counters().received, 0u);
}

TEST(Quality, DropsOnlyTheBadField) {
  Judging j;

  EXPECT_THAT(j.take({.position = LonLat{0, 0}, .values = {{kRpm, 9000}, {kSpeedKmh, 4}}}),
              ElementsAre(of(Reason::zero_island, kPosition), of(Reason::range, kRpm)));

  EXPECT_TRUE(j.accepted());
  EXPECT_FALSE(j.kept(kPosition));
  EXPECT_TRUE(j.kept(kSpeedKmh));
}

TEST(Quality, AcceptsAReportWhoseEveryValueIsBad) {
  Judging j;

  EXPECT_THAT(j.take(at_s(0), kRpm, -1), ElementsAre(of(Reason::range, kRpm)));

  EXPECT_TRUE(j.accepted());
}

TEST(Quality, PutsTheZeroIslandWithinAThousandthOfADegree) {
  const auto rejects = [](double lon, double lat) {
    return !Judging().take(at_s(0), LonLat{lon, lat}).empty();
  };

  EXPECT_TRUE(rejects(0, 0));
  EXPECT_TRUE(rejects(0.000999, -0.000999));
  EXPECT_FALSE(rejects(0.001, 0));
  EXPECT_FALSE(rejects(0, -0.001));
  EXPECT_FALSE(rejects(0, 0.00101));
}

TEST(Quality, HoldsPositionsToTheEarth) {
  const auto range = ElementsAre(of(Reason::range, kPosition));
  const auto take = [](double lon, double lat) {
    return Judging().take(at_s(0), LonLat{lon, lat});
  };

  for (double edge : {180.0, -180.0}) EXPECT_THAT(take(edge, 30), IsEmpty());
  for (double edge : {90.0, -90.0}) EXPECT_THAT(take(120, edge), IsEmpty());
  EXPECT_THAT(take(180.0001, 30), range);
  EXPECT_THAT(take(-180.0001, 30), range);
  EXPECT_THAT(take(120, 90.0001), range);
  EXPECT_THAT(take(120, -90.0001), range);
  EXPECT_THAT(take(kNan, 30), range);
  EXPECT_THAT(take(120, kNan), range);
  EXPECT_THAT(take(HUGE_VAL, 30), range);
}

TEST(Quality, HoldsEveryFieldToItsPhysicalRange) {
  const FieldCatalog catalog;
  for (FieldId f = kPosition + 1; f < kCoreFieldCount; ++f) {
    const double min = catalog[f].min, max = catalog[f].max, step = catalog[f].step;
    const auto range = ElementsAre(of(Reason::range, f));

    EXPECT_THAT(Judging().take(at_s(0), f, min), IsEmpty()) << catalog[f].name;
    EXPECT_THAT(Judging().take(at_s(0), f, max), IsEmpty());
    EXPECT_THAT(Judging().take(at_s(0), f, (min + max) / 2), IsEmpty());
    EXPECT_THAT(Judging().take(at_s(0), f, min - step), range);
    EXPECT_THAT(Judging().take(at_s(0), f, max + step), range);
    EXPECT_THAT(Judging().take(at_s(0), f, kNan), range);
    EXPECT_THAT(Judging().take(at_s(0), f, HUGE_VAL), range);
    EXPECT_THAT(Judging().take(at_s(0), f, -HUGE_VAL), range);
  }
}

TEST(Quality, StoresAFullTurnAsNorth) {
  Judging j;

  EXPECT_THAT(j.take(at_s(0), kHeadingDeg, 360), IsEmpty());
  EXPECT_EQ(j.raw(kHeadingDeg), 0);
  EXPECT_THAT(j.take(at_s(0), kHeadingDeg, 0), ElementsAre(of(Reason::duplicate, kNoField)));
}

TEST(Quality, RefusesAReportFromTheFutureWhole) {
  const Time now = at_s(0);
  Judging j;
  const auto take = [&](Time device) {
    return j.take({.device = device, .position = kSite, .values = {{kRpm, 1}}, .receive = now});
  };

  EXPECT_THAT(take(now + minutes{5} + Millis{1}), ElementsAre(of(Reason::future, kNoField)));
  EXPECT_FALSE(j.accepted());
  EXPECT_EQ(j.rejected(Reason::future), 3u);  // two values and the time
  EXPECT_THAT(take(Time::max()), ElementsAre(of(Reason::future, kNoField)));
  EXPECT_THAT(take(now + minutes{5} - Millis{1}), IsEmpty());
  EXPECT_THAT(take(now + minutes{5}), IsEmpty());
}

TEST(Quality, RefusesAnAncientReportWhole) {
  const Time y2k = time_from_ms(946684800000);
  Judging j;
  const auto take = [&](Time device) {
    return j.take({.device = device, .values = {{kRpm, 1}}, .receive = at_s(0)});
  };

  EXPECT_THAT(take(y2k - Millis{1}), ElementsAre(of(Reason::ancient, kNoField)));
  EXPECT_THAT(take(Time::min()), ElementsAre(of(Reason::ancient, kNoField)));
  EXPECT_THAT(take(y2k), IsEmpty());
  EXPECT_THAT(take(y2k + Millis{1}), IsEmpty());
}

TEST(Quality, RefusesTheSameReportTwice) {
  Judging j;
  const Line line{.position = kSite, .values = {{kRpm, 900}, {kSpeedKmh, 4}}, .faults = {{}}};
  EXPECT_THAT(j.take(line), IsEmpty());

  EXPECT_THAT(j.take(line), ElementsAre(of(Reason::duplicate, kNoField)));

  EXPECT_FALSE(j.accepted());
  EXPECT_EQ(j.rejected(Reason::duplicate), 4u);
}

TEST(Quality, RefusesARepeatedReportEvenWhenItHadABadValue) {
  Judging j;
  const Line line{.position = LonLat{0, 0}, .values = {{kRpm, 900}}};
  j.take(line);

  EXPECT_THAT(j.take(line),
              ElementsAre(of(Reason::zero_island, kPosition), of(Reason::duplicate, kNoField)));
  EXPECT_FALSE(j.accepted());
}

TEST(Quality, KeepsWhatIsNewInAReportOfAKnownTime) {
  Judging j;
  j.take(at_s(0), kRpm, 900);

  EXPECT_THAT(j.take({.values = {{kRpm, 900}, {kSpeedKmh, 4}}}),
              ElementsAre(of(Reason::duplicate, kRpm)));
  EXPECT_TRUE(j.accepted());
  EXPECT_EQ(j.raw(kSpeedKmh), 40);
}

TEST(Quality, TakesTheSameValueAtAnotherTime) {
  Judging j;
  j.take(at_s(0), kRpm, 900);

  EXPECT_THAT(j.take(at_ms(1), kRpm, 900), IsEmpty());
}

TEST(Quality, SettlesAConflictByTextWhateverTheOrder) {
  // "1000" is before "900" in byte order.
  Judging a, b;

  a.take(at_s(0), kRpm, 900);
  EXPECT_THAT(a.take(at_s(0), kRpm, 1000), IsEmpty());
  b.take(at_s(0), kRpm, 1000);
  EXPECT_THAT(b.take(at_s(0), kRpm, 900), ElementsAre(of(Reason::conflict, kRpm)));

  EXPECT_EQ(a.raw(kRpm), 1000);
  EXPECT_EQ(b.raw(kRpm), 1000);
  EXPECT_EQ(a.noted(Reason::conflict), 1u);
  EXPECT_EQ(b.rejected(Reason::conflict), 1u);
  EXPECT_TRUE(b.accepted());
}

TEST(Quality, SettlesAConflictOfNeighbouringPositionsTheSameWay) {
  Judging a, b;
  const GridPoint p = grid_from_lonlat({10.0, 80.0});  // steps below a millionth of a degree
  const LonLat one = lonlat_from_grid(p), other = lonlat_from_grid({p.x, p.y + 1});

  for (LonLat fix : {one, other}) a.take(at_s(0), fix);
  for (LonLat fix : {other, one}) b.take(at_s(0), fix);

  EXPECT_EQ(a.raw(kPosition), b.raw(kPosition));
}

TEST(Quality, SettlesAFieldGivenTwiceInOneReport) {
  Judging a, b, c;

  EXPECT_THAT(a.take({.values = {{kRpm, 900}, {kRpm, 1000}}}),
              ElementsAre(of(Reason::conflict, kRpm)));
  EXPECT_THAT(b.take({.values = {{kRpm, 1000}, {kRpm, 900}}}),
              ElementsAre(of(Reason::conflict, kRpm)));
  EXPECT_THAT(c.take({.values = {{kRpm, 900}, {kRpm, 900}}}),
              ElementsAre(of(Reason::duplicate, kRpm)));

  EXPECT_EQ(a.raw(kRpm), 1000);
  EXPECT_EQ(b.raw(kRpm), 1000);
  EXPECT_TRUE(c.accepted());
}

TEST(Quality, StoresLateValuesAndCountsThem) {
  Judging j;
  j.take(at_s(60), kRpm, 900);

  EXPECT_THAT(j.take({.device = at_s(0), .values = {{kRpm, 1000}, {kSpeedKmh, 5}}}), IsEmpty());

  EXPECT_TRUE(j.kept(kRpm));
  EXPECT_EQ(j.noted(Reason::late), 1u);
  EXPECT_EQ(j.raw(kRpm), 900);
  EXPECT_EQ(j.raw(kSpeedKmh), 50);
}

TEST(Quality, JudgesEachMachineOnItsOwn) {
  Judging alone, mixed;
  std::vector<std::size_t> verdicts_alone, verdicts_mixed;
  for (int i = 0; i < 60; ++i) {
    const LonLat fix = i % 7 == 3 ? north(500'000 + i) : i > 40 ? north(300'000 + i) : north(i);
    const Line line{.device = at_s(i),
                    .position = fix,
                    .values = {{kEngineHours, i % 11 == 5 ? 1.0 : 100.0 + i}}};
    verdicts_alone.push_back(alone.take(line).size());
    Line other = line;
    other.machine = 1;
    other.position = LonLat{-50.0, 10.0 + i % 3};
    mixed.take(other);
    verdicts_mixed.push_back(mixed.take(line).size());
  }

  EXPECT_EQ(verdicts_alone, verdicts_mixed);
}

TEST(Quality, HasSettingsForItsThresholds) {
  QualityRules rules;
  rules.future = minutes{1};
  rules.ancient = at_s(-100);
  rules.zero_island_deg = 1;
  rules.jump_agreeing_fixes = 1;
  rules.counter_reset_samples = 1;
  Judging j(rules);

  EXPECT_EQ(j.take({.device = at_s(61), .receive = at_s(0)}).size(), 1u);
  EXPECT_EQ(j.take(at_s(-101), kRpm, 1).size(), 1u);
  EXPECT_EQ(j.take(at_s(0), LonLat{0.9, 0.9}).size(), 1u);
  j.take({.device = at_s(1), .position = kSite, .values = {{kEngineHours, 10}}});
  EXPECT_THAT(j.take({.device = at_s(2), .position = north(9000), .values = {{kEngineHours, 1}}}),
              IsEmpty());
}

TEST(Quality, NamesReasonsAndFieldsAsInAnswers) {
  EXPECT_STREQ(reason_name(Reason::zero_island), "zero_island");
  EXPECT_STREQ(reason_name(Reason::counter_back), "counter_back");
  EXPECT_STREQ(reason_name(Reason::late), "late");
  EXPECT_STREQ(reason_name(Reason::roster_full), "roster_full");
  EXPECT_STREQ(reason_name(Reason::too_long), "too_long");
  EXPECT_STREQ(reason_name(Reason::alarms_full), "alarms_full");
  EXPECT_EQ(rejected_field_name(FieldCatalog(), kRpm), "rpm");
  EXPECT_EQ(rejected_field_name(FieldCatalog(), kFaultsField), "faults");
  EXPECT_EQ(rejected_field_name(FieldCatalog(), kNoField), "");
}

}  // namespace
}  // namespace fleet::test
