// Trails of several machines over one feed: who is asked for when, and whose answer is whose.
#include "viewer/trails/trail_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/viewer/asked_feed.hpp"
#include "tests/support/viewer/small_fleet.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing_support::kSuzhou;
using testing_support::SmallFleet;

constexpr fleet::Time kNow = SmallFleet::kNow;

class TrailSetTest : public ::testing::Test {
 protected:
  TrailSetTest() : view_(atlas_, fleet::shanghai()) {
    for (int i = 0; i < 8; ++i)
      fleet_.add("SY000" + std::to_string(i), kSuzhou, fleet::Status::working);
    fleet_.show(view_);
    wanted_.playhead = kNow;
  }
  bool update() { return trails_.update(view_, wanted_, marked_, feed_); }
  std::vector<std::string> asked() const {
    std::vector<std::string> ids;
    for (const net::TrackQuestion& question : feed_.questions) ids.push_back(question.machine_id);
    return ids;
  }
  /// The answer to the question of that place: a way of so many kilometres to where it stands now.
  void answer(std::size_t question, double km) {
    net::TrackAnswer answer;
    answer.number = feed_.questions.at(question).number;
    for (const double east_m : {km * 1000, 0.0}) {
      fleet::TrackStay stay;
      stay.time = stay.until = kNow - 60min + (east_m > 0 ? 0min : 20min);
      stay.at = fleet::grid_from_lonlat(kSuzhou);
      stay.at.x +=
          static_cast<std::uint32_t>(std::lround(east_m / fleet::metres_per_step(stay.at)));
      stay.period_s = 1200;
      answer.stays.push_back(stay);
    }
    feed_.answers.push_back(std::move(answer));
  }
  double km_of(fleet::Slot machine) const {
    const Trail* trail = trails_.of(machine);
    return trail ? trail->model(view_.zone()).driven_km : -1;
  }

  fleet::Atlas atlas_;
  SmallFleet fleet_;
  FleetView view_;
  testing_support::AskedFeed feed_;
  TrailSet trails_;
  Trail::Wanted wanted_;
  std::vector<fleet::Slot> marked_;
};

TEST_F(TrailSetTest, AsksForFourAtATimeTheSelectedFirst) {
  wanted_.machine = 5;
  marked_ = {0, 1, 2, 3, 4, 5};

  update();
  update();
  EXPECT_THAT(asked(), ElementsAre("SY0005", "SY0000", "SY0001", "SY0002"));
  EXPECT_EQ(trails_.waiting(), 4u);

  answer(1, 1);
  EXPECT_TRUE(update());

  EXPECT_THAT(asked(), ElementsAre("SY0005", "SY0000", "SY0001", "SY0002", "SY0003"));
}

TEST_F(TrailSetTest, GivesEachMachineItsOwnAnswer) {
  marked_ = {0, 1, 2};
  update();
  answer(2, 7);
  answer(0, 3);

  update();

  EXPECT_NEAR(km_of(0), 3, 0.01);
  EXPECT_NEAR(km_of(2), 7, 0.01);
  EXPECT_EQ(trails_.waiting(), 1u);
}

TEST_F(TrailSetTest, KeepsWhatIsKnownWhenTheChoiceChanges) {
  marked_ = {0, 1};
  update();
  answer(0, 3);
  answer(1, 4);
  update();
  ASSERT_EQ(feed_.questions.size(), 2u);

  wanted_.machine = 1;
  marked_ = {2, 0};
  update();
  EXPECT_NEAR(km_of(1), 4, 0.01) << "it was marked and is selected now";
  EXPECT_NEAR(km_of(0), 3, 0.01);
  EXPECT_EQ(asked().back(), "SY0002");
  EXPECT_EQ(feed_.questions.size(), 3u);

  wanted_.machine.reset();
  EXPECT_TRUE(update());
  EXPECT_EQ(trails_.of(1), nullptr);
}

TEST_F(TrailSetTest, AnAnswerForAMachineThatLeftIsNobodys) {
  marked_ = {0, 1};
  update();
  marked_ = {1};
  update();
  answer(0, 3);
  answer(1, 4);

  update();

  EXPECT_EQ(trails_.of(0), nullptr);
  EXPECT_NEAR(km_of(1), 4, 0.01);
}

TEST_F(TrailSetTest, LongTrailsTakeTurnsAndNoneIsForgotten) {
  for (fleet::Slot i = 0; i < 8; ++i) marked_.push_back(i);
  wanted_.span = TrailSpan::eight_hours;
  for (std::size_t asked = 0; asked < 8;) {
    update();
    for (; asked < feed_.questions.size(); ++asked) {
      net::TrackAnswer answer;
      answer.number = feed_.questions[asked].number;
      for (int s = 28'000; s > 0; --s) {
        fleet::TrackStay stay;
        stay.time = stay.until = kNow - std::chrono::seconds(s);
        stay.at = fleet::grid_from_lonlat({kSuzhou.lon_deg + s * 1e-4, kSuzhou.lat_deg});
        answer.stays.push_back(stay);
      }
      feed_.answers.push_back(std::move(answer));
    }
  }
  update();
  ASSERT_EQ(trails_.waiting(), 0u);
  const auto behind = [&] {
    return std::ranges::count_if(trails_.all(), [&](const TrailSet::Each& each) {
      return each.trail.to() < wanted_.playhead;
    });
  };
  wanted_.playhead = kNow + 5s;

  for (const int left : {6, 4, 2, 0}) {
    EXPECT_TRUE(update());
    EXPECT_EQ(behind(), left);
  }
  EXPECT_FALSE(update());
}

TEST_F(TrailSetTest, ShowsNoneOnceTheSpanIsOff) {
  wanted_.machine = 0;
  marked_ = {1};
  update();
  wanted_.span = TrailSpan::off;

  EXPECT_TRUE(update());

  EXPECT_TRUE(trails_.all().empty());
  EXPECT_FALSE(update());
}

}  // namespace
}  // namespace viewer
