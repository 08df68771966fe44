// Frames: fleet::Update values as bytes, and back. What is sent is what is stored.
//
// A frame is a protobuf `Frame` (net/proto/feed.proto): kind, epoch, number, times in clear, and a
// zstd-compressed body with content checksum. Bodies hold packed columns; net/README.md documents
// every field. Decoders check every length, index and range; a refused frame leaves no trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "fleet/result.hpp"
#include "fleet/update.hpp"

namespace net {

/// Serialised `Frame`. Immutable once made; shared by every session that sends it.
struct EncodedFrame {
  enum class Kind : std::uint8_t { tick = 0, keyframe = 1, catch_up = 2, roster = 3 };
  Kind kind = Kind::tick;
  fleet::FramePosition position;
  fleet::Time begin = fleet::kNever;
  fleet::Time end = fleet::kNever;
  std::string bytes;
};

/// No frame is larger than this once decompressed: 1,000,000 machines x 20 values x 12 bytes.
inline constexpr std::size_t kMaxFrameBodyBytes = 256u << 20;
/// No frame is larger than this on the wire or in a store.
inline constexpr std::size_t kMaxFrameBytes = 128u << 20;

class FrameEncoder {
 public:
  /// level: of zstd. Columns of small differences hold hardly a repetition to find: level 1 makes
  /// smaller tick frames than 3 or 6, and faster (wire_bench).
  explicit FrameEncoder(int level = 1);
  ~FrameEncoder();
  FrameEncoder(FrameEncoder&&) noexcept;

  /// Precondition: rows sorted by machine, tick.begin < tick.end, at most kMaxTickRows rows.
  EncodedFrame encode(const fleet::TickBatch& tick);
  EncodedFrame encode(const fleet::StateBatch& state);
  /// position and time: of the tick frame it stands behind, so that stores keep the order.
  EncodedFrame encode(const fleet::RosterBatch& roster, fleet::FramePosition position,
                      fleet::Time time);
  /// Size of the last encoded body before compression, bytes.
  std::size_t last_body_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class FrameDecoder {
 public:
  FrameDecoder();
  ~FrameDecoder();
  FrameDecoder(FrameDecoder&&) noexcept;

  /// frame: one serialised `Frame`. The result's variant never is a Heartbeat.
  /// Error: names what is wrong and where; nothing of the frame is returned then.
  /// header: if given, gets kind, position and times (not the bytes), as far as they were read.
  fleet::Result<fleet::Update> decode(std::span<const std::byte> frame,
                                      EncodedFrame* header = nullptr);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
