// What readers take for a day: its file, or the copy that `fleetwalld salvage` made of it.
//
// A copy lies beside the day as "2026-10-16.salvaged.fleetday". It stands for the day where the
// day's own file is gone, cannot be read, or holds nothing later than the copy: the two are never
// mixed. Writers know nothing of copies.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fleet/result.hpp"
#include "fleet/time.hpp"

namespace net {

/// The day that a file's name begins with.
std::optional<fleet::LocalDay> day_named(const std::filesystem::path& file);

/// Where the copy of a day lies, be `day_file` its own file or one set aside as damaged.
/// Nothing (empty): the name does not begin with a day.
std::filesystem::path salvaged_path(const std::filesystem::path& day_file);
bool is_salvaged(const std::filesystem::path& file);

/// What to read of a directory (or the one file), by day. Error: as day_files.
fleet::Result<std::vector<std::filesystem::path>> readable_days(const std::filesystem::path& path);
/// A sentence for each day of which a salvaged copy is read; for logs and messages.
std::vector<std::string> salvage_notes(const std::filesystem::path& path);

}  // namespace net
