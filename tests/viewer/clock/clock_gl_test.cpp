// The clock of the whole wall over recorded days: keys, mouse, box and calendar, down to the store.
#include <gtest/gtest.h>

#include <thread>

#include "tests/net/day_folder.hpp"
#include "tests/support/gl_test.hpp"
#include "viewer/app.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using net::samples::kNoon;  // 14:00 in Shanghai
using Mode = fleet::TimeControl::Mode;

/// Ten minutes of a Friday, a tick a second, each with a critical alarm.
class ClockGl : public testing_support::GlTest {
 protected:
  void SetUp() override {
    GlTest::SetUp();
    if (IsSkipped()) return;
    hashes_ = folder_.record(600);
    record_more();
    Options options;
    options.open_path = folder_.directory_.string();
    options.width = 1280;
    options.height = 720;
    options.paused = true;
    auto source = Source::open(options);
    ASSERT_TRUE(source) << source.error().what;
    source_ = std::move(source.value());
    AppConfig config;
    config.options = options;
    config.shader_dir = testing_support::shader_dir();
    app_ = std::make_unique<App>(config, atlas_, *source_, now_);
    target_ = std::make_unique<testing_support::Target>(1280, 720);
    settle();
  }
  virtual void record_more() {}
  void TearDown() override {
    target_.reset();
    app_.reset();
    GlTest::TearDown();
  }

  /// Files are read beside: this goes on until nothing more is to come. Bounded: a failure ends.
  void settle() {
    for (int i = 0; i < 5000; ++i) {
      step({});
      if (app_->settled() && !app_->playback().seeking()) break;
      std::this_thread::sleep_for(1ms);
    }
    app_->draw(target_->framebuffer(), now_);
    EXPECT_TRUE(app_->settled());
  }
  void step(const Input& input) { app_->update(input, now_ += 1ms, true); }
  void press(KeyPress key, std::string text = {}) {
    Input input;
    input.keys = {key};
    input.text = std::move(text);
    step(input);
  }
  void type(std::string text) {
    Input input;
    input.text = std::move(text);
    step(input);
  }
  /// Playhead and picture are at so many ticks after the beginning.
  void expect_at(int ticks) {
    settle();
    EXPECT_EQ(app_->playback().playhead(), kNoon + std::chrono::seconds{ticks});
    app_->finish_stats();
    EXPECT_EQ(app_->stats().state_hash, hashes_[static_cast<std::size_t>(ticks) - 1]) << ticks;
  }
  void go_to(const char* written) {
    press({Key::letter, 'j'});
    type(written);
    press({Key::enter});
  }
  const TimeBandModel& band() {
    settle();
    return app_->model().band;
  }

  net::samples::DayFolder folder_;
  std::vector<std::uint64_t> hashes_;
  fleet::Atlas atlas_;
  App::Steady now_ = std::chrono::steady_clock::now();
  std::unique_ptr<Source> source_;
  std::unique_ptr<App> app_;
  std::unique_ptr<testing_support::Target> target_;
};

/// And three seconds, twenty days later.
class ClockOfFarDaysGl : public ClockGl {
 protected:
  static constexpr std::chrono::hours kLater{20 * 24};
  void record_more() override {
    auto writer = folder_.writer();
    net::samples::Fleet fleet(20, kNoon + kLater, 8);
    for (int i = 0; i < 3; ++i) folder_.one_tick(*writer, fleet, 3);
    folder_.expect(writer->close());
  }
  /// The days between are looked for beside.
  void wait_to_be_at(fleet::Time t) {
    for (int i = 0; i < 5000 && app_->playback().playhead() != t; ++i) {
      step({});
      std::this_thread::sleep_for(1ms);
    }
    EXPECT_EQ(app_->playback().playhead(), t);
  }
};

TEST_F(ClockOfFarDaysGl, TheNextAlarmIsLookedForInDaysThatNobodyLookedAt) {
  press({Key::letter, 'j'});
  type("14:10");
  press({Key::enter});
  expect_at(600);

  press({Key::letter, 'e'});
  wait_to_be_at(kNoon + kLater + 1s);
  press({Key::letter, 'w'});
  wait_to_be_at(kNoon + 600s);
}

TEST_F(ClockOfFarDaysGl, GoingElsewhereEndsLookingForAnAlarm) {
  press({Key::letter, 'l'});
  settle();
  press({Key::letter, 'e'});
  go_to("2026-10-16 14:01");
  settle();
  for (int i = 0; i < 50; ++i) step({});

  EXPECT_EQ(app_->playback().playhead(), kNoon + 60s);
}

