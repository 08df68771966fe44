// Messages of /replay, as plain values: what a wall asks of the past, and what it is told.
//
// Each is one protobuf `ServerMessage` or `ClientMessage`, as on /feed; hello, chunks, errors and
// tracks are those of /feed. net/README.md says step by step who says what.
#pragma once

#include "fleet/heat_cells.hpp"
#include "net/codec/messages.hpp"
#include "net/recording/recorded_days.hpp"
#include "net/store/machine_scan.hpp"

namespace net {

/// Gateways of an older minor version have no /replay.
inline constexpr std::uint32_t kReplaySinceMinor = 5;
/// Those of an older one do not tell what a machine did or where was worked: not to be asked.
inline constexpr std::uint32_t kPackedSinceMinor = 6;
/// Days told of, the newest: seven years. They fit a server message.
inline constexpr std::size_t kMaxReplayDays = 2560;
/// Alarms in one part of a day, and of a whole one: the rest of such a day says nothing any more.
inline constexpr std::size_t kMaxDayPartAlarms = 4096;
inline constexpr std::size_t kMaxDayAlarms = 1u << 17;
/// Gaps of a day told of, the first.
inline constexpr std::size_t kMaxDayGaps = 512;
/// Longest error text of a mark or an answer. A sender cuts, a reader refuses.
inline constexpr std::size_t kMaxReplayErrorBytes = 512;

/// From now on the frames of `at`, then ticks until `until`.
struct ReplaySeek {
  std::uint32_t number = 0;  ///< greater than that of the seek before
  fleet::Time at = fleet::kNever, until = fleet::kNever;
  /// Which roster frame of this connection is the last one that the wall holds, counted from 1; 0 =
  /// it holds none.
  std::uint32_t rosters = 0;
};
struct ReplayUntil {
  fleet::Time until = fleet::kNever;
};
/// By id: slots of the past are others. Answered by TrackReplies of machine 0.
struct ReplayTrack {
  std::uint32_t request = 0;  ///< any number; its replies carry it
  std::string machine;
  fleet::Time from = fleet::kNever, to = fleet::kNever;  ///< device times, both included
};
/// What a machine did, by receive time, half open. Answered by PackedReplies.
struct ReplayMachine {
  std::uint32_t request = 0;  ///< any number that no other question has; its replies carry it
  std::string machine;
  fleet::Time from = fleet::kNever, to = fleet::kNever;
};
/// Where hours had been worked, as known behind the last whole tick until `at`. Answered as above.
struct ReplayHeat {
  std::uint32_t request = 0;  ///< as above
  fleet::Time at = fleet::kNever;
  fleet::LocalDay day{};
  fleet::HourBits hours = fleet::kEveryHour;  ///< at least one
};
struct DayRequest {
  fleet::LocalDay day{};
};
using ReplayRequest = std::variant<Subscribe, ReplaySeek, ReplayUntil, ReplayTrack, ReplayMachine,
                                   ReplayHeat, DayRequest>;

/// What comes from here on is of this seek.
struct ReplayBegin {
  std::uint32_t number = 0;
};
/// How far it is; about once a second, and whenever all until `until` was sent.
struct ReplayMark {
  std::uint32_t number = 0;                ///< of the seek
  fleet::Time read_until = fleet::kNever;  ///< all frames that end until here were sent
  fleet::Time range_begin = fleet::kNever, range_end = fleet::kNever;
  std::uint64_t bad_frames = 0;
  std::string error;  ///< what could not be read last; empty = all could
};
/// Which days there are, ascending, in full: nothing of the others.
struct ReplayDays {
  struct Day {
    fleet::LocalDay day{};
    fleet::Time begin = fleet::kNever, end = fleet::kNever;
  };
  std::vector<Day> days;
  bool demo = false;  ///< some were made by a simulator, whatever the gateway does now
};
/// What went on in a day, or a part of it: overview and gaps in each, alarms going on.
struct DayReply {
  RecordedDay day;
  bool more = false;  ///< another part of this day follows
};
/// A machine's history (net/pack/history_pack.hpp) or heat (heat_pack.hpp), or a part of it.
struct PackedReply {
  std::uint32_t request = 0;
  std::string part;      ///< of the pack, at most kMaxChunkBytes
  bool more = false;     ///< another part follows
  bool damaged = false;  ///< some of it could not be read
  std::string error;     ///< why there is no answer; empty = there is one
};
using ReplayMessage = std::variant<Hello, Chunk, FeedError, TrackReply, ReplayBegin, ReplayMark,
                                   ReplayDays, DayReply, PackedReply>;

std::string encode_replay(const ReplayRequest& request);
std::string encode_replay(const ReplayMessage& message);
/// Error: no such message, or one beyond its limits; names what.
fleet::Result<ReplayRequest> decode_replay_client(std::span<const std::byte> bytes);
fleet::Result<ReplayMessage> decode_replay_server(std::span<const std::byte> bytes);

}  // namespace net
