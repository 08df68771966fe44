#include "net/codec/messages.hpp"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "net/codec/track_fields.hpp"
#include "net/codec/utf8.hpp"
#include "net/proto/feed.pb.h"

namespace net {
namespace v1 = ::fleetwall::v1;
namespace {

// Longest texts of messages, bytes. A sender cuts, a reader refuses.
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxZoneBytes = 64;
constexpr std::size_t kMaxErrorTextBytes = 1024;
// An hour: a feed slower than this shows nothing that deserves the name live.
constexpr std::uint32_t kMaxIntervalMs = 3'600'000;
constexpr double kMaxSpeed = 86'400;  // a day a second

// Errors are told once, by our Results; protobuf's own lines on stderr would let a hostile sender
// fill a log.
[[maybe_unused]] const auto kFormerLogHandler = google::protobuf::SetLogHandler(nullptr);

fleet::Error bad(std::string what) {
  return fleet::Error{"feed message: " + std::move(what)};
}

void put(v1::FramePosition* to, const fleet::FramePosition& from) {
  to->set_epoch(from.epoch);
  to->set_number(from.number);
}
fleet::FramePosition position(const v1::FramePosition& p) {
  return {p.epoch(), p.number()};
}

void fill(v1::ServerMessage& out, const Hello& m) {
  auto* h = out.mutable_hello();
  h->set_major(m.major);
  h->set_minor(m.minor);
  h->set_gateway_version(clean_text(m.gateway_version, kMaxNameBytes));
  h->set_gateway_name(clean_text(m.gateway_name, kMaxNameBytes));
  h->set_epoch(m.epoch);
  h->set_gateway_time_ms(fleet::ms_from_time(m.gateway_time));
  h->set_speed(m.speed);
  h->set_tick_ms(m.tick_ms);
  h->set_demo(m.demo);
  h->set_day_zone(clean_text(m.day_zone, kMaxZoneBytes));
  h->set_role(clean_text(m.role, kMaxZoneBytes));
  h->set_view(clean_text(m.view, kMaxZoneBytes));
  h->set_heartbeat_ms(m.heartbeat_ms);
}

void fill(v1::ServerMessage& out, const Chunk& m) {
  auto* c = out.mutable_chunk();
  c->set_index(m.index);
  c->set_count(m.count);
  c->set_frame_bytes(m.frame_bytes);
  c->set_data(m.bytes);
}

void fill(v1::ServerMessage& out, const Heartbeat& m) {
  auto* h = out.mutable_heartbeat();
  put(h->mutable_position(), m.position);
  h->set_gateway_time_ms(fleet::ms_from_time(m.gateway_time));
  h->set_newest_receive_ms(fleet::ms_from_time(m.newest_receive));
  if (m.has_hash) {
    put(h->mutable_hash()->mutable_position(), m.hash_position);
    h->mutable_hash()->set_hash(m.hash);
  }
  h->set_trouble(clean_text(m.trouble, kMaxTroubleBytes));
  h->set_trouble_kind(static_cast<v1::Heartbeat::Trouble>(m.trouble_kind));
}

void fill(v1::ServerMessage& out, const FeedError& m) {
  out.mutable_error()->set_code(static_cast<v1::FeedError::Code>(m.code));
  out.mutable_error()->set_text(clean_text(m.text, kMaxErrorTextBytes));
}

fleet::Result<ServerMessage> read(const v1::Hello& h) {
  if (h.gateway_version().size() > kMaxNameBytes || h.gateway_name().size() > kMaxNameBytes ||
      h.day_zone().size() > kMaxZoneBytes || h.role().size() > kMaxZoneBytes ||
      h.view().size() > kMaxZoneBytes) {
    return bad("hello holds a text over its limit (256 bytes for names, 64 for the others)");
  }
  if (!std::isfinite(h.speed()) || h.speed() < 0 || h.speed() > kMaxSpeed) {
    return bad("hello.speed is " + std::to_string(h.speed()) + ", expected 0 .. 86400");
  }
  // Another major may mean other things by its fields: leave judging to the caller, who tells both.
  if (h.major() == kProtocolMajor && (h.tick_ms() == 0 || h.tick_ms() > kMaxIntervalMs ||
                                      h.heartbeat_ms() == 0 || h.heartbeat_ms() > kMaxIntervalMs)) {
    return bad("hello.tick_ms or heartbeat_ms is outside 1 .. 3600000");
  }
  Hello m;
  m.major = h.major();
  m.minor = h.minor();
  m.gateway_version = h.gateway_version();
  m.gateway_name = h.gateway_name();
  m.epoch = h.epoch();
  m.gateway_time = fleet::time_from_ms(h.gateway_time_ms());
  m.speed = h.speed();
  m.tick_ms = h.tick_ms();
  m.demo = h.demo();
  m.day_zone = h.day_zone();
  m.role = h.role();
  m.view = h.view();
  m.heartbeat_ms = h.heartbeat_ms();
  return ServerMessage(std::move(m));
}

fleet::Result<ServerMessage> read(v1::Chunk& c) {
  if (c.data().empty() || c.data().size() > kMaxChunkBytes) {
    return bad("a chunk holds " + std::to_string(c.data().size()) + " bytes, expected 1 .. " +
               std::to_string(kMaxChunkBytes));
  }
  if (c.index() >= c.count()) {
    return bad("chunk " + std::to_string(c.index()) + " of " + std::to_string(c.count()));
  }
  return ServerMessage(Chunk{c.index(), c.count(), c.frame_bytes(), std::move(*c.mutable_data())});
}

fleet::Result<ServerMessage> read(v1::Heartbeat& h) {
  if (h.trouble().size() > kMaxTroubleBytes) {
    return bad("heartbeat.trouble holds " + std::to_string(h.trouble().size()) +
               " bytes, at most " + std::to_string(kMaxTroubleBytes) + " are allowed");
  }
  Heartbeat m;
  m.position = position(h.position());
  m.gateway_time = fleet::time_from_ms(h.gateway_time_ms());
  m.newest_receive = fleet::time_from_ms(h.newest_receive_ms());
  m.has_hash = h.has_hash();
  if (m.has_hash) {
    m.hash_position = position(h.hash().position());
    m.hash = h.hash().hash();
  }
  m.trouble = std::move(*h.mutable_trouble());
  const int kind = h.trouble_kind();
  if (kind >= 0 && kind < static_cast<int>(StoreTrouble::count_))
    m.trouble_kind = static_cast<StoreTrouble>(kind);
  return ServerMessage(std::move(m));
}

fleet::Result<ServerMessage> read(v1::FeedError& e) {
  if (e.text().size() > kMaxErrorTextBytes) return bad("error.text is over 1024 bytes");
  const int code = e.code();
  const bool known = code >= 0 && code <= static_cast<int>(FeedError::Code::token_changed);
  return ServerMessage(FeedError{known ? static_cast<FeedError::Code>(code) : FeedError::Code{},
                                 std::move(*e.mutable_text())});
}

}  // namespace

std::string encode(const ServerMessage& message) {
  v1::ServerMessage out;
  std::visit([&](const auto& m) { fill(out, m); }, message);
  return out.SerializeAsString();
}

namespace {

void fill(v1::ClientMessage& out, const Subscribe& m) {
  auto* s = out.mutable_subscribe();
  s->set_major(m.major);
  s->set_minor(m.minor);
  s->set_client(clean_text(m.client, kMaxNameBytes));
  if (m.resume) put(s->mutable_resume(), *m.resume);
  s->set_roster_version(m.roster_version);
}

fleet::Result<ClientMessage> read(v1::Subscribe& s) {
  if (s.client().size() > kMaxNameBytes) return bad("subscribe.client is over 256 bytes");
  Subscribe m;
  m.major = s.major();
  m.minor = s.minor();
  m.client = std::move(*s.mutable_client());
  if (s.has_resume()) m.resume = position(s.resume());
  m.roster_version = s.roster_version();
  return ClientMessage(std::move(m));
}

}  // namespace

std::string encode(const ClientMessage& message) {
  v1::ClientMessage out;
  std::visit([&](const auto& m) { fill(out, m); }, message);
  return out.SerializeAsString();
}

fleet::Result<ServerMessage> decode_server(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxServerMessageBytes) {
    return bad(std::to_string(bytes.size()) + " bytes, at most " +
               std::to_string(kMaxServerMessageBytes) + " are allowed");
  }
  v1::ServerMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return bad("these " + std::to_string(bytes.size()) + " bytes are no ServerMessage");
  }
  switch (in.message_case()) {
    case v1::ServerMessage::kHello:
      return read(in.hello());
    case v1::ServerMessage::kChunk:
      return read(*in.mutable_chunk());
    case v1::ServerMessage::kHeartbeat:
      return read(*in.mutable_heartbeat());
    case v1::ServerMessage::kError:
      return read(*in.mutable_error());
    case v1::ServerMessage::kTrack: {
      auto reply = read_track(in.track());
      if (!reply) return reply.error();
      return ServerMessage(std::move(*reply));
    }
    default:  // nothing, or what comes on /replay alone
      break;
  }
  return bad("a ServerMessage without a message that is known");
}

