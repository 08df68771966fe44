// fleetwall: the wall. Reads the command line and the clocks, makes a window or a headless context,
// and runs the loop. Everything else is App's.
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <thread>

#include "net/read_file.hpp"
#include "render/gl/egl_headless_context.hpp"
#include "viewer/app.hpp"
#include "viewer/feed_news.hpp"
#include "viewer/files.hpp"
#include "viewer/film/film_run.hpp"
#include "viewer/gl_page.hpp"
#include "viewer/output.hpp"
#include "viewer/session.hpp"
#include "viewer/window.hpp"

namespace {

using Steady = std::chrono::steady_clock;

volatile std::sig_atomic_t stop_requested = 0;

/// When the process started, from the kernel, so that first_frame_ms counts loading too.
Steady::time_point process_start() {
  std::ifstream stat("/proc/self/stat"), uptime("/proc/uptime");
  std::string text;
  std::getline(stat, text);
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 2, text.size())));
  std::string skipped;
  for (int i = 3; i < 22; ++i) fields >> skipped;
  double start_ticks = 0, up_s = 0;
  fields >> start_ticks;
  uptime >> up_s;
  const double age_s = up_s - start_ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  return Steady::now() - std::chrono::duration_cast<Steady::duration>(
                             std::chrono::duration<double>(std::max(0.0, age_s)));
}

/// The work failed, or the call was wrong: an argument, or a file of settings that one names.
constexpr int kFailed = 1, kWrongCall = 2;

int complain(const std::string& what, int code = kFailed) {
  std::fprintf(stderr, "fleetwall: %s\n", what.c_str());
  return code;
}

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
  explicit RunTime(const viewer::Options& options) : seconds_(options.seconds) {}
  bool is_over(const viewer::Source& source) {
    if (!seconds_) return false;
    const auto now = Steady::now();
    if (source.preparing()) begin_ = now;
    return std::chrono::duration<double>(now - begin_).count() >= *seconds_;
  }

 private:
  std::optional<double> seconds_;
  Steady::time_point begin_ = Steady::now();
};

/// The first tile that failed; once.
void tell_tile_trouble(viewer::App& app) {
  const std::string why = app.take_tile_trouble();
  if (!why.empty()) complain("--tiles: " + why + " (Others that fail are counted in --stats.)");
}

/// What went wrong since the last call without ending the run.
void tell_troubles(viewer::FeedNews& news, viewer::App& app, viewer::Source& source) {
  if (const auto told = news.take(source.address(), source.feed().health())) complain(*told);
  for (const std::string& line : app.take_complaints()) complain(line);
  tell_tile_trouble(app);
}

/// Destroys everything on the GPU and makes it anew: what a lost context asks for, and a test that
/// nothing is held there alone.
void rebuild_gl(viewer::App& app, viewer::Output& output) {
  output.rebuild();
  app.rebuild_gl();
}

bool rebuild_due(const viewer::Options& o, viewer::App& app) {
  const std::uint64_t frames = app.stats().frames;
  return o.rebuild_every > 0 && frames > 0 && frames % o.rebuild_every == 0;
}

/// One picture, with what it cost.
void draw_measured(viewer::App& app, viewer::Output& output, viewer::Source& source,
                   Steady::time_point started) {
  const auto now = Steady::now();
  const double cpu = thread_cpu_ms();
  app.draw(output.framebuffer(), now);
  output.present();
  viewer::RunStats& stats = app.stats();
  const double cpu_ms = thread_cpu_ms() - cpu;
  stats.cpu_ms.add(cpu_ms);
  app.note_steady(cpu_ms, now);
  if (stats.first_frame_ms < 0) stats.first_frame_ms = ms_between(started, Steady::now());
  if (stats.first_full_frame_ms < 0 && app.playback().ready()) {
    const std::int64_t open_ns = source.feed().health().connected_steady_ns;
    const auto from = open_ns > 0 && !source.recorded() && !source.demo()
                          ? Steady::time_point(std::chrono::nanoseconds(open_ns))
                          : started;
    stats.first_full_frame_ms = ms_between(from, Steady::now());
  }
}

