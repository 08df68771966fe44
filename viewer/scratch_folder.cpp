#include "viewer/scratch_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace viewer {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPrefix = "fleetwall-demo-";

/// The process that a folder is named by; 0: it is none of ours.
pid_t owner_of(const fs::path& folder) {
  const std::string name = folder.filename().string();
  if (!name.starts_with(kPrefix)) return 0;
  pid_t pid = 0;
  const char* const begin = name.data() + kPrefix.size();
  const auto read = std::from_chars(begin, name.data() + name.size(), pid);
  return read.ec == std::errc{} && *read.ptr == '-' && pid > 0 ? pid : 0;
}

/// A descriptor of the folder that nobody else holds locked; -1: somebody does, or it is none.
int lock_of(const fs::path& folder) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (opened < 0 || ::flock(opened, LOCK_EX | LOCK_NB) == 0) return opened;
  ::close(opened);
  return -1;
}

/// By the process alone nobody could tell: in another container, or on another machine that shares
/// the disk, it may live.
bool left_behind(const fs::path& folder) {
  const pid_t pid = owner_of(folder);
  if (pid == 0 || ::kill(pid, 0) == 0 || errno != ESRCH) return false;
  struct stat info {};
  if (::lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::getuid())
    return false;
  const int lock = lock_of(folder);
  if (lock < 0) return false;
  ::close(lock);
  return true;
}

void remove_left_behind(const fs::path& where) {
  std::error_code error;
  for (fs::directory_iterator entry(where, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (left_behind(entry->path())) fs::remove_all(entry->path(), ignored);
  }
}

}  // namespace

fleet::Result<std::unique_ptr<ScratchFolder>> ScratchFolder::make(const fs::path& where) {
  remove_left_behind(where);
  std::string path =
      (where / (std::string(kPrefix) + std::to_string(::getpid()) + "-XXXXXX")).string();
  if (::mkdtemp(path.data()) == nullptr)
    return fleet::Error{"Cannot make a folder in " + where.string() + ": " + std::strerror(errno) +
                        "."};
  return std::unique_ptr<ScratchFolder>(new ScratchFolder(path, lock_of(path)));
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

fs::path scratch_place() {
  const char* const set = std::getenv("TMPDIR");
  if (set != nullptr && *set != 0) return set;
  std::error_code ignored;
  const fs::path disk = "/var/tmp";
  return fs::is_directory(disk, ignored) ? disk : fs::temp_directory_path(ignored);
}

}  // namespace viewer
