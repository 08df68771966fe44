#include "net/replay/replay_messages.hpp"

#include <algorithm>

#include "net/codec/bodies.hpp"
#include "net/codec/utf8.hpp"
#include "net/proto/feed.pb.h"
#include "net/replay/replay_fields.hpp"
#include "net/store/rollup_messages.hpp"

// What a gateway tells; the other way: replay_requests.cpp.
namespace net {
namespace v1 = ::fleetwall::v1;
namespace {

std::int64_t ms(fleet::Time t) {
  return fleet::ms_from_time(t);
}

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
  days->set_demo(m.demo);
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

void fill(v1::ServerMessage& out, const PackedReply& m) {
  auto* reply = out.mutable_packed();
  reply->set_request(m.request);
  reply->set_part(m.part);
  reply->set_more(m.more);
  reply->set_damaged(m.damaged);
  reply->set_error(clean_text(m.error, kMaxReplayErrorBytes));
}

fleet::Result<ReplayMessage> read(v1::PackedReply& r) {
  if (r.error().size() > kMaxReplayErrorBytes)
    return bad_replay("an answer's error is over 512 bytes");
  if (r.part().size() > kMaxChunkBytes)
    return bad_replay("a part of an answer is over " + std::to_string(kMaxChunkBytes) + " bytes");
  return ReplayMessage(
      PackedReply{r.request(), std::move(*r.mutable_part()), r.more(), r.damaged(), r.error()});
}

fleet::Result<ReplayMessage> read(const v1::ReplayMark& k) {
  if (k.error().size() > kMaxReplayErrorBytes) return bad_replay("mark.error is over 512 bytes");
  for (const std::int64_t t : {k.read_until_ms(), k.range_begin_ms(), k.range_end_ms()})
    if (!time_in_range(t)) return bad_replay("a mark has a time out of range");
  return ReplayMessage(ReplayMark{
      k.number(), fleet::time_from_ms(k.read_until_ms()), fleet::time_from_ms(k.range_begin_ms()),
      fleet::time_from_ms(k.range_end_ms()), k.bad_frames(), k.error()});
}

fleet::Result<ReplayMessage> read(const v1::ReplayDays& d) {
  const int n = d.day_size();
  if (d.begin_ms_size() != n || d.end_ms_size() != n ||
      static_cast<std::size_t>(n) > kMaxReplayDays)
    return bad_replay("a list of days has columns of different lengths, or is too long");
  ReplayDays m;
  m.demo = d.demo();
  for (int i = 0; i < n; ++i) {
    if (!good_day(d.day(i)) || !time_in_range(d.begin_ms(i)) || !time_in_range(d.end_ms(i)) ||
        (i > 0 && d.day(i) <= d.day(i - 1)))
      return bad_replay("day " + std::to_string(i) + " of a list is out of range or out of order");
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
    return bad_replay("a day is out of range");
  DayReply m;
  m.more = d.more();
  m.day.read = true;
  DayOverview& overview = m.day.overview;
  overview.day = day_of(d.day());
  overview.midnight = fleet::time_from_ms(d.midnight_ms());
  rollup::v1::DayCounts counts;
  if (!counts.ParseFromString(d.counts()) || !rollup::take_counts(counts, overview))
    return bad_replay("the counts of a day are damaged");
  if (!read_gaps(d, overview.gaps)) return bad_replay("the gaps of a day are damaged");
  if (!read_raised(d, overview.midnight, m.day.raised))
    return bad_replay("the alarms of a day are damaged");
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
          return bad_replay("a heartbeat of a live feed");
      },
      std::move(*decoded));
}

}  // namespace

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

fleet::Result<ReplayMessage> decode_replay_server(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxServerMessageBytes)
    return bad_replay(std::to_string(bytes.size()) + " bytes, at most " +
                      std::to_string(kMaxServerMessageBytes) + " are allowed");
  v1::ServerMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return bad_replay("these " + std::to_string(bytes.size()) + " bytes are no ServerMessage");
  switch (in.message_case()) {
    case v1::ServerMessage::kReplayBegin:
      return ReplayMessage(ReplayBegin{in.replay_begin().number()});
    case v1::ServerMessage::kReplayMark:
      return read(in.replay_mark());
    case v1::ServerMessage::kReplayDays:
      return read(in.replay_days());
    case v1::ServerMessage::kDay:
      return read(in.day());
    case v1::ServerMessage::kPacked:
      return read(*in.mutable_packed());
    default:
      return read_as_on_the_feed(bytes);
  }
}

}  // namespace net
