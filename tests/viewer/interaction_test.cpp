// Choosing machines and alarms, and what keys mean.
#include "tests/support/viewer/interaction_fixture.hpp"

namespace viewer {
namespace {

using fleet::Status;
using namespace interaction_tests;

TEST_F(InteractionTest, AClickSelectsTheMachineUnderItAndBesideItNobody) {
  handle(click_at(where(kSuzhou)));
  EXPECT_EQ(wall_.selected, a_);

  handle(click_at({where(kSuzhou).x + 13, where(kSuzhou).y}));
  EXPECT_EQ(wall_.selected, a_) << "within reach";
  handle(click_at({where(kSuzhou).x + 15, where(kSuzhou).y}));

  EXPECT_FALSE(wall_.selected);
}

TEST_F(InteractionTest, ReachGrowsWithTheTypeScaleOfTheWall) {
  ui_.end_frame();
  ui_.begin_frame(3840, 2160, 2, 0, 0.1);

  handle(click_at({where(kSuzhou).x + 27, where(kSuzhou).y}));

  EXPECT_EQ(wall_.selected, a_);
}

TEST_F(InteractionTest, ADoubleClickGoesToTheMachine) {
  wall_.camera.zoom = 6;
  Input input = click_at(where(kSuzhou));
  input.double_clicked = true;

  handle(input);

  EXPECT_EQ(wall_.selected, a_);
  EXPECT_EQ(wall_.camera.zoom, 12);
}

TEST_F(InteractionTest, AMachineUnderAPanelCannotBeClicked) {
  ui_.block({0, 0, 1920, 1080});

  handle(click_at(where(kSuzhou)));

  EXPECT_FALSE(wall_.selected);
}

TEST_F(InteractionTest, ThePointerHoversOnlyWhileItIsThere) {
  Input input;
  input.pointer = where(kSuzhou);
  input.pointer_inside = true;
  handle(input);
  EXPECT_EQ(wall_.hovered, a_);
  EXPECT_TRUE(changed_);
  handle(input);
  EXPECT_FALSE(changed_) << "nothing new to draw";

  input.pointer_inside = false;
  handle(input);

  EXPECT_FALSE(wall_.hovered);
  EXPECT_TRUE(changed_);
}

TEST_F(InteractionTest, AnAlarmInTheListLeadsToItsMachine) {
  ui_.zone({1500, 100, 1900, 160}, {Action::Kind::select_alarm, alarm_});

  handle(click_at({1600, 130}));

  EXPECT_EQ(wall_.selected, b_);
  EXPECT_NEAR(where(kBeijing).x, kMiddle.x, 1);
  EXPECT_NEAR(where(kBeijing).y, kMiddle.y, 1);
}

TEST_F(InteractionTest, AnAlarmThatIsOverByNowLeadsNowhere) {
  ui_.zone({1500, 100, 1900, 160}, {Action::Kind::select_alarm, alarm_ + 1});

  handle(click_at({1600, 130}));

  EXPECT_FALSE(wall_.selected);
}

TEST_F(InteractionTest, ASelectedMachineIsMovedClearOfPanelsAndNoFarther) {
  const auto stands = [&] { return where(kSuzhou); };
  wall_.camera.pan_px(-900, 300);  // it is at the lower left now, where a card will open

  interaction_.keep_clear(a_, kMap);

  EXPECT_NEAR(stands().x, double{kMap.x0} + 64, 0.01);
  EXPECT_NEAR(stands().y, 840, 0.01) << "high enough as it was";
  const render::Camera clear = wall_.camera;
  interaction_.keep_clear(a_, kMap);
  EXPECT_TRUE(wall_.camera == clear);
  interaction_.keep_clear(a_, {500, 400, 560, 430});
  EXPECT_NEAR(stands().x, 530, 0.01) << "a map smaller than the margins: its middle";
}

TEST_F(InteractionTest, TellsWhetherTheCameraWentToAMachine) {
  handle(click_at(where(kSuzhou)));
  EXPECT_FALSE(interaction_.flew());
  ui_.zone({1500, 100, 1900, 160}, {Action::Kind::select_alarm, alarm_});

  handle(click_at({1600, 130}));

  EXPECT_TRUE(interaction_.flew());
  handle({});
  EXPECT_FALSE(interaction_.flew());
}

TEST_F(InteractionTest, AMachineNobodyHasSeenIsNoPlaceToGo) {
  const render::Camera before = wall_.camera;

  interaction_.fly_to_machine(99, kWindow);

  EXPECT_EQ(wall_.camera, before);
}

/// With eleven more machines on A's place.
class StackedTest : public InteractionTest {
 protected:
  StackedTest() {
    for (int i = 0; i < 13; ++i) {
      fleet_.add("SY90" + std::to_string(10 + i), kSuzhou, Status::idling);
    }
    fleet_.show(stacked_view_);
  }
  Requests handle(const Input& input) {
    changed_ = false;
    return stacked_.handle(input, ui_, map_, changed_);
  }
  FleetView stacked_view_{atlas_, fleet::shanghai()};
  Interaction stacked_{wall_, stacked_view_};
};

TEST_F(StackedTest, HoverSaysHowManyAndAClickOpensTheListInPlaceOfChoosing) {
  Input over;
  over.pointer = where(kSuzhou);
  over.pointer_inside = true;
  handle(over);
  EXPECT_EQ(wall_.hovered_total, 14u);

  handle(click_at(where(kSuzhou)));

  ASSERT_TRUE(wall_.chooser);
  EXPECT_EQ(wall_.chooser->total, 14u);
  EXPECT_EQ(wall_.chooser->machines.size(), kMostListed);
  EXPECT_FALSE(wall_.selected);
}

TEST_F(StackedTest, ArrowsAndEnterOrADigitOrAClickOnARowChoose) {
  handle(click_at(where(kSuzhou)));
  std::vector<fleet::Slot> rows;
  for (const std::string& id : wall_.chooser->machines) {
    rows.push_back(*stacked_view_.state().roster().find(id));
  }
  handle(keys({{Key::up}, {Key::down}, {Key::down}, {Key::enter}}));
  EXPECT_EQ(wall_.selected, rows[2]);
  EXPECT_FALSE(wall_.chooser);

  handle(click_at(where(kSuzhou)));
  handle(letter('9'));
  EXPECT_EQ(wall_.selected, rows[8]);

  handle(click_at(where(kSuzhou)));
  ui_.zone({10, 10, 60, 40}, {Action::Kind::choose_machine, 11});
  handle(click_at({20, 20}));
  EXPECT_EQ(wall_.selected, rows[11]);
}

TEST_F(StackedTest, TheListKeepsItsMachinesWhenAnotherRosterGivesThemOtherSlots) {
  handle(click_at(where(kSuzhou)));
  const std::string chosen = wall_.chooser->machines[3];
  const std::string gone = wall_.chooser->machines[0];
  SmallFleet other;
  for (auto id = wall_.chooser->machines.rbegin(); id != wall_.chooser->machines.rend(); ++id) {
    if (*id != gone) other.add(*id, kSuzhou, Status::working);
  }
  FleetView other_view{atlas_, fleet::shanghai()};
  other.show(other_view);
  Interaction on_other{wall_, other_view};

  on_other.handle({}, ui_, map_, changed_);

  ASSERT_TRUE(wall_.chooser) << "it stays open";
  EXPECT_EQ(wall_.chooser->machines.size(), kMostListed - 1) << "without the one that is gone";
  on_other.handle(letter('3'), ui_, map_, changed_);
  ASSERT_TRUE(wall_.selected);
  EXPECT_EQ(other_view.state().roster()[*wall_.selected].id, chosen);
}

TEST_F(StackedTest, EscapeClosesTheListBeforeAnythingElse) {
  wall_.selected = b_;
  handle(click_at(where(kSuzhou)));

  handle(keys({{Key::escape}}));

  EXPECT_FALSE(wall_.chooser);
  EXPECT_EQ(wall_.selected, b_);
}

TEST_F(StackedTest, TheListClosesWhenTheMapMovesOrAnotherPlaceIsClicked) {
  handle(click_at(where(kSuzhou)));
  Input drag;
  drag.dragging = true;
  drag.drag_x = 5;
  handle(drag);
  EXPECT_FALSE(wall_.chooser);

  handle(click_at(where(kSuzhou)));
  handle(click_at({1500, 900}));
  EXPECT_FALSE(wall_.chooser);
}

TEST_F(StackedTest, OtherKeysGoOnToWhatTheyMean) {
  handle(click_at(where(kSuzhou)));

  handle(letter('m'));
  handle(letter('0'));

  EXPECT_TRUE(wall_.heat);
  EXPECT_TRUE(wall_.chooser);
}

TEST_F(InteractionTest, LettersSwitchHeatThemePanelsLanguageAndHelp) {
  handle(letter('m'));
  handle(letter('d'));
  handle(letter('c'));
  handle(letter('o'));
  handle(letter('k'));
  handle(letter('p'));
  handle(letter('g'));
  handle(letter('h'));

  EXPECT_TRUE(wall_.heat);
  EXPECT_EQ(wall_.theme, ThemeName::light);
  EXPECT_TRUE(wall_.counts);
  EXPECT_FALSE(wall_.points);
  EXPECT_FALSE(wall_.names);
  EXPECT_FALSE(wall_.panels);
  EXPECT_EQ(wall_.lang, Lang::en);
  EXPECT_TRUE(wall_.help);
}

TEST_F(InteractionTest, TimeKeysAndWindowKeysBecomeRequests) {
  EXPECT_TRUE(handle(keys({{Key::space}})).play_pause);
  EXPECT_EQ(handle(keys({{Key::letter, ']'}, {Key::letter, ']'}})).speed_steps, 2);
  EXPECT_EQ(handle(letter('[')).speed_steps, -1);
  EXPECT_EQ(handle(letter(',')).step_s, -60);
  EXPECT_EQ(handle(letter('.')).step_s, 60);
  EXPECT_TRUE(handle(letter('l')).follow_live);
  EXPECT_TRUE(handle(keys({{Key::letter, 'l', true}})).catch_up);
  EXPECT_FALSE(handle(keys({{Key::letter, 'l', true}})).follow_live);
  EXPECT_EQ(handle(letter(';')).step_ticks, -1);
  EXPECT_EQ(handle(letter('\'')).step_ticks, 1);
  EXPECT_EQ(handle(letter('w')).step_alarms, -1);
  EXPECT_EQ(handle(letter('e')).step_alarms, 1);
  EXPECT_TRUE(handle(letter('a')).mark_loop);
  EXPECT_TRUE(handle(letter('q')).quit);
  EXPECT_TRUE(handle(keys({{Key::f11}})).toggle_fullscreen);
  EXPECT_TRUE(handle(keys({{Key::f12}})).screenshot);
  EXPECT_FALSE(handle(keys({{Key::f12}})).save_table);
  EXPECT_TRUE(handle(keys({{Key::f12, 0, true}})).save_table);
  EXPECT_FALSE(handle(keys({{Key::f12, 0, true}})).screenshot);
  EXPECT_FALSE(handle({}).quit);
}

}  // namespace
}  // namespace viewer
