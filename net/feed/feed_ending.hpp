// FeedEnding: why a connection to a gateway ended, in a sentence and as a reason.
#pragma once

#include <string>

#include "net/feed/feed.hpp"
#include "net/feed/ws_client.hpp"

namespace net {

struct FeedEnding {
  FeedHealth::State state = FeedHealth::State::lost;
  FeedReason reason = FeedReason::none;
  std::string why{};        ///< a sentence
  std::string fact{};       ///< as FeedHealth::fact
  bool start_over = false;  ///< what we have is no use: ask for a keyframe
};

/// Of a transport that could not connect. why: in its words. last: the reason of the ending before.
FeedEnding ending_of_refusal(const WsTransport& transport, const std::string& why, bool has_token,
                             FeedReason last);
/// Of one that could not receive or send. what: in its words.
FeedEnding ending_of_failure(const WsTransport& transport, const std::string& what);
/// Of what the gateway said before it closed.
FeedEnding ending_of(const FeedError& error);

}  // namespace net
