// StateBody: absolute states of machines, as differences down the columns.
#include <algorithm>

#include "fleet/field.hpp"
#include "fleet/mercator.hpp"
#include "net/codec/bodies.hpp"
#include "net/codec/body_parts.hpp"
#include "net/proto/feed.pb.h"

namespace net {
namespace {

using Pb = ::fleetwall::v1::StateBody;
using PbField = ::fleetwall::v1::StateField;
using wire::Base;
using wire::Bytes;
using wire::Column;
using wire::wrapping_add;
using wire::wrapping_sub;

std::int64_t lag(fleet::Time reference, fleet::Time t) {
  return wrapping_sub(fleet::ms_from_time(reference), fleet::ms_from_time(t));
}

void write_field(const fleet::StateBatch& state, const Shapes& shapes, int field,
                 wire::MessageWriter& out) {
  std::vector<int> ranks;
  shapes.ranks(field, ranks);
  std::vector<std::int64_t> steps, steps_y, device, receive;
  std::int64_t before = 0, before_y = 0;
  for (std::size_t i = 0; i < state.machines.size(); ++i) {
    const int rank = ranks[shapes.of_row[i]];
    if (rank < 0) continue;
    const fleet::MachineImage& machine = state.machines[i];
    const fleet::FieldSlot& slot = state.slots[machine.slot_begin + static_cast<unsigned>(rank)];
    std::int64_t value = slot.raw;
    if (field == fleet::kPosition) {
      const fleet::GridPoint at = fleet::unpacked(slot.raw);
      value = at.x;
      steps_y.push_back(at.y - before_y);
      before_y = at.y;
    }
    steps.push_back(wrapping_sub(value, before));
    before = value;
    device.push_back(lag(machine.head.device_time, slot.device_time));
    receive.push_back(lag(machine.head.receive_time, slot.receive_time));
  }
  wire::MessageWriter nested;
  nested.number(PbField::kFieldFieldNumber, static_cast<std::uint64_t>(field));
  nested.column(PbField::kStepFieldNumber, steps, Base::zero);
  nested.column(PbField::kStepYFieldNumber, steps_y, Base::zero);
  nested.column(PbField::kDeviceLagFieldNumber, device, Base::zero);
  nested.column(PbField::kReceiveLagFieldNumber, receive, Base::zero);
  out.message(Pb::kFieldsFieldNumber, nested);
}

void write_heads(const fleet::StateBatch& state, wire::MessageWriter& out) {
  std::vector<std::int64_t> device, receive, period;
  std::vector<fleet::DayFigures> figures;
  for (const fleet::MachineImage& machine : state.machines) {
    device.push_back(lag(state.time, machine.head.device_time));
    receive.push_back(lag(state.time, machine.head.receive_time));
    period.push_back(machine.head.period_ms);
    figures.push_back(machine.figures);
  }
  out.column(Pb::kDeviceLagFieldNumber, device, Base::median);
  out.column(Pb::kReceiveLagFieldNumber, receive, Base::median);
  out.column(Pb::kPeriodMsFieldNumber, period, Base::median);
  wire::MessageWriter nested;
  write_figures(figures, nested);
  out.message(Pb::kFiguresFieldNumber, nested);
}

struct FieldParts {
  Column step, step_y, device_lag, receive_lag;
};
struct StateParts {
  RowTable machines;
  Bytes figures, activity;
  std::optional<Bytes> heat;
  Column device_lag, receive_lag, period;
  std::vector<std::pair<int, FieldParts>> fields;
  std::vector<fleet::Alarm> alarms;
};

fleet::Result<void> add_field(Bytes message, StateParts& parts) {
  std::uint64_t id = 0;
  FieldParts field_parts;
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    Column* to = nullptr;
    switch (field.number) {
      case PbField::kFieldFieldNumber:
        id = field.value;
        break;
      case PbField::kStepFieldNumber:
        to = &field_parts.step;
        break;
      case PbField::kStepYFieldNumber:
        to = &field_parts.step_y;
        break;
      case PbField::kDeviceLagFieldNumber:
        to = &field_parts.device_lag;
        break;
      case PbField::kReceiveLagFieldNumber:
        to = &field_parts.receive_lag;
        break;
      default:
        break;
    }
    if (!to) continue;
    if (auto taken = take_column(field.bytes, *to); !taken) return taken;
  }
  if (reader.damaged()) return fleet::Error{"a field is damaged"};
  if (id >= fleet::kMaxFields ||
      (!parts.fields.empty() && static_cast<int>(id) <= parts.fields.back().first)) {
    return fleet::Error{"field " + std::to_string(id) +
                        " is out of order, expected ascending numbers below 64"};
  }
  parts.fields.emplace_back(static_cast<int>(id), field_parts);
  return {};
}

fleet::Result<void> take_part(const wire::Field& field, StateParts& parts) {
  if (parts.machines.take(field)) return {};
  switch (field.number) {
    case Pb::kFiguresFieldNumber:
      parts.figures = field.bytes;
      break;
    case Pb::kActivityFieldNumber:
      parts.activity = field.bytes;
      break;
    case Pb::kHeatFieldNumber:
      parts.heat = field.bytes;
      break;
    case Pb::kDeviceLagFieldNumber:
      return take_column(field.bytes, parts.device_lag);
    case Pb::kReceiveLagFieldNumber:
      return take_column(field.bytes, parts.receive_lag);
    case Pb::kPeriodMsFieldNumber:
      return take_column(field.bytes, parts.period);
    case Pb::kFieldsFieldNumber:
      return add_field(field.bytes, parts);
    case Pb::kAlarmsFieldNumber: {
      if (parts.alarms.size() >= kMaxFrameAlarms) return fleet::Error{"too many alarms"};
      auto alarm = read_alarm(field.bytes);
      if (!alarm) return alarm.error();
      if (!parts.alarms.empty() && alarm->id <= parts.alarms.back().id) {
        return fleet::Error{"alarms are not in the order of their ids"};
      }
      parts.alarms.push_back(*alarm);
      break;
    }
    default:
      break;
  }
  return {};
}

/// `by` before `than`; notes a time beyond all plausible ones.
fleet::Time earlier(fleet::Time than, std::int64_t by, bool& in_range) {
  const std::int64_t ms = wrapping_sub(fleet::ms_from_time(than), by);
  in_range &= time_in_range(ms);
  return fleet::time_from_ms(ms);
}

fleet::Result<void> read_machines(const StateParts& parts, const Shapes& shapes,
                                  fleet::StateBatch& state) {
  const std::size_t n = shapes.rows();
  auto slots = read_gaps(parts.machines.gaps, n, false);
  if (!slots) return slots.error();
  auto figures = read_figures(parts.figures, n);
  if (!figures) return figures.error();
  auto periods = read_numbers(parts.period, n, 0, INT32_MAX, "period_ms");
  if (!periods) return periods.error();
  wire::ColumnCursor device(parts.device_lag), receive(parts.receive_lag);
  bool in_range = true;
  state.machines.resize(n);
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < n; ++i) {
    fleet::MachineImage& machine = state.machines[i];
    machine.machine = (*slots)[i];
    machine.slot_begin = begin;
    machine.fields = shapes.mask(i);
    machine.head.device_time = earlier(state.time, device.next(), in_range);
    machine.head.receive_time = earlier(state.time, receive.next(), in_range);
    machine.head.period_ms = static_cast<std::int32_t>((*periods)[i]);
    machine.figures = (*figures)[i];
    begin += static_cast<std::uint32_t>(std::popcount(machine.fields));
  }
  if (!device.fits()) return column_error("device_lag", n);
  if (!receive.fits()) return column_error("receive_lag", n);
  if (!in_range) return fleet::Error{"a time is farther off than 2^46 ms"};
  return {};
}

