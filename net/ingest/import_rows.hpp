// Everything that an import has read, in compact form, and its canonical order.
//
// Rows of all files, and rows that the store already has, lie in one list. `merge` brings them into
// one order that depends on their content alone: shuffled, doubled or cut up differently, the same
// reports make the same list. 48 bytes a row and 8 a value. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/quality.hpp"

namespace net {

/// "File" of rows that were in the store before.
inline constexpr std::uint32_t kStoredRows = 0;

struct ImportRow {
  std::int64_t device_ms = 0;
  std::int64_t receive_ms = 0;
  fleet::FieldMask fields = 0;
  std::uint64_t value_begin = 0;  ///< into ImportRows::values: raw, one per set bit, low bit first
  fleet::Slot machine = 0;        ///< in ImportRows::known
  std::uint32_t faults = 0;       ///< index into fault_lists plus one; 0 = no list
  std::uint32_t line = 0;
  std::uint32_t file = kStoredRows;
};

/// What became of the rows of one file.
struct ImportCounts {
  std::uint64_t rows = 0;         ///< read, blank lines aside
  std::uint64_t used = 0;         ///< of which something was stored
  std::uint64_t roster_rows = 0;  ///< that hold a roster record and no report
  struct Reason {
    std::uint64_t values = 0;      ///< rejected; a whole row counts as one
    std::uint32_t first_line = 0;  ///< 0 = not known
  };
  std::array<Reason, fleet::kReasonCount> rejected{};
  std::uint64_t late = 0;      ///< values stored behind a newer one: no rejection
  std::uint64_t zoneless = 0;  ///< times that lacked only an offset, of rows rejected for it

  void reject(fleet::Reason reason, std::uint32_t line);
  void add(const ImportCounts& other);
};

struct ImportRows {
  std::vector<ImportRow> rows;
  std::vector<std::int64_t> values;
  std::vector<std::vector<fleet::Fault>> fault_lists;
  /// Only its roster (ids alone) and its field catalogue are used.
  fleet::FleetState known;
  /// Roster records by slot of `known`; empty where no file had one.
  std::vector<fleet::Machine> records;
  std::vector<ImportCounts> files{1};

  ImportCounts& counts(const ImportRow& row) { return files[row.file]; }
  std::span<const std::int64_t> values_of(const ImportRow& row) const;
  /// Joins a record with what other rows said of that machine: of two texts or numbers the smaller
  /// one stays, so that the order does not matter.
  void add_record(fleet::Slot slot, const fleet::Machine& record);
  /// One row per machine and device time, values joined field by field (of two different ones the
  /// one with the smaller canonical text stays, as in rule `conflict`), the earliest receive time;
  /// sorted by tick of receipt, machine id, receive time, device time. Counts duplicates and
  /// conflicts.
  void merge(fleet::Millis tick);
};

/// True if anything but the id is known.
bool has_record(const fleet::Machine& machine);
/// The held record, with what `news` knows in its place.
fleet::Machine updated_record(fleet::Machine held, const fleet::Machine& news);

/// End of the tick that a receive time falls in.
std::int64_t tick_end_ms(std::int64_t receive_ms, fleet::Millis tick);

}  // namespace net
