// A disk under SQLite that fails when it is told to, and forgets what was never synced.
//
// It is SQLite's default VFS while it lives, over the real files. Of every file it keeps what a
// power cut would leave: the pages of the last sync that succeeded. A sync that fails drops what it
// was to write, as Linux does: the pages stay readable, count as clean, and no later sync writes
// them unless somebody writes them again; some of them may have got to the disk all the same.
#pragma once

#include <sqlite3.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace net::test {

class FaultyDisk {
 public:
  enum class Op { open, read, write, truncate, sync, size, remove, access, map, lock };

  explicit FaultyDisk(std::uint32_t seed = 1);
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;
  /// Every database is closed before.
  ~FaultyDisk();

  /// Asked before every operation, with how many there were before it; true: it fails. May call
  /// nothing of this class but `lose_power`. Null: none fails.
  using Fault = std::function<bool(Op, std::uint64_t count, const std::string& file)>;
  void set_fault(Fault fault);
  std::uint64_t operations();

  /// Copies day files of `from` into the new folder `to` as a power cut just now would leave them:
  /// of what was not synced, any part may be there. Only from within a Fault.
  void lose_power(const std::filesystem::path& from, const std::filesystem::path& to);

 private:
  struct File;
  struct Image {
    std::vector<char> durable;
    std::set<std::int64_t> dirty;  ///< pages written since
  };
  struct Calls;  ///< what SQLite calls

  /// SQLITE_OK, or `failure` if the operation is to fail.
  int begin(Op op, const std::string& file, int failure);
  void copy_page(Image& image, std::int64_t page, const std::vector<char>& live) const;
  void sync(File& file, bool succeeds);

  std::mutex mutex_;
  Fault fault_;
  std::uint64_t count_ = 0;
  std::mt19937 random_;
  std::map<ino_t, Image> images_;
  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  sqlite3_io_methods methods_;
};

}  // namespace net::test
