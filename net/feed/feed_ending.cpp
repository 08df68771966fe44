#include "net/feed/feed_ending.hpp"

namespace net {

FeedEnding ending_of_refusal(const WsTransport& transport, const std::string& why, bool has_token,
                             FeedReason last) {
  using enum FeedReason;
  constexpr auto kRefused = FeedHealth::State::refused;
  const auto [status, words] = transport.refusal();
  if (status == 401 && !has_token)
    return {kRefused, token_wanted,
            "The gateway asks for a token: start the wall with --token-file FILE."};
  if (status == 401)
    return {kRefused, token_unknown,
            "The gateway does not know the token of this wall (any more)."};
  if (status == 403 && last == token_changed)
    return {kRefused, token_changed,
            "The role of this wall's token was changed: it does not allow it to watch any more."};
  const std::string answer = "HTTP " + std::to_string(status);
  // What a gateway without tokens says to a name that is not its own, as a proxy may hand on.
  if (status == 403 && !has_token)
    return {kRefused, address_refused,
            "The gateway does not let a wall in by this address: reach it by its own, or let it "
            "have tokens.",
            words.empty() ? answer : words};
  if (status == 403)
    return {kRefused, token_forbidden, "The token of this wall does not allow it to watch.", words};
  constexpr auto kLost = FeedHealth::State::lost;
  if (status == 426) return {kLost, no_upgrade, why, answer};
  if (status == 429 || (status == 503 && !words.empty())) return {kLost, full, why, answer};
  if (status >= 502 && status <= 504) return {kLost, unreachable, why, answer};
  if (status != 0) return {kLost, no_gateway, why, answer};
  const WsFailure failure = transport.failure();
  return {failure.reason == certificate ? kRefused : kLost, failure.reason, why, failure.fact};
}

FeedEnding ending_of_failure(const WsTransport& transport, const std::string& what) {
  const WsFailure failure = transport.failure();
  return {FeedHealth::State::lost, failure.reason, what, failure.fact};
}

FeedEnding ending_of(const FeedError& error) {
  using enum FeedError::Code;
  constexpr auto kRefused = FeedHealth::State::refused;
  constexpr auto kLost = FeedHealth::State::lost;
  switch (error.code) {
    case version_mismatch:
      return {kRefused, FeedReason::version, error.text, error.text};
    case unauthorised:
      return {kRefused, FeedReason::token_withdrawn, error.text};
    case token_changed:
      return {kLost, FeedReason::token_changed, error.text};
    case too_slow:
      return {kLost, FeedReason::too_slow, error.text};
    case shutting_down:
      return {kLost, FeedReason::stopping, error.text};
    case bad_message:
      return {kLost, FeedReason::bad_request, error.text, error.text};
    case internal:
      break;
  }
  return {kLost, FeedReason::gateway_fault, error.text, error.text};
}

}  // namespace net
