// DayList: which days with data a folder has, or a single day file, and how far they go.
#pragma once

#include <array>

#include "net/store/day_store.hpp"

namespace net {

class DayList {
 public:
  using Day = DayReader::Day;
  /// Error: as DayReader::open.
  fleet::Result<void> open(const std::filesystem::path& path);
  /// As DayReader::refresh. Precondition: `open` went well.
  bool refresh();

  /// Ascending; at least one after `open`.
  const std::vector<Day>& days() const { return days_; }
  const std::vector<fleet::Error>& unreadable() const { return unreadable_; }
  const fleet::TimeZone& zone() const { return zone_; }
  /// Some were made by a simulator.
  bool demo() const { return demo_; }
  /// The last day that may hold t.
  std::size_t index_of(fleet::Time t) const;

 private:
  /// When the folder got its last file, and the newest day and its log were written to last: ns and
  /// bytes.
  using Look = std::array<std::pair<std::int64_t, std::int64_t>, 3>;
  static Look look_at(const std::filesystem::path& folder, const std::filesystem::path& newest);

  std::filesystem::path path_;
  Look seen_{};  ///< at the last refresh
  std::vector<Day> days_;
  std::vector<fleet::Error> unreadable_;
  fleet::TimeZone zone_ = fleet::shanghai();
  bool demo_ = false;
};

}  // namespace net
