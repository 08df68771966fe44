// ScratchFolder: a folder of this run, gone with it.
#pragma once

#include <filesystem>
#include <memory>

#include "fleet/result.hpp"

namespace viewer {

class ScratchFolder {
 public:
  /// A new one in `where`, named by the process; those that dead processes of this user left there
  /// are removed first. Error: none can be made.
  static fleet::Result<std::unique_ptr<ScratchFolder>> make(const std::filesystem::path& where);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path path_;
};

/// Where large files of a run belong: $TMPDIR if it says so, else /var/tmp, which is on a disk,
/// else the system's.
std::filesystem::path scratch_place();

}  // namespace viewer
