// Figures around midnight, where clocks differ, and within a frame's bounds.
#include "net/gateway/figures_publisher.hpp"

#include "tests/net/gateway_support.hpp"

namespace net::test {
namespace {

using std::chrono::seconds;

const fleet::Time kMidnight = kStart + std::chrono::hours(16);  // in the gateway's zone
constexpr std::int32_t kToday = 20'742;                         // 2026-10-16

/// A gateway around midnight, and a wall that follows it. Times are seconds after midnight.
class AroundMidnight : public ::testing::Test {
 protected:
  AroundMidnight() {
    for (const char* id : {"right", "fast", "late"})
      EXPECT_TRUE(core_.state().roster().find_or_add(id).ok());
  }
  /// A machine that works says so.
  void report(fleet::Slot machine, int device, int receive) {
    go_to(receive);
    fleet::ReportBatch batch = one_report(machine, kMidnight + seconds(device), 104 + machine);
    batch.values = {{fleet::kEngineOn, 1}, {fleet::kWorking, 1}};
    batch.reports[0].value_end = 2;
    batch.reports[0].receive_time = kMidnight + seconds(receive);
    EXPECT_EQ(core_.ingest(batch).accepted, 1u);
  }
  /// Ends the ticks before `receive`.
  void go_to(int receive) {
    while (core_.tick_end() < kMidnight + seconds(receive)) wall_.apply(core_.end_tick());
  }
  /// "right" and "fast", whose clock is two minutes ahead, report every ten seconds.
  void both_work(int from, int to) {
    for (int s = from; s <= to; s += 10) {
      report(kRight, s, s);
      report(kFast, s + 120, s);
    }
  }
  const fleet::HeatHours& heat() { return wall_.state().heat(); }
  const fleet::DayFigures& figures(fleet::Slot machine) { return wall_.state().figures(machine); }
  std::int64_t worked_s(std::int32_t day) {
    std::int64_t sum = 0;
    for (fleet::Slot m = 0; m < 3; ++m) sum += figures(m).day == day ? figures(m).working_s() : 0;
    return sum;
  }

  static constexpr fleet::Slot kRight = 0, kFast = 1, kLate = 2;
  GatewayCore core_{{}, kMidnight - std::chrono::minutes(6)};
  Reader wall_;
};

TEST_F(AroundMidnight, AFastClockDoesNotEndTheDayOfAllOthers) {
  both_work(-300, -10);
  go_to(-1);

  EXPECT_EQ(heat().day(), kToday);
  EXPECT_EQ(figures(kFast).day, kToday) << "its own hours of today stay, too";
  EXPECT_EQ(figures(kFast).working_s(), 170) << "up to its own midnight";
  EXPECT_GE(figures(kRight).working_s(), 230);
  EXPECT_EQ(heat().total_s(), worked_s(kToday));
}

TEST_F(AroundMidnight, WhatWasKeptApartIsThereOnceTheDayBegins) {
  both_work(-300, 70);
  go_to(140);

  EXPECT_EQ(heat().day(), kToday + 1);
  EXPECT_EQ(figures(kFast).day, kToday + 1);
  EXPECT_EQ(figures(kFast).working_s(), 190) << "from its own midnight on";
  EXPECT_EQ(figures(kRight).working_s(), 70);
  EXPECT_EQ(heat().total_s(), 260);
  EXPECT_EQ(heat().image(), core_.state().heat().image());
}

TEST_F(AroundMidnight, WhatWasKeptApartComesWhenNobodyReportsAfterMidnight) {
  both_work(-300, -10);

  go_to(61);

  EXPECT_EQ(heat().day(), kToday + 1);
  EXPECT_EQ(heat().total_s(), 110);
}

TEST_F(AroundMidnight, ALateBurstOfTodayCountsBesideAFastClock) {
  both_work(-300, -120);
  for (int s = -4000; s <= -3400; s += 60) report(kLate, s, -110);
  both_work(-100, -10);
  go_to(-1);

  EXPECT_EQ(figures(kLate).working_s(), 600);
  EXPECT_EQ(heat().total_s(), worked_s(kToday));
}

TEST_F(AroundMidnight, ALateBurstOfYesterdayChangesNothingOfToday) {
  both_work(-300, 70);
  go_to(140);
  const std::int64_t before = heat().total_s();

  for (int s = -4000; s <= -3400; s += 60) report(kLate, s, 150);
  go_to(220);

  EXPECT_EQ(figures(kLate).day, kToday);
  EXPECT_EQ(heat().day(), kToday + 1);
  EXPECT_EQ(heat().total_s(), before);
}

/// A publisher with a state of its own. Every machine works.
class Publishing : public ::testing::Test {
 protected:
  explicit Publishing(std::size_t max_shares = kMaxFrameShares) : publisher_(kZone, 1, max_shares) {
    for (std::size_t i = 0; i < kMachines; ++i)
      EXPECT_TRUE(state_.roster().find_or_add("m" + std::to_string(i)).ok());
    state_.fit_roster();
  }
  /// In cell `cell`; times are seconds after midnight.
  void report(FiguresPublisher& to, fleet::Slot machine, int device, int receive,
              std::uint32_t cell = 0) {
    const std::int64_t values[] = {fleet::packed({cell << 9, 1 << 20}), 1, 1};
    const fleet::FieldMask fields =
        1u << fleet::kPosition | 1u << fleet::kEngineOn | 1u << fleet::kWorking;
    const fleet::AcceptedRow row{machine, kMidnight + seconds(device), kMidnight + seconds(receive),
                                 fields, values};
    to.observe(state_, row, index(receive));
    fleet::TickBatch tick = at(receive);
    state_.accept(row, tick);
  }
  static std::int64_t index(int second) {
    return fleet::ms_from_time(kMidnight + seconds(second)) / 1000;
  }
  static fleet::TickBatch at(int second) {
    fleet::TickBatch tick;
    tick.begin = kMidnight + seconds(second);
    tick.end = tick.begin + seconds(1);
    return tick;
  }
  fleet::TickBatch publish(FiguresPublisher& from, int second) {
    fleet::TickBatch tick = at(second);
    from.publish(state_, tick, index(second));
    return tick;
  }

