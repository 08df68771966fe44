#include "viewer/interaction.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/viewer/small_fleet.hpp"

namespace viewer {
namespace {

using fleet::Status;
using testing_support::kSuzhou;
using testing_support::SmallFleet;

constexpr fleet::LonLat kBeijing{116.40, 39.90};
constexpr render::ScreenPoint kMiddle{960, 540};
const Rect kMap{400, 84, 1500, 960};
/// Its middle is kMiddle.
const Rect kWindow{0, 0, 1920, 1080};

Input keys(std::initializer_list<KeyPress> presses) {
  Input input;
  input.keys = presses;
  return input;
}
Input letter(char c) {
  return keys({{Key::letter, c}});
}
Input click_at(render::ScreenPoint p) {
  Input input;
  input.pointer = p;
  input.pointer_inside = input.pressed = input.clicked = true;
  return input;
}

/// Two machines: A in Suzhou, in the middle of the view at zoom 10, and B in Beijing.
class InteractionTest : public ::testing::Test {
 protected:
  InteractionTest() {
    a_ = fleet_.add("SY0121", kSuzhou, Status::working);
    b_ = fleet_.add("SY3307", kBeijing, Status::stopped);
    alarm_ = fleet_.alarm(b_, fleet::Severity::high);
    fleet_.show(view_);
    wall_.camera.centre = fleet::world_from_lonlat(kSuzhou);
    wall_.camera.zoom = 10;
    ui_.begin_frame(1920, 1080, 1, 0, 0.1);
  }
  ~InteractionTest() override { ui_.end_frame(); }

  Requests handle(const Input& input) {
    changed_ = false;
    return interaction_.handle(input, ui_, map_, changed_);
  }
  fleet::WorldPoint under(render::ScreenPoint p) const { return wall_.camera.world_from_screen(p); }
  render::ScreenPoint where(fleet::LonLat p) const {
    return wall_.camera.screen_from_world(fleet::world_from_lonlat(p));
  }

