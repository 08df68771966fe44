// Alarms of machines under panels: all critical ones are seen, beside the panels.
#include "viewer/labels/edge_marks.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

using namespace viewer;
using fleet::Severity;

constexpr Rect kWindow{0, 0, 1920, 1080}, kRoom{412, 72, 1500, 780};
const std::vector<Rect> kPanels{{28, 84, 404, 284},
                                {28, 302, 404, 602},
                                {1496, 84, 1892, 700},
                                {432, 780, 1468, 876},
                                {0, 976, 1920, 1080}};

MarkSizes sizes() {
  MarkSizes s;
  s.radius = {9, 7.5f, 6, 4.5f};
  return s;
}

AlarmMark mark_at(Point at, Severity severity, std::uint32_t count = 1) {
  AlarmMark mark;
  mark.at = at;
  mark.severity = severity;
  mark.count = count;
  return mark;
}

TEST(EdgeMarks, ACriticalMarkUnderAPanelStandsBesideItAndKnowsItsMachine) {
  std::vector<AlarmMark> marks{mark_at({200, 400}, Severity::critical),
                               mark_at({900, 500}, Severity::critical)};

  const auto edge = take_covered(marks, kPanels, kRoom, kWindow, sizes());

  ASSERT_EQ(marks.size(), 1u) << "the other one is seen where it is";
  EXPECT_EQ(marks[0].at.x, 900);
  ASSERT_EQ(edge.size(), 1u);
  EXPECT_GT(edge[0].mark.at.x, 404);
  EXPECT_LT(edge[0].mark.at.x, 460) << "at the panel's edge";
  EXPECT_EQ(edge[0].mark.at.y, 400);
  EXPECT_EQ(edge[0].machine.x, 200);
}

TEST(EdgeMarks, NoCriticalMarkInTheWindowIsUnderAPanelAndNoneIsLost) {
  std::mt19937 random(8);
  std::uniform_real_distribution<float> x(0, 1920), y(0, 1080);
  for (int round = 0; round < 50; ++round) {
    std::vector<AlarmMark> marks;
    for (std::size_t i = 0; i < 60; ++i) {
      marks.push_back(mark_at({x(random), y(random)}, Severity::critical, i % 5 == 0 ? 12 : 1));
      marks.back().first = i;
    }
    std::uint32_t before = 0, after = 0;
    for (const AlarmMark& mark : marks) before += mark.count;

    const auto edge = take_covered(marks, kPanels, kRoom, kWindow, sizes());

    for (const AlarmMark& mark : marks) after += mark.count;
    for (const EdgeMark& each : edge) {
      after += each.mark.count;
      AlarmMark shape = each.mark;
      shape.acknowledged = true;
      for (const Rect& panel : kPanels) {
        EXPECT_FALSE(alarm_mark_rect(shape, sizes()).overlaps(panel)) << round;
      }
    }
    for (const AlarmMark& mark : marks) {
      for (const Rect& panel : kPanels) EXPECT_FALSE(panel.contains(mark.at)) << round;
    }
    for (std::size_t a = 0; a < edge.size(); ++a) {
      for (std::size_t b = a + 1; b < edge.size(); ++b) {
        EXPECT_FALSE(edge_mark_rect(edge[a], sizes()).overlaps(edge_mark_rect(edge[b], sizes())));
      }
    }
    EXPECT_EQ(after, before);
  }
}

TEST(EdgeMarks, LesserOnesMoveOnlyWhereAPanelWouldCutThem) {
  std::vector<AlarmMark> marks{mark_at({402, 400}, Severity::high),
                               mark_at({200, 400}, Severity::high),
                               mark_at({402, 500}, Severity::medium)};

  const auto edge = take_covered(marks, kPanels, kRoom, kWindow, sizes());

  ASSERT_EQ(edge.size(), 1u);
  EXPECT_EQ(edge[0].machine.x, 402);
  EXPECT_EQ(marks.size(), 2u);
}

TEST(EdgeMarks, WhatIsOutOfTheWindowIsLeftAlone) {
  std::vector<AlarmMark> marks{mark_at({-20, 400}, Severity::critical)};

  EXPECT_TRUE(take_covered(marks, kPanels, kRoom, kWindow, sizes()).empty());
  EXPECT_EQ(marks.size(), 1u);
}

TEST(EdgeMarks, NeighboursBecomeOneWithTheirSum) {
  std::vector<AlarmMark> marks{mark_at({200, 400}, Severity::critical, 2),
                               mark_at({120, 410}, Severity::critical, 3)};
  marks[0].acknowledged = true;

  const auto edge = take_covered(marks, kPanels, kRoom, kWindow, sizes());

  ASSERT_EQ(edge.size(), 1u);
  EXPECT_EQ(edge[0].mark.count, 5u);
  EXPECT_FALSE(edge[0].mark.acknowledged);
}

TEST(EdgeMarks, WhatStandsInTheFreePartOfTheMapIsAvoidedToo) {
  std::vector<Rect> obstacles = kPanels;
  obstacles.push_back({700, 728, 1160, 768});  // the buttons of a replay
  std::vector<AlarmMark> marks{mark_at({930, 745}, Severity::critical)};

  const auto edge = take_covered(marks, obstacles, kRoom, kWindow, sizes());

  ASSERT_EQ(edge.size(), 1u);
  EXPECT_LT(edge[0].mark.at.y, 728);
}

}  // namespace
