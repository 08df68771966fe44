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

void read_ascending(PackReader& in, std::size_t limit, std::vector<std::uint32_t>& numbers) {
  NumberRun gaps = in.run();
  numbers.clear();
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

void read_runs(PackReader& in, std::size_t tick_count, std::vector<fleet::Slot>& machines,
               std::vector<std::uint32_t>& ticks) {
  std::vector<std::uint32_t> distinct;
  read_ascending(in, fleet::kMaxMachines, distinct);
  const auto counts = in.column(distinct.size(), "entries of machines");
  const auto firsts = in.column(distinct.size(), "first ticks");
  NumberRun gaps = in.run();
  if (!in.ok()) return;
  machines.reserve(distinct.size() + gaps.size());
  ticks.reserve(distinct.size() + gaps.size());
  std::size_t gaps_left = gaps.size();
  const auto limit = static_cast<std::int64_t>(tick_count);
  for (std::size_t m = 0; m < distinct.size(); ++m) {
    std::int64_t tick = firsts[m];
    if (counts[m] < 1 || counts[m] - 1 > static_cast<std::int64_t>(gaps_left))
      return in.fail("a machine of it has too many entries");
    gaps_left -= static_cast<std::size_t>(counts[m] - 1);
    for (std::int64_t left = counts[m];;) {
      if (tick < 0 || tick >= limit) return in.fail("an entry of it is of no tick");
      machines.push_back(distinct[m]);
      ticks.push_back(static_cast<std::uint32_t>(tick));
      if (--left == 0) break;
      const std::int64_t gap = gaps.next();
      if (gap < 0 || gap >= limit) return in.fail("an entry of it is of no tick");
      tick += gap;
    }
  }
  if (!gaps.done()) in.fail("it has entries of no machine");
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

FigureSteps::FigureSteps(PackReader& in, std::size_t count) : in_(in) {
  const char* const what = "figures";
  day_ = in.column(count, what);
  engine_ = in.column(count, what);
  idle_ = in.column(count, what);
  fuel_ = in.column(count, what);
  start_kind_ = in.column(count, what);
  start_ = in.column();
}

fleet::DayFigures FigureSteps::after(const fleet::DayFigures& before) {
  if (!in_.ok()) return {};
  const std::size_t i = next_++;
  fleet::DayFigures from = before;
  if (day_[i] != 0) from = {before.day, 0, 0, 0, fleet::kNever};
  const std::int64_t day = wire::wrapping_add(from.day, day_[i]),
                     engine = wire::wrapping_add(from.engine_s, engine_[i]),
                     idle = wire::wrapping_add(from.idle_s, idle_[i]),
                     fuel = wire::wrapping_add(from.fuel_dl, fuel_[i]);
  bool good = fits_int32(day) && fits_int32(engine) && fits_int32(idle) && fits_int32(fuel);
  fleet::Time start = from.first_start;
  if (start_kind_[i] == kNone) start = fleet::kNever;
  if (start_kind_[i] == kTold) {
    good &= next_start_ < start_.size() && start_[next_start_] >= -kMaxTimeSpanMs &&
            start_[next_start_] <= kMaxTimeSpanMs;
    if (good) start = fleet::time_from_ms(kDayMs * day + start_[next_start_++]);
  } else if (start_kind_[i] != kAsBefore && start_kind_[i] != kNone) {
    good = false;
  }
  if (!good) {
    in_.fail("figures of it are out of range");
    return {};
  }
  return {static_cast<std::int32_t>(day), static_cast<std::int32_t>(engine),
          static_cast<std::int32_t>(idle), static_cast<std::int32_t>(fuel), start};
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

void read_shares(PackReader& in, fleet::TickBatch& all) {
  const auto counts = in.column(all.figures.size(), "shares of heat");
  const auto dx = in.column();
  const std::size_t n = dx.size();
  const auto dy = in.column(n, "shares"), hours = in.column(n, "shares"),
             seconds = in.column(n, "shares");
  if (!in.ok()) return;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0 || counts[i] > kMaxSharesOfMachine || begin + counts[i] > n)
      return in.fail("it has too many shares of heat");
    all.figures[i].share_begin = static_cast<std::uint32_t>(begin);
    all.figures[i].share_count = static_cast<std::uint32_t>(counts[i]);
    begin += static_cast<std::size_t>(counts[i]);
  }
  if (begin != n) return in.fail("it has shares of heat of no figures");
  all.shares.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    const bool good = fits_int32(dx[i]) && fits_int32(dy[i]) && hours[i] >= 0 &&
                      hours[i] <= fleet::kUnknownHour && fits_int32(seconds[i]);
    if (!good) return in.fail("a share of heat of it is out of range");
    all.shares.push_back({static_cast<std::int32_t>(dx[i]), static_cast<std::int32_t>(dy[i]),
                          static_cast<std::uint8_t>(hours[i]),
                          static_cast<std::int32_t>(seconds[i])});
  }
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

void read_figures(PackReader& in, fleet::TickSpan& span, std::vector<fleet::DayFigures>& figures) {
  std::vector<fleet::Slot> machines;
  read_runs(in, span.ticks.size(), machines, span.figure_ticks);
  if (in.ok() && !machines.empty() && machines.back() >= figures.size())
    figures.resize(std::size_t{machines.back()} + 1);
  FigureSteps steps(in, machines.size());
  for (std::size_t i = 0; i < machines.size() && in.ok(); ++i) {
    fleet::DayFigures& held = figures[machines[i]];
    held = steps.after(held);
    span.all.figures.push_back({machines[i], held});
  }
  read_shares(in, span.all);
}

}  // namespace net
