// The clock's desk over a recorded feed in miniature: where the playhead goes, and when.
#include "viewer/clock/clock_desk.hpp"

#include <gtest/gtest.h>

#include "tests/support/viewer/recorded_feed.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using testing_support::RecordedFeed;
using Mode = fleet::TimeControl::Mode;

const fleet::Time kBegin = *fleet::parse_time("2026-10-16T00:00:00+08:00");
const fleet::Time kNoon = kBegin + 12h;

struct Desk {
  Desk() {
    feed.begin = kBegin;
    feed.end = kBegin + 24h;
    playback.start(kNoon, 1, true);
    run();
    days.days.resize(1);
    days.days[0].overview.begin = feed.begin;
    days.days[0].overview.end = feed.end;
  }

  /// The feed answers: whatever was sought is shown after it.
  void run(std::chrono::nanoseconds dt = 0ns) {
    feed.answer();
    playback.update(dt, feed.health(), std::nullopt,
                    [] { return std::chrono::steady_clock::time_point{}; });
  }
  void serve(const ClockRequests& asked) {
    Past past{zone, days, feed.begin, feed.end};
    past.band_first = *fleet::parse_day("2026-10-16");
    past.jump = jump;
    desk.serve(asked, past);
  }
  void mark_loop() {
    ClockRequests asked;
    asked.mark_loop = true;
    serve(asked);
  }
  void seek_hour(double hour) {
    ClockRequests asked;
    asked.seek_hour = hour;
    serve(asked);
    run();
  }
  void scrub(double hour, bool let_go = false, Scrub::What what = Scrub::What::playhead) {
    ClockRequests asked;
    asked.scrub = Scrub{what, hour, {}, let_go};
    serve(asked);
  }
  Mode mode() const { return playback.control().mode(); }
  fleet::Time playhead() const { return playback.playhead(); }

  fleet::TimeZone zone = fleet::shanghai();
  fleet::Atlas atlas;
  FleetView view{atlas, zone};
  fleet::UpdateQueue queue{1 << 20};
  RecordedFeed feed{queue};
  Playback playback{view, {&queue, &feed, true, false}};
  ClockDesk desk{playback};
  net::RecordedDays days;
  std::optional<fleet::Time> jump;
};

template <class Member, class Value>
ClockRequests asking(Member member, Value value) {
  ClockRequests asked;
  asked.*member = value;
  return asked;
}

TEST(ClockDesk, PlaysAndPausesAtThePaceItHad) {
  Desk desk;
  desk.playback.control().play(-60);

  desk.serve(asking(&ClockRequests::play_pause, true));
  EXPECT_EQ(desk.mode(), Mode::paused);
  desk.serve(asking(&ClockRequests::play_pause, true));

  EXPECT_EQ(desk.mode(), Mode::playing);
  EXPECT_EQ(desk.playback.control().speed(), -60);
}

TEST(ClockDesk, SlowsDownThroughAPauseToBackwards) {
  Desk desk;
  desk.playback.control().play(1);

  desk.serve(asking(&ClockRequests::speed_steps, -1));
  EXPECT_EQ(desk.mode(), Mode::paused);
  desk.serve(asking(&ClockRequests::speed_steps, -1));

  EXPECT_EQ(desk.mode(), Mode::playing);
  EXPECT_EQ(desk.playback.control().speed(), -1);
}

TEST(ClockDesk, StepsByTicksFromOneEndOfATickToTheNext) {
  Desk desk;
  desk.playback.control().seek(kNoon + 300ms);

  desk.serve(asking(&ClockRequests::step_ticks, -1));
  desk.run();
  EXPECT_EQ(desk.playhead(), kNoon) << "first to the end of the tick that is shown";
  desk.serve(asking(&ClockRequests::step_ticks, -1));
  desk.run();
  EXPECT_EQ(desk.playhead(), kNoon - 1s);
  desk.serve(asking(&ClockRequests::step_ticks, 2));
  desk.run();

  EXPECT_EQ(desk.playhead(), kNoon + 1s);
  EXPECT_EQ(desk.mode(), Mode::paused);
}

