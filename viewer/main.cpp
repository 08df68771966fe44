// fleetwall: the wall. Reads the command line and the clocks, makes a window or a headless context,
// and runs the loop. Everything else is App's.
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>

#include "net/read_file.hpp"
#include "render/gl/egl_headless_context.hpp"
#include "viewer/app.hpp"
#include "viewer/complain.hpp"
#include "viewer/files.hpp"
#include "viewer/film/film_program.hpp"
#include "viewer/film/film_run.hpp"
#include "viewer/gl_page.hpp"
#include "viewer/run_loops.hpp"

namespace {

using viewer::complain;
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

/// What a run is made of. In errors of what follows, the code is the exit code.
struct Material {
  viewer::Folders folders;
  fleet::Atlas atlas;
  std::optional<viewer::CameraPath> path;
  std::unique_ptr<viewer::Source> source;
  std::unique_ptr<net::TileSource> tiles;
};

fleet::Error wrong_call(const std::string& what) {
  return {what, viewer::kWrongCall};
}

fleet::Result<fleet::Atlas> read_map(const viewer::Options& options, const std::string& assets) {
  auto atlas = viewer::load_atlas(assets);
  if (!atlas) return fleet::Error{atlas.error().what, viewer::kFailed};
  if (options.border_files.empty()) return atlas;
  std::vector<std::string> warnings;
  auto with = viewer::with_borders(std::move(atlas.value()), options, assets, warnings);
  if (!with) return wrong_call(with.error().what);
  for (const std::string& warning : warnings) complain(warning);
  return with;
}

fleet::Result<std::optional<viewer::CameraPath>> read_path(const std::string& file) {
  if (file.empty()) return std::optional<viewer::CameraPath>();
  auto text = net::read_file(file);
  if (!text) return wrong_call(text.error().what);
  auto parsed = viewer::CameraPath::parse(text.value());
  if (!parsed) return wrong_call(file + ": " + parsed.error().what);
  return std::optional(std::move(parsed.value()));
}

fleet::Result<std::unique_ptr<viewer::Source>> open_source(const viewer::Options& options) {
  auto source = viewer::Source::open(options);
  // Of a gateway or the demo only what was named can be wrong here; recorded data is the work.
  if (!source)
    return fleet::Error{source.error().what,
                        options.open_path.empty() ? viewer::kWrongCall : viewer::kFailed};
  if (options.film.out.empty()) return source;
  const net::FeedHealth health = (*source)->feed().health();
  const std::string wrong =
      viewer::span_problem(options.film, health.range_begin, health.range_end);
  if (!wrong.empty()) return wrong_call(wrong);
  return source;
}

fleet::Result<Material> gather(const viewer::Options& options) {
  auto folders = viewer::find_folders();
  if (!folders) return fleet::Error{folders.error().what, viewer::kFailed};
  auto atlas = read_map(options, folders->assets);
  if (!atlas) return atlas.error();
  auto path = read_path(options.camera_path_file);
  if (!path) return path.error();
  auto source = open_source(options);
  if (!source) return source.error();
  auto tiles = viewer::open_tiles(options.tiles);
  if (!tiles) return wrong_call(tiles.error().what);
  return Material{std::move(*folders), std::move(*atlas), std::move(*path), std::move(*source),
                  std::move(*tiles)};
}

/// Files and figures that the call asked for. Returns the exit code.
int finish(const viewer::Run& run) {
  const viewer::Options& o = run.options;
  viewer::App& app = run.session.app();
  // Before the picture is written, which takes a while.
  const std::string no_fleet = o.headless ? why_no_fleet(app, run.session.source()) : "";
  app.finish_stats();
  app.stats().renderer = run.output.renderer();
  app.stats().gl_version = run.output.version();
  if (const int failed = save_last(o, app, run.output); failed != 0) return failed;
  if (!o.stats_file.empty()) {
    std::ofstream out(o.stats_file);
    out << app.stats().json();
    if (!out.flush()) return complain("--stats " + o.stats_file + ": cannot be written");
  }
  if (!no_fleet.empty()) return complain(no_fleet);
  return o.headless && app.call_was_wrong() ? viewer::kWrongCall : 0;
}

/// With the GL context of `window` current, or a headless one.
int show(const viewer::Options& options, Material material, viewer::Window* window,
         Steady::time_point started) {
  // Outlives every wall of this run: nobody waits for a tile server when another feed is shown.
  std::optional<viewer::TileLoader> tiles;
  if (material.tiles) tiles.emplace(*material.tiles);
  const bool film = !options.film.out.empty();
  viewer::Output output(options.headless, options.width, options.height);
  viewer::AppConfig config{options,
                           material.folders.shaders,
                           material.path,
                           render::is_software_renderer(),
                           output.renderer(),
                           material.atlas.attribution,
                           material.atlas.caveat,
                           tiles ? &*tiles : nullptr};
  viewer::Session session(std::move(config), material.atlas, std::move(material.source),
                          film ? viewer::kFilmStart : Steady::now());
  const viewer::Run run{options, session, output, started, stop_requested};
  if (film) return viewer::run_film(run);
  window != nullptr ? viewer::run_window(run, *window) : viewer::run_headless(run);
  return finish(run);
}

int run(const viewer::Options& options) {
  const auto started = process_start();
  tell_legibility(options);
  auto material = gather(options);
  if (!material) return complain(material.error().what, material.error().code);
  if (options.headless) {
    const render::EglHeadlessContext context;
    return show(options, std::move(*material), nullptr, started);
  }
  viewer::WindowConfig config{"fleetwall", 1600, 900, options.fullscreen, options.monitor};
  if (options.size_given) config.width = options.width, config.height = options.height;
  auto window = viewer::Window::open(config);
  if (!window) return explain_no_window(options, config, window.error().what);
  return show(options, std::move(*material), window->get(), started);
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
