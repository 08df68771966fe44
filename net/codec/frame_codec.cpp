#include "net/codec/frame_codec.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zstd.h>

#include <cassert>

#include "net/codec/bodies.hpp"
#include "net/proto/feed.pb.h"

namespace net {
namespace v1 = ::fleetwall::v1;
namespace {

struct CCtxDelete {
  void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
};
struct DCtxDelete {
  void operator()(ZSTD_DCtx* d) const { ZSTD_freeDCtx(d); }
};

// A column this large earns entropy tables of its own (some 60 bytes); smaller ones share.
constexpr std::size_t kBlockBytes = 2048;
// A decoder keeps a buffer up to this size for the next frame: ticks fit, keyframes come rarely.
constexpr std::size_t kKeptBufferBytes = 4u << 20;

const char* kind_name(int kind) {
  constexpr const char* kNames[] = {"tick", "keyframe", "catch-up", "roster"};
  return kind >= 0 && kind < 4 ? kNames[kind] : "unknown";
}

}  // namespace

std::uint32_t frame_check(const v1::Frame& frame) {
  std::string bytes;
  const auto put = [&](std::uint64_t v, int size) {
    for (int k = 0; k < size; ++k) bytes.push_back(static_cast<char>(v >> (8 * k)));
  };
  put(static_cast<std::uint64_t>(frame.kind()), 1);
  put(frame.epoch(), 8);
  put(frame.number(), 8);
  put(static_cast<std::uint64_t>(frame.begin_ms()), 8);
  put(static_cast<std::uint64_t>(frame.end_ms()), 8);
  put(frame.body_size(), 4);
  XXH64_state_t state;
  XXH64_reset(&state, 0);
  XXH64_update(&state, bytes.data(), bytes.size());
  XXH64_update(&state, frame.body().data(), frame.body().size());
  return static_cast<std::uint32_t>(XXH64_digest(&state));
}

// ------------------------------------------------------------------------------- FrameEncoder

struct FrameEncoder::Impl {
  std::unique_ptr<ZSTD_CCtx, CCtxDelete> context{ZSTD_createCCtx()};
  wire::MessageWriter body;
  std::string packed;

  void compress();
  EncodedFrame finish(EncodedFrame::Kind kind, fleet::FramePosition position, fleet::Time begin,
                      fleet::Time end);
};

/// One zstd frame; a block ends where a large column ends, because columns differ in kind.
void FrameEncoder::Impl::compress() {
  const std::string& bytes = body.bytes();
  ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_only);
  ZSTD_CCtx_setPledgedSrcSize(context.get(), bytes.size());
  // Each flushed block may cost a few bytes over what one block would.
  packed.resize(ZSTD_compressBound(bytes.size()) + 16 * (bytes.size() / kBlockBytes + 1));
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  std::size_t from = 0;
  const auto feed = [&](std::size_t to, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{bytes.data() + from, to - from, 0};
    [[maybe_unused]] const std::size_t left =
        ZSTD_compressStream2(context.get(), &out, &in, directive);
    assert(left == 0);
    from = to;
  };
  for (const std::size_t cut : body.cuts()) {
    if (cut - from >= kBlockBytes && bytes.size() - cut >= kBlockBytes) feed(cut, ZSTD_e_flush);
  }
  feed(bytes.size(), ZSTD_e_end);
  packed.resize(out.pos);
}

EncodedFrame FrameEncoder::Impl::finish(EncodedFrame::Kind kind, fleet::FramePosition position,
                                        fleet::Time begin, fleet::Time end) {
  compress();
  v1::Frame frame;
  frame.set_kind(static_cast<v1::Frame::Kind>(kind));
  frame.set_epoch(position.epoch);
  frame.set_number(position.number);
  frame.set_begin_ms(fleet::ms_from_time(begin));
  frame.set_end_ms(fleet::ms_from_time(end));
  frame.set_body_size(static_cast<std::uint32_t>(body.bytes().size()));
  frame.set_body(packed);
  frame.set_check(frame_check(frame));
  return EncodedFrame{kind, position, begin, end, frame.SerializeAsString()};
}

