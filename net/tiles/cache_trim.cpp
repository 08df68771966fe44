// Which files of a cache folder are tiles, and which of them go.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "net/tiles/tile_cache.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;

struct KeptFile {
  fs::path path;
  std::uint64_t bytes = 0;  // in whole blocks
  fleet::Time used;
};
struct Contents {
  std::vector<KeptFile> tiles;
  std::vector<KeptFile> unfinished;
  std::uint64_t bytes = 0;
};

bool all_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}
constexpr std::string_view kHex = "0123456789abcdef";

bool is_set(const std::string& name) {
  return name.starts_with("tiles-") && name.size() == 6 + 16 && all_of(name.substr(6), kHex);
}
bool is_part_of_set(const std::string& name) {
  return name.size() == 2 && all_of(name, kHex);
}
bool is_tile(const std::string& name) {
  return name.ends_with(".tile") && all_of(name.substr(0, name.size() - 5), "0123456789-");
}

/// Calls `each` for the entries of a folder; one that is gone, or closed to us, has none.
template <class Each>
void for_entries(const fs::path& folder, Each each) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    each(entry->path(), entry->path().filename().string());
}

void note_file(const fs::path& path, const std::string& name, Contents& contents) {
  const bool tile = is_tile(name);
  if (!tile && !name.starts_with(".part-")) return;
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  const auto blocks =
      (static_cast<std::uint64_t>(status.st_size) + kCacheBlockBytes - 1) / kCacheBlockBytes;
  const auto used = fleet::time_from_ms(static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000 +
                                        status.st_mtim.tv_nsec / 1'000'000);
  (tile ? contents.tiles : contents.unfinished).push_back({path, blocks * kCacheBlockBytes, used});
  if (tile) contents.bytes += blocks * kCacheBlockBytes;
}

Contents contents_of(const fs::path& folder) {
  Contents contents;
  for_entries(folder, [&](const fs::path& set, const std::string& set_name) {
    if (!is_set(set_name)) return;
    for_entries(set, [&](const fs::path& part, const std::string& part_name) {
      if (!is_part_of_set(part_name)) return;
      for_entries(part, [&](const fs::path& file, const std::string& name) {
        note_file(file, name, contents);
      });
    });
  });
  return contents;
}

/// Held by the one process that removes; the others leave it to that one.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : descriptor_(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)),
        held_(descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {}
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool held() const { return held_; }

 private:
  int descriptor_;
  bool held_;
};

}  // namespace

std::uint64_t cache_bytes(const fs::path& folder) {
  return contents_of(folder).bytes;
}

void trim_cache(const fs::path& folder, std::uint64_t bytes_max, std::uint64_t bytes_kept,
                fleet::Time now) {
  const FolderLock lock(folder);
  if (!lock.held()) return;
  Contents contents = contents_of(folder);
  for (const KeptFile& file : contents.unfinished)
    if (now - file.used > kUnfinishedKept) ::unlink(file.path.c_str());
  if (contents.bytes <= bytes_max) return;
  std::sort(contents.tiles.begin(), contents.tiles.end(),
            [](const KeptFile& a, const KeptFile& b) { return a.used < b.used; });
  for (const KeptFile& file : contents.tiles) {
    if (contents.bytes <= bytes_kept) break;
    // One that another process has removed is gone as well.
    ::unlink(file.path.c_str());
    contents.bytes -= file.bytes;
  }
}

}  // namespace net
