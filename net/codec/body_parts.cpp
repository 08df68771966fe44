#include "net/codec/body_parts.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "net/proto/feed.pb.h"

namespace net {
namespace v1 = ::fleetwall::v1;
using wire::Base;
using wire::Bytes;
using wire::Column;
using wire::wrapping_add;
using wire::wrapping_sub;

namespace {
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kInt32Min = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();

void put(v1::Alarm& to, const fleet::Alarm& a) {
  to.set_id(a.id);
  to.set_machine(a.machine);
  to.set_rule(static_cast<std::uint32_t>(a.rule));
  to.set_spn(a.fault.spn);
  to.set_fmi(a.fault.fmi);
  to.set_source(a.fault.source);
  to.set_count(a.fault.count);
  to.set_lamp(static_cast<std::uint32_t>(a.fault.lamp));
  to.set_severity(static_cast<std::uint32_t>(a.severity));
  to.set_occurred_ms(fleet::ms_from_time(a.occurred));
  to.set_learned_ms(fleet::ms_from_time(a.learned));
}

fleet::Result<fleet::Alarm> alarm_from(const v1::Alarm& a) {
  const bool fits = a.machine() < fleet::kMaxMachines && a.rule() == 0 && a.spn() <= 524'287 &&
                    a.fmi() <= 31 && a.source() <= 255 && a.count() <= 255 && a.lamp() <= 4 &&
                    a.severity() < fleet::kSeverityCount && time_in_range(a.occurred_ms()) &&
                    time_in_range(a.learned_ms());
  if (!fits) return fleet::Error{"an alarm holds a number outside its range"};
  fleet::Alarm out;
  out.id = a.id();
  out.machine = a.machine();
  out.fault = {a.spn(), static_cast<std::uint8_t>(a.fmi()), static_cast<std::uint8_t>(a.source()),
               static_cast<std::uint8_t>(a.count()), static_cast<fleet::Lamp>(a.lamp())};
  out.severity = static_cast<fleet::Severity>(a.severity());
  out.occurred = fleet::time_from_ms(a.occurred_ms());
  out.learned = fleet::time_from_ms(a.learned_ms());
  return out;
}

}  // namespace

std::uint64_t Shapes::all_fields() const {
  std::uint64_t all = 0;
  for (const std::uint64_t mask : masks) all |= mask;
  return all;
}

void Shapes::ranks(int field, std::vector<int>& out) const {
  const std::uint64_t bit = std::uint64_t{1} << field;
  out.clear();
  for (const std::uint64_t mask : masks) {
    out.push_back(mask & bit ? std::popcount(mask & (bit - 1)) : -1);
  }
}

std::size_t Shapes::value_count() const {
  std::vector<std::size_t> widths;
  for (const std::uint64_t mask : masks) {
    widths.push_back(static_cast<std::size_t>(std::popcount(mask)));
  }
  std::size_t count = 0;
  for (const std::uint32_t shape : of_row) count += widths[shape];
  return count;
}

Shapes shapes_of(std::span<const std::uint64_t> masks_of_rows) {
  Shapes shapes;
  shapes.of_row.reserve(masks_of_rows.size());
  std::unordered_map<std::uint64_t, std::uint32_t> index;
  for (const std::uint64_t mask : masks_of_rows) {
    if (!shapes.of_row.empty() && shapes.masks[shapes.of_row.back()] == mask) {
      shapes.of_row.push_back(shapes.of_row.back());
      continue;
    }
    const auto [it, is_new] = index.emplace(mask, static_cast<std::uint32_t>(shapes.masks.size()));
    if (is_new) shapes.masks.push_back(mask);
    shapes.of_row.push_back(it->second);
  }
  return shapes;
}

void write_shapes(const Shapes& shapes, int masks_field, int rows_field, wire::MessageWriter& out) {
  out.packed(masks_field, std::span<const std::uint64_t>(shapes.masks));
  if (shapes.masks.size() > 1) {
    out.packed(rows_field, std::span<const std::uint32_t>(shapes.of_row));
  }
}

std::size_t count_varints(Bytes run) {
  return static_cast<std::size_t>(
      std::count_if(run.begin(), run.end(), [](std::uint8_t b) { return b < 0x80; }));
}

fleet::Result<Shapes> read_shapes(Bytes masks, Bytes rows, std::size_t n) {
  const std::size_t count = count_varints(masks);
  if (count > n || (n > 0 && count == 0)) {
    return fleet::Error{std::to_string(count) + " shapes for " + std::to_string(n) + " rows"};
  }
  Shapes shapes;
  const std::uint8_t* at = masks.data();
  for (std::uint64_t mask = 0; shapes.masks.size() < count;) {
    if (!wire::read_varint(at, masks.data() + masks.size(), mask)) {
      return fleet::Error{"the table of shapes is damaged"};
    }
    shapes.masks.push_back(mask);
  }
  if (at != masks.data() + masks.size()) return fleet::Error{"the table of shapes is damaged"};
  if (count > 1 ? count_varints(rows) != n : !rows.empty()) {
    return fleet::Error{"the shapes of rows are not one per row"};
  }
  shapes.of_row.assign(n, 0);
  at = rows.data();
  for (std::size_t i = 0; count > 1 && i < n; ++i) {
    std::uint64_t shape = 0;
    if (!wire::read_varint(at, rows.data() + rows.size(), shape) || shape >= count) {
      return fleet::Error{"row " + std::to_string(i) + " has a shape outside the table"};
    }
    shapes.of_row[i] = static_cast<std::uint32_t>(shape);
  }
  if (count > 1 && at != rows.data() + rows.size()) {
    return fleet::Error{"the shapes of rows are not one per row"};
  }
  if (shapes.value_count() > kMaxFrameValues) {
    return fleet::Error{"more than " + std::to_string(kMaxFrameValues) + " values"};
  }
  return shapes;
}

void write_gaps(std::span<const fleet::Slot> ascending, int field, wire::MessageWriter& out) {
  std::vector<std::uint32_t> gaps;
  gaps.reserve(ascending.size());
  fleet::Slot before = 0;
  for (const fleet::Slot slot : ascending) {
    gaps.push_back(slot - before);
    before = slot;
  }
  out.packed(field, std::span<const std::uint32_t>(gaps));
}

fleet::Result<std::vector<fleet::Slot>> read_gaps(Bytes run, std::size_t n, bool repeats) {
  if (count_varints(run) != n) {
    return fleet::Error{std::to_string(count_varints(run)) + " machines, expected " +
                        std::to_string(n)};
  }
  std::vector<fleet::Slot> slots;
  slots.reserve(n);
  const std::uint8_t* at = run.data();
  const std::uint8_t* const end = at + run.size();
  std::uint64_t slot = 0, gap = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!wire::read_varint(at, end, gap)) return fleet::Error{"the machines are damaged"};
    if (gap >= fleet::kMaxMachines - slot) {
      return fleet::Error{"machine " + std::to_string(i) + " has a slot over " +
                          std::to_string(fleet::kMaxMachines - 1)};
    }
    if (gap == 0 && i > 0 && !repeats) {
      return fleet::Error{"machine slot " + std::to_string(slot) + " comes twice"};
    }
    slot += gap;
    slots.push_back(static_cast<fleet::Slot>(slot));
  }
  if (at != end) return fleet::Error{"the machines are damaged"};
  return slots;
}

