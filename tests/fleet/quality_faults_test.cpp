// Fault lists: one value each.
#include "quality_support.hpp"

namespace fleet::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Fault kLowOil{100, 1, 0, 1, Lamp::red_stop}, kFilter{107, 16, 0, 1, Lamp::amber};

TEST(QualityOfFaultLists, TreatsAFaultListAsOneValue) {
  Judging j;

  EXPECT_THAT(j.take_faults(at_s(10), {kLowOil, kFilter}), IsEmpty());
  EXPECT_TRUE(j.has_faults());
  EXPECT_EQ(j.counters().stored, 1u);
  EXPECT_THAT(j.take_faults(at_s(10), {kFilter, kLowOil}),
              ElementsAre(of(Reason::duplicate, kNoField)));
  EXPECT_FALSE(j.has_faults());
  EXPECT_THAT(j.take_faults(at_s(5), {}), IsEmpty());
  EXPECT_EQ(j.noted(Reason::late), 1u);
  EXPECT_THAT(j.take_faults(at_s(20), {kLowOil, kFilter}), IsEmpty());
}

TEST(QualityOfFaultLists, ForgetsAFaultListThatIsTakenBack) {
  Judging j;
  j.take_faults(at_s(10), {kLowOil});

  EXPECT_THAT(j.take_faults(at_s(20), {kLowOil, kFilter}), IsEmpty());
  j.take_back_faults();
  EXPECT_EQ(j.counters().stored, 1u);
  EXPECT_EQ(j.counters().rejected[static_cast<std::size_t>(Reason::alarms_full)], 1u);
  EXPECT_THAT(j.take_faults(at_s(20), {kLowOil, kFilter}), IsEmpty()) << "no duplicate";
  EXPECT_EQ(j.counters().stored, 2u);

  EXPECT_THAT(j.take_faults(at_s(15), {}), IsEmpty());
  j.take_back_faults();
  EXPECT_EQ(j.noted(Reason::late), 0u);
  EXPECT_THAT(j.take_faults(at_s(20), {kLowOil, kFilter}),
              ElementsAre(of(Reason::duplicate, kNoField)));
}

TEST(QualityOfFaultLists, KnowsAFaultListAgainThatWasTakenUpBeforeARestart) {
  FleetState state = state_with(2);
  TickBatch tick = tick_at(at_s(10));
  const AcceptedRow row{0, at_s(10), at_s(10), 0, {}};
  state.accept(row, tick);
  for (const Fault& fault : {kFilter, kLowOil}) {
    const AlarmId id = alarm_id("a", AlarmRule::fault, fault, at_s(10));
    const Alarm alarm{id, 0, AlarmRule::fault, fault, severity_of(fault), at_s(10), at_s(10)};
    state.raise({AlarmEvent::Kind::raised, alarm, at_s(10)}, tick);
  }
  const auto after_restart = [&state](Time t, std::vector<Fault> faults) {
    Judging j(state);
    return j.take_faults(t, std::move(faults));
  };

  EXPECT_THAT(after_restart(at_s(10), {kLowOil, kFilter}),
              ElementsAre(of(Reason::duplicate, kNoField)));
  EXPECT_THAT(after_restart(at_s(11), {kLowOil, kFilter}), IsEmpty());
  EXPECT_THAT(after_restart(at_s(9), {kLowOil, kFilter}), IsEmpty());
  EXPECT_THAT(after_restart(at_s(10), {kLowOil}), IsEmpty()) << "no conflict with a guess";
  EXPECT_THAT(after_restart(at_s(10), {}), IsEmpty());
}

TEST(QualityOfFaultLists, SettlesAConflictOfFaultListsWhateverTheOrder) {
  const Fault f{100, 1, 0, 1, Lamp::red_stop};
  const auto last_winner = [&](bool empty_first) {
    Judging j;
    std::string winner;
    for (bool empty : {empty_first, !empty_first}) {
      j.take({.faults = empty ? std::vector<Fault>{} : std::vector<Fault>{f}});
      if (j.has_faults()) winner = empty ? "empty" : "fault";
    }
    return winner;
  };

  EXPECT_EQ(last_winner(true), last_winner(false));
}

}  // namespace
}  // namespace fleet::test
