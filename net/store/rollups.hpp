// Roll-ups of the days of a directory: taken from their files where they are good, else built.
//
// A closed day's tables are good while nothing was added to its file, and no other file holds a
// report of it that came behind them. A report that comes late changes its own day, and by what it
// says of hour counters and open alarms the days behind it: so many are built anew
// (kDaysBehindLate). One thread; readers and a writer of the newest day may be at work meanwhile.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "net/store/rollup_build.hpp"

namespace net {

/// What is late by more than this changes its own day only.
inline constexpr int kDaysBehindLate = 7;

struct RollupRequest {
  std::filesystem::path path;  ///< directory, or one day file
  /// Days to look at; nothing: all.
  std::optional<fleet::LocalDay> first, last;
  bool anew = false;   ///< build them whatever is there
  bool store = false;  ///< put what was built into the files (not into those of `open` and later)
  /// Still being written: no tables are stored of it.
  std::optional<fleet::LocalDay> open;
  /// What the open day holds of other days, by those who know it; nothing: it is looked up.
  std::optional<std::vector<LateSpan>> open_late;
  std::function<bool()> go_on;  ///< asked every few milliseconds; false ends it. May be null
  /// Every day looked at, ascending, those of which only other days' files hold reports too. May be
  /// null.
  std::function<void(fleet::LocalDay, const Rollup&)> show;
};

struct RollupNews {
  std::vector<fleet::LocalDay> built;
  std::vector<std::string> damages;  ///< what could not be read or written, a sentence each
};

/// Error: nothing there, or not ours.
fleet::Result<RollupNews> bring_up_to_date(const RollupRequest& request);

}  // namespace net
