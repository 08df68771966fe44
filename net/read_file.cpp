#include "net/read_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace net {

fleet::Result<std::string> read_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string bytes;
  std::array<char, 65536> block;
  while (in) {
    in.read(block.data(), block.size());
    bytes.append(block.data(), static_cast<std::size_t>(in.gcount()));
  }
  // At the end of what was read stands the end of the file, or something that cannot be read: a
  // directory opens like a file and fails only here.
  if (!in.eof() || in.bad())
    return fleet::Error{path.string() + ": " + std::strerror(errno ? errno : EIO)};
  return bytes;
}

}  // namespace net
