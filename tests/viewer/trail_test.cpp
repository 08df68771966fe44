// The trail of the selected machine: when it is asked for, how it grows, what of it is drawn.
#include "viewer/trails/trail_set.hpp"

#include <gtest/gtest.h>

#include "tests/support/viewer/asked_feed.hpp"
#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/trails/trail_lines.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using Kind = fleet::Stretch::Kind;
using testing_support::AskedFeed;
using testing_support::kSuzhou;
using testing_support::SmallFleet;

constexpr fleet::Time kNow = SmallFleet::kNow;

fleet::TrackStay fix(fleet::Time t, double metres_east) {
  fleet::TrackStay stay;
  stay.time = stay.until = t;
  stay.at = fleet::grid_from_lonlat(kSuzhou);
  stay.at.x += static_cast<std::uint32_t>(std::lround(metres_east / metres_per_step(stay.at)));
  stay.period_s = 600;
  return stay;
}

class TrailTest : public ::testing::Test {
 protected:
  TrailTest() : view_(atlas_, fleet::shanghai()) {
    fleet_.add("SY0001", kSuzhou, fleet::Status::working);
    fleet_.add("SY0002", kSuzhou, fleet::Status::stopped);
    fleet_.show(view_);
    wanted_.machine = 0;
    wanted_.playhead = kNow;
  }
  bool update() { return trails_.update(view_, wanted_, {}, feed_); }
  /// Of the machine chosen; one without a trail if none is shown.
  const Trail& trail() {
    static const Trail none;
    const Trail* shown = wanted_.machine ? trails_.of(*wanted_.machine) : nullptr;
    return shown ? *shown : none;
  }
  void answer(std::vector<fleet::TrackStay> stays, fleet::Time known_from = fleet::kNever) {
    feed_.answers = {{feed_.questions.back().number, false, std::move(stays), known_from}};
  }

  fleet::Atlas atlas_;
  SmallFleet fleet_;
  FleetView view_;
  AskedFeed feed_;
  TrailSet trails_;
  Trail::Wanted wanted_;
};

TEST_F(TrailTest, AsksForTheSpanOnceAMachineIsSelected) {
  wanted_.machine.reset();
  EXPECT_FALSE(update());
  EXPECT_TRUE(feed_.questions.empty());

  wanted_.machine = 1;
  EXPECT_TRUE(update());
  update();

  ASSERT_EQ(feed_.questions.size(), 1u);
  EXPECT_EQ(feed_.questions[0].machine, 1u);
  EXPECT_EQ(feed_.questions[0].machine_id, "SY0002");
  EXPECT_EQ(feed_.questions[0].from, kNow - 2h);
  EXPECT_EQ(feed_.questions[0].to, kNow);
  EXPECT_TRUE(trail().model(view_.zone()).waiting);
}

TEST_F(TrailTest, ShowsTheAnswerAndAsksNoMore) {
  update();
  answer({fix(kNow - 60min, 0), fix(kNow - 50min, 3000)}, kNow - 90min);

  EXPECT_TRUE(update());
  wanted_.now_s = 1000;
  update();

  EXPECT_EQ(feed_.questions.size(), 1u);
  const TrailModel model = trail().model(view_.zone());
  EXPECT_FALSE(model.waiting);
  EXPECT_NEAR(model.driven_km, 3, 0.01);
  EXPECT_EQ(model.since, "12:30");
}

TEST_F(TrailTest, GrowsWithWhatComes) {
  update();
  answer({fix(kNow - 60min, 0)});
  update();
  const std::size_t before = trail().picture().vertices.size();

  ASSERT_TRUE(
      view_.apply(fleet_.move(0, {kSuzhou.lon_deg + 0.01, kSuzhou.lat_deg}, kNow + 5s), kNow + 5s));
  wanted_.playhead = kNow + 5s;
  EXPECT_TRUE(update());

  EXPECT_GT(trail().picture().vertices.size(), before);
  EXPECT_LE(trail().picture().vertices.back().time, kNow + 5s);
  EXPECT_EQ(feed_.questions.size(), 1u);
}

TEST_F(TrailTest, KeepsWhatCameWhileTheAnswerWasUnderWay) {
  update();
  ASSERT_TRUE(
      view_.apply(fleet_.move(0, {kSuzhou.lon_deg + 0.01, kSuzhou.lat_deg}, kNow + 5s), kNow + 5s));
  wanted_.playhead = kNow + 5s;
  update();
  const fleet::Time newest = trail().picture().vertices.back().time;
  answer({fix(kNow - 60min, -9000)});

  update();

  EXPECT_EQ(trail().picture().vertices.front().time, kNow - 60min);
  EXPECT_EQ(trail().picture().vertices.back().time, newest);
}

