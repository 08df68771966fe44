#include "render/gl/shader_watch.hpp"

#include <system_error>
#include <utility>

namespace render {

ShaderWatch::ShaderWatch(std::string shader_dir)
    : shader_dir_(std::move(shader_dir)), files_(files_now()) {}

ShaderWatch::Files ShaderWatch::files_now() const {
  Files files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(shader_dir_, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;  // between the listing and here: it is then seen as removed
    const Stamp stamp{at->last_write_time(gone), at->file_size(gone)};
    if (!gone) files.emplace(at->path().filename().string(), stamp);
  }
  return files;
}

bool ShaderWatch::changed() {
  Files now = files_now();
  if (now == files_) return false;
  files_ = std::move(now);
  return true;
}

}  // namespace render
