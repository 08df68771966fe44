#include "fleet/sim/schedule.hpp"

#include <algorithm>
#include <array>

#include "fleet/sim/calendar.hpp"

namespace fleet::sim {
namespace {

/// Every fourth report carries all values, the others only those that change quickly.
constexpr unsigned kFullEvery = 4;
/// The fault list is repeated in about this share of full reports, so that a lost end heals.
constexpr double kFaultRepeatShare = 0.04;

bool engine_runs(const DayPlan& plan, std::uint32_t t_s) {
  for (int i = 0; i < plan.span_count; ++i)
    if (t_s >= plan.spans[i].begin_s && t_s < plan.spans[i].end_s) return true;
  return false;
}

bool awake(const DayPlan& plan, std::uint32_t t_s) {
  return engine_runs(plan, t_s) || (t_s >= plan.haul_begin_s && t_s < plan.haul_end_s);
}

/// First change of the plan after `t_s`; kNoTime if the day has none left.
std::uint32_t next_transition(const DayPlan& plan, std::uint32_t t_s) {
  std::uint32_t best = kNoTime;
  const auto take = [&](std::uint32_t at) {
    if (at > t_s && at < best && at < kDaySeconds) best = at;
  };
  for (int i = 0; i < plan.span_count; ++i) {
    take(plan.spans[i].begin_s);
    take(plan.spans[i].end_s);
  }
  if (plan.haul_begin_s < plan.haul_end_s) take(plan.haul_begin_s), take(plan.haul_end_s);
  if (plan.episode.begin_s < plan.episode.end_s)
    take(plan.episode.begin_s), take(plan.episode.end_s);
  return best;
}

bool is_fault_change(const DayPlan& plan, std::uint32_t t_s) {
  const Episode& e = plan.episode;
  return e.begin_s < e.end_s && (t_s == e.begin_s || t_s == e.end_s);
}

/// Milliseconds from the machine to the gateway: mostly under a second, at most 3.2 s.
std::uint32_t network_delay_ms(std::uint64_t h) {
  const double u = unit(h, 32);
  return 60 + static_cast<std::uint32_t>(u < 0.9 ? 700 * u : 630 + (u - 0.9) * 25'000);
}

Defect draw_defect(const Life& life, std::uint64_t h) {
  const double u = unit(mix(h));
  if (u < kDefectShare) return static_cast<Defect>(1 + (h >> 20) % (kDefectKinds - 1));
  if (life.bad_kind && u < kBadDeviceDefectShare) return static_cast<Defect>(life.bad_kind);
  return Defect::none;
}

bool before(const Event& a, const Event& b) {
  if (a.key != b.key) return a.key < b.key;
  if (a.device_ms != b.device_ms) return a.device_ms < b.device_ms;
  return a.defect < b.defect;
}

}  // namespace

Schedule::Schedule(std::span<const Life> lives, Slot first, std::int64_t first_day)
    : lives_(lives),
      first_(first),
      first_day_(first_day),
      next_ms_(lives.size(), kNoTime),
      works_(lives.size()) {}

void Schedule::begin_day(std::int64_t day, const std::vector<DayPlan>& plans) {
  day_ = day;
  for (std::size_t machine = 0; machine < lives_.size(); ++machine) {
    const Life& life = lives_[machine];
    if (life.dead) continue;
    Clockwork& work = works_[machine];
    work.count = 0;
    work.period_s = awake(plans[machine], 0) ? life.period_on_s : life.period_off_s;
    work.transition_s = next_transition(plans[machine], 0);
    const std::uint64_t h = hash_of(life.key, kForSchedule, static_cast<std::uint64_t>(day));
    const auto first = static_cast<std::uint32_t>(unit(h) * work.period_s * 1000);
    next_ms_[machine] = std::min<std::uint64_t>(first, work.transition_s * 1000ull);
  }
}

void Schedule::produce(std::uint32_t until_ms, const std::vector<DayPlan>& plans,
                       std::uint64_t not_before) {
  for (std::size_t machine = 0; machine < next_ms_.size(); ++machine)
    if (next_ms_[machine] < until_ms)
      run_machine(machine, next_ms_[machine], works_[machine], until_ms, plans[machine], day_,
                  not_before);
}

void Schedule::produce_earlier(std::size_t machine, const DayPlan& plan, int days_back,
                               std::uint64_t not_before) {
  const std::int64_t day = day_ - days_back;
  const Life& life = lives_[machine];
  Clockwork work{next_transition(plan, plan.gap_begin_s), life.period_off_s, 0};
  if (awake(plan, plan.gap_begin_s)) work.period_s = life.period_on_s;
  std::uint32_t next_ms = plan.gap_begin_s * 1000 + work.period_s * 500u;
  run_machine(machine, next_ms, work, kDayMs, plan, day, not_before);
}

void Schedule::run_machine(std::size_t machine, std::uint32_t& next_ms, Clockwork& work,
                           std::uint32_t until_ms, const DayPlan& plan, std::int64_t day,
                           std::uint64_t not_before) {
  const Life& life = lives_[machine];
  while (next_ms < until_ms) {
    Event event;
    event.device_ms = next_ms;
    event.day_low = static_cast<std::uint8_t>(day);
    const std::uint64_t h =
        hash_of(life.key, kForSchedule + 100 * static_cast<std::uint64_t>(day), event.device_ms);
    const bool change = work.transition_s != kNoTime && next_ms == work.transition_s * 1000;
    event.full = change || work.count % kFullEvery == 0;
    event.with_faults = work.count == 0 || (event.full && unit(h, 9) < kFaultRepeatShare);
    if (change) {
      const std::uint32_t t_s = work.transition_s;
      event.with_faults |= is_fault_change(plan, t_s);
      work.period_s = awake(plan, t_s) ? life.period_on_s : life.period_off_s;
      work.transition_s = next_transition(plan, t_s);
    }
    ++work.count;
    emit(machine, plan, day, event, h, not_before);
    // Devices drift: each period is up to 4 % longer or shorter.
    const std::uint64_t step = work.period_s * 960ull + below(h, work.period_s * 80u);
    next_ms = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(event.device_ms + step, work.transition_s * 1000ull));
    if (next_ms >= kDayMs) next_ms = kNoTime;
  }
}

void Schedule::emit(std::size_t machine, const DayPlan& plan, std::int64_t day, Event event,
                    std::uint64_t h, std::uint64_t not_before) {
  const auto day_ms = static_cast<std::uint64_t>((day - first_day_ + 1) * kDayLengthMs);
  std::uint64_t receive_ms = day_ms + event.device_ms + network_delay_ms(h);
  if (event.device_ms >= plan.gap_begin_s * 1000ull && event.device_ms < plan.gap_end_s * 1000ull)
    receive_ms = day_ms + plan.gap_end_s * 1000ull + below(h >> 8, 5000);  // the burst, shuffled
  const Defect defect = draw_defect(lives_[machine], h);
  if (defect == Defect::late) receive_ms += 20'000 + below(h >> 16, 600'000);
  if (defect == Defect::counter_glitch) event.full = true;
  if (defect == Defect::duplicate || defect == Defect::conflict) {
    Event again = event;
    again.defect = defect;
    const std::uint64_t again_ms = receive_ms + 300 + below(h >> 24, 20'000);
    if (again_ms > not_before) file(again_ms, machine, again);
  } else {
    event.defect = defect;
  }
  if (receive_ms > not_before) file(receive_ms, machine, event);
}

void Schedule::file(std::uint64_t receive_ms, std::size_t machine, Event event) {
  event.key = receive_ms << kSlotBits | (first_ + machine);
  const std::uint64_t window = receive_ms / kWindowMs;
  if (window != last_window_) {
    last_filed_ = &filed_[window];
    last_window_ = window;
  }
  last_filed_->push_back(event);
}

/// Into buckets of 64 ms by counting, then within each.
std::vector<Event> Schedule::sorted(const std::vector<Event>& events, std::uint64_t window) {
  const std::uint64_t begin_ms = window * kWindowMs;
  constexpr std::size_t kBuckets = kWindowMs / 64 + 2;
  const auto bucket_of = [&](const Event& e) { return ((e.key >> kSlotBits) - begin_ms) / 64; };
  std::array<std::uint32_t, kBuckets> begin{};
  for (const Event& e : events) ++begin[bucket_of(e) + 1];
  for (std::size_t i = 1; i < kBuckets; ++i) begin[i] += begin[i - 1];
  std::array<std::uint32_t, kBuckets> end = begin;
  std::vector<Event> result(events.size());
  for (const Event& e : events) result[end[bucket_of(e)]++] = e;
  for (std::size_t i = 0; i + 1 < kBuckets; ++i)
    std::sort(result.begin() + begin[i], result.begin() + end[i], before);
  return result;
}

std::vector<Event> Schedule::take(std::uint64_t window) {
  const auto at = filed_.find(window);
  if (at == filed_.end()) return {};
  std::vector<Event> events = sorted(at->second, window);
  filed_.erase(at);
  last_window_ = ~0ull;
  return events;
}

}  // namespace fleet::sim
