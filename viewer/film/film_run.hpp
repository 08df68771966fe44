// The film loop: brings the wall to one instant after the other and hands each picture over.
//
// Time in a film is the film's: what moves on the wall by itself (rings, notices, the camera path)
// is told how far the film is, never what a clock says. A picture is drawn once everything due at
// its instant is there, so that the same call makes the same bytes, however busy the machine is.
// Main thread, GL context current.
#pragma once

#include <functional>
#include <string>

#include "fleet/result.hpp"
#include "viewer/app.hpp"
#include "viewer/film/film_plan.hpp"
#include "viewer/film/frame_sink.hpp"
#include "viewer/output.hpp"

namespace viewer {

/// The steady instant that an App for a film is made with: any, but always the same.
inline constexpr App::Steady kFilmStart{std::chrono::hours{2}};

struct FilmRun {
  const FilmPlan& plan;
  App& app;  ///< made at kFilmStart, with plan.from as its --at
  Output& output;
  FrameSink& sink;
  std::function<bool()> stopped;                ///< somebody wants it to end
  std::function<App::Steady()> clock;           ///< real time: for progress and patience only
  std::function<void(const std::string&)> say;  ///< a line of progress
};

/// Returns how many frames were written: fewer than plan.frames() when stopped. The sink is
/// finished in any case. Error: a recording that cannot be read on, or the sink's.
fleet::Result<std::uint64_t> write_film(const FilmRun& run);

/// What is wrong with the film's span for data recorded from begin to end; or nothing.
std::string span_problem(const FilmPlan& plan, fleet::Time begin, fleet::Time end);

}  // namespace viewer
