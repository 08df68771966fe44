// One day file: its schema, its name, what it says of itself. Shared by writer, reader and verify.
#pragma once

#include "net/store/day_store.hpp"
#include "net/store/sqlite.hpp"

namespace net {

/// The day a tick ending at `end` belongs to: that of the last millisecond it covers.
fleet::LocalDay day_of_end(const fleet::TimeZone& zone, fleet::Time end);
/// A zone as it stands in the table `meta`: "from_ms offset_s" a line, ascending. Nothing: it is no
/// such text, or an offset is over a day, or an instant beyond the year 9999.
std::optional<fleet::TimeZone> zone_from_text(std::string name, std::string_view text);
std::filesystem::path day_file_path(const std::filesystem::path& directory, fleet::LocalDay day);

struct DayFile {
  sqlite::Database db;
  std::filesystem::path path;
  fleet::LocalDay day;
  fleet::TimeZone zone = fleet::shanghai();
  bool demo = false;
  int schema = kDaySchemaVersion;  ///< when it was opened; readers take older ones as they are

  /// Error: not ours, newer schema, unreadable meta table.
  static fleet::Result<DayFile> open(const std::filesystem::path& path,
                                     sqlite::Database::Mode mode);
  /// Makes the file with its tables, replacing one that was left unfinished. Not yet WAL.
  static fleet::Result<DayFile> create(const std::filesystem::path& path, fleet::LocalDay day,
                                       const DayStoreOptions& options);
};

/// Day files of a directory (or the one file), ascending. Error: no such place, or none there.
fleet::Result<std::vector<std::filesystem::path>> day_files(const std::filesystem::path& path);

/// Entries of its journal, in order.
fleet::Result<std::vector<std::string>> journal_of(DayFile& file);

/// Begins a transaction that reads: as long as it lasts nobody turns the file from closed to being
/// written, or back. True: it is closed, and stays as it is.
fleet::Result<bool> hold(DayFile& file);

/// Folds a write-ahead log into its file and leaves rollback mode behind, then syncs file and
/// folder. False if readers hold the file just now: it stays as it is, which is no error. After an
/// error the file is to be opened anew.
fleet::Result<bool> settle(DayFile& file, bool durable);
/// Beside a day of which pages were copied from the log into the file and then dropped by a failed
/// sync, while the log's index counts them as copied: it may only be settled alone. The mark need
/// not be durable, for a power cut takes the index along.
std::filesystem::path doubt_mark(const std::filesystem::path& day_file);
/// Gives a damaged day file, with what belongs to it, a name that no day has:
/// "2026-10-16.damaged.fleetday", "2026-10-16.damaged-2.fleetday". Returns it. Nobody has it open
/// to write.
fleet::Result<std::filesystem::path> set_aside(const std::filesystem::path& day_file);
/// Settles such a day and removes its mark. False: others have it open just now, or an error.
bool settle_doubtful(const std::filesystem::path& day_file, bool durable);
/// The folder that a file lies in.
std::filesystem::path folder_of(const std::filesystem::path& file);
/// Syncs a file or a folder. Error: errno's text.
fleet::Result<void> sync_path(const std::filesystem::path& path);

}  // namespace net
