#include "net/pack/span_read.hpp"

#include <algorithm>
#include <bit>

#include "net/codec/wire.hpp"
#include "net/pack/span_pack.hpp"
#include "net/pack/span_parts.hpp"

namespace net {
namespace {

constexpr std::int64_t kMaxSlot = fleet::kMaxMachines - 1;

bool fits_int32(std::int64_t v) {
  return v >= INT32_MIN && v <= INT32_MAX;
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

fleet::Result<SpanRows> SpanRows::open(std::string_view part, std::size_t most_numbers) {
  PackReader in(part, most_numbers);
  SpanRows rows;
  rows.rest_.all.receive_is_lag = true;
  read_ticks(in, rows.rest_);
  rows.open_rows(in);
  rows.open_fields(in);
  read_periods(in, rows.rest_);
  read_alarm_events(in, rows.rest_);
  read_activity(in, rows.rest_);
  read_fault_lists(in, rows.rest_);
  if (auto done = in.finish(); !done) return done.error();
  return rows;
}

void SpanRows::open_rows(PackReader& in) {
  runs_ = EntryRuns(in);
  for (const std::int64_t mask : in.column()) {
    const auto fields = static_cast<fleet::FieldMask>(mask);
    shapes_known_.push_back({fields, static_cast<std::size_t>(std::popcount(fields))});
  }
  const std::size_t n = runs_.size();
  shapes_ = in.run(n, "shapes");
  offsets_ = in.run(n, "device times");
  lags_ = in.run(n, "receive times");
}

void SpanRows::open_fields(PackReader& in) {
  fleet::FieldMask all = 0;
  for (const Shape& shape : shapes_known_) all |= shape.fields;
  for (fleet::FieldMask left = all; left != 0 && in.ok(); left &= left - 1) {
    const int field = std::countr_zero(left);
    numbers_[static_cast<std::size_t>(field)] = in.run();
    if (field == fleet::kPosition) south_ = in.run();
  }
}

fleet::Result<void> SpanRows::read(std::vector<fleet::Row>& rows, std::vector<std::uint32_t>& ticks,
                                   std::vector<std::int64_t>& values) {
  const fleet::Slot machine = runs_.machine();
  const std::size_t first = ticks.size();
  if (!runs_.read(rest_.ticks.size(), ticks)) return fleet::Error{"a report of it is of no tick"};
  for (std::size_t i = first; i < ticks.size(); ++i) {
    const auto number = static_cast<std::size_t>(shapes_.next());
    if (number >= shapes_known_.size()) return fleet::Error{"a report of it has no shape"};
    const Shape& shape = shapes_known_[number];
    if (shape.count > values_left_) return fleet::Error{"it holds too many values"};
    values_left_ -= shape.count;
    fleet::Row& row = rows.emplace_back();
    row.machine = machine;
    row.fields = shape.fields;
    row.value_begin = static_cast<std::uint32_t>(values.size());
    row.device_offset_ms = offsets_.next();
    row.receive_ms = lags_.next();
    values.resize(values.size() + shape.count);
    read_values(shape.fields, values.data() + row.value_begin);
  }
  return {};
}

void SpanRows::read_values(fleet::FieldMask fields, std::int64_t* to) {
  if (fields & 1) {  // the position
    const std::int64_t east = numbers_[fleet::kPosition].next();
    *to++ = grid_move(east, south_.next());
    fields &= fields - 1;
  }
  for (; fields != 0; fields &= fields - 1)
    *to++ = numbers_[static_cast<std::size_t>(std::countr_zero(fields))].next();
}

fleet::Result<void> SpanRows::finish() const {
  const bool done = runs_.done() && shapes_.done() && offsets_.done() && lags_.done() &&
                    south_.done() && std::ranges::all_of(numbers_, &NumberRun::done);
  if (!done) return fleet::Error{"a column of it is not as long as it must be"};
  return {};
}

fleet::Result<SpanFigures> SpanFigures::open(std::string_view part, std::size_t ticks,
                                             std::size_t most_numbers) {
  PackReader in(part, most_numbers);
  SpanFigures figures;
  figures.tick_count_ = ticks;
  figures.runs_ = EntryRuns(in);
  const std::size_t n = figures.runs_.size();
  figures.steps_ = FigureSteps(in, n);
  figures.counts_ = in.run(n, "shares of heat");
  figures.dx_ = in.run();
  const std::size_t shares = figures.dx_.size();
  figures.dy_ = in.run(shares, "shares");
  figures.hours_ = in.run(shares, "shares");
  figures.seconds_ = in.run(shares, "shares");
  if (auto done = in.finish(); !done) return done.error();
  return figures;
}

bool SpanFigures::read_shares(fleet::FiguresChange& change, std::vector<fleet::HeatShare>& shares) {
  const std::int64_t count = counts_.next();
  if (count < 0 || count > static_cast<std::int64_t>(kMaxSharesOfMachine)) return false;
  change.share_begin = static_cast<std::uint32_t>(shares.size());
  change.share_count = static_cast<std::uint32_t>(count);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t dx = dx_.next(), dy = dy_.next(), hour = hours_.next(),
                       seconds = seconds_.next();
    const bool good = fits_int32(dx) && fits_int32(dy) && hour >= 0 &&
                      hour <= fleet::kUnknownHour && fits_int32(seconds);
    if (!good) return false;
    shares.push_back({static_cast<std::int32_t>(dx), static_cast<std::int32_t>(dy),
                      static_cast<std::uint8_t>(hour), static_cast<std::int32_t>(seconds)});
  }
  return true;
}

fleet::Result<void> SpanFigures::read(const fleet::DayFigures& before,
                                      std::vector<fleet::FiguresChange>& changes,
                                      std::vector<std::uint32_t>& ticks,
                                      std::vector<fleet::HeatShare>& shares) {
  const fleet::Slot machine = runs_.machine();
  const std::size_t first = ticks.size();
  if (!runs_.read(tick_count_, ticks)) return fleet::Error{"a change of its figures is of no tick"};
  fleet::DayFigures held = before;
  for (std::size_t i = first; i < ticks.size(); ++i) {
    fleet::FiguresChange& change = changes.emplace_back();
    change.machine = machine;
    if (!steps_.read(held, change.figures)) return fleet::Error{"figures of it are out of range"};
    held = change.figures;
    if (!read_shares(change, shares)) return fleet::Error{"a share of heat of it is out of range"};
  }
  return {};
}

fleet::Result<void> SpanFigures::finish() const {
  const bool done = runs_.done() && steps_.done() && counts_.done() && dx_.done() && dy_.done() &&
                    hours_.done() && seconds_.done();
  if (!done) return fleet::Error{"a column of it is not as long as it must be"};
  return {};
}

fleet::Result<fleet::TickSpan> unpack_rows(std::string_view part, std::size_t most_numbers) {
  auto rows = SpanRows::open(part, most_numbers);
  if (!rows) return rows.error();
  fleet::TickSpan span = rows->rest();
  span.all.rows.reserve(rows->reports());
  span.row_ticks.reserve(rows->reports());
  while (rows->machine() != EntryRuns::kNoMachine) {
    auto read = rows->read(span.all.rows, span.row_ticks, span.all.values);
    if (!read) return read.error();
  }
  if (auto finished = rows->finish(); !finished) return finished.error();
  return span;
}

fleet::Result<void> unpack_figures(std::string_view packed, std::vector<fleet::DayFigures>& held,
                                   fleet::TickSpan& span, std::size_t most_numbers) {
  auto figures = SpanFigures::open(packed, span.ticks.size(), most_numbers);
  if (!figures) return figures.error();
  std::vector<fleet::FiguresChange>& changes = span.all.figures;
  for (fleet::Slot m = figures->machine(); m != EntryRuns::kNoMachine; m = figures->machine()) {
    if (m >= held.size()) held.resize(std::size_t{m} + 1);
    auto read = figures->read(held[m], changes, span.figure_ticks, span.all.shares);
    if (!read) return read;
    held[m] = changes.back().figures;
  }
  return figures->finish();
}

}  // namespace net
