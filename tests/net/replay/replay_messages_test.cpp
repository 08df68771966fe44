// Messages of /replay: what comes out is what went in, and nothing odd gets in.
#include "net/replay/replay_messages.hpp"

#include "net/proto/feed.pb.h"
#include "tests/net/codec_samples.hpp"

#include <gtest/gtest.h>

namespace net {
namespace {

namespace v1 = ::fleetwall::v1;
using samples::bytes_of;
using samples::kNoon;
using namespace std::chrono_literals;

const fleet::LocalDay kFriday = *fleet::parse_day("2026-10-16");

template <class T>
T through(const T& message) {
  if constexpr (std::is_constructible_v<ReplayRequest, T>) {
    auto decoded = decode_replay_client(bytes_of(encode_replay(ReplayRequest(message))));
    EXPECT_TRUE(decoded.ok()) << (decoded ? "" : decoded.error().what);
    return std::get<T>(*decoded);
  } else {
    auto decoded = decode_replay_server(bytes_of(encode_replay(ReplayMessage(message))));
    EXPECT_TRUE(decoded.ok()) << (decoded ? "" : decoded.error().what);
    return std::get<T>(*decoded);
  }
}

bool refused(const v1::ClientMessage& message) {
  return !decode_replay_client(bytes_of(message.SerializeAsString())).ok();
}
bool refused(const v1::ServerMessage& message) {
  return !decode_replay_server(bytes_of(message.SerializeAsString())).ok();
}

TEST(ReplayMessages, AskAsTheyAreWritten) {
  const ReplaySeek seek = through(ReplaySeek{7, kNoon, kNoon + 5s, 3});
  EXPECT_EQ(seek.number, 7u);
  EXPECT_EQ(seek.at, kNoon);
  EXPECT_EQ(seek.until, kNoon + 5s);
  EXPECT_EQ(seek.rosters, 3u);
  EXPECT_EQ(through(ReplayUntil{kNoon}).until, kNoon);
  EXPECT_EQ(through(DayRequest{kFriday}).day, kFriday);
  const ReplayTrack track = through(ReplayTrack{9, "SY1001", kNoon, kNoon + 1h});
  EXPECT_EQ(track.request, 9u);
  EXPECT_EQ(track.machine, "SY1001");
  EXPECT_EQ(track.to, kNoon + 1h);
  const ReplayHeat heat = through(ReplayHeat{11, kNoon, kFriday, 0x1f0});
  EXPECT_EQ(heat.request, 11u);
  EXPECT_EQ(heat.at, kNoon);
  EXPECT_EQ(heat.day, kFriday);
  EXPECT_EQ(heat.hours, 0x1f0u);
  const ReplayMachine machine = through(ReplayMachine{9, "SY1001", kNoon, kNoon + 24h});
  EXPECT_EQ(machine.request, 9u);
  EXPECT_EQ(machine.machine, "SY1001");
  EXPECT_EQ(machine.from, kNoon);
  EXPECT_EQ(machine.to, kNoon + 24h);
}

TEST(ReplayMessages, TellAsTheyAreWritten) {
  EXPECT_EQ(through(ReplayBegin{4}).number, 4u);
  const ReplayMark mark = through(ReplayMark{4, kNoon, kNoon - 1h, kNoon + 1h, 2, "row 7"});
  EXPECT_EQ(mark.read_until, kNoon);
  EXPECT_EQ(mark.range_begin, kNoon - 1h);
  EXPECT_EQ(mark.range_end, kNoon + 1h);
  EXPECT_EQ(mark.bad_frames, 2u);
  EXPECT_EQ(mark.error, "row 7");
  const ReplayDays days = through(ReplayDays{{{kFriday, kNoon, kNoon + 1h}}, true});
  EXPECT_TRUE(days.demo);
  ASSERT_EQ(days.days.size(), 1u);
  EXPECT_EQ(days.days[0].day, kFriday);
  EXPECT_EQ(days.days[0].end, kNoon + 1h);
  const std::string part(kMaxChunkBytes, '\xff');
  const PackedReply machine = through(PackedReply{UINT32_MAX, part, true, true, {}});
  EXPECT_EQ(machine.request, UINT32_MAX);
  EXPECT_EQ(machine.part, part);
  EXPECT_TRUE(machine.more && machine.damaged);
  EXPECT_EQ(through(PackedReply{1, {}, false, false, "no disk"}).error, "no disk");
  const std::string longer(kMaxReplayErrorBytes + 1, 'x');
  EXPECT_EQ(through(PackedReply{1, {}, false, false, longer}).error.size(), kMaxReplayErrorBytes);
}

TEST(ReplayMessages, TellAWholeDayWithGapsAndAlarmsAsLargeAsItMayBe) {
  DayReply reply;
  DayOverview& overview = reply.day.overview;
  overview.day = kFriday;
  overview.midnight = fleet::shanghai().start_of(kFriday);
  overview.begin = kNoon;
  overview.end = kNoon + 1h;
  overview.working.fill(1 << 21);
  overview.reports.fill(UINT32_MAX);
  for (auto& step : overview.raised) step.fill(UINT32_MAX);
  for (std::size_t i = 0; i < kMaxDayGaps; ++i)
    overview.gaps.push_back({kNoon + std::chrono::seconds(i), kNoon + std::chrono::seconds(i + 1),
                             DayGap::Why::no_reports});
  reply.day.raised.assign(kMaxDayPartAlarms, {kNoon + 1h, fleet::Severity::high});
  reply.more = true;

  const DayReply read = through(reply);

  EXPECT_EQ(read.day.overview, overview);
  EXPECT_TRUE(read.day.read);
  EXPECT_TRUE(read.more);
  ASSERT_EQ(read.day.raised.size(), kMaxDayPartAlarms);
  EXPECT_EQ(read.day.raised.back().at, kNoon + 1h);
  EXPECT_EQ(read.day.raised.back().severity, fleet::Severity::high);
}

TEST(ReplayMessages, AreRefusedBeyondTheirLimits) {
  v1::ClientMessage ask;
  ask.mutable_replay_seek()->set_at_ms(INT64_MAX);
  EXPECT_TRUE(refused(ask));
  ask.mutable_replay_until()->set_until_ms(INT64_MIN);
  EXPECT_TRUE(refused(ask));
  ask.mutable_day()->set_day(INT32_MAX);
  EXPECT_TRUE(refused(ask));
  auto* track = ask.mutable_replay_track();
  EXPECT_TRUE(refused(ask)) << "no machine";
  track->set_machine(std::string(64, 'x'));
  EXPECT_FALSE(refused(ask));
  track->set_to_ms(kMaxTrackSpan.count() + 1);
  EXPECT_TRUE(refused(ask));
  track->set_to_ms(0);
  track->set_machine(std::string(65, 'x'));
  EXPECT_TRUE(refused(ask));
  auto* machine = ask.mutable_replay_machine();
  EXPECT_TRUE(refused(ask)) << "no machine";
  machine->set_machine("A");
  machine->set_to_ms(std::chrono::milliseconds(kMaxMachineSpan).count());
  EXPECT_FALSE(refused(ask));
  machine->set_to_ms(machine->to_ms() + 1);
  EXPECT_TRUE(refused(ask));
  machine->set_to_ms(-1);
  EXPECT_TRUE(refused(ask));
  auto* heat = ask.mutable_replay_heat();
  EXPECT_TRUE(refused(ask)) << "no hours";
  heat->set_hours(fleet::kEveryHour);
  EXPECT_FALSE(refused(ask));
  heat->set_hours(fleet::kEveryHour + 1);
  EXPECT_TRUE(refused(ask));
  heat->set_hours(1);
  heat->set_day(INT32_MAX);
  EXPECT_TRUE(refused(ask));
  heat->set_day(0);
  heat->set_at_ms(INT64_MAX);
  EXPECT_TRUE(refused(ask));
  EXPECT_TRUE(refused(v1::ClientMessage()));
  EXPECT_FALSE(decode_replay_client(bytes_of(encode(ClientMessage(TrackRequest{1, {0}, {}, {}})))))
      << "of the live feed";
}

TEST(ReplayMessages, AreRefusedWhereTheirColumnsDoNotFit) {
  v1::ServerMessage tell;
  auto* days = tell.mutable_replay_days();
  days->add_day(2);
  EXPECT_TRUE(refused(tell)) << "columns of different lengths";
  days->add_begin_ms(0);
  days->add_end_ms(0);
  EXPECT_FALSE(refused(tell));
  days->add_day(2);
  days->add_begin_ms(0);
  days->add_end_ms(0);
  EXPECT_TRUE(refused(tell)) << "twice the same day";
  tell.mutable_replay_mark()->set_error(std::string(kMaxReplayErrorBytes + 1, 'x'));
  EXPECT_TRUE(refused(tell));
  auto* machine = tell.mutable_packed();
  EXPECT_FALSE(refused(tell));
  machine->set_part(std::string(kMaxChunkBytes + 1, 'x'));
  EXPECT_TRUE(refused(tell));
  machine->clear_part();
  machine->set_error(std::string(kMaxReplayErrorBytes + 1, 'x'));
  EXPECT_TRUE(refused(tell));

  DayReply reply;
  reply.day.overview.midnight = kNoon;
  v1::ServerMessage good;
  ASSERT_TRUE(good.ParseFromString(encode_replay(ReplayMessage(reply))));
  EXPECT_FALSE(refused(good));
  const auto with = [&](auto change) {
    v1::ServerMessage day = good;
    change(*day.mutable_day());
    return refused(day);
  };
  EXPECT_TRUE(with([](v1::DayReply& d) { d.set_counts("x"); }));
  EXPECT_TRUE(with([](v1::DayReply& d) { d.set_counts(""); }));
  EXPECT_TRUE(with([](v1::DayReply& d) { d.add_raised_ms(0); }));
  EXPECT_TRUE(with([](v1::DayReply& d) { d.add_raised_ms(0), d.add_severity(4); }));
  EXPECT_TRUE(with([](v1::DayReply& d) { d.add_raised_ms(INT64_MAX), d.add_severity(0); }));
  EXPECT_TRUE(with([](v1::DayReply& d) { d.add_gap_from_ms(0); }));
  EXPECT_TRUE(
      with([](v1::DayReply& d) { d.add_gap_from_ms(2), d.add_gap_to_ms(1), d.add_gap_why(0); }));
  EXPECT_TRUE(with([](v1::DayReply& d) { d.set_midnight_ms(INT64_MAX); }));
}

TEST(ReplayMessages, OfTheLiveFeedAloneAreRefused) {
  EXPECT_FALSE(decode_replay_server(bytes_of(encode(ServerMessage(Heartbeat{})))).ok());
  EXPECT_FALSE(decode_server(bytes_of(encode_replay(ReplayMessage(ReplayBegin{1})))).ok());
  EXPECT_FALSE(decode_client(bytes_of(encode_replay(ReplayRequest(ReplayUntil{kNoon})))).ok());
  EXPECT_TRUE(decode_replay_server(bytes_of(encode(ServerMessage(Hello{})))).ok());
}

}  // namespace
}  // namespace net
