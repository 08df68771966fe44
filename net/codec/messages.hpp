// Messages of the feed, as plain values: what a gateway and a wall say to each other.
//
// Every WebSocket message is one protobuf `ServerMessage` or `ClientMessage`. A frame larger than
// kMaxChunkBytes travels as several `Chunk`s, so that heartbeats can go between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fleet/result.hpp"
#include "fleet/update.hpp"
#include "net/codec/frame_codec.hpp"
#include "net/codec/track_messages.hpp"

namespace net {

/// Version of the protocol: both sides must have the same major; a mismatch is told, not guessed
/// at.
inline constexpr std::uint32_t kProtocolMajor = 1;
inline constexpr std::uint32_t kProtocolMinor = 6;
/// Largest part of a frame in one message: at 1 Mbit/s a heartbeat waits half a second at most.
inline constexpr std::size_t kMaxChunkBytes = 64u << 10;
/// Largest message a client may send (Subscribe is some 40 bytes).
inline constexpr std::size_t kMaxClientMessageBytes = 4u << 10;
/// Largest message a server sends: a chunk and its envelope.
inline constexpr std::size_t kMaxServerMessageBytes = kMaxChunkBytes + 256;
/// Longest text of a heartbeat's trouble: two lines of a wall's banner. A sender cuts, a reader
/// refuses.
inline constexpr std::size_t kMaxTroubleBytes = 256;

struct Hello {
  std::uint32_t major = kProtocolMajor;
  std::uint32_t minor = kProtocolMinor;
  std::string gateway_version;
  std::string gateway_name;
  std::uint64_t epoch = 0;
  fleet::Time gateway_time = fleet::kNever;  ///< feed clock (simulated in a demo)
  double speed = 1;                          ///< feed seconds per real second
  std::uint32_t tick_ms = 1000;
  bool demo = false;                  ///< the wall must mark the picture DEMO
  std::string day_zone;               ///< name, e.g. "Asia/Shanghai"
  std::string role;                   ///< viewer, operator, admin
  std::string view;                   ///< "full" or "masked" (reserved)
  std::uint32_t heartbeat_ms = 1000;  ///< real milliseconds between heartbeats
};

struct Chunk {
  std::uint32_t index = 0;  ///< 0-based part of the frame under way
  std::uint32_t count = 1;
  std::uint32_t frame_bytes = 0;  ///< size of the whole frame
  std::string bytes;
};

/// What a heartbeat's trouble is about, for walls with words of their own.
enum class StoreTrouble : std::uint8_t {
  other = 0,
  disk_full = 1,
  read_only = 2,
  io_error = 3,
  count_
};

struct Heartbeat : fleet::Heartbeat {
  std::string trouble;  ///< why the gateway does not record; empty = none. Not told with a hash
  StoreTrouble trouble_kind = StoreTrouble::other;  ///< means nothing without a trouble
};

struct FeedError {
  enum class Code : std::uint8_t {
    internal = 0,
    version_mismatch = 1,
    bad_message = 2,
    unauthorised = 3,
    too_slow = 4,
    shutting_down = 5,
    token_changed = 6
  };
  Code code = Code::internal;
  std::string text;
};

using ServerMessage = std::variant<Hello, Chunk, Heartbeat, FeedError, TrackReply>;

struct Subscribe {
  std::uint32_t major = kProtocolMajor;
  std::uint32_t minor = kProtocolMinor;
  std::string client;                          ///< program and version, for the log
  std::optional<fleet::FramePosition> resume;  ///< last tick applied; nothing = from scratch
  std::uint64_t roster_version = 0;            ///< roster held (with resume)
};
using ClientMessage = std::variant<Subscribe, TrackRequest>;

std::string encode(const ServerMessage& message);
std::string encode(const ClientMessage& message);
fleet::Result<ServerMessage> decode_server(std::span<const std::byte> bytes);
fleet::Result<ClientMessage> decode_client(std::span<const std::byte> bytes);

/// Cuts a frame into chunk messages (already encoded).
std::vector<std::string> chunk_messages(std::string_view frame);

/// Puts chunks together again. Refuses wrong order, wrong totals, sizes over kMaxFrameBytes.
class ChunkAssembler {
 public:
  /// The whole frame once its last chunk came, else nothing.
  fleet::Result<std::optional<std::string>> add(const Chunk& chunk);
  void reset();

 private:
  std::string frame_;
  std::uint32_t next_ = 0, count_ = 0, frame_bytes_ = 0;
};

}  // namespace net
