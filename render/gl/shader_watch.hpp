// ShaderWatch: whether files of the shader folder were written, added or removed. No GL.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace render {

class ShaderWatch {
 public:
  /// Knows the folder as it is now.
  explicit ShaderWatch(std::string shader_dir);
  /// Whether anything is different from the last time it was asked: reads names, times and sizes
  /// (some tens of files, well below a millisecond). A folder that cannot be read has no files.
  bool changed();

 private:
  struct Stamp {
    std::filesystem::file_time_type written;
    std::uintmax_t size_bytes = 0;
    bool operator==(const Stamp&) const = default;
  };
  using Files = std::map<std::string, Stamp>;
  Files files_now() const;

  std::string shader_dir_;
  Files files_;
};

}  // namespace render
