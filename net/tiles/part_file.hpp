// A file that is read in parts, from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "fleet/result.hpp"

namespace net {

class PartFile {
 public:
  /// Error: "PATH: why".
  static fleet::Result<PartFile> open(const std::filesystem::path& path);
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&& other) noexcept;
  ~PartFile();

  /// As it was when the file was opened.
  std::uint64_t size_bytes() const { return size_bytes_; }
  /// Exactly `length` bytes from `offset`. Error: "PATH: why", also where the file ends before.
  fleet::Result<std::vector<std::byte>> read(std::uint64_t offset, std::size_t length) const;

 private:
  PartFile(std::filesystem::path path, int descriptor, std::uint64_t size_bytes);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace net
