#include <gtest/gtest.h>

#include <vector>

#include "viewer/labels/marks.hpp"

namespace viewer {
namespace {

constexpr Rect kWindow{0, 0, 1000, 600};
constexpr Point kSize{200, 50};
constexpr float kGap = 10;

Rect placed(Point at, std::vector<Rect> obstacles = {}) {
  return hover_rect(at, kSize, kGap, kWindow, obstacles);
}

TEST(HoverCard, StandsRightOfTheMachineWhereThatIsFree) {
  EXPECT_EQ(placed({500, 300}), (Rect{510, 275, 710, 325}));
}

TEST(HoverCard, StaysInTheWindowAndOffTheMachine) {
  for (const Point at : {Point{999, 300}, Point{0, 0}, Point{999, 599}, Point{0, 599},
                         Point{500, 599}, Point{999, 0}}) {
    const Rect r = placed(at);

    EXPECT_GE(r.x0, 0);
    EXPECT_GE(r.y0, 0);
    EXPECT_LE(r.x1, 1000);
    EXPECT_LE(r.y1, 600);
    EXPECT_FALSE(r.contains(at)) << at.x << "," << at.y;
  }
}

TEST(HoverCard, KeepsClearOfPanelsAndControls) {
  const Rect right{600, 0, 1000, 600};
  const Rect buttons{300, 310, 700, 350};

  EXPECT_FALSE(placed({500, 200}, {right}).overlaps(right));
  const Rect above_buttons = placed({500, 300}, {buttons});
  EXPECT_FALSE(above_buttons.overlaps(buttons));
  EXPECT_FALSE(above_buttons.contains({500, 300}));
  EXPECT_FALSE(placed({500, 300}, {right, buttons}).overlaps(right));
  EXPECT_FALSE(placed({500, 300}, {right, buttons}).overlaps(buttons));
}

TEST(HoverCard, CoversAsLittleAsItCanWhereNothingIsFree) {
  const Rect window_but_for_the_left{300, 0, 1000, 600};

  const Rect r = placed({450, 300}, {window_but_for_the_left});

  EXPECT_EQ(r, (Rect{240, 275, 440, 325})) << "left of it: 60 px of the card are clear";
}

}  // namespace
}  // namespace viewer
