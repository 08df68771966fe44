// Writes the report a machine makes at an instant of its day.
#pragma once

#include <cstdint>

#include "fleet/report.hpp"
#include "fleet/sim/defects.hpp"
#include "fleet/sim/life.hpp"

namespace fleet::sim {

/// A report to be: when it is received, and what decides its content.
struct Event {
  std::uint64_t key = 0;        ///< receive time (ms since the schedule's origin) << 21 | slot
  std::uint32_t device_ms = 0;  ///< of its local day
  std::uint8_t day_low = 0;     ///< low bits of that local day: reports are never 256 days late
  Defect defect = Defect::none;
  bool full = false;  ///< all values, not only the quick ones
  bool with_faults = false;
};
inline constexpr int kSlotBits = 21;
static_assert(kMaxMachines == 1u << kSlotBits);

/// One machine on one local day.
struct MachineDay {
  const Life& life;
  const DayPlan& plan;
  Counters midnight;  ///< counters when the day began
  std::int64_t day;
};

/// Appends the report of `event` to `out`. Every value is a whole number of its field's steps.
void write_report(const MachineDay& on, const Event& event, Slot slot, Time receive_time,
                  ReportBatch& out);

}  // namespace fleet::sim
