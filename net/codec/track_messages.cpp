#include "net/codec/track_messages.hpp"

#include <algorithm>

#include "net/codec/track_fields.hpp"
#include "net/codec/utf8.hpp"
#include "net/codec/wire.hpp"

namespace net {
namespace v1 = ::fleetwall::v1;
namespace {

fleet::Error bad(std::string what) {
  return fleet::Error{"feed message: " + std::move(what)};
}

bool in_range(std::int64_t ms) {
  return ms >= fleet::ms_from_time(fleet::kMinTime) && ms <= fleet::ms_from_time(fleet::kMaxTime);
}

fleet::EngineKnown engine_of(std::uint32_t code) {
  return static_cast<fleet::EngineKnown>(code & 3);
}

/// Running sums of one reply's columns.
struct Sums {
  std::int64_t time_ms = 0, x = 0, y = 0;
};

/// False: out of range, or not behind the stay before.
bool read_stay(const v1::TrackReply& from, int i, Sums& sums, fleet::Time after,
               fleet::TrackStay& stay) {
  sums.time_ms = wire::wrapping_add(sums.time_ms, from.time_step(i));
  sums.x = wire::wrapping_add(sums.x, from.x_step(i));
  sums.y = wire::wrapping_add(sums.y, from.y_step(i));
  const std::uint32_t engine = from.engine(i);
  const bool fits = in_range(sums.time_ms) && from.lasts(i) <= kMaxTrackSpan.count() &&
                    sums.x >= 0 && sums.x <= fleet::kGridMask && sums.y >= 0 &&
                    sums.y <= fleet::kGridMask && from.speed(i) <= UINT16_MAX &&
                    from.period(i) <= UINT16_MAX && engine < 12 && (engine & 3) < 3;
  if (!fits || fleet::time_from_ms(sums.time_ms) <= after) return false;
  stay.time = fleet::time_from_ms(sums.time_ms);
  stay.until = stay.time + fleet::Millis{from.lasts(i)};
  stay.at = {static_cast<std::uint32_t>(sums.x), static_cast<std::uint32_t>(sums.y)};
  stay.speed = static_cast<std::uint16_t>(from.speed(i));
  stay.period_s = static_cast<std::uint16_t>(from.period(i));
  stay.came = engine_of(engine);
  stay.left = engine_of(engine >> 2);
  return true;
}

}  // namespace

void fill(v1::ServerMessage& out, const TrackReply& reply) {
  auto* m = out.mutable_track();
  m->set_request(reply.request);
  m->set_machine(reply.machine);
  m->set_more(reply.more);
  m->set_known_from_ms(fleet::ms_from_time(reply.known_from));
  m->set_error(clean_text(reply.error, kMaxTrackErrorBytes));
  Sums last;
  for (const fleet::TrackStay& stay : reply.stays) {
    m->add_time_step(fleet::ms_from_time(stay.time) - last.time_ms);
    m->add_lasts(static_cast<std::uint32_t>((stay.until - stay.time).count()));
    m->add_x_step(stay.at.x - last.x);
    m->add_y_step(stay.at.y - last.y);
    m->add_speed(stay.speed);
    m->add_period(stay.period_s);
    m->add_engine(static_cast<std::uint32_t>(stay.came) | static_cast<std::uint32_t>(stay.left)
                                                              << 2);
    last = {fleet::ms_from_time(stay.time), stay.at.x, stay.at.y};
  }
}

void fill(v1::ClientMessage& out, const TrackRequest& request) {
  auto* m = out.mutable_track();
  m->set_request(request.request);
  for (const fleet::Slot machine : request.machines) m->add_machines(machine);
  m->set_from_ms(fleet::ms_from_time(request.from));
  m->set_to_ms(fleet::ms_from_time(request.to));
}

fleet::Result<TrackReply> read_track(const v1::TrackReply& from) {
  const int count = from.time_step_size();
  if (count > static_cast<int>(kMaxReplyStays))
    return bad("track holds " + std::to_string(count) + " stays, at most " +
               std::to_string(kMaxReplyStays) + " are allowed");
  for (const int size : {from.lasts_size(), from.x_step_size(), from.y_step_size(),
                         from.speed_size(), from.period_size(), from.engine_size()})
    if (size != count)
      return bad("track has columns of " + std::to_string(count) + " and of " +
                 std::to_string(size) + " entries");
  if (from.error().size() > kMaxTrackErrorBytes) return bad("track.error is over 1024 bytes");
  if (from.machine() >= fleet::kMaxMachines)
    return bad("track.machine is " + std::to_string(from.machine()));
  TrackReply reply;
  reply.request = from.request();
  reply.machine = from.machine();
  reply.more = from.more();
  reply.known_from = fleet::time_from_ms(from.known_from_ms());
  reply.error = from.error();
  if (reply.known_from != fleet::kNever && !in_range(from.known_from_ms()))
    return bad("track.known_from_ms is out of range");
  reply.stays.resize(static_cast<std::size_t>(count));
  Sums sums;
  fleet::Time after = fleet::kNever;
  for (int i = 0; i < count; ++i) {
    fleet::TrackStay& stay = reply.stays[static_cast<std::size_t>(i)];
    if (!read_stay(from, i, sums, after, stay))
      return bad("stay " + std::to_string(i) + " of a track is out of range or out of order");
    after = stay.until;
  }
  return reply;
}

fleet::Result<TrackRequest> read_track(const v1::TrackRequest& from) {
  TrackRequest request;
  request.request = from.request();
  const auto count = static_cast<std::size_t>(from.machines_size());
  if (count == 0 || count > kMaxTrackMachines)
    return bad("track request names " + std::to_string(count) + " machines, expected 1 .. " +
               std::to_string(kMaxTrackMachines));
  for (const std::uint32_t machine : from.machines()) {
    if (machine >= fleet::kMaxMachines)
      return bad("track request names slot " + std::to_string(machine) + ", slots end at " +
                 std::to_string(fleet::kMaxMachines - 1));
    request.machines.push_back(machine);
  }
  if (!in_range(from.from_ms()) || !in_range(from.to_ms()))
    return bad("track request has a time out of range");
  request.from = fleet::time_from_ms(from.from_ms());
  request.to = fleet::time_from_ms(from.to_ms());
  if (request.from > request.to) return bad("track request ends before it begins");
  if (request.to - request.from > kMaxTrackSpan)
    return bad("track request spans " + std::to_string((request.to - request.from).count()) +
               " ms, at most " + std::to_string(kMaxTrackSpan.count()) + " are allowed");
  return request;
}

TrackReply next_reply(std::uint32_t request, fleet::Slot machine, fleet::Time known_from,
                      std::span<const fleet::TrackStay>& left) {
  const auto part = left.first(std::min(kMaxReplyStays, left.size()));
  left = left.subspan(part.size());
  TrackReply reply;
  reply.request = request;
  reply.machine = machine;
  reply.known_from = known_from;
  reply.more = !left.empty();
  reply.stays.assign(part.begin(), part.end());
  return reply;
}

}  // namespace net
