// Fault lists that changed no alarm, in tick bodies.
#include <array>

#include "net/codec/body_parts.hpp"
#include "net/proto/feed.pb.h"

namespace net {
namespace {

using Pb = ::fleetwall::v1::FaultLists;
using wire::Base;
using wire::Bytes;
using wire::Column;

constexpr std::int64_t kAsOpen = -1;
constexpr int kFirstColumn = Pb::kAtFieldNumber, kLastColumn = Pb::kLampFieldNumber;
constexpr std::size_t kColumns = kLastColumn - kFirstColumn + 1;

struct Parts {
  Bytes gaps;
  std::array<Column, kColumns> columns;
  const Column& of(int field) const {
    return columns[static_cast<std::size_t>(field - kFirstColumn)];
  }
};

fleet::Result<Parts> parts_of(Bytes message) {
  Parts parts;
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    if (field.number == Pb::kMachineGapsFieldNumber) parts.gaps = field.bytes;
    if (field.number < kFirstColumn || field.number > kLastColumn) continue;
    Column& column = parts.columns[static_cast<std::size_t>(field.number - kFirstColumn)];
    if (auto taken = take_column(field.bytes, column); !taken) return taken.error();
  }
  if (reader.damaged()) return fleet::Error{"the fault lists are damaged"};
  return parts;
}

fleet::Result<void> read_faults(const Parts& parts, std::size_t n,
                                std::vector<fleet::Fault>& faults) {
  auto spn = read_numbers(parts.of(Pb::kSpnFieldNumber), n, 0, 524'287, "spn");
  if (!spn) return spn.error();
  auto fmi = read_numbers(parts.of(Pb::kFmiFieldNumber), n, 0, 31, "fmi");
  if (!fmi) return fmi.error();
  auto source = read_numbers(parts.of(Pb::kSourceFieldNumber), n, 0, 255, "source");
  if (!source) return source.error();
  auto count = read_numbers(parts.of(Pb::kOccurrencesFieldNumber), n, 0, 255, "occurrences");
  if (!count) return count.error();
  auto lamp = read_numbers(parts.of(Pb::kLampFieldNumber), n, 0, 4, "lamp");
  if (!lamp) return lamp.error();
  for (std::size_t i = 0; i < n; ++i) {
    faults.push_back({static_cast<std::uint32_t>((*spn)[i]), static_cast<std::uint8_t>((*fmi)[i]),
                      static_cast<std::uint8_t>((*source)[i]),
                      static_cast<std::uint8_t>((*count)[i]),
                      static_cast<fleet::Lamp>((*lamp)[i])});
  }
  return {};
}

}  // namespace

void write_fault_lists(const fleet::TickBatch& tick, wire::MessageWriter& out) {
  std::vector<fleet::Slot> slots;
  std::vector<std::int64_t> at, counts, spn, fmi, source, occurrences, lamp;
  for (const fleet::FaultNote& list : tick.lists) {
    slots.push_back(list.machine);
    at.push_back((list.at - tick.begin).count());
    counts.push_back(list.as_open ? kAsOpen : std::int64_t{list.fault_count});
    for (std::uint32_t i = 0; i < list.fault_count; ++i) {
      const fleet::Fault& fault = tick.faults[list.fault_begin + i];
      spn.push_back(fault.spn);
      fmi.push_back(fault.fmi);
      source.push_back(fault.source);
      occurrences.push_back(fault.count);
      lamp.push_back(static_cast<std::int64_t>(fault.lamp));
    }
  }
  write_gaps(slots, Pb::kMachineGapsFieldNumber, out);
  out.column(Pb::kAtFieldNumber, at, Base::median);
  out.column(Pb::kCountFieldNumber, counts, Base::median);
  out.column(Pb::kSpnFieldNumber, spn, Base::median);
  out.column(Pb::kFmiFieldNumber, fmi, Base::median);
  out.column(Pb::kSourceFieldNumber, source, Base::median);
  out.column(Pb::kOccurrencesFieldNumber, occurrences, Base::median);
  out.column(Pb::kLampFieldNumber, lamp, Base::median);
}

fleet::Result<void> read_fault_lists(Bytes message, fleet::TickBatch& tick) {
  auto parts = parts_of(message);
  if (!parts) return parts.error();
  const std::size_t n = count_varints(parts->gaps);
  if (n > kMaxFrameAlarms) return fleet::Error{"too many fault lists"};
  auto slots = read_gaps(parts->gaps, n, true);
  if (!slots) return slots.error();
  auto at = read_numbers(parts->of(Pb::kAtFieldNumber), n, -kMaxTimeSpanMs, kMaxTimeSpanMs,
                         "at of fault lists");
  if (!at) return at.error();
  auto counts = read_numbers(parts->of(Pb::kCountFieldNumber), n, kAsOpen, kMaxFrameAlarms,
                             "count of fault lists");
  if (!counts) return counts.error();
  std::size_t faults = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const bool as_open = (*counts)[i] == kAsOpen;
    const auto count = as_open ? 0u : static_cast<std::uint32_t>((*counts)[i]);
    tick.lists.push_back({(*slots)[i], tick.begin + fleet::Millis((*at)[i]), as_open,
                          as_open ? 0u : static_cast<std::uint32_t>(faults), count});
    faults += count;
    if (faults > kMaxFrameAlarms) return fleet::Error{"too many faults in fault lists"};
  }
  return read_faults(*parts, faults, tick.faults);
}

}  // namespace net
