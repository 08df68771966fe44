// Data that is not ours to commit: a folder beside the project, or the one named by
// FLEETWALL_SHARED.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace testing_support {

/// Where the file or folder would be; the test skips if it is not there.
inline std::filesystem::path shared_path(const std::filesystem::path& name) {
  const char* const folder = std::getenv("FLEETWALL_SHARED");
  return (folder != nullptr ? std::filesystem::path(folder)
                            : std::filesystem::path(FLEETWALL_SOURCE_DIR) / "../shared") /
         name;
}

}  // namespace testing_support

/// At the start of a test that needs `name` of the shared folder; declares `path`.
#define SHARED_OR_SKIP(path, name)                                       \
  const std::filesystem::path path = testing_support::shared_path(name); \
  if (!std::filesystem::exists(path))                                    \
  GTEST_SKIP() << path << " is not here (FLEETWALL_SHARED names another place)"
