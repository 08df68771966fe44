#include "viewer/film/film_program.hpp"

#include <csignal>
#include <cstdlib>

#include "viewer/complain.hpp"
#include "viewer/film/film_run.hpp"

namespace viewer {
namespace {

/// Where the film goes. Without ffmpeg, beside its place: pictures are better than nothing.
fleet::Result<std::unique_ptr<FrameSink>> open_sink(const Options& o) {
  const std::string& out = o.film.out;
  if (film_kind(out) == FilmKind::folder) return open_picture_folder(out);
  const char* path = std::getenv("PATH");
  const std::string ffmpeg = find_program("ffmpeg", path ? path : "");
  if (!ffmpeg.empty()) return open_ffmpeg(ffmpeg, o.film, o.width, o.height);
  complain("--film " + out + ": there is no ffmpeg on PATH; its pictures go to the folder " + out +
           "-frames as PNG");
  return open_picture_folder(out + "-frames");
}

}  // namespace

int run_film(const Run& run) {
  std::signal(SIGPIPE, SIG_IGN);  // an ffmpeg that dies is an error to tell, not the end
  const FilmPlan& plan = run.options.film;
  auto sink = open_sink(run.options);
  if (!sink) return complain("--film: " + sink.error().what);
  App& app = run.session.app();
  const auto written = write_film({plan, app, run.output, **sink, [&] { return run.stop != 0; },
                                   [] { return std::chrono::steady_clock::now(); },
                                   [](const std::string& line) { complain(line); }});
  for (const std::string& line : app.take_complaints()) complain(line);
  tell_tile_trouble(app);
  const std::uint64_t bad = run.session.source().feed().health().bad_frames;
  if (bad > 0) complain(std::to_string(bad) + " damaged frames of the recording were left out");
  if (!written) return complain("--film: " + written.error().what);
  if (written.value() < plan.frames())
    return complain("--film: stopped; " + std::to_string(written.value()) + " of " +
                    std::to_string(plan.frames()) + " frames are in " + (*sink)->place());
  complain("wrote " + (*sink)->place());
  return app.call_was_wrong() ? kWrongCall : 0;
}

}  // namespace viewer
