// Alarm marks of a whole fleet: merged anew only when they may have changed, and none lost.
#include "viewer/labels/placed_alarms.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "viewer/picking.hpp"

namespace {

using namespace viewer;
using fleet::Severity;

constexpr double kReachPx = 120;

MarkSizes sizes() {
  MarkSizes s;
  s.radius = {9, 7.5f, 6, 4.5f};
  return s;
}

class PlacedAlarmsTest : public ::testing::Test {
 protected:
  PlacedAlarmsTest() {
    camera_.zoom = 5;
    camera_.centre = {0.8, 0.4};
  }
  /// A machine with an open alarm there, px from the middle of the first view.
  void add(double x, double y, Severity severity = Severity::medium) {
    const double px = camera_.px_per_world();
    render::PointInstance point;
    point.style = 0;
    point.x = static_cast<std::uint32_t>((0.8 + x / px) * kPointSteps);
    point.y = static_cast<std::uint32_t>((0.4 + y / px) * kPointSteps);
    fleet::AlarmEvent event;
    event.alarm.id = points_.size() + 1;
    event.alarm.machine = static_cast<fleet::Slot>(points_.size());
    event.alarm.severity = severity;
    points_.push_back(point);
    alarms_.apply(event);
  }
  void scatter(int count, double spread_px) {
    std::mt19937 random(3);
    std::normal_distribution<double> at(0, spread_px);
    for (int i = 0; i < count; ++i) {
      const double x = at(random);
      add(x, at(random), static_cast<Severity>(i % 4));
    }
  }
  std::span<const AlarmMark> update() {
    placed_.update(alarms_, points_, places_version_, camera_, sizes(), kReachPx);
    return placed_.marks();
  }
  std::uint64_t counted() {
    std::uint64_t sum = 0;
    for (const AlarmMark& mark : update()) sum += mark.count;
    return sum;
  }

  fleet::AlarmTable alarms_;
  std::vector<render::PointInstance> points_;
  std::uint64_t places_version_ = 1;
  render::Camera camera_;
  PlacedAlarms placed_;
};

TEST_F(PlacedAlarmsTest, GoWithTheMapWithoutBeingMergedAgain) {
  add(0, 0);
  add(4, 0);
  add(200, 100, Severity::critical);
  const auto first = update();
  const std::vector<AlarmMark> before(first.begin(), first.end());

  camera_.pan_px(-100, 40);
  const auto after = update();

  EXPECT_EQ(placed_.merges(), 1u);
  ASSERT_EQ(before.size(), 2u);
  ASSERT_EQ(after.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(after[i].count, before[i].count);
    EXPECT_NEAR(std::abs(after[i].at.x - before[i].at.x), 100, 0.1);
    EXPECT_NEAR(std::abs(after[i].at.y - before[i].at.y), 40, 0.1);
  }
}

TEST_F(PlacedAlarmsTest, AreMergedAgainWhenAnythingChangedThatMayJoinThem) {
  add(0, 0);
  add(30, 0);
  ASSERT_EQ(update().size(), 2u);

  camera_.zoom = 4;
  EXPECT_EQ(update().size(), 1u) << "nearer to each other by half";
  add(30, 0);
  EXPECT_EQ(counted(), 3u) << "another alarm";
  points_[0].x = points_[1].x + 100'000'000;
  ++places_version_;
  EXPECT_EQ(update().size(), 2u) << "a machine has moved";
  points_[2].style |= render::PointInstance::kHidden;
  ++places_version_;
  EXPECT_EQ(counted(), 2u) << "one is not shown any more";
  const std::uint64_t merges = placed_.merges();
  EXPECT_EQ(merges, 5u);
  update();
  EXPECT_EQ(placed_.merges(), merges);
}

TEST_F(PlacedAlarmsTest, FollowAMachineThatMovesMeanwhile) {
  add(0, 0);
  const float x = update()[0].at.x;

  points_[0].x += static_cast<std::uint32_t>(50 / camera_.px_per_world() * kPointSteps);

  EXPECT_NEAR(update()[0].at.x, x + 50, 0.1);
  EXPECT_EQ(placed_.merges(), 1u);
}

TEST_F(PlacedAlarmsTest, ComeIntoViewHoweverFarTheMapIsPanned) {
  add(0, 0);
  add(3000, 0);
  EXPECT_EQ(update().size(), 1u);

  for (int i = 0; i < 30; ++i) {
    camera_.centre.x += 100 / camera_.px_per_world();
    update();
  }

  EXPECT_EQ(update().size(), 1u);
  EXPECT_NEAR(update()[0].at.x, 960, 0.1);
  EXPECT_LE(placed_.merges(), 8u);
}

TEST_F(PlacedAlarmsTest, AreThoseOfTheWholeFleetInEveryView) {
  scatter(1500, 2000);
  std::vector<AlarmSpot> spots;
  std::vector<fleet::Slot> machines;
  for (const auto& [id, alarm] : alarms_.open()) {
    if (alarm.severity == Severity::low) continue;
    const fleet::WorldPoint at = place_of(points_[alarm.machine]);
    const double px = camera_.px_per_world();
    spots.push_back({at.x * px, at.y * px, alarm.severity, false});
    machines.push_back(alarm.machine);
  }
  std::map<std::pair<float, float>, std::uint32_t> all;
  for (const AlarmMark& mark : merged_marks(spots, sizes())) {
    const auto at = camera_.screen_from_world(place_of(points_[machines[mark.first]]));
    if (std::abs(at.x - 960) < 960 + kReachPx && std::abs(at.y - 540) < 540 + kReachPx)
      all[{static_cast<float>(at.x), static_cast<float>(at.y)}] += mark.count;
  }

  std::map<std::pair<float, float>, std::uint32_t> got;
  for (const AlarmMark& mark : update()) got[{mark.at.x, mark.at.y}] += mark.count;

  EXPECT_GT(got.size(), 50u);
  EXPECT_EQ(got, all);
}

TEST_F(PlacedAlarmsTest, OfATableThatWasClearedAreNone) {
  scatter(50, 100);
  EXPECT_GT(counted(), 0u);

  alarms_.clear();

  EXPECT_EQ(counted(), 0u);
}

}  // namespace
