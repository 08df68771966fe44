#include "fleet/alarms.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <tuple>

#include "fleet/bytes.hpp"

namespace fleet {
namespace {

/// Oil pressure, coolant, oil temperature, engine speed, hydraulic oil temperature: the machine is
/// damaged within minutes.
constexpr std::array<std::uint32_t, 5> kStopNowSpns = {100, 110, 175, 190, 1638};

auto key_of(const Fault& f) {
  return std::tuple(f.spn, f.fmi, f.source);
}

/// Order of a complete list: by key; of a fault told twice the worst form first.
bool listed_before(const Fault& a, const Fault& b) {
  return std::tuple(key_of(a), a.lamp, -int{a.count}) <
         std::tuple(key_of(b), b.lamp, -int{b.count});
}

}  // namespace

Severity severity_of(const Fault& fault) {
  const bool most_severe = fault.fmi == 0 || fault.fmi == 1;
  const bool moderate = fault.fmi == 16 || fault.fmi == 18;
  const bool stop_now = std::ranges::find(kStopNowSpns, fault.spn) != kStopNowSpns.end();
  if (fault.lamp == Lamp::red_stop || (most_severe && stop_now)) return Severity::critical;
  if (most_severe || fault.lamp == Lamp::protect) return Severity::high;
  if (fault.lamp == Lamp::amber || moderate) return Severity::medium;
  return Severity::low;
}

AlarmId alarm_id(std::string_view machine_id, AlarmRule rule, const Fault& fault, Time occurred) {
  assert(machine_id.size() <= kMaxMachineIdBytes);
  std::array<unsigned char, 1 + kMaxMachineIdBytes + 1 + 4 + 1 + 1 + 8> bytes;
  ByteWriter out(bytes.data());
  out.text(machine_id);
  out.u8(static_cast<std::uint8_t>(rule));
  out.u32(fault.spn);
  out.u8(fault.fmi);
  out.u8(fault.source);
  out.i64(ms_from_time(occurred));
  return XXH64(bytes.data(), out.size(bytes.data()), 0);
}

std::uint64_t fault_list_hash(std::span<const Fault> faults) {
  std::uint64_t sum = XXH64(nullptr, 0, faults.size());
  for (const Fault& f : faults) {
    std::array<unsigned char, 8> bytes;
    ByteWriter out(bytes.data());
    out.u32(f.spn);
    out.u8(f.fmi);
    out.u8(f.source);
    out.u8(f.count);
    out.u8(static_cast<std::uint8_t>(f.lamp));
    sum += XXH64(bytes.data(), bytes.size(), 0);
  }
  return sum;
}

void AlarmTable::apply(const AlarmEvent& event) {
  if (event.kind == AlarmEvent::Kind::cleared) {
    open_.erase(event.alarm.id);
  } else {
    open_[event.alarm.id] = event.alarm;
  }
  ++version_;
}

void AlarmTable::replace(std::span<const Alarm> open) {
  open_.clear();
  for (const Alarm& alarm : open) open_[alarm.id] = alarm;
  ++version_;
}

void FaultJudge::restore(const AlarmTable& table) {
  known_.clear();
  for (const auto& [id, alarm] : table.open()) {
    Known& known = known_of(alarm.machine);
    known.open.push_back(alarm);
    known.newest = std::max(known.newest, alarm.occurred);
  }
  for (Known& known : known_) {
    std::ranges::sort(known.open, {}, [](const Alarm& a) { return key_of(a.fault); });
  }
}

void FaultJudge::adopt(const FaultJudge& part, Slot first) {
  for (std::size_t i = 0; i < part.known_.size(); ++i) {
    Known& known = known_of(static_cast<Slot>(first + i));
    known = part.known_[i];
    for (Alarm& alarm : known.open) alarm.machine += first;
  }
}

FaultJudge::Known& FaultJudge::known_of(Slot machine) {
  if (machine >= known_.size()) known_.resize(std::size_t{machine} + 1);
  return known_[machine];
}

void FaultJudge::list(std::span<const Fault> active) {
  listed_.assign(active.begin(), active.end());
  std::ranges::sort(listed_, listed_before);
  const auto told_twice = std::ranges::unique(listed_, {}, key_of);
  listed_.erase(told_twice.begin(), told_twice.end());
}

std::ptrdiff_t FaultJudge::growth(Slot machine, Time device_time, std::span<const Fault> active) {
  const Known& known = known_of(machine);
  if (device_time < known.newest) return 0;
  list(active);
  return std::ssize(listed_) - std::ssize(known.open);
}

bool FaultJudge::observe(Slot machine, std::string_view machine_id, Time device_time,
                         Time receive_time, std::span<const Fault> active,
                         std::vector<AlarmEvent>& out) {
  Known& known = known_of(machine);
  if (device_time < known.newest) return false;
  known.newest = device_time;
  if (active.empty() && known.open.empty()) return true;

  list(active);
  // Both lists are sorted by key: walk them side by side.
  still_open_.clear();
  auto open = known.open.begin();
  auto fault = listed_.begin();
  while (open != known.open.end() || fault != listed_.end()) {
    const bool only_open = fault == listed_.end() ||
                           (open != known.open.end() && key_of(open->fault) < key_of(*fault));
    if (only_open) {
      out.push_back({AlarmEvent::Kind::cleared, *open++, device_time});
      continue;
    }
    if (open == known.open.end() || key_of(*fault) < key_of(open->fault)) {
      const AlarmId id = alarm_id(machine_id, AlarmRule::fault, *fault, device_time);
      still_open_.push_back(
          {id, machine, AlarmRule::fault, *fault, severity_of(*fault), device_time, receive_time});
      out.push_back({AlarmEvent::Kind::raised, still_open_.back(), device_time});
      ++fault;
      continue;
    }
    Alarm alarm = *open++;
    if (alarm.fault != *fault) {
      alarm.fault = *fault;
      alarm.severity = severity_of(*fault);
      out.push_back({AlarmEvent::Kind::changed, alarm, device_time});
    }
    still_open_.push_back(alarm);
    ++fault;
  }
  known.open.assign(still_open_.begin(), still_open_.end());
  return true;
}

}  // namespace fleet
