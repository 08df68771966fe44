// Tracks on the wire: round trips, damage, limits.
#include "net/codec/messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/proto/feed.pb.h"
#include "tests/net/codec_samples.hpp"

namespace net {
namespace {

namespace v1 = ::fleetwall::v1;
using samples::bytes_of;
using samples::kNoon;
using testing::HasSubstr;

fleet::TrackStay stay(std::int64_t ms, std::uint32_t x) {
  fleet::TrackStay s;
  s.time = kNoon + fleet::Millis(ms);
  s.until = s.time + fleet::Millis(400);
  s.at = {x, fleet::kGridMask - x};
  s.speed = 612;
  s.period_s = 60;
  s.came = fleet::EngineKnown::off;
  s.left = fleet::EngineKnown::on;
  return s;
}

TrackReply reply() {
  TrackReply r;
  r.request = 7;
  r.machine = 42;
  r.known_from = kNoon - std::chrono::hours(3);
  r.stays = {stay(0, 0), stay(500, fleet::kGridMask), stay(90'000'000, 5)};
  r.stays[1].speed = fleet::kNoSpeed;
  r.stays[2].came = fleet::EngineKnown::no;
  return r;
}

v1::ServerMessage on_wire(const TrackReply& r) {
  v1::ServerMessage message;
  EXPECT_TRUE(message.ParseFromString(encode(ServerMessage(r))));
  return message;
}

std::string error_of(const v1::ServerMessage& message) {
  auto decoded = decode_server(bytes_of(message.SerializeAsString()));
  return decoded ? std::string("accepted") : decoded.error().what;
}

TrackRequest request(std::int64_t span_ms = 1000) {
  TrackRequest r;
  r.request = 9;
  r.machines = {3, 0, fleet::kMaxMachines - 1};
  r.from = kNoon;
  r.to = kNoon + fleet::Millis(span_ms);
  return r;
}

std::string error_of(const TrackRequest& r) {
  auto decoded = decode_client(bytes_of(encode(ClientMessage(r))));
  return decoded ? std::string("accepted") : decoded.error().what;
}

TEST(TrackMessages, KeepAReply) {
  auto decoded = decode_server(bytes_of(encode(ServerMessage(reply()))));

  ASSERT_TRUE(decoded.ok()) << decoded.error().what;
  const auto& got = std::get<TrackReply>(*decoded);
  EXPECT_EQ(got.request, 7u);
  EXPECT_EQ(got.machine, 42u);
  EXPECT_FALSE(got.more);
  EXPECT_EQ(got.known_from, reply().known_from);
  EXPECT_EQ(got.stays, reply().stays);
}

TEST(TrackMessages, KeepAnEmptyReplyAndOneWithAnError) {
  TrackReply none;
  none.more = true;
  none.error = "no such machine";

  auto decoded = decode_server(bytes_of(encode(ServerMessage(none))));

  ASSERT_TRUE(decoded.ok());
  const auto& got = std::get<TrackReply>(*decoded);
  EXPECT_TRUE(got.more);
  EXPECT_EQ(got.error, "no such machine");
  EXPECT_EQ(got.known_from, fleet::kNever);
  EXPECT_TRUE(got.stays.empty());
}

TEST(TrackMessages, FitAServerMessageWithTheLongestNumbers) {
  TrackReply longest;
  longest.request = UINT32_MAX;
  longest.machine = fleet::kMaxMachines - 1;
  longest.known_from = fleet::kMaxTime;
  for (std::size_t i = 0; i < kMaxReplyStays; ++i) {
    fleet::TrackStay s = stay(0, i % 2 ? fleet::kGridMask : 0);
    s.time = fleet::kMinTime + fleet::Millis(static_cast<std::int64_t>(i) * 140'000'000'000);
    s.until = s.time + kMaxTrackSpan;
    s.speed = s.period_s = UINT16_MAX;
    longest.stays.push_back(s);
  }

  const std::string bytes = encode(ServerMessage(longest));

  EXPECT_LE(bytes.size(), kMaxServerMessageBytes);
  EXPECT_TRUE(decode_server(bytes_of(bytes)).ok());
}

TEST(TrackMessages, RefuseColumnsThatDoNotFitTogether) {
  v1::ServerMessage message = on_wire(reply());
  message.mutable_track()->mutable_speed()->RemoveLast();
  EXPECT_THAT(error_of(message), HasSubstr("columns of 3 and of 2 entries"));

  message = on_wire(reply());
  message.mutable_track()->add_lasts(1);
  EXPECT_THAT(error_of(message), HasSubstr("columns of 3 and of 4 entries"));
}

TEST(TrackMessages, RefuseNumbersOutOfRange) {
  using Change = void (*)(v1::TrackReply&);
  const Change changes[] = {
      [](v1::TrackReply& t) { t.set_time_step(1, 0); },
      [](v1::TrackReply& t) { t.set_time_step(1, 400); },  // within the stay before
      [](v1::TrackReply& t) { t.set_time_step(2, INT64_MAX); },
      [](v1::TrackReply& t) { t.set_lasts(0, 90'000'001); },
      [](v1::TrackReply& t) { t.set_x_step(0, -1); },
      [](v1::TrackReply& t) { t.set_x_step(0, 1); },  // the next is beyond the grid
      [](v1::TrackReply& t) { t.set_y_step(0, std::int64_t{fleet::kGridMask} + 1); },
      [](v1::TrackReply& t) { t.set_speed(0, 65'536); },
      [](v1::TrackReply& t) { t.set_period(0, 65'536); },
      [](v1::TrackReply& t) { t.set_engine(0, 3); },
      [](v1::TrackReply& t) { t.set_engine(0, 12); },
  };
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    v1::ServerMessage message = on_wire(reply());
    changes[i](*message.mutable_track());
    EXPECT_THAT(error_of(message), HasSubstr("out of range or out of order")) << i;
  }
  EXPECT_EQ(error_of(on_wire(reply())), "accepted");
}

TEST(TrackMessages, RefuseARepliesSlotTimeAndText) {
  v1::ServerMessage message = on_wire(reply());
  message.mutable_track()->set_machine(fleet::kMaxMachines);
  EXPECT_THAT(error_of(message), HasSubstr("track.machine"));

  message = on_wire(reply());
  message.mutable_track()->set_known_from_ms(INT64_MIN);
  EXPECT_THAT(error_of(message), HasSubstr("known_from"));

  message = on_wire(reply());
  message.mutable_track()->set_error(std::string(kMaxTrackErrorBytes, 'e'));
  EXPECT_EQ(error_of(message), "accepted");
  message.mutable_track()->set_error(std::string(kMaxTrackErrorBytes + 1, 'e'));
  EXPECT_THAT(error_of(message), HasSubstr("track.error"));
}

TEST(TrackMessages, RefuseMoreStaysThanAReplyHolds) {
  TrackReply many;
  for (std::size_t i = 0; i < kMaxReplyStays; ++i)
    many.stays.push_back(stay(static_cast<std::int64_t>(i) * 1000, 5));
  v1::ServerMessage message = on_wire(many);
  EXPECT_EQ(error_of(message), "accepted");

  auto* t = message.mutable_track();
  t->add_time_step(1000), t->add_lasts(0), t->add_x_step(0), t->add_y_step(0);
  t->add_speed(0), t->add_period(0), t->add_engine(0);
  EXPECT_THAT(error_of(message), HasSubstr("2049 stays"));
}

TEST(TrackMessages, AreRefusedOrReadWhateverByteIsDamaged) {
  const std::string good = encode(ServerMessage(reply()));
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int flip : {1, 0x80, 0xff}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      if (auto decoded = decode_server(bytes_of(bad))) {
        EXPECT_EQ(encode(*decode_server(bytes_of(encode(*decoded)))), encode(*decoded));
      }
    }
    if (i > 0) {
      EXPECT_FALSE(decode_server(bytes_of(good.substr(0, i))).ok()) << i;
    }
  }
}

TEST(TrackMessages, KeepARequest) {
  auto decoded = decode_client(bytes_of(encode(ClientMessage(request()))));

  ASSERT_TRUE(decoded.ok()) << decoded.error().what;
  const auto& got = std::get<TrackRequest>(*decoded);
  EXPECT_EQ(got.request, 9u);
  EXPECT_EQ(got.machines, request().machines);
  EXPECT_EQ(got.from, request().from);
  EXPECT_EQ(got.to, request().to);
}

TEST(TrackMessages, RefuseARequestOfTooManyMachinesOrNone) {
  TrackRequest r = request();
  r.machines.assign(kMaxTrackMachines, 1);
  EXPECT_EQ(error_of(r), "accepted");
  r.machines.assign(kMaxTrackMachines + 1, 1);
  EXPECT_THAT(error_of(r), HasSubstr("17 machines"));
  r.machines.clear();
  EXPECT_THAT(error_of(r), HasSubstr("0 machines"));
  r.machines = {fleet::kMaxMachines};
  EXPECT_THAT(error_of(r), HasSubstr("slot 2097152"));
}

TEST(TrackMessages, RefuseARequestThatEndsBeforeItBeginsOrSpansTooMuch) {
  EXPECT_EQ(error_of(request(0)), "accepted");
  EXPECT_THAT(error_of(request(-1)), HasSubstr("ends before it begins"));
  EXPECT_EQ(error_of(request(kMaxTrackSpan.count())), "accepted");
  EXPECT_THAT(error_of(request(kMaxTrackSpan.count() + 1)), HasSubstr("at most 90000000"));

  TrackRequest far = request();
  far.from = far.to = fleet::kNever;
  EXPECT_THAT(error_of(far), HasSubstr("out of range"));
}

TEST(TrackMessages, CutALongTrackIntoReplies) {
  std::vector<fleet::TrackStay> stays;
  for (std::size_t i = 0; i < kMaxReplyStays; ++i)
    stays.push_back(stay(static_cast<std::int64_t>(i) * 1000, 5));
  std::span<const fleet::TrackStay> none, fits(stays);
  EXPECT_FALSE(next_reply(1, 2, kNoon, none).more);
  EXPECT_FALSE(next_reply(1, 2, kNoon, fits).more);
  EXPECT_TRUE(fits.empty());
  stays.push_back(stay(100'000'000, 5));
  std::span<const fleet::TrackStay> left(stays);

  const TrackReply first = next_reply(1, 2, kNoon, left), second = next_reply(1, 2, kNoon, left);

  EXPECT_TRUE(first.more);
  EXPECT_FALSE(second.more);
  EXPECT_EQ(first.stays.size(), kMaxReplyStays);
  ASSERT_EQ(second.stays.size(), 1u);
  EXPECT_EQ(second.stays[0], stays.back());
  EXPECT_EQ(second.machine, 2u);
}

}  // namespace
}  // namespace net
