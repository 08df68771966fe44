#include "fleet/fleet_state.hpp"

#include <algorithm>
#include <cassert>

#include "fleet/motion.hpp"

namespace fleet {
namespace {

constexpr std::int64_t kTurn = 3600;  // raw heading units in a turn

std::int64_t floor_mod(std::int64_t value, std::int64_t modulus) {
  const std::int64_t rest = value % modulus;
  return rest < 0 ? rest + modulus : rest;
}

// Differences come from a wire: their sums wrap instead of overflowing.
std::int64_t add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t subtract(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t difference(FieldId field, std::int64_t raw, std::int64_t held) {
  if (field == kPosition) {
    const GridPoint a = unpacked(raw), b = unpacked(held);
    return packed({(a.x - b.x) & kGridMask, (a.y - b.y) & kGridMask});
  }
  if (field == kHeadingDeg) {
    const std::int64_t turn = floor_mod(raw - held, kTurn);
    return turn > kTurn / 2 ? turn - kTurn : turn;
  }
  return subtract(raw, held);
}

/// Inverse of `difference`: difference(f, sum(f, held, d), held) == d for every d it gives.
std::int64_t sum(FieldId field, std::int64_t held, std::int64_t diff) {
  if (field == kPosition) {
    const GridPoint a = unpacked(held), b = unpacked(diff);
    return packed({(a.x + b.x) & kGridMask, (a.y + b.y) & kGridMask});
  }
  if (field == kHeadingDeg) return floor_mod(held + diff % kTurn, kTurn);
  return add(held, diff);
}

/// Calls `visit(field)` for every set bit, low bit first.
template <class Visit>
void for_each_field(FieldMask fields, Visit&& visit) {
  for (; fields != 0; fields &= fields - 1) {
    visit(static_cast<FieldId>(std::countr_zero(fields)));
  }
}

/// What a position is coded against: the held one, moved on as heading and speed suggest.
/// heading, speed: as they are after the row.
std::int64_t expected_position(const FieldSlot& held, std::int64_t heading, std::int64_t speed,
                               Time device) {
  const std::int64_t elapsed_ms = (device - held.device_time).count();
  const GridPoint at = unpacked(held.raw);
  const GridPoint move = expected_move(speed, heading, elapsed_ms, at.y);
  return packed({(at.x + move.x) & kGridMask, (at.y + move.y) & kGridMask});
}

/// Place of a field's value among those of a row that has it.
std::size_t rank_of(FieldId field, FieldMask fields) {
  return static_cast<std::size_t>(std::popcount(fields & ((FieldMask{1} << field) - 1)));
}
bool has_field(FieldMask fields, FieldId field) {
  return (fields >> field & 1) != 0;
}

}  // namespace

std::int64_t canonical_raw(FieldId field, std::int64_t raw) {
  if (field == kHeadingDeg) return floor_mod(raw, kTurn);
  if (field == kPosition) return packed(unpacked(raw));
  return raw;
}

FleetState::FleetState() : stride_(fields_.size()) {}

Result<FieldId> FleetState::add_field(std::string_view name) {
  auto added = fields_.add(name);
  if (added) widen();
  return added;
}

void FleetState::widen() {
  const std::size_t wider = fields_.size();
  if (wider == stride_) return;
  std::vector<FieldSlot> slots(heads_.size() * wider);
  for (std::size_t m = 0; m < heads_.size(); ++m) {
    std::copy_n(slots_.begin() + static_cast<std::ptrdiff_t>(m * stride_), stride_,
                slots.begin() + static_cast<std::ptrdiff_t>(m * wider));
  }
  slots_ = std::move(slots);
  stride_ = wider;
}

void FleetState::fit_roster() {
  if (heads_.size() == roster_.size()) return;
  heads_.resize(roster_.size());
  figures_.resize(roster_.size());
  slots_.resize(roster_.size() * stride_);
}

void FleetState::forget_all() {
  std::ranges::fill(slots_, FieldSlot{});
  std::ranges::fill(heads_, MachineHead{});
  std::ranges::fill(figures_, DayFigures{});
}

FieldMask FleetState::known_fields(Slot machine) const {
  const FieldSlot* slots = &slots_[machine * stride_];
  FieldMask known = 0;
  for (std::size_t f = 0; f < stride_; ++f) {
    known |= FieldMask{slots[f].receive_time != kNever} << f;
  }
  return known;
}

Time FleetState::expected_time(Slot machine, Time begin) const {
  const Time newest = heads_[machine].device_time;
  if (newest == kNever) return begin;
  return begin + Millis{floor_mod((newest - begin).count(), 1000)};
}

void FleetState::touch_head(Slot machine, Time device_time, Time receive_time) {
  MachineHead& head = heads_[machine];
  head.device_time = std::max(head.device_time, device_time);
  head.receive_time = std::max(head.receive_time, receive_time);
  newest_receive_ = std::max(newest_receive_, receive_time);
}

void FleetState::accept(const AcceptedRow& row, TickBatch& tick) {
  fit_roster();
  assert(row.machine < heads_.size());
  assert(row.values.size() == static_cast<std::size_t>(std::popcount(row.fields)));
  Row coded;
  coded.machine = row.machine;
  coded.value_begin = static_cast<std::uint32_t>(tick.values.size());
  coded.fields = row.fields;
  coded.device_time = row.device_time;
  coded.device_offset_ms = (row.device_time - expected_time(row.machine, tick.begin)).count();
  coded.receive_ms = (row.receive_time - tick.begin).count();
  FieldSlot* slots = &slots_[row.machine * stride_];
  const std::int64_t* value = row.values.data();
  tick.values.resize(tick.values.size() + row.values.size());
  std::int64_t* diff = tick.values.data() + coded.value_begin;
  const auto after = [&](FieldId f) {
    return has_field(row.fields, f) ? canonical_raw(f, row.values[rank_of(f, row.fields)])
                                    : slots[f].raw;
  };
  std::int64_t base = 0;
  if (has_field(row.fields, kPosition)) {
    base =
        expected_position(slots[kPosition], after(kHeadingDeg), after(kSpeedKmh), row.device_time);
  }
  for_each_field(row.fields, [&](FieldId f) {
    const std::int64_t raw = canonical_raw(f, *value++);
    *diff++ = difference(f, raw, f == kPosition ? base : slots[f].raw);
    if (row.device_time >= slots[f].device_time) {
      slots[f] = {raw, row.device_time, row.receive_time};
    }
  });
  touch_head(row.machine, row.device_time, row.receive_time);
  tick.rows.push_back(coded);
}

void FleetState::set_period(Slot machine, std::int32_t period_ms, TickBatch& tick) {
  fit_roster();
  heads_[machine].period_ms = period_ms;
  tick.periods.push_back({machine, period_ms});
}

void FleetState::set_figures(Slot machine, const DayFigures& figures) {
  fit_roster();
  figures_[machine] = figures;
}

void FleetState::raise(const AlarmEvent& event, TickBatch& tick) {
  alarms_.apply(event);
  tick.alarms.push_back(event);
}

void FleetState::adopt(const FleetState& part, Slot first) {
  assert(part.stride_ == stride_ && first + part.heads_.size() <= heads_.size());
  const auto at = static_cast<std::ptrdiff_t>(first);
  std::ranges::copy(part.slots_, slots_.begin() + at * static_cast<std::ptrdiff_t>(stride_));
  std::ranges::copy(part.heads_, heads_.begin() + at);
  std::ranges::copy(part.figures_, figures_.begin() + at);
  for (auto [id, alarm] : part.alarms_.open()) {
    alarm.machine += first;
    alarms_.apply({AlarmEvent::Kind::raised, alarm, alarm.occurred});
  }
  activity_.add(part.activity_);
  newest_receive_ = std::max(newest_receive_, part.newest_receive_);
}

void FleetState::finish_tick(FramePosition position, Time end) {
  position_ = position;
  time_ = end;
}

AcceptedRow FleetState::apply_row(const TickBatch& tick, const Row& row, const RowTimes& times) {
  FieldSlot* slots = &slots_[row.machine * stride_];
  const std::int64_t* diff = tick.values.data() + row.value_begin;
  std::int64_t* absolute = scratch_.data();
  const auto after = [&](FieldId f) {
    const std::int64_t held = slots[f].raw;
    return has_field(row.fields, f) ? sum(f, held, diff[rank_of(f, row.fields)]) : held;
  };
  std::int64_t base = 0;
  if (has_field(row.fields, kPosition)) {
    base = expected_position(slots[kPosition], after(kHeadingDeg), after(kSpeedKmh), times.device);
  }
  for_each_field(row.fields, [&](FieldId f) {
    const std::int64_t raw = sum(f, f == kPosition ? base : slots[f].raw, *diff++);
    *absolute++ = raw;
    if (times.device >= slots[f].device_time) slots[f] = {raw, times.device, times.receive};
  });
  touch_head(row.machine, times.device, times.receive);
  const auto count = static_cast<std::size_t>(absolute - scratch_.data());
  return {row.machine, times.device, times.receive, row.fields, {scratch_.data(), count}};
}

FleetState::RowTimes FleetState::times_of(const TickBatch& tick, const Row& row) const {
  const Time device = expected_time(row.machine, tick.begin) + Millis{row.device_offset_ms};
  const Time base = tick.receive_is_lag ? device : tick.begin;
  return {device, base + Millis{row.receive_ms}};
}

}  // namespace fleet
