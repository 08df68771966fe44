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

std::span<const FaultLists::List> FaultLists::take(const fleet::TickBatch& tick) {
  lists_.clear();
  for (std::size_t i = 0; i < tick.alarms.size();) {
    const fleet::Slot machine = tick.alarms[i].alarm.machine;
    const fleet::Time at = tick.alarms[i].at;
    for (; i < tick.alarms.size() && tick.alarms[i].alarm.machine == machine &&
           tick.alarms[i].at == at;
         ++i)
      apply(tick.alarms[i]);
    List& list = lists_.emplace_back(List{machine, at, {}});
    for (const Open& open : open_[machine]) list.faults.push_back(open.fault);
    std::ranges::sort(list.faults, {},
                      [](const fleet::Fault& f) { return std::tuple(f.spn, f.fmi, f.source); });
  }
  return lists_;
}

}  // namespace net