fleet::Result<ClientMessage> decode_client(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxClientMessageBytes) {
    return bad(std::to_string(bytes.size()) + " bytes, a client may send at most " +
               std::to_string(kMaxClientMessageBytes));
  }
  v1::ClientMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return bad("these " + std::to_string(bytes.size()) + " bytes are no ClientMessage");
  }
  if (in.has_track()) {
    auto request = read_track(in.track());
    if (!request) return request.error();
    return ClientMessage(std::move(*request));
  }
  if (!in.has_subscribe()) return bad("a ClientMessage without a message that is known");
  return read(*in.mutable_subscribe());
}

namespace {
std::size_t chunk_count(std::size_t frame_bytes) {
  return (frame_bytes + kMaxChunkBytes - 1) / kMaxChunkBytes;
}
}  // namespace

std::vector<std::string> chunk_messages(std::string_view frame) {
  std::vector<std::string> messages;
  const std::size_t count = chunk_count(frame.size());
  messages.reserve(count);
  for (std::size_t k = 0; k < count; ++k) {
    messages.push_back(encode(
        ServerMessage(Chunk{static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(count),
                            static_cast<std::uint32_t>(frame.size()),
                            std::string(frame.substr(k * kMaxChunkBytes, kMaxChunkBytes))})));
  }
  return messages;
}

