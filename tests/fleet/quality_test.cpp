#include "fleet/quality.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "builders.hpp"

namespace fleet {
namespace {

using std::chrono::minutes;
using test::at_ms;
using test::at_s;
using test::state_with;
using test::tick_at;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr LonLat kSite{120.0, 30.0};

/// One line of ingest in the making.
struct Line {
  Time device = at_s(0);
  std::optional<LonLat> position = {};
  std::vector<ReportedValue> values = {};
  std::optional<std::vector<Fault>> faults = {};
  Slot machine = 0;
  Time receive = kNever;  ///< the device time where not given
};

/// A judge with a state that takes up what it accepts, as the gateway does.
class Judging {
 public:
  explicit Judging(QualityRules rules = {}) : judge_(rules) {}
  /// A judge that begins with a restored state.
  explicit Judging(FleetState state) : state_(std::move(state)) { judge_.restore(state_); }

  /// Rejections of the line, after it was taken up.
  std::vector<Rejection> take(const Line& line) {
    ReportBatch batch;
    batch.values = line.values;
    if (line.faults) batch.faults = *line.faults;
    Report report;
    report.machine = line.machine;
    report.device_time = line.device;
    report.receive_time = line.receive == kNever ? line.device : line.receive;
    report.has_position = line.position.has_value();
    report.position = line.position.value_or(LonLat{});
    report.value_end = static_cast<std::uint32_t>(batch.values.size());
    report.has_faults = line.faults.has_value();
    report.fault_end = static_cast<std::uint32_t>(batch.faults.size());
    const Verdict verdict = judge_.judge(report, batch, state_);
    accepted_ = verdict.accepted;
    fields_ = verdict.row.fields;
    has_faults_ = verdict.has_faults;
    if (verdict.accepted) {
      TickBatch tick = tick_at(report.receive_time);
      state_.accept(verdict.row, tick);
    }
    const QualityCounters& n = judge_.counters();
    EXPECT_EQ(n.received, std::accumulate(n.rejected.begin(), n.rejected.end(), n.stored));
    return {verdict.rejections.begin(), verdict.rejections.end()};
  }
  std::vector<Rejection> take(Time t, LonLat p) { return take({.device = t, .position = p}); }
  std::vector<Rejection> take(Time t, FieldId field, double value) {
    return take({.device = t, .values = {{field, value}}});
  }

  bool accepted() const { return accepted_; }
  bool kept(FieldId f) const { return (fields_ >> f) & 1; }
  bool has_faults() const { return has_faults_; }
  void take_back_faults() { judge_.take_back_faults(); }
  std::int64_t raw(FieldId f) const { return state_.field(0, f).raw; }
  const QualityCounters& counters() const { return judge_.counters(); }
  std::uint64_t rejected(Reason r) const {
    return counters().rejected[static_cast<std::size_t>(r)];
  }
  std::uint64_t noted(Reason r) const { return counters().noted[static_cast<std::size_t>(r)]; }