TEST_F(TrailTest, AsksAnewForALongerSpanAnotherMachineAndAfterAReconnect) {
  const auto settle = [&] {
    update();
    answer({fix(kNow - 60min, 0)});
    update();
  };
  settle();
  wanted_.span = TrailSpan::half_hour;
  settle();
  EXPECT_EQ(feed_.questions.size(), 1u) << "a shorter one is known";
  feed_.answers.clear();

  wanted_.span = TrailSpan::eight_hours;
  settle();
  EXPECT_EQ(feed_.questions.size(), 2u);
  EXPECT_EQ(feed_.questions.back().from, kNow - 8h);

  wanted_.machine = 1;
  settle();
  EXPECT_EQ(feed_.questions.size(), 3u);

  ++wanted_.connections;
  settle();
  EXPECT_EQ(feed_.questions.size(), 4u);
}

TEST_F(TrailTest, TriesAgainALittleLaterWhenNobodyCouldSay) {
  update();
  feed_.answers = {{feed_.questions[0].number, true, {}, {}}};
  update();
  wanted_.now_s = 4;
  update();
  EXPECT_EQ(feed_.questions.size(), 1u);
  EXPECT_FALSE(trail().model(view_.zone()).since.empty()) << "what was seen since the selection";

  wanted_.now_s = 5;
  update();

  EXPECT_EQ(feed_.questions.size(), 2u);
}

TEST_F(TrailTest, IgnoresAnswersToOldQuestions) {
  update();
  const std::uint32_t old = feed_.questions[0].number;
  wanted_.machine = 1;
  update();
  feed_.answers = {{old, false, {fix(kNow - 60min, 0)}, fleet::kNever}};

  update();

  EXPECT_TRUE(trail().model(view_.zone()).waiting);
}

TEST_F(TrailTest, FollowsThePlayheadBothWays) {
  wanted_.recorded = true;
  update();
  EXPECT_EQ(feed_.questions[0].to, kNow + 10min) << "a little is asked ahead";
  answer({fix(kNow - 60min, 0), fix(kNow - 50min, 500), fix(kNow - 40min, 1000)});
  update();

  wanted_.playhead = kNow - 45min;
  update();

  EXPECT_EQ(trail().picture().vertices.back().time, kNow - 50min);
  wanted_.playhead = kNow - 41min;
  update();
  EXPECT_EQ(trail().picture().vertices.back().time, kNow - 50min);
  wanted_.playhead = kNow - 40min;
  update();
  EXPECT_EQ(trail().picture().vertices.back().time, kNow - 40min);
}

TEST_F(TrailTest, AsksOnWhenThePlayheadLeavesWhatIsKnown) {
  wanted_.recorded = true;
  update();
  answer({});
  update();
  wanted_.playhead = kNow + 10min;
  update();
  EXPECT_EQ(feed_.questions.size(), 1u);

  wanted_.playhead = kNow + 10min + 1s;
  update();

  EXPECT_EQ(feed_.questions.size(), 2u);
}

TEST_F(TrailTest, OfADayAndPlayedFastStaysWithinWhatMayBeAsked) {
  wanted_.recorded = true;
  wanted_.span = TrailSpan::today;
  wanted_.speed = -1440;
  wanted_.playhead = fleet::time_from_ms(1'792'166'399'000);  // 23:59:59
  update();

  const net::TrackQuestion& q = feed_.questions.back();
  EXPECT_LE(q.to - q.from, net::kMaxTrackSpan);
  EXPECT_LE(q.from, begin_of(TrailSpan::today, wanted_.playhead, view_.zone()));
  EXPECT_GE(q.to, wanted_.playhead);
}

TEST_F(TrailTest, IsGoneWithTheSelectionAndWhenSwitchedOff) {
  update();
  answer({fix(kNow - 60min, 0), fix(kNow - 50min, 500)});
  update();

  wanted_.span = TrailSpan::off;
  EXPECT_TRUE(update());

  EXPECT_TRUE(trail().picture().stretches.empty());
  EXPECT_EQ(trail().model(view_.zone()).span, TrailSpan::off);
  EXPECT_FALSE(update());
}

TEST(TrailSpans, GoRoundAndRound) {
  TrailSpan span = TrailSpan::off;
  std::set<TrailSpan> seen;
  for (int i = 0; i < 5; ++i) seen.insert(span = next_span(span));

  EXPECT_EQ(span, TrailSpan::off);
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(begin_of(TrailSpan::today, kNow, fleet::shanghai()), kNow - 14h);
}

