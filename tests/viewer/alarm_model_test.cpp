// Which alarms the panel lists.
#include <gtest/gtest.h>

#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

using fleet::Severity;
using testing_support::kSuzhou;

class AlarmModelTest : public ::testing::Test {
 protected:
  AlarmsModel model() {
    fleet_.show(view_);
    return alarms_model(view_, view_.state().time(), std::nullopt, true, 7);
  }

  fleet::Atlas atlas_;
  testing_support::SmallFleet fleet_;
  FleetView view_{atlas_, fleet::shanghai()};
  fleet::Slot a_ = fleet_.add("A", kSuzhou, fleet::Status::working);
  fleet::Slot b_ = fleet_.add("B", kSuzhou, fleet::Status::working);
};

TEST_F(AlarmModelTest, ListsLowOnesOnlyWhereNothingElseIs) {
  fleet_.alarm(a_, Severity::low);
  AlarmsModel low = model();
  ASSERT_EQ(low.rows.size(), 1u);
  EXPECT_EQ(low.rows[0].serial, "A");
  EXPECT_EQ(low.unacknowledged, 0u) << "it asks for nothing";

  fleet_.alarm(b_, Severity::medium);
  const AlarmsModel both = model();
  ASSERT_EQ(both.rows.size(), 1u);
  EXPECT_EQ(both.rows[0].serial, "B");
  EXPECT_EQ(both.unacknowledged, 1u);
  EXPECT_EQ(both.by_severity[static_cast<std::size_t>(Severity::low)], 1u);
}

TEST_F(AlarmModelTest, IsEmptyWithoutAlarms) {
  EXPECT_TRUE(model().rows.empty());
}

}  // namespace
}  // namespace viewer