fleet::Error column_error(const std::string& name, std::size_t n) {
  return fleet::Error{"column " + name + " does not hold " + std::to_string(n) + " numbers"};
}

namespace {
using PbTick = v1::TickBody;
using PbState = v1::StateBody;
static_assert(int{PbTick::kRowCountFieldNumber} == int{PbState::kMachineCountFieldNumber});
static_assert(int{PbTick::kMachineGapsFieldNumber} == int{PbState::kMachineGapsFieldNumber});
static_assert(int{PbTick::kShapesFieldNumber} == int{PbState::kShapesFieldNumber});
static_assert(int{PbTick::kRowShapesFieldNumber} == int{PbState::kMachineShapesFieldNumber});
}  // namespace

bool RowTable::take(const wire::Field& field) {
  switch (field.number) {
    case PbTick::kRowCountFieldNumber:
      count = field.value;
      return true;
    case PbTick::kMachineGapsFieldNumber:
      gaps = field.bytes;
      return true;
    case PbTick::kShapesFieldNumber:
      shapes = field.bytes;
      return true;
    case PbTick::kRowShapesFieldNumber:
      row_shapes = field.bytes;
      return true;
    default:
      return false;
  }
}

fleet::Result<Shapes> RowTable::read(std::size_t most, const char* rows) const {
  if (count > most || count > gaps.size()) {
    return fleet::Error{std::to_string(count) + ' ' + rows + ", but machines in " +
                        std::to_string(gaps.size()) + " bytes; at most " + std::to_string(most) +
                        " are allowed"};
  }
  return read_shapes(shapes, row_shapes, count);
}

