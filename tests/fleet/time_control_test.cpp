#include "fleet/time_control.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "builders.hpp"

namespace fleet {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::at_ms;
using test::at_s;
using Mode = TimeControl::Mode;

constexpr TimeControl::Range kDay{at_s(0), at_s(86'400), false};
constexpr TimeControl::Range live_to(Time end) {
  return {at_s(0), end, true};
}

TimeControl playing_at(Time t, double speed) {
  TimeControl control;
  control.seek(t);
  control.play(speed);
  return control;
}

TEST(TimeControl, FollowsTheEndOfLiveData) {
  TimeControl control;

  EXPECT_EQ(control.update(milliseconds{16}, live_to(at_s(10))), at_s(10));
  EXPECT_EQ(control.update(milliseconds{16}, live_to(at_s(11))), at_s(11));
  EXPECT_EQ(control.mode(), Mode::following);
}

TEST(TimeControl, KeepsFollowingWhileTheFeedIsSilent) {
  TimeControl control;
  control.update(milliseconds{16}, live_to(at_s(10)));

  for (int i = 0; i < 100; ++i) control.update(milliseconds{100}, live_to(at_s(10)));

  EXPECT_EQ(control.playhead(), at_s(20));
  EXPECT_EQ(control.mode(), Mode::following);
}

TEST(TimeControl, WaitsInsteadOfSteppingBackWhenATickCameLate) {
  TimeControl control;
  control.update(seconds{0}, live_to(at_s(10)));
  control.update(milliseconds{1200}, live_to(at_s(10)));

  EXPECT_EQ(control.update(milliseconds{16}, live_to(at_s(11))), at_ms(11'200));
  EXPECT_EQ(control.update(milliseconds{100}, live_to(at_s(11))), at_ms(11'200));
  EXPECT_EQ(control.update(milliseconds{150}, live_to(at_s(11))), at_ms(11'250));
}

TEST(TimeControl, StepsBackToDataThatIsASecondOrMoreBehind) {
  TimeControl control;
  control.update(seconds{0}, live_to(at_s(10)));
  control.update(seconds{30}, live_to(at_s(10)));

  EXPECT_EQ(control.update(seconds{0}, live_to(at_ms(39'001))), at_s(40));
  control.update(seconds{0}, live_to(at_s(10)));
  EXPECT_EQ(control.playhead(), at_s(10));
}

TEST(TimeControl, StaysWhereItIsWithoutData) {
  TimeControl control;
  control.seek(at_s(5));

  EXPECT_EQ(control.update(seconds{1}, {}), at_s(5));
}

TEST(TimeControl, PausesAtTheEndWhenItCannotFollow) {
  TimeControl control = playing_at(at_s(86'390), 4);

  EXPECT_EQ(control.update(seconds{2}, kDay), at_s(86'398));
  EXPECT_EQ(control.mode(), Mode::playing);
  EXPECT_EQ(control.update(seconds{2}, kDay), at_s(86'400));
  EXPECT_EQ(control.mode(), Mode::paused);
}

TEST(TimeControl, PausesAtTheEndWhenTheFeedItFollowedIsOver) {
  TimeControl control;

  EXPECT_EQ(control.update(seconds{1}, kDay), at_s(86'400));
  EXPECT_EQ(control.mode(), Mode::paused);
}

TEST(TimeControl, FollowsAgainWhenItCatchesUpWithLiveData) {
  TimeControl control = playing_at(at_s(0), 60);

  control.update(seconds{1}, live_to(at_s(61)));
  EXPECT_EQ(control.mode(), Mode::playing);
  control.update(seconds{1}, live_to(at_s(62)));

  EXPECT_EQ(control.mode(), Mode::following);
  EXPECT_EQ(control.speed(), 1);
  EXPECT_EQ(control.playhead(), at_s(62));
}

TEST(TimeControl, CatchesUpWithLiveDataAtTwentyTimesAndFollowsIt) {
  TimeControl control = playing_at(at_s(0), 1);
  control.catch_up();
  EXPECT_EQ(control.speed(), kCatchUpSpeed);

  control.update(seconds{4}, live_to(at_s(99)));
  EXPECT_EQ(control.playhead(), at_s(80));
  EXPECT_TRUE(control.catching_up());
  control.update(seconds{1}, live_to(at_s(100)));

  EXPECT_EQ(control.mode(), Mode::following);
  EXPECT_EQ(control.speed(), 1);
  EXPECT_FALSE(control.catching_up());
}

TEST(TimeControl, CatchesUpPastALoopThatItKeeps) {
  TimeControl control = playing_at(at_s(0), 1);
  control.set_loop(TimeControl::Loop{at_s(0), at_s(10)});
  control.catch_up();

  control.update(seconds{2}, live_to(at_s(1000)));

  EXPECT_EQ(control.playhead(), at_s(40));
  EXPECT_TRUE(control.loop());
}

TEST(TimeControl, CatchesUpToTheEndOfARecordingAndPausesThere) {
  TimeControl control = playing_at(at_s(86'390), 1);
  control.pause();
  control.catch_up();

  control.update(seconds{1}, kDay);

  EXPECT_EQ(control.playhead(), at_s(86'400));
  EXPECT_EQ(control.mode(), Mode::paused);
  EXPECT_EQ(control.speed(), 1) << "playing on from here is not in a hurry";
  EXPECT_FALSE(control.catching_up());
}

TEST(TimeControl, StopsCatchingUpWhenAnythingElseIsAskedFor) {
  const auto asked = [](auto&& ask) {
    TimeControl control = playing_at(at_s(5), 1);
    control.catch_up();
    ask(control);
    return control;
  };

  EXPECT_FALSE(asked([](TimeControl& c) { c.pause(); }).catching_up());
  EXPECT_FALSE(asked([](TimeControl& c) { c.play(60); }).catching_up());
  const TimeControl sought = asked([](TimeControl& c) { c.seek(at_s(9)); });
  EXPECT_FALSE(sought.catching_up());
  EXPECT_EQ(sought.speed(), 1);
  const TimeControl looping = asked([](TimeControl& c) {
    c.set_loop(TimeControl::Loop{at_s(0), at_s(9)});
  });
  EXPECT_FALSE(looping.catching_up());
  EXPECT_EQ(looping.speed(), 1);
}

TEST(TimeControl, HasNothingToCatchUpWithWhileItFollows) {
  TimeControl control;
  control.update(seconds{1}, live_to(at_s(50)));

  control.catch_up();

  EXPECT_EQ(control.mode(), Mode::following);
  EXPECT_EQ(control.speed(), 1);
}

TEST(TimeControl, PlaysBackwardsAndPausesAtTheBeginning) {
  TimeControl control = playing_at(at_s(100), -60);

  EXPECT_EQ(control.update(seconds{1}, kDay), at_s(40));
  EXPECT_EQ(control.update(seconds{1}, kDay), at_s(0));
  EXPECT_EQ(control.mode(), Mode::paused);
}

TEST(TimeControl, LosesNoTimeInShortFrames) {
  TimeControl control = playing_at(at_s(0), 1);
  for (int i = 0; i < 60'000; ++i) control.update(std::chrono::nanoseconds{16'666'667}, kDay);
  EXPECT_NEAR(static_cast<double>((control.playhead() - at_s(0)).count()), 1'000'000, 2);

  control = playing_at(at_s(86'400), -0.01);
  for (int i = 0; i < 60'000; ++i) control.update(std::chrono::nanoseconds{16'666'667}, kDay);
  EXPECT_NEAR(static_cast<double>((control.playhead() - at_s(86'400)).count()), -10'000, 2);
}

TEST(TimeControl, LoopsBetweenAAndB) {
  TimeControl control = playing_at(at_s(15), 1);
  control.set_loop(TimeControl::Loop{at_s(10), at_s(20)});

  EXPECT_EQ(control.update(seconds{4}, kDay), at_s(19));
  EXPECT_EQ(control.update(seconds{2}, kDay), at_s(11));
  EXPECT_EQ(control.update(seconds{25}, kDay), at_s(16));
  EXPECT_EQ(control.update(seconds{4}, kDay), at_s(10));
  control.play(-1);
  EXPECT_EQ(control.update(seconds{3}, kDay), at_s(17));
  EXPECT_EQ(control.mode(), Mode::playing);
}

TEST(TimeControl, EntersALoopItIsOutsideOf) {
  TimeControl forward = playing_at(at_s(500), 1), backward = playing_at(at_s(5), -1);
  for (TimeControl* c : {&forward, &backward}) c->set_loop(TimeControl::Loop{at_s(10), at_s(20)});

  EXPECT_EQ(forward.update(seconds{1}, kDay), at_s(11));
  EXPECT_EQ(backward.update(seconds{1}, kDay), at_s(19));
}

TEST(TimeControl, IgnoresALoopWithoutLength) {
  TimeControl control = playing_at(at_s(15), 1);

  control.set_loop(TimeControl::Loop{at_s(20), at_s(20)});
  EXPECT_EQ(control.update(seconds{10}, kDay), at_s(25));
  control.set_loop(TimeControl::Loop{at_s(90'000), at_s(91'000)});
  EXPECT_EQ(control.update(seconds{10}, kDay), at_s(35));
}

TEST(TimeControl, ClampsItsSpeedAtADayInAMinute) {
  TimeControl control;
  for (const auto& [asked, got] : {std::pair{1439.0, 1439.0},
                                   {1440.0, 1440.0},
                                   {1441.0, 1440.0},
                                   {-1439.0, -1439.0},
                                   {-1440.0, -1440.0},
                                   {-1441.0, -1440.0},
                                   {HUGE_VAL, 1440.0}}) {
    control.play(asked);
    EXPECT_EQ(control.speed(), got);
    EXPECT_EQ(control.mode(), Mode::playing);
  }
}

TEST(TimeControl, TakesSpeedZeroAsAPause) {
  TimeControl control = playing_at(at_s(5), 2);

  control.play(0);
  EXPECT_EQ(control.mode(), Mode::paused);
  EXPECT_EQ(control.update(seconds{1}, kDay), at_s(5));
  control.play(1);
  control.play(std::nan(""));
  EXPECT_EQ(control.mode(), Mode::paused);
}

TEST(TimeControl, HoldsThePlayheadWhilePaused) {
  TimeControl control;
  control.update(seconds{0}, live_to(at_s(10)));
  control.update(milliseconds{700}, live_to(at_s(10)));

  control.pause();

  EXPECT_EQ(control.update(seconds{5}, live_to(at_s(10))), at_ms(10'700));
  EXPECT_EQ(control.update(seconds{5}, live_to(at_s(30))), at_ms(10'700));
}

TEST(TimeControl, SeeksWithoutChangingPausedOrPlaying) {
  TimeControl control = playing_at(at_s(5), 7);
  control.seek(at_s(50));
  EXPECT_EQ(control.mode(), Mode::playing);
  EXPECT_EQ(control.speed(), 7);

  control.pause();
  control.seek(at_s(90'000));
  EXPECT_EQ(control.mode(), Mode::paused);
  EXPECT_EQ(control.update(seconds{1}, kDay), at_s(86'400));

  control.follow();
  control.seek(at_s(60));
  EXPECT_EQ(control.mode(), Mode::playing);
  EXPECT_EQ(control.speed(), 1);
}

}  // namespace
}  // namespace fleet
