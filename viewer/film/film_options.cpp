#include "viewer/film/film_options.hpp"

#include "net/command_line.hpp"

namespace viewer {
namespace {

/// What a run with a window or of its own length has, and a film has otherwise.
constexpr const char* kOfOtherRuns[] = {"--at",      "--paused",        "--fullscreen", "--frames",
                                        "--seconds", "--rebuild-every", "--screenshot", "--export",
                                        "--stats",   "--monitor"};

std::string finish_span(const RawFilmOptions& raw, FilmPlan& film) {
  if (raw.from.empty() || raw.to.empty())
    return "--film needs its span: give --from TIME and --to TIME";
  const auto from = fleet::parse_time(raw.from), to = fleet::parse_time(raw.to);
  if (!from || !to) {
    return std::string(from ? "--to" : "--from") +
           ": expected a time with its offset, as 2026-10-16T14:32:00+08:00, got '" +
           (from ? raw.to : raw.from) + "'";
  }
  film.from = *from;
  film.to = *to;
  if (film.from >= film.to)
    return "--from " + fleet::iso8601(film.from) + " is not before --to " + fleet::iso8601(film.to);
  return {};
}

}  // namespace

void add_film_options(CLI::App& app, FilmPlan& film, RawFilmOptions& raw) {
  app.add_option("--film", film.out,
                 "write recorded data (--open) as a film: .mp4, .webm or .mkv with ffmpeg, else "
                 "a folder of PNG files; --speed = its feed seconds a second")
      ->check(net::not_empty());
  app.add_option("--from", raw.from, "of --film: its first instant (ISO 8601)")
      ->check(net::not_empty());
  app.add_option("--to", raw.to, "of --film: where it ends (ISO 8601)")->check(net::not_empty());
  app.add_option("--fps", film.fps, "of --film: frames a second, 1..240")
      ->check(net::whole_number_from(kLeastFps, kMostFps));
}

std::string finish_film(const CLI::App& app, const RawFilmOptions& raw, Options& options) {
  FilmPlan& film = options.film;
  if (film.out.empty()) {
    for (const char* option : {"--from", "--to", "--fps"}) {
      if (app.count(option) > 0) return std::string(option) + " is of a film: give --film OUT";
    }
    return {};
  }
  if (options.open_path.empty()) return "--film needs recorded data: give --open PATH";
  for (const char* option : kOfOtherRuns) {
    if (app.count(option) > 0) return "--film and " + std::string(option) + " exclude each other";
  }
  if (film_kind(film.out) == FilmKind::unknown)
    return "--film: expected a name that ends in .mp4, .webm or .mkv, or a folder, got '" +
           film.out + "'";
  if (auto wrong = finish_span(raw, film); !wrong.empty()) return wrong;
  film.speed = options.speed.value_or(1);
  if (!(film.speed > 0)) return "--speed: a film runs forward; give a number above 0";
  const double frames = static_cast<double>((film.to - film.from).count()) / 1000 / film.speed *
                        static_cast<double>(film.fps);
  if (frames > static_cast<double>(kMostFilmFrames))
    return "--film: more than " + std::to_string(kMostFilmFrames) +
           " frames; give a shorter span, a greater --speed or a smaller --fps";
  options.headless = true;
  options.at = film.from;
  options.speed = film.speed;
  return {};
}

}  // namespace viewer