void write_row_table(std::span<const fleet::Slot> slots, const Shapes& shapes,
                     wire::MessageWriter& out) {
  out.number(PbTick::kRowCountFieldNumber, slots.size());
  write_gaps(slots, PbTick::kMachineGapsFieldNumber, out);
  write_shapes(shapes, PbTick::kShapesFieldNumber, PbTick::kRowShapesFieldNumber, out);
}

fleet::Result<void> take_column(wire::Bytes message, wire::Column& to) {
  auto column = wire::read_column(message);
  if (!column) return column.error();
  to = *column;
  return {};
}

fleet::Result<std::vector<std::int64_t>> read_numbers(const Column& column, std::size_t n,
                                                      std::int64_t low, std::int64_t high,
                                                      const char* name) {
  std::vector<std::int64_t> numbers(n, 0);
  bool in_range = true;
  const bool fits = wire::expand(column, n, [&](std::size_t i, std::int64_t v) {
    in_range &= v >= low && v <= high;
    numbers[i] = v;
  });
  if (!fits) return column_error(name, n);
  if (!in_range) {
    return fleet::Error{"column " + std::string(name) + " holds a number outside " +
                        std::to_string(low) + " .. " + std::to_string(high)};
  }
  return numbers;
}

void write_figures(std::span<const fleet::DayFigures> figures, wire::MessageWriter& out) {
  using Pb = v1::MachineFigures;
  std::vector<std::int64_t> numbers;
  const auto column = [&](int field, auto get) {
    numbers.clear();
    for (const fleet::DayFigures& f : figures) numbers.push_back(get(f));
    out.column(field, numbers, Base::median);
  };
  const auto started = [](const fleet::DayFigures& f) { return f.first_start != fleet::kNever; };
  column(Pb::kDayFieldNumber, [](const auto& f) { return f.day; });
  column(Pb::kEngineSFieldNumber, [](const auto& f) { return f.engine_s; });
  column(Pb::kIdleSFieldNumber, [](const auto& f) { return f.idle_s; });
  column(Pb::kFuelDlFieldNumber, [](const auto& f) { return f.fuel_dl; });
  column(Pb::kStartedFieldNumber, started);
  numbers.clear();
  for (const fleet::DayFigures& f : figures) {
    if (started(f)) numbers.push_back(fleet::ms_from_time(f.first_start) - f.day * kDayMs);
  }
  out.column(Pb::kFirstStartFieldNumber, numbers, Base::median);
}

