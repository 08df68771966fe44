// TrackAsker: questions for tracks over one connection after another, and what comes of them.
#pragma once

#include <deque>

#include "net/feed/track_desk.hpp"
#include "net/feed/ws_client.hpp"

namespace net {

class TrackAsker {
 public:
  /// How a gateway knows a machine: on /feed by its slot, on /replay by its id.
  enum class By { slot, id };
  explicit TrackAsker(By by = By::slot) : by_(by) {}

  // Any thread.
  void ask(TrackQuestion question) { desk_.ask(std::move(question)); }
  std::optional<TrackAnswer> next_answer() { return desk_.next_answer(); }

  // The feed's thread.
  /// Sends what waits, as much as a gateway takes at a time. minor: of the protocol it speaks; an
  /// older one is not asked. Error: as WsTransport::send.
  fleet::Result<void> send(WsTransport& transport, std::uint32_t minor);
  /// Answers come in the order of the questions; others were never asked for and are forgotten. Of
  /// more stays than an answer has (fleet::kMaxTrackStays) the newest are kept.
  void take(TrackReply reply);
  /// The connection is over: nobody answers what was asked.
  void forget();

 private:
  const By by_;
  TrackDesk desk_;
  std::deque<TrackAnswer> asked_;  ///< sent, and what came of them so far; in order
};

}  // namespace net
