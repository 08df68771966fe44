// Which pages in a browser may talk to us: those from this machine, and those an operator allows.
//
// A wall and a device send no Origin. A browser always does, so a page from elsewhere that tries to
// open our WebSocket or to post is told apart by it; a page that got here by a name of its own
// (DNS rebinding) by its Host.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace net {

/// Origins that an operator may allow: every request of a browser is compared with all of them, and
/// pages that show one fleet are few.
inline constexpr std::size_t kMaxOrigins = 64;

/// origin: value of the header, e.g. "http://localhost:8000"; empty = no such header.
/// more: origins that are allowed beside those of this machine, as is_origin wants them; the case
/// of letters does not matter.
bool origin_allowed(std::string_view origin, std::span<const std::string> more = {});
/// True for http://HOST[:PORT] and https://HOST[:PORT], nothing behind.
bool is_origin(std::string_view text);

/// host: value of the header, with or without port. Allowed: an address, "localhost", or the name
/// the gateway listens on; empty (HTTP/1.0) too.
bool host_allowed(std::string_view host, std::string_view listen_host);

/// True for 127.0.0.0/8, ::1 and localhost, without port or brackets.
bool is_loopback(std::string_view host);

}  // namespace net
