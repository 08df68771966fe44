// fleetwall --film: where a film goes, and what is said of it.
#pragma once

#include "viewer/run_loops.hpp"

namespace viewer {

/// Writes the film that the options ask for, as video or as pictures; returns the exit code.
/// Precondition: the session was made at kFilmStart.
int run_film(const Run& run);

}  // namespace viewer
