// Which days of a folder are kept, and how long its disk lasts.
//
// Whole days go, the oldest first; never the newest, which is today's while a gateway serves. Who
// reads a day that goes keeps its file open and reads on.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "fleet/result.hpp"
#include "fleet/time.hpp"

namespace net {

/// 0 = no such bound.
struct Retention {
  int keep_days = 0;             ///< the newest day and those of the calendar before it
  std::uint64_t keep_bytes = 0;  ///< of all days together
  /// Of the file system: below it the oldest days go, too. Means nothing without one of the above:
  /// who wants all days to be kept gets an error on a full disk, not a loss.
  std::uint64_t min_free_bytes = std::uint64_t{1} << 30;

  bool any() const { return keep_days > 0 || keep_bytes > 0; }
};

struct StoredDay {
  fleet::LocalDay day;
  std::filesystem::path file;
  std::uint64_t bytes = 0;  ///< with its log and its parity
};

/// Of a directory, ascending; none is no error. Error: the folder cannot be read.
fleet::Result<std::vector<StoredDay>> stored_days(const std::filesystem::path& directory);
std::uint64_t bytes_of(std::span<const StoredDay> days);

/// How many of the oldest days are over the bounds on days and bytes.
std::size_t days_over(std::span<const StoredDay> days, const Retention& retention);
/// How many of the oldest days to remove so that the disk has min_free_bytes, if it has `free` now.
std::size_t days_for_room(std::span<const StoredDay> days, const Retention& retention,
                          std::uint64_t free_bytes);

/// Removes a day's file and what belongs to it. Who has it open reads on. The caller holds the
/// folder's lock, and does not write this day.
fleet::Result<void> remove_day(const StoredDay& day);

/// From the days before the newest, up to seven of them.
struct DiskForecast {
  std::optional<std::uint64_t> bytes_a_day;  ///< nothing: there is no whole day yet
  std::optional<double> days_until_full;     ///< if nothing is removed
  /// Until retention removes the next day.
  std::optional<double> days_until_removal;
};
DiskForecast forecast_disk(std::span<const StoredDay> days, const Retention& retention,
                           std::uint64_t free_bytes);

}  // namespace net
