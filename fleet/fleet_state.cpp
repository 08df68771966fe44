#include "fleet/fleet_state.hpp"

#include <algorithm>
#include <cassert>

#include "fleet/motion.hpp"

namespace fleet {
namespace {

// Differences come from a wire: their sums wrap instead of overflowing.
std::int64_t add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t subtract(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
/// Differences of positions, modulo 2^28 in x and y, and of headings, into (-1800, 1800].
std::int64_t position_difference(std::int64_t raw, std::int64_t base) {
  const GridPoint a = unpacked(raw), b = unpacked(base);
  return packed({(a.x - b.x) & kGridMask, (a.y - b.y) & kGridMask});
}
std::int64_t heading_difference(std::int64_t raw, std::int64_t held) {
  const std::int64_t turn = floor_mod(raw - held, kTurn);
  return turn > kTurn / 2 ? turn - kTurn : turn;
}
/// Their inverses.
std::int64_t moved(std::int64_t base, std::int64_t diff) {
  const GridPoint a = unpacked(base), b = unpacked(diff);
  return packed({(a.x + b.x) & kGridMask, (a.y + b.y) & kGridMask});
}
std::int64_t turned(std::int64_t held, std::int64_t diff) {
  return floor_mod(held + diff % kTurn, kTurn);
}

/// What a position is coded against: the held one, moved on as heading and speed suggest.
/// held_at: device time of the held one. heading, speed: as they are after the row.
std::int64_t expected_position(std::int64_t held, Time held_at, std::int64_t heading,
                               std::int64_t speed, Time device) {
  const GridPoint at = unpacked(held);
  const GridPoint move = expected_move(speed, heading, (device - held_at).count(), at.y);
  return packed({(at.x + move.x) & kGridMask, (at.y + move.y) & kGridMask});
}

bool has_field(FieldMask fields, FieldId field) {
  return (fields >> field & 1) != 0;
}

/// Places of heading and speed among the values beside the position, and what comes after them.
constexpr std::size_t kHeadingPlace = kHeadingDeg - 1, kSpeedPlace = kSpeedKmh - 1;
constexpr FieldMask kPlainFields = ~FieldMask{0} << (kSpeedKmh + 1);

/// Calls `visit(field)` for every set bit, low bit first.
template <class Visit>
void for_each_field(FieldMask fields, Visit&& visit) {
  for (; fields != 0; fields &= fields - 1) {
    visit(static_cast<FieldId>(std::countr_zero(fields)));
  }
}

}  // namespace

FleetState::FleetState(std::size_t max_heat_entries)
    : records_(fields_.size()), heat_(max_heat_entries) {}

Result<FieldId> FleetState::add_field(std::string_view name) {
  auto added = fields_.add(name);
  records_.widen(fields_.size());
  return added;
}

void FleetState::fit_roster() {
  if (records_.size() == roster_.size()) return;
  records_.resize(roster_.size());
  figures_.resize(roster_.size());
}

void FleetState::forget(Slot machine) {
  records_.set(machine, {}, 0, nullptr);
  figures_[machine] = {};
}

Time FleetState::expected_time(Slot machine, Time begin) const {
  const Time newest = records_.head(machine).device_time;
  if (newest == kNever) return begin;
  return begin + Millis{floor_mod((newest - begin).count(), 1000)};
}

void FleetState::touch_head(Slot machine, Time device_time, Time receive_time) {
  MachineHead& head = records_.head(machine);
  head.device_time = std::max(head.device_time, device_time);
  head.receive_time = std::max(head.receive_time, receive_time);
}

void FleetState::accept(const AcceptedRow& row, TickBatch& tick) {
  fit_roster();
  assert(row.machine < records_.size());
  assert(row.values.size() == static_cast<std::size_t>(std::popcount(row.fields)));
  Row coded;
  coded.machine = row.machine;
  coded.value_begin = static_cast<std::uint32_t>(tick.values.size());
  coded.fields = row.fields;
  coded.device_time = row.device_time;
  coded.device_offset_ms = (row.device_time - expected_time(row.machine, tick.begin)).count();
  coded.receive_ms = (row.receive_time - tick.begin).count();
  tick.values.resize(tick.values.size() + row.values.size());
  code_values(row, tick.values.data() + coded.value_begin);
  touch_head(row.machine, row.device_time, row.receive_time);
  newest_receive_ = std::max(newest_receive_, row.receive_time);
  tick.rows.push_back(coded);
}

/// Stores a report's values and writes their differences to what was held.
void FleetState::code_values(const AcceptedRow& row, std::int64_t* diff) {
  const Time fix_at = records_.times(row.machine, kPosition).device;
  const FieldMask taken =
      records_.take(row.machine, row.fields, {row.device_time, row.receive_time});
  std::int64_t* held = records_.values(row.machine);
  const bool fixed = has_field(row.fields, kPosition);
  const std::int64_t* value = row.values.data() + fixed;
  std::int64_t* const move = diff;
  diff += fixed;
  std::int64_t heading = held[kHeadingPlace], speed = held[kSpeedPlace];
  if (has_field(row.fields, kHeadingDeg)) {
    heading = canonical_raw(kHeadingDeg, *value++);
    *diff++ = heading_difference(heading, held[kHeadingPlace]);
    if (has_field(taken, kHeadingDeg)) held[kHeadingPlace] = heading;
  }
  if (has_field(row.fields, kSpeedKmh)) {
    speed = *value++;
    *diff++ = subtract(speed, held[kSpeedPlace]);
    if (has_field(taken, kSpeedKmh)) held[kSpeedPlace] = speed;
  }
  for_each_field(row.fields & kPlainFields, [&](FieldId f) {
    *diff++ = subtract(*value, held[f - 1]);
    if (has_field(taken, f)) held[f - 1] = *value;
    ++value;
  });
  if (!fixed) return;
  std::int64_t& position = records_.position(row.machine);
  const std::int64_t raw = canonical_raw(kPosition, row.values[0]);
  *move = position_difference(raw,
                              expected_position(position, fix_at, heading, speed, row.device_time));
  if (has_field(taken, kPosition)) position = raw;
}

void FleetState::set_period(Slot machine, std::int32_t period_ms, TickBatch& tick) {
  fit_roster();
  records_.head(machine).period_ms = period_ms;
  tick.periods.push_back({machine, period_ms});
}

void FleetState::set_figures(Slot machine, const DayFigures& figures,
                             std::span<const HeatShare> shares) {
  fit_roster();
  take_figures(machine, figures, shares, position_.number + 1);
}

void FleetState::take_figures(Slot machine, const DayFigures& figures,
                              std::span<const HeatShare> shares, std::uint64_t tick) {
  heat_.take(figures_[machine], figures, place_of(machine), shares, tick);
  figures_[machine] = figures;
}

std::optional<GridPoint> FleetState::place_of(Slot machine) const {
  if (!has(machine, kPosition)) return std::nullopt;
  return unpacked(raw(machine, kPosition));
}

void FleetState::raise(const AlarmEvent& event, TickBatch& tick) {
  alarms_.apply(event);
  tick.alarms.push_back(event);
}

void FleetState::adopt(const FleetState& part, Slot first) {
  records_.adopt(part.records_, first);
  std::ranges::copy(part.figures_, figures_.begin() + static_cast<std::ptrdiff_t>(first));
  for (auto [id, alarm] : part.alarms_.open()) {
    alarm.machine += first;
    alarms_.apply({AlarmEvent::Kind::raised, alarm, alarm.occurred});
  }
  activity_.add(part.activity_);
  heat_.add(part.heat_);
  newest_receive_ = std::max(newest_receive_, part.newest_receive_);
}

void FleetState::finish_tick(FramePosition position, Time end) {
  position_ = position;
  time_ = end;
}

/// The inverse of `code_values`: stores the values that a row's differences stand for. move: the
/// first of them, that of the position if there is one. scratch: room for kMaxFields values.
AcceptedRow FleetState::apply_row(const std::int64_t* const move, const Row& row,
                                  const MachineRecords::Times& times, std::int64_t* const scratch) {
  const Time fix_at = records_.times(row.machine, kPosition).device;
  const FieldMask taken = records_.take(row.machine, row.fields, times);
  std::int64_t* held = records_.values(row.machine);
  const bool fixed = has_field(row.fields, kPosition);
  const std::int64_t* diff = move + fixed;
  std::int64_t* absolute = scratch + fixed;
  std::int64_t heading = held[kHeadingPlace], speed = held[kSpeedPlace];
  if (has_field(row.fields, kHeadingDeg)) {
    heading = *absolute++ = turned(heading, *diff++);
    if (has_field(taken, kHeadingDeg)) held[kHeadingPlace] = heading;
  }
  if (has_field(row.fields, kSpeedKmh)) {
    speed = *absolute++ = add(speed, *diff++);
    if (has_field(taken, kSpeedKmh)) held[kSpeedPlace] = speed;
  }
  for_each_field(row.fields & kPlainFields, [&](FieldId f) {
    const std::int64_t raw = *absolute++ = add(held[f - 1], *diff++);
    if (has_field(taken, f)) held[f - 1] = raw;
  });
  if (fixed) {
    std::int64_t& position = records_.position(row.machine);
    const std::int64_t raw = scratch[0] =
        moved(expected_position(position, fix_at, heading, speed, times.device), *move);
    if (has_field(taken, kPosition)) position = raw;
  }
  touch_head(row.machine, times.device, times.receive);
  const auto count = static_cast<std::size_t>(absolute - scratch);
  return {row.machine, times.device, times.receive, row.fields, {scratch, count}};
}

MachineRecords::Times FleetState::times_of(Time tick_begin, bool receive_is_lag,
                                           const Row& row) const {
  const Time device = expected_time(row.machine, tick_begin) + Millis{row.device_offset_ms};
  const Time base = receive_is_lag ? device : tick_begin;
  return {device, base + Millis{row.receive_ms}};
}

}  // namespace fleet
