#include "viewer/labels/place_labels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

namespace {

using namespace viewer;

LabelRules rules() {
  LabelRules r;
  r.view = {0, 0, 1920, 1080};
  return r;
}

std::vector<LabelCandidate> country(std::size_t count, float dx = 0) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> x(-200, 2120), y(-200, 1280), width(28, 110);
  std::vector<LabelCandidate> places;
  for (std::size_t i = 0; i < count; ++i) {
    const float at_x = x(random);
    const float at_y = y(random);
    places.push_back({static_cast<std::uint32_t>(i),
                      {at_x + dx, at_y},
                      width(random),
                      static_cast<std::uint8_t>(i % 4),
                      static_cast<std::uint32_t>(random() % 9000)});
  }
  return places;
}

std::set<std::uint32_t> ids(const std::vector<PlacedLabel>& labels) {
  std::set<std::uint32_t> result;
  for (const PlacedLabel& label : labels) result.insert(label.id);
  return result;
}

TEST(LabelPlacer, NeverLetsLabelsTouchEachOtherAnObstacleOrTheEdge) {
  const std::vector<LabelCandidate> places = country(600);
  const std::vector<Rect> obstacles{
      {28, 84, 404, 960}, {1496, 84, 1892, 960}, {900, 500, 930, 530}};
  LabelPlacer placer;

  for (int frame = 0; frame < 2; ++frame) {
    const auto& labels = placer.place(places, obstacles, rules());
    ASSERT_GT(labels.size(), 40u);
    for (std::size_t a = 0; a < labels.size(); ++a) {
      for (const Rect& obstacle : obstacles) EXPECT_FALSE(labels[a].box.overlaps(obstacle));
      EXPECT_GE(labels[a].box.x0, 0);
      EXPECT_LE(labels[a].box.y1, 1080);
      for (std::size_t b = a + 1; b < labels.size(); ++b) {
        EXPECT_FALSE(labels[a].box.overlaps(labels[b].box)) << a << " " << b;
      }
    }
  }
}

TEST(LabelPlacer, ShowsTheMoreImportantOfTwoWhereverTheyStand) {
  const LabelCandidate capital{1, {500, 500}, 80, 0, 0};
  const LabelCandidate town{2, {501, 500}, 80, 3, 99};
  // Room for one name, right of either place.
  const Rect narrow{470, 486, 600, 514};
  LabelRules tight = rules();
  tight.view = narrow;
  const std::vector<LabelCandidate> one{town, capital}, other{capital, town};
  LabelPlacer a, b;

  EXPECT_EQ(ids(a.place(one, {}, tight)), ids(b.place(other, {}, tight)));
  EXPECT_EQ(ids(a.place(one, {}, tight)), std::set<std::uint32_t>{1});
}

TEST(LabelPlacer, KeepsWhatIsShownWhenTheMapMovesAPixel) {
  LabelPlacer placer;
  const std::vector<LabelCandidate> before = country(400);
  const std::vector<PlacedLabel> first = placer.place(before, {}, rules());
  const std::vector<LabelCandidate> after = country(400, 1);

  const std::vector<PlacedLabel> second = placer.place(after, {}, rules());

  std::size_t changed = 0;
  const std::set<std::uint32_t> now = ids(second);
  for (const PlacedLabel& label : first) {
    const bool near_edge = label.box.x1 > 1918;
    if (now.count(label.id) == 0 && !near_edge) ++changed;
  }
  EXPECT_EQ(changed, 0u);
  for (const PlacedLabel& old : first) {
    for (const PlacedLabel& label : second) {
      if (old.id != label.id) continue;
      EXPECT_NEAR(label.box.x0, old.box.x0 + 1, 0.01) << "changed its side";
    }
  }
}

TEST(LabelPlacer, DoesNotFlickerWhenTheMapTremblesAroundALimit) {
  LabelPlacer placer;
  const std::vector<LabelCandidate> a = country(400), b = country(400, 0.6f);
  placer.place(a, {}, rules());
  placer.place(b, {}, rules());
  const std::set<std::uint32_t> settled = ids(placer.place(a, {}, rules()));

  EXPECT_EQ(ids(placer.place(b, {}, rules())), settled);
  EXPECT_EQ(ids(placer.place(a, {}, rules())), settled);
}

