#include "tests/load/viewer.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <chrono>

#include "net/codec/wire.hpp"

namespace load {

namespace {

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

struct Header {
  std::uint64_t kind = 0, epoch = 0, number = 0;
};

/// Of a frame, without its body.
Header header_of(const std::string& frame) {
  Header header;
  net::wire::FieldReader reader(
      {reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size()});
  for (net::wire::Field field; reader.next(field);) {
    if (field.number == 1) header.kind = field.value;
    if (field.number == 2) header.epoch = field.value;
    if (field.number == 3) header.number = field.value;
  }
  return header;
}

}  // namespace

Viewer::Viewer(std::uint16_t port, Options options, Reference& reference)
    : port_(port), options_(options), reference_(reference) {
  if (options_.decodes) state_ = std::make_unique<fleet::FleetState>();
  connect_again(true);
}

void Viewer::connect_again(bool from_scratch) {
  if (from_scratch) {
    position_.reset();
    roster_version_ = 0;
  }
  subscribed_ = false;
  allowed_from_s_ = -1;
  assembler_.reset();
  socket_ = std::make_unique<WebSocket>(port_, "/feed", options_.receive_buffer);
}

void Viewer::read(double now_s) {
  if (subscribed_ && !options_.reads) return;
  const auto on_message = [this](std::string_view message) { take(message); };
  if (options_.bytes_per_second == 0) return socket_->read(on_message);
  if (allowed_from_s_ < 0) {
    allowed_from_s_ = now_s;
    taken_bytes_ = socket_->received_bytes();
  }
  const double allowed = (now_s - allowed_from_s_) * options_.bytes_per_second -
                         static_cast<double>(socket_->received_bytes() - taken_bytes_);
  if (allowed >= 1) socket_->read(on_message, static_cast<std::size_t>(allowed));
}

void Viewer::take(std::string_view message) {
  ++counters_.messages;
  counters_.bytes += message.size();
  auto decoded = net::decode_server(std::as_bytes(std::span(message)));
  if (!decoded) {
    ++counters_.bad;
    return;
  }
  if (std::holds_alternative<net::Hello>(*decoded)) {
    net::Subscribe subscribe;
    subscribe.client = "fleet_load";
    subscribe.resume = position_;
    subscribe.roster_version = roster_version_;
    socket_->send(net::encode(net::ClientMessage(subscribe)), true);
    subscribed_ = true;
  } else if (const auto* error = std::get_if<net::FeedError>(&*decoded)) {
    counters_.error = error->text;
  } else if (const auto* beat = std::get_if<net::Heartbeat>(&*decoded)) {
    check(*beat);
  } else if (const auto* chunk = std::get_if<net::Chunk>(&*decoded)) {
    auto frame = assembler_.add(*chunk);
    if (!frame)
      ++counters_.bad;
    else if (*frame)
      take_frame(**frame);
  }
}

void Viewer::take_frame(const std::string& frame) {
  using Kind = net::EncodedFrame::Kind;
  const Header header = header_of(frame);
  const auto kind = static_cast<Kind>(header.kind);
  if (kind == Kind::tick) {
    ++counters_.ticks;
    if (!position_ || header.number != position_->number + 1) ++counters_.gaps;
    const std::uint64_t hash = XXH3_64bits(frame.data(), frame.size());
    const auto [known, fresh] = reference_.tick_bytes.emplace(header.number, hash);
    if (!fresh && known->second != hash) ++reference_.different_frames;
    arrivals_.push_back({header.number, now_ms()});
  }
  if (kind == Kind::keyframe) ++counters_.keyframes;
  if (kind == Kind::catch_up) ++counters_.catch_ups;
  if (kind != Kind::roster) position_ = {header.epoch, header.number};
  apply(frame);
}

/// Who does not decode keeps only what it needs to resume.
void Viewer::apply(const std::string& frame) {
  if (!state_) return;
  auto update = decoder_.decode(std::as_bytes(std::span(frame)));
  if (!update) {
    ++counters_.bad;
    return;
  }
  if (const auto* roster = std::get_if<fleet::RosterBatch>(&*update)) {
    roster_version_ = roster->version;
    if (!state_->apply(*roster)) ++counters_.bad;
  } else if (const auto* state = std::get_if<fleet::StateBatch>(&*update)) {
    if (!state_->apply(*state)) ++counters_.bad;
  } else if (const auto* tick = std::get_if<fleet::TickBatch>(&*update)) {
    counters_.rows += tick->rows.size();
    if (!state_->apply(*tick)) ++counters_.bad;
    if (!reference_.collects_times) return;
    auto& sent = reference_.sent_ms[tick->position.number];
    for (const fleet::Row& row : tick->rows)
      sent.push_back(fleet::ms_from_time(state_->head(row.machine).device_time));
  }
}

void Viewer::check(const net::Heartbeat& beat) {
  if (!state_ || !beat.has_hash || !(beat.hash_position == state_->position())) return;
  ++counters_.hash_checks;
  if (beat.hash != state_->hash()) ++counters_.divergences;
}

}  // namespace load
