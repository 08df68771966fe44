// WholeFile: a file that is there whole or not at all.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace net {

/// Written under another name beside it (path + ".part"), synced, then renamed into place. Without
/// a path: stdout.
class WholeFile {
 public:
  explicit WholeFile(std::string path);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  bool good() const { return problem_.empty(); }
  /// A sentence that names the file and why it cannot be written; empty: it can.
  const std::string& problem() const { return problem_; }
  /// False here and below: see `problem`.
  bool write(std::string_view bytes);
  bool finish();

 private:
  std::string part() const { return path_ + ".part"; }
  void note();

  const std::string path_;
  std::string problem_;
  std::FILE* file_ = nullptr;
};

}  // namespace net
