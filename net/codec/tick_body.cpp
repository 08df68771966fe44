// TickBody: rows by columns. See feed.proto for what each column holds.
#include <algorithm>

#include "fleet/field.hpp"
#include "fleet/mercator.hpp"
#include "net/codec/bodies.hpp"
#include "net/codec/body_parts.hpp"
#include "net/proto/feed.pb.h"

namespace net {
namespace {

using Pb = ::fleetwall::v1::TickBody;
using wire::Base;
using wire::Bytes;
using wire::Column;

constexpr std::int64_t kHalfGrid = fleet::kGridSize / 2;

void write_receive(const fleet::TickBatch& tick, wire::MessageWriter& out) {
  std::vector<std::int64_t> direct, lag;
  bool resolved = !tick.receive_is_lag;
  for (const fleet::Row& row : tick.rows) {
    direct.push_back(row.receive_ms);
    resolved &= row.device_time != fleet::kNever;
    lag.push_back(fleet::ms_from_time(tick.begin) + row.receive_ms -
                  fleet::ms_from_time(row.device_time));
  }
  const bool use_lag =
      resolved && wire::column_bytes(lag, Base::median) < wire::column_bytes(direct, Base::median);
  out.number(Pb::kReceiveIsLagFieldNumber, tick.receive_is_lag || use_lag);
  out.column(Pb::kReceiveFieldNumber, use_lag ? lag : direct, Base::median);
}

void write_values(const fleet::TickBatch& tick, const Shapes& shapes, wire::MessageWriter& out) {
  std::vector<std::int64_t> numbers, moves_y;
  std::vector<int> ranks;
  for (std::uint64_t left = shapes.all_fields(); left != 0; left &= left - 1) {
    const int field = std::countr_zero(left);
    shapes.ranks(field, ranks);
    numbers.clear();
    for (std::size_t i = 0; i < tick.rows.size(); ++i) {
      const int rank = ranks[shapes.of_row[i]];
      if (rank < 0) continue;
      numbers.push_back(tick.values[tick.rows[i].value_begin + static_cast<std::size_t>(rank)]);
    }
    if (field != fleet::kPosition) {
      out.field_column(Pb::kFieldsFieldNumber, static_cast<std::uint32_t>(field), numbers);
      continue;
    }
    for (std::int64_t& move : numbers) {
      const fleet::GridPoint step = fleet::unpacked(move);
      move = signed_grid(step.x);
      moves_y.push_back(signed_grid(step.y));
    }
    out.column(Pb::kMoveXFieldNumber, numbers, Base::zero);
    out.column(Pb::kMoveYFieldNumber, moves_y, Base::zero);
  }
}

void write_machine_changes(const fleet::TickBatch& tick, wire::MessageWriter& out) {
  const auto by_machine = [](const auto& a, const auto& b) { return a.machine < b.machine; };
  std::vector<fleet::Slot> slots;
  wire::MessageWriter nested;
  if (!tick.periods.empty()) {
    auto periods = tick.periods;
    std::stable_sort(periods.begin(), periods.end(), by_machine);
    std::vector<std::int64_t> numbers;
    for (const auto& p : periods) slots.push_back(p.machine), numbers.push_back(p.period_ms);
    write_gaps(slots, 1, nested);
    nested.column(2, numbers, Base::median);
    out.message(Pb::kPeriodsFieldNumber, nested);
  }
  if (!tick.figures.empty()) {
    auto changes = tick.figures;
    std::stable_sort(changes.begin(), changes.end(), by_machine);
    std::vector<fleet::DayFigures> figures;
    slots.clear();
    nested.clear();
    for (const auto& c : changes) slots.push_back(c.machine), figures.push_back(c.figures);
    write_gaps(slots, 1, nested);
    write_figures(figures, nested);
    write_shares(changes, tick.shares, nested);
    out.message(Pb::kFiguresFieldNumber, nested);
  }
  for (const fleet::AlarmEvent& event : tick.alarms) {
    out.data(Pb::kAlarmsFieldNumber, alarm_event_bytes(event));
  }
  if (tick.activity) {
    nested.clear();
    write_sample(*tick.activity, nested);
    out.message(Pb::kActivityFieldNumber, nested);
  }
  if (tick.lists.empty()) return;
  nested.clear();
  write_fault_lists(tick, nested);
  out.message(Pb::kListsFieldNumber, nested);
}

/// The parts of a TickBody as they lie in its bytes.
struct TickParts {
  RowTable rows;
  Bytes periods, figures, lists;
  bool receive_is_lag = false;
  Column device_offset, receive, move_x, move_y;
  std::vector<std::pair<std::uint32_t, Column>> fields;
  std::vector<fleet::AlarmEvent> alarms;
  std::optional<fleet::ActivitySample> activity;
};

fleet::Result<void> add_field_column(Bytes message, TickParts& parts) {
  std::uint64_t id = 0;
  Column column;
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    if (field.number == 1) id = field.value;
    if (field.number != 2) continue;
    if (auto taken = take_column(field.bytes, column); !taken) return taken;
  }
  if (reader.damaged()) return fleet::Error{"a field column is damaged"};
  const std::uint32_t before = parts.fields.empty() ? 0 : parts.fields.back().first;
  if (id <= before || id >= fleet::kMaxFields) {
    return fleet::Error{"a column of field " + std::to_string(id) + " after one of field " +
                        std::to_string(before) + ", expected ascending numbers below 64"};
  }
  parts.fields.emplace_back(static_cast<std::uint32_t>(id), column);
  return {};
}

fleet::Result<void> take_part(const wire::Field& field, TickParts& parts) {
  if (parts.rows.take(field)) return {};
  switch (field.number) {
    case Pb::kReceiveIsLagFieldNumber:
      parts.receive_is_lag = field.value != 0;
      break;
    case Pb::kPeriodsFieldNumber:
      parts.periods = field.bytes;
      break;
    case Pb::kFiguresFieldNumber:
      parts.figures = field.bytes;
      break;
    case Pb::kListsFieldNumber:
      parts.lists = field.bytes;
      break;
    case Pb::kDeviceOffsetFieldNumber:
      return take_column(field.bytes, parts.device_offset);
    case Pb::kReceiveFieldNumber:
      return take_column(field.bytes, parts.receive);
    case Pb::kMoveXFieldNumber:
      return take_column(field.bytes, parts.move_x);
    case Pb::kMoveYFieldNumber:
      return take_column(field.bytes, parts.move_y);
    case Pb::kFieldsFieldNumber:
      return add_field_column(field.bytes, parts);
    case Pb::kAlarmsFieldNumber: {
      if (parts.alarms.size() >= kMaxFrameAlarms) return fleet::Error{"too many alarm events"};
      auto event = read_alarm_event(field.bytes);
      if (!event) return event.error();
      parts.alarms.push_back(*event);
      break;
    }
    case Pb::kActivityFieldNumber: {
      auto sample = read_sample(field.bytes);
      if (!sample) return sample.error();
      parts.activity = *sample;
      break;
    }
    default:
      break;
  }
  return {};
}

fleet::Result<void> read_rows(const TickParts& parts, const Shapes& shapes,
                              fleet::TickBatch& tick) {
  const std::size_t n = shapes.rows();
  auto slots = read_gaps(parts.rows.gaps, n, true);
  if (!slots) return slots.error();
  std::vector<std::uint32_t> widths;
  for (const std::uint64_t mask : shapes.masks) {
    widths.push_back(static_cast<std::uint32_t>(std::popcount(mask)));
  }
  tick.rows.resize(n);
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t shape = shapes.of_row[i];
    tick.rows[i].machine = (*slots)[i];
    tick.rows[i].value_begin = begin;
    tick.rows[i].fields = shapes.masks[shape];
    begin += widths[shape];
  }
  bool in_range = true;
  const auto check = [&](std::int64_t v) {
    in_range &= v >= -kMaxTimeSpanMs && v <= kMaxTimeSpanMs;
    return v;
  };
  if (!wire::expand(parts.device_offset, n, [&](std::size_t i, std::int64_t v) {
        tick.rows[i].device_offset_ms = check(v);
      })) {
    return column_error("device_offset", n);
  }
  if (!wire::expand(parts.receive, n,
                    [&](std::size_t i, std::int64_t v) { tick.rows[i].receive_ms = check(v); })) {
    return column_error("receive", n);
  }
  if (!in_range) return fleet::Error{"a time is farther off than 2^46 ms"};
  return {};
}

