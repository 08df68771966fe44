#include "fleet/update.hpp"

#include <algorithm>

namespace fleet {
namespace {

template <class T>
std::size_t bytes_of(const std::vector<T>& items) {
  return items.size() * sizeof(T);
}

std::size_t bytes_of(const Machine& m) {
  return sizeof m + m.id.size() + m.serial.size() + m.maker.size() + m.model.size() +
         m.machine_class.size() + m.customer.size() + m.branch.size() + m.delivered.size() +
         m.last_service_time.size();
}

struct SizeOf {
  std::size_t operator()(const RosterBatch& b) const {
    std::size_t sum = sizeof b;
    for (const auto& [slot, machine] : b.machines) sum += sizeof slot + bytes_of(machine);
    for (const std::string& name : b.extra_fields) sum += sizeof(std::string) + name.size();
    return sum;
  }
  std::size_t operator()(const StateBatch& b) const {
    return sizeof b + bytes_of(b.machines) + bytes_of(b.slots) + bytes_of(b.alarms) +
           (b.heat ? bytes_of(b.heat->values) : 0);
  }
  std::size_t operator()(const TickBatch& b) const {
    return sizeof b + bytes_of(b.rows) + bytes_of(b.values) + bytes_of(b.periods) +
           bytes_of(b.figures) + bytes_of(b.shares) + bytes_of(b.alarms) + bytes_of(b.lists) +
           bytes_of(b.faults);
  }
  std::size_t operator()(const Heartbeat& b) const { return sizeof b; }
};

template <class T>
void sort_items(std::vector<T>& items) {
  if (!std::ranges::is_sorted(items, {}, &T::machine)) {
    std::ranges::stable_sort(items, {}, &T::machine);
  }
}

}  // namespace

void TickBatch::clear() {
  position = {};
  begin = end = kNever;
  receive_is_lag = false;
  rows.clear();
  values.clear();
  periods.clear();
  figures.clear();
  shares.clear();
  alarms.clear();
  lists.clear();
  faults.clear();
  activity.reset();
}

void sort_by_machine(TickBatch& tick) {
  sort_items(tick.rows);
  sort_items(tick.periods);
  sort_items(tick.figures);
  sort_items(tick.lists);
}

void add_late_list(TickBatch& tick, Slot machine, Time at, std::span<const Fault> faults) {
  tick.lists.push_back({machine, at, false, static_cast<std::uint32_t>(tick.faults.size()),
                        static_cast<std::uint32_t>(faults.size())});
  tick.faults.insert(tick.faults.end(), faults.begin(), faults.end());
}

void append_lists(TickBatch& tick, std::span<const FaultNote> lists,
                  std::span<const Fault> faults) {
  for (const FaultNote& list : lists) {
    if (list.as_open)
      tick.lists.push_back(list);
    else
      add_late_list(tick, list.machine, list.at,
                    faults.subspan(list.fault_begin, list.fault_count));
  }
}

std::size_t size_bytes(const Update& update) {
  return std::visit(SizeOf{}, update);
}

}  // namespace fleet
