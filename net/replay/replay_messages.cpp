#include "net/replay/replay_messages.hpp"

#include <algorithm>

#include "net/codec/bodies.hpp"
#include "net/codec/utf8.hpp"
#include "net/proto/feed.pb.h"
#include "net/store/rollup_messages.hpp"

namespace net {
namespace v1 = ::fleetwall::v1;
namespace {

/// Days that a local day can be, since 1970: years 0 to 9999.
constexpr std::int32_t kFirstDay = -719'528, kLastDay = 2'932'896;

fleet::Error bad(std::string what) {
  return fleet::Error{"replay message: " + std::move(what)};
}

std::int64_t ms(fleet::Time t) {
  return fleet::ms_from_time(t);
}
bool good_day(std::int32_t day) {
  return day >= kFirstDay && day <= kLastDay;
}
fleet::LocalDay day_of(std::int32_t number) {
  return fleet::LocalDay(std::chrono::days(number));
}
std::int32_t number_of(fleet::LocalDay day) {
  return static_cast<std::int32_t>(day.time_since_epoch().count());
}

// ---------------------------------------------------------------- what a wall asks

void fill(v1::ClientMessage& out, const ReplaySeek& m) {
  auto* s = out.mutable_replay_seek();
  s->set_number(m.number);
  s->set_at_ms(ms(m.at));
  s->set_until_ms(ms(m.until));
  s->set_rosters(m.rosters);
}
void fill(v1::ClientMessage& out, const ReplayUntil& m) {
  out.mutable_replay_until()->set_until_ms(ms(m.until));
}
void fill(v1::ClientMessage& out, const ReplayTrack& m) {
  auto* t = out.mutable_replay_track();
  t->set_request(m.request);
  t->set_machine(m.machine);
  t->set_from_ms(ms(m.from));
  t->set_to_ms(ms(m.to));
}
void fill(v1::ClientMessage& out, const DayRequest& m) {
  out.mutable_day()->set_day(number_of(m.day));
}

fleet::Result<ReplayRequest> read(const v1::ReplaySeek& s) {
  if (!time_in_range(s.at_ms()) || !time_in_range(s.until_ms()))
    return bad("a seek has a time out of range");
  return ReplayRequest(ReplaySeek{s.number(), fleet::time_from_ms(s.at_ms()),
                                  fleet::time_from_ms(s.until_ms()), s.rosters()});
}
fleet::Result<ReplayRequest> read(const v1::ReplayUntil& u) {
  if (!time_in_range(u.until_ms())) return bad("until is out of range");
  return ReplayRequest(ReplayUntil{fleet::time_from_ms(u.until_ms())});
}
fleet::Result<ReplayRequest> read(const v1::ReplayTrack& t) {
  if (t.machine().empty() || t.machine().size() > fleet::kMaxMachineIdBytes)
    return bad("a track request names a machine of " + std::to_string(t.machine().size()) +
               " bytes, expected 1 .. " + std::to_string(fleet::kMaxMachineIdBytes));
  if (!time_in_range(t.from_ms()) || !time_in_range(t.to_ms()))
    return bad("a track request has a time out of range");
  ReplayTrack m{t.request(), t.machine(), fleet::time_from_ms(t.from_ms()),
                fleet::time_from_ms(t.to_ms())};
  if (m.from > m.to || m.to - m.from > kMaxTrackSpan)
    return bad("a track request spans less than nothing or more than 25 h");
  return ReplayRequest(std::move(m));
}
fleet::Result<ReplayRequest> read(const v1::DayRequest& d) {
  if (!good_day(d.day())) return bad("no such day: " + std::to_string(d.day()));
  return ReplayRequest(DayRequest{day_of(d.day())});
}

// ---------------------------------------------------------------- what it is told

void fill(v1::ServerMessage& out, const ReplayBegin& m) {
  out.mutable_replay_begin()->set_number(m.number);
}
void fill(v1::ServerMessage& out, const ReplayMark& m) {
  auto* k = out.mutable_replay_mark();
  k->set_number(m.number);
  k->set_read_until_ms(ms(m.read_until));
  k->set_range_begin_ms(ms(m.range_begin));
  k->set_range_end_ms(ms(m.range_end));
  k->set_bad_frames(m.bad_frames);
  k->set_error(clean_text(m.error, kMaxReplayErrorBytes));
}
void fill(v1::ServerMessage& out, const ReplayDays& m) {
  auto* days = out.mutable_replay_days();
  for (const ReplayDays::Day& day : m.days) {
    days->add_day(number_of(day.day));
    days->add_begin_ms(ms(day.begin));
    days->add_end_ms(ms(day.end));
  }
}
void fill(v1::ServerMessage& out, const DayReply& m) {
  auto* reply = out.mutable_day();
  const DayOverview& overview = m.day.overview;
  reply->set_day(number_of(overview.day));
  reply->set_midnight_ms(ms(overview.midnight));
  reply->set_counts(rollup::counts_message(overview).SerializeAsString());
  reply->set_more(m.more);
  for (std::size_t i = 0; i < std::min(overview.gaps.size(), kMaxDayGaps); ++i) {
    reply->add_gap_from_ms(ms(overview.gaps[i].from));
    reply->add_gap_to_ms(ms(overview.gaps[i].to));
    reply->add_gap_why(static_cast<std::uint32_t>(overview.gaps[i].why));
  }
  for (const RaisedAlarm& alarm : m.day.raised) {
    reply->add_raised_ms((alarm.at - overview.midnight).count());
    reply->add_severity(static_cast<std::uint32_t>(alarm.severity));
  }
}

fleet::Result<ReplayMessage> read(const v1::ReplayMark& k) {
  if (k.error().size() > kMaxReplayErrorBytes) return bad("mark.error is over 512 bytes");
  for (const std::int64_t t : {k.read_until_ms(), k.range_begin_ms(), k.range_end_ms()})
    if (!time_in_range(t)) return bad("a mark has a time out of range");
  return ReplayMessage(ReplayMark{
      k.number(), fleet::time_from_ms(k.read_until_ms()), fleet::time_from_ms(k.range_begin_ms()),
      fleet::time_from_ms(k.range_end_ms()), k.bad_frames(), k.error()});
}

fleet::Result<ReplayMessage> read(const v1::ReplayDays& d) {
  const int n = d.day_size();
  if (d.begin_ms_size() != n || d.end_ms_size() != n ||
      static_cast<std::size_t>(n) > kMaxReplayDays)
    return bad("a list of days has columns of different lengths, or is too long");
  ReplayDays m;
  for (int i = 0; i < n; ++i) {
    if (!good_day(d.day(i)) || !time_in_range(d.begin_ms(i)) || !time_in_range(d.end_ms(i)) ||
        (i > 0 && d.day(i) <= d.day(i - 1)))
      return bad("day " + std::to_string(i) + " of a list is out of range or out of order");
    m.days.push_back(
        {day_of(d.day(i)), fleet::time_from_ms(d.begin_ms(i)), fleet::time_from_ms(d.end_ms(i))});
  }
  return ReplayMessage(std::move(m));
}

bool read_gaps(const v1::DayReply& d, std::vector<DayGap>& gaps) {
  const int n = d.gap_from_ms_size();
  if (d.gap_to_ms_size() != n || d.gap_why_size() != n || static_cast<std::size_t>(n) > kMaxDayGaps)
    return false;
  for (int i = 0; i < n; ++i) {
    if (!time_in_range(d.gap_from_ms(i)) || !time_in_range(d.gap_to_ms(i)) ||
        d.gap_from_ms(i) > d.gap_to_ms(i) ||
        d.gap_why(i) > static_cast<std::uint32_t>(DayGap::Why::no_reports))
      return false;
    gaps.push_back({fleet::time_from_ms(d.gap_from_ms(i)), fleet::time_from_ms(d.gap_to_ms(i)),
                    static_cast<DayGap::Why>(d.gap_why(i))});
  }
  return true;
}

bool read_raised(const v1::DayReply& d, fleet::Time midnight, std::vector<RaisedAlarm>& raised) {
  const int n = d.raised_ms_size();
  if (d.severity_size() != n || static_cast<std::size_t>(n) > kMaxDayPartAlarms) return false;
  // A local day has 25 hours at most; a clock may be set back by as much.
  constexpr std::int64_t kLongest = 2 * kMaxTrackSpan.count();
  for (int i = 0; i < n; ++i) {
    if (d.raised_ms(i) < -kLongest || d.raised_ms(i) > kLongest ||
        d.severity(i) >= static_cast<std::uint32_t>(fleet::kSeverityCount))
      return false;
    raised.push_back(
        {midnight + fleet::Millis(d.raised_ms(i)), static_cast<fleet::Severity>(d.severity(i))});
  }
  return true;
}

fleet::Result<ReplayMessage> read(const v1::DayReply& d) {
  if (!good_day(d.day()) || !time_in_range(d.midnight_ms()) || d.midnight_ms() == ms(fleet::kNever))
    return bad("a day is out of range");
  DayReply m;
  m.more = d.more();
  m.day.read = true;
  DayOverview& overview = m.day.overview;
  overview.day = day_of(d.day());
  overview.midnight = fleet::time_from_ms(d.midnight_ms());
  rollup::v1::DayCounts counts;
  if (!counts.ParseFromString(d.counts()) || !rollup::take_counts(counts, overview))
    return bad("the counts of a day are damaged");
  if (!read_gaps(d, overview.gaps)) return bad("the gaps of a day are damaged");
  if (!read_raised(d, overview.midnight, m.day.raised))
    return bad("the alarms of a day are damaged");
  return ReplayMessage(std::move(m));
}

template <class Message>
constexpr bool kIsOfTheFeed =
    std::is_same_v<Message, Hello> || std::is_same_v<Message, Chunk> ||
    std::is_same_v<Message, FeedError> || std::is_same_v<Message, TrackReply>;

/// Error: a heartbeat, which has no business here.
fleet::Result<ReplayMessage> read_as_on_the_feed(std::span<const std::byte> bytes) {
  auto decoded = decode_server(bytes);
  if (!decoded) return decoded.error();
  return std::visit(
      [](auto&& m) -> fleet::Result<ReplayMessage> {
        if constexpr (kIsOfTheFeed<std::decay_t<decltype(m)>>)
          return ReplayMessage(std::move(m));
        else
          return bad("a heartbeat of a live feed");
      },
      std::move(*decoded));
}

}  // namespace

std::string encode_replay(const ReplayRequest& request) {
  if (const auto* subscribe = std::get_if<Subscribe>(&request))
    return encode(ClientMessage(*subscribe));
  v1::ClientMessage out;
  std::visit(
      [&](const auto& m) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(m)>, Subscribe>) fill(out, m);
      },
      request);
  return out.SerializeAsString();
}

