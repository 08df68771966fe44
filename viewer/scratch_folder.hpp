// ScratchFolder: a folder of this run, gone with it.
#pragma once

#include <filesystem>
#include <memory>

#include "fleet/result.hpp"

namespace viewer {

class ScratchFolder {
 public:
  /// A new one in `where`, locked as long as it is there; those of this user that nobody holds
  /// locked were left behind, and are removed first. Error: none can be made.
  static fleet::Result<std::unique_ptr<ScratchFolder>> make(const std::filesystem::path& where);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  ScratchFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  const std::filesystem::path path_;
  const int lock_;  ///< descriptor of the folder
};

/// Where large files of a run belong: $TMPDIR if it says so, else /var/tmp, which is on a disk,
/// else the system's.
std::filesystem::path scratch_place();

}  // namespace viewer
