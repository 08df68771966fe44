#include <algorithm>

#include "net/feed/ws_client.hpp"
#include "net/read_file.hpp"

namespace net {

fleet::Result<std::string> read_token_file(const std::filesystem::path& path) {
  if (path.empty()) return std::string();
  const auto text = read_file(path);
  if (!text) return fleet::Error{"--token-file: cannot read " + text.error().what + "."};
  std::string token = text.value().substr(0, text.value().find('\n'));
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
  const bool printable =
      std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (token.empty() || !printable)
    return fleet::Error{"--token-file " + path.string() +
                        ": expected a file whose first line is the token, without blanks, as "
                        "`fleetwalld token` prints it."};
  return token;
}

}  // namespace net
