// The two ends of an import at the day store: what a directory already holds, and writing days.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <vector>

#include "net/gateway/store_feeder.hpp"
#include "net/ingest/import_rows.hpp"

namespace net {

/// What a directory holds, as far as an import is concerned with it.
struct StoredDays {
  fleet::TimeZone zone = fleet::shanghai();
  bool demo = false;
  fleet::FleetState before;                  ///< the state before the first row that was read back
  std::vector<std::filesystem::path> files;  ///< day files that the import replaces or removes
};

/// Error: a day that an import would read or write, one from `warm_up` on or the newest, cannot be
/// opened, or has pages that are not as written. A new file in its place would make that final.
fleet::Result<void> check_stored_days(const std::filesystem::path& directory,
                                      fleet::LocalDay warm_up);

/// Reads back all rows of the days from `warm_up` on into `rows` (their file is kStoredRows).
/// Days from `first` on are listed in `files`. machines, fields: added to rows.known.
/// Error: a frame is damaged: an import would lose what stands behind it.
fleet::Result<StoredDays> read_stored_days(const std::filesystem::path& directory,
                                           fleet::LocalDay warm_up, fleet::LocalDay first,
                                           ImportRows& rows);

struct BuildOptions {
  CoreConfig core;        ///< epoch is set by build_days
  fleet::LocalDay first;  ///< rows of earlier days are only taken in, not written
  DayStoreOptions store;
  fleet::Time roster_only_at = fleet::kNever;  ///< tick for a roster when there are no rows
  std::function<void(double)> progress;        ///< may be null
};

struct BuildResult {
  std::vector<fleet::LocalDay> days;
  std::uint64_t ticks = 0, rows = 0;
};

/// Feeds merged rows through a GatewayCore into day files in `folder`, which is empty. Counts what
/// the judge rejects in rows.files. before: moved from.
fleet::Result<BuildResult> build_days(ImportRows& rows, fleet::FleetState& before,
                                      const BuildOptions& options,
                                      const std::filesystem::path& folder);

}  // namespace net
