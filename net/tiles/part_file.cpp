#include "net/tiles/part_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace net {
namespace {

fleet::Error system_error(const std::filesystem::path& path) {
  return {path.string() + ": " + std::strerror(errno), errno};
}

}  // namespace

PartFile::PartFile(std::filesystem::path path, int descriptor, std::uint64_t size_bytes)
    : path_(std::move(path)), descriptor_(descriptor), size_bytes_(size_bytes) {}

PartFile::PartFile(PartFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_bytes_(other.size_bytes_) {}

PartFile& PartFile::operator=(PartFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_bytes_, other.size_bytes_);
  return *this;
}

PartFile::~PartFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

fleet::Result<PartFile> PartFile::open(const std::filesystem::path& path) {
  // O_NONBLOCK: of a pipe, open() would wait for a writer.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return system_error(path);
  PartFile file(path, descriptor, 0);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return system_error(path);
  if (!S_ISREG(status.st_mode)) return fleet::Error{path.string() + ": this is no file"};
  file.size_bytes_ = static_cast<std::uint64_t>(status.st_size);
  return file;
}

fleet::Result<std::vector<std::byte>> PartFile::read(std::uint64_t offset,
                                                     std::size_t length) const {
  const auto ends_early = [&] {
    return fleet::Error{path_.string() + ": the file ends before the " + std::to_string(length) +
                        " bytes at " + std::to_string(offset) + "; it is damaged or cut off"};
  };
  if (length > size_bytes_ || offset > size_bytes_ - length) return ends_early();
  std::vector<std::byte> bytes(length);
  for (std::size_t filled = 0; filled < length;) {
    const ssize_t got = ::pread(descriptor_, bytes.data() + filled, length - filled,
                                static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path_);
    if (got == 0) return ends_early();  // it has shrunk since
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace net
