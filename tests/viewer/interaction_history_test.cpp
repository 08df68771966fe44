// A machine's history under the pointer.
#include "tests/support/viewer/interaction_fixture.hpp"

namespace viewer {
namespace {

using namespace interaction_tests;

TEST_F(InteractionTest, VShowsTheHistoryOfTheSelectedMachineAndEscapeClosesItFirst) {
  handle(letter('v'));
  EXPECT_FALSE(wall_.history);
  wall_.selected = a_;
  handle(letter('v'));
  ASSERT_TRUE(wall_.history);
  wall_.history->choosing = 1;

  handle(keys({{Key::escape}}));
  EXPECT_FALSE(wall_.history->choosing);
  handle(keys({{Key::escape}}));
  EXPECT_FALSE(wall_.history);
  EXPECT_EQ(wall_.selected, a_);
}

TEST_F(InteractionTest, XComparesWithAnotherDayAndShiftGoesFromOneToTheDayBefore) {
  handle(letter('x'));
  ASSERT_TRUE(wall_.compare);
  EXPECT_EQ(*wall_.compare, OtherDay{});
  KeyPress with_shift{Key::letter, 'x', true};
  handle(keys({with_shift, with_shift}));
  EXPECT_EQ(wall_.compare_steps, -2);
  handle(letter('x'));
  EXPECT_FALSE(wall_.compare);
  EXPECT_EQ(wall_.compare_steps, 0);

  handle(keys({with_shift}));  // from none to the one to begin with
  EXPECT_TRUE(wall_.compare);
  EXPECT_EQ(wall_.compare_steps, 0);
}

TEST_F(InteractionTest, DraggingOnTheHistoryTakesThePlayheadAlongAndTheWheelZoomsIt) {
  wall_.selected = a_;
  wall_.history.emplace();
  wall_.replays = true;
  ui_.block({500, 400, 900, 600});
  ui_.zone({500, 400, 900, 600}, {Action::Kind::history_seek, 1'792'130'400'000, 4});
  Input input;
  input.pointer = {600, 500};
  input.pointer_inside = input.pressed = input.held = true;
  Requests requests = handle(input);
  ASSERT_TRUE(requests.scrub);
  EXPECT_EQ(requests.scrub->at, fleet::time_from_ms(1'792'130'400'000) + std::chrono::hours(1));
  EXPECT_FALSE(requests.scrub->let_go);
  EXPECT_EQ(wall_.history->pointer, 0.25);

  // Beyond its edge the playhead stays on it, and the map where it is.
  const render::Camera camera = wall_.camera;
  input.pressed = input.held = false;
  input.pointer = {1000, 300};
  input.wheel = 1;
  requests = handle(input);
  ASSERT_TRUE(requests.scrub);
  EXPECT_EQ(requests.scrub->at, fleet::time_from_ms(1'792'130'400'000) + std::chrono::hours(4));
  EXPECT_TRUE(requests.scrub->let_go);
  EXPECT_EQ(wall_.camera, camera);

  input.pointer = {700, 500};
  requests = handle(input);
  EXPECT_FALSE(requests.scrub);
  EXPECT_EQ(wall_.history->wheel, 1);
  EXPECT_EQ(wall_.camera, camera);
}

TEST_F(InteractionTest, DraggingOverAChartZoomsToThatAndEscapeOrADoubleClickGoesBack) {
  wall_.selected = a_;
  wall_.history.emplace();
  wall_.replays = true;
  ui_.block({500, 400, 900, 600});
  ui_.zone({500, 400, 900, 600}, {Action::Kind::history_seek, 1'792'130'400'000, 4});
  ui_.zone({500, 500, 900, 600}, {Action::Kind::history_chart});
  Input input;
  input.pointer = {600, 550};
  input.pointer_inside = input.pressed = input.held = true;
  EXPECT_FALSE(handle(input).scrub);
  EXPECT_EQ(wall_.history->drag_from, 0.25);

  const render::Camera camera = wall_.camera;
  input.pressed = input.held = false;
  input.pointer = {1000, 300};  // beyond its edge
  EXPECT_FALSE(handle(input).scrub);
  EXPECT_EQ(wall_.camera, camera);
  EXPECT_FALSE(wall_.history->drag_from);
  EXPECT_EQ(wall_.history->dragged, std::pair(0.25, 1.0));

  wall_.history->dragged.reset();
  zoom_to_dragged(*wall_.history, {0, 24}, 24, {0.25, 0.5});
  handle(keys({{Key::escape}}));
  ASSERT_TRUE(wall_.history);
  EXPECT_EQ(wall_.history->width_h, 24);
  zoom_to_dragged(*wall_.history, {0, 24}, 24, {0.25, 0.5});
  input = {};
  input.pointer = {600, 550};
  input.pointer_inside = input.double_clicked = true;
  handle(input);
  EXPECT_FALSE(wall_.history->pinned);

  // A click that does not move takes the playhead there, as anywhere on the span.
  Input click = click_at({700, 550});
  click.pointer_inside = true;
  const Requests requests = handle(click);
  ASSERT_TRUE(requests.scrub);
  EXPECT_EQ(requests.scrub->at, fleet::time_from_ms(1'792'130'400'000) + std::chrono::hours(2));
}

TEST_F(InteractionTest, AValueOfTheListGoesIntoTheChartItWasOpenedFor) {
  wall_.selected = a_;
  wall_.history.emplace();
  wall_.history->listed = {"rpm", "coolant_c"};
  ui_.zone({0, 0, 10, 10}, {Action::Kind::history_choose, 1});
  ui_.zone({20, 0, 30, 10}, {Action::Kind::history_field, 1});
  ui_.zone({40, 0, 50, 10}, {Action::Kind::history_span, 2});
  handle(click_at({5, 5}));
  EXPECT_EQ(wall_.history->choosing, 1u);
  handle(click_at({25, 5}));
  EXPECT_EQ(wall_.history->fields[1], "coolant_c");
  EXPECT_FALSE(wall_.history->choosing);
  handle(click_at({45, 5}));
  EXPECT_EQ(wall_.history->width_h, 1);
}

}  // namespace
}  // namespace viewer
