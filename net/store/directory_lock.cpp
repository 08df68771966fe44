// One writer a directory.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "net/store/day_store.hpp"

namespace net {
namespace fs = std::filesystem;

fleet::Result<DirectoryLock> DirectoryLock::take(const fs::path& directory) {
  std::error_code code;
  fs::create_directories(directory, code);
  if (code) {
    return fleet::Error{directory.string() + ": the folder cannot be made: " + code.message(),
                        code.value()};
  }
  const fs::path file = directory / "fleetwall.lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return fleet::Error{
        directory.string() + ": the folder cannot be written: " + std::strerror(errno), errno};
  }
  DirectoryLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int failed = errno;
    return fleet::Error{
        directory.string() +
            (failed == EWOULDBLOCK
                 ? ": another fleetwall process is writing here; stop it first"
                 : ": the folder cannot be locked: " + std::string(std::strerror(failed))),
        failed};
  }
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace net
