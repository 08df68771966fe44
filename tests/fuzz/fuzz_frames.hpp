// Batches as a wall gets them: the state they are applied to, and what must hold for each.
#pragma once

#include <bit>
#include <cmath>
#include <cstring>

#include "net/codec/bodies.hpp"
#include "net/codec/frame_codec.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/net/codec_samples.hpp"

namespace fuzz {

/// A wall that has seen a few ticks of eight machines, with two extra fields.
inline const fleet::FleetState& wall() {
  static const fleet::FleetState state = [] {
    net::samples::Fleet sample(8);
    (void)sample.state.add_field("bucket_kpa");
    (void)sample.state.add_field("boom_deg");
    for (int tick = 0; tick < 3; ++tick) {
      sample.report_at_random(6);
      (void)sample.end_tick();
    }
    return sample.state;
  }();
  return state;
}

inline bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

inline void check_same(const fleet::TickBatch& a, const fleet::TickBatch& b) {
  FUZZ_CHECK(a.rows.size() == b.rows.size());
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    const fleet::Row &x = a.rows[i], &y = b.rows[i];
    FUZZ_CHECK(x.machine == y.machine && x.fields == y.fields && x.value_begin == y.value_begin);
    FUZZ_CHECK(x.device_offset_ms == y.device_offset_ms && x.receive_ms == y.receive_ms);
  }
  FUZZ_CHECK(a.receive_is_lag == b.receive_is_lag);
  FUZZ_CHECK(a.values == b.values);
  FUZZ_CHECK(a.periods.size() == b.periods.size());
  for (std::size_t i = 0; i < a.periods.size(); ++i)
    FUZZ_CHECK(a.periods[i].machine == b.periods[i].machine &&
               a.periods[i].period_ms == b.periods[i].period_ms);
  FUZZ_CHECK(a.figures.size() == b.figures.size());
  for (std::size_t i = 0; i < a.figures.size(); ++i)
    FUZZ_CHECK(a.figures[i].machine == b.figures[i].machine &&
               a.figures[i].figures == b.figures[i].figures);
  FUZZ_CHECK(a.alarms.size() == b.alarms.size());
  for (std::size_t i = 0; i < a.alarms.size(); ++i)
    FUZZ_CHECK(a.alarms[i].kind == b.alarms[i].kind && a.alarms[i].alarm == b.alarms[i].alarm &&
               a.alarms[i].at == b.alarms[i].at);
  FUZZ_CHECK(a.activity == b.activity);
}

inline void check_same(const fleet::StateBatch& a, const fleet::StateBatch& b) {
  FUZZ_CHECK(a.machines.size() == b.machines.size() && a.slots.size() == b.slots.size());
  for (std::size_t i = 0; i < a.machines.size(); ++i) {
    const fleet::MachineImage &x = a.machines[i], &y = b.machines[i];
    FUZZ_CHECK(x.machine == y.machine && x.fields == y.fields && x.slot_begin == y.slot_begin);
    FUZZ_CHECK(x.head == y.head && x.figures == y.figures);
  }
  FUZZ_CHECK(a.slots == b.slots);
  FUZZ_CHECK(a.alarms == b.alarms);
  // An activity of day 0 means that nothing is known; it is not written.
  if (a.activity.day != 0) FUZZ_CHECK(a.activity == b.activity);
}

inline void check_same(const fleet::RosterBatch& a, const fleet::RosterBatch& b) {
  FUZZ_CHECK(a.complete == b.complete && a.version == b.version);
  FUZZ_CHECK(a.extra_fields == b.extra_fields);
  FUZZ_CHECK(a.machines.size() == b.machines.size());
  for (std::size_t i = 0; i < a.machines.size(); ++i) {
    const fleet::Machine &x = a.machines[i].second, &y = b.machines[i].second;
    FUZZ_CHECK(a.machines[i].first == b.machines[i].first && x.id == y.id);
    FUZZ_CHECK(x.serial == y.serial && x.maker == y.maker && x.model == y.model);
    FUZZ_CHECK(x.machine_class == y.machine_class && x.customer == y.customer);
    FUZZ_CHECK(x.branch == y.branch && x.delivered == y.delivered);
    FUZZ_CHECK(x.last_service_time == y.last_service_time);
    FUZZ_CHECK(same(x.hours_offset_h, y.hours_offset_h) && same(x.loan_monthly, y.loan_monthly));
    FUZZ_CHECK(same(x.wage_monthly, y.wage_monthly) && same(x.income_per_h, y.income_per_h));
    FUZZ_CHECK(same(x.fuel_per_h, y.fuel_per_h) && same(x.last_service_h, y.last_service_h));
  }
}

/// Applies a batch: refused, it leaves no trace; taken, what the state then is travels whole.
template <class Batch>
void check_apply(const Batch& batch, fleet::FleetState& state) {
  const Before before(state);
  if (!state.apply(batch)) {
    FUZZ_CHECK(Before(state) == before);
    return;
  }
  if constexpr (std::is_same_v<Batch, fleet::RosterBatch>) {
    if (state.time() == fleet::kNever) return;  // another fleet: nothing is known of it yet
  } else {
    FUZZ_CHECK(state.position() == batch.position);
  }
  fleet::FleetState copy = state;
  const auto taken = copy.apply(state.keyframe());
  if (!taken) std::fprintf(stderr, "%s\n", taken.error().what.c_str());
  FUZZ_CHECK(taken.ok());
  FUZZ_CHECK(copy.hash() == state.hash());
}

}  // namespace fuzz