fleet::Result<std::vector<fleet::DayFigures>> read_figures(Bytes message, std::size_t n) {
  using Pb = v1::MachineFigures;
  Column columns[Pb::kFirstStartFieldNumber + 1];
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    if (field.number < Pb::kDayFieldNumber || field.number > Pb::kFirstStartFieldNumber) continue;
    if (auto taken = take_column(field.bytes, columns[field.number]); !taken) return taken.error();
  }
  if (reader.damaged()) return fleet::Error{"the figures are damaged"};
  std::vector<fleet::DayFigures> figures(n);
  const auto fill = [&](int number, std::int64_t high, const char* name,
                        auto set) -> fleet::Result<void> {
    auto numbers = read_numbers(columns[number], n, high == 1 ? 0 : kInt32Min, high, name);
    if (!numbers) return numbers.error();
    for (std::size_t i = 0; i < n; ++i) set(figures[i], static_cast<std::int32_t>((*numbers)[i]));
    return {};
  };
  std::size_t starts = 0;
  for (const auto& result :
       {fill(Pb::kDayFieldNumber, kInt32Max, "day", [](auto&f, auto v) { f.day = v; }),
        fill(Pb::kEngineSFieldNumber, kInt32Max, "engine_s",
             [](auto&f, auto v) { f.engine_s = v; }),
        fill(Pb::kIdleSFieldNumber, kInt32Max, "idle_s", [](auto&f, auto v) { f.idle_s = v; }),
        fill(Pb::kFuelDlFieldNumber, kInt32Max, "fuel_dl", [](auto&f, auto v) { f.fuel_dl = v; }),
        fill(Pb::kStartedFieldNumber, 1, "started", [&](auto&f, auto v) {
          if (v == 1) f.first_start = fleet::Time{}, ++starts;
        })}) {
    if (!result) return result.error();
  }
  auto first = read_numbers(columns[Pb::kFirstStartFieldNumber], starts, -kMaxTimeSpanMs,
                            kMaxTimeSpanMs, "first_start");
  if (!first) return first.error();
  std::size_t next = 0;
  for (fleet::DayFigures& f : figures) {
    if (f.first_start == fleet::kNever) continue;
    f.first_start = fleet::time_from_ms(f.day * kDayMs + (*first)[next++]);
  }
  return figures;
}

fleet::Result<Bytes> gaps_of(Bytes message) {
  Bytes gaps;
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    if (field.number == v1::MachineNumbers::kMachineGapsFieldNumber) gaps = field.bytes;
  }
  if (reader.damaged()) return fleet::Error{"a list of machines is damaged"};
  return gaps;
}

std::string alarm_bytes(const fleet::Alarm& alarm) {
  v1::Alarm out;
  put(out, alarm);
  return out.SerializeAsString();
}

fleet::Result<fleet::Alarm> read_alarm(Bytes message) {
  v1::Alarm in;
  if (!in.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    return fleet::Error{"an alarm is damaged"};
  }
  return alarm_from(in);
}

std::string alarm_event_bytes(const fleet::AlarmEvent& event) {
  v1::AlarmEvent out;
  out.set_kind(static_cast<v1::AlarmEvent::Kind>(event.kind));
  put(*out.mutable_alarm(), event.alarm);
  out.set_at_ms(fleet::ms_from_time(event.at));
  return out.SerializeAsString();
}

fleet::Result<fleet::AlarmEvent> read_alarm_event(Bytes message) {
  v1::AlarmEvent in;
  if (!in.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    return fleet::Error{"an alarm event is damaged"};
  }
  if (in.kind() < 0 || in.kind() > v1::AlarmEvent::CLEARED || !time_in_range(in.at_ms())) {
    return fleet::Error{"an alarm event holds a number outside its range"};
  }
  auto alarm = alarm_from(in.alarm());
  if (!alarm) return alarm.error();
  return fleet::AlarmEvent{static_cast<fleet::AlarmEvent::Kind>(in.kind()), *alarm,
                           fleet::time_from_ms(in.at_ms())};
}

}  // namespace net
