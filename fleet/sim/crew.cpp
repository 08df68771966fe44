#include "fleet/sim/crew.hpp"

#include "fleet/sim/calendar.hpp"

namespace fleet::sim {
namespace {

constexpr std::uint64_t kWindowsPerDay = kDayMs / kWindowMs;
/// Machines whose modem is dead say so much within this time of the start, and no more.
constexpr std::uint32_t kLastWordsMs = 5 * 60'000;
/// Events jump from machine to machine: so many ahead their memory is asked for.
constexpr std::size_t kAhead = 6;

}  // namespace

Crew::Crew(std::uint64_t seed, Time start, const SiteMap& sites, std::span<Life> lives, Slot first)
    : lives_(lives),
      first_(first),
      first_day_(local_day(ms_from_time(start))),
      day_(first_day_),
      planner_(seed, sites),
      now_(start),
      window_(since_origin(start) / kWindowMs) {}

/// Time since the schedule's origin, one day before the first day's midnight.
std::uint64_t Crew::since_origin(Time t) const {
  return static_cast<std::uint64_t>(ms_from_time(t) - day_begin_ms(first_day_ - 1));
}

/// Runs the clockwork from midnight to the start without writing any report, so that the machines
/// are found in the middle of their day.
void Crew::wake_up() {
  schedule_.emplace(lives_, first_, first_day_);
  plan_day();
  const std::uint64_t start_ms = since_origin(now_);
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    if (lives_[i].dead) {
      file_last_words(i, start_ms);
      continue;
    }
    const DayPlan before = planner_.plan(lives_[i], day_ - 1);
    if (before.gap_end_s > kDaySeconds) schedule_->produce_earlier(i, before, 1, start_ms);
  }
  const auto of_day = static_cast<std::uint32_t>(window_ % kWindowsPerDay);
  schedule_->produce(of_day * kWindowMs, plans_, start_ms);
  produced_from_ = start_ms;
}

void Crew::file_last_words(std::size_t index, std::uint64_t start_ms) {
  const std::uint64_t h = hash_of(lives_[index].key, kForGap);
  const std::uint64_t at_ms = start_ms + 1 + below(h, kLastWordsMs);
  Event event;
  event.device_ms = static_cast<std::uint32_t>(at_ms % kDayMs);
  event.day_low =
      static_cast<std::uint8_t>(first_day_ - 1 + static_cast<std::int64_t>(at_ms / kDayMs));
  event.full = event.with_faults = true;
  schedule_->file(at_ms + below(h >> 32, 900), index, event);
}

void Crew::plan_day() {
  plans_.resize(lives_.size());
  for (std::size_t i = 0; i < plans_.size(); ++i) plans_[i] = planner_.plan(lives_[i], day_);
  schedule_->begin_day(day_, plans_);
}

void Crew::next_day() {
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    Life& life = lives_[i];
    const Counters worked = counters_until(life, plans_[i], day_, kDaySeconds);
    if (plans_[i].counter_reset) life.zero_s = life.engine_s, life.idle_zero_s = life.idle_s;
    life.engine_s += worked.engine_s;
    life.idle_s += worked.idle_s;
  }
  ++day_;
  plan_day();
}

void Crew::open_window() {
  if (!schedule_) wake_up();
  const auto day_of_window = static_cast<std::int64_t>(window_ / kWindowsPerDay);
  if (window_ % kWindowsPerDay == 0 && day_ < first_day_ - 1 + day_of_window) next_day();
  const auto of_day = static_cast<std::uint32_t>(window_ % kWindowsPerDay);
  schedule_->produce((of_day + 1) * kWindowMs, plans_, produced_from_);
  events_ = schedule_->take(window_);
  cursor_ = 0;
  window_open_ = true;
}

void Crew::advance(Time until, ReportBatch& out) {
  const std::uint64_t until_ms = since_origin(until);
  while (true) {
    if (!window_open_) open_window();
    while (cursor_ < events_.size() && events_[cursor_].key >> kSlotBits <= until_ms) {
      if (cursor_ + kAhead < events_.size()) prefetch(events_[cursor_ + kAhead]);
      write(events_[cursor_++], out);
    }
    if (until_ms < (window_ + 1) * kWindowMs - 1) break;
    ++window_;
    window_open_ = false;
    if (until_ms < window_ * kWindowMs) break;
  }
  now_ = until;
}

void Crew::take_window(std::vector<Event>& out) {
  if (!window_open_) open_window();
  out.insert(out.end(), events_.begin() + static_cast<std::ptrdiff_t>(cursor_), events_.end());
  ++window_;
  window_open_ = false;
}

void Crew::write(const Event& event, ReportBatch& out) {
  const std::size_t index = index_of(event);
  const auto slot = static_cast<Slot>(first_ + index);
  const Time received = time_from_ms(day_begin_ms(first_day_ - 1) +
                                     static_cast<std::int64_t>(event.key >> kSlotBits));
  const Life& life = lives_[index];
  const auto back = static_cast<std::uint8_t>(static_cast<std::uint8_t>(day_) - event.day_low);
  if (back == 0) {
    write_report({life, plans_[index], {life.engine_s, life.idle_s}, day_}, event, slot, received,
                 out);
    return;
  }
  // A late report of an earlier day: its plan is made again, its counters counted back.
  DayPlan plan;
  Counters midnight{life.engine_s, life.idle_s};
  for (int i = 1; i <= back; ++i) {
    plan = planner_.plan(life, day_ - i);
    const Counters worked = counters_until(life, plan, day_ - i, kDaySeconds);
    midnight.engine_s -= worked.engine_s;
    midnight.idle_s -= worked.idle_s;
  }
  write_report({life, plan, midnight, day_ - back}, event, slot, received, out);
}

void Crew::prefetch(const Event& event) const {
  const std::size_t index = index_of(event);
  __builtin_prefetch(&lives_[index]);
  const char* plan = reinterpret_cast<const char*>(&plans_[index]);
  __builtin_prefetch(plan);
  __builtin_prefetch(plan + 64);
}

}  // namespace fleet::sim