FrameEncoder::FrameEncoder(int level) : impl_(std::make_unique<Impl>()) {
  ZSTD_CCtx_setParameter(impl_->context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(impl_->context.get(), ZSTD_c_checksumFlag, 1);
}
FrameEncoder::~FrameEncoder() = default;
FrameEncoder::FrameEncoder(FrameEncoder&&) noexcept = default;

EncodedFrame FrameEncoder::encode(const fleet::TickBatch& tick) {
  impl_->body.clear();
  write_tick_body(tick, impl_->body);
  return impl_->finish(EncodedFrame::Kind::tick, tick.position, tick.begin, tick.end);
}

EncodedFrame FrameEncoder::encode(const fleet::StateBatch& state) {
  impl_->body.clear();
  write_state_body(state, impl_->body);
  const bool keyframe = state.kind == fleet::StateBatch::Kind::keyframe;
  return impl_->finish(keyframe ? EncodedFrame::Kind::keyframe : EncodedFrame::Kind::catch_up,
                       state.position, state.time, state.time);
}

EncodedFrame FrameEncoder::encode(const fleet::RosterBatch& roster, fleet::FramePosition position,
                                  fleet::Time time) {
  impl_->body.clear();
  write_roster_body(roster, impl_->body);
  return impl_->finish(EncodedFrame::Kind::roster, position, time, time);
}

std::size_t FrameEncoder::last_body_bytes() const {
  return impl_->body.bytes().size();
}

// ------------------------------------------------------------------------------- FrameDecoder

struct FrameDecoder::Impl {
  std::unique_ptr<ZSTD_DCtx, DCtxDelete> context{ZSTD_createDCtx()};
  std::vector<std::uint8_t> body;

  fleet::Result<wire::Bytes> unpack(const v1::Frame& frame);
  fleet::Result<fleet::Update> read(const v1::Frame& frame, wire::Bytes bytes);
};

/// Nothing is reserved before the size is known to be allowed and told twice alike.
fleet::Result<wire::Bytes> FrameDecoder::Impl::unpack(const v1::Frame& frame) {
  const std::string& packed = frame.body();
  const std::size_t size = frame.body_size();
  if (size > kMaxFrameBodyBytes) {
    return fleet::Error{"its body would have " + std::to_string(size) + " bytes, at most " +
                        std::to_string(kMaxFrameBodyBytes) + " are allowed"};
  }
  if (ZSTD_getFrameContentSize(packed.data(), packed.size()) != size ||
      ZSTD_findFrameCompressedSize(packed.data(), packed.size()) != packed.size()) {
    return fleet::Error{"its body is not one zstd frame of " + std::to_string(size) + " bytes"};
  }
  // Bit 2 of the frame header descriptor (RFC 8878, 3.1.1.1.1): a content checksum follows.
  if ((static_cast<unsigned char>(packed[4]) & 4) == 0) {
    return fleet::Error{"its body has no checksum"};
  }
  if (body.size() < size) body.resize(size);
  const std::size_t got =
      ZSTD_decompressDCtx(context.get(), body.data(), size, packed.data(), packed.size());
  if (ZSTD_isError(got) || got != size) {
    return fleet::Error{std::string("its body is damaged (zstd: ") +
                        (ZSTD_isError(got) ? ZSTD_getErrorName(got) : "too short") + ")"};
  }
  return wire::Bytes(body.data(), size);
}

fleet::Result<fleet::Update> FrameDecoder::Impl::read(const v1::Frame& frame, wire::Bytes bytes) {
  const fleet::FramePosition position{frame.epoch(), frame.number()};
  const fleet::Time end = fleet::time_from_ms(frame.end_ms());
  const auto done = [](fleet::Result<void> result, auto& batch) -> fleet::Result<fleet::Update> {
    if (!result) return result.error();
    return fleet::Update(std::move(batch));
  };
  switch (frame.kind()) {
    case v1::Frame::TICK: {
      fleet::TickBatch tick;
      tick.position = position;
      tick.begin = fleet::time_from_ms(frame.begin_ms());
      tick.end = end;
      return done(read_tick_body(bytes, tick), tick);
    }
    case v1::Frame::KEYFRAME:
    case v1::Frame::CATCH_UP: {
      fleet::StateBatch state;
      state.kind = frame.kind() == v1::Frame::KEYFRAME ? fleet::StateBatch::Kind::keyframe
                                                       : fleet::StateBatch::Kind::catch_up;
      state.position = position;
      state.time = end;
      return done(read_state_body(bytes, state), state);
    }
    case v1::Frame::ROSTER: {
      fleet::RosterBatch roster;
      return done(read_roster_body(bytes, roster), roster);
    }
    default:
      return fleet::Error{"its kind is unknown to this version"};
  }
}

FrameDecoder::FrameDecoder() : impl_(std::make_unique<Impl>()) {}
FrameDecoder::~FrameDecoder() = default;
FrameDecoder::FrameDecoder(FrameDecoder&&) noexcept = default;

namespace {

fleet::Result<v1::Frame> parse_envelope(std::span<const std::byte> bytes) {
  v1::Frame frame;
  if (bytes.size() > kMaxFrameBytes) {
    return fleet::Error{"frame of " + std::to_string(bytes.size()) + " bytes, at most " +
                        std::to_string(kMaxFrameBytes) + " are allowed"};
  }
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fleet::Error{"these " + std::to_string(bytes.size()) + " bytes are no Frame"};
  }
  if (frame.check() != frame_check(frame)) {
    return fleet::Error{"a frame is damaged (its check does not fit)"};
  }
  return frame;
}

fleet::Error frame_error(const v1::Frame& frame, const std::string& what) {
  return fleet::Error{std::string(kind_name(frame.kind())) + " frame " +
                      std::to_string(frame.number()) + " of epoch " +
                      std::to_string(frame.epoch()) + ": " + what};
}

}  // namespace

fleet::Result<fleet::Update> FrameDecoder::decode(std::span<const std::byte> bytes,
                                                  EncodedFrame* header) {
  auto frame = parse_envelope(bytes);
  if (!frame) return frame.error();
  if (header) {
    header->kind = static_cast<EncodedFrame::Kind>(frame->kind());
    header->position = {frame->epoch(), frame->number()};
    header->begin = fleet::time_from_ms(frame->begin_ms());
    header->end = fleet::time_from_ms(frame->end_ms());
  }
  const bool tick = frame->kind() == v1::Frame::TICK;
  const bool times_fit =
      time_in_range(frame->begin_ms()) && time_in_range(frame->end_ms()) &&
      (tick ? frame->begin_ms() < frame->end_ms() : frame->begin_ms() == frame->end_ms());
  if (!times_fit) return frame_error(*frame, "its times do not fit");
  auto body = impl_->unpack(*frame);
  if (!body) return frame_error(*frame, body.error().what);
  auto update = impl_->read(*frame, *body);
  if (impl_->body.size() > kKeptBufferBytes) {
    impl_->body = {};
  }
  if (!update) return frame_error(*frame, update.error().what);
  return update;
}

}  // namespace net
