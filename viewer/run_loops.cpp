#include "viewer/run_loops.hpp"

#include <algorithm>
#include <ctime>
#include <optional>
#include <thread>

#include "viewer/complain.hpp"
#include "viewer/feed_news.hpp"

namespace viewer {
namespace {

using Steady = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// How long a last picture waits: a gateway that never sends must not hang it.
constexpr std::chrono::seconds kPatience{30};

// Debug builds take shaders as they are saved.
#ifdef NDEBUG
constexpr bool kWatchesShaders = false;
#else
constexpr bool kWatchesShaders = true;
#endif

double ms_between(Steady::time_point a, Steady::time_point b) {
  return std::chrono::duration<double, std::milli>(b - a).count();
}

double thread_cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

/// The time a run may take. It counts from when there is something to connect to: a demo that
/// prepares itself takes none of it.
class RunTime {
 public:
  explicit RunTime(const Options& options) : seconds_(options.seconds) {}
  bool is_over(const Source& source) {
    if (!seconds_) return false;
    const auto now = Steady::now();
    if (source.preparing()) begin_ = now;
    return Seconds(now - begin_).count() >= *seconds_;
  }

 private:
  std::optional<double> seconds_;
  Steady::time_point begin_ = Steady::now();
};

/// What went wrong since the last call without ending the run.
void tell_troubles(FeedNews& news, Session& session) {
  Source& source = session.source();
  if (const auto told = news.take(source.address(), source.feed().health())) complain(*told);
  for (const std::string& line : session.app().take_complaints()) complain(line);
  tell_tile_trouble(session.app());
}

/// Destroys everything on the GPU and makes it anew: what a lost context asks for, and a test that
/// nothing is held there alone.
void rebuild_gl(const Run& run) {
  run.output.rebuild();
  run.session.app().rebuild_gl();
}

bool rebuild_due(const Run& run) {
  const std::uint64_t frames = run.session.app().stats().frames;
  const std::uint64_t every = run.options.rebuild_every;
  return every > 0 && frames > 0 && frames % every == 0;
}

/// One picture, with what it cost.
void draw_measured(const Run& run) {
  App& app = run.session.app();
  Source& source = run.session.source();
  const auto now = Steady::now();
  const double cpu = thread_cpu_ms();
  app.draw(run.output.framebuffer(), now);
  run.output.present();
  RunStats& stats = app.stats();
  const double cpu_ms = thread_cpu_ms() - cpu;
  stats.cpu_ms.add(cpu_ms);
  app.note_steady(cpu_ms, now);
  if (stats.first_frame_ms < 0) stats.first_frame_ms = ms_between(run.started, Steady::now());
  if (stats.first_full_frame_ms < 0 && app.playback().ready()) {
    const std::int64_t open_ns = source.feed().health().connected_steady_ns;
    const auto from = open_ns > 0 && !source.recorded() && !source.demo()
                          ? Steady::time_point(std::chrono::nanoseconds(open_ns))
                          : run.started;
    stats.first_full_frame_ms = ms_between(from, Steady::now());
  }
}

/// The map's tiles of the picture that stands, for as long again as the run was to take.
void wait_for_tiles(const Run& run, Steady::time_point latest) {
  App& app = run.session.app();
  const Seconds seconds(std::min(run.options.seconds.value_or(30), 30.0));
  const auto deadline =
      std::min(latest, Steady::now() + std::chrono::duration_cast<Steady::duration>(seconds));
  while (!app.tiles_settled() && Steady::now() < deadline && !run.stop) {
    app.update({}, Steady::now(), true);
    tell_tile_trouble(app);
    if (app.needs_frame(Steady::now())) {
      draw_measured(run);
    } else {
      app.wait_for_tiles(std::chrono::milliseconds(16));
    }
  }
}

/// The last picture of a headless run: everything due applied, points at their places.
void draw_last(const Run& run) {
  App& app = run.session.app();
  const auto deadline = Steady::now() + kPatience;
  app.hold();
  do {
    app.update({}, Steady::now(), true);
    // Without a feed, or a machine in it, the picture that says so is the last one.
    const Arrival arrival = app.arrival();
    if (app.settled() || arrival == Arrival::no_feed || arrival == Arrival::no_fleet) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(4));
  } while (Steady::now() < deadline && !run.stop);
  draw_measured(run);
  wait_for_tiles(run, deadline);
}

void save_picture(const Run& run, Steady::time_point now) {
  App& app = run.session.app();
  const std::string path = app.picture_path();
  const auto saved = run.output.save(path);
  app.say_saved(path, saved, now);
  complain(saved ? "saved " + path : saved.error().what);
}

/// Looks once a second.
void watch_shaders(App& app, Steady::time_point now, Steady::time_point& next_look) {
  if (!kWatchesShaders || now < next_look) return;
  next_look = now + std::chrono::seconds(1);
  const std::string error = app.reload_shaders_if_changed();
  if (!error.empty()) complain(error);
}

/// Takes output and wall to the window's size. False: minimised.
bool follow_size(const Run& run, const Window& window) {
  int width = 0, height = 0;
  window.framebuffer_size(width, height);
  if (width < 16 || height < 16) return false;
  run.output.resize(width, height);
  run.session.app().resize(width, height);
  return true;
}

/// What was asked for by key or by a dropped file, but for the picture, which is drawn first.
void do_requests(const Run& run, Window& window, const Requests& requests, Steady::time_point now) {
  if (requests.rebuild_gl || rebuild_due(run)) rebuild_gl(run);
  if (requests.toggle_fullscreen) window.toggle_fullscreen();
  if (requests.open_path.empty()) return;
  if (auto opened = run.session.open_recording(requests.open_path, now); !opened)
    complain(opened.error().what);
}

}  // namespace