TEST(LabelPlacer, ANameThatHadToGoRestsBeforeItComesBack) {
  LabelPlacer placer;
  LabelRules at = rules();
  at.rest_s = 0.5;
  const std::vector<LabelCandidate> places{{1, {500, 500}, 60, 0, 0}};
  const std::vector<Rect> everything{{0, 0, 1920, 1080}};
  placer.place(places, {}, at);
  at.time_s = 1;
  placer.place(places, everything, at);

  at.time_s = 1.49;
  EXPECT_TRUE(placer.place(places, {}, at).empty());
  at.time_s = 1.5;
  EXPECT_EQ(placer.place(places, {}, at).size(), 1u);
}

TEST(LabelPlacer, ANewNameOfTheSameRankDoesNotPushOneAway) {
  LabelPlacer placer;
  LabelRules tight = rules();
  tight.view = {470, 486, 600, 514};
  const LabelCandidate town{1, {500, 500}, 80, 2, 10}, city{2, {501, 500}, 80, 2, 9000};
  const LabelCandidate capital{3, {501, 500}, 80, 1, 10};
  placer.place(std::vector{town}, {}, tight);

  EXPECT_EQ(ids(placer.place(std::vector{town, city}, {}, tight)), std::set<std::uint32_t>{1});
  EXPECT_EQ(ids(placer.place(std::vector{town, city, capital}, {}, tight)),
            std::set<std::uint32_t>{3});
}

TEST(LabelPlacer, TakesAnotherSideWhereTheFirstIsTaken) {
  LabelPlacer placer;
  const std::vector<LabelCandidate> places{{1, {500, 500}, 60, 0, 0}};
  const std::vector<Rect> right_is_taken{{520, 480, 600, 520}};

  const auto& labels = placer.place(places, right_is_taken, rules());

  ASSERT_EQ(labels.size(), 1u);
  EXPECT_LT(labels[0].box.x1, 500);
}

TEST(LabelPlacer, StandsFartherOffWhereAMarkCoversThePlace) {
  LabelPlacer placer;
  const std::vector<LabelCandidate> places{{1, {500, 500}, 60, 0, 0}};
  const std::vector<Rect> mark{{482, 482, 518, 518}};

  const auto& labels = placer.place(places, mark, rules());

  ASSERT_EQ(labels.size(), 1u);
  EXPECT_FALSE(labels[0].box.overlaps(mark[0]));
}

TEST(LabelPlacer, NamesAnAreaInItsMiddleAndBesideAMarkThatStandsThere) {
  LabelCandidate county{1, {500, 500}, 60, 4, 0};
  county.of_area = true;
  const std::vector<Rect> mark{{482, 482, 518, 518}};
  LabelPlacer free, marked;

  const auto& middle = free.place(std::vector{county}, {}, rules());
  const auto& beside = marked.place(std::vector{county}, mark, rules());

  ASSERT_EQ(middle.size(), 1u);
  EXPECT_FLOAT_EQ((middle[0].box.x0 + middle[0].box.x1) / 2, 500);
  EXPECT_FLOAT_EQ((middle[0].box.y0 + middle[0].box.y1) / 2, 500);
  ASSERT_EQ(beside.size(), 1u);
  EXPECT_FALSE(beside[0].box.overlaps(mark[0]));
}

TEST(LabelPlacer, ShowsNothingWithoutRoomOrCandidates) {
  LabelPlacer placer;
  const std::vector<LabelCandidate> places = country(50);
  LabelRules none = rules();
  none.view = {};

  EXPECT_TRUE(placer.place({}, {}, rules()).empty());
  EXPECT_TRUE(placer.place(places, {}, none).empty());
}

TEST(LabelPlacer, CutsCandidatesBeyondTheLimitByImportance) {
  std::vector<LabelCandidate> places(kMostCandidates + 1);
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i].id = static_cast<std::uint32_t>(i);
    places[i].at = {-5000, -5000};
    places[i].rank = 1;
  }
  places.back().at = {500, 500};
  places.back().width_px = 50;
  LabelPlacer placer;

  EXPECT_TRUE(placer.place(places, {}, rules()).empty());
  places.back().rank = 0;
  EXPECT_EQ(placer.place(places, {}, rules()).size(), 1u);
}

}  // namespace