/// Places of one field's values in tick.values, in row order.
class FieldPlaces {
 public:
  FieldPlaces(const Shapes& shapes, const fleet::TickBatch& tick) : shapes_(shapes), tick_(tick) {}

  /// Number of rows that have the field. One shape needs no list.
  std::size_t find(int field) {
    shapes_.ranks(field, ranks_);
    if (shapes_.masks.size() == 1) {
      rank_ = static_cast<std::size_t>(std::max(ranks_[0], 0));
      width_ = static_cast<std::size_t>(std::popcount(shapes_.masks[0]));
      return ranks_[0] < 0 ? 0 : shapes_.rows();
    }
    places_.clear();
    for (std::size_t i = 0; i < shapes_.rows(); ++i) {
      const int rank = ranks_[shapes_.of_row[i]];
      if (rank >= 0) places_.push_back(tick_.rows[i].value_begin + static_cast<unsigned>(rank));
    }
    return places_.size();
  }
  std::size_t operator[](std::size_t entry) const {
    return shapes_.masks.size() == 1 ? entry * width_ + rank_ : places_[entry];
  }

 private:
  const Shapes& shapes_;
  const fleet::TickBatch& tick_;
  std::vector<int> ranks_;
  std::vector<std::uint32_t> places_;
  std::size_t rank_ = 0, width_ = 0;
};

