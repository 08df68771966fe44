// A file's bytes by their place, beneath SQLite. Thread-compatible.
//
// POSIX drops every lock that a process holds on a file, SQLite's too, when it closes any of its
// descriptors: while a lock is needed, the RawFile of the same file stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "fleet/result.hpp"

namespace net {

class RawFile {
 public:
  /// make: empty, whatever was there; change: what is not written to stays.
  enum class Mode { read, make, change };
  /// Look at is_open.
  RawFile(const std::filesystem::path& path, Mode mode);
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;
  ~RawFile();

  bool is_open() const { return fd_ >= 0; }
  /// 0: also where they cannot be counted.
  std::uint64_t bytes() const;
  /// False: the disk, or the end of the file, does not give all of them.
  bool read(std::uint64_t at, std::span<char> bytes) const;
  bool write(std::uint64_t at, std::span<const char> bytes) const;
  /// Of the last call that failed: "PATH: what: " and errno's text.
  fleet::Error error(const char* what) const;

 private:
  int fd_;
  std::filesystem::path path_;
};

}  // namespace net