void tell_tile_trouble(App& app) {
  const std::string why = app.take_tile_trouble();
  if (!why.empty()) complain("--tiles: " + why + " (Others that fail are counted in --stats.)");
}

void run_headless(const Run& run) {
  const Options& o = run.options;
  App& app = run.session.app();
  FeedNews news;
  RunTime time(o);
  while (!run.stop && !time.is_over(run.session.source()) &&
         (!o.frames || app.stats().frames < *o.frames)) {
    const auto now = Steady::now();
    app.update({}, now, true);
    tell_troubles(news, run.session);
    // Frames asked for by number are drawn as fast as they come, once there is something to draw:
    // a fleet, or the page that says why there is none.
    if (o.frames ? app.arrival() != Arrival::under_way : app.needs_frame(now)) {
      if (rebuild_due(run)) rebuild_gl(run);
      draw_measured(run);
    } else {
      std::this_thread::sleep_for(std::min(app.patience(now), Seconds(0.016)));
    }
  }
  if (!o.screenshot_file.empty() || !o.export_file.empty()) draw_last(run);
}

void run_window(const Run& run, Window& window) {
  const Options& o = run.options;
  RunTime time(o);
  Steady::time_point next_look;
  std::uint64_t frames = 0;  // since there was something to draw
  FeedNews news;
  while (!run.stop && !window.should_close()) {
    const auto before = Steady::now();
    if (time.is_over(run.session.source()) || (o.frames && frames >= *o.frames)) break;
    const bool shows = run.session.app().arrival() != Arrival::under_way;
    const bool at_once = o.frames && shows;
    const Input input = window.poll(at_once ? 0 : run.session.app().patience(before).count());
    if (!follow_size(run, window)) continue;
    const auto now = Steady::now();
    run.session.app().update(input, now, false);
    watch_shaders(run.session.app(), now, next_look);
    tell_troubles(news, run.session);
    const Requests requests = run.session.app().requests();
    if (requests.quit) break;
    do_requests(run, window, requests, now);
    if (window.damaged() || at_once || run.session.app().needs_frame(now)) {
      draw_measured(run);
      frames += shows;
      if (requests.screenshot) save_picture(run, now);
      window.swap();
    }
  }
}

}  // namespace viewer
