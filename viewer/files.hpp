// Files the wall reads: where assets and shaders lie, and how they are loaded.
#pragma once

#include <string>
#include <vector>

#include "fleet/atlas.hpp"
#include "fleet/result.hpp"
#include "viewer/options.hpp"

namespace viewer {

struct Folders {
  std::string assets, shaders;
};

/// Beside the program once installed (../share/fleetwall), else the source tree it was built from.
/// Error: names the folders that were tried.
fleet::Result<Folders> find_folders();

/// assets/atlas.fwm. Error: its path and why.
fleet::Result<fleet::Atlas> load_atlas(const std::string& assets);

/// Lays the options' boundaries over the atlas, "prefectures" being assets/prefectures.fwm and
/// "counties" that one with assets/counties.fwm over it, each laid once. What of them will look
/// wrong is appended to `warnings`. Error: names the file.
fleet::Result<fleet::Atlas> with_borders(fleet::Atlas atlas, const Options& options,
                                         const std::string& assets,
                                         std::vector<std::string>& warnings);

}  // namespace viewer
