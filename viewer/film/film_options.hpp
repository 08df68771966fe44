// The part of the command line that asks for a film.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "viewer/options.hpp"

namespace viewer {

struct RawFilmOptions {
  std::string from, to;
};

void add_film_options(CLI::App& app, FilmPlan& film, RawFilmOptions& raw);
/// Makes values of it, and of the run one without a window that starts where the film does. Returns
/// what is wrong, or nothing.
std::string finish_film(const CLI::App& app, const RawFilmOptions& raw, Options& options);

}  // namespace viewer
