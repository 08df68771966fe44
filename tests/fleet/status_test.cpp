#include "fleet/status.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace fleet {
namespace {

using std::chrono::hours;
using test::at_ms;
using test::at_s;
using test::report;
using test::state_with;
using test::tick_at;

Status after(std::map<FieldId, std::int64_t> values, const StatusRules& rules = {}) {
  FleetState state = state_with(1);
  report(state, 0, at_s(0), std::move(values));
  return status_of(state, 0, at_s(1), rules);
}

TEST(Status, IsUnknownUntilTheFirstReport) {
  EXPECT_EQ(status_of(state_with(1), 0, at_s(0)), Status::unknown);
  EXPECT_EQ(silent_after(MachineHead{}), kNever);
}

TEST(Status, FollowsEngineAndWork) {
  EXPECT_EQ(after({{kEngineOn, 1}, {kWorking, 1}}), Status::working);
  EXPECT_EQ(after({{kEngineOn, 1}, {kWorking, 0}}), Status::idling);
  EXPECT_EQ(after({{kEngineOn, 0}, {kWorking, 1}}), Status::stopped);
  EXPECT_EQ(after({{kEngineOn, 1}, {kWorking, 0}, {kLoadPct, 900}}), Status::idling);
}

TEST(Status, GoesByLoadWhereWorkIsNotReported) {
  EXPECT_EQ(after({{kEngineOn, 1}, {kLoadPct, 199}}), Status::idling);
  EXPECT_EQ(after({{kEngineOn, 1}, {kLoadPct, 200}}), Status::working);
  EXPECT_EQ(after({{kEngineOn, 1}, {kLoadPct, 200}}, {.idle_load_pct = 20.1}), Status::idling);
}

TEST(Status, GoesBySpeedWhereNothingElseIsReported) {
  EXPECT_EQ(after({{kSpeedKmh, 9}}), Status::stopped);
  EXPECT_EQ(after({{kSpeedKmh, 10}}), Status::working);
  EXPECT_EQ(after({{kSpeedKmh, 10}}, {.moving_kmh = 1.1}), Status::stopped);
  EXPECT_EQ(after({{kPosition, 1}}), Status::stopped);
  EXPECT_EQ(after({{kEngineOn, 1}}), Status::idling);
  EXPECT_EQ(after({{kEngineOn, 1}, {kSpeedKmh, 10}}), Status::working);
}

TEST(Status, IsSilentAfterThreeMissedReports) {
  FleetState state = state_with(1);
  report(state, 0, at_s(0), {{kEngineOn, 0}});
  TickBatch tick = tick_at(at_s(0));
  state.set_period(0, 60'000, tick);

  EXPECT_EQ(status_of(state, 0, at_s(180)), Status::stopped);
  EXPECT_EQ(status_of(state, 0, at_ms(180'001)), Status::silent);
  EXPECT_EQ(silent_after(state.head(0)), at_s(180));
}

TEST(Status, ExpectsAReportAnHourUntilARhythmIsLearned) {
  FleetState state = state_with(1);
  report(state, 0, at_s(0), {});

  EXPECT_EQ(status_of(state, 0, at_s(0) + hours{3}), Status::stopped);
  EXPECT_EQ(status_of(state, 0, at_s(0) + hours{3} + Millis{1}), Status::silent);
}

TEST(Status, JudgesSilenceByReceiveTime) {
  FleetState state = state_with(1);
  TickBatch tick = tick_at(at_s(0));
  test::RowOf{0, at_s(-86'400), at_ms(1), {}}.accept_into(state, tick);

  EXPECT_EQ(status_of(state, 0, at_s(1)), Status::stopped);
}

TEST(Status, HasNames) {
  EXPECT_STREQ(status_name(Status::working), "working");
  EXPECT_STREQ(status_name(Status::idling), "idling");
  EXPECT_STREQ(status_name(Status::stopped), "stopped");
  EXPECT_STREQ(status_name(Status::silent), "silent");
  EXPECT_STREQ(status_name(Status::unknown), "unknown");
}

}  // namespace
}  // namespace fleet
