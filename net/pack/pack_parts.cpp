#include "net/pack/pack_parts.hpp"

#include <algorithm>

#include "net/codec/body_parts.hpp"

namespace net {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

/// How a first start stands to the one before.
enum StartKind : std::int64_t { kAsBefore = 0, kNone = 1, kTold = 2 };

bool fits_int32(std::int64_t v) {
  return v >= INT32_MIN && v <= INT32_MAX;
}

}  // namespace

void write_ascending(std::span<const std::uint32_t> numbers, PackWriter& out) {
  std::vector<std::int64_t> gaps;
  gaps.reserve(numbers.size());
  std::int64_t before = 0;
  for (const std::uint32_t number : numbers) {
    gaps.push_back(number - before);
    before = number;
  }
  out.column(gaps);
}

void read_ascending(PackReader& in, std::size_t limit, std::vector<std::uint32_t>& numbers,
                    std::size_t most) {
  NumberRun gaps = in.run();
  numbers.clear();
  if (gaps.size() > most) return in.fail("it holds too many entries");
  numbers.reserve(gaps.size());
  std::int64_t at = 0;
  while (numbers.size() < gaps.size()) {
    const std::int64_t gap = gaps.next();
    if (gap < 0 || gap >= static_cast<std::int64_t>(limit) - at)
      return in.fail("a place in it is out of range");
    at += gap;
    numbers.push_back(static_cast<std::uint32_t>(at));
  }
}

void write_runs(std::span<const fleet::Slot> machines, std::span<const std::uint32_t> ticks,
                PackWriter& out) {
  std::vector<std::uint32_t> distinct;
  std::vector<std::int64_t> counts, firsts, gaps;
  for (std::size_t i = 0; i < machines.size(); ++i) {
    if (i > 0 && machines[i] == machines[i - 1]) {
      ++counts.back();
      gaps.push_back(std::int64_t{ticks[i]} - ticks[i - 1]);
      continue;
    }
    distinct.push_back(machines[i]);
    counts.push_back(1);
    firsts.push_back(ticks[i]);
  }
  write_ascending(distinct, out);
  out.column(counts);
  out.column(firsts);
  out.column(gaps);
}

EntryRuns::EntryRuns(PackReader& in) {
  read_ascending(in, fleet::kMaxMachines, machines_, fleet::kMaxMachines);
  counts_ = in.run(machines_.size(), "entries of machines");
  firsts_ = in.run(machines_.size(), "first ticks");
  gaps_ = in.run();
  gaps_left_ = gaps_.size();
  size_ = machines_.size() + gaps_.size();
  if (size_ > kMaxPackRows) in.fail("it holds too many entries");
  for (std::size_t i = 1; i < machines_.size(); ++i)
    if (machines_[i] == machines_[i - 1]) in.fail("it tells of a machine twice");
}

bool EntryRuns::read(std::size_t tick_count, std::vector<std::uint32_t>& ticks) {
  ++next_;
  const std::int64_t count = counts_.next();
  if (count < 1 || count - 1 > static_cast<std::int64_t>(gaps_left_)) return false;
  gaps_left_ -= static_cast<std::size_t>(count - 1);
  const auto limit = static_cast<std::int64_t>(tick_count);
  std::int64_t tick = firsts_.next();
  if (tick < 0 || tick >= limit) return false;
  ticks.push_back(static_cast<std::uint32_t>(tick));
  for (std::int64_t left = count - 1; left > 0; --left) {
    const std::int64_t gap = gaps_.next();
    if (gap < 0 || gap >= limit - tick) return false;
    tick += gap;
    ticks.push_back(static_cast<std::uint32_t>(tick));
  }
  return true;
}

bool EntryRuns::done() const {
  return next_ == machines_.size() && counts_.done() && firsts_.done() && gaps_.done();
}

void write_alarms(std::span<const fleet::Alarm> alarms, PackWriter& out) {
  out.number(static_cast<std::int64_t>(alarms.size()));
  for (const fleet::Alarm& alarm : alarms) out.bytes(alarm_bytes(alarm));
}

