// The loops of a run: pictures until it is over, in a window or without one. The only place besides
// main that reads clocks. Main thread, GL context current.
#pragma once

#include <csignal>

#include "viewer/output.hpp"
#include "viewer/session.hpp"
#include "viewer/window.hpp"

namespace viewer {

/// What a run is of.
struct Run {
  const Options& options;
  Session& session;
  Output& output;
  App::Steady started;  ///< the process
  const volatile std::sig_atomic_t& stop;
};

/// Until --seconds or --frames are over or the run is stopped; then the picture for --screenshot.
void run_headless(const Run& run);
/// Until the window is closed, too.
void run_window(const Run& run, Window& window);

/// Says which tile failed first; once.
void tell_tile_trouble(App& app);

}  // namespace viewer
