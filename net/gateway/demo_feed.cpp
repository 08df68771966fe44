#include "net/gateway/demo_feed.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <stdexcept>

#include "fleet/floor_mod.hpp"

namespace net {

namespace {

/// The past is taken in by steps of this: a divisor of kActivityStep, so that activity is sampled
/// where ticks would sample it, and so short that a group's reports are still in the cache when
/// they are judged (some 200 of 1024 machines).
constexpr std::chrono::minutes kPastStep{1};
/// Steps simulated ahead of the one being taken in.
constexpr std::size_t kPastAhead = 4;

template <class T>
double share_of(T part, T whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

fleet::Time tick_boundary(fleet::Time t, fleet::Millis tick) {
  const std::int64_t ms = fleet::ms_from_time(t);
  return fleet::time_from_ms(ms - fleet::floor_mod(ms, tick.count()));
}

void DemoFeed::enter(fleet::FleetState& state) {
  slots_.clear();
  for (const fleet::Machine& machine : simulator_.machines()) {
    auto slot = state.roster().find_or_add(machine.id);
    if (!slot) throw std::runtime_error(slot.error().what);
    state.roster().update(slot.value(), machine);
    slots_.push_back(slot.value());
  }
  state.fit_roster();
}

bool DemoFeed::first_in_roster() const {
  fleet::Slot expected = 0;
  return std::ranges::all_of(slots_, [&](fleet::Slot slot) { return slot == expected++; });
}

void DemoFeed::fill(fleet::Time until, fleet::ReportBatch& batch) {
  batch.clear();
  simulator_.advance(until, batch);
  for (fleet::Report& report : batch.reports) report.machine = slots_[report.machine];
}

GatewayCore DemoFeed::absorb_group(std::size_t group, const CoreConfig& config, fleet::Time from,
                                   fleet::Time until) {
  GatewayCore part(config, from);
  const auto [begin, end] = simulator_.group(group);
  for (fleet::Slot slot = begin; slot < end; ++slot)
    (void)part.state().roster().find_or_add(simulator_.machines()[slot].id);
  fleet::ReportBatch batch;
  simulator_.advance_group(group, from, batch);  // not asked for
  for (fleet::Time t = from; t < until;) {
    t = std::min(until, tick_boundary(t + kPastStep, kPastStep));
    batch.clear();
    simulator_.advance_group(group, t, batch);
    for (fleet::Report& report : batch.reports) report.machine -= begin;
    part.absorb(batch, t);
  }
  return part;
}

void DemoFeed::absorb_past(GatewayCore& core, fleet::Time until) {
  const fleet::Time from = core.tick_begin();
  if (simulator_.group_count() == 0 || !first_in_roster()) {
    PastSteps steps(*this, from, until, kPastStep);
    while (const auto past = steps.take()) {
      if (gave_up_) return;
      core.absorb(past->batch, past->end);
      past_share_ = share_of((past->end - from).count(), (until - from).count());
    }
    return;
  }
  const std::size_t groups = simulator_.group_count();
  std::atomic<std::size_t> next_group{0}, done{0};
  std::mutex mutex;
  const auto work = [&] {
    for (std::size_t g = next_group++; g < groups && !gave_up_; g = next_group++) {
      const GatewayCore part = absorb_group(g, core.config(), from, until);
      const std::lock_guard lock(mutex);
      core.adopt(part, simulator_.group(g).begin);
      past_share_ = share_of<std::size_t>(++done, groups);
    }
  };
  std::vector<std::jthread> helpers(std::max(1u, std::thread::hardware_concurrency()) - 1);
  for (std::jthread& helper : helpers) helper = std::jthread(work);
  work();
}

PastSteps::PastSteps(DemoFeed& feed, fleet::Time from, fleet::Time until, fleet::Millis step)
    : channel_(kPastAhead), thread_([=, this, &feed] {
        fleet::ReportBatch known;
        feed.fill(from, known);  // what a restored store knows already
        for (fleet::Time t = from; t < until;) {
          t = std::min(until, tick_boundary(t + step, step));
          Step made{t, {}};
          feed.fill(t, made.batch);
          if (!channel_.put(std::move(made))) return;
        }
        channel_.close();
      }) {}

PastSteps::~PastSteps() {
  channel_.close();
  thread_.join();
}

}  // namespace net
