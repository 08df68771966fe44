#include "net/store/report_order.hpp"

#include <algorithm>
#include <tuple>

namespace net {

namespace {

constexpr fleet::FieldMask kFields = fleet::DayRollup::kFields;

/// Place of a field among the values of a HeldReport.
constexpr std::size_t place_of(fleet::FieldMask bit) {
  return static_cast<std::size_t>(std::popcount(kFields & (bit - 1)));
}

}  // namespace

HeldReport ReportJoiner::held(const StoredRow& stored, fleet::Slot machine) {
  const fleet::AcceptedRow& row = stored.row;
  HeldReport report;
  report.device_time = row.device_time;
  report.receive_time = row.receive_time;
  report.machine = machine;
  report.fields = row.fields & kFields;
  for (fleet::FieldMask rest = report.fields; rest != 0; rest &= rest - 1) {
    const fleet::FieldMask bit = rest & (~rest + 1);
    const int among = std::popcount(row.fields & (bit - 1));
    report.values[place_of(bit)] = row.values[static_cast<std::size_t>(among)];
  }
  if (stored.faults) report.faults = number_of(*stored.faults);
  return report;
}

/// Most lists say what was said before: each is kept once.
std::uint32_t ReportJoiner::number_of(const std::vector<fleet::Fault>& faults) {
  const auto [number, added] = numbers_.try_emplace(fleet::fault_list_hash(faults),
                                                    static_cast<std::uint32_t>(lists_.size() + 1));
  if (added) lists_.push_back(faults);
  return number->second;
}

void ReportJoiner::join(HeldReport& held, const HeldReport& other) {
  held.receive_time = std::min(held.receive_time, other.receive_time);
  for (fleet::FieldMask rest = other.fields; rest != 0; rest &= rest - 1) {
    const fleet::FieldMask bit = rest & (~rest + 1);
    std::int64_t& value = held.values[place_of(bit)];
    const std::int64_t news = other.values[place_of(bit)];
    const auto field = static_cast<fleet::FieldId>(std::countr_zero(bit));
    if ((held.fields & bit) == 0 ||
        (news != value && fleet::wins_conflict(fields_[field], news, value)))
      value = news;
  }
  held.fields |= other.fields;
  if (other.faults == 0) return;
  const auto number = [this](std::uint32_t list) {
    return fleet::fault_list_hash(lists_[list - 1]);
  };
  if (held.faults == 0 || number(other.faults) < number(held.faults)) held.faults = other.faults;
}

void ReportJoiner::observe(const HeldReport& report, fleet::DayRollup& day) {
  std::array<std::int64_t, HeldReport::kValues> values;
  std::size_t n = 0;
  for (fleet::FieldMask rest = report.fields; rest != 0; rest &= rest - 1)
    values[n++] = report.values[place_of(rest & (~rest + 1))];
  day.observe({report.machine, report.device_time, report.receive_time, report.fields,
               std::span(values).first(n)},
              report.faults == 0 ? nullptr : &lists_[report.faults - 1]);
}

void ReportStream::take(const StoredRow& stored, fleet::Slot slot, fleet::DayRollup& day) {
  if (machines_.size() <= slot)
    machines_.resize(std::max<std::size_t>(std::size_t{slot} + 1, machines_.size() * 2));
  Machine& machine = machines_[slot];
  ++machine.reports;
  if (machine.disordered) return;
  const HeldReport report = joiner_.held(stored, slot);
  if (machine.reports == 1) {
    machine.last = report;
  } else if (report.device_time < machine.last.device_time) {
    machine.disordered = true;
  } else if (report.device_time == machine.last.device_time) {
    joiner_.join(machine.last, report);
  } else {
    joiner_.observe(machine.last, day);
    machine.last = report;
  }
}

void ReportStream::finish(fleet::DayRollup& day) {
  for (const Machine& machine : machines_)
    if (machine.reports > 0 && !machine.disordered) joiner_.observe(machine.last, day);
}

void ReportHeap::finish(fleet::DayRollup& day) {
  std::ranges::sort(reports_, {}, [](const HeldReport& report) {
    return std::tuple(report.machine, report.device_time, report.receive_time);
  });
  for (std::size_t i = 0; i < reports_.size();) {
    HeldReport joined = reports_[i++];
    for (; i < reports_.size() && reports_[i].machine == joined.machine &&
           reports_[i].device_time == joined.device_time;
         ++i)
      joiner_.join(joined, reports_[i]);
    joiner_.observe(joined, day);
  }
}

}  // namespace net
