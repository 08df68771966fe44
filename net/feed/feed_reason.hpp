// FeedReason: why a wall has no feed, as a code that it puts into words of its own.
#pragma once

#include <cstdint>

namespace net {

enum class FeedReason : std::uint8_t {
  none,             ///< nothing is wrong, or only a sentence says what
  unreachable,      ///< no name, no way, nobody listens; HTTP 502, 503, 504 of a proxy before it
  no_answer,        ///< connected to, it did not answer, or fell silent
  cut,              ///< the connection ended without a reason of the feed's
  not_encrypted,    ///< TLS was tried with a peer that does not speak it
  hung_up,          ///< closed before it answered: it may be full, or want TLS, or no TLS
  certificate,      ///< TLS, but whose certificate is not trusted here
  token_wanted,     ///< HTTP 401, and none was sent
  token_unknown,    ///< HTTP 401
  token_forbidden,  ///< HTTP 403: the token's role may not watch
  address_refused,  ///< HTTP 403, and no token was sent: not by this address
  token_withdrawn,  ///< FeedError UNAUTHORISED
  token_changed,    ///< FeedError TOKEN_CHANGED, or 403 after it
  no_upgrade,       ///< HTTP 426: what the gateway saw was no WebSocket
  full,             ///< HTTP 429, or a gateway's 503: no room for one more
  no_gateway,       ///< any other HTTP status
  no_past,          ///< HTTP 404 on /replay: nothing is recorded, or the gateway is older
  version,          ///< another major version of the feed
  bad_request,      ///< FeedError BAD_MESSAGE
  too_slow,         ///< FeedError TOO_SLOW: this wall does not read
  stopping,         ///< FeedError SHUTTING_DOWN
  gateway_fault,    ///< FeedError INTERNAL, or one of a newer version
  unreadable,       ///< what came could not be decoded, or does not fit what came before
  wall_busy,        ///< this wall took nothing for too long
  count_
};

}  // namespace net
