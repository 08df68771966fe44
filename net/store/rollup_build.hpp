// Building roll-ups out of frames: reports of a day, wherever they were received, in the order of
// device time.
//
// A day's file is read once, from some minutes before midnight on, and each machine's reports are
// taken in as they come, so that memory does not grow with the day. Machines of which a report came
// out of order are left, and read again: their reports are then gathered and sorted, so many at a
// time. Reports of the day that later files hold are read too. One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "net/store/rollup_tables.hpp"

namespace net {

/// Reports that are gathered for sorting at a time: some 100 MB.
inline constexpr std::size_t kMostSortedReports = 1u << 20;

struct RollupSource {
  std::filesystem::path file;  ///< of the day; empty: it has none, other files know of it
  fleet::LocalDay day{};       ///< of that, and its zone; else the file says it
  fleet::TimeZone zone = fleet::shanghai();
  std::optional<std::filesystem::path> before;  ///< of the last day before it that there is
  /// Ticks of `before` that end earlier hold nothing of this day, or shortly before it.
  fleet::Time before_from = fleet::kMaxTime;
  /// Alarms open when `before` ended, by device time (its journal). Nothing: those that were known.
  std::optional<std::vector<fleet::JournalAlarm>> open;
  /// Where other files hold reports of this day, or of days before it.
  struct Part {
    std::filesystem::path file;
    fleet::Time begin, end;  ///< of the ticks
  };
  std::vector<Part> elsewhere;
  std::size_t most_sorted = kMostSortedReports;  ///< tests lower it
  std::function<bool()> go_on;                   ///< asked after every frame; may be null
};

/// Nothing: go_on ended it. damages: what could not be read, a sentence each. Error: the file of
/// the day cannot be opened. Of a day without one only the tables mean anything.
fleet::Result<std::optional<Rollup>> build_rollup(const RollupSource& source,
                                                  std::vector<std::string>& damages);
/// Overview and late reports alone, of a file that is still being written, without its tables.
fleet::Result<std::optional<Rollup>> scan_day_file(const std::filesystem::path& file,
                                                   const std::function<bool()>& go_on,
                                                   std::vector<std::string>& damages);

}  // namespace net
