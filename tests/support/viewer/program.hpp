// The program fleetwall itself: started, waited for, its traces read.
#pragma once

#include <filesystem>
#include <string>

#include "render/image.hpp"

namespace testing_support {

/// What a run left behind.
struct Outcome {
  int exit_code = -1;
  std::string said;  ///< stdout and stderr
  std::string stats;
  render::Image picture;
};

/// Runs the fleetwall beside this test with a picture and stats in `folder`, to its end.
/// before: what stands in front of the program on the shell's line.
Outcome run_fleetwall(const std::filesystem::path& folder, const std::string& arguments,
                      const std::string& before = {});

/// Different colours in a picture: a page of words has few, a map many.
std::size_t colours(const render::Image& image);

}  // namespace testing_support
