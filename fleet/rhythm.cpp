#include "fleet/rhythm.hpp"

#include <algorithm>
#include <cstdlib>

#include "fleet/status.hpp"

namespace fleet {
namespace {

constexpr std::int64_t kSecondsPerEngineHourStep = 36;  // 0.01 h

/// The row's value of a field; nothing if it has none.
const std::int64_t* value_of(const AcceptedRow& row, FieldId field) {
  const FieldMask bit = FieldMask{1} << field;
  if ((row.fields & bit) == 0) return nullptr;
  return &row.values[static_cast<std::size_t>(std::popcount(row.fields & (bit - 1)))];
}

bool engine_runs(const FleetState& state, Slot machine) {
  return state.has(machine, kEngineOn) && state.raw(machine, kEngineOn) != 0;
}

/// As after the row: its own value where it is not older than the one held.
bool engine_runs_after(const FleetState& state, const AcceptedRow& row) {
  const std::int64_t* told = value_of(row, kEngineOn);
  if (!told || row.device_time < state.field(row.machine, kEngineOn).device_time) {
    return engine_runs(state, row.machine);
  }
  return *told != 0;
}

std::int64_t whole_seconds(Time t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

/// Growth of a counter from the value held to the row's, in raw steps; nothing if the row has none,
/// an older one, or the machine's first. Negative where the row's value replaces one of its time.
std::optional<std::int64_t> growth(const FleetState& state, const AcceptedRow& row, FieldId field) {
  const std::int64_t* told = value_of(row, field);
  const FieldSlot& held = state.field(row.machine, field);
  if (!told || held.receive_time == kNever || row.device_time < held.device_time) return {};
  const std::int64_t grown = *told - held.raw;
  const bool reset = grown < 0 && row.device_time > held.device_time;
  return reset ? 0 : grown;
}

/// Seconds that an hour counter adds to the day that begins at `day_begin`.
std::int64_t counted_seconds(const FleetState& state, const AcceptedRow& row, FieldId field,
                             Time day_begin) {
  const auto grown = growth(state, row, field);
  if (!grown) return 0;
  const std::int64_t seconds = *grown * kSecondsPerEngineHourStep;
  const Time since = state.field(row.machine, field).device_time;
  const auto elapsed = [&](Time from) {
    return whole_seconds(row.device_time) - whole_seconds(from);
  };
  // More than time allows is a part swapped, not work.
  if (std::abs(seconds) > elapsed(since) + kCoarsestCounter.count()) return 0;
  // Nor can the day hold more than has passed of it: the rest was before midnight.
  return std::min(seconds, elapsed(std::max(since, day_begin)) + kCoarsestCounter.count());
}

std::int64_t counted_fuel_dl(const FleetState& state, const AcceptedRow& row) {
  const auto grown = growth(state, row, kFuelUsedL);
  if (!grown) return 0;
  const Time since = state.field(row.machine, kFuelUsedL).device_time;
  const std::int64_t elapsed_s = (row.device_time - since) / std::chrono::seconds{1} + 3600;
  return std::abs(*grown) * 3600 > elapsed_s * kMaxFuelLPerHour * 10 ? 0 : *grown;
}

/// Seconds since the previous report, as far as they lie in the day and are no gap.
std::int64_t covered_seconds(const FleetState& state, const AcceptedRow& row, Time day_begin) {
  const MachineHead& head = state.head(row.machine);
  if (head.device_time == kNever || row.device_time <= head.device_time) return 0;
  if (row.device_time - head.device_time > kMissedReports * expected_period(head)) return 0;
  return whole_seconds(row.device_time) - whole_seconds(std::max(head.device_time, day_begin));
}

bool has_counter(const FleetState& state, const AcceptedRow& row, FieldId field) {
  return state.has(row.machine, field) || value_of(row, field);
}

std::int32_t plus(std::int32_t sum, std::int64_t more) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(sum + more, 0, INT32_MAX));
}

}  // namespace