/// The last picture of a headless run: everything due applied, points at their places.
void draw_last(const viewer::Options& o, viewer::App& app, viewer::Output& output,
               viewer::Source& source, Steady::time_point started) {
  constexpr auto kPatience =
      std::chrono::seconds(30);  // a gateway that never sends must not hang it
  const auto deadline = Steady::now() + kPatience;
  app.hold();
  do {
    app.update({}, Steady::now(), true);
    // Without a feed, or a machine in it, the picture that says so is the last one.
    const viewer::Arrival arrival = app.arrival();
    if (app.settled() || arrival == viewer::Arrival::no_feed ||
        arrival == viewer::Arrival::no_fleet)
      break;
    std::this_thread::sleep_for(std::chrono::milliseconds(4));
  } while (Steady::now() < deadline && !stop_requested);
  draw_measured(app, output, source, started);
  // The map's tiles of this very view, for as long again as the run was to take.
  const auto tiles_deadline = std::min(
      deadline,
      Steady::now() + std::chrono::duration_cast<Steady::duration>(
                          std::chrono::duration<double>(std::min(o.seconds.value_or(30), 30.0))));
  while (!app.tiles_settled() && Steady::now() < tiles_deadline && !stop_requested) {
    app.update({}, Steady::now(), true);
    tell_tile_trouble(app);
    if (app.needs_frame(Steady::now())) {
      draw_measured(app, output, source, started);
    } else {
      app.wait_for_tiles(std::chrono::milliseconds(16));
    }
  }
}

/// Nothing: a run that did what was asked. Else why it ended without ever having had a fleet.
std::string why_no_fleet(const viewer::App& app, viewer::Source& source) {
  using State = net::FeedHealth::State;
  if (source.recorded() || app.playback().ready()) return {};
  if (source.preparing()) return "stopped while the demo was being prepared";
  const net::FeedHealth health = source.feed().health();
  if (health.connections > 0 && health.state == State::receiving) return {};
  return "ended without data from " + source.address() + ". " +
         (health.detail.empty() ? "It had not answered yet." : health.detail);
}

void run_headless(const viewer::Options& o, viewer::App& app, viewer::Output& output,
                  viewer::Source& source, Steady::time_point started) {
  viewer::FeedNews news;
  RunTime time(o);
  while (!stop_requested && !time.is_over(source) &&
         (!o.frames || app.stats().frames < *o.frames)) {
    const auto now = Steady::now();
    app.update({}, now, true);
    tell_troubles(news, app, source);
    // Frames asked for by number are drawn as fast as they come, once there is something to draw:
    // a fleet, or the page that says why there is none.
    if (o.frames ? app.arrival() != viewer::Arrival::under_way : app.needs_frame(now)) {
      if (rebuild_due(o, app)) rebuild_gl(app, output);
      draw_measured(app, output, source, started);
    } else {
      std::this_thread::sleep_for(
          std::min(app.patience(now), std::chrono::duration<double>(0.016)));
    }
  }
  if (!o.screenshot_file.empty() || !o.export_file.empty())
    draw_last(o, app, output, source, started);
}

void save_picture(viewer::App& app, const viewer::Output& output, Steady::time_point now) {
  const std::string path = app.picture_path();
  const auto saved = output.save(path);
  app.say_saved(path, saved, now);
  complain(saved ? "saved " + path : saved.error().what);
}

/// As the call asked for at the end of a run. Returns the exit code.
int save_last(const viewer::Options& o, const viewer::App& app, const viewer::Output& output) {
  if (!o.screenshot_file.empty()) {
    if (auto saved = output.save(o.screenshot_file); !saved) return complain(saved.error().what);
  }
  if (!o.export_file.empty()) {
    if (auto saved = app.save_table(o.export_file); !saved) return complain(saved.error().what);
  }
  return 0;
}

/// Where the film goes. Without ffmpeg, beside its place: pictures are better than nothing.
fleet::Result<std::unique_ptr<viewer::FrameSink>> open_sink(const viewer::Options& o) {
  const std::string& out = o.film.out;
  if (viewer::film_kind(out) == viewer::FilmKind::folder) return viewer::open_picture_folder(out);
  const char* path = std::getenv("PATH");
  const std::string ffmpeg = viewer::find_program("ffmpeg", path ? path : "");
  if (!ffmpeg.empty()) return viewer::open_ffmpeg(ffmpeg, o.film, o.width, o.height);
  complain("--film " + out + ": there is no ffmpeg on PATH; its pictures go to the folder " + out +
           "-frames as PNG");
  return viewer::open_picture_folder(out + "-frames");
}

