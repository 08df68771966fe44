#include "net/store/fault_lists.hpp"

#include <algorithm>
#include <tuple>

namespace net {

void FaultLists::restore(const fleet::AlarmTable& open) {
  open_.clear();
  for (const auto& [id, alarm] : open.open()) open_[alarm.machine].push_back({id, alarm.fault});
}

void FaultLists::apply(const fleet::AlarmEvent& event) {
  std::vector<Open>& open = open_[event.alarm.machine];
  const auto found = std::ranges::find(open, event.alarm.id, &Open::id);
  if (event.kind == fleet::AlarmEvent::Kind::cleared) {
    if (found != open.end()) open.erase(found);
  } else if (found != open.end()) {
    found->fault = event.alarm.fault;
  } else {
    open.push_back({event.alarm.id, event.alarm.fault});
  }
}

/// Lists of one machine and time are one list, as values are one value.
void FaultLists::add(fleet::Slot machine, fleet::Time at, std::vector<fleet::Fault> faults) {
  std::ranges::sort(faults, {},
                    [](const fleet::Fault& f) { return std::tuple(f.spn, f.fmi, f.source); });
  for (auto list = lists_.rbegin(); list != lists_.rend() && list->machine == machine; ++list) {
    if (list->at != at) continue;
    if (fleet::fault_list_hash(faults) < fleet::fault_list_hash(list->faults))
      list->faults = std::move(faults);
    return;
  }
  lists_.push_back({machine, at, std::move(faults)});
}

void FaultLists::add_open(fleet::Slot machine, fleet::Time at) {
  std::vector<fleet::Fault> faults;
  if (const auto known = open_.find(machine); known != open_.end())
    for (const Open& open : known->second) faults.push_back(open.fault);
  add(machine, at, std::move(faults));
}

void FaultLists::take(const fleet::TickBatch& tick) {
  lists_.clear();
  auto event = tick.alarms.begin();
  auto note = tick.lists.begin();
  // Events and notes are sorted by machine, each machine's in order of receipt; of the two the
  // event comes first where they are of one time.
  while (event != tick.alarms.end() || note != tick.lists.end()) {
    const bool is_event =
        note == tick.lists.end() ||
        (event != tick.alarms.end() &&
         std::tuple(event->alarm.machine, event->at) <= std::tuple(note->machine, note->at));
    if (is_event) {
      const fleet::Slot machine = event->alarm.machine;
      const fleet::Time at = event->at;
      for (; event != tick.alarms.end() && event->alarm.machine == machine && event->at == at;
           ++event)
        apply(*event);
      add_open(machine, at);
    } else if (note->as_open) {
      add_open(note->machine, note->at);
      ++note;
    } else {
      const auto told = std::span(tick.faults).subspan(note->fault_begin, note->fault_count);
      add(note->machine, note->at, {told.begin(), told.end()});
      ++note;
    }
  }
}

const std::vector<fleet::Fault>* FaultLists::of(fleet::Slot machine, fleet::Time at) const {
  auto list = std::ranges::lower_bound(lists_, machine, {}, &List::machine);
  for (; list != lists_.end() && list->machine == machine; ++list)
    if (list->at == at) return &list->faults;
  return nullptr;
}

}  // namespace net