void RhythmLearner::Estimate::add(std::int32_t ms) {
  interval_ms[next] = ms;
  next = static_cast<std::uint8_t>((next + 1) % kIntervals);
  if (count < kIntervals) ++count;
}

std::int32_t RhythmLearner::Estimate::period_ms() const {
  if (count < kFewestIntervals) return 0;
  // Median of five without a branch: the middle of the fifth and the two middle ones of the rest.
  const auto& [a, b, c, d, e] = interval_ms;
  const std::int32_t low = std::max(std::min(a, b), std::min(c, d));
  const std::int32_t high = std::min(std::max(a, b), std::max(c, d));
  return std::max(std::min(low, high), std::min(e, std::max(low, high)));
}

std::int32_t RhythmLearner::observe(const FleetState& state, const AcceptedRow& row) {
  if (row.machine >= memory_.size()) memory_.resize(std::size_t{row.machine} + 1);
  Memory& m = memory_[row.machine];
  const std::int32_t published = state.head(row.machine).period_ms;
  const bool in_order = row.device_time >= state.head(row.machine).device_time;
  if (!in_order) return published;
  if (m.last == kNever) {
    m.last = row.device_time;
  } else if (const Millis interval = row.device_time - m.last; interval >= kSameReport) {
    Estimate& during = engine_runs(state, row.machine) ? m.engine_on : m.engine_off;
    during.add(static_cast<std::int32_t>(std::clamp(interval, kMinPeriod, kMaxPeriod).count()));
    m.last = row.device_time;
  }
  const Estimate& now = engine_runs_after(state, row) ? m.engine_on : m.engine_off;
  const std::int32_t period = now.period_ms();
  const bool close = period > 0 && published > 0 && std::abs(period - published) <= published / 8;
  return close ? published : period;
}

void RhythmLearner::adopt(const RhythmLearner& part, Slot first) {
  memory_.resize(std::max(memory_.size(), first + part.memory_.size()));
  std::ranges::copy(part.memory_, memory_.begin() + static_cast<std::ptrdiff_t>(first));
}

std::int32_t DayFinder::of(Time t) {
  if (t >= begin_ && t < end_) return day_;
  const LocalDay day = zone_.day_of(t);
  day_ = static_cast<std::int32_t>(day.time_since_epoch().count());
  begin_ = zone_.start_of(day);
  end_ = zone_.start_of(day + std::chrono::days{1});
  return day_;
}

DayFigures DayAccumulator::observe(const FleetState& state, const DayFigures& so_far,
                                   const AcceptedRow& row) {
  const std::int32_t day = days_.of(row.device_time);
  const Time day_begin = days_.begin();
  DayFigures figures = so_far;
  if (figures.day > day) return figures;  // a day that is over
  if (figures.day < day) figures = {.day = day};

  const std::int64_t covered_s = covered_seconds(state, row, day_begin);
  if (has_counter(state, row, kEngineHours)) {
    figures.engine_s = plus(figures.engine_s, counted_seconds(state, row, kEngineHours, day_begin));
  } else if (engine_runs(state, row.machine)) {
    figures.engine_s = plus(figures.engine_s, covered_s);
  }
  if (has_counter(state, row, kIdleHours)) {
    figures.idle_s = plus(figures.idle_s, counted_seconds(state, row, kIdleHours, day_begin));
  } else if (covered_s > 0 && reported_status(state, row.machine) == Status::idling) {
    figures.idle_s = plus(figures.idle_s, covered_s);
  }
  figures.fuel_dl = plus(figures.fuel_dl, counted_fuel_dl(state, row));

  const std::int64_t* told = value_of(row, kEngineOn);
  const bool in_order = row.device_time >= state.head(row.machine).device_time;
  const bool runs = told ? *told != 0 : in_order && engine_runs(state, row.machine);
  if (runs && (figures.first_start == kNever || row.device_time < figures.first_start)) {
    figures.first_start = row.device_time;
  }
  return figures;
}

}  // namespace fleet
