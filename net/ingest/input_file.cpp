#include "net/ingest/input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace net {

namespace fs = std::filesystem;

fleet::Result<InputFile> InputFile::open(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code)) return fleet::Error{path.string() + ": there is no such file."};
  if (fs::is_directory(path, code))
    return fleet::Error{path.string() + ": is a folder, expected a file."};
  InputFile input;
  input.path_ = path;
  const auto size = fs::file_size(path, code);
  input.size_ = code ? 0 : size;
  errno = 0;
  input.file_.reset(gzopen(path.c_str(), "rb"));
  if (!input.file_)
    return fleet::Error{path.string() + ": cannot be opened: " + std::strerror(errno) + "."};
  gzbuffer(input.file_.get(), 256u << 10);
  if (path.extension() == ".gz" && input.size_ > 0 && gzdirect(input.file_.get()))
    return fleet::Error{path.string() +
                        ": is named .gz but does not begin as gzip data does (expected bytes 1f 8b "
                        "at offset 0)."};
  return input;
}

fleet::Result<std::size_t> InputFile::read(char* to, std::size_t size) {
  constexpr std::size_t kMost = 1u << 30;  // gzread counts with int
  const int got = gzread(file_.get(), to, static_cast<unsigned>(std::min(size, kMost)));
  int problem = Z_OK;
  const char* text = gzerror(file_.get(), &problem);
  if (got > 0) unpacked_ += static_cast<std::uint64_t>(got);
  if (got < 0 || problem == Z_BUF_ERROR) {
    const std::string what = problem == Z_BUF_ERROR ? "the gzip data ends too early"
                             : problem == Z_ERRNO   ? std::strerror(errno)
                                                    : std::string("damaged gzip data: ") + text;
    return fleet::Error{path_.string() + ": " + what + ", at offset " + std::to_string(unpacked_) +
                        " of the unpacked text."};
  }
  return static_cast<std::size_t>(got);
}

std::uint64_t InputFile::at_bytes() const {
  const auto at = gzoffset(file_.get());
  return at > 0 ? static_cast<std::uint64_t>(at) : 0;
}

}  // namespace net