  static constexpr std::size_t kMachines = 8;
  const fleet::TimeZone kZone = fleet::shanghai();
  fleet::FleetState state_;
  FiguresPublisher publisher_;
};

TEST_F(Publishing, KeepsOneMachineApartOnceHoweverMuchItSaysAndLetsItGoAtMidnight) {
  for (int s = -200; s < -1; ++s) {
    for (fleet::Slot m = 0; m < kMachines; ++m)
      report(publisher_, m, s + 240, s, static_cast<std::uint32_t>(s + 300));
    publish(publisher_, s);
  }
  EXPECT_EQ(publisher_.ahead(), kMachines);
  EXPECT_EQ(state_.heat().total_s(), 0);

  const fleet::TickBatch first = publish(publisher_, 0);

  EXPECT_EQ(publisher_.ahead(), 0u);
  EXPECT_EQ(first.figures.size(), kMachines);
  EXPECT_EQ(first.shares.size(), kMachines * fleet::HeatNotes::kMaxShares);
  EXPECT_EQ(state_.heat().total_s(), static_cast<std::int64_t>(kMachines) * 198);
}

TEST_F(Publishing, TakesUpWhatAnotherOneKeptApart) {
  FiguresPublisher part(kZone, 1);
  report(part, 0, 10, -100, 5);
  report(part, 0, 40, -70, 5);

  publisher_.adopt(part, 0);
  publish(publisher_, 0);

  EXPECT_EQ(state_.figures(0).day, kToday + 1);
  EXPECT_EQ(state_.figures(0).working_s(), 30);
  ASSERT_EQ(state_.heat().image().values.size(), 1u);
  EXPECT_EQ(state_.heat().image().values[0].key, fleet::HeatKey::of({5u << 9, 1 << 20}, 0));
}

class PublishingFourShares : public Publishing {
 protected:
  PublishingFourShares() : Publishing(4) {}
  /// Each of some machines worked in two cells; what a tick then has.
  fleet::TickBatch worked_by(fleet::Slot machines) {
    for (fleet::Slot m = 0; m < machines; ++m) {
      report(publisher_, m, 100, 100, 1);
      report(publisher_, m, 130, 130, 2);
      report(publisher_, m, 150, 150, 3);
    }
    return publish(publisher_, 151);
  }
};

TEST_F(PublishingFourShares, SaysWhereAllWasWorkedUpToTheBoundOfATick) {
  const fleet::TickBatch tick = worked_by(2);

  EXPECT_EQ(tick.shares.size(), 4u);
  EXPECT_EQ(tick.figures[1].share_count, 2u);
  EXPECT_EQ(state_.heat().total_s(), 100);
}

TEST_F(PublishingFourShares, CountsWhatIsBeyondTheBoundWhereTheMachineStands) {
  const fleet::TickBatch tick = worked_by(3);

  EXPECT_EQ(tick.shares.size(), 4u);
  EXPECT_EQ(tick.figures[2].share_count, 0u);
  EXPECT_EQ(state_.heat().total_s(), 150) << "no hour is lost";
  const auto image = state_.heat().image();
  EXPECT_TRUE(std::ranges::any_of(image.values, [](const fleet::HeatValue& value) {
    return value.key == fleet::HeatKey::of({3u << 9, 1 << 20}, fleet::kUnknownHour) &&
           value.seconds == 50;
  }));
}

}  // namespace
}  // namespace net::test
