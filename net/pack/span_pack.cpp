#include "net/pack/span_pack.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

#include "fleet/mercator.hpp"
#include "net/codec/bodies.hpp"
#include "net/codec/wire.hpp"
#include "net/pack/pack_parts.hpp"
#include "net/pack/span_parts.hpp"

namespace net {
namespace {

constexpr std::int64_t kMaxSlot = fleet::kMaxMachines - 1;

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

}  // namespace

void read_ticks(PackReader& in, fleet::TickSpan& span) {
  const auto count = static_cast<std::size_t>(in.number(1, kMaxPackTicks, "its number of ticks"));
  const std::int64_t epoch = in.number(), number = in.number();
  std::int64_t at = in.number(-kMaxTimeSpanMs, kMaxTimeSpanMs, "its begin");
  const auto gaps = in.column(count, "gaps between ticks");
  const auto lengths = in.column(count, "lengths of ticks");
  if (!in.ok()) return;
  for (std::size_t i = 0; i < count; ++i) {
    const bool good = gaps[i] >= 0 && lengths[i] >= 0 && gaps[i] <= kMaxTimeSpanMs &&
                      lengths[i] <= kMaxTimeSpanMs && at <= kMaxTimeSpanMs;
    if (!good) return in.fail("a tick of it is at no plausible time");
    const std::int64_t begin = at + gaps[i];
    at = begin + lengths[i];
    span.ticks.push_back({{static_cast<std::uint64_t>(epoch),
                           static_cast<std::uint64_t>(number) + static_cast<std::uint64_t>(i)},
                          fleet::time_from_ms(begin),
                          fleet::time_from_ms(at)});
  }
}

namespace {

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

/// The columns of the fields, read one beside the other.
struct FieldRuns {
  std::array<NumberRun, fleet::kMaxFields> numbers;
  NumberRun south;
  bool done() const { return south.done() && std::ranges::all_of(numbers, &NumberRun::done); }
};

FieldRuns read_fields(PackReader& in, fleet::FieldMask fields) {
  FieldRuns runs;
  for (fleet::FieldMask left = fields; left != 0; left &= left - 1) {
    const int field = std::countr_zero(left);
    runs.numbers[static_cast<std::size_t>(field)] = in.run();
    if (field == fleet::kPosition) runs.south = in.run();
  }
  return runs;
}

/// Row by row: each column is read from its beginning to its end, and the values are written so.
void read_values(PackReader& in, std::size_t count, fleet::FieldMask fields,
                 fleet::TickBatch& all) {
  FieldRuns runs = read_fields(in, fields);
  if (!in.ok()) return;
  all.values.reserve(count);
  for (const fleet::Row& row : all.rows) {
    fleet::FieldMask left = row.fields;
    if (left & 1) {  // the position
      const std::int64_t east = runs.numbers[fleet::kPosition].next();
      all.values.push_back(grid_move(east, runs.south.next()));
      left &= left - 1;
    }
    for (; left != 0; left &= left - 1)
      all.values.push_back(runs.numbers[static_cast<std::size_t>(std::countr_zero(left))].next());
  }
  if (!runs.done()) in.fail("a column of values is not as long as it must be");
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

void read_rows(PackReader& in, fleet::TickSpan& span) {
  std::vector<fleet::Slot> machines;
  read_runs(in, span.ticks.size(), machines, span.row_ticks);
  const auto masks = in.column();
  const std::size_t n = machines.size();
  NumberRun shapes = in.run(n, "shapes"), offsets = in.run(n, "device times"),
            lags = in.run(n, "receive times");
  if (!in.ok()) return;
  if (std::ssize(machines) > kMaxPackRows) return in.fail("it holds too many reports");
  std::vector<fleet::Row>& rows = span.all.rows;
  rows.reserve(n);
  std::size_t values = 0;
  fleet::FieldMask fields = 0;
  for (const fleet::Slot machine : machines) {
    const auto shape = static_cast<std::size_t>(shapes.next());
    if (shape >= masks.size()) return in.fail("a row of it has no shape");
    fleet::Row& row = rows.emplace_back();
    row.machine = machine;
    row.fields = static_cast<fleet::FieldMask>(masks[shape]);
    row.value_begin = static_cast<std::uint32_t>(values);
    row.device_offset_ms = offsets.next();
    row.receive_ms = lags.next();
    values += static_cast<std::size_t>(std::popcount(row.fields));
    fields |= row.fields;
  }
  if (values > kMaxPackNumbers) return in.fail("it holds too many values");
  if (!shapes.done() || !offsets.done() || !lags.done())
    return in.fail("a column of times is damaged");
  read_values(in, values, fields, span.all);
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

}  // namespace

void read_periods(PackReader& in, fleet::TickSpan& span) {
  read_ascending(in, span.ticks.size(), span.period_ticks);
  const std::size_t n = span.period_ticks.size();
  const auto machines = in.column(n, "machines of periods");
  const auto periods = in.column(n, "periods");
  for (std::size_t i = 0; i < n && in.ok(); ++i) {
    if (machines[i] < 0 || machines[i] > kMaxSlot || periods[i] < 0 || periods[i] > INT32_MAX)
      return in.fail("a period of it is out of range");
    span.all.periods.push_back(
        {static_cast<fleet::Slot>(machines[i]), static_cast<std::int32_t>(periods[i])});
  }
}

namespace {

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

}  // namespace

void read_alarm_events(PackReader& in, fleet::TickSpan& span) {
  read_ascending(in, span.ticks.size(), span.alarm_ticks);
  const std::size_t n = span.alarm_ticks.size();
  const auto kinds = in.column(n, "kinds of alarm events");
  const auto at = in.column(n, "times of alarm events");
  const std::vector<fleet::Alarm> alarms = read_alarms(in);
  if (in.ok() && alarms.size() != n) in.fail("alarm events of it lack their alarms");
  for (std::size_t i = 0; i < n && in.ok(); ++i) {
    if (kinds[i] < 0 || kinds[i] > 2 || !time_in_range(at[i]))
      return in.fail("an alarm event of it is out of range");
    span.all.alarms.push_back(
        {static_cast<fleet::AlarmEvent::Kind>(kinds[i]), alarms[i], fleet::time_from_ms(at[i])});
  }
}

namespace {

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

void read_activity(PackReader& in, fleet::TickSpan& span) {
  std::vector<std::uint32_t> ticks;
  read_ascending(in, span.ticks.size(), ticks);
  const auto days = in.column(ticks.size(), "days"), steps = in.column(ticks.size(), "steps"),
             working = in.column(ticks.size(), "machines at work");
  for (std::size_t i = 0; i < ticks.size() && in.ok(); ++i) {
    const bool good = days[i] >= -fleet::kMaxActivityDay && days[i] <= fleet::kMaxActivityDay &&
                      steps[i] >= 0 && steps[i] < fleet::kActivitySteps && working[i] >= 0 &&
                      working[i] <= std::int64_t{fleet::kMaxMachines};
    if (!good) return in.fail("a sample of activity of it is out of range");
    span.activity.push_back(
        {ticks[i],
         {static_cast<std::int32_t>(days[i]), static_cast<std::int32_t>(steps[i]),
          static_cast<std::int32_t>(working[i])}});
  }
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

fleet::Result<fleet::TickSpan> unpack_rows(std::string_view rows) {
  PackReader in(rows, kMaxPackNumbers);
  fleet::TickSpan span;
  span.all.receive_is_lag = true;
  read_ticks(in, span);
  read_rows(in, span);
  read_periods(in, span);
  read_alarm_events(in, span);
  read_activity(in, span);
  read_fault_lists(in, span);
  if (auto done = in.finish(); !done) return done.error();
  return span;
}

fleet::Result<void> unpack_figures(std::string_view packed, std::vector<fleet::DayFigures>& held,
                                   fleet::TickSpan& span) {
  PackReader in(packed, kMaxPackNumbers);
  read_figures(in, span, held);
  return in.finish();
}

}  // namespace net
