#include "net/export/whole_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace net {

WholeFile::WholeFile(std::string path) : path_(std::move(path)) {
  file_ = path_.empty() ? stdout : std::fopen(part().c_str(), "wb");
  if (file_ == nullptr) note();
}

WholeFile::~WholeFile() {
  if (path_.empty() || file_ == nullptr) return;
  std::fclose(file_);
  std::remove(part().c_str());
}

bool WholeFile::write(std::string_view bytes) {
  if (good() && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) note();
  return good();
}

bool WholeFile::finish() {
  if (!good()) return false;
  if (std::fflush(file_) != 0) note();
  if (path_.empty()) return good();
  if (good() && ::fsync(::fileno(file_)) != 0) note();
  if (std::fclose(std::exchange(file_, nullptr)) != 0 && good()) note();
  if (good() && std::rename(part().c_str(), path_.c_str()) != 0) note();
  if (!good()) std::remove(part().c_str());
  return good();
}

void WholeFile::note() {
  problem_ =
      "Cannot write to " + (path_.empty() ? "stdout" : path_) + ": " + std::strerror(errno) + ".";
}

}  // namespace net
