#include "net/pack/span_pack.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

#include "fleet/mercator.hpp"
#include "net/codec/bodies.hpp"
#include "net/codec/wire.hpp"
#include "net/pack/pack_parts.hpp"

namespace net {
namespace {

void write_ticks(const fleet::TickSpan& span, PackWriter& out) {
  const fleet::TickSpan::Head& first = span.ticks.front();
  out.number(static_cast<std::int64_t>(span.ticks.size()));
  out.number(static_cast<std::int64_t>(first.position.epoch));
  out.number(static_cast<std::int64_t>(first.position.number));
  out.number(fleet::ms_from_time(first.begin));
  std::vector<std::int64_t> gaps, lengths;
  fleet::Time before = first.begin;
  for (const fleet::TickSpan::Head& head : span.ticks) {
    gaps.push_back((head.begin - before).count());
    lengths.push_back((head.end - head.begin).count());
    before = head.end;
  }
  out.column(gaps);
  out.column(lengths);
}

void write_shapes(const std::vector<fleet::Row>& rows, PackWriter& out) {
  std::vector<std::int64_t> masks, of_row;
  for (const fleet::Row& row : rows) {
    const auto mask = static_cast<std::int64_t>(row.fields);
    auto place = std::ranges::find(masks, mask);
    if (place == masks.end()) place = masks.insert(place, mask);
    of_row.push_back(place - masks.begin());
  }
  out.column(masks);
  out.column(of_row);
}

/// Calls f(place of the value in `values`) for every row that has the field, in order of rows.
template <class F>
void for_values_of(int field, const std::vector<fleet::Row>& rows, F&& f) {
  const fleet::FieldMask bit = fleet::FieldMask{1} << field;
  for (const fleet::Row& row : rows) {
    if ((row.fields & bit) == 0) continue;
    f(row.value_begin + static_cast<std::size_t>(std::popcount(row.fields & (bit - 1))));
  }
}

fleet::FieldMask fields_of(const std::vector<fleet::Row>& rows) {
  fleet::FieldMask all = 0;
  for (const fleet::Row& row : rows) all |= row.fields;
  return all;
}

void write_values(const fleet::TickBatch& all, PackWriter& out) {
  std::vector<std::int64_t> numbers, south;
  for (fleet::FieldMask left = fields_of(all.rows); left != 0; left &= left - 1) {
    const int field = std::countr_zero(left);
    numbers.clear();
    for_values_of(field, all.rows, [&](std::size_t i) { numbers.push_back(all.values[i]); });
    if (field == fleet::kPosition) {
      south.clear();
      for (std::int64_t& move : numbers) {
        const fleet::GridPoint step = fleet::unpacked(move);
        move = signed_grid(step.x);
        south.push_back(signed_grid(step.y));
      }
      out.column(numbers);
      out.column(south);
      continue;
    }
    out.column(numbers);
  }
}

void write_rows(const fleet::TickSpan& span, PackWriter& out) {
  const std::vector<fleet::Row>& rows = span.all.rows;
  std::vector<fleet::Slot> machines;
  std::vector<std::int64_t> offsets, lags;
  for (const fleet::Row& row : rows) {
    machines.push_back(row.machine);
    offsets.push_back(row.device_offset_ms);
    lags.push_back(row.receive_ms);
  }
  write_runs(machines, span.row_ticks, out);
  write_shapes(rows, out);
  out.column(offsets);
  out.column(lags);
  write_values(span.all, out);
}

void write_periods(const fleet::TickSpan& span, PackWriter& out) {
  std::vector<std::int64_t> machines, periods;
  for (const fleet::PeriodChange& change : span.all.periods) {
    machines.push_back(change.machine);
    periods.push_back(change.period_ms);
  }
  write_ascending(span.period_ticks, out);
  out.column(machines);
  out.column(periods);
}

void write_alarms(const fleet::TickSpan& span, PackWriter& out) {
  std::vector<std::int64_t> kinds, at;
  std::vector<fleet::Alarm> alarms;
  for (const fleet::AlarmEvent& event : span.all.alarms) {
    kinds.push_back(static_cast<std::int64_t>(event.kind));
    at.push_back(fleet::ms_from_time(event.at));
    alarms.push_back(event.alarm);
  }
  write_ascending(span.alarm_ticks, out);
  out.column(kinds);
  out.column(at);
  write_alarms(alarms, out);
}

void write_activity(const fleet::TickSpan& span, PackWriter& out) {
  std::vector<std::uint32_t> ticks;
  std::vector<std::int64_t> days, steps, working;
  for (const auto& [tick, sample] : span.activity) {
    ticks.push_back(tick);
    days.push_back(sample.day);
    steps.push_back(sample.step);
    working.push_back(sample.working);
  }
  write_ascending(ticks, out);
  for (const auto* column : {&days, &steps, &working}) out.column(*column);
}

}  // namespace

PackedSpan pack_span(const fleet::TickSpan& span, std::span<const fleet::DayFigures> figures,
                     int level) {
  assert(!span.ticks.empty() && span.all.receive_is_lag);
  PackWriter out(level);
  write_ticks(span, out);
  write_rows(span, out);
  write_periods(span, out);
  write_alarms(span, out);
  write_activity(span, out);
  write_fault_lists(span, out);
  PackedSpan packed;
  packed.rows = out.take();
  write_figures(span, figures, out);
  packed.figures = out.take();
  return packed;
}

}  // namespace net
