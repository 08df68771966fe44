#include <algorithm>
#include <fstream>

#include "net/feed/ws_client.hpp"

namespace net {

namespace {
/// Beyond the longest token, and far below what a file named by mistake holds.
constexpr std::streamsize kMostRead = 1024;
}  // namespace

fleet::Result<std::string> read_token_file(const std::filesystem::path& path) {
  if (path.empty()) return std::string();
  std::error_code ignored;
  std::ifstream file(path, std::ios::binary);
  std::string token(kMostRead, '\0');
  file.read(token.data(), kMostRead);
  if (file.bad() || file.gcount() == 0 || std::filesystem::is_directory(path, ignored))
    return fleet::Error{"--token-file " + path.string() +
                        ": cannot be read, or is empty; expected a file whose first line is the "
                        "token."};
  token.resize(static_cast<std::size_t>(file.gcount()));
  token.resize(std::min(token.find('\n'), token.size()));
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
  const bool printable =
      std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (token.empty() || !printable || token.size() == kMostRead)
    return fleet::Error{"--token-file " + path.string() +
                        ": expected a file whose first line is the token, without blanks, as "
                        "`fleetwalld token` prints it."};
  return token;
}

}  // namespace net
