// Alarm marks: which stand for several, and that nothing is lost or hidden by it.
#include "viewer/labels/alarm_marks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace {

using namespace viewer;
using fleet::Severity;

MarkSizes sizes() {
  MarkSizes s;
  s.radius = {9, 7.5f, 6, 4.5f};
  return s;
}

/// Places of a busy country, most of them medium.
std::vector<AlarmSpot> country(std::size_t count, double dx = 0, double dy = 0) {
  std::mt19937 random(11);
  std::normal_distribution<double> x(1'000, 160), y(500, 120);
  std::vector<AlarmSpot> spots;
  for (std::size_t i = 0; i < count; ++i) {
    const Severity severity = i % 20 == 0  ? Severity::critical
                              : i % 7 == 0 ? Severity::high
                              : i % 3 == 0 ? Severity::low
                                           : Severity::medium;
    const double at_x = x(random);
    spots.push_back({at_x + dx, y(random) + dy, severity, i % 2 == 0});
  }
  return spots;
}

/// What a mark covers without its rings, in map px.
Rect shape_of(const AlarmMark& mark, const std::vector<AlarmSpot>& spots) {
  AlarmMark there = mark;
  there.acknowledged = true;
  there.at = {static_cast<float>(spots[mark.first].x), static_cast<float>(spots[mark.first].y)};
  return alarm_mark_rect(there, sizes());
}

std::uint64_t sum(const std::vector<AlarmMark>& marks, Severity severity) {
  std::uint64_t n = 0;
  for (const AlarmMark& mark : marks) n += mark.severity == severity ? mark.count : 0;
  return n;
}

TEST(AlarmMarks, ThatDoNotTouchStayWhatTheyAre) {
  const std::vector<AlarmSpot> spots{{100, 100, Severity::medium, false},
                                     {120, 100, Severity::medium, false}};

  const std::vector<AlarmMark> marks = merged_marks(spots, sizes());

  ASSERT_EQ(marks.size(), 2u);
  EXPECT_EQ(marks[0].count, 1u);
}

TEST(AlarmMarks, ThatWouldOverlapBecomeOneWithACountAtTheOldest) {
  const std::vector<AlarmSpot> spots{{110, 100, Severity::medium, true},
                                     {100, 100, Severity::medium, false},
                                     {105, 104, Severity::medium, true}};

  const std::vector<AlarmMark> marks = merged_marks(spots, sizes());

  ASSERT_EQ(marks.size(), 1u);
  EXPECT_EQ(marks[0].count, 3u);
  EXPECT_EQ(marks[0].first, 0u);
  EXPECT_FALSE(marks[0].acknowledged);
}

TEST(AlarmMarks, OfDifferentSeverityNeverMergeAndTheWorstComesFirst) {
  const std::vector<AlarmSpot> spots{{100, 100, Severity::medium, false},
                                     {100, 100, Severity::critical, false},
                                     {100, 100, Severity::high, false}};

  const std::vector<AlarmMark> marks = merged_marks(spots, sizes());

  ASSERT_EQ(marks.size(), 3u);
  EXPECT_EQ(marks[0].severity, Severity::critical);
  EXPECT_EQ(marks[1].severity, Severity::high);
  EXPECT_EQ(marks[2].severity, Severity::medium);
}

TEST(AlarmMarks, LowOnesAreNotOnTheMap) {
  EXPECT_TRUE(merged_marks(std::vector<AlarmSpot>{{1, 1, Severity::low, false}}, sizes()).empty());
  EXPECT_TRUE(merged_marks({}, sizes()).empty());
}

TEST(AlarmMarks, LoseNoneAndLeaveNoneOfASeverityOverAnother) {
  for (const std::size_t count : {1u, 40u, 300u, 1'500u, 30'000u}) {
    const std::vector<AlarmSpot> spots = country(count);

    const std::vector<AlarmMark> marks = merged_marks(spots, sizes());

    for (const Severity s : {Severity::critical, Severity::high, Severity::medium}) {
      const auto raised = std::count_if(spots.begin(), spots.end(),
                                        [&](const AlarmSpot& a) { return a.severity == s; });
      EXPECT_EQ(sum(marks, s), static_cast<std::uint64_t>(raised)) << count;
    }
    for (std::size_t a = 0; a < marks.size(); ++a) {
      for (std::size_t b = a + 1; b < marks.size(); ++b) {
        if (marks[a].severity != marks[b].severity) continue;
        EXPECT_FALSE(shape_of(marks[a], spots).overlaps(shape_of(marks[b], spots))) << count;
      }
    }
  }
}

TEST(AlarmMarks, AreTheSameWhereverTheMapIsPannedTo) {
  const std::vector<AlarmMark> here = merged_marks(country(200), sizes());
  const std::vector<AlarmMark> there = merged_marks(country(200, 4e9, 2e9), sizes());

  ASSERT_EQ(here.size(), there.size());
  for (std::size_t i = 0; i < here.size(); ++i) {
    EXPECT_EQ(here[i].first, there[i].first);
    EXPECT_EQ(here[i].count, there[i].count);
  }
}

TEST(AlarmMarks, ANumberTurnsAwayFromAWorseMarkBesideIt) {
  const std::vector<AlarmSpot> spots{{100, 100, Severity::medium, false},
                                     {102, 100, Severity::medium, false},
                                     {127, 100, Severity::critical, false}};

  const std::vector<AlarmMark> marks = merged_marks(spots, sizes());

  ASSERT_EQ(marks.size(), 2u);
  EXPECT_TRUE(marks[1].count_left);
  EXPECT_FALSE(shape_of(marks[0], spots).overlaps(shape_of(marks[1], spots)));
}

TEST(AlarmMarks, FromFarOffMediumOnesAreSmallAndQuietAndOthersAsEver) {
  Ui ui(Lang::zh);
  ui.begin_frame(1920, 1080, 1, 0, 0.1);

  const MarkSizes far = mark_sizes(ui, 4), near = mark_sizes(ui, 9);
  ui.end_frame();

  EXPECT_LT(far.radius[2], near.radius[2]);
  EXPECT_LT(far.medium_opacity, near.medium_opacity);
  EXPECT_EQ(far.radius[0], near.radius[0]);
  EXPECT_EQ(near.medium_opacity, 1);
}

}  // namespace
