// FleetState, the reader's side: applying batches. Every batch is checked whole before anything of
// it is stored, so that a refused one leaves the state as it was.
#include <algorithm>
#include <string>
#include <utility>

#include "fleet/fleet_state.hpp"

namespace fleet {
namespace {

/// Rows whose machine is this far ahead are fetched early: the records of a tick's machines are
/// too scattered for the processor to foresee, and a miss costs as much as applying two rows.
constexpr std::size_t kPrefetchRows = 6;

/// No time in a frame is further than this from the tick's begin: the span of kMinTime .. kMaxTime.
constexpr std::int64_t kMaxOffsetMs = (kMaxTime - kMinTime).count();

bool plausible(Time t) {
  return t >= kMinTime && t <= kMaxTime;
}
bool plausible_offset(std::int64_t ms) {
  return ms >= -kMaxOffsetMs && ms <= kMaxOffsetMs;
}

FieldMask mask_of(std::size_t fields) {
  return fields >= 64 ? ~FieldMask{0} : (FieldMask{1} << fields) - 1;
}

std::string place(const char* what, FramePosition position, std::size_t index) {
  return std::string(what) + " " + std::to_string(index) + " of frame " +
         std::to_string(position.number);
}

Error no_such_machine(const std::string& where, Slot machine, std::size_t machines) {
  return {where + " is of machine slot " + std::to_string(machine) + ", but the roster has " +
          std::to_string(machines) + " machines"};
}

Error no_such_field(const std::string& where, std::size_t fields) {
  return {where + " has a field beyond the " + std::to_string(fields) + " known ones"};
}

/// Values of a row or image: `fields` many from `begin` on must lie in `size`.
bool spans_fit(std::uint32_t begin, FieldMask fields, std::size_t size) {
  return std::size_t{begin} + static_cast<std::size_t>(std::popcount(fields)) <= size;
}

Result<void> check_alarm(const std::string& where, const Alarm& alarm, std::size_t machines) {
  if (alarm.machine >= machines) return no_such_machine(where, alarm.machine, machines);
  if (static_cast<int>(alarm.severity) >= kSeverityCount) {
    return Error{where + " has severity " + std::to_string(static_cast<int>(alarm.severity)) +
                 ", expected 0 to " + std::to_string(kSeverityCount - 1)};
  }
  return {};
}

Result<void> check_period(const std::string& where, std::int32_t period_ms) {
  if (period_ms >= 0) return {};
  return Error{where + " has a report period of " + std::to_string(period_ms) +
               " ms, expected 0 or more"};
}

Result<void> check_rows(const TickBatch& tick, std::size_t machines, std::size_t fields) {
  const FieldMask unknown = ~mask_of(fields);
  for (const Row& row : tick.rows) {
    // One test in the common case; which part failed is found out afterwards.
    const bool good = row.machine < machines && (row.fields & unknown) == 0 &&
                      spans_fit(row.value_begin, row.fields, tick.values.size()) &&
                      plausible_offset(row.device_offset_ms) && plausible_offset(row.receive_ms);
    if (good) [[likely]]
      continue;
    const auto index = static_cast<std::size_t>(&row - tick.rows.data());
    const std::string where = place("row", tick.position, index);
    if (row.machine >= machines) return no_such_machine(where, row.machine, machines);
    if (row.fields & unknown) return no_such_field(where, fields);
    if (!plausible_offset(row.device_offset_ms) || !plausible_offset(row.receive_ms)) {
      return Error{where + " has a time outside the years 0 to 9999"};
    }
    return Error{where + " has values from " + std::to_string(row.value_begin) + " on, " +
                 std::to_string(std::popcount(row.fields)) + " of them, but the frame has " +
                 std::to_string(tick.values.size())};
  }
  return {};
}

Result<void> check_figures(const TickBatch& tick, std::size_t machines) {
  for (std::size_t i = 0; i < tick.figures.size(); ++i) {
    const FiguresChange& change = tick.figures[i];
    const std::size_t shares = tick.shares.size();
    const bool fits =
        change.share_begin <= shares && change.share_count <= shares - change.share_begin;
    if (change.machine < machines && fits) continue;
    const std::string where = place("figures change", tick.position, i);
    if (change.machine >= machines) return no_such_machine(where, change.machine, machines);
    return Error{where + " has shares of heat from " + std::to_string(change.share_begin) +
                 " on, " + std::to_string(change.share_count) + " of them, but the frame has " +
                 std::to_string(shares)};
  }
  for (const HeatShare& share : tick.shares) {
    if (auto checked = check_share(share); !checked) return checked;
  }
  return {};
}

Result<void> check_tick(const TickBatch& tick, std::size_t machines, std::size_t fields) {
  if (!plausible(tick.begin) || !plausible(tick.end) || tick.end < tick.begin) {
    return Error{"frame " + std::to_string(tick.position.number) +
                 " begins or ends at no plausible time"};
  }
  if (auto checked = check_rows(tick, machines, fields); !checked) return checked;
  for (std::size_t i = 0; i < tick.periods.size(); ++i) {
    const auto& [machine, period_ms] = tick.periods[i];
    if (machine < machines && period_ms >= 0) continue;
    const std::string where = place("period change", tick.position, i);
    if (machine >= machines) return no_such_machine(where, machine, machines);
    if (auto checked = check_period(where, period_ms); !checked) return checked;
  }
  if (auto checked = check_figures(tick, machines); !checked) return checked;
  for (std::size_t i = 0; i < tick.alarms.size(); ++i) {
    const std::string where = place("alarm event", tick.position, i);
    if (auto checked = check_alarm(where, tick.alarms[i].alarm, machines); !checked) return checked;
  }
  if (tick.activity && (tick.activity->step < 0 || tick.activity->step >= kActivitySteps)) {
    return Error{"frame " + std::to_string(tick.position.number) +
                 " has an activity sample of step " + std::to_string(tick.activity->step) +
                 ", expected 0 to " + std::to_string(kActivitySteps - 1)};
  }
  return {};
}

/// One test in the common case; which part fails is found out afterwards.
bool good_image(const StateBatch& batch, const MachineImage& image, FieldMask unknown) {
  bool good = (image.fields & unknown) == 0 &&
              spans_fit(image.slot_begin, image.fields, batch.slots.size()) &&
              plausible(image.head.device_time) && plausible(image.head.receive_time) &&
              image.head.period_ms >= 0;
  if (!good) return false;
  const auto count = static_cast<std::size_t>(std::popcount(image.fields));
  for (const FieldSlot& slot : std::span(batch.slots).subspan(image.slot_begin, count)) {
    good &= plausible(slot.device_time) && plausible(slot.receive_time);
  }
  return good;
}

Result<void> check_image(const StateBatch& batch, std::size_t i, std::size_t machines,
                         std::size_t fields) {
  const MachineImage& image = batch.machines[i];
  const FieldMask unknown = ~mask_of(fields);
  const bool ascends = i == 0 || image.machine > batch.machines[i - 1].machine;
  if (image.machine < machines && ascends && good_image(batch, image, unknown)) [[likely]]
    return {};
  const std::string where = place("machine image", batch.position, i);
  if (image.machine >= machines) return no_such_machine(where, image.machine, machines);
  if (!ascends) {
    return Error{where + " is of slot " + std::to_string(image.machine) + ", expected one above " +
                 std::to_string(batch.machines[i - 1].machine)};
  }
  if (image.fields & unknown) return no_such_field(where, fields);
  if (!spans_fit(image.slot_begin, image.fields, batch.slots.size())) {
    return Error{where + " has values from " + std::to_string(image.slot_begin) +
                 " on, but the frame has " + std::to_string(batch.slots.size())};
  }
  if (!plausible(image.head.device_time) || !plausible(image.head.receive_time)) {
    return Error{where + " has a newest report at no plausible time"};
  }
  if (image.head.period_ms < 0) return check_period(where, image.head.period_ms);
  return Error{where + " has a value at no plausible time"};
}

Result<void> check_state(const StateBatch& batch, std::size_t machines, std::size_t fields) {
  if (!plausible(batch.time)) {
    return Error{"frame " + std::to_string(batch.position.number) + " is of no plausible time"};
  }
  for (std::size_t i = 0; i < batch.machines.size(); ++i) {
    if (auto checked = check_image(batch, i, machines, fields); !checked) return checked;
  }
  for (std::size_t i = 0; i < batch.alarms.size(); ++i) {
    const std::string where = place("open alarm", batch.position, i);
    if (auto checked = check_alarm(where, batch.alarms[i], machines); !checked) return checked;
  }
  return {};
}

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
    const MachineRecords::Times times = times_of(tick, row);
    if (times.receive > until) [[unlikely]] {
      left_out.add(row.machine);
      continue;
    }
    const AcceptedRow absolute = apply_row(tick, row, times);
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