/// Writes the film; returns the exit code.
int run_film(const viewer::Options& o, viewer::App& app, viewer::Output& output,
             viewer::Source& source) {
  std::signal(SIGPIPE, SIG_IGN);  // an ffmpeg that dies is an error to tell, not the end
  auto sink = open_sink(o);
  if (!sink) return complain("--film: " + sink.error().what);
  const viewer::FilmRun run{o.film,
                            app,
                            output,
                            **sink,
                            [] { return stop_requested != 0; },
                            [] { return Steady::now(); },
                            [](const std::string& line) { complain(line); }};
  const auto written = viewer::write_film(run);
  for (const std::string& line : app.take_complaints()) complain(line);
  tell_tile_trouble(app);
  const std::uint64_t bad = source.feed().health().bad_frames;
  if (bad > 0) complain(std::to_string(bad) + " damaged frames of the recording were left out");
  if (!written) return complain("--film: " + written.error().what);
  if (written.value() < o.film.frames())
    return complain("--film: stopped; " + std::to_string(written.value()) + " of " +
                    std::to_string(o.film.frames()) + " frames are in " + (*sink)->place());
  complain("wrote " + (*sink)->place());
  return app.call_was_wrong() ? kWrongCall : 0;
}

// Debug builds take shaders as they are saved.
#ifdef NDEBUG
constexpr bool kWatchesShaders = false;
#else
constexpr bool kWatchesShaders = true;
#endif

/// Looks once a second.
void watch_shaders(viewer::App& app, Steady::time_point now, Steady::time_point& next_look) {
  if (!kWatchesShaders || now < next_look) return;
  next_look = now + std::chrono::seconds(1);
  const std::string error = app.reload_shaders_if_changed();
  if (!error.empty()) complain(error);
}

void run_window(const viewer::Options& o, viewer::Session& session, viewer::Output& output,
                viewer::Window& window, Steady::time_point started) {
  RunTime time(o);
  Steady::time_point next_look;
  std::uint64_t frames = 0;  // since there was something to draw
  viewer::FeedNews news;
  while (!stop_requested && !window.should_close()) {
    const auto before = Steady::now();
    if (time.is_over(session.source())) break;
    if (o.frames && frames >= *o.frames) break;
    const bool shows = session.app().arrival() != viewer::Arrival::under_way;
    const bool at_once = o.frames && shows;
    const viewer::Input input = window.poll(at_once ? 0 : session.app().patience(before).count());
    int width = 0, height = 0;
    window.framebuffer_size(width, height);
    if (width < 16 || height < 16) continue;  // minimised
    output.resize(width, height);
    session.app().resize(width, height);
    const auto now = Steady::now();
    session.app().update(input, now, false);
    watch_shaders(session.app(), now, next_look);
    tell_troubles(news, session.app(), session.source());
    const viewer::Requests requests = session.app().requests();
    if (requests.quit) break;
    if (requests.rebuild_gl || rebuild_due(o, session.app())) rebuild_gl(session.app(), output);
    if (requests.toggle_fullscreen) window.toggle_fullscreen();
    if (!requests.open_path.empty()) {
      const auto opened = session.open_recording(requests.open_path, now);
      if (!opened) std::fprintf(stderr, "fleetwall: %s\n", opened.error().what.c_str());
    }
    if (window.damaged() || at_once || session.app().needs_frame(now)) {
      draw_measured(session.app(), output, session.source(), started);
      frames += shows;
      if (requests.screenshot) save_picture(session.app(), output, now);
      window.swap();
    }
  }
}

/// Without OpenGL 4.5 the window says so; the sentence goes to stderr in any case.
int explain_no_window(const viewer::Options& o, viewer::WindowConfig config,
                      const std::string& why) {
  complain(why);
  config.any_gl = true;
  auto window = viewer::Window::open(config);
  if (window) viewer::show_gl_page(**window, o, stop_requested);
  return 1;
}

/// A wall that is too small for the distance it is read from says so: a picture cannot mend that.
void tell_legibility(const viewer::Options& o) {
  if (!o.wall || (!o.headless && !o.size_given)) return;
  const float needed = viewer::legible_scale(*o.wall, o.width, o.height);
  const float room = viewer::most_scale(o.width, o.height);
  if (needed <= room) return;
  std::fprintf(
      stderr,
      "fleetwall: --wall: text of 16 minutes of arc at %g m needs type scale %.2f; this wall "
      "has room for %.2f, legible to %.1f m\n",
      o.wall->distance_m, static_cast<double>(needed), static_cast<double>(room),
      o.wall->distance_m * static_cast<double>(room / needed));
}

