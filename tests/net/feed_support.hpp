// A publisher with a simulated fleet, and viewers of it without a socket.
#pragma once

#include "net/gateway/feed_session.hpp"
#include "tests/net/gateway_support.hpp"

namespace net::test {

using namespace std::chrono_literals;
using Steady = FrameRing::Steady;

struct Feed {
  explicit Feed(std::uint32_t machines, bool moving = true, std::size_t ring_bytes = 64u << 20,
                CoreConfig config = {}, std::size_t bytes_beside_ring = kMaxBytesBesideRing)
      : gateway(machines, moving, config),
        publisher((gateway.tick(), gateway.core), ring_bytes, 60s, now, bytes_beside_ring) {}

  void tick(int count = 1, std::chrono::milliseconds step = 1s) {
    for (int i = 0; i < count; ++i) {
      now += step;
      publisher.publish(gateway.tick(), now);
    }
  }

  SimulatedGateway gateway;
  Steady now{1000s};
  Publisher publisher;
};

/// A viewer that reads when told to.
class Viewer {
 public:
  explicit Viewer(Feed& feed) : session(feed.publisher, Hello{}) {}

  void subscribe(std::optional<fleet::FramePosition> resume = {}, std::uint64_t roster = 0) {
    Subscribe message;
    message.client = "test";
    message.resume = resume;
    message.roster_version = roster;
    send(encode(ClientMessage(message)));
  }
  void send(const std::string& bytes) { session.receive(std::as_bytes(std::span(bytes))); }

  /// Reads up to `limit` messages and applies them.
  int read(int limit = 1 << 20) {
    int count = 0;
    for (; count < limit; ++count) {
      auto message = session.next();
      while (!message && session.busy()) message = session.next();
      if (!message) break;
      EXPECT_LE(message->size(), kMaxServerMessageBytes);
      take(*message);
    }
    return count;
  }
  std::string sequence() const {
    std::string text;
    for (const std::size_t index : updates) text += "RSTH"[index];  // order of fleet::Update
    return text;
  }

  FeedSession session;
  Reader reader;
  std::vector<std::size_t> updates;
  std::vector<fleet::StateBatch::Kind> states;
  std::vector<Heartbeat> heartbeats;
  std::vector<std::uint64_t> ticks;
  std::vector<FeedError> errors;
  std::vector<TrackReply> tracks;
  int hellos = 0;
  std::string order;  ///< of messages: P a track, C a chunk

 private:
  void take(const std::string& bytes) {
    auto message = decode_server(std::as_bytes(std::span(bytes)));
    ASSERT_TRUE(message.ok()) << message.error().what;
    if (std::holds_alternative<Hello>(*message)) ++hellos;
    if (const auto* error = std::get_if<FeedError>(&*message)) errors.push_back(*error);
    if (const auto* track = std::get_if<TrackReply>(&*message)) {
      tracks.push_back(*track);
      order += 'P';
    }
    if (std::holds_alternative<Chunk>(*message)) order += 'C';
    if (const auto* beat = std::get_if<Heartbeat>(&*message)) {
      heartbeats.push_back(*beat);
      updates.push_back(3);
    }
    if (const auto* chunk = std::get_if<Chunk>(&*message)) {
      auto frame = assembler_.add(*chunk);
      ASSERT_TRUE(frame.ok()) << frame.error().what;
      if (*frame) take_frame(**frame);
    }
  }
  void take_frame(const std::string& bytes) {
    FrameDecoder decoder;
    auto update = decoder.decode(std::as_bytes(std::span(bytes)));
    ASSERT_TRUE(update.ok()) << update.error().what;
    updates.push_back(update->index());
    if (const auto* state = std::get_if<fleet::StateBatch>(&*update)) states.push_back(state->kind);
    if (const auto* tick = std::get_if<fleet::TickBatch>(&*update))
      ticks.push_back(tick->position.number);
    reader.apply(*update);
  }
  ChunkAssembler assembler_;
};

}  // namespace net::test
