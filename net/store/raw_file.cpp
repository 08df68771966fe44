#include "net/store/raw_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace net {
namespace {

int flags_of(RawFile::Mode mode) {
  switch (mode) {
    case RawFile::Mode::read:
      return O_RDONLY;
    case RawFile::Mode::change:
      return O_WRONLY;
    case RawFile::Mode::make:
      break;
  }
  return O_WRONLY | O_CREAT | O_TRUNC;
}

}  // namespace

RawFile::RawFile(const std::filesystem::path& path, Mode mode)
    : fd_(::open(path.c_str(), O_CLOEXEC | flags_of(mode), 0644)), path_(path) {}

RawFile::~RawFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::uint64_t RawFile::bytes() const {
  struct stat found {};
  return ::fstat(fd_, &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

bool RawFile::read(std::uint64_t at, std::span<char> bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = ::pread(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

bool RawFile::write(std::uint64_t at, std::span<const char> bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

fleet::Error RawFile::error(const char* what) const {
  const int code = errno;
  return {path_.string() + ": " + what + ": " + std::strerror(code), code};
}

}  // namespace net
