// Tracks on the feed, as plain values: what a wall asks, and what it is answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fleet/track.hpp"

namespace net {

/// Gateways of an older minor version of the feed know no tracks, and must not be asked.
inline constexpr std::uint32_t kTracksSinceMinor = 3;
/// Machines in one request.
inline constexpr std::size_t kMaxTrackMachines = 16;
/// Longest span of a request: a local day of 25 hours.
inline constexpr fleet::Millis kMaxTrackSpan{25 * 3'600'000};
/// Stays in one reply: with the longest numbers they fit a server message.
inline constexpr std::size_t kMaxReplyStays = 2048;
/// Longest error text of a reply. A sender cuts, a reader refuses.
inline constexpr std::size_t kMaxTrackErrorBytes = 1024;

struct TrackRequest {
  std::uint32_t request = 0;  ///< any number; its replies carry it
  std::vector<fleet::Slot> machines;
  fleet::Time from = fleet::kNever, to = fleet::kNever;  ///< device times, both included
};

/// Stays of one machine of a request, or a part of them.
struct TrackReply {
  std::uint32_t request = 0;
  fleet::Slot machine = 0;
  bool more = false;                       ///< another part of this machine follows
  fleet::Time known_from = fleet::kNever;  ///< fixes before may be missing
  std::string error;                       ///< why there is no answer; empty = this is one
  std::vector<fleet::TrackStay> stays;     ///< ascending, at most kMaxReplyStays
};

/// The next reply of the answer about one machine, of at most kMaxReplyStays stays, which are taken
/// off the front of `left`. An answer without stays is one reply.
TrackReply next_reply(std::uint32_t request, fleet::Slot machine, fleet::Time known_from,
                      std::span<const fleet::TrackStay>& left);

}  // namespace net
