// The bytes of the wire, written down: tests/data/wire/*.bin, described in its README.
//
// FLEETWALL_WRITE_GOLDEN=1 writes them anew; the change is then looked at, and is a new major
// version of the protocol. Compressed bodies are compared unpacked: zstd's bytes may change with
// its version, ours may not.
#include <gtest/gtest.h>
#include <zstd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "net/codec/messages.hpp"
#include "net/proto/feed.pb.h"
#include "tests/net/codec_samples.hpp"

namespace net {
namespace {

namespace v1 = ::fleetwall::v1;
using samples::kNoon;

std::string golden_path(const std::string& name) {
  return std::string(FLEETWALL_SOURCE_DIR) + "/tests/data/wire/" + name + ".bin";
}

std::string golden(const std::string& name) {
  const std::string path = golden_path(name);
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string golden(const std::string& name, const std::string& actual) {
  if (std::getenv("FLEETWALL_WRITE_GOLDEN")) {
    std::ofstream(golden_path(name), std::ios::binary) << actual;
  }
  return golden(name);
}

struct Opened {
  v1::Frame header;  // without body
  std::string body;
};

Opened opened(const std::string& bytes) {
  Opened out;
  EXPECT_TRUE(out.header.ParseFromString(bytes));
  out.body.resize(out.header.body_size());
  const std::string packed = std::move(*out.header.mutable_body());
  out.header.clear_body();
  EXPECT_EQ(ZSTD_decompress(out.body.data(), out.body.size(), packed.data(), packed.size()),
            out.body.size());
  return out;
}

void expect_golden_frame(const std::string& name, const EncodedFrame& frame) {
  const Opened actual = opened(frame.bytes), expected = opened(golden(name, frame.bytes));

  EXPECT_EQ(actual.header.SerializeAsString(), expected.header.SerializeAsString()) << name;
  EXPECT_EQ(actual.body, expected.body) << name;
}

TEST(GoldenBytes, OfFrames) {
  samples::Fleet gateway = samples::golden_fleet();
  FrameEncoder encoder;
  samples::Fleet before = samples::golden_fleet(1);
  const fleet::TickBatch tick = gateway.end_tick();

  expect_golden_frame("keyframe_before", encoder.encode(before.state.keyframe()));
  expect_golden_frame("tick", encoder.encode(tick));
  expect_golden_frame("tick_lists", encoder.encode(samples::golden_lists(tick)));
  expect_golden_frame("keyframe", encoder.encode(gateway.state.keyframe()));
  const fleet::Slot changed[] = {2};
  expect_golden_frame("catch_up", encoder.encode(gateway.state.catch_up(changed, 0)));
  fleet::RosterBatch roster = samples::roster(3);
  roster.extra_fields = {"bucket_kpa"};
  expect_golden_frame("roster", encoder.encode(roster, {7, 1}, kNoon));
}

TEST(GoldenBytes, OfMessages) {
  Hello hello;
  hello.minor = 0;  // these are the bytes of version 1.0
  hello.gateway_version = "0.1.0";
  hello.gateway_name = "golden";
  hello.epoch = 7;
  hello.gateway_time = kNoon;
  hello.demo = true;
  hello.day_zone = "Asia/Shanghai";
  hello.role = "viewer";
  hello.view = "full";
  const Heartbeat beat{{{7, 2}, kNoon, kNoon - fleet::Millis{5}, true, {7, 2}, 0x0102030405060708},
                       {}};
  Subscribe subscribe;
  subscribe.minor = 0;
  subscribe.client = "golden 1";
  subscribe.resume = fleet::FramePosition{7, 2};
  subscribe.roster_version = 3;
  const std::pair<const char*, std::string> messages[] = {
      {"hello", encode(ServerMessage(hello))},
      {"chunk", encode(ServerMessage(Chunk{0, 1, 3, "abc"}))},
      {"heartbeat", encode(ServerMessage(beat))},
      {"error", encode(ServerMessage(FeedError{FeedError::Code::shutting_down, "bye"}))},
      {"subscribe", encode(ClientMessage(subscribe))}};

  for (const auto& [name, bytes] : messages) EXPECT_EQ(bytes, golden(name, bytes)) << name;
}

// Read by the decoder of today, the written bytes lead to the state they always led to: by the tick
// upon the state before it, and by the keyframe behind it.
TEST(GoldenBytes, StillLeadToTheSameState) {
  FrameDecoder decoder;
  auto roster = decoder.decode(samples::bytes_of(golden("roster")));
  auto before = decoder.decode(samples::bytes_of(golden("keyframe_before")));
  auto tick = decoder.decode(samples::bytes_of(golden("tick")));
  auto keyframe = decoder.decode(samples::bytes_of(golden("keyframe")));
  ASSERT_TRUE(roster.ok() && before.ok() && tick.ok() && keyframe.ok());
  fleet::FleetState by_tick, by_keyframe;

  ASSERT_TRUE(by_tick.apply(std::get<fleet::RosterBatch>(*roster)).ok());
  ASSERT_TRUE(by_tick.apply(std::get<fleet::StateBatch>(*before)).ok());
  ASSERT_TRUE(by_tick.apply(std::get<fleet::TickBatch>(*tick)).ok());
  ASSERT_TRUE(by_keyframe.apply(std::get<fleet::RosterBatch>(*roster)).ok());
  ASSERT_TRUE(by_keyframe.apply(std::get<fleet::StateBatch>(*keyframe)).ok());

  for (const fleet::FleetState* state : {&by_tick, &by_keyframe}) {
    EXPECT_EQ(state->field(0, fleet::kPosition).raw, fleet::packed({222'630'030, 109'200'001}));
    EXPECT_EQ(state->field(0, fleet::kSpeedKmh).raw, 128);
    EXPECT_EQ(state->field(0, fleet::kHeadingDeg).raw, 3595);
    EXPECT_EQ(state->field(2, fleet::kEngineHours).raw, 400'001);
    EXPECT_EQ(state->alarms().open().size(), 1u);
    EXPECT_EQ(state->head(0).period_ms, 1000);
    EXPECT_EQ(state->activity().day, 20742);
    EXPECT_EQ(state->activity().working[168], 1);
  }
  EXPECT_EQ(by_tick.hash(), by_keyframe.hash());
}

}  // namespace
}  // namespace net