fleet::Result<void> read_moves(const TickParts& parts, std::size_t n, const FieldPlaces& places,
                               fleet::TickBatch& tick) {
  bool in_range = true;
  const auto grid = [&](std::int64_t v) {
    in_range &= v >= -kHalfGrid && v < kHalfGrid;
    return v & std::int64_t{fleet::kGridMask};
  };
  if (!wire::expand(parts.move_x, n,
                    [&](std::size_t i, std::int64_t v) { tick.values[places[i]] = grid(v); })) {
    return column_error("move_x", n);
  }
  if (!wire::expand(parts.move_y, n, [&](std::size_t i, std::int64_t v) {
        tick.values[places[i]] |= grid(v) << fleet::kGridBits;
      })) {
    return column_error("move_y", n);
  }
  if (!in_range) return fleet::Error{"a move is longer than half the world"};
  return {};
}

fleet::Result<void> read_values(const TickParts& parts, const Shapes& shapes,
                                fleet::TickBatch& tick) {
  if (shapes.rows() == 0) return {};
  tick.values.assign(shapes.value_count(), 0);
  FieldPlaces places(shapes, tick);
  const auto moves = read_moves(parts, places.find(fleet::kPosition), places, tick);
  if (!moves) return moves;
  for (const auto& [field, column] : parts.fields) {
    const std::size_t n = places.find(static_cast<int>(field));
    if (!wire::expand(column, n,
                      [&](std::size_t i, std::int64_t v) { tick.values[places[i]] = v; })) {
      return column_error("of field " + std::to_string(field), n);
    }
  }
  return {};
}

fleet::Result<void> read_machine_changes(const TickParts& parts, fleet::TickBatch& tick) {
  auto gaps = gaps_of(parts.periods);
  if (!gaps) return gaps.error();
  const std::size_t n = count_varints(*gaps);
  auto slots = read_gaps(*gaps, n, true);
  if (!slots) return slots.error();
  Column column;
  wire::FieldReader reader(parts.periods);
  for (wire::Field field; reader.next(field);) {
    if (field.number != 2) continue;
    if (auto taken = take_column(field.bytes, column); !taken) return taken;
  }
  auto numbers = read_numbers(column, n, 0, INT32_MAX, "periods");
  if (!numbers) return numbers.error();
  for (std::size_t i = 0; i < n; ++i) {
    tick.periods.push_back({(*slots)[i], static_cast<std::int32_t>((*numbers)[i])});
  }

  gaps = gaps_of(parts.figures);
  if (!gaps) return gaps.error();
  slots = read_gaps(*gaps, count_varints(*gaps), true);
  if (!slots) return slots.error();
  auto figures = read_figures(parts.figures, slots->size());
  if (!figures) return figures.error();
  for (std::size_t i = 0; i < slots->size(); ++i) {
    tick.figures.push_back({(*slots)[i], (*figures)[i]});
  }
  if (auto shares = read_shares(parts.figures, tick.figures, tick.shares); !shares) return shares;
  return read_fault_lists(parts.lists, tick);
}

}  // namespace

void write_tick_body(const fleet::TickBatch& tick, wire::MessageWriter& out) {
  std::vector<std::uint64_t> masks;
  std::vector<fleet::Slot> slots;
  std::vector<std::int64_t> offsets;
  masks.reserve(tick.rows.size());
  slots.reserve(tick.rows.size());
  offsets.reserve(tick.rows.size());
  for (const fleet::Row& row : tick.rows) {
    masks.push_back(row.fields);
    slots.push_back(row.machine);
    offsets.push_back(row.device_offset_ms);
  }
  const Shapes shapes = shapes_of(masks);
  write_row_table(slots, shapes, out);
  out.column(Pb::kDeviceOffsetFieldNumber, offsets, Base::zero);
  write_receive(tick, out);
  write_values(tick, shapes, out);
  write_machine_changes(tick, out);
}

fleet::Result<void> read_tick_body(Bytes body, fleet::TickBatch& tick) {
  TickParts parts;
  wire::FieldReader reader(body);
  for (wire::Field field; reader.next(field);) {
    const auto taken = take_part(field, parts);
    if (!taken) return taken;
  }
  if (reader.damaged()) return fleet::Error{"the body is damaged"};
  auto shapes = parts.rows.read(kMaxTickRows, "rows");
  if (!shapes) return shapes.error();
  tick.receive_is_lag = parts.receive_is_lag;
  tick.alarms = std::move(parts.alarms);
  tick.activity = parts.activity;
  if (auto rows = read_rows(parts, *shapes, tick); !rows) return rows;
  if (auto values = read_values(parts, *shapes, tick); !values) return values;
  return read_machine_changes(parts, tick);
}

}  // namespace net
