#include <charconv>

#include "net/feed/ws_client.hpp"

namespace net {

namespace {

/// The address without what may be a secret: a user before '@', a query.
std::string shown(std::string_view text) {
  const auto query = text.find('?');
  std::string kept(text.substr(0, query));
  const auto at = kept.rfind('@');
  const auto slashes = kept.find("//");
  const auto user = slashes == std::string::npos ? 0 : slashes + 2;
  if (at != std::string::npos && at >= user) kept.replace(user, at - user, "...");
  return query == text.npos ? kept : kept + "?...";
}

fleet::Error bad_url(std::string_view text, std::string_view why) {
  return {"'" + shown(text) + "' is no gateway address: " + std::string(why) +
          ". Expected ws://HOST:PORT, for example ws://127.0.0.1:8686."};
}

}  // namespace

std::string WsUrl::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

fleet::Result<WsUrl> parse_ws_url(std::string_view text, std::string_view default_path) {
  constexpr std::string_view kPlain = "ws://", kSecure = "wss://";
  WsUrl url;
  url.secure = text.starts_with(kSecure);
  if (!url.secure && !text.starts_with(kPlain))
    return bad_url(text, "it does not begin with ws:// or wss://");
  std::string_view rest = text.substr((url.secure ? kSecure : kPlain).size());
  const auto slash = rest.find('/');
  url.path = slash == std::string_view::npos || rest.substr(slash) == "/"
                 ? std::string(default_path)
                 : std::string(rest.substr(slash));
  if (url.path.find('?') != std::string::npos)
    return bad_url(text, "it has a query ('?'); a token belongs into a file, see --token-file");
  for (const char c : url.path)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
      return bad_url(text, "its path has a blank or control character");
  rest = rest.substr(0, slash);
  if (rest.find('@') != rest.npos)
    return bad_url(text, "it has a user ('@'); a token belongs into a file, see --token-file");
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return bad_url(text, "']' is missing");
    url.host = rest.substr(1, end - 1);
    port = rest.substr(end + 1);
    if (!port.empty() && port[0] != ':') return bad_url(text, "after ']' comes no port");
  } else {
    const auto colon = rest.find(':');
    url.host = rest.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view() : rest.substr(colon);
  }
  constexpr std::string_view kHostCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:%";
  if (url.host.empty()) return bad_url(text, "it names no host");
  if (url.host.find_first_not_of(kHostCharacters) != std::string::npos)
    return bad_url(text, "its host has a character that no host name has");
  if (port.empty()) return url;
  port.remove_prefix(1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number == 0 || number > 65535)
    return bad_url(text, "its port is no number from 1 to 65535");
  url.port = static_cast<std::uint16_t>(number);
  return url;
}

}  // namespace net
