// One file of an import: which format it is, and its rows into an Intake.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/ingest/input_file.hpp"
#include "net/ingest/intake.hpp"

namespace net {

enum class ImportFormat { guess, csv, geojson, ndjson };
const char* format_name(ImportFormat format);

/// GeoJSON is read as a whole; a file larger than this once unpacked is refused.
inline constexpr std::size_t kMaxGeoJsonBytes = 1u << 30;

struct FileOptions {
  ImportFormat format = ImportFormat::guess;
  std::span<const MapRule> rules;
  std::string_view receive_column;
  /// Called every so often with the part that is read, 0 .. 1. May be null.
  std::function<void(double)> progress;
};

/// What is to be told of a file beside its counts.
struct FileNotes {
  std::filesystem::path path;
  ImportFormat format = ImportFormat::guess;
  std::vector<std::string> used, ignored, hints;
  std::vector<bool> rules_used;
  bool roster = false;  ///< it has no time: roster records only
};

/// Error: not there, not what its name or its beginning says, cut short; names the file, where, and
/// what was expected. A bad row costs that row only.
fleet::Result<FileNotes> read_import_file(const std::filesystem::path& path,
                                          const FileOptions& options, Intake& intake);

/// The readers of each format, for a file just opened.
fleet::Result<void> read_csv(InputFile& file, const FileOptions& options, Intake& intake,
                             FileNotes& notes);
fleet::Result<void> read_geojson(InputFile& file, const FileOptions& options, Intake& intake,
                                 FileNotes& notes);
fleet::Result<void> read_ndjson(InputFile& file, const FileOptions& options, Intake& intake,
                                FileNotes& notes);
/// Takes the columns of a plan into the notes.
void note_plan(const ColumnPlan& plan, FileNotes& notes);

}  // namespace net
