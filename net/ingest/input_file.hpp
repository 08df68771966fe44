// A file to read from front to back, plain or gzip, a block at a time. One thread.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>

#include "fleet/result.hpp"

namespace net {

class InputFile {
 public:
  /// Error: not there, a folder, not readable, or named .gz without being gzip.
  static fleet::Result<InputFile> open(const std::filesystem::path& path);

  /// Fills `to` as far as there is anything left; 0 at the end.
  /// Error: cut short, or damaged; names the file and the offset in what was unpacked.
  fleet::Result<std::size_t> read(char* to, std::size_t size);

  const std::filesystem::path& path() const { return path_; }
  /// Bytes of the file, and how many of them were read: for a progress bar.
  std::uint64_t size_bytes() const { return size_; }
  std::uint64_t at_bytes() const;
  /// Bytes handed out so far, unpacked.
  std::uint64_t unpacked_bytes() const { return unpacked_; }

 private:
  struct Close {
    void operator()(gzFile_s* file) const { gzclose_r(file); }
  };
  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, Close> file_;
  std::uint64_t size_ = 0;
  std::uint64_t unpacked_ = 0;
};

}  // namespace net
