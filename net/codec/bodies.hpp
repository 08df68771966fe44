// Bodies of frames: batches as the messages TickBody, StateBody and RosterBody, and back.
//
// Readers check every count before they reserve memory for it, every index, and every range; the
// sentence of an Error says which part of the body is wrong.
#pragma once

#include "fleet/mercator.hpp"
#include "fleet/update.hpp"
#include "net/codec/wire.hpp"

namespace fleetwall::v1 {
class Frame;
}

namespace net {

/// Rows of one tick: every machine of the largest fleet (2^21) twice, for a tick after a stall.
inline constexpr std::size_t kMaxTickRows = 1u << 22;
/// Values of one frame: 1,000,000 machines x 64 fields fit.
inline constexpr std::size_t kMaxFrameValues = 1u << 26;
/// Alarms, or alarm events, of one frame.
inline constexpr std::size_t kMaxFrameAlarms = 1u << 20;
/// Shares of heat of one frame, and of one machine in it.
inline constexpr std::size_t kMaxFrameShares = 1u << 22;
inline constexpr std::int64_t kMaxSharesOfMachine = 255;
/// Times and differences of times stay within +-2^46 ms (2,231 years), so that sums cannot
/// overflow.
inline constexpr std::int64_t kMaxTimeSpanMs = std::int64_t{1} << 46;

/// Within the span, or "never".
constexpr bool time_in_range(std::int64_t ms) {
  return (ms >= -kMaxTimeSpanMs && ms <= kMaxTimeSpanMs) ||
         ms == fleet::ms_from_time(fleet::kNever);
}

/// Sign-extends 28 bits: the shorter way round the globe.
constexpr std::int64_t signed_grid(std::uint32_t v) {
  return static_cast<std::int64_t>(v & fleet::kGridMask) -
         (v & (fleet::kGridSize >> 1) ? std::int64_t{fleet::kGridSize} : 0);
}

/// What Frame.check must be.
std::uint32_t frame_check(const ::fleetwall::v1::Frame& frame);

void write_tick_body(const fleet::TickBatch& tick, wire::MessageWriter& out);
/// tick: begin is set already.
fleet::Result<void> read_tick_body(wire::Bytes body, fleet::TickBatch& tick);

/// state.time must be the time of the frame: times travel as lags behind it.
void write_state_body(const fleet::StateBatch& state, wire::MessageWriter& out);
fleet::Result<void> read_state_body(wire::Bytes body, fleet::StateBatch& state);

void write_roster_body(const fleet::RosterBatch& roster, wire::MessageWriter& out);
fleet::Result<void> read_roster_body(wire::Bytes body, fleet::RosterBatch& roster);

}  // namespace net
