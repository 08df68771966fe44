#include "fleet/alarms.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace fleet {
namespace {

using test::at_s;
using Kind = AlarmEvent::Kind;

Fault fault(std::uint32_t spn, std::uint8_t fmi, Lamp lamp = Lamp::off) {
  return {spn, fmi, 0, 1, lamp};
}

/// A judge with one machine, and what it said.
struct Judged {
  FaultJudge judge;
  std::vector<AlarmEvent> events;

  void observe(Time t, std::vector<Fault> active) {
    events.clear();
    judge.observe(0, "SY0121", t, t + std::chrono::seconds{2}, active, events);
  }
};

TEST(Severity, FollowsTheTableFirstMatchFirst) {
  EXPECT_EQ(severity_of(fault(999, 31, Lamp::red_stop)), Severity::critical);
  for (std::uint32_t spn : {100u, 110u, 175u, 190u, 1638u}) {
    EXPECT_EQ(severity_of(fault(spn, 0)), Severity::critical);
    EXPECT_EQ(severity_of(fault(spn, 1)), Severity::critical);
    EXPECT_EQ(severity_of(fault(spn, 2)), Severity::low);
  }
  EXPECT_EQ(severity_of(fault(96, 1)), Severity::high);
  EXPECT_EQ(severity_of(fault(96, 5, Lamp::protect)), Severity::high);
  EXPECT_EQ(severity_of(fault(96, 5, Lamp::amber)), Severity::medium);
  EXPECT_EQ(severity_of(fault(96, 16)), Severity::medium);
  EXPECT_EQ(severity_of(fault(96, 18)), Severity::medium);
  EXPECT_EQ(severity_of(fault(96, 17)), Severity::low);
  EXPECT_EQ(severity_of(fault(96, 15)), Severity::low);
  EXPECT_EQ(severity_of(fault(96, 5, Lamp::malfunction)), Severity::low);
}

TEST(AlarmId, DependsOnEveryPartOfTheOccurrence) {
  const Fault f = fault(100, 1);
  const AlarmId id = alarm_id("SY0121", AlarmRule::fault, f, at_s(0));
  Fault other_source = f, other_count = f;
  other_source.source = 3;
  other_count.count = 9;

  EXPECT_EQ(id, alarm_id("SY0121", AlarmRule::fault, f, at_s(0)));
  EXPECT_EQ(id, alarm_id("SY0121", AlarmRule::fault, other_count, at_s(0)));
  EXPECT_NE(id, alarm_id("SY0122", AlarmRule::fault, f, at_s(0)));
  EXPECT_NE(id, alarm_id("SY0121", AlarmRule::fault, fault(101, 1), at_s(0)));
  EXPECT_NE(id, alarm_id("SY0121", AlarmRule::fault, fault(100, 0), at_s(0)));
  EXPECT_NE(id, alarm_id("SY0121", AlarmRule::fault, other_source, at_s(0)));
  EXPECT_NE(id, alarm_id("SY0121", AlarmRule::fault, f, at_s(1)));
}

TEST(AlarmId, IsTheHashOfTheDocumentedBytes) {
  // xxh64 of "\6SY0121", 0, SPN 100 (u32), FMI 1, source 0, 1792108800000 (i64), by another
  // program.
  EXPECT_EQ(alarm_id("SY0121", AlarmRule::fault, fault(100, 1), at_s(0)), 0x799AC48B29D9A42Eu);
}

TEST(FaultJudge, RaisesChangesAndClears) {
  Judged j;

  j.observe(at_s(0), {fault(100, 1)});
  ASSERT_EQ(j.events.size(), 1u);
  EXPECT_EQ(j.events[0].kind, Kind::raised);
  EXPECT_EQ(j.events[0].alarm.occurred, at_s(0));
  EXPECT_EQ(j.events[0].alarm.learned, at_s(2));
  EXPECT_EQ(j.events[0].alarm.severity, Severity::critical);
  const AlarmId id = j.events[0].alarm.id;

  j.observe(at_s(60), {fault(100, 1)});
  EXPECT_TRUE(j.events.empty());

  j.observe(at_s(120), {fault(100, 1, Lamp::red_stop)});
  ASSERT_EQ(j.events.size(), 1u);
  EXPECT_EQ(j.events[0].kind, Kind::changed);
  EXPECT_EQ(j.events[0].alarm.id, id);
  EXPECT_EQ(j.events[0].alarm.occurred, at_s(0));

  j.observe(at_s(180), {});
  ASSERT_EQ(j.events.size(), 1u);
  EXPECT_EQ(j.events[0].kind, Kind::cleared);
  EXPECT_EQ(j.events[0].alarm.id, id);
  EXPECT_EQ(j.events[0].at, at_s(180));
}

TEST(FaultJudge, GivesANewOccurrenceANewId) {
  Judged j;
  j.observe(at_s(0), {fault(100, 1)});
  const AlarmId first = j.events.at(0).alarm.id;
  j.observe(at_s(60), {});

  j.observe(at_s(120), {fault(100, 1)});

  ASSERT_EQ(j.events.size(), 1u);
  EXPECT_NE(j.events[0].alarm.id, first);
}

TEST(FaultJudge, IgnoresListsOlderThanTheNewest) {
  Judged j;
  j.observe(at_s(60), {fault(100, 1)});

  j.observe(at_s(59), {});
  EXPECT_TRUE(j.events.empty());
  j.observe(at_s(60), {});
  EXPECT_EQ(j.events.size(), 1u);
}

TEST(FaultJudge, OrdersEventsByFaultWhateverTheListsOrder) {
  Judged a, b;

  a.observe(at_s(0), {fault(110, 0), fault(96, 1), fault(100, 1)});
  b.observe(at_s(0), {fault(100, 1), fault(110, 0), fault(96, 1)});

  ASSERT_EQ(a.events.size(), 3u);
  EXPECT_EQ(a.events[0].alarm.fault.spn, 96u);
  EXPECT_EQ(a.events[2].alarm.fault.spn, 110u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(a.events[i].alarm, b.events[i].alarm);
}

TEST(FaultJudge, TakesTheWorseOfAFaultToldTwice) {
  Judged j;

  j.observe(at_s(0), {fault(96, 5, Lamp::off), fault(96, 5, Lamp::amber)});

  ASSERT_EQ(j.events.size(), 1u);
  EXPECT_EQ(j.events[0].alarm.severity, Severity::medium);
}

TEST(FaultJudge, ContinuesFromRestoredAlarms) {
  Judged before;
  before.observe(at_s(0), {fault(100, 1), fault(96, 1)});
  AlarmTable table;
  for (const AlarmEvent& event : before.events) table.apply(event);
  Judged after;
  after.judge.restore(table);

  after.observe(at_s(60), {fault(100, 1)});

  ASSERT_EQ(after.events.size(), 1u);
  EXPECT_EQ(after.events[0].kind, Kind::cleared);
  EXPECT_EQ(after.events[0].alarm.fault.spn, 96u);
}

TEST(AlarmTable, HoldsWhatIsOpen) {
  Judged j;
  AlarmTable table;
  j.observe(at_s(0), {fault(100, 1), fault(96, 1)});
  for (const AlarmEvent& event : j.events) table.apply(event);
  const auto version = table.version();
  EXPECT_EQ(table.open().size(), 2u);

  j.observe(at_s(60), {fault(96, 1)});
  for (const AlarmEvent& event : j.events) table.apply(event);

  ASSERT_EQ(table.open().size(), 1u);
  EXPECT_EQ(table.open().begin()->second.fault.spn, 96u);
  EXPECT_GT(table.version(), version);
}

}  // namespace
}  // namespace fleet
