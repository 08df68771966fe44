#include "fleet/machine_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fleet {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const Time kStart = time_from_ms(1'792'130'400'000);

class MachineRecorders : public testing::Test {
 protected:
  /// Two machines; the one that is looked at has number `slot`.
  void know(Slot slot = 1) {
    RosterBatch roster{
        .complete = true, .version = 1, .machines = {}, .extra_fields = {"boom_bar"}};
    for (Slot i = 0; i < 2; ++i) {
      Machine machine;
      machine.id = i == slot ? "SY0002" : "SY0001";
      roster.machines.emplace_back(i, machine);
    }
    ASSERT_TRUE(recorder.take(roster).ok());
    ASSERT_TRUE(gateway.apply(std::move(roster)).ok());
    gateway.finish_tick({7, 0}, kStart);
    ASSERT_TRUE(recorder.take(gateway.keyframe()).ok());
  }
  /// A tick of a second in which machine 1 reports.
  void tick(Time begin, Time device, std::vector<std::pair<FieldId, std::int64_t>> values,
            std::int32_t period_ms = 0) {
    TickBatch tick;
    tick.position = {7, gateway.position().number + 1};
    tick.begin = begin;
    tick.end = begin + seconds(1);
    FieldMask fields = 0;
    std::vector<std::int64_t> raws;
    for (const auto& [field, raw] : values) fields |= FieldMask{1} << field, raws.push_back(raw);
    gateway.accept({1, device, begin + Millis{500}, fields, raws}, tick);
    if (period_ms > 0) gateway.set_period(1, period_ms, tick);
    gateway.finish_tick(tick.position, tick.end);
    ASSERT_TRUE(recorder.take(tick).ok());
  }

  FleetState gateway;
  MachineRecorder recorder{"SY0002", kStart, kStart + seconds(100)};
};

TEST_F(MachineRecorders, TellWorkIdlingStandstillAndSilence) {
  know();
  tick(kStart, kStart + Millis{400}, {{kEngineOn, 1}, {kWorking, 1}}, 5000);
  tick(kStart + seconds(9), kStart + seconds(9), {{kWorking, 0}});
  tick(kStart + seconds(30), kStart + seconds(30), {{kEngineOn, 0}});
  const MachineHistory history = recorder.finish(kStart + seconds(32));

  // Silent once three periods of 5 s are over, and not at their last instant.
  const Time idle = kStart + Millis{9500}, quiet = idle + seconds(15) + Millis{1},
             back = kStart + Millis{30'500};
  using Span = MachineHistory::StatusSpan;
  EXPECT_THAT(history.statuses,
              ElementsAre(Span{Status::unknown, kStart, kStart + Millis{500}},
                          Span{Status::working, kStart + Millis{500}, idle},
                          Span{Status::idling, idle, quiet}, Span{Status::silent, quiet, back},
                          Span{Status::stopped, back, kStart + seconds(32)}));
  EXPECT_EQ(status_at(history, kStart + seconds(32)), Status::unknown);
}

TEST_F(MachineRecorders, PutLateValuesWhereTheyWereMeasured) {
  know();
  tick(kStart, kStart + seconds(1), {{kOilPressureKpa, 300}});
  tick(kStart + seconds(5), kStart + seconds(6), {{kOilPressureKpa, 280}});
  tick(kStart + seconds(9), kStart + seconds(3), {{kOilPressureKpa, 290}, {kCoolantC, 805}});
  // Said again, and otherwise.
  tick(kStart + seconds(11), kStart + seconds(6), {{kOilPressureKpa, 281}});
  const MachineHistory history = recorder.finish(kStart + seconds(20));

  std::vector<std::pair<std::int64_t, double>> pressures;
  for (const MachineValue& value : values_of(history, kOilPressureKpa))
    pressures.emplace_back((value.device_time - kStart).count(), value.value);
  EXPECT_THAT(pressures,
              ElementsAre(std::pair(1000, 300.0), std::pair(3000, 290.0), std::pair(6000, 281.0)));
  EXPECT_DOUBLE_EQ(values_of(history, kCoolantC).at(0).value, 80.5);
  EXPECT_THAT(values_of(history, kRpm), IsEmpty());
  EXPECT_THAT(values_of(history, kMaxFields), IsEmpty());
}

TEST_F(MachineRecorders, CallAGapWhatIsLongerThanThreeOfItsPeriods) {
  know();
  tick(kStart, kStart, {{kRpm, 800}}, 12'000);
  tick(kStart + seconds(12), kStart + seconds(12), {{kRpm, 810}});
  // 36 s later is still in its rhythm, 37 s is not. What came late fills no gap but its own place.
  tick(kStart + seconds(48), kStart + seconds(48), {{kRpm, 820}});
  tick(kStart + seconds(85), kStart + seconds(85), {{kRpm, 830}});
  tick(kStart + seconds(90), kStart + seconds(30), {{kRpm, 815}});
  const auto gaps = gaps_of(recorder.finish(kStart + seconds(100)));

  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].begin, kStart + seconds(48));
  EXPECT_EQ(gaps[0].end, kStart + seconds(85));
}

TEST_F(MachineRecorders, KnowAMachineByItsIdWhateverItsNumber) {
  know();
  tick(kStart, kStart, {{kOilPressureKpa, 300}, {kCoreFieldCount, 5000}});
  RosterBatch anew{
      .complete = true, .version = 2, .machines = {}, .extra_fields = {"arm_bar", "boom_bar"}};
  Machine machine;
  machine.id = "SY0002";
  anew.machines.emplace_back(0, machine);
  FleetState other;
  ASSERT_TRUE(recorder.take(anew).ok());
  ASSERT_TRUE(other.apply(anew).ok());
  other.finish_tick({8, 0}, kStart + seconds(5));
  ASSERT_TRUE(recorder.take(other.keyframe()).ok());
  TickBatch tick;
  tick.position = {8, 1};
  tick.begin = kStart + seconds(5);
  tick.end = kStart + seconds(6);
  other.accept({0, tick.begin, tick.begin + Millis{3}, FieldMask{3} << kCoreFieldCount,
                std::vector<std::int64_t>{7000, 6000}},
               tick);
  ASSERT_TRUE(recorder.take(tick).ok());
  const MachineHistory history = recorder.finish(kStart + seconds(20));

  // The boom's pressure is one field, though its number changed.
  ASSERT_EQ(history.fields[kCoreFieldCount].name, "boom_bar");
  ASSERT_EQ(history.fields[kCoreFieldCount + 1].name, "arm_bar");
  const auto boom = values_of(history, kCoreFieldCount);
  ASSERT_EQ(boom.size(), 2u);
  EXPECT_DOUBLE_EQ(boom[0].value, 5);
  EXPECT_DOUBLE_EQ(boom[1].value, 6);
  EXPECT_DOUBLE_EQ(values_of(history, kCoreFieldCount + 1).at(0).value, 7);
}

TEST_F(MachineRecorders, RefuseRowsWithoutTheirValues) {
  know();
  TickBatch tick;
  tick.position = {7, 1};
  tick.begin = tick.end = kStart;
  Row row;
  row.machine = 1;
  row.fields = 7;
  row.value_begin = 4;
  tick.rows.push_back(row);

  EXPECT_FALSE(recorder.take(tick).ok());
}

}  // namespace
}  // namespace fleet
