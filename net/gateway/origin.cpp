#include "net/gateway/origin.hpp"

#include <algorithm>

namespace net {

namespace {

/// "host:port", "[::1]:port" or "host" without the port and the brackets.
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return {};
    const std::string_view port = text.substr(close + 1);
    const bool good =
        port.empty() || (port[0] == ':' && port.find_first_not_of("0123456789", 1) == port.npos);
    return good ? text.substr(1, close - 1) : std::string_view();
  }
  const auto colon = text.find(':');
  const bool one_colon = colon != std::string_view::npos && text.find(':', colon + 1) == text.npos;
  const bool port = one_colon && text.find_first_not_of("0123456789", colon + 1) == text.npos;
  return port ? text.substr(0, colon) : text;
}

/// Where the host begins in http://HOST or https://HOST; npos: it is neither.
std::size_t host_begin(std::string_view origin) {
  const auto scheme = origin.find("://");
  const std::string_view name = origin.substr(0, scheme);
  return scheme != origin.npos && (name == "http" || name == "https") ? scheme + 3 : origin.npos;
}

bool only_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") && only_of(host, "0123456789.") &&
         std::count(host.begin(), host.end(), '.') == 3;
}

bool is_origin(std::string_view text) {
  const auto begin = host_begin(text);
  if (begin == text.npos) return false;
  const std::string_view host = text.substr(begin);
  return !without_port(host).empty() && host.find_first_of("/?#@ *") == host.npos;
}

bool origin_allowed(std::string_view origin, std::span<const std::string> more) {
  if (origin.empty()) return true;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
  const auto same = [&](char a, char b) { return lower(a) == lower(b); };
  for (const std::string& allowed : more)
    if (std::equal(origin.begin(), origin.end(), allowed.begin(), allowed.end(), same)) return true;
  const auto begin = host_begin(origin);
  return begin != origin.npos && is_loopback(without_port(origin.substr(begin)));
}

bool host_allowed(std::string_view host, std::string_view listen_host) {
  if (host.empty()) return true;
  const std::string_view name = without_port(host);
  const bool address = only_of(name, "0123456789.") || (name.find(':') != std::string_view::npos &&
                                                        only_of(name, "0123456789abcdefABCDEF:."));
  return address || name == "localhost" || name == listen_host;
}

}  // namespace net
