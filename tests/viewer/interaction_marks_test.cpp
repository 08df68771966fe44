// Marks, search, Escape.
#include "tests/support/viewer/interaction_fixture.hpp"

namespace viewer {
namespace {

using fleet::Status;
using namespace interaction_tests;

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

}  // namespace
}  // namespace viewer
