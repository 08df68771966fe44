// Tracks: stays, gaps, hauled ways, and what of them is drawn.
#include "fleet/track.hpp"

#include <gtest/gtest.h>

#include "tests/fleet/builders.hpp"

namespace fleet {
namespace {

using namespace std::chrono_literals;
using test::at_s;
using Kind = Stretch::Kind;

/// So many metres east of a place near Suzhou.
GridPoint east(double metres) {
  GridPoint p = grid_from_lonlat({120.6, 31.3});
  p.x += static_cast<std::uint32_t>(std::lround(metres / metres_per_step(p)));
  return p;
}

TrackStay fix(std::int64_t s, double metres, EngineKnown engine = EngineKnown::on,
              double speed_kmh = 5, std::uint16_t period_s = 60) {
  TrackStay stay;
  stay.time = stay.until = at_s(s);
  stay.at = east(metres);
  stay.came = stay.left = engine;
  stay.speed = static_cast<std::uint16_t>(speed_kmh * 10);
  stay.period_s = period_s;
  return stay;
}

Track track_of(std::initializer_list<TrackStay> fixes) {
  Track track;
  for (const TrackStay& each : fixes) track.add(each);
  return track;
}

TrackPicture drawn(const Track& track, std::int64_t from_s = -86'400, std::int64_t to_s = 86'400) {
  TrackPicture picture;
  picture_of(track.stays(), at_s(from_s), at_s(to_s), picture);
  return picture;
}

std::vector<Kind> kinds(const TrackPicture& picture) {
  std::vector<Kind> all;
  for (const Stretch& stretch : picture.stretches) all.push_back(stretch.kind);
  return all;
}

TEST(Track, KnowsAStepOfTheGridInMetres) {
  const GridPoint a = east(0), b{a.x + 1000, a.y};

  EXPECT_NEAR(metres_per_step(a) * 1000, distance_m(lonlat_from_grid(a), lonlat_from_grid(b)), 0.1);
}

TEST(Track, JoinsFixesFromOnePlaceToAStayAndBeginsAnotherBeyondItsRadius) {
  const Track track = track_of({fix(0, 0), fix(60, 4.7), fix(120, -4.7), fix(180, 5.4)});

  ASSERT_EQ(track.stays().size(), 2u);
  EXPECT_EQ(track.stays()[0].time, at_s(0));
  EXPECT_EQ(track.stays()[0].until, at_s(120));
  EXPECT_EQ(track.stays()[0].at, east(0));
  EXPECT_EQ(track.stays()[1].time, at_s(180));
}

TEST(Track, EndsAStayAtASilenceAndAtItsLongest) {
  const Track silent = track_of({fix(0, 0), fix(180, 0), fix(361, 0)});
  EXPECT_EQ(silent.stays().size(), 2u) << "three periods of 60 s are allowed, a second more not";

  Track parked;
  const std::int64_t longest = kLongestStay / 1s;
  for (std::int64_t s = 0; s <= longest + 60; s += 60) parked.add(fix(s, 0));
  ASSERT_EQ(parked.stays().size(), 2u);
  EXPECT_EQ(parked.stays()[0].until, at_s(longest));
}

TEST(Track, TakesFixesInAnyOrderOnceEach) {
  Track track = track_of({fix(0, 0), fix(120, 200), fix(240, 400)});

  EXPECT_TRUE(track.add(fix(60, 100)));
  EXPECT_TRUE(track.add(fix(-60, -100)));
  EXPECT_FALSE(track.add(fix(120, 900))) << "that time is known";
  EXPECT_FALSE(track.add(fix(240, 400)));

  std::vector<Time> times;
  for (const TrackStay& stay : track.stays()) times.push_back(stay.time);
  EXPECT_EQ(times, (std::vector{at_s(-60), at_s(0), at_s(60), at_s(120), at_s(240)}));
}

TEST(Track, RefusesAFixFromWithinAStay) {
  Track track = track_of({fix(0, 0), fix(60, 0), fix(120, 0)});

  EXPECT_FALSE(track.add(fix(90, 300)));

  EXPECT_EQ(track.stays().size(), 1u);
}

TEST(Track, KeepsTheNewestWhenItIsFull) {
  Track track;
  for (std::size_t i = 0; i <= kMaxTrackStays; ++i)
    track.add(fix(static_cast<std::int64_t>(i), static_cast<double>(i % 2) * 100));

  EXPECT_EQ(track.stays().size(), kMaxTrackStays);
  EXPECT_EQ(track.stays().front().time, at_s(1));
}

TEST(Track, DropsWhatEndedBefore) {
  Track track = track_of({fix(0, 0), fix(60, 0), fix(120, 500), fix(180, 1000)});

  track.drop_before(at_s(60));
  EXPECT_EQ(track.stays().size(), 3u);
  track.drop_before(at_s(61));
  EXPECT_EQ(track.stays().size(), 2u);
}

TEST(Track, PutsInOrderWhatCameInAnyOrder) {
  std::vector<TrackStay> stays{fix(120, 0), fix(0, 0), fix(60, 0), fix(60, 900), fix(180, 900)};

  put_in_order(stays);

  ASSERT_EQ(stays.size(), 2u);
  EXPECT_EQ(stays[0].until, at_s(120));
  EXPECT_EQ(stays[1].at, east(900));
}

TEST(TrackPicture, OfNothingIsEmpty) {
  const TrackPicture picture = drawn(Track());

  EXPECT_TRUE(picture.vertices.empty());
  EXPECT_TRUE(picture.stretches.empty());
}

TEST(TrackPicture, DrawsADriveAndSumsItUp) {
  const TrackPicture picture = drawn(track_of({fix(0, 0), fix(60, 500), fix(120, 1500)}));

  EXPECT_EQ(kinds(picture), (std::vector{Kind::driven}));
  EXPECT_EQ(picture.vertices.size(), 3u);
  EXPECT_NEAR(picture.driven_m, 1500, 2);
  EXPECT_EQ(picture.hauled_m, 0);
  EXPECT_EQ(picture.gaps, 0u);
}

TEST(TrackPicture, TellsAGapFromAnIntervalThatIsUsual) {
  const TrackPicture usual = drawn(track_of({fix(0, 0), fix(180, 900)}));
  EXPECT_EQ(kinds(usual), (std::vector{Kind::driven}));

  const TrackPicture gap = drawn(track_of({fix(0, 0), fix(181, 900)}));
  EXPECT_EQ(kinds(gap), (std::vector{Kind::gap}));
  EXPECT_EQ(gap.gaps, 1u);
  EXPECT_EQ(gap.silent, 181s);
  EXPECT_EQ(gap.driven_m, 0);
}

TEST(TrackPicture, DrawsNoGapWhereTheMachineIsWhereItWas) {
  const TrackPicture picture = drawn(track_of({fix(0, 0), fix(7200, 3), fix(7260, 300)}));

  EXPECT_EQ(picture.gaps, 0u);
  EXPECT_NEAR(picture.driven_m, 300, 1);
}

TEST(TrackPicture, CountsEachGapOfARow) {
  const TrackPicture picture = drawn(track_of({fix(0, 0), fix(1000, 900), fix(2000, 1800)}));

  EXPECT_EQ(kinds(picture), (std::vector{Kind::gap, Kind::gap}));
  EXPECT_EQ(picture.gaps, 2u);
  EXPECT_EQ(picture.silent, 2000s);
}

TEST(TrackPicture, AllowsForRhythmsBelowTheLeastGap) {
  EXPECT_EQ(drawn(track_of({fix(0, 0, EngineKnown::on, 5, 1), fix(30, 300)})).gaps, 0u);
  EXPECT_EQ(drawn(track_of({fix(0, 0, EngineKnown::on, 5, 1), fix(31, 300)})).gaps, 1u);
  // Not learned yet: an hour is assumed.
  EXPECT_EQ(drawn(track_of({fix(0, 0, EngineKnown::on, 5, 0), fix(10'800, 300)})).gaps, 0u);
  EXPECT_EQ(drawn(track_of({fix(0, 0, EngineKnown::on, 5, 0), fix(10'801, 300)})).gaps, 1u);
}

TEST(TrackPicture, TellsHauledByTheSpeedReportedWithTheEngineOff) {
  const auto to = [](EngineKnown engine, double speed_kmh) {
    return kinds(drawn(track_of({fix(0, 0), fix(60, 100, engine, speed_kmh)})));
  };

  EXPECT_EQ(to(EngineKnown::off, 15), (std::vector{Kind::hauled}));
  EXPECT_EQ(to(EngineKnown::off, 14.9), (std::vector{Kind::driven}));
  EXPECT_EQ(to(EngineKnown::on, 60), (std::vector{Kind::driven}));
  EXPECT_EQ(to(EngineKnown::no, 60), (std::vector{Kind::driven}));
}

TEST(TrackPicture, TellsHauledByTheWayWithTheEngineOffWhenItLeft) {
  const auto between = [](EngineKnown first, double metres) {
    return kinds(drawn(track_of({fix(0, 0, first, 0), fix(60, metres, EngineKnown::off, 0)})));
  };

  EXPECT_EQ(between(EngineKnown::off, 251), (std::vector{Kind::hauled})) << "15 km/h and more";
  EXPECT_EQ(between(EngineKnown::off, 249), (std::vector{Kind::driven}));
  EXPECT_EQ(between(EngineKnown::on, 500), (std::vector{Kind::driven})) << "it drove, and stopped";

  const TrackPicture unloaded = drawn(track_of({fix(0, 0, EngineKnown::off, 0), fix(60, 300)}));
  EXPECT_EQ(kinds(unloaded), (std::vector{Kind::hauled})) << "started where it was unloaded";
}

TEST(TrackPicture, KeepsAStopOfTheLowLoaderWithinTheWay) {
  const TrackPicture picture = drawn(
      track_of({fix(0, 0), fix(60, 800, EngineKnown::off, 60), fix(120, 800, EngineKnown::off, 0),
                fix(180, 1600, EngineKnown::off, 60), fix(240, 1700)}));

  EXPECT_EQ(kinds(picture), (std::vector{Kind::hauled, Kind::driven}));
  EXPECT_NEAR(picture.hauled_m, 1600, 2);
  EXPECT_NEAR(picture.driven_m, 100, 1);
}

TEST(TrackPicture, BeginsAmidTheWayThatLeadsIntoTheSpan) {
  const TrackPicture picture = drawn(track_of({fix(0, 0), fix(100, 1000)}), 25);

  ASSERT_EQ(picture.vertices.size(), 2u);
  EXPECT_EQ(picture.vertices[0].time, at_s(25));
  EXPECT_NEAR(picture.driven_m, 750, 1);
}

TEST(TrackPicture, BeginsWithinAStay) {
  const TrackPicture picture = drawn(track_of({fix(0, 0), fix(60, 0), fix(120, 300)}), 30);

  ASSERT_EQ(picture.vertices.size(), 3u);
  EXPECT_EQ(picture.vertices[0].time, at_s(30));
  EXPECT_EQ(picture.vertices[1].time, at_s(60));
  EXPECT_NEAR(picture.driven_m, 300, 1);
}

TEST(TrackPicture, TellsNothingBehindTheLastFixThatIsKnownThen) {
  const Track track = track_of({fix(0, 0), fix(100, 1000), fix(160, 1000), fix(200, 2000)});

  EXPECT_EQ(drawn(track, 0, 99).vertices.size(), 1u);
  const TrackPicture picture = drawn(track, 0, 130);
  ASSERT_EQ(picture.vertices.size(), 3u);
  EXPECT_EQ(picture.vertices.back().time, at_s(130)) << "it stood there";
  EXPECT_NEAR(picture.driven_m, 1000, 1);
}

TEST(TrackPicture, LeavesOutWhatIsBeforeAndBehind) {
  const Track track = track_of({fix(0, 0), fix(60, 500)});

  EXPECT_TRUE(drawn(track, 61, 100).vertices.empty());
  EXPECT_TRUE(drawn(track, -100, -1).vertices.empty());
}

TEST(TrackPicture, DoesNotCallWorkingAtOnePlaceDriving) {
  Track track;
  for (int i = 0; i < 500; ++i) track.add(fix(60 * i, i % 2 * 12.0));

  EXPECT_LT(drawn(track).driven_m, kLeastWayM);
}

TEST(TrackPicture, CrossesTheDateLineTheShortWay) {
  Track track;
  TrackStay a = fix(0, 0), b = fix(60, 0);
  a.at = grid_from_lonlat({179.999, 10});
  b.at = grid_from_lonlat({-179.999, 10});
  track.add(a);
  track.add(b);

  const TrackPicture picture = drawn(track);

  EXPECT_NEAR(picture.driven_m, distance_m({179.999, 10}, {-179.999, 10}), 1);
  EXPECT_GT(picture.vertices[1].at.x, 1);
}

TEST(Fix, IsReadFromAState) {
  FleetState state = test::state_with(2);
  const GridPoint here = east(0);
  test::report(state, 1, at_s(10), {{kPosition, packed(here)}, {kSpeedKmh, 123}, {kEngineOn, 0}});
  TickBatch tick;
  state.set_period(1, 61'001, tick);

  const auto found = newest_fix(state, 1);

  ASSERT_TRUE(found);
  EXPECT_EQ(found->time, at_s(10));
  EXPECT_EQ(found->at, here);
  EXPECT_EQ(found->speed, 123);
  EXPECT_EQ(found->left, EngineKnown::off);
  EXPECT_EQ(found->period_s, 62) << "rounded up";
  EXPECT_FALSE(newest_fix(state, 0));
  EXPECT_FALSE(newest_fix(state, 2));
}

TEST(Fix, DoesNotTakeAnOldSpeedForItsOwn) {
  FleetState state = test::state_with(1);
  test::report(state, 0, at_s(10), {{kPosition, packed(east(0))}, {kSpeedKmh, 123}});
  test::report(state, 0, at_s(70), {{kPosition, packed(east(50))}});

  const auto found = newest_fix(state, 0);

  EXPECT_EQ(found->speed, kNoSpeed);
  EXPECT_EQ(found->left, EngineKnown::no);
}

TEST(Fix, OfALateRowSaysOnlyWhatTheRowSays) {
  FleetState state = test::state_with(1);
  test::report(state, 0, at_s(100), {{kPosition, packed(east(0))}, {kEngineOn, 1}});
  const std::vector<std::int64_t> position{packed(east(9))};
  const AcceptedRow late{0, at_s(50), at_s(101), 1, position};
  const AcceptedRow newer{0, at_s(150), at_s(151), 1, position};

  EXPECT_EQ(fix_of(state, late).came, EngineKnown::no);
  EXPECT_EQ(fix_of(state, newer).came, EngineKnown::on);
  EXPECT_EQ(fix_of(state, late).at, east(9));
}

}  // namespace
}  // namespace fleet
