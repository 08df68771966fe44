#include "viewer/ui/layout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "viewer/ui/fonts.hpp"

namespace {

using namespace viewer;

struct Size {
  int width, height;
};
const std::vector<Size> kSizes{{1280, 720},  {1366, 768},  {1600, 900},  {1920, 1080},
                               {1920, 1200}, {2560, 1080}, {2560, 1440}, {3840, 2160},
                               {7680, 2160}, {7680, 4320}, {1080, 1920}, {2160, 3840}};
/// The smallest walls that a type scale leaves: at scale 1.
const std::vector<Size> kSmallest{{1500, 840}, {900, 1500}};

LayoutInput input(Size size, bool card) {
  LayoutInput in;
  in.width_px = size.width;
  in.height_px = size.height;
  in.scale = ui_scale(size.width, size.height);
  in.card = card;
  in.card_values = 40;
  in.trails = in.transport = true;
  in.card_faults = 3;
  in.ranking_rows = 31;
  in.alarm_rows = 60;
  return in;
}

std::vector<Rect> all_of(const Layout& l) {
  return {l.top_bar, l.totals, l.utilisation, l.ranking,   l.alarms, l.health,
          l.card,    l.legend, l.band,        l.transport, l.trails, l.history};
}

std::string name(Size size, bool card) {
  return std::to_string(size.width) + "x" + std::to_string(size.height) + (card ? " card" : "");
}

TEST(Layout, NoPanelOverlapsAnotherAtAnySize) {
  for (const Size size : kSizes) {
    for (const bool card : {false, true}) {
      const std::vector<Rect> rects = all_of(make_layout(input(size, card)));
      for (std::size_t a = 0; a < rects.size(); ++a) {
        for (std::size_t b = a + 1; b < rects.size(); ++b) {
          EXPECT_FALSE(rects[a].overlaps(rects[b])) << name(size, card) << " " << a << " " << b;
        }
      }
    }
  }
}

TEST(Layout, AHistoryOverlapsNothingAndLeavesRoomForItsMachine) {
  for (const Size size : kSizes) {
    LayoutInput in = input(size, true);
    in.trails = false;
    in.history = true;
    const Layout l = make_layout(in);
    ASSERT_FALSE(l.history.empty()) << name(size, true);
    EXPECT_GE(l.history.height(), l.px(249)) << name(size, true);
    EXPECT_GE(l.map.height(), l.px(60)) << name(size, true);
    // Upright there is nothing beside the panels.
    for (const Rect& r : {l.totals, l.alarms, l.history})
      EXPECT_FALSE(size.width > size.height && l.notice_banner.overlaps(r)) << name(size, true);
    for (const Rect& r : all_of(l))
      EXPECT_TRUE(r == l.history || !r.overlaps(l.history)) << name(size, true);
    in.panels = false;
    EXPECT_TRUE(make_layout(in).history.empty());
  }
}

TEST(Layout, EveryPanelStaysInsideTheWindowAndTheMapKeepsRoom) {
  for (const Size size : kSizes) {
    for (const bool card : {false, true}) {
      const Layout l = make_layout(input(size, card));
      for (const Rect& r : all_of(l)) {
        if (r.empty()) continue;
        EXPECT_GE(r.x0, 0) << name(size, card);
        EXPECT_GE(r.y0, 0) << name(size, card);
        EXPECT_LE(r.x1, static_cast<float>(size.width)) << name(size, card);
        EXPECT_LE(r.y1, static_cast<float>(size.height)) << name(size, card);
      }
      EXPECT_GT(l.map.width(), l.px(280)) << name(size, card);
      EXPECT_GT(l.map.height(), l.px(280)) << name(size, card);
    }
  }
}

TEST(Layout, TheFreePartOfTheMapHasNoLegendInIt) {
  for (const Size size : kSizes) {
    for (const bool card : {false, true}) {
      const Layout l = make_layout(input(size, card));
      EXPECT_FALSE(l.map.overlaps(l.legend)) << name(size, card);
    }
  }
}

TEST(Layout, TheFleetAndItsAlarmsAreAlwaysInSight) {
  for (const Size size : kSizes) {
    const Layout l = make_layout(input(size, false));
    EXPECT_FALSE(l.totals.empty()) << name(size, false);
    EXPECT_FALSE(l.alarms.empty()) << name(size, false);
    EXPECT_FALSE(make_layout(input(size, true)).card.empty()) << name(size, true);
  }
}

TEST(Layout, ScalesWithTheWallAndStaysLegibleOnALaptop) {
  EXPECT_FLOAT_EQ(ui_scale(1920, 1080), 1);
  EXPECT_FLOAT_EQ(ui_scale(3840, 2160), 2);
  EXPECT_FLOAT_EQ(ui_scale(7680, 2160), 2);
  EXPECT_FLOAT_EQ(ui_scale(1080, 1920), 1);
  EXPECT_FLOAT_EQ(ui_scale(640, 360), kLeastScale);
  EXPECT_FLOAT_EQ(ui_scale(1920, 1080, 1.5f), 1.5f);
  EXPECT_FLOAT_EQ(ui_scale(1920, 1080, 100), kMostScale);
  EXPECT_FLOAT_EQ(ui_scale(0, 0), kLeastScale);
}

TEST(Layout, HoldsOnTheSmallestWallsThatATypeScaleLeaves) {
  for (const Size size : kSmallest) {
    EXPECT_FLOAT_EQ(most_scale(size.width * 2, size.height * 2), 2) << name(size, false);
    for (const bool card : {false, true}) {
      LayoutInput in = input(size, card);
      in.scale = 1;
      const Layout l = make_layout(in);
      const std::vector<Rect> rects = all_of(l);
      for (std::size_t a = 0; a < rects.size(); ++a) {
        for (std::size_t b = a + 1; b < rects.size(); ++b) {
          EXPECT_FALSE(rects[a].overlaps(rects[b])) << name(size, card) << " " << a << " " << b;
        }
      }
      EXPECT_GT(l.map.width(), 280) << name(size, card);
      EXPECT_GT(l.map.height(), 200) << name(size, card);
      EXPECT_FALSE(l.alarms.empty()) << name(size, card);
    }
  }
}

TEST(Layout, TheDaysCurveIsSeenAtEverySize) {
  for (const Size size : kSizes) {
    if (size.height == 720) continue;  // 1280x720 has no room for it
    const Layout l = make_layout(input(size, false));
    EXPECT_GE(l.utilisation.height(), l.px(258) - 1) << name(size, false);
  }
}

TEST(Layout, AnUprightWallLeavesNoHoleBesideAList) {
  for (const Size size : {Size{1080, 1920}, Size{2160, 3840}}) {
    const Layout l = make_layout(input(size, false));

    EXPECT_EQ(l.health.y1, l.alarms.y1);
    EXPECT_EQ(l.ranking.y0, l.alarms.y0);
    EXPECT_NEAR(l.health.y0 - l.ranking.y1, l.px(18), 1);
    EXPECT_EQ(l.totals.y1, l.utilisation.y1);
    LayoutInput in = input(size, true);
    in.card_values = 12;
    in.card_faults = 1;
    const Layout with_card = make_layout(in);
    EXPECT_FALSE(with_card.card.empty());
    EXPECT_EQ(with_card.ranking.y1, with_card.alarms.y1);
  }
}

TEST(Layout, AWideWallShowsTheCardBesideItsPanels) {
  const Layout wide = make_layout(input({7680, 2160}, true));
  const Layout usual = make_layout(input({3840, 2160}, true));

  EXPECT_FALSE(wide.ranking.empty());
  EXPECT_FALSE(wide.card.empty());
  EXPECT_GT(wide.map.x0, wide.card.x1);
  EXPECT_TRUE(usual.ranking.empty());
}

TEST(WallSize, GivesTextOfSixteenMinutesOfArcAtTheFarthestViewer) {
  // 3840 px over 6.2 m: 619 px a metre. 8 m x 0.00465 = 37.2 mm = 23 px of a capital's height.
  const WallSize wall{6.2, 3.5, 8};

  const float scale = legible_scale(wall, 3840, 2160);

  EXPECT_NEAR(scale * kLeastCapPx, 23.04, 0.02);
  EXPECT_FLOAT_EQ(wall_type_scale(3840, 2160, 1, wall), scale);
  EXPECT_FLOAT_EQ(wall_type_scale(3840, 2160, 1, {}), 2);
}

TEST(WallSize, MeasuresTheSmallestTextThatIsReadFromAfar) {
  EXPECT_FLOAT_EQ(kLeastCapPx, type_size_px(Type::small) * 0.711f);
}

TEST(WallSize, NeverMakesTextSmallerThanTheWallWouldAnyway) {
  EXPECT_FLOAT_EQ(wall_type_scale(3840, 2160, 1, WallSize{6.2, 3.5, 1}), 2);
  EXPECT_FLOAT_EQ(wall_type_scale(3840, 2160, 1.25f, WallSize{6.2, 3.5, 1}), 2.5f);
}

TEST(WallSize, GoesNoFartherThanThereIsRoom) {
  EXPECT_FLOAT_EQ(wall_type_scale(1920, 1080, 1, WallSize{1, 0.6, 50}), most_scale(1920, 1080));
  EXPECT_FLOAT_EQ(most_scale(1920, 1080), 1.28f);
  EXPECT_FLOAT_EQ(most_scale(1080, 1920), 1.2f);
  EXPECT_FLOAT_EQ(most_scale(100, 100), kLeastScale);
}

TEST(Layout, StandsOnWholePixels) {
  const Layout l = make_layout(input({1366, 768}, true));

  for (const Rect& r : all_of(l)) {
    EXPECT_EQ(r, (Rect{std::round(r.x0), std::round(r.y0), std::round(r.x1), std::round(r.y1)}));
  }
}

TEST(Layout, UtilisationIsNoHigherThanWhatItShows) {
  LayoutInput in = input({1920, 1080}, false);
  const float with_chart = make_layout(in).utilisation.height();
  in.utilisation_chart = false;
  const Layout without_chart = make_layout(in);
  in.utilisation_changes = false;
  const Layout least = make_layout(in);

  EXPECT_EQ(with_chart, 300);
  EXPECT_EQ(without_chart.utilisation.height(), 202);
  EXPECT_EQ(least.utilisation.height(), 180);
  EXPECT_GT(least.ranking.height(), make_layout(input({1920, 1080}, false)).ranking.height());
}

TEST(Layout, ListsGrowByWholeRows) {
  for (int height = 900; height < 1400; height += 37) {
    LayoutInput in = input({1920, height}, false);
    in.scale = 1;
    const Layout l = make_layout(in);

    EXPECT_EQ(std::fmod(l.ranking.height() - 44 - 12, 31.f), 0) << height;
    EXPECT_EQ(std::fmod(l.alarms.height() - 44 - 34, 62.f), 0) << height;
  }
}

TEST(Layout, WithoutPanelsTheMapHasAllButTheLegendAndADemoStaysMarked) {
  for (const Size size : kSizes) {
    LayoutInput in = input(size, true);
    in.panels = false;
    const Layout marked = make_layout(in);
    EXPECT_FALSE(marked.trails.empty());
    EXPECT_LE(marked.trails.y1, marked.legend.y0);
    in.trails = false;
    const Layout l = make_layout(in);

    EXPECT_TRUE(l.blocks().empty()) << name(size, true);
    EXPECT_TRUE(l.demo_tag.empty());
    EXPECT_FALSE(l.corner.empty()) << "mode, clock and age of the data stay";
    EXPECT_LE(l.corner.height(), l.px(28) + 1) << "small";
    EXPECT_FALSE(l.corner.overlaps(l.legend));
    EXPECT_FALSE(l.legend.empty()) << "marks, scale and attribution stay";
    EXPECT_LE(l.legend.y1, static_cast<float>(size.height));
    EXPECT_EQ(l.map, (Rect{0, 0, static_cast<float>(size.width), l.legend.y0}));
    in.demo = true;
    const Layout demo = make_layout(in);
    EXPECT_FALSE(demo.demo_tag.empty()) << "the picture of a demo says so";
    EXPECT_FALSE(demo.demo_tag.overlaps(demo.legend));
    EXPECT_FALSE(demo.demo_tag.overlaps(demo.corner));
  }
}

TEST(Layout, CriticalAlarmsComeBeforeHealthAndHeat) {
  LayoutInput in = input({1920, 1080}, false);
  in.heat_choices = 156;
  const auto rows = [&] { return (make_layout(in).alarms.height() - 44 - 34) / 62; };
  EXPECT_EQ(rows(), 3) << "the lesser ones give way to the others' panels";
  EXPECT_EQ(make_layout(in).health.height(), 296);

  for (int critical = 4; critical <= 12; ++critical) {
    in.critical_rows = critical;
    EXPECT_GE(rows(), critical);
    EXPECT_EQ(make_layout(in).health.empty(), critical > 6) << critical;
    EXPECT_EQ(make_layout(in).heat.empty(), critical > 8) << critical;
  }
  in.critical_rows = 60;
  EXPECT_EQ(rows(), 12) << "as many as the column holds";

  in.critical_rows = 4;
  in.alarm_rows = 5;
  in.alarms_left_out = false;
  EXPECT_GE(rows(), 4) << "the foot that tells of the fifth has room of its own";
}

TEST(Layout, ALaptopHasTheHeatsPanelThePicturesAndTheScaleBar) {
  for (const bool card : {false, true}) {
    LayoutInput in = input({1366, 768}, card);
    in.heat_choices = 156;
    in.critical_rows = 4;
    in.transport = in.trails = true;

    const Layout l = make_layout(in);

    EXPECT_FALSE(l.heat.empty());
    EXPECT_EQ(l.health.empty(), card) << "a card moves the utilisation there";
    EXPECT_FALSE(l.map_scale.empty());
    for (const Rect& other : {l.legend, l.transport, l.trails, l.card, l.ranking}) {
      EXPECT_FALSE(l.map_scale.overlaps(other));
    }
    in.heat_choices = 0;
    EXPECT_TRUE(make_layout(in).map_scale.empty()) << "without a ramp the strip has room for it";
  }
  LayoutInput usual = input({1920, 1080}, false);
  usual.heat_choices = 156;
  EXPECT_TRUE(make_layout(usual).map_scale.empty());
}

TEST(Layout, NoStripIsWiderThanWhatStandsInIt) {
  for (const Size size : kSizes) {
    LayoutInput in = input(size, false);
    for (const bool panels : {true, false}) {
      in.panels = panels;
      const Layout l = make_layout(in);
      EXPECT_LE(l.legend.width(), l.px(1200) + 1) << name(size, false);
    }
  }
}

TEST(Layout, AnUprightWallHasThePicturesPanelToo) {
  for (const float heat : {0.f, 156.f}) {
    LayoutInput in = input({1080, 1920}, false);
    in.heat_choices = heat;
    EXPECT_FALSE(make_layout(in).health.empty());
  }
}

TEST(Layout, AnUprightWallHasTheHeatsPanelUnderItsAlarms) {
  for (const bool card : {false, true}) {
    LayoutInput in = input({1080, 1920}, card);
    in.heat_choices = 156;

    const Layout l = make_layout(in);

    EXPECT_EQ(l.heat.y1, card ? l.ranking.empty() ? l.card.y1 : l.ranking.y1 : l.health.y1);
    EXPECT_GT(l.heat.y0, l.alarms.y1);
    EXPECT_FALSE(l.alarms.empty());
  }
}

TEST(Stack, GivesEachItsWantedHeightWhereThereIsRoom) {
  EXPECT_EQ(stack({{100, 200, 1}, {50, 80, 2}}, 290, 10), (std::vector<float>{200, 80}));
}

TEST(Stack, SharesWhatIsLeftByImportance) {
  EXPECT_EQ(stack({{100, 200, 1}, {50, 80, 2}}, 200, 10), (std::vector<float>{110, 80}));
}

TEST(Stack, LeavesOutTheLeastImportantFirst) {
  const std::vector<StackItem> items{{100, 100, 3}, {100, 100, 1}, {100, 100, 2}};

  EXPECT_EQ(stack(items, 320, 10), (std::vector<float>{100, 100, 100}));
  EXPECT_EQ(stack(items, 319, 10), (std::vector<float>{100, 0, 100}));
  EXPECT_EQ(stack(items, 209, 10), (std::vector<float>{100, 0, 0}));
  EXPECT_EQ(stack(items, 99, 10), (std::vector<float>{0, 0, 0}));
}

TEST(Stack, GrowsByWholeStepsAndLeavesTheRestToOthers) {
  const std::vector<StackItem> items{{100, 400, 2, false, 50}, {50, 120, 1}};

  EXPECT_EQ(stack(items, 309, 10), (std::vector<float>{200, 99}));
  EXPECT_EQ(stack(items, 310, 10), (std::vector<float>{250, 50}));
}

TEST(Stack, TightensAPanelBeforeItIsLeftOut) {
  StackItem tight{100, 100, 1};
  tight.tight = 60;
  const std::vector<StackItem> items{{100, 100, 2}, tight};

  EXPECT_EQ(stack(items, 210, 10), (std::vector<float>{100, 100}));
  EXPECT_EQ(stack(items, 209, 10), (std::vector<float>{100, 99}));
  EXPECT_EQ(stack(items, 170, 10), (std::vector<float>{100, 60}));
  EXPECT_EQ(stack(items, 169, 10), (std::vector<float>{100, 0}));
}

TEST(Stack, TightensAllThatMayBeBeforeAnyIsLeftOut) {
  StackItem low{100, 100, 1}, high{100, 100, 3};
  low.tight = 60;
  high.tight = 90;
  const std::vector<StackItem> items{high, low};

  EXPECT_EQ(stack(items, 165, 10), (std::vector<float>{95, 60}));
  EXPECT_EQ(stack(items, 160, 10), (std::vector<float>{90, 60}));
  EXPECT_EQ(stack(items, 159, 10), (std::vector<float>{100, 0})) << "then it has its room again";
  EXPECT_EQ(stack(items, 89, 10), (std::vector<float>{0, 0}));
}

TEST(Stack, KeepsAPanelAtItsLeastWhenItCannotHaveAllItWants) {
  EXPECT_EQ(stack({{100, 200, 2, true}, {50, 80, 1}}, 240, 10), (std::vector<float>{100, 80}));
}

}  // namespace