fleet::Result<std::optional<std::string>> ChunkAssembler::add(const Chunk& chunk) {
  const auto refuse = [&](std::string what) -> fleet::Error {
    reset();
    return bad(std::move(what));
  };
  if (next_ == 0) {
    if (chunk.frame_bytes == 0 || chunk.frame_bytes > kMaxFrameBytes) {
      return refuse("a frame of " + std::to_string(chunk.frame_bytes) + " bytes, expected 1 .. " +
                    std::to_string(kMaxFrameBytes));
    }
    if (chunk.count != chunk_count(chunk.frame_bytes)) {
      return refuse(std::to_string(chunk.count) + " chunks for a frame of " +
                    std::to_string(chunk.frame_bytes) + " bytes, expected " +
                    std::to_string(chunk_count(chunk.frame_bytes)));
    }
    count_ = chunk.count;
    frame_bytes_ = chunk.frame_bytes;
  }
  if (chunk.index != next_ || chunk.count != count_ || chunk.frame_bytes != frame_bytes_) {
    return refuse("chunk " + std::to_string(chunk.index) + " of " + std::to_string(chunk.count) +
                  ", expected " + std::to_string(next_) + " of " + std::to_string(count_));
  }
  const std::size_t expected =
      std::min<std::size_t>(kMaxChunkBytes, frame_bytes_ - std::size_t{next_} * kMaxChunkBytes);
  if (chunk.bytes.size() != expected) {
    return refuse("chunk " + std::to_string(chunk.index) + " holds " +
                  std::to_string(chunk.bytes.size()) + " bytes, expected " +
                  std::to_string(expected));
  }
  frame_ += chunk.bytes;
  if (++next_ < count_) return std::optional<std::string>();
  std::optional<std::string> whole(std::move(frame_));
  reset();
  return whole;
}

void ChunkAssembler::reset() {
  frame_.clear();
  next_ = count_ = frame_bytes_ = 0;
}

}  // namespace net
