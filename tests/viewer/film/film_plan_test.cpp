#include "viewer/film/film_plan.hpp"

#include <gtest/gtest.h>

#include "viewer/film/film_run.hpp"
#include "viewer/film/frame_sink.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;

constexpr fleet::Time kBegin = fleet::time_from_ms(1'792'130'400'000);

FilmPlan plan_of(fleet::Millis span, double speed, std::uint64_t fps) {
  return {"film", kBegin, kBegin + span, speed, fps};
}

TEST(FilmPlan, ShowsEachInstantWithoutDrift) {
  const FilmPlan plan = plan_of(3600s, 60, 30);

  EXPECT_EQ(plan.instant(0), kBegin);
  EXPECT_EQ(plan.instant(1), kBegin + 2s);
  EXPECT_EQ(plan.instant(1799), kBegin + 3598s);
  EXPECT_EQ(plan_of(1s, 1, 30).instant(1), kBegin + 33ms) << "rounded to a millisecond";
  EXPECT_EQ(plan_of(1s, 1, 30).instant(30), kBegin + 1s) << "and nothing adds up";
}

TEST(FilmPlan, HasAFrameForEachInstantBeforeItsEnd) {
  EXPECT_EQ(plan_of(1s, 1, 30).frames(), 30u);
  EXPECT_EQ(plan_of(1001ms, 1, 30).frames(), 31u);
  EXPECT_EQ(plan_of(1ms, 1, 30).frames(), 1u);
  EXPECT_EQ(plan_of(3600s, 60, 25).frames(), 1500u);
  EXPECT_EQ(plan_of(0s, 1, 30).frames(), 0u);
}

TEST(FilmPlan, CountsFilmTimeInFrames) {
  const FilmPlan plan = plan_of(1s, 1, 30);

  EXPECT_EQ(plan.film_time(15), 500ms);
  EXPECT_EQ(plan.film_time(3), 100ms);
}

TEST(FilmPlan, KnowsAFilmByTheEndOfItsName) {
  EXPECT_EQ(film_kind("a/b.mp4"), FilmKind::mp4);
  EXPECT_EQ(film_kind("B.WebM"), FilmKind::webm);
  EXPECT_EQ(film_kind("b.mkv"), FilmKind::mkv);
  EXPECT_EQ(film_kind("frames"), FilmKind::folder);
  EXPECT_EQ(film_kind("2026.10"), FilmKind::folder);
  EXPECT_EQ(film_kind("b.gif"), FilmKind::unknown);
}

TEST(FilmPlan, TellsHowFarItIs) {
  const FilmPlan plan = plan_of(30s, 1, 30);

  EXPECT_EQ(film_progress(plan, 300, 10s),
            "300 of 900 frames, at 2026-10-16T06:00:09.967Z, 30.0 a second, 0:20 left");
}

TEST(FilmPlan, IsRefusedOutsideOfTheRecordingWithWhatIsRecorded) {
  const FilmPlan plan = plan_of(10s, 1, 30);

  EXPECT_EQ(span_problem(plan, kBegin, kBegin + 10s), "");
  EXPECT_EQ(span_problem(plan, kBegin + 1s, kBegin + 10s),
            "--film: 2026-10-16T06:00:00.000Z to 2026-10-16T06:00:10.000Z is not all recorded; the "
            "recording goes from 2026-10-16T06:00:01.000Z to 2026-10-16T06:00:10.000Z");
  EXPECT_NE(span_problem(plan, kBegin, kBegin + 9s), "");
  EXPECT_EQ(span_problem(plan, fleet::kNever, fleet::kNever), "--film: nothing is recorded");
}

TEST(Ffmpeg, IsTakenFromTheFirstFolderThatHasIt) {
  EXPECT_EQ(find_program("sh", "/nowhere::/bin"), "/bin/sh");
  EXPECT_EQ(find_program("sh", "/nowhere"), "");
  EXPECT_EQ(find_program("sh", ""), "");
}

}  // namespace
}  // namespace viewer