std::vector<fleet::Alarm> read_alarms(PackReader& in) {
  std::vector<fleet::Alarm> alarms;
  const std::int64_t count = in.number(0, kMaxFrameAlarms, "its number of alarms");
  for (std::int64_t i = 0; i < count && in.ok(); ++i) {
    const std::string bytes = in.bytes();
    auto alarm = read_alarm({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    if (!alarm) {
      in.fail(alarm.error().what);
      break;
    }
    alarms.push_back(*alarm);
  }
  return alarms;
}

void write_figure_steps(std::span<const fleet::DayFigures> before,
                        std::span<const fleet::DayFigures> after, PackWriter& out) {
  std::vector<std::int64_t> day, engine, idle, fuel, start_kind, start;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const fleet::DayFigures &a = before[i], &b = after[i];
    const bool new_day = a.day != b.day;  // everything begins anew
    day.push_back(std::int64_t{b.day} - a.day);
    engine.push_back(std::int64_t{b.engine_s} - (new_day ? 0 : a.engine_s));
    idle.push_back(std::int64_t{b.idle_s} - (new_day ? 0 : a.idle_s));
    fuel.push_back(std::int64_t{b.fuel_dl} - (new_day ? 0 : a.fuel_dl));
    const bool same = b.first_start == (new_day ? fleet::kNever : a.first_start);
    start_kind.push_back(same ? kAsBefore : b.first_start == fleet::kNever ? kNone : kTold);
    if (start_kind.back() == kTold)
      start.push_back(fleet::ms_from_time(b.first_start) - kDayMs * b.day);
  }
  for (const auto* column : {&day, &engine, &idle, &fuel, &start_kind, &start}) out.column(*column);
}

FigureSteps::FigureSteps(PackReader& in, std::size_t count) {
  const char* const what = "figures";
  day_ = in.run(count, what);
  engine_ = in.run(count, what);
  idle_ = in.run(count, what);
  fuel_ = in.run(count, what);
  start_kind_ = in.run(count, what);
  start_ = in.run();
}

bool FigureSteps::read(const fleet::DayFigures& before, fleet::DayFigures& after) {
  const std::int64_t days = day_.next();
  const fleet::DayFigures from =
      days == 0 ? before : fleet::DayFigures{before.day, 0, 0, 0, fleet::kNever};
  const std::int64_t day = wire::wrapping_add(from.day, days),
                     engine = wire::wrapping_add(from.engine_s, engine_.next()),
                     idle = wire::wrapping_add(from.idle_s, idle_.next()),
                     fuel = wire::wrapping_add(from.fuel_dl, fuel_.next());
  const std::int64_t kind = start_kind_.next();
  fleet::Time start = kind == kNone ? fleet::kNever : from.first_start;
  if (kind < kAsBefore || kind > kTold || !fits_int32(day) || !fits_int32(engine) ||
      !fits_int32(idle) || !fits_int32(fuel))
    return false;
  if (kind == kTold) {
    const std::int64_t ms = start_.next();
    if (ms < -kMaxTimeSpanMs || ms > kMaxTimeSpanMs) return false;
    start = fleet::time_from_ms(kDayMs * day + ms);
  }
  after = {static_cast<std::int32_t>(day), static_cast<std::int32_t>(engine),
           static_cast<std::int32_t>(idle), static_cast<std::int32_t>(fuel), start};
  return true;
}

bool FigureSteps::done() const {
  return day_.done() && engine_.done() && idle_.done() && fuel_.done() && start_kind_.done() &&
         start_.done();
}

namespace {

void write_shares(const fleet::TickBatch& all, PackWriter& out) {
  std::vector<std::int64_t> counts, dx, dy, hours, seconds;
  for (const fleet::FiguresChange& change : all.figures) {
    counts.push_back(change.share_count);
    for (std::uint32_t i = 0; i < change.share_count; ++i) {
      const fleet::HeatShare& share = all.shares[change.share_begin + i];
      dx.push_back(share.dx);
      dy.push_back(share.dy);
      hours.push_back(share.hour);
      // What the last one has is what is left.
      seconds.push_back(i + 1 == change.share_count ? 0 : share.seconds);
    }
  }
  for (const auto* column : {&counts, &dx, &dy, &hours, &seconds}) out.column(*column);
}

}  // namespace

void write_figures(const fleet::TickSpan& span, std::span<const fleet::DayFigures> figures,
                   PackWriter& out) {
  std::vector<fleet::Slot> machines;
  std::vector<fleet::DayFigures> before, after;
  for (const fleet::FiguresChange& change : span.all.figures) {
    const bool follows = !machines.empty() && machines.back() == change.machine;
    const bool known = change.machine < figures.size();
    before.push_back(follows ? after.back()
                     : known ? figures[change.machine]
                             : fleet::DayFigures());
    after.push_back(change.figures);
    machines.push_back(change.machine);
  }
  write_runs(machines, span.figure_ticks, out);
  write_figure_steps(before, after, out);
  write_shares(span.all, out);
}

}  // namespace net
