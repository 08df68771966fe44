// What the program says on stderr, and how it ends.
#pragma once

#include <cstdio>
#include <string>

namespace viewer {

/// Exit codes: the work failed, or the call was wrong: an argument, or a file of settings that one
/// names.
inline constexpr int kFailed = 1, kWrongCall = 2;

/// A line on stderr. Returns `code`.
inline int complain(const std::string& what, int code = kFailed) {
  std::fprintf(stderr, "fleetwall: %s\n", what.c_str());
  return code;
}

}  // namespace viewer
