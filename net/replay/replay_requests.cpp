#include <algorithm>

#include "net/codec/bodies.hpp"
#include "net/proto/feed.pb.h"
#include "net/replay/replay_fields.hpp"
#include "net/replay/replay_messages.hpp"

// What a wall asks.
namespace net {
namespace v1 = ::fleetwall::v1;
namespace {

std::int64_t ms(fleet::Time t) {
  return fleet::ms_from_time(t);
}

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
void fill(v1::ClientMessage& out, const ReplayMachine& m) {
  auto* r = out.mutable_replay_machine();
  r->set_request(m.request);
  r->set_machine(m.machine);
  r->set_from_ms(ms(m.from));
  r->set_to_ms(ms(m.to));
}
void fill(v1::ClientMessage& out, const ReplayHeat& m) {
  auto* h = out.mutable_replay_heat();
  h->set_request(m.request);
  h->set_at_ms(ms(m.at));
  h->set_day(number_of(m.day));
  h->set_hours(m.hours);
}
void fill(v1::ClientMessage& out, const DayRequest& m) {
  out.mutable_day()->set_day(number_of(m.day));
}

fleet::Result<ReplayRequest> read(const v1::ReplaySeek& s) {
  if (!time_in_range(s.at_ms()) || !time_in_range(s.until_ms()))
    return bad_replay("a seek has a time out of range");
  return ReplayRequest(ReplaySeek{s.number(), fleet::time_from_ms(s.at_ms()),
                                  fleet::time_from_ms(s.until_ms()), s.rosters()});
}
fleet::Result<ReplayRequest> read(const v1::ReplayUntil& u) {
  if (!time_in_range(u.until_ms())) return bad_replay("until is out of range");
  return ReplayRequest(ReplayUntil{fleet::time_from_ms(u.until_ms())});
}
/// Of one machine in a span, as long as `longest`.
template <class Message, class Asked>
fleet::Result<ReplayRequest> read_of_machine(const Asked& asked, fleet::Millis longest) {
  if (asked.machine().empty() || asked.machine().size() > fleet::kMaxMachineIdBytes)
    return bad_replay("a request names a machine of " + std::to_string(asked.machine().size()) +
                      " bytes, expected 1 .. " + std::to_string(fleet::kMaxMachineIdBytes));
  if (!time_in_range(asked.from_ms()) || !time_in_range(asked.to_ms()))
    return bad_replay("a request has a time out of range");
  Message m{asked.request(), asked.machine(), fleet::time_from_ms(asked.from_ms()),
            fleet::time_from_ms(asked.to_ms())};
  if (m.from > m.to || m.to - m.from > longest)
    return bad_replay("a request about a machine spans less than nothing or more than " +
                      std::to_string(std::chrono::floor<std::chrono::hours>(longest).count()) +
                      " h");
  return ReplayRequest(std::move(m));
}
fleet::Result<ReplayRequest> read(const v1::ReplayHeat& h) {
  if (!time_in_range(h.at_ms()) || !good_day(h.day()))
    return bad_replay("a request for heat has a time out of range");
  if (h.hours() == 0 || (h.hours() & ~fleet::kEveryHour) != 0)
    return bad_replay("a request for heat is of no hours, or of some that there are not");
  return ReplayRequest(
      ReplayHeat{h.request(), fleet::time_from_ms(h.at_ms()), day_of(h.day()), h.hours()});
}
fleet::Result<ReplayRequest> read(const v1::DayRequest& d) {
  if (!good_day(d.day())) return bad_replay("no such day: " + std::to_string(d.day()));
  return ReplayRequest(DayRequest{day_of(d.day())});
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

fleet::Result<ReplayRequest> decode_replay_client(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxClientMessageBytes)
    return bad_replay(std::to_string(bytes.size()) + " bytes, a client may send at most " +
                      std::to_string(kMaxClientMessageBytes));
  v1::ClientMessage in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return bad_replay("these " + std::to_string(bytes.size()) + " bytes are no ClientMessage");
  switch (in.message_case()) {
    case v1::ClientMessage::kReplaySeek:
      return read(in.replay_seek());
    case v1::ClientMessage::kReplayUntil:
      return read(in.replay_until());
    case v1::ClientMessage::kReplayTrack:
      return read_of_machine<ReplayTrack>(in.replay_track(), kMaxTrackSpan);
    case v1::ClientMessage::kReplayMachine:
      return read_of_machine<ReplayMachine>(in.replay_machine(), kMaxMachineSpan);
    case v1::ClientMessage::kReplayHeat:
      return read(in.replay_heat());
    case v1::ClientMessage::kDay:
      return read(in.day());
    default:
      break;
  }
  auto decoded = decode_client(bytes);
  if (!decoded) return decoded.error();
  auto* subscribe = std::get_if<Subscribe>(&*decoded);
  if (!subscribe) return bad_replay("a request that only a live feed answers");
  return ReplayRequest(std::move(*subscribe));
}

}  // namespace net