TEST_F(ClockGl, AWrittenTimeIsGoneToExactly) {
  go_to("14:05:30");
  expect_at(330);
  EXPECT_FALSE(app_->wall().jump) << "the box closes";

  go_to("-2m");
  expect_at(210);
}

TEST_F(ClockGl, TheBoxStaysOpenForWhatIsNotUnderstood) {
  go_to("hello");

  ASSERT_TRUE(app_->wall().jump);
  settle();
  EXPECT_EQ(app_->model().jump.state, JumpModel::State::not_understood);
  EXPECT_EQ(app_->playback().playhead(), kNoon);
}

TEST_F(ClockGl, ADayWithoutDataLeadsToTheNearestThatHasSome) {
  press({Key::letter, 'j'});
  type("2026-10-18 14:02");
  settle();
  EXPECT_EQ(app_->model().jump.state, JumpModel::State::other_day);
  EXPECT_EQ(app_->model().jump.to.day, 16);

  press({Key::enter});

  expect_at(120);
}

TEST_F(ClockGl, StepsBothWaysShowEachTickExactly) {
  go_to("14:05:00");
  expect_at(300);

  press({Key::letter, '\''});
  expect_at(301);
  press({Key::letter, ';'});
  press({Key::letter, ';'});
  expect_at(299);
  press({Key::letter, ','});
  expect_at(239);
  press({Key::letter, 'e'});
  expect_at(240);
  press({Key::letter, 'w'});
  expect_at(239);
}

TEST_F(ClockGl, DraggingTheBandEndsWhereItIsLetGo) {
  Input drag;
  drag.pointer_inside = drag.pressed = drag.held = true;
  // 28 px at each side of the band are not its own.
  const auto at = [&](double hour) {
    drag.pointer = {28 * 0.85 + (1280 - 56 * 0.85) * hour / 24, 690};
  };
  at(14.05);
  step(drag);
  drag.pressed = false;
  drag.dragging = true;
  for (const double hour : {20.0, 3.0, 14.09, 14.11}) at(hour), step(drag);
  drag.held = false;

  step(drag);

  settle();
  const std::chrono::duration<double> since = app_->playback().playhead() - kNoon;
  EXPECT_NEAR(since.count(), 396, 1);
  EXPECT_EQ(app_->playback().control().mode(), Mode::paused);
}

TEST_F(ClockGl, NowIsTheEndAndCatchingUpGetsThereAtTwentyTimes) {
  press({Key::letter, 'l'});
  expect_at(600);
  go_to("14:09:50");
  settle();

  press({Key::letter, 'l', true});
  EXPECT_TRUE(app_->playback().control().catching_up());
  now_ += 2s;

  expect_at(600);
  EXPECT_EQ(app_->playback().control().mode(), Mode::paused);
}

TEST_F(ClockGl, TheBandHasTheWholeDayWhereverThePlayheadIs) {
  const auto alarms = band().alarms.size();
  EXPECT_EQ(alarms, 600u);
  go_to("14:09");
  EXPECT_EQ(band().alarms.size(), alarms);
  EXPECT_NEAR(band().playhead_h, 14.15, 1e-9);

  press({Key::letter, 'z'});

  EXPECT_EQ(band().days.size(), 7u);
  EXPECT_NEAR(band().playhead_h, 4 * 24 + 14.15, 1e-9);
}

TEST_F(ClockGl, TheCalendarOpensAtTheMonthShown) {
  press({Key::letter, 'y'});
  settle();

  const CalendarModel& calendar = app_->model().calendar;
  ASSERT_TRUE(calendar.open);
  EXPECT_EQ(calendar.months.back().month, 10);
  EXPECT_TRUE(calendar.months.back().days[15].data);
  EXPECT_FALSE(calendar.months.back().days[16].data);
}

TEST_F(ClockGl, ALoopGoesRound) {
  go_to("14:01");
  settle();
  press({Key::letter, 'a'});
  go_to("14:02");
  settle();
  press({Key::letter, 'a'});
  EXPECT_NEAR(band().loop_b_h - band().loop_a_h, 1.0 / 60, 1e-6);

  press({Key::space});
  now_ += 10s;
  step({});

  settle();
  const std::chrono::duration<double> since = app_->playback().playhead() - kNoon;
  EXPECT_GT(since.count(), 69);
  EXPECT_LT(since.count(), 80);
}

}  // namespace
}  // namespace viewer