std::string encode_replay(const ReplayMessage& message) {
  return std::visit(
      [](const auto& m) {
        if constexpr (kIsOfTheFeed<std::decay_t<decltype(m)>>) {
          return encode(ServerMessage(m));
        } else {
          v1::ServerMessage out;
          fill(out, m);
          return out.SerializeAsString();
        }
      },
      message);
}

fleet::Result<ReplayRequest> decode_replay_client(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxClientMessageBytes)
    return bad(std::to_string(bytes.size()) + " bytes, a client may send at most " +
               std::to_string(kMaxClientMessageBytes));
  v1::ClientMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return bad("these " + std::to_string(bytes.size()) + " bytes are no ClientMessage");
  switch (in.message_case()) {
    case v1::ClientMessage::kReplaySeek:
      return read(in.replay_seek());
    case v1::ClientMessage::kReplayUntil:
      return read(in.replay_until());
    case v1::ClientMessage::kReplayTrack:
      return read(in.replay_track());
    case v1::ClientMessage::kDay:
      return read(in.day());
    default:
      break;
  }
  auto decoded = decode_client(bytes);
  if (!decoded) return decoded.error();
  auto* subscribe = std::get_if<Subscribe>(&*decoded);
  if (!subscribe) return bad("a request that only a live feed answers");
  return ReplayRequest(std::move(*subscribe));
}

fleet::Result<ReplayMessage> decode_replay_server(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxServerMessageBytes)
    return bad(std::to_string(bytes.size()) + " bytes, at most " +
               std::to_string(kMaxServerMessageBytes) + " are allowed");
  v1::ServerMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return bad("these " + std::to_string(bytes.size()) + " bytes are no ServerMessage");
  switch (in.message_case()) {
    case v1::ServerMessage::kReplayBegin:
      return ReplayMessage(ReplayBegin{in.replay_begin().number()});
    case v1::ServerMessage::kReplayMark:
      return read(in.replay_mark());
    case v1::ServerMessage::kReplayDays:
      return read(in.replay_days());
    case v1::ServerMessage::kDay:
      return read(in.day());
    default:
      return read_as_on_the_feed(bytes);
  }
}

}  // namespace net
