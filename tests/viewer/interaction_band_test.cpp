// The time band, the box for a time and the calendar under the pointer.
#include "tests/support/viewer/interaction_fixture.hpp"

namespace viewer {
namespace {

using namespace interaction_tests;

class BandTest : public InteractionTest {
 protected:
  BandTest() {
    wall_.replays = true;
    ui_.block({0, 980, 1920, 1080});
    ui_.zone({20, 980, 1460, 1080}, {Action::Kind::seek, 0, 24});
    ui_.zone({600, 980, 616, 1080}, {Action::Kind::loop_a});
  }
  Input pointer_at(double x, double y = 1000) {
    Input input;
    input.pointer = {x, y};
    input.pointer_inside = true;
    return input;
  }
  Input pressed_at(double x) {
    Input input = pointer_at(x);
    input.pressed = input.held = true;
    return input;
  }
  Input dragged_to(double x, double y = 1000) {
    Input input = pointer_at(x, y);
    input.held = input.dragging = true;
    input.drag_x = 10;
    return input;
  }
};

TEST_F(BandTest, AClickGoesToItsPlace) {
  const Requests requests = handle(click_at({740, 1000}));

  EXPECT_EQ(requests.seek_hour, 12);
  EXPECT_FALSE(requests.scrub);
}

TEST_F(BandTest, DraggingAsksForEachPlaceAndLetsGoAtTheLast) {
  const render::Camera camera = wall_.camera;
  EXPECT_EQ(handle(pressed_at(740)).scrub->hour, 12);

  const auto over_the_map = handle(dragged_to(800, 300)).scrub;
  const auto let_go = handle(pointer_at(860, 300)).scrub;

  ASSERT_TRUE(over_the_map);
  EXPECT_EQ(over_the_map->hour, 13);
  EXPECT_FALSE(over_the_map->let_go);
  ASSERT_TRUE(let_go);
  EXPECT_EQ(let_go->hour, 14);
  EXPECT_TRUE(let_go->let_go);
  EXPECT_FALSE(handle(pointer_at(900)).scrub);
  EXPECT_EQ(wall_.camera, camera) << "the map is not dragged along";
}

TEST_F(BandTest, APressThatEndsWithoutMovingSeeksOnce) {
  handle(pressed_at(740));
  Input up = pointer_at(740);
  up.clicked = true;

  const Requests requests = handle(up);

  EXPECT_FALSE(requests.seek_hour);
  ASSERT_TRUE(requests.scrub);
  EXPECT_TRUE(requests.scrub->let_go);
}

TEST_F(BandTest, StaysOnTheBandBeyondItsEnds) {
  handle(pressed_at(740));

  EXPECT_DOUBLE_EQ(handle(dragged_to(1900)).scrub->hour, 24 - 1.0 / 3600)
      << "midnight would turn the band over to the next day";
  EXPECT_EQ(handle(dragged_to(0)).scrub->hour, 0);
}

TEST_F(BandTest, TakesHoldOfAnEndOfTheLoop) {
  const auto scrub = handle(pressed_at(608)).scrub;

  ASSERT_TRUE(scrub);
  EXPECT_EQ(scrub->what, Scrub::What::loop_a);
  EXPECT_NEAR(scrub->hour, 9.8, 1e-9);
}

TEST_F(BandTest, IsNotDraggedWhileLive) {
  wall_.replays = false;

  EXPECT_FALSE(handle(pressed_at(740)).scrub);
}

TEST_F(BandTest, TheMapIsStillDraggedAcrossIt) {
  Input press = pressed_at(700);
  press.pointer.y = 400;
  handle(press);

  EXPECT_FALSE(handle(dragged_to(700)).scrub);
}

TEST_F(BandTest, TheWheelAndZChooseItsSpan) {
  Input wheel = pointer_at(700);
  const double zoom = wall_.camera.zoom;
  wheel.wheel = -1;
  handle(wheel);
  EXPECT_EQ(wall_.band, BandSpan::week);
  handle(wheel);
  handle(wheel);
  EXPECT_EQ(wall_.band, BandSpan::month);
  EXPECT_EQ(wall_.camera.zoom, zoom);
  handle(letter('z'));
  EXPECT_EQ(wall_.band, BandSpan::day);
  wheel.wheel = 1;

  handle(wheel);

  EXPECT_EQ(wall_.band, BandSpan::day);
}

TEST_F(BandTest, PartsOfAWheelsStepAddUp) {
  Input wheel = pointer_at(700);
  wheel.wheel = -0.5;

  handle(wheel);
  EXPECT_EQ(wall_.band, BandSpan::day);
  handle(wheel);

  EXPECT_EQ(wall_.band, BandSpan::week);
}

TEST_F(BandTest, TellsWhereThePointerIsOnIt) {
  handle(pointer_at(740));
  EXPECT_EQ(wall_.band_hour, 12);
  EXPECT_TRUE(changed_);
  handle(pointer_at(740));
  EXPECT_FALSE(changed_);

  handle(pointer_at(740, 400));

  EXPECT_FALSE(wall_.band_hour);
  EXPECT_TRUE(changed_);
}

TEST_F(BandTest, TheBoxForATimeTakesWhatIsTyped) {
  handle(letter('j'));
  ASSERT_TRUE(wall_.jump);
  Input typed = letter('h');
  typed.text = "j";
  handle(typed);
  EXPECT_EQ(*wall_.jump, "") << "the letter that opened it";
  EXPECT_FALSE(wall_.help);
  typed.text = "昨天 9:00";
  handle(typed);
  handle(keys({{Key::backspace}}));
  EXPECT_EQ(*wall_.jump, "昨天 9:0");
  typed.text = std::string(100, '1');
  handle(typed);
  EXPECT_EQ(*wall_.jump, "昨天 9:0") << "no date is that long";

  EXPECT_TRUE(handle(keys({{Key::enter}})).jump);
  handle(keys({{Key::escape}}));

  EXPECT_FALSE(wall_.jump);
}

TEST_F(BandTest, ThereIsNothingToJumpToWhileLive) {
  wall_.replays = false;

  handle(letter('j'));

  EXPECT_FALSE(wall_.jump);
  EXPECT_FALSE(handle(letter('y')).open_calendar);
}

TEST_F(BandTest, TheCalendarTurnsItsMonthsAndChoosesADay) {
  EXPECT_TRUE(handle(letter('y')).open_calendar);
  wall_.calendar = std::chrono::year{2026} / std::chrono::January;
  const fleet::WorldPoint place = under(kMiddle);
  handle(keys({{Key::left}}));
  EXPECT_EQ(wall_.calendar, std::chrono::year{2025} / std::chrono::December);
  expect_same(under(kMiddle), place);
  ui_.zone({100, 100, 140, 140}, {Action::Kind::choose_day, 20'742});

  const Requests requests = handle(click_at({120, 120}));

  EXPECT_EQ(requests.seek_day, *fleet::parse_day("2026-10-16"));
  EXPECT_FALSE(wall_.calendar);
}

TEST_F(BandTest, EscapeAndYCloseTheCalendar) {
  for (const KeyPress press : {KeyPress{Key::escape}, KeyPress{Key::letter, 'y'}}) {
    wall_.calendar = std::chrono::year{2026} / std::chrono::January;

    handle(keys({press}));

    EXPECT_FALSE(wall_.calendar);
  }
}

}  // namespace
}  // namespace viewer
