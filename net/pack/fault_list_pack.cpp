// Fault lists that changed no alarm, in packs.
#include "net/pack/pack_parts.hpp"

namespace net {
namespace {

constexpr std::int64_t kAsOpen = -1;
constexpr std::int64_t kMaxSlot = fleet::kMaxMachines - 1;

/// A fault as one number.
std::int64_t number_of(const fleet::Fault& fault) {
  return std::int64_t{fault.spn} << 24 | std::int64_t{fault.source} << 16 |
         std::int64_t{fault.count} << 8 | std::int64_t{fault.fmi} << 3 |
         static_cast<std::int64_t>(fault.lamp);
}

fleet::Fault fault_of(std::int64_t number) {
  return {static_cast<std::uint32_t>(number >> 24), static_cast<std::uint8_t>(number >> 3 & 31),
          static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
          static_cast<fleet::Lamp>(number & 7)};
}

bool is_fault(std::int64_t number) {
  return number >= 0 && number >> 24 <= 524'287 && (number & 7) <= 4;
}

}  // namespace

void write_fault_lists(const fleet::TickSpan& span, PackWriter& out) {
  if (span.all.lists.empty()) return;
  std::vector<std::int64_t> machines, lags, counts, faults;
  for (std::size_t i = 0; i < span.all.lists.size(); ++i) {
    const fleet::FaultNote& list = span.all.lists[i];
    machines.push_back(list.machine);
    lags.push_back((span.ticks[span.list_ticks[i]].end - list.at).count());
    counts.push_back(list.as_open ? kAsOpen : std::int64_t{list.fault_count});
  }
  for (const fleet::Fault& fault : span.all.faults) faults.push_back(number_of(fault));
  write_ascending(span.list_ticks, out);
  for (const auto* column : {&machines, &lags, &counts, &faults}) out.column(*column);
}

void read_fault_lists(PackReader& in, fleet::TickSpan& span) {
  if (!in.ok() || in.at_end()) return;
  read_ascending(in, span.ticks.size(), span.list_ticks);
  const std::size_t n = span.list_ticks.size();
  const auto machines = in.column(n, "machines of fault lists");
  const auto lags = in.column(n, "times of fault lists");
  const auto counts = in.column(n, "faults of fault lists");
  const auto faults = in.column();
  std::size_t told = 0;
  for (std::size_t i = 0; i < n && in.ok(); ++i) {
    const bool good = machines[i] >= 0 && machines[i] <= kMaxSlot && lags[i] >= -kMaxTimeSpanMs &&
                      lags[i] <= kMaxTimeSpanMs && counts[i] >= kAsOpen &&
                      counts[i] <= static_cast<std::int64_t>(faults.size() - told);
    if (!good) return in.fail("a fault list of it is out of range");
    const bool as_open = counts[i] == kAsOpen;
    const auto count = as_open ? 0u : static_cast<std::uint32_t>(counts[i]);
    span.all.lists.push_back({static_cast<fleet::Slot>(machines[i]),
                              span.ticks[span.list_ticks[i]].end - fleet::Millis(lags[i]), as_open,
                              as_open ? 0u : static_cast<std::uint32_t>(told), count});
    told += count;
  }
  if (in.ok() && told != faults.size()) return in.fail("it has faults of no list");
  for (std::size_t i = 0; i < faults.size() && in.ok(); ++i) {
    if (!is_fault(faults[i])) return in.fail("a fault of it is out of range");
    span.all.faults.push_back(fault_of(faults[i]));
  }
}

}  // namespace net
