#include "fleet/day_rollup.hpp"

#include <algorithm>

namespace fleet {
namespace {

/// Rows after which the differences that `accept` writes down, and nobody reads, are let go.
constexpr std::size_t kScratchRows = 4096;

}  // namespace

DayRollup::DayRollup(FleetState before, std::vector<JournalAlarm> open, LocalDay day,
                     const TimeZone& zone)
    : begin_(zone.start_of(day)),
      end_(zone.start_of(day + std::chrono::days{1})),
      state_(std::move(before)),
      days_(zone),
      heat_(zone) {
  state_.fit_roster();
  scratch_.begin = begin_;
  for (Slot machine = 0; machine < state_.machine_count(); ++machine)
    if (state_.head(machine).period_ms != 0) state_.set_period(machine, 0, scratch_);
  scratch_.periods.clear();
  AlarmTable table;
  for (JournalAlarm& entry : open) {
    entry.alarm.machine = slot_of(entry.machine);
    if (!entry.place) entry.place = place_of(entry.alarm.machine);
    table.apply({AlarmEvent::Kind::raised, entry.alarm, entry.alarm.occurred});
    journal_[entry.alarm.machine].push_back(std::move(entry));
  }
  faults_.restore(table);
}

Slot DayRollup::slot_of(std::string_view machine_id) {
  // The id comes from a roster of ours, so it is a good one and there is room.
  const Slot slot = state_.roster().find_or_add(machine_id).value();
  state_.fit_roster();
  return slot;
}

std::optional<GridPoint> DayRollup::place_of(Slot machine) const {
  if (!state_.has(machine, kPosition)) return std::nullopt;
  return unpacked(state_.raw(machine, kPosition));
}

void DayRollup::observe(const AcceptedRow& row, const std::vector<Fault>* faults) {
  std::int32_t period_ms = state_.head(row.machine).period_ms;
  if (row.device_time >= begin_) {
    period_ms = rhythm_.observe(state_, row);
    take_figures(row);
  }
  state_.accept(row, scratch_);
  if (period_ms != state_.head(row.machine).period_ms)
    state_.set_period(row.machine, period_ms, scratch_);
  if (faults) take_faults(row, *faults);
  if (scratch_.rows.size() < kScratchRows) return;
  scratch_.rows.clear();
  scratch_.values.clear();
  scratch_.periods.clear();
}

void DayRollup::take_figures(const AcceptedRow& row) {
  if (machines_.size() <= row.machine) machines_.resize(state_.machine_count());
  Day& day = machines_[row.machine];
  if (day.first == kNever) day.first = row.device_time;
  day.last = row.device_time;
  ++day.reports;
  const DayFigures after = days_.observe(state_, day.figures, row);
  const HeatValue gained = heat_.gain(state_, row, day.figures, after);
  day.figures = after;
  if (gained.seconds == 0) return;
  // Most likely it is where it was.
  const auto cell = std::find_if(day.heat.rbegin(), day.heat.rend(),
                                 [&](const HeatValue& held) { return held.key == gained.key; });
  if (cell != day.heat.rend())
    cell->seconds += gained.seconds;
  else
    day.heat.push_back(gained);
}

void DayRollup::take_faults(const AcceptedRow& row, std::span<const Fault> faults) {
  events_.clear();
  const std::string& id = state_.roster()[row.machine].id;
  faults_.observe(row.machine, id, row.device_time, row.receive_time, faults, events_);
  if (events_.empty()) return;
  std::vector<JournalAlarm>& journal = journal_[row.machine];
  for (const AlarmEvent& event : events_) {
    if (event.kind == AlarmEvent::Kind::raised) {
      journal.push_back({id, event.alarm, kNever, place_of(row.machine)});
      continue;
    }
    const auto entry = std::ranges::find(journal, event.alarm.id,
                                         [](const JournalAlarm& alarm) { return alarm.alarm.id; });
    if (entry == journal.end()) continue;
    entry->alarm = event.alarm;
    if (event.kind == AlarmEvent::Kind::cleared) entry->cleared = event.at;
  }
}

void DayRollup::add_to(Slot machine, DayTables& tables) const {
  if (machine < machines_.size() && machines_[machine].reports > 0) {
    const Day& day = machines_[machine];
    tables.hours.push_back(
        {state_.roster()[machine].id, day.figures, day.first, day.last, day.reports});
    tables.heat.insert(tables.heat.end(), day.heat.begin(), day.heat.end());
  }
  const auto journal = journal_.find(machine);
  if (journal == journal_.end()) return;
  for (const JournalAlarm& entry : journal->second) {
    if (entry.cleared != kNever && entry.cleared < begin_) continue;
    tables.alarms.push_back(entry);
    tables.alarms.back().alarm.machine = 0;
  }
}

void sort(DayTables& tables) {
  std::ranges::sort(tables.hours, {}, &MachineDay::machine);
  std::ranges::sort(tables.alarms, {}, [](const JournalAlarm& a) { return a.alarm.id; });
  std::ranges::sort(tables.heat, {}, &HeatValue::key);
  std::size_t kept = 0;
  for (const HeatValue& value : tables.heat) {
    if (kept > 0 && tables.heat[kept - 1].key == value.key)
      tables.heat[kept - 1].seconds += value.seconds;
    else
      tables.heat[kept++] = value;
  }
  tables.heat.resize(kept);
  std::erase_if(tables.heat, [](const HeatValue& value) { return value.seconds == 0; });
}

}  // namespace fleet
