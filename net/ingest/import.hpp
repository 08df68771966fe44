// import: files into a data directory, as if they had been received live.
//
// How it works: all files are read into ImportRows; what the directory holds of the days concerned
// is read back from its frames and joins them; the rows are merged into an order that depends on
// their content alone and fed tick by tick through the GatewayCore into day files in a folder
// inside the directory, which then replace the old ones. Nothing changes before that; after an
// error nothing has changed. One thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/ingest/import_files.hpp"

namespace net {

/// Days before the first one concerned whose rows are read again, so that report rhythms and
/// figures go on as they were. Five reports make a rhythm; machines that send fewer in a week start
/// with the default one.
inline constexpr int kWarmUpDays = 7;

struct ImportOptions {
  std::filesystem::path data;
  std::vector<std::filesystem::path> files;
  ImportFormat format = ImportFormat::guess;
  std::vector<MapRule> rules;
  IntakeRules intake;
  std::string receive_column;
  /// Zone of local days; without it that of the directory, else Asia/Shanghai.
  std::optional<fleet::TimeZone> day_zone;
  /// Called while files are read and days are written. May be null.
  std::function<void(const std::string& what, double part)> progress;
};

struct ImportReport {
  struct File {
    FileNotes notes;
    ImportCounts counts;
  };
  std::vector<File> files;
  ImportCounts stored_before;  ///< rows of the directory that were judged anew
  std::vector<fleet::LocalDay> days;
  std::uint64_t ticks = 0, rows_written = 0;
  std::size_t machines = 0;  ///< with reports or records in the files
  fleet::Time first = fleet::kNever, last = fleet::kNever;  ///< device times stored
  std::vector<std::string> troubles;  ///< with the days' roll-ups, which readers then build
};

/// Error: the directory is in use or of another day zone, a file is not what it claims, a mapped
/// column is in no file, or the disk is full; the directory is as it was then.
fleet::Result<ImportReport> run_import(const ImportOptions& options);

/// The report as text, in lines of a terminal.
std::string report_text(const ImportReport& report, double seconds);

}  // namespace net
