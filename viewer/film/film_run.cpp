#include "viewer/film/film_run.hpp"

#include <thread>

namespace viewer {
namespace {

using namespace std::chrono_literals;

/// A disk that answers no more, or tiles that never come, must not hang it.
constexpr auto kReadPatience = 120s, kTilePatience = 30s;
constexpr auto kProgressEvery = 2s;
/// The base map is crisp, and figures of the picture itself are in the legend, one picture later.
constexpr int kDrawsAtLeast = 2;

/// False: stopped, or the recording cannot be read on.
bool arrive(const FilmRun& run, fleet::Time t, App::Steady film_now) {
  const auto deadline = run.clock() + kReadPatience;
  while (!run.app.show_instant(t, film_now, run.clock())) {
    if (run.stopped() || run.clock() > deadline) return false;
    if (run.app.arrival() == Arrival::no_feed) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

void draw(const FilmRun& run, fleet::Time t, App::Steady film_now) {
  const auto deadline = run.clock() + kTilePatience;
  for (int drawn = 0; drawn < kDrawsAtLeast || !run.app.picture_settled(); ++drawn) {
    if (drawn >= kDrawsAtLeast) {
      if (run.stopped() || run.clock() > deadline) break;
      run.app.wait_for_tiles(16ms);
    }
    run.app.show_instant(t, film_now, run.clock());
    run.app.draw(run.output.framebuffer(), film_now);
    run.output.present();
  }
}

}  // namespace

fleet::Result<std::uint64_t> write_film(const FilmRun& run) {
  const std::uint64_t frames = run.plan.frames();
  const auto begin = run.clock();
  auto next_line = begin + kProgressEvery;
  std::uint64_t done = 0;
  for (; done < frames && !run.stopped(); ++done) {
    const fleet::Time t = run.plan.instant(done);
    const App::Steady film_now = kFilmStart + run.plan.film_time(done);
    if (!arrive(run, t, film_now)) {
      if (run.stopped()) break;
      const std::string why = run.app.feed_detail();
      (void)run.sink.finish();  // the older trouble is the one to tell
      return fleet::Error{"the recording cannot be read at " + fleet::iso8601(t) +
                          (why.empty() ? "" : ": " + why)};
    }
    draw(run, t, film_now);
    if (auto added = run.sink.add(run.output.picture()); !added) return added.error();
    if (run.clock() >= next_line) {
      next_line = run.clock() + kProgressEvery;
      run.say(film_progress(run.plan, done + 1, run.clock() - begin));
    }
  }
  if (auto finished = run.sink.finish(); !finished) return finished.error();
  run.say(film_progress(run.plan, done, run.clock() - begin));
  return done;
}

std::string span_problem(const FilmPlan& plan, fleet::Time begin, fleet::Time end) {
  if (begin == fleet::kNever) return "--film: nothing is recorded";
  if (plan.from >= begin && plan.to <= end) return {};
  return "--film: " + fleet::iso8601(plan.from) + " to " + fleet::iso8601(plan.to) +
         " is not all recorded; the recording goes from " + fleet::iso8601(begin) + " to " +
         fleet::iso8601(end);
}

}  // namespace viewer
