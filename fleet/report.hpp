// What a machine said, as it arrived: before any quality rule, in the sender's units.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fleet/field.hpp"
#include "fleet/mercator.hpp"
#include "fleet/time.hpp"

namespace fleet {

/// Index of a machine in the Roster and in every column. Stable within an epoch.
using Slot = std::uint32_t;
/// A fleet holds at most this many machines: 1,000,000 is the product's promise, the rest is room.
inline constexpr Slot kMaxMachines = 1u << 21;

/// J1939 lamp of a fault, worst first.
enum class Lamp : std::uint8_t { red_stop, protect, amber, malfunction, off };

/// An active J1939 fault as a machine reports it.
struct Fault {
  std::uint32_t spn = 0;    ///< 0..524287
  std::uint8_t fmi = 0;     ///< 0..31
  std::uint8_t source = 0;  ///< source address
  std::uint8_t count = 0;   ///< occurrences, 0..126
  Lamp lamp = Lamp::off;
  bool operator==(const Fault&) const = default;
};

struct ReportedValue {
  FieldId field;  ///< never kPosition
  double value;   ///< in the field's unit; may be NaN, infinite, out of range
};

/// One line of ingest. Values and faults live in the batch that holds the report.
struct Report {
  Slot machine = 0;
  std::uint32_t line = 0;  ///< number of the line in its message, from 1, for the answer
  Time device_time;        ///< may be absurd
  Time receive_time;
  bool has_position = false;
  LonLat position;          ///< may be absurd, NaN included
  bool has_faults = false;  ///< the list below is complete: faults not in it are over
  std::uint32_t value_begin = 0, value_end = 0;
  std::uint32_t fault_begin = 0, fault_end = 0;
};

/// Reports in order of receipt, with flat storage that is reused from batch to batch.
struct ReportBatch {
  std::vector<Report> reports;
  std::vector<ReportedValue> values;
  std::vector<Fault> faults;

  std::span<const ReportedValue> values_of(const Report& r) const {
    return std::span(values).subspan(r.value_begin, r.value_end - r.value_begin);
  }
  std::span<const Fault> faults_of(const Report& r) const {
    return std::span(faults).subspan(r.fault_begin, r.fault_end - r.fault_begin);
  }
  void clear() {
    reports.clear();
    values.clear();
    faults.clear();
  }
};

}  // namespace fleet