/// Machines whose values are read field after field while their memory lies in the cache.
constexpr std::size_t kMachinesAtOnce = 256;

/// One field of all machines, read a run of machines at a time.
class FieldOfMachines {
 public:
  FieldOfMachines(int field, const FieldParts& parts, const Shapes& shapes)
      : shapes_(shapes),
        field_(field),
        step_(parts.step),
        step_y_(parts.step_y),
        device_lag_(parts.device_lag),
        receive_lag_(parts.receive_lag) {
    shapes.ranks(field, ranks_);
  }

  void read(fleet::StateBatch& state, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const int rank = ranks_[shapes_.of_row[i]];
      if (rank < 0) continue;
      const fleet::MachineImage& machine = state.machines[i];
      fleet::FieldSlot& slot = state.slots[machine.slot_begin + static_cast<unsigned>(rank)];
      slot.raw = sum_ = wrapping_add(sum_, step_.next());
      if (field_ == fleet::kPosition) slot.raw = position();
      slot.device_time = earlier(machine.head.device_time, device_lag_.next(), in_range_);
      slot.receive_time = earlier(machine.head.receive_time, receive_lag_.next(), in_range_);
      ++count_;
    }
  }

  /// After all machines.
  fleet::Result<void> check() const {
    const auto error = [&](const char* column) {
      return column_error(std::string(column) + " of field " + std::to_string(field_), count_);
    };
    if (!step_.fits()) return error("step");
    if (field_ == fleet::kPosition && !step_y_.fits()) return error("step_y");
    if (!on_grid_) return fleet::Error{"a position is off the grid"};
    if (!device_lag_.fits()) return error("device_lag");
    if (!receive_lag_.fits()) return error("receive_lag");
    if (!in_range_) return fleet::Error{"a value's time is farther off than 2^46 ms"};
    return {};
  }

 private:
  std::int64_t position() {
    sum_y_ = wrapping_add(sum_y_, step_y_.next());
    on_grid_ &= sum_ >= 0 && sum_ < fleet::kGridSize && sum_y_ >= 0 && sum_y_ < fleet::kGridSize;
    return fleet::packed({static_cast<std::uint32_t>(sum_), static_cast<std::uint32_t>(sum_y_)});
  }

  const Shapes& shapes_;
  int field_;
  std::vector<int> ranks_;
  wire::ColumnCursor step_, step_y_, device_lag_, receive_lag_;
  std::int64_t sum_ = 0, sum_y_ = 0;
  std::size_t count_ = 0;
  bool on_grid_ = true, in_range_ = true;
};