  fleet::Atlas atlas_;
  SmallFleet fleet_;
  FleetView view_{atlas_, fleet::shanghai()};
  WallState wall_;
  Interaction interaction_{wall_, view_};
  Ui ui_{Lang::en};
  fleet::Slot a_ = 0, b_ = 0;
  fleet::AlarmId alarm_ = 0;
  bool changed_ = false;
  Rect map_ = kWindow;
};

void expect_same(fleet::WorldPoint a, fleet::WorldPoint b) {
  EXPECT_NEAR(a.x, b.x, 1e-12);
  EXPECT_NEAR(a.y, b.y, 1e-12);
}

TEST_F(InteractionTest, ZoomingWithTheWheelKeepsThePlaceUnderThePointer) {
  for (const double steps : {1.0, -1.0, 0.1, 7.0}) {
    Input input;
    input.pointer = {300, 200};
    input.wheel = steps;
    const fleet::WorldPoint before = under(input.pointer);
    const double zoom = wall_.camera.zoom;

    handle(input);

    EXPECT_NEAR(wall_.camera.zoom, zoom + steps * 0.25, 1e-12);
    expect_same(under(input.pointer), before);
    EXPECT_TRUE(changed_);
  }
}

TEST_F(InteractionTest, ZoomStaysWithinItsLimits) {
  Input input;
  input.pointer = kMiddle;
  input.wheel = 1000;
  handle(input);
  EXPECT_EQ(wall_.camera.zoom, 22);
  input.wheel = -1000;

  handle(input);

  EXPECT_EQ(wall_.camera.zoom, 0);
}

TEST_F(InteractionTest, DraggingKeepsThePlaceUnderThePointer) {
  const fleet::WorldPoint held = under({700, 400});
  Input input;
  input.dragging = true;
  input.drag_x = -37.5;
  input.drag_y = 212;
  input.pointer = {700 - 37.5, 400 + 212};

  handle(input);

  expect_same(under(input.pointer), held);
}

TEST_F(InteractionTest, TheMapIgnoresThePointerOverAPanel) {
  ui_.block({0, 0, 400, 1080});
  const render::Camera before = wall_.camera;
  Input input;
  input.pointer = {200, 500};
  input.pointer_inside = input.dragging = true;
  input.wheel = 3;
  input.drag_x = 50;

  handle(input);

  EXPECT_EQ(wall_.camera, before);
  EXPECT_FALSE(wall_.hovered);
}

TEST_F(InteractionTest, ArrowsMoveTheViewTheWayTheyPoint) {
  const fleet::WorldPoint start = wall_.camera.centre;

  handle(keys({{Key::right}}));
  EXPECT_GT(wall_.camera.centre.x, start.x);
  handle(keys({{Key::left}}));
  expect_same(wall_.camera.centre, start);
  handle(keys({{Key::down}}));
  EXPECT_GT(wall_.camera.centre.y, start.y) << "y grows south";
  handle(keys({{Key::up}}));

  expect_same(wall_.camera.centre, start);
}

TEST_F(InteractionTest, PlusAndMinusZoomAboutTheMiddleOfTheFreeMap) {
  const Rect free{400, 200, 1000, 800};
  const render::ScreenPoint middle{700, 500};
  const fleet::WorldPoint before = under(middle);
  bool changed = false;

  interaction_.handle(keys({{Key::plus}}), ui_, free, changed);

  EXPECT_EQ(wall_.camera.zoom, 10.5);
  expect_same(under(middle), before);
  interaction_.handle(keys({{Key::minus}}), ui_, free, changed);
  EXPECT_EQ(wall_.camera.zoom, 10);
}

TEST_F(InteractionTest, FittingPutsTheWholeFleetIntoTheFreePartOfTheMap) {
  interaction_.fit_fleet(kMap);

  for (const fleet::LonLat p : {kSuzhou, kBeijing}) {
    const render::ScreenPoint at = where(p);
    EXPECT_GE(at.x, double{kMap.x0} + 47);
    EXPECT_LE(at.x, double{kMap.x1} - 47);
    EXPECT_GE(at.y, double{kMap.y0} + 47);
    EXPECT_LE(at.y, double{kMap.y1} - 47);
  }
  // The tighter direction is filled: north to south here.
  EXPECT_NEAR(where(kBeijing).y, double{kMap.y0} + 48, 1);
}

TEST_F(InteractionTest, HomeFitsTheFleetIntoTheMapThatIsFreeNow) {
  map_ = kMap;
  interaction_.fit_fleet(kMap);
  const render::Camera fitted = wall_.camera;
  handle(keys({{Key::plus}, {Key::left}}));
  EXPECT_FALSE(wall_.camera == fitted);

  handle(keys({{Key::home}}));

  EXPECT_TRUE(wall_.camera == fitted);
}

TEST_F(InteractionTest, FittingWithoutMachinesOrWithoutAMapChangesNothing) {
  const render::Camera before = wall_.camera;
  FleetView nobody(atlas_, fleet::shanghai());
  Interaction alone(wall_, nobody);

  EXPECT_FALSE(alone.fit_fleet(kMap));
  EXPECT_FALSE(interaction_.fit_fleet({}));

  EXPECT_EQ(wall_.camera, before);
}

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

TEST_F(InteractionTest, EscapeClosesHelpFirstAndThenTheCard) {
  wall_.help = true;
  wall_.selected = a_;

  handle(keys({{Key::escape}}));
  EXPECT_FALSE(wall_.help);
  EXPECT_TRUE(wall_.selected);
  handle(keys({{Key::escape}}));

  EXPECT_FALSE(wall_.selected);
}

using Ids = std::vector<std::string>;

TEST_F(InteractionTest, FMarksTheSelectedMachineAndTakesItsMarkAway) {
  handle(letter('f'));
  EXPECT_TRUE(wall_.marked.empty()) << "none is selected";

  wall_.selected = b_;
  handle(letter('f'));
  wall_.selected = a_;
  handle(letter('f'));
  EXPECT_EQ(wall_.marked.ids(), (Ids{"SY3307", "SY0121"}));
  handle(letter('f'));

  EXPECT_EQ(wall_.marked.ids(), Ids{"SY3307"});
}

TEST_F(InteractionTest, AClickWithShiftMarksAndSelectsNothing) {
  Input click = click_at(kMiddle);
  click.with_shift = true;
  wall_.selected = b_;

  handle(click);
  EXPECT_EQ(wall_.marked.ids(), Ids{"SY0121"});
  EXPECT_EQ(wall_.selected, b_);
  click.pointer = {100, 900};  // nothing there
  handle(click);

  EXPECT_EQ(wall_.selected, b_);
  EXPECT_EQ(wall_.marked.ids(), Ids{"SY0121"});
}

TEST_F(InteractionTest, EscapeTakesMarksAwayOnceNoCardIsOpen) {
  wall_.marked.add("SY0121");
  wall_.selected = a_;

  handle(keys({{Key::escape}}));
  EXPECT_EQ(wall_.marked.ids(), Ids{"SY0121"});
  handle(keys({{Key::escape}}));

  EXPECT_TRUE(wall_.marked.empty());
}

TEST_F(InteractionTest, TabMarksAllThatTheSearchFindsAndShowsThem) {
  fleet_.add("SY0122", kBeijing, Status::unknown);  // has no place
  fleet_.show(view_);
  wall_.marked.add("SY9999");
  handle(letter('/'));
  Input typed;
  typed.text = "sy";
  handle(typed);

  handle(keys({{Key::tab}}));

  EXPECT_FALSE(wall_.search.open);
  EXPECT_EQ(wall_.marked.ids(), (Ids{"SY0121", "SY3307"}));
  for (const fleet::LonLat place : {kSuzhou, kBeijing}) {
    const render::ScreenPoint at = where(place);
    EXPECT_TRUE(map_.contains({static_cast<float>(at.x), static_cast<float>(at.y)}));
  }
}

TEST_F(InteractionTest, TabWithNothingFoundChangesNothing) {
  wall_.marked.add("SY0121");
  handle(letter('/'));
  Input typed;
  typed.text = "no such";
  handle(typed);
  const render::Camera before = wall_.camera;

  handle(keys({{Key::tab}}));

  EXPECT_TRUE(wall_.search.open);
  EXPECT_EQ(wall_.marked.ids(), Ids{"SY0121"});
  EXPECT_TRUE(wall_.camera == before);
}

TEST_F(InteractionTest, NoMoreAreMarkedThanCanBeToldApart) {
  for (int i = 0; i < 80; ++i) fleet_.add("XE" + std::to_string(i), kSuzhou, Status::working);
  fleet_.show(view_);

  EXPECT_EQ(interaction_.mark_found("xe", map_), 80u);

  EXPECT_EQ(wall_.marked.ids().size(), MarkedMachines::kMost);
  EXPECT_EQ(wall_.marked.found(), 80u) << "the wall says 50 of 80";
}

TEST_F(InteractionTest, SearchTakesTheKeysAndEnterGoesToTheMachine) {
  handle(letter('/'));
  Input typed;
  typed.text = "/sy33q";
  typed.keys = {{Key::letter, 'q'}};
  EXPECT_FALSE(handle(typed).quit) << "q is a letter here";
  EXPECT_EQ(wall_.search.query, "sy33q") << "the slash that opened the box is not searched for";
  handle(keys({{Key::backspace}}));
  EXPECT_EQ(wall_.search.query, "sy33");
  ASSERT_EQ(wall_.search.results.size(), 1u);

  handle(keys({{Key::enter}}));

  EXPECT_EQ(wall_.selected, b_);
  EXPECT_FALSE(wall_.search.open);
}

TEST_F(InteractionTest, BackspaceTakesAWholeChineseCharacter) {
  handle(letter('/'));
  Input typed;
  typed.text = "苏州";
  handle(typed);

  handle(keys({{Key::backspace}}));
  EXPECT_EQ(wall_.search.query, "苏");
  handle(keys({{Key::backspace}, {Key::backspace}}));

  EXPECT_EQ(wall_.search.query, "");
}

TEST_F(InteractionTest, ADroppedFileIsAskedToBeOpened) {
  Input input;
  input.dropped_files = {"/data/2026-10-16.fleetday", "/data/other"};

  EXPECT_EQ(handle(input).open_path, "/data/2026-10-16.fleetday");
  EXPECT_EQ(handle({}).open_path, "");
}

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