TEST(ClockDesk, PlaysAShortStepOnInsteadOfSeekingIt) {
  Desk desk;
  const std::size_t seeks = desk.feed.seeks.size();

  desk.serve(asking(&ClockRequests::step_s, 60.0));
  desk.run();

  EXPECT_EQ(desk.playhead(), kNoon + 60s);
  EXPECT_EQ(desk.feed.seeks.size(), seeks);
  desk.serve(asking(&ClockRequests::step_s, -60.0));
  EXPECT_EQ(desk.feed.seeks.size(), seeks + 1);
}

TEST(ClockDesk, StepsToTheAlarmBeforeAndAfter) {
  Desk desk;
  desk.days.days[0].raised = {{kNoon - 1h, fleet::Severity::high},
                              {kNoon + 2h, fleet::Severity::critical}};

  desk.serve(asking(&ClockRequests::step_alarms, 1));
  desk.run();
  EXPECT_EQ(desk.playhead(), kNoon + 2h);
  desk.serve(asking(&ClockRequests::step_alarms, 1));
  EXPECT_EQ(desk.playhead(), kNoon + 2h) << "there is no later one";
  desk.serve(asking(&ClockRequests::step_alarms, -1));
  desk.run();

  EXPECT_EQ(desk.playhead(), kNoon - 1h);
}

TEST(ClockDesk, GoesToAPlaceOfTheBandADayAndATypedInstant) {
  Desk desk;
  desk.seek_hour(14.5);
  EXPECT_EQ(desk.playhead(), kBegin + 14h + 30min);

  desk.feed.end = kBegin + 72h;
  desk.serve(asking(&ClockRequests::seek_day, *fleet::parse_day("2026-10-18")));
  desk.run();
  EXPECT_EQ(desk.playhead(), kBegin + 48h + 14h + 30min) << "the time of day stays";

  desk.jump = kBegin + 3h;
  desk.serve(asking(&ClockRequests::jump, true));
  desk.run();
  EXPECT_EQ(desk.playhead(), kBegin + 3h);
}

TEST(ClockDesk, GoesNoFartherThanTheDataDoes) {
  Desk desk;

  desk.serve(asking(&ClockRequests::step_s, -1e6));
  desk.run();
  EXPECT_EQ(desk.playhead(), kBegin);
  desk.serve(asking(&ClockRequests::step_s, 1e6));
  desk.run();

  EXPECT_EQ(desk.playhead(), kBegin + 24h);
}

TEST(ClockDesk, DraggingSeeksOnePlaceAtATimeAndTheNewestNext) {
  Desk desk;
  const std::size_t seeks = desk.feed.seeks.size();

  desk.scrub(3);
  for (const double hour : {4.0, 5.0, 6.0}) desk.scrub(hour);
  EXPECT_EQ(desk.feed.seeks.size(), seeks + 1) << "the first is still under way";
  EXPECT_EQ(desk.desk.wanted(), kBegin + 6h);
  desk.run();
  desk.scrub(7);

  EXPECT_EQ(desk.feed.seeks.size(), seeks + 2);
  EXPECT_EQ(desk.feed.seeks.back(), kBegin + 7h) << "4, 5 and 6 o'clock were never asked for";
}

TEST(ClockDesk, EndsExactlyWhereItIsLetGo) {
  Desk desk;
  desk.scrub(3);
  desk.scrub(4);
  desk.scrub(5.25, true);

  desk.run();
  desk.serve({});
  desk.run();
  desk.serve({});

  EXPECT_EQ(desk.playhead(), kBegin + 5h + 15min);
  EXPECT_FALSE(desk.playback.seeking());
}

TEST(ClockDesk, HoldsTimeWhileDraggingAndPlaysOnFromThere) {
  Desk desk;
  desk.playback.control().play(60);

  desk.scrub(3);
  desk.run();
  desk.run(10s);
  EXPECT_EQ(desk.playhead(), kBegin + 3h);
  desk.scrub(4, true);
  desk.run();

  EXPECT_EQ(desk.mode(), Mode::playing);
  EXPECT_EQ(desk.playback.control().speed(), 60);
}

