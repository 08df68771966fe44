// FleetState, the reader's side: applying batches. Every batch is checked whole before anything of
// it is stored, so that a refused one leaves the state as it was.
#include <algorithm>
#include <string>
#include <utility>

#include "fleet/fleet_state.hpp"
#include "fleet/fleet_state_checks.hpp"

namespace fleet {
namespace {

/// Rows whose machine is this far ahead are fetched early: the records of a tick's machines are
/// too scattered for the processor to foresee, and a miss costs as much as applying two rows.
constexpr std::size_t kPrefetchRows = 6;

/// Machines that a tick has left out rows of, for an instant inside it.
class LeftOut {
 public:
  void add(Slot machine) { machines_.push_back(machine); }
  void finish() { std::ranges::sort(machines_); }
  bool holds(Slot machine) const { return std::ranges::binary_search(machines_, machine); }

 private:
  std::vector<Slot> machines_;
};

void note(std::vector<Slot>* changed, Slot machine) {
  if (changed && (changed->empty() || changed->back() != machine)) changed->push_back(machine);
}

void make_ascending_unique(std::vector<Slot>& slots) {
  if (!std::ranges::is_sorted(slots)) std::ranges::sort(slots);
  slots.erase(std::ranges::unique(slots).begin(), slots.end());
}

}  // namespace

Result<void> FleetState::apply(const TickBatch& tick, std::vector<Slot>* changed,
                               const RowObserver* observer, Time until) {
  fit_roster();
  if (auto checked = check_tick(tick, records_.size(), fields_.size()); !checked) return checked;
  if (changed) changed->clear();
  scratch_.resize(kMaxFields);
  LeftOut left_out;
  const std::size_t rows = tick.rows.size();
  for (std::size_t i = 0; i < rows; ++i) {
    if (i + kPrefetchRows < rows) {
      const Row& ahead = tick.rows[i + kPrefetchRows];
      records_.prefetch(ahead.machine, ahead.fields);
    }
    const Row& row = tick.rows[i];
    const MachineRecords::Times times = times_of(tick.begin, tick.receive_is_lag, row);
    if (times.receive > until) [[unlikely]] {
      left_out.add(row.machine);
      continue;
    }
    const AcceptedRow absolute =
        apply_row(tick.values.data() + row.value_begin, row, times, scratch_.data());
    newest_receive_ = std::max(newest_receive_, times.receive);
    if (observer) (*observer)(absolute);
    note(changed, row.machine);
  }
  left_out.finish();
  apply_rest(tick, changed, until, [&](Slot machine) { return left_out.holds(machine); });
  if (changed) make_ascending_unique(*changed);
  return {};
}

void FleetState::apply_rest(const TickBatch& tick, std::vector<Slot>* changed, Time until,
                            const std::function<bool(Slot)>& left_out) {
  for (const auto& [machine, period_ms] : tick.periods) {
    if (left_out(machine)) continue;
    records_.head(machine).period_ms = period_ms;
    note(changed, machine);
  }
  for (const FiguresChange& change : tick.figures) {
    if (left_out(change.machine)) continue;
    take_figures(change.machine, change.figures,
                 std::span(tick.shares).subspan(change.share_begin, change.share_count),
                 tick.position.number);
    note(changed, change.machine);
  }
  for (const AlarmEvent& event : tick.alarms) {
    // The report that caused the event is in this tick: known is what is in the head by now.
    if (left_out(event.alarm.machine) && event.at > records_.head(event.alarm.machine).device_time)
      continue;
    alarms_.apply(event);
    note(changed, event.alarm.machine);
  }
  if (until < tick.end) {
    time_ = std::max(until, tick.begin);
  } else {
    if (tick.activity) activity_.add(*tick.activity);
    finish_tick(tick.position, tick.end);
  }
}

Result<void> FleetState::check_heat(const StateBatch& batch) const {
  if (!batch.heat) return {};
  if (auto checked = fleet::check_image(*batch.heat, heat_.max_entries()); !checked) return checked;
  if (batch.kind == StateBatch::Kind::keyframe) return {};
  return heat_.check_room_for(*batch.heat);
}

/// Of a sender that does not tell where hours were worked: they count where the machines stand.
void FleetState::take_heat(const StateBatch& batch) {
  const bool whole = batch.kind == StateBatch::Kind::keyframe;
  if (batch.heat) {
    whole ? heat_.replace(*batch.heat, batch.position.number)
          : heat_.update(*batch.heat, batch.position.number);
  } else if (whole) {
    heat_.replace({}, batch.position.number);
    for (const MachineImage& image : batch.machines) {
      const DayFigures figures = std::exchange(figures_[image.machine], {});
      take_figures(image.machine, figures, {}, batch.position.number);
    }
  }
}

Result<void> FleetState::apply(const StateBatch& batch, std::vector<Slot>* changed) {
  fit_roster();
  if (auto checked = check_state(batch, records_.size(), fields_.size()); !checked) return checked;
  if (auto checked = check_heat(batch); !checked) return checked;
  if (changed) changed->clear();
  if (batch.kind == StateBatch::Kind::keyframe) {
    newest_receive_ = kNever;
    for (Slot machine = 0; changed && machine < records_.size(); ++machine) note(changed, machine);
  }
  Slot next = 0;  // a keyframe's machine, or the first after one, that is not dealt with yet
  const auto forget_until = [&](std::size_t machine) {
    if (batch.kind != StateBatch::Kind::keyframe) return;
    for (; next < machine; ++next) forget(next);
    ++next;
  };
  for (const MachineImage& image : batch.machines) {
    forget_until(image.machine);
    records_.set(image.machine, image.head, image.fields, batch.slots.data() + image.slot_begin);
    figures_[image.machine] = image.figures;
    newest_receive_ = std::max(newest_receive_, image.head.receive_time);
    if (batch.kind == StateBatch::Kind::catch_up) note(changed, image.machine);
  }
  forget_until(records_.size());
  alarms_.replace(batch.alarms);
  activity_ = batch.activity;
  take_heat(batch);
  finish_tick(batch.position, batch.time);
  return {};
}

}  // namespace fleet
