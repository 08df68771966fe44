// Options that contradict each other, or that change nothing in the run that was asked for.
#pragma once

#include <string>
#include <vector>

#include "viewer/options.hpp"

namespace CLI {
class App;
}

namespace viewer {

/// One line that names two options of which one would make the other void, or nothing.
std::string contradiction(const CLI::App& app, const Options& options);
/// One line for each option given that changes nothing in this run.
std::vector<std::string> without_effect(const CLI::App& app, const Options& options);

}  // namespace viewer