TEST(ClockDesk, DraggingAPausedPlayheadLeavesItPaused) {
  Desk desk;

  desk.scrub(3);
  desk.run();
  desk.scrub(4, true);
  desk.run();

  EXPECT_EQ(desk.mode(), Mode::paused);
}

TEST(ClockDesk, OneKeyMarksAAndBAndTakesThemAway) {
  Desk desk;
  desk.seek_hour(10);
  desk.mark_loop();
  EXPECT_FALSE(desk.playback.control().loop());
  desk.mark_loop();
  EXPECT_FALSE(desk.desk.loop_b()) << "A and B at one place are no loop";
  desk.seek_hour(11);

  desk.mark_loop();
  ASSERT_TRUE(desk.playback.control().loop());
  EXPECT_EQ(desk.playback.control().loop()->a, kBegin + 10h);
  EXPECT_EQ(desk.playback.control().loop()->b, kBegin + 11h);
  desk.mark_loop();

  EXPECT_FALSE(desk.playback.control().loop());
  EXPECT_FALSE(desk.desk.loop_a());
}

TEST(ClockDesk, ALoopMarkedFromItsEndGoesTheSameWay) {
  Desk desk;
  desk.seek_hour(11);
  desk.mark_loop();
  desk.seek_hour(10);
  desk.mark_loop();
  EXPECT_EQ(desk.playback.control().loop()->a, kBegin + 10h);

  desk.scrub(9, true, Scrub::What::loop_b);

  EXPECT_EQ(desk.playback.control().loop()->a, kBegin + 9h);
  EXPECT_EQ(desk.playback.control().loop()->b, kBegin + 11h);
}

TEST(ClockDesk, StepsOutOfALoopWhileItIsHeld) {
  Desk desk;
  desk.seek_hour(10);
  desk.mark_loop();
  desk.seek_hour(11);
  desk.mark_loop();

  desk.serve(asking(&ClockRequests::step_s, 60.0));
  desk.run();

  EXPECT_EQ(desk.playhead(), kBegin + 11h + 1min);
  EXPECT_TRUE(desk.playback.control().loop());
}

TEST(ClockDesk, NowIsTheEndOfARecording) {
  Desk desk;
  desk.playback.control().play(60);

  desk.serve(asking(&ClockRequests::follow_live, true));
  desk.run();

  EXPECT_EQ(desk.playhead(), desk.feed.end);
  EXPECT_EQ(desk.mode(), Mode::paused);
}

TEST(ClockDesk, CatchesUpWithTheEndAtTwentyTimes) {
  Desk desk;
  desk.seek_hour(23.99);

  desk.serve(asking(&ClockRequests::catch_up, true));
  EXPECT_TRUE(desk.playback.control().catching_up());
  EXPECT_EQ(desk.playback.control().speed(), 20);
  desk.run(2s);

  EXPECT_EQ(desk.playhead(), desk.feed.end);
  EXPECT_EQ(desk.mode(), Mode::paused);
}

TEST(ClockDesk, LeavesALiveFeedAlone) {
  Desk desk;
  Playback live{desk.view, {&desk.queue, &desk.feed, false, false}};
  ClockDesk of_live{live};
  Past past{desk.zone, desk.days, desk.feed.begin, desk.feed.end};

  of_live.serve(asking(&ClockRequests::play_pause, true), past);

  EXPECT_EQ(live.control().mode(), Mode::following);
}

TEST(BandHours, AreLocalHoursFromItsFirstMidnight) {
  const fleet::TimeZone zone = fleet::shanghai();
  const fleet::LocalDay monday = *fleet::parse_day("2026-10-12");

  EXPECT_EQ(time_at_hours(zone, monday, 4 * 24 + 12), kNoon);
  EXPECT_EQ(hours_at_time(zone, monday, kNoon), 4 * 24 + 12);
  EXPECT_EQ(hours_at_time(zone, *fleet::parse_day("2026-10-17"), kNoon), -12);
}

}  // namespace
}  // namespace viewer