class TrailLines : public ::testing::Test {
 protected:
  TrailProjection projection() { return {picture_, camera_, kNow - 2h, kNow, 16, 8, 6}; }
  /// Vertices at pixels of the view, a minute apart, the last one now.
  void draw(std::initializer_list<render::ScreenPoint> at, Kind kind = Kind::driven) {
    picture_ = {};
    fleet::Time t = kNow - std::chrono::minutes(at.size() - 1);
    for (const render::ScreenPoint& p : at) {
      picture_.vertices.push_back({t, camera_.world_from_screen(p)});
      t += 1min;
    }
    picture_.stretches = {{kind, 0, at.size() - 1}};
  }
  render::Camera camera_{fleet::world_from_lonlat(kSuzhou), 16, 800, 450};
  fleet::TrackPicture picture_;
};

TEST_F(TrailLines, LieWhereTheCameraPutsThem) {
  draw({{100, 100}, {200, 150}, {300, 100}});

  const auto lines = trail_lines(projection());

  ASSERT_EQ(lines.size(), 1u);
  ASSERT_EQ(lines[0].points.size(), 3u);
  EXPECT_NEAR(lines[0].points[1].x, 200, 1e-3);
  EXPECT_NEAR(lines[0].points[1].y, 150, 1e-3);
  EXPECT_EQ(lines[0].points[2].age, 0);
  EXPECT_NEAR(lines[0].points[0].age, 2.f / 120, 1e-6);
}

TEST_F(TrailLines, DoNotTrembleAtBuildingScale) {
  draw({{100, 100}, {700, 300}});
  const fleet::TrackPicture picture = picture_;
  camera_.zoom = 22;
  std::optional<float> y;
  for (int step = 0; step < 50; ++step) {
    camera_.centre = picture.vertices[0].at;
    camera_.pan_px(-step * 0.01, 0);
    const auto lines = trail_lines({picture, camera_, kNow - 2h, kNow, 16, 8, 6});
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_NEAR(lines[0].points[0].x, 400 - step * 0.01, 1e-3);
    if (y) {
      EXPECT_NEAR(lines[0].points[0].y, *y, 1e-3);
    }
    y = lines[0].points[0].y;
  }
}

TEST_F(TrailLines, AreCutAtTheViewAndGoOnBehindIt) {
  draw({{400, 200}, {2000, 200}, {2000, 300}, {400, 300}});

  const auto lines = trail_lines(projection());

  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NEAR(lines[0].points.back().x, 816, 1e-2);
  EXPECT_NEAR(lines[1].points.front().x, 816, 1e-2);
}

TEST_F(TrailLines, LeaveOutWhatIsNotSeenAndKeepTheEnd) {
  draw({{100, 100}, {100.2, 100}, {100.4, 100}, {100.9, 100}, {101, 100}});

  const auto lines = trail_lines(projection());

  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].points.size(), 3u);
  EXPECT_NEAR(lines[0].points.back().x, 101, 1e-3);
}

TEST_F(TrailLines, AreDashedWhereNothingWasHeard) {
  draw({{100, 100}, {142, 100}}, Kind::gap);

  const auto lines = trail_lines(projection());

  ASSERT_EQ(lines.size(), 3u) << "8 px drawn, 6 left out";
  EXPECT_NEAR(lines[1].points[0].x, 114, 1e-3);
  EXPECT_NEAR(lines[1].points[1].x, 122, 1e-3);
}

TEST_F(TrailLines, DashOnlyWhatIsInSight) {
  draw({{-2e6, 100}, {2e6, 100}}, Kind::gap);

  const auto lines = trail_lines(projection());

  EXPECT_NEAR(static_cast<double>(lines.size()), (800 + 32) / 14., 2);
}

TEST_F(TrailLines, FindTheSpotUnderThePointer) {
  draw({{100, 100}, {200, 100}, {200, 200}});

  const auto spot = spot_near(projection(), {150, 104}, 9);

  ASSERT_TRUE(spot);
  EXPECT_NEAR(spot->at.x, 150, 1e-3);
  EXPECT_NEAR(spot->at.y, 100, 1e-3);
  EXPECT_NEAR((spot->time - (kNow - 90s)).count(), 0, 20);
  EXPECT_EQ(spot->begin, kNow - 2min);
  EXPECT_FALSE(spot_near(projection(), {150, 110}, 9));
}

TEST_F(TrailLines, ShowTheCopyOfTheWorldThatIsInView) {
  camera_.centre = {0.9999, 0.4};
  picture_.vertices = {{kNow - 1min, {-0.0001, 0.4}}, {kNow, {-0.00005, 0.4}}};
  picture_.stretches = {{Kind::driven, 0, 1}};

  const auto lines = trail_lines(projection());

  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NEAR(lines[0].points[0].x, 400, 1e-2);
}

}  // namespace
}  // namespace viewer
