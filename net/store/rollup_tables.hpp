// The roll-ups that lie beside the frames in a day file: hours, heat, alarms, overview, gaps, and
// which other days the file holds reports of.
//
// Larger ones are packed: a zstd frame, with checksum, of a message of net/proto/rollup.proto. They
// are written together, in one transaction, and replaced whole. One thread.
#pragma once

#include <optional>
#include <vector>

#include "fleet/day_rollup.hpp"
#include "net/store/day_file.hpp"
#include "net/store/day_overview.hpp"

namespace net {

/// part: of heat the hour of the day, else 0. late: local days (days since 1970) other than the
/// file's own that it holds reports of, by device time.
inline constexpr const char* kRollupTables = R"sql(
CREATE TABLE rollups(
  kind TEXT NOT NULL,
  part INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE(kind, part));
CREATE TABLE gaps(from_ms INTEGER PRIMARY KEY, to_ms INTEGER NOT NULL, why INTEGER NOT NULL);
CREATE TABLE late(
  day INTEGER PRIMARY KEY,
  reports INTEGER NOT NULL,
  begin_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL);
)sql";

/// Reports of another local day that a file holds.
struct LateSpan {
  std::int32_t day = 0;  ///< days since 1970-01-01
  std::uint64_t reports = 0;
  fleet::Time begin, end;  ///< of the ticks that they were received in
  bool operator==(const LateSpan&) const = default;
};
/// More days than that in one file come of broken clocks: those furthest in the past are not
/// listed.
inline constexpr std::size_t kMostLateDays = 4096;

struct Rollup {
  DayOverview overview;        ///< without the gaps at the edges
  std::vector<LateSpan> late;  ///< ascending days
  /// By device time; nothing in a file that is still being written.
  std::optional<fleet::DayTables> tables;
  std::int64_t frames = 0;  ///< the last row of the table `frames` that was looked at
  /// End of the tick with the newest report of this day that was looked at, in whatever file.
  fleet::Time until = fleet::kNever;
};

/// Puts them into the file in the place of those that are there. Migrates the file. Error:
/// SQLite's; the file is as it was.
fleet::Result<void> write_rollup(DayFile& file, const Rollup& rollup);
/// Nothing: the file has none, or was written to since. Error: damaged, or SQLite's.
fleet::Result<std::optional<Rollup>> read_rollup(DayFile& file);
/// Parts of it alone, as they were when they were written.
fleet::Result<std::optional<std::vector<LateSpan>>> read_late(DayFile& file);
fleet::Result<std::optional<DayOverview>> read_counts(DayFile& file);

}  // namespace net
