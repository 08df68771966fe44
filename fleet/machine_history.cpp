#include "fleet/machine_history.hpp"

#include <algorithm>
#include <bit>

#include "fleet/track.hpp"

namespace fleet {
namespace {

constexpr std::uint8_t kNoPlace = 255;
/// Times are whole milliseconds: the first one after another.
constexpr Millis kNext{1};

std::size_t count_of(FieldMask fields) {
  return static_cast<std::size_t>(std::popcount(fields));
}

/// That every row's values are there: what is copied is checked only afterwards.
Result<void> check_values(const TickBatch& tick) {
  const bool good = std::ranges::all_of(tick.rows, [&](const Row& row) {
    return std::size_t{row.value_begin} + count_of(row.fields) <= tick.values.size();
  });
  if (good) return {};
  return Error{"a row has values beyond those of its frame"};
}

void copy_row(const TickBatch& from, const Row& row, TickBatch& to) {
  Row own = row;
  own.machine = 0;
  own.value_begin = static_cast<std::uint32_t>(to.values.size());
  const auto first = from.values.begin() + row.value_begin;
  to.values.insert(to.values.end(), first,
                   first + static_cast<std::ptrdiff_t>(count_of(row.fields)));
  to.rows.push_back(own);
}

void copy_alarm(const AlarmEvent& event, TickBatch& to) {
  to.alarms.push_back(event);
  to.alarms.back().alarm.machine = 0;
}

}  // namespace

MachineRecorder::MachineRecorder(std::string machine, Time from, Time to) {
  history_.machine = std::move(machine);
  history_.from = from;
  history_.to = to;
}

/// Fields are numbered by each epoch anew: here they are told apart by their names.
void MachineRecorder::number_fields() {
  const FieldCatalog& fields = state_.fields();
  place_of_.assign(fields.size(), kNoPlace);
  for (std::size_t f = 0; f < fields.size(); ++f) {
    const FieldInfo& info = fields[static_cast<FieldId>(f)];
    const auto known = std::ranges::find(history_.fields, info.name, &FieldInfo::name);
    const auto place = static_cast<std::size_t>(known - history_.fields.begin());
    if (place >= kMaxFields) continue;
    if (known == history_.fields.end()) history_.fields.push_back(info);
    place_of_[f] = static_cast<std::uint8_t>(place);
  }
}

Result<void> MachineRecorder::take(const RosterBatch& roster) {
  RosterBatch own;
  own.complete = roster.complete;
  own.version = roster.version;
  own.extra_fields = roster.extra_fields;
  if (roster.complete) slot_.reset();
  for (const auto& [slot, machine] : roster.machines) {
    if (machine.id != history_.machine) continue;
    slot_ = slot;
    own.machines.emplace_back(0, machine);
  }
  auto applied = state_.apply(std::move(own));
  if (applied) number_fields();
  return applied;
}

Result<void> MachineRecorder::take(const StateBatch& keyframe) {
  StateBatch own;
  own.position = keyframe.position;
  own.time = keyframe.time;
  own.heat.emplace();
  if (slot_) {
    const auto image =
        std::ranges::lower_bound(keyframe.machines, *slot_, {}, &MachineImage::machine);
    if (image != keyframe.machines.end() && image->machine == *slot_) {
      if (image->slot_begin + count_of(image->fields) > keyframe.slots.size())
        return Error{"a machine image has values beyond those of its frame"};
      const auto first = keyframe.slots.begin() + image->slot_begin;
      own.slots.assign(first, first + static_cast<std::ptrdiff_t>(count_of(image->fields)));
      own.machines.push_back(*image);
      own.machines.back().machine = 0;
      own.machines.back().slot_begin = 0;
    }
    for (Alarm alarm : keyframe.alarms) {
      if (alarm.machine != *slot_) continue;
      alarm.machine = 0;
      own.alarms.push_back(alarm);
    }
  }
  if (auto applied = state_.apply(own); !applied) return applied;
  // What went while nobody recorded, went by then.
  for (const Alarm& alarm : alarms_) {
    if (!state_.alarms().open().contains(alarm.id)) history_.faults.push_back({alarm, own.time});
  }
  alarms_ = own.alarms;
  note(own.time);
  return {};
}

Result<void> MachineRecorder::take(const TickBatch& tick) {
  if (!slot_) return {};
  if (auto checked = check_values(tick); !checked) return checked;
  TickBatch own;
  own.position = tick.position;
  own.begin = tick.begin;
  own.end = tick.end;
  own.receive_is_lag = tick.receive_is_lag;
  for (const Row& row : std::ranges::equal_range(tick.rows, *slot_, {}, &Row::machine))
    copy_row(tick, row, own);
  for (const PeriodChange& change : tick.periods)
    if (change.machine == *slot_) own.periods.push_back({0, change.period_ms});
  for (const AlarmEvent& event : tick.alarms)
    if (event.alarm.machine == *slot_) copy_alarm(event, own);
  return apply(own);
}

Result<void> MachineRecorder::take(const TickSpan& span) {
  if (!slot_) return {};
  const TickBatch& all = span.all;
  if (auto checked = check_values(all); !checked) return checked;
  const auto rows = std::ranges::equal_range(all.rows, *slot_, {}, &Row::machine);
  auto row = static_cast<std::size_t>(rows.begin() - all.rows.begin());
  const auto row_end = static_cast<std::size_t>(rows.end() - all.rows.begin());
  std::size_t period = 0, alarm = 0;
  TickBatch own;
  for (std::uint32_t tick = 0; tick < span.ticks.size(); ++tick) {
    own.clear();
    own.receive_is_lag = true;
    for (; row < row_end && span.row_ticks[row] == tick; ++row) copy_row(all, all.rows[row], own);
    for (; period < all.periods.size() && span.period_ticks[period] == tick; ++period)
      if (all.periods[period].machine == *slot_)
        own.periods.push_back({0, all.periods[period].period_ms});
    for (; alarm < all.alarms.size() && span.alarm_ticks[alarm] == tick; ++alarm)
      if (all.alarms[alarm].alarm.machine == *slot_) copy_alarm(all.alarms[alarm], own);
    if (own.rows.empty() && own.periods.empty() && own.alarms.empty()) continue;
    own.position = span.ticks[tick].position;
    own.begin = span.ticks[tick].begin;
    own.end = span.ticks[tick].end;
    if (auto applied = apply(own); !applied) return applied;
  }
  return {};
}

/// A tick of this machine's reports alone.
Result<void> MachineRecorder::apply(const TickBatch& own) {
  Time changed = kNever;
  const FleetState::RowObserver observer = [&](const AcceptedRow& row) {
    // A tick is shown from the first instant behind its begin, whenever a row says it came.
    changed = std::max(row.receive_time, own.begin + kNext);
    keep(row, changed);
    note(changed);
  };
  if (auto applied = state_.apply(own, nullptr, &observer); !applied) return applied;
  for (const AlarmEvent& event : own.alarms) take_alarm(event);
  // The rhythm that came with these reports holds from the last of them on.
  if (!own.periods.empty()) note(changed == kNever ? own.begin + kNext : changed);
  return {};
}

void MachineRecorder::keep(const AcceptedRow& row, Time shown) {
  if (shown < history_.from || shown >= history_.to) return;
  MachineHistory::Report report{row.device_time, row.receive_time, state_.head(0).period_ms, 0,
                                static_cast<std::uint32_t>(history_.values.size())};
  // Places need not ascend with field numbers: values are put in order of places.
  scratch_.assign(kMaxFields, 0);
  std::size_t value = 0;
  for (FieldMask left = row.fields; left != 0; left &= left - 1, ++value) {
    const std::uint8_t place = place_of_[static_cast<std::size_t>(std::countr_zero(left))];
    if (place == kNoPlace) continue;
    report.fields |= FieldMask{1} << place;
    scratch_[place] = row.values[value];
  }
  for (FieldMask left = report.fields; left != 0; left &= left - 1)
    history_.values.push_back(scratch_[static_cast<std::size_t>(std::countr_zero(left))]);
  history_.reports.push_back(report);
}

/// The state is what it is now since `at`.
void MachineRecorder::note(Time at) {
  if (open_) at = std::max(at, open_->begin);
  close_status(at);
  Open next{Status::unknown, at, Time::max()};
  if (slot_ && state_.machine_count() > 0) {
    next.status = reported_status(state_, 0);
    if (const Time last = silent_after(state_.head(0)); last != kNever)
      next.silent_from = last + kNext;
  }
  open_ = next;
}

void MachineRecorder::close_status(Time at) {
  if (!open_) return;
  add_status(open_->status, open_->begin, std::min(open_->silent_from, at));
  add_status(Status::silent, std::max(open_->silent_from, open_->begin), at);
}

void MachineRecorder::add_status(Status status, Time begin, Time end) {
  begin = std::max(begin, history_.from);
  end = std::min(end, history_.to);
  if (begin >= end) return;
  auto& spans = history_.statuses;
  if (!spans.empty() && spans.back().status == status && spans.back().end == begin)
    spans.back().end = end;
  else
    spans.push_back({status, begin, end});
}

void MachineRecorder::take_alarm(const AlarmEvent& event) {
  const auto open = std::ranges::find(alarms_, event.alarm.id, &Alarm::id);
  if (event.kind != AlarmEvent::Kind::cleared) {
    if (open == alarms_.end())
      alarms_.push_back(event.alarm);
    else
      *open = event.alarm;
    return;
  }
  history_.faults.push_back({event.alarm, event.at});
  if (open != alarms_.end()) alarms_.erase(open);
}

MachineHistory MachineRecorder::finish(Time until) {
  history_.until = until;
  close_status(std::min(until, history_.to));
  auto& faults = history_.faults;
  for (const Alarm& alarm : alarms_) faults.push_back({alarm, kNever});
  std::erase_if(faults, [&](const MachineHistory::FaultSpan& fault) {
    const bool over = fault.end != kNever && fault.end <= history_.from;
    return over || fault.alarm.occurred >= history_.to;
  });
  std::ranges::stable_sort(faults, {}, [](const auto& f) { return f.alarm.occurred; });
  return std::move(history_);
}

std::vector<MachineValue> values_of(const MachineHistory& history, std::size_t field) {
  std::vector<MachineValue> values;
  if (field >= history.fields.size()) return values;
  const FieldMask bit = FieldMask{1} << field;
  for (const MachineHistory::Report& report : history.reports) {
    if ((report.fields & bit) == 0) continue;
    const std::int64_t raw =
        history.values[report.value_begin + count_of(report.fields & (bit - 1))];
    values.push_back({report.device_time, value_from_raw(history.fields[field], raw)});
  }
  std::ranges::stable_sort(values, {}, &MachineValue::device_time);
  // Of equals the last stays.
  const auto later = std::ranges::unique(values.rbegin(), values.rend(), {},
                                         [](const MachineValue& v) { return v.device_time; });
  values.erase(values.begin(), later.begin().base());
  return values;
}

std::vector<MachineGap> gaps_of(const MachineHistory& history) {
  std::vector<std::pair<Time, std::int32_t>> reports;
  for (const MachineHistory::Report& report : history.reports)
    reports.emplace_back(report.device_time, report.period_ms);
  std::ranges::sort(reports);
  std::vector<MachineGap> gaps;
  for (std::size_t i = 1; i < reports.size(); ++i) {
    MachineHead head;
    head.period_ms = reports[i - 1].second;
    const Millis longest = std::max(kLeastGap, kMissedReports * expected_period(head));
    if (reports[i].first - reports[i - 1].first > longest)
      gaps.push_back({reports[i - 1].first, reports[i].first});
  }
  return gaps;
}

Status status_at(const MachineHistory& history, Time t) {
  const auto after =
      std::ranges::upper_bound(history.statuses, t, {}, &MachineHistory::StatusSpan::begin);
  if (after == history.statuses.begin()) return Status::unknown;
  const MachineHistory::StatusSpan& span = *std::prev(after);
  return t < span.end ? span.status : Status::unknown;
}

}  // namespace fleet