 private:
  FleetState state_ = state_with(2);
  QualityJudge judge_;
  bool accepted_ = false, has_faults_ = false;
  FieldMask fields_ = 0;
};

/// A point so many metres north of kSite.
LonLat north(double metres) {
  return {kSite.lon_deg, kSite.lat_deg + metres / kEarthRadiusM * 180 / std::acos(-1.0)};
}
Rejection of(Reason reason, FieldId field) {
  return {reason, field};
}

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

TEST(Quality, StoresLateValuesAndCountsThem) {
  Judging j;
  j.take(at_s(60), kRpm, 900);

  EXPECT_THAT(j.take({.device = at_s(0), .values = {{kRpm, 1000}, {kSpeedKmh, 5}}}), IsEmpty());

  EXPECT_TRUE(j.kept(kRpm));
  EXPECT_EQ(j.noted(Reason::late), 1u);
  EXPECT_EQ(j.raw(kRpm), 900);
  EXPECT_EQ(j.raw(kSpeedKmh), 50);
}

TEST(Quality, TreatsAFaultListAsOneValue) {
  Judging j;
  const Fault low_oil{100, 1, 0, 1, Lamp::red_stop}, filter{107, 16, 0, 1, Lamp::amber};
  const auto take = [&](Time t, std::vector<Fault> faults) {
    return j.take({.device = t, .faults = std::move(faults)});
  };

  EXPECT_THAT(take(at_s(10), {low_oil, filter}), IsEmpty());
  EXPECT_TRUE(j.has_faults());
  EXPECT_EQ(j.counters().stored, 1u);
  EXPECT_THAT(take(at_s(10), {filter, low_oil}), ElementsAre(of(Reason::duplicate, kNoField)));
  EXPECT_FALSE(j.has_faults());
  EXPECT_THAT(take(at_s(5), {}), IsEmpty());
  EXPECT_EQ(j.noted(Reason::late), 1u);
  EXPECT_THAT(take(at_s(20), {low_oil, filter}), IsEmpty());
}

TEST(Quality, ForgetsAFaultListThatIsTakenBack) {
  Judging j;
  const Fault low_oil{100, 1, 0, 1, Lamp::red_stop}, filter{107, 16, 0, 1, Lamp::amber};
  const auto take = [&](Time t, std::vector<Fault> faults) {
    return j.take({.device = t, .faults = std::move(faults)});
  };
  take(at_s(10), {low_oil});

  EXPECT_THAT(take(at_s(20), {low_oil, filter}), IsEmpty());
  j.take_back_faults();
  EXPECT_EQ(j.counters().stored, 1u);
  EXPECT_EQ(j.counters().rejected[static_cast<std::size_t>(Reason::alarms_full)], 1u);
  EXPECT_THAT(take(at_s(20), {low_oil, filter}), IsEmpty()) << "no duplicate";
  EXPECT_EQ(j.counters().stored, 2u);

  EXPECT_THAT(take(at_s(15), {}), IsEmpty());
  j.take_back_faults();
  EXPECT_EQ(j.noted(Reason::late), 0u);
  EXPECT_THAT(take(at_s(20), {low_oil, filter}), ElementsAre(of(Reason::duplicate, kNoField)));
}

TEST(Quality, KnowsAFaultListAgainThatWasTakenUpBeforeARestart) {
  const Fault low_oil{100, 1, 0, 1, Lamp::red_stop}, filter{107, 16, 0, 1, Lamp::amber};
  FleetState state = state_with(2);
  TickBatch tick = tick_at(at_s(10));
  const AcceptedRow row{0, at_s(10), at_s(10), 0, {}};
  state.accept(row, tick);
  for (const Fault& fault : {filter, low_oil}) {
    const AlarmId id = alarm_id("a", AlarmRule::fault, fault, at_s(10));
    const Alarm alarm{id,     0, AlarmRule::fault, fault, severity_of(fault), at_s(10),
                      at_s(10)};
    state.raise({AlarmEvent::Kind::raised, alarm, at_s(10)}, tick);
  }
  const auto after_restart = [&state](Time t, std::vector<Fault> faults) {
    Judging j(state);
    return j.take({.device = t, .faults = std::move(faults)});
  };

  EXPECT_THAT(after_restart(at_s(10), {low_oil, filter}),
              ElementsAre(of(Reason::duplicate, kNoField)));
  EXPECT_THAT(after_restart(at_s(11), {low_oil, filter}), IsEmpty());
  EXPECT_THAT(after_restart(at_s(9), {low_oil, filter}), IsEmpty());
  EXPECT_THAT(after_restart(at_s(10), {low_oil}), IsEmpty()) << "no conflict with a guess";
  EXPECT_THAT(after_restart(at_s(10), {}), IsEmpty());
}

TEST(Quality, SettlesAConflictOfFaultListsWhateverTheOrder) {
  const Fault f{100, 1, 0, 1, Lamp::red_stop};
  const auto last_winner = [&](bool empty_first) {
    Judging j;
    std::string winner;
    for (bool empty : {empty_first, !empty_first}) {
      j.take({.faults = empty ? std::vector<Fault>{} : std::vector<Fault>{f}});
      if (j.has_faults()) winner = empty ? "empty" : "fault";
    }
    return winner;
  };

  EXPECT_EQ(last_winner(true), last_winner(false));
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
}  // namespace fleet