int run(const viewer::Options& options) {
  const auto started = process_start();
  tell_legibility(options);
  const auto folders = viewer::find_folders();
  if (!folders) return complain(folders.error().what);
  auto atlas = viewer::load_atlas(folders->assets);
  if (!atlas) return complain(atlas.error().what);
  if (!options.border_files.empty()) {
    std::vector<std::string> warnings;
    atlas = viewer::with_borders(std::move(atlas.value()), options, folders->assets, warnings);
    if (!atlas) return complain(atlas.error().what, kWrongCall);
    for (const std::string& warning : warnings) complain(warning);
  }
  std::optional<viewer::CameraPath> path;
  if (!options.camera_path_file.empty()) {
    auto text = net::read_file(options.camera_path_file);
    if (!text) return complain(text.error().what, kWrongCall);
    auto parsed = viewer::CameraPath::parse(text.value());
    if (!parsed) return complain(options.camera_path_file + ": " + parsed.error().what, kWrongCall);
    path = std::move(parsed.value());
  }
  auto source = viewer::Source::open(options);
  // Of a gateway or the demo only what was named can be wrong here; recorded data is the work.
  if (!source)
    return complain(source.error().what, options.open_path.empty() ? kWrongCall : kFailed);

  const bool film = !options.film.out.empty();
  if (film) {
    const net::FeedHealth health = (*source)->feed().health();
    const std::string wrong =
        viewer::span_problem(options.film, health.range_begin, health.range_end);
    if (!wrong.empty()) return complain(wrong, kWrongCall);
  }

  auto tiles = viewer::open_tiles(options.tiles);
  if (!tiles) return complain(tiles.error().what, kWrongCall);
  // Outlives every wall of this run: nobody waits for a tile server when another feed is shown.
  std::optional<viewer::TileLoader> tile_loader;
  if (*tiles) tile_loader.emplace(**tiles);

  std::unique_ptr<viewer::Window> window;
  std::unique_ptr<render::EglHeadlessContext> headless;
  if (options.headless) {
    headless = std::make_unique<render::EglHeadlessContext>();
  } else {
    viewer::WindowConfig config{"fleetwall", 1600, 900, options.fullscreen, options.monitor};
    if (options.size_given) config.width = options.width, config.height = options.height;
    auto opened = viewer::Window::open(config);
    if (!opened) return explain_no_window(options, config, opened.error().what);
    window = std::move(opened.value());
  }
  viewer::Output output(options.headless, options.width, options.height);
  viewer::AppConfig config{
      options,           folders->shaders,   path,          render::is_software_renderer(),
      output.renderer(), atlas->attribution, atlas->caveat, tile_loader ? &*tile_loader : nullptr};
  viewer::Session session(std::move(config), *atlas, std::move(source.value()),
                          film ? viewer::kFilmStart : Steady::now());
  if (film) return run_film(options, session.app(), output, session.source());
  if (window) {
    run_window(options, session, output, *window, started);
  } else {
    run_headless(options, session.app(), output, session.source(), started);
  }
  viewer::App& app = session.app();
  const std::string no_fleet = options.headless ? why_no_fleet(app, session.source()) : "";
  app.finish_stats();
  app.stats().renderer = output.renderer();
  app.stats().gl_version = output.version();
  if (const int failed = save_last(options, app, output); failed != 0) return failed;
  if (!options.stats_file.empty()) {
    std::ofstream out(options.stats_file);
    out << app.stats().json();
    if (!out.flush()) return complain("--stats " + options.stats_file + ": cannot be written");
  }
  if (!no_fleet.empty()) return complain(no_fleet);
  return options.headless && app.call_was_wrong() ? kWrongCall : 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Large vectors go back to the system when they are freed: by default glibc soon keeps them,
  // which costs a wall 25 MB for good.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  const viewer::Parsed parsed = viewer::parse_options(argc, argv);
  if (!parsed.options) {
    std::fputs(parsed.text.c_str(), parsed.exit_code == 0 ? stdout : stderr);
    return parsed.exit_code;
  }
  std::signal(SIGTERM, [](int) { stop_requested = 1; });
  std::signal(SIGINT, [](int) { stop_requested = 1; });
  for (const std::string& warning : parsed.warnings) complain(warning);
  try {
    return run(*parsed.options);
  } catch (const std::exception& e) {
    return complain(e.what());
  }
}
