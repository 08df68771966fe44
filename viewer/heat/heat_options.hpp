// The --heat-... options of the command line.
#pragma once

#include <string>

#include "net/command_line.hpp"
#include "viewer/heat/heat_choice.hpp"

namespace viewer {

/// As written on the command line.
struct RawHeatOptions {
  std::string of = "hours", hours, form = "smooth";
};

void add_heat_options(CLI::App& app, HeatChoice& heat, RawHeatOptions& raw);
/// Returns what is wrong, or nothing.
std::string finish_heat(const RawHeatOptions& raw, HeatChoice& heat);

}  // namespace viewer
