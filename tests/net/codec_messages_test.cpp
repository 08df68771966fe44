// Messages of the feed: round trips, limits, chunks.
#include "net/codec/messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/proto/feed.pb.h"
#include "tests/net/codec_samples.hpp"

namespace net {
namespace {

namespace v1 = ::fleetwall::v1;
using samples::bytes_of;
using testing::HasSubstr;

template <class T>
T round_trip(const T& message) {
  auto decoded = decode_server(bytes_of(encode(ServerMessage(message))));
  EXPECT_TRUE(decoded.ok()) << (decoded ? "" : decoded.error().what);
  return std::get<T>(*decoded);
}

std::string error_of(const v1::ServerMessage& message) {
  auto decoded = decode_server(bytes_of(message.SerializeAsString()));
  return decoded ? std::string("accepted") : decoded.error().what;
}

Hello hello() {
  Hello h;
  h.gateway_version = "0.1.0";
  h.gateway_name = "东区";
  h.epoch = UINT64_MAX;
  h.gateway_time = samples::kNoon;
  h.speed = 60;
  h.tick_ms = 1000;
  h.demo = true;
  h.day_zone = "Asia/Shanghai";
  h.role = "viewer";
  h.view = "full";
  return h;
}

TEST(Messages, KeepHello) {
  const Hello got = round_trip(hello());

  EXPECT_EQ(got.major, kProtocolMajor);
  EXPECT_EQ(got.gateway_name, "东区");
  EXPECT_EQ(got.epoch, UINT64_MAX);
  EXPECT_EQ(got.gateway_time, samples::kNoon);
  EXPECT_EQ(got.speed, 60);
  EXPECT_TRUE(got.demo);
  EXPECT_EQ(got.day_zone, "Asia/Shanghai");
  EXPECT_EQ(got.heartbeat_ms, 1000u);
}

TEST(Messages, KeepHeartbeatsWithAndWithoutHash) {
  Heartbeat beat{{{7, 42}, samples::kNoon, fleet::kNever, false, {}, 0}, {}};
  EXPECT_FALSE(round_trip(beat).has_hash);
  EXPECT_EQ(round_trip(beat).newest_receive, fleet::kNever);

  beat.has_hash = true;
  beat.hash_position = {7, 40};
  beat.hash = 0xFEDCBA9876543210;
  const Heartbeat got = round_trip(beat);
  EXPECT_EQ(got.position, (fleet::FramePosition{7, 42}));
  EXPECT_EQ(got.hash_position, (fleet::FramePosition{7, 40}));
  EXPECT_EQ(got.hash, beat.hash);
}

TEST(Messages, CutAHeartbeatsTroubleAndRefuseALongerOneFromOthers) {
  Heartbeat beat{{{7, 42}, samples::kNoon, fleet::kNever, false, {}, 0}, "磁盘 full"};
  EXPECT_EQ(round_trip(beat).trouble, "磁盘 full");
  for (const std::size_t size : {kMaxTroubleBytes - 1, kMaxTroubleBytes, kMaxTroubleBytes + 1}) {
    beat.trouble = std::string(size, 't');
    EXPECT_EQ(round_trip(beat).trouble.size(), std::min(size, kMaxTroubleBytes));
  }

  v1::ServerMessage message;
  for (const std::size_t size : {kMaxTroubleBytes - 1, kMaxTroubleBytes}) {
    message.mutable_heartbeat()->set_trouble(std::string(size, 't'));
    EXPECT_EQ(error_of(message), "accepted");
  }
  message.mutable_heartbeat()->set_trouble(std::string(kMaxTroubleBytes + 1, 't'));
  EXPECT_THAT(error_of(message), HasSubstr("heartbeat.trouble holds 257 bytes"));
}

TEST(Messages, KeepTheKindOfATroubleAndReadUnknownOnesAsOther) {
  Heartbeat beat;
  beat.trouble = "The disk is full.";
  for (int i = 0; i < static_cast<int>(StoreTrouble::count_); ++i) {
    beat.trouble_kind = static_cast<StoreTrouble>(i);
    EXPECT_EQ(round_trip(beat).trouble_kind, beat.trouble_kind) << i;
  }

  v1::ServerMessage newer;
  newer.mutable_heartbeat()->set_trouble("It is cold.");
  newer.mutable_heartbeat()->set_trouble_kind(
      static_cast<v1::Heartbeat::Trouble>(StoreTrouble::count_));
  auto decoded = decode_server(bytes_of(newer.SerializeAsString()));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(std::get<Heartbeat>(*decoded).trouble, "It is cold.");
  EXPECT_EQ(std::get<Heartbeat>(*decoded).trouble_kind, StoreTrouble::other);
}

TEST(Messages, KeepErrorsAndReadUnknownCodesAsInternal) {
  EXPECT_EQ(round_trip(FeedError{FeedError::Code::token_changed, ""}).code,
            FeedError::Code::token_changed);
  const FeedError got = round_trip(FeedError{FeedError::Code::too_slow, "too slow"});
  EXPECT_EQ(got.code, FeedError::Code::too_slow);
  EXPECT_EQ(got.text, "too slow");

  v1::ServerMessage newer;
  newer.mutable_error()->set_code(static_cast<v1::FeedError::Code>(99));
  auto decoded = decode_server(bytes_of(newer.SerializeAsString()));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(std::get<FeedError>(*decoded).code, FeedError::Code::internal);
}

TEST(Messages, KeepSubscribeWithAndWithoutResume) {
  Subscribe s;
  s.client = "fleetwall 0.1.0";
  auto fresh = decode_client(bytes_of(encode(ClientMessage(s))));
  s.resume = fleet::FramePosition{7, 0};
  s.roster_version = 3;
  auto resumed = decode_client(bytes_of(encode(ClientMessage(s))));

  ASSERT_TRUE(fresh.ok() && resumed.ok());
  EXPECT_FALSE(std::get<Subscribe>(*fresh).resume.has_value());
  EXPECT_EQ(std::get<Subscribe>(*resumed).resume, (fleet::FramePosition{7, 0}));
  EXPECT_EQ(std::get<Subscribe>(*resumed).roster_version, 3u);
}

TEST(Messages, CutTextsThatAreTooLongAndRefuseThemFromOthers) {
  Hello long_name = hello();
  long_name.gateway_name = std::string(300, 'n');
  EXPECT_EQ(round_trip(long_name).gateway_name.size(), 256u);

  v1::ServerMessage message;
  ASSERT_TRUE(message.ParseFromString(encode(ServerMessage(hello()))));
  message.mutable_hello()->set_gateway_name(std::string(256, 'n'));
  EXPECT_EQ(error_of(message), "accepted");
  message.mutable_hello()->set_gateway_name(std::string(257, 'n'));
  EXPECT_THAT(error_of(message), HasSubstr("over its limit"));
}

TEST(Messages, RefuseHelloWithAnAbsurdSpeedOrTick) {
  v1::ServerMessage message;
  ASSERT_TRUE(message.ParseFromString(encode(ServerMessage(hello()))));
  for (const double speed : {-1.0, 86'401.0, double(INFINITY), double(NAN)}) {
    message.mutable_hello()->set_speed(speed);
    EXPECT_THAT(error_of(message), HasSubstr("speed")) << speed;
  }
  message.mutable_hello()->set_speed(86'400);
  EXPECT_EQ(error_of(message), "accepted");
  message.mutable_hello()->set_tick_ms(0);
  EXPECT_THAT(error_of(message), HasSubstr("tick_ms"));
}

TEST(Messages, RefuseWhatIsNone) {
  EXPECT_FALSE(decode_server({}).ok());
  EXPECT_FALSE(decode_client({}).ok());
  EXPECT_FALSE(decode_server(bytes_of(std::string("\x0a\x7f"))).ok());
  EXPECT_FALSE(decode_client(bytes_of(std::string("GET / HTTP/1.1"))).ok());
}

TEST(Messages, RefuseMessagesOverTheirLimits) {
  // An unknown field fills the message to the byte.
  const auto filled = [](std::string message, std::size_t size) {
    const std::size_t data = size - message.size() - 5;
    message += "\xFA\x7F";  // field 2047, length-delimited
    message += static_cast<char>(0x80 | (data & 0x7F));
    message += static_cast<char>(0x80 | (data >> 7 & 0x7F));
    message += static_cast<char>(data >> 14);
    return message + std::string(data, 'x');
  };
  const std::string client = encode(ClientMessage(Subscribe{}));
  EXPECT_TRUE(decode_client(bytes_of(filled(client, kMaxClientMessageBytes))).ok());
  EXPECT_FALSE(decode_client(bytes_of(filled(client, kMaxClientMessageBytes + 1))).ok());

  const std::string server = encode(ServerMessage(hello()));
  EXPECT_TRUE(decode_server(bytes_of(filled(server, kMaxServerMessageBytes))).ok());
  EXPECT_FALSE(decode_server(bytes_of(filled(server, kMaxServerMessageBytes + 1))).ok());
}

// ---------------------------------------------------------------- chunks

std::optional<std::string> assembled(const std::vector<std::string>& messages) {
  ChunkAssembler assembler;
  std::optional<std::string> whole;
  for (const std::string& message : messages) {
    EXPECT_LE(message.size(), kMaxServerMessageBytes);
    auto decoded = decode_server(bytes_of(message));
    EXPECT_TRUE(decoded.ok());
    auto added = assembler.add(std::get<Chunk>(*decoded));
    EXPECT_TRUE(added.ok());
    EXPECT_EQ(added->has_value(), &message == &messages.back());
    whole = std::move(*added);
  }
  return whole;
}

TEST(Chunks, CarryFramesOfEverySizeAroundTheLimit) {
  for (const std::size_t size : {std::size_t{1}, kMaxChunkBytes - 1, kMaxChunkBytes,
                                 kMaxChunkBytes + 1, 3 * kMaxChunkBytes, 3 * kMaxChunkBytes + 7}) {
    std::string frame(size, '\0');
    for (std::size_t i = 0; i < size; ++i) frame[i] = static_cast<char>(i * 7 >> 3);

    const auto messages = chunk_messages(frame);

    EXPECT_EQ(messages.size(), (size + kMaxChunkBytes - 1) / kMaxChunkBytes);
    EXPECT_EQ(assembled(messages), frame) << size;
  }
}

TEST(ChunkAssembler, RefusesWrongOrderTotalsAndSizes) {
  const std::string full(kMaxChunkBytes, 'x');
  const std::uint32_t size = 2 * kMaxChunkBytes;
  const Chunk first{0, 2, size, full};
  const auto refused = [&](const Chunk& before, const Chunk& chunk) {
    ChunkAssembler assembler;
    if (before.count > 0) (void)assembler.add(before).ok();
    return !assembler.add(chunk).ok();
  };
  const Chunk none{0, 0, 0, ""};

  EXPECT_FALSE(refused(first, {1, 2, size, full}));
  EXPECT_TRUE(refused(none, {1, 2, size, full}));         // begins in the middle
  EXPECT_TRUE(refused(first, first));                     // the same again
  EXPECT_TRUE(refused(first, {1, 3, size, full}));        // another count
  EXPECT_TRUE(refused(first, {1, 2, size - 1, full}));    // another size
  EXPECT_TRUE(refused(first, {1, 2, size, full + "x"}));  // too long
  EXPECT_TRUE(refused(first, {1, 2, size, "x"}));         // too short
  EXPECT_TRUE(refused(none, {0, 3, size, full}));         // count does not fit the size
  EXPECT_TRUE(refused(none, {0, 1, 0, ""}));              // empty frame
  EXPECT_TRUE(refused(none, {0, 2049, kMaxFrameBytes + 1, full}));
  EXPECT_FALSE(refused(none, {0, 2048, kMaxFrameBytes, full}));
}

TEST(ChunkAssembler, StartsAfreshAfterARefusal) {
  ChunkAssembler assembler;
  const std::string full(kMaxChunkBytes, 'x');
  ASSERT_TRUE(assembler.add({0, 2, kMaxChunkBytes + 3, full}).ok());
  ASSERT_FALSE(assembler.add({0, 2, kMaxChunkBytes + 3, full}).ok());

  ASSERT_TRUE(assembler.add({0, 2, kMaxChunkBytes + 3, full}).ok());
  auto whole = assembler.add({1, 2, kMaxChunkBytes + 3, "abc"});

  ASSERT_TRUE(whole.ok() && whole->has_value());
  EXPECT_EQ(**whole, full + "abc");
}

}  // namespace
}  // namespace net