fleet::Result<void> read_fields(const StateParts& parts, const Shapes& shapes,
                                fleet::StateBatch& state) {
  std::uint64_t missing = shapes.all_fields();
  std::vector<FieldOfMachines> fields;
  fields.reserve(parts.fields.size());
  for (const auto& [field, field_parts] : parts.fields) {
    missing &= ~(std::uint64_t{1} << field);
    fields.emplace_back(field, field_parts, shapes);
  }
  if (missing != 0) {
    return fleet::Error{"field " + std::to_string(std::countr_zero(missing)) +
                        " is in a shape but has no columns"};
  }
  const std::size_t n = shapes.rows();
  for (std::size_t begin = 0; begin < n; begin += kMachinesAtOnce) {
    const std::size_t end = std::min(begin + kMachinesAtOnce, n);
    for (FieldOfMachines& field : fields) field.read(state, begin, end);
  }
  for (const FieldOfMachines& field : fields) {
    if (auto checked = field.check(); !checked) return checked;
  }
  return {};
}

}  // namespace

void write_state_body(const fleet::StateBatch& state, wire::MessageWriter& out) {
  std::vector<std::uint64_t> masks;
  std::vector<fleet::Slot> slots;
  for (const fleet::MachineImage& machine : state.machines) {
    masks.push_back(machine.fields);
    slots.push_back(machine.machine);
  }
  const Shapes shapes = shapes_of(masks);
  write_row_table(slots, shapes, out);
  for (std::uint64_t left = shapes.all_fields(); left != 0; left &= left - 1) {
    write_field(state, shapes, std::countr_zero(left), out);
  }
  write_heads(state, out);
  for (const fleet::Alarm& alarm : state.alarms) {
    out.data(Pb::kAlarmsFieldNumber, alarm_bytes(alarm));
  }
  wire::MessageWriter nested;
  if (state.activity.day != 0) {
    write_activity(state.activity, nested);
    out.message(Pb::kActivityFieldNumber, nested);
  }
  if (!state.heat) return;
  nested.clear();
  write_heat(*state.heat, nested);
  out.message(Pb::kHeatFieldNumber, nested);
}

fleet::Result<void> read_state_body(Bytes body, fleet::StateBatch& state) {
  StateParts parts;
  wire::FieldReader reader(body);
  for (wire::Field field; reader.next(field);) {
    if (auto taken = take_part(field, parts); !taken) return taken;
  }
  if (reader.damaged()) return fleet::Error{"the body is damaged"};
  auto shapes = parts.machines.read(fleet::kMaxMachines, "machines");
  if (!shapes) return shapes.error();
  if (auto machines = read_machines(parts, *shapes, state); !machines) return machines;
  state.alarms = std::move(parts.alarms);
  auto activity = read_activity(parts.activity);
  if (!activity) return activity.error();
  state.activity = *activity;
  if (parts.heat) {
    auto heat = read_heat(*parts.heat);
    if (!heat) return heat.error();
    state.heat = std::move(*heat);
  }
  state.slots.assign(shapes->value_count(), {});
  return read_fields(parts, *shapes, state);
}

}  // namespace net
